//! Several commands after one another.

use std::sync::Arc;

use proptest::prelude::*;

use super::bench::Bench;
use crate::asl::Definition;
use crate::tui::app::Message;
use crate::tui::command::{COMMANDS, Focus, Mode};

#[tokio::test]
async fn every_sample_runs_to_its_end_with_its_first_case() {
    for name in ["callback", "choice", "data-flow", "hello", "loop", "map", "order", "parallel", "retry-and-catch"] {
        let mut bench = Bench::sample(name);
        bench.keys("c").await;
        for _ in 0..20 {
            if bench.screen().contains("W skips") {
                bench.keys("W").await;
            }
        }
        assert!(bench.screen().contains("✓ SUCCEEDED"), "{name}:\n{}", bench.screen());
    }
}

/// The data pane and the data of its selected row.
fn data(bench: &mut Bench) -> Vec<String> {
    let screen = bench.screen();
    let lines = screen.lines().skip_while(|line| !line.contains("3 Data"));
    lines.take(20).map(|line| line.chars().take(66).collect()).collect()
}

#[tokio::test]
async fn a_run_stepped_to_its_end_and_back_shows_every_moment_again() {
    for name in ["data-flow", "variables", "callback"] {
        let mut bench = Bench::sample(name).sized(120, 60);
        let mut seen = Vec::new();
        bench.keys("s").await;
        while !bench.screen().contains("SUCCEEDED") {
            seen.push(data(&mut bench));
            bench.keys("s").await;
            assert!(seen.len() < 100, "{}", bench.screen());
        }
        assert!(seen.len() > 5, "{name}: {}", seen.len());
        while let Some(was) = seen.pop() {
            // On the way back the start of a task is a moment of its own.
            let mut more = 4;
            while data(&mut bench) != was {
                bench.keys("S").await;
                more -= 1;
                assert!(more > 0, "{} steps from the start:\n{}", seen.len(), bench.screen());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_keys_at_any_size_do_no_harm(
        keys in proptest::collection::vec(0_usize..1000, 1..60), width in 1_u16..220, height in 1_u16..70, sample in 0_usize..4,
    ) {
        let known: Vec<&str> = COMMANDS.iter().flat_map(|row| row.keys).map(|(keys, _)| *keys).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut bench = Bench::sample(["order", "map", "callback", "loop"][sample]).sized(width, height);
            for key in keys {
                bench.keys(known[key % known.len()]).await;
            }
        });
    }
}

#[tokio::test]
async fn problems_are_shown_as_they_come_and_go() {
    let good = |next: &str| {
        format!(
            "{{\"StartAt\": \"One\",\n \"States\": {{\"One\": {{\"Type\": \"Pass\", \"Next\": \"{next}\"}},\n \"Two\": {{\"Type\": \"Succeed\"}}}}}}"
        )
    };
    let read = |text: &str| Message::Definition(Arc::new(Definition::read("x.asl.json", text)));
    let mut bench = Bench::new(&good("Two"), "{}").sized(120, 40);
    bench.give(read(&good("Twoo"))).await;
    let screen = bench.screen();
    assert!(screen.contains("at 2:45: Missing 'Next' target: Twoo"), "{screen}");
    assert!(screen.contains("last good version") && screen.contains("◉ Two    Succeed"), "{screen}");
    assert!(screen.lines().any(|line| line.starts_with("! 2") || line.starts_with("!2")), "{screen}");
    // From any pane, and said there as well.
    bench.keys("2 ] d").await;
    assert!(bench.screen().contains("error MISSING_TRANSITION_TARGET: "), "{}", bench.screen());
    bench.keys("7 Enter").await;
    assert!(bench.screen().contains("7 Problems"), "{}", bench.screen());
    bench.give(read(&good("Two"))).await;
    let screen = bench.screen();
    assert!(screen.contains("2 states") && !screen.contains("last good version"), "{screen}");
}

#[tokio::test]
async fn the_footer_begins_with_the_key_that_the_run_asks_for() {
    let footer = |bench: &mut Bench| bench.screen().lines().last().unwrap_or_default().to_owned();
    let task = r#"{ "StartAt": "Ask somebody", "States": {
        "Ask somebody": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:ask", "Next": "Rest" },
        "Rest": { "Type": "Wait", "Seconds": 60, "End": true } } }"#;
    let mut bench = Bench::new(task, "{}").sized(80, 24);
    bench.keys("c j").await;
    assert!(footer(&mut bench).starts_with(" a answer  n next"), "{}", bench.screen());
    bench.keys("a F5 j").await;
    assert!(footer(&mut bench).starts_with(" W skip wait  n next"), "{}", bench.screen());
    bench.keys("N").await;
    assert!(footer(&mut bench).starts_with(" Esc now  n next"), "{}", bench.screen());
    let header = bench.screen().lines().next().unwrap_or_default().to_owned();
    assert!(header.contains("looking back at Ask somebody") && !header.contains('…'), "{header}");
    bench.keys("z").await;
    assert!(footer(&mut bench).starts_with(" Esc end zoom  n next"), "{}", bench.screen());
    bench.keys("Esc Esc W j").await;
    assert!(footer(&mut bench).starts_with(" r restart"), "{}", bench.screen());
}

#[tokio::test]
async fn a_variable_that_is_no_object_is_written_anew() {
    let text = r#"{ "StartAt": "Set", "States": {
        "Set": { "Type": "Pass", "Assign": { "name": "Ada" }, "Next": "Show" },
        "Show": { "Type": "Pass", "Parameters": { "who.$": "$name" }, "End": true } } }"#;
    let mut bench = Bench::new(text, "{}");
    bench.keys("n n 5 g g j j E").await;
    bench.paste("\"Grace\"").await;
    bench.keys("F5 c").await;
    assert!(bench.screen().contains("who: \"Grace\"") || bench.history().contains("Grace"), "{}", bench.screen());
}

#[tokio::test]
async fn the_data_of_a_distributed_map_says_what_became_of_its_child_executions() {
    let at = crate::tui::learn::LESSONS.iter().position(|lesson| lesson.id == "distributed-map").unwrap_or_default();
    let mut bench = Bench::lesson(at).sized(80, 40);
    bench.keys("Enter n c 3").await;
    assert!(bench.screen().contains("child executions: 3 of 3 done"), "{}", bench.screen());
    assert!(!bench.screen().contains("not started"), "{}", bench.screen());
}

#[tokio::test]
async fn every_key_that_may_follow_is_shown_with_its_command() {
    let mut bench = Bench::sample("hello").sized(80, 24);
    bench.keys("n g").await;
    bench.give(Message::KeysPending).await;
    let screen = bench.screen();
    assert!(screen.contains("what may follow"), "{screen}");
    for row in COMMANDS.iter().filter(|row| row.applies(Focus::Source, Mode::Paused)) {
        let shown = format!("{:<6}{}", row.keys[0].0.replace("g ", ""), row.name);
        assert!(
            !row.keys[0].0.starts_with("g ") || !row.keys[0].1.has(Focus::Source) || screen.contains(&shown),
            "{shown}: {screen}"
        );
    }
}
