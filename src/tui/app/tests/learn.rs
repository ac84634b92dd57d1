//! The course: each task is not done before its keys, and done after them.

use super::bench::Bench;
use crate::tui::learn::{LESSONS, find};
use Do::{Keys, Save, Write};

/// What a user does.
enum Do {
    Keys(&'static str),
    /// Writes this into the editor instead of what is there.
    Write(&'static str),
    /// Saves the definition with the second text instead of the first.
    Save(&'static str, &'static str),
}

type Lesson = (&'static str, &'static [&'static [Do]]);

#[rustfmt::skip]
const SOLUTIONS: &[Lesson] = &[
    ("first-steps", &[&[Keys("n")], &[Keys("n")], &[Keys("c")]]),
    ("stages", &[&[Keys("n s s")], &[Keys("s s s")], &[Keys("3 =")]]),
    ("choice", &[&[Keys("n n")], &[Keys("I"), Write("{\"total\": 50}"), Keys("F5")]]),
    ("retry-and-catch", &[
        &[Keys("c a Tab"), Write("Line.Busy"), Keys("F5")], &[Keys("W")],
        &[Keys("a Tab"), Write("States.Timeout"), Keys("F5")],
    ]),
    ("map", &[&[Keys("n s s s s")], &[Keys("s s s")], &[Keys("f n n n")]]),
    ("parallel", &[&[Keys("n s s")], &[Keys("u")], &[Keys("d f f")]]),
    ("wait", &[&[Keys("c")], &[Keys("W")]]),
    ("jsonata", &[&[Keys("n s")], &[Keys("s s s")]]),
    ("variables", &[
        &[Keys("n n")], &[Keys("5 g g j j j E"), Write("\"Grace\""), Keys("F5")], &[Keys("c")],
    ]),
    ("time-travel", &[&[Keys("c")], &[Keys("N N N")], &[Keys("Esc")]]),
    ("breakpoints", &[&[Keys("@ T h i r d Enter b")], &[Keys("c")]]),
    ("what-if", &[&[Keys("c")], &[Keys("N N E"), Write("{\"salt\":true}"), Keys("F5 c")], &[Keys("g =")]]),
    ("fix-and-resume", &[&[Keys("c")], &[Save("$.order.totl", "$.order.total")], &[Keys("F Enter c")]]),
    ("answers", &[&[Keys("c a F5")], &[Keys("g m F r i e n d Enter r")]]),
    ("distributed-map", &[&[Keys("n")], &[Keys("c")]]),
];

async fn perform(bench: &mut Bench, what: &Do, definition: &str) {
    match what {
        Keys(keys) => bench.keys(keys).await,
        Write(text) => bench.write(text).await,
        Save(from, to) => bench.saved(&definition.replace(from, to)).await,
    }
}

#[tokio::test]
async fn every_task_is_done_by_its_keys_and_by_no_less() {
    let names: Vec<_> = LESSONS.iter().map(|lesson| lesson.id).collect();
    assert_eq!(names, SOLUTIONS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for (at, (name, tasks)) in SOLUTIONS.iter().enumerate() {
        let mut bench = Bench::lesson(at);
        bench.keys("Enter").await;
        assert_eq!(tasks.len(), LESSONS[at].tasks.len(), "{name}");
        'tasks: for (number, task) in tasks.iter().enumerate() {
            // The last press alone makes it done.
            if bench.tasks_done() != number {
                wrong.push(format!("{name}: task {} is done before its keys:\n{}", number + 1, bench.screen()));
                break 'tasks;
            }
            for what in *task {
                perform(&mut bench, what, LESSONS[at].definition).await;
            }
            if bench.tasks_done() != number + 1 {
                wrong.push(format!("{name}: task {} is not done:\n{}", number + 1, bench.screen()));
                break 'tasks;
            }
        }
        if bench.tasks_done() == tasks.len() && !bench.done.contains(&format!("progress {name}")) {
            wrong.push(format!("{name}: the progress is kept: {:?}", bench.done));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test]
async fn the_task_stays_to_be_seen_at_80x24() {
    for (at, lesson) in LESSONS.iter().enumerate() {
        let mut bench = Bench::lesson(at);
        for keys in ["Enter", "n", "?", "Esc", "I", "Esc"] {
            bench.keys(keys).await;
            let screen = bench.screen();
            assert!(screen.contains(&format!("Lesson {} of", at + 1)), "{}: {keys}:\n{screen}", lesson.id);
            let now = bench.tasks_done();
            assert!(screen.contains(&format!("Task {}:", now + 1)), "{}: {keys}:\n{screen}", lesson.id);
        }
    }
}

#[tokio::test]
async fn a_hint_comes_when_asked_for_and_after_a_while() {
    let mut bench = Bench::lesson(0);
    bench.keys("Enter").await;
    assert!(!bench.screen().contains("Hint: Press n."), "{}", bench.screen());
    bench.keys("g H").await;
    assert!(bench.screen().contains("Hint: Press n."), "{}", bench.screen());
    let mut bench = Bench::lesson(0);
    bench.keys("Enter").await;
    for _ in 0..40 {
        bench.keys("j").await;
    }
    assert!(bench.screen().contains("Hint: Press n."), "{}", bench.screen());
}

#[tokio::test]
async fn from_lesson_to_lesson() {
    let mut bench = Bench::lesson(1);
    bench.keys("Enter ] l [ l").await;
    assert_eq!(bench.done, ["open lessons/choice.asl.json", "open lessons/first-steps.asl.json"]);
    bench.keys("g L Right g L Left").await;
    assert_eq!(bench.done.len(), 4);
    let mut bench = Bench::lesson(0);
    bench.keys("Enter [ l").await;
    assert!(bench.screen().contains("This is the first lesson."), "{}", bench.screen());
    let mut bench = Bench::sample("order");
    bench.keys("g L").await;
    assert!(bench.screen().contains("`asldb learn` starts the course"), "{}", bench.screen());
}

#[test]
fn lessons_are_found_by_name_and_number() {
    assert_eq!(
        (find("first-steps"), find("2"), find("0"), find("99"), find("x")),
        (Some(0), Some(1), None, None, None)
    );
    assert!(LESSONS.len() >= 12);
    for lesson in LESSONS {
        let definition = crate::asl::Definition::read("lesson.asl.json", lesson.definition);
        assert!(
            definition.machine.is_some() && !definition.diagnostics.iter().any(|found| found.is_error()),
            "{}",
            lesson.id
        );
        assert!(crate::value::read(lesson.input).is_ok() && !lesson.tasks.is_empty(), "{}", lesson.id);
    }
}
