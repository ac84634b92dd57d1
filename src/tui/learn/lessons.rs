//! The lessons.

use super::{Facts, Lesson, Task};
use crate::debug::RowKind;
use crate::engine::{ChangeKind, MapRunStatus};
use crate::tui::command::{Command, Focus};

macro_rules! text {
    ($file:literal) => {
        include_str!(concat!("lessons/", $file))
    };
}

const fn task(text: &'static str, hint: &'static str, check: fn(&Facts<'_>) -> bool) -> Task {
    Task { text, hint, check }
}

/// The lessons, in their order.
pub const LESSONS: &[Lesson] = &[
    Lesson {
        id: "first-steps",
        title: "First run and stepping",
        text: "A state machine goes from state to state. The debugger stands between two steps and shows what there is.\n\n\
               n runs to the next state, s makes one small step (a stage of the data), c goes on to the end or to a \
               breakpoint. The header says where the run stands; the source and the states show it, too.\n\n\
               The two lines above the keys say what the last step did and what the next will do.",
        definition: text!("first-steps.asl.json"),
        input: "{}",
        mocks: None,
        tasks: &[
            task("Start a run: it stops in Greet.", "Press n.", |facts| facts.stands_in("Greet")),
            task("Go on to the state Ask.", "Press n once more.", |facts| facts.stands_in("Ask")),
            task("Let the run go to its end.", "Press c.", |facts| facts.succeeded()),
        ],
    },
    Lesson {
        id: "stages",
        title: "Data from InputPath to OutputPath",
        text: "Inside of a state the data goes through stages: InputPath takes a part of the input, Parameters builds what \
               the task gets, ResultSelector picks from its result, ResultPath puts that into the input, OutputPath takes \
               a part of it all.\n\n\
               s steps from stage to stage. The pane Data (3) lists them: i shows the data before a stage, o after it, = \
               the difference.",
        definition: text!("stages.asl.json"),
        input: r#"{ "order": { "id": "o-1", "total": 12 }, "customer": "Ada" }"#,
        mocks: Some(text!("stages.mock.json")),
        tasks: &[
            task(
                "Stop in Validate after Parameters, before the task is called.",
                "n enters the state, then s and s: InputPath, Parameters.",
                |facts| facts.stands_in("Validate") && facts.is_between(RowKind::Parameters, RowKind::Result),
            ),
            task(
                "Step on until ResultPath is done, and OutputPath is not.",
                "Press s; the Data pane shows how far the state is. Gone too far? S steps back, r starts again.",
                |facts| facts.is_between(RowKind::ResultPath, RowKind::OutputPath),
            ),
            task("Show what the stage changed.", "3 goes to the Data pane, = shows the difference.", |facts| {
                facts.did(Command::Difference)
            }),
        ],
    },
    Lesson {
        id: "choice",
        title: "Choice and why",
        text: "A Choice asks its rules in order. The first that is true names the next state; when none is, Default does.\n\n\
               The Data pane (3) shows each rule with what it compared, and the line above the keys says which was true. \
               I opens the input of the next run.",
        definition: text!("choice.asl.json"),
        input: r#"{ "total": 120 }"#,
        mocks: None,
        tasks: &[
            task("See rule 2 win: stop in Big order.", "n, then n.", |facts| facts.stands_in("Big order")),
            task(
                "Make a run go through Small order: change the input.",
                "I opens the input; make the total 50 and press F5.",
                |facts| facts.visits("Small order") > 0,
            ),
        ],
    },
    Lesson {
        id: "retry-and-catch",
        title: "Retry and Catch",
        text: "When a task fails, the first retrier that names the error tries it again after a delay, as often as \
               MaxAttempts says. Then the first catcher that names the error goes on elsewhere. What nobody names ends \
               the run.\n\n\
               Nobody answers the task of this lesson but you: a opens the answer, Tab turns it into an error with a \
               name and a cause, F5 gives it.",
        definition: text!("retry-and-catch.asl.json"),
        input: r#"{ "number": "555-0199" }"#,
        mocks: None,
        tasks: &[
            task(
                "Let the task fail with Line.Busy, which Retry names.",
                "c runs to the task, a opens the answer, Tab goes to the error; write Line.Busy and press F5.",
                |facts| facts.failures("Line.Busy") > 0,
            ),
            task("Do not wait ten minutes: skip the delay.", "Press W.", |facts| facts.attempts() > 1),
            task(
                "Make the Catch take States.Timeout.",
                "a, Tab, write States.Timeout, F5; then c if the run stands.",
                |facts| facts.has_caught() && facts.failures("States.Timeout") > 0,
            ),
        ],
    },
    Lesson {
        id: "map",
        title: "Map and its iterations",
        text: "A Map runs the states inside of it once for each item; each iteration has data of its own.\n\n\
               n steps over what is nested, s goes inside where it begins, f runs to the end of the iteration. The pane \
               Stack (6) shows in which iteration you are.",
        definition: text!("map.asl.json"),
        input: r#"{ "lines": [ { "price": 1 }, { "price": 2 }, { "price": 3 } ] }"#,
        mocks: None,
        tasks: &[
            task(
                "Stop in Price line, in the first iteration.",
                "n enters the Map; s goes on, stage by stage, until it enters Price line.",
                |facts| facts.stands_in("Price line") && facts.branch() == 1,
            ),
            task(
                "Get into the second iteration.",
                "Press s until iteration 2 began; the Stack pane (6) counts from 0 and says [1] of 3.",
                |facts| facts.branch() == 2,
            ),
            task("Run out of the Map, to Priced.", "f finishes the iterations; then n.", |facts| {
                facts.stands_in("Priced")
            }),
        ],
    },
    Lesson {
        id: "parallel",
        title: "Parallel branches",
        text: "Parallel starts all of its branches with the same input; its result is the array of their outputs. Branches \
               take turns, state by state.\n\n\
               s goes into a branch where it begins. u looks at the state that started it, d back down; the pane Stack \
               (6) lists the branches.",
        definition: text!("parallel.asl.json"),
        input: r#"{ "carrots": 3 }"#,
        mocks: None,
        tasks: &[
            task("Step into the first branch: stop in Peel.", "n, then s until Peel is entered.", |facts| {
                facts.stands_in("Peel")
            }),
            task("Look at the caller, Cook, from inside of the branch.", "Press u.", |facts| {
                facts.did(Command::StackUp) && facts.branch() == 0
            }),
            task("Let both branches end, and stop in Eat.", "Press n, or f, until the header says Eat.", |facts| {
                facts.stands_in("Eat")
            }),
        ],
    },
    Lesson {
        id: "wait",
        title: "Wait and the clock",
        text: "Waits, delays of retries and timeouts follow the clock of the run, which you can push: W lets the wait that \
               is under way be over. The header says until when a run waits, and how far its clock is ahead.",
        definition: text!("wait.asl.json"),
        input: "{}",
        mocks: None,
        tasks: &[
            task("Run until the run waits in Rise.", "Press c.", |facts| {
                facts.look.run.as_ref().is_some_and(|run| run.view.waiting)
            }),
            task("Let the hour be over.", "Press W.", |facts| facts.succeeded()),
        ],
    },
    Lesson {
        id: "jsonata",
        title: "States in JSONata",
        text: "With QueryLanguage JSONata a state has fewer stages: Arguments builds what the task gets, Output what the \
               state gives, Assign sets variables. Expressions stand between {% and %} and see $states.input and \
               $states.result.\n\n\
               The Data pane (3) shows each with its value.",
        definition: text!("jsonata.asl.json"),
        input: r#"{ "lines": [ { "price": 69 }, { "price": 42 } ] }"#,
        mocks: Some(text!("jsonata.mock.json")),
        tasks: &[
            task("Stop in Sum when Arguments are built, before the task.", "n, then s.", |facts| {
                facts.stands_in("Sum") && facts.is_between(RowKind::Arguments, RowKind::Result)
            }),
            task("Step until Output is built.", "Press s until the Data pane has a value for Output.", |facts| {
                facts.is_between(RowKind::Output, RowKind::StateOutput)
            }),
        ],
    },
    Lesson {
        id: "variables",
        title: "Variables",
        text: "Assign sets variables when a state is left; all states that follow see them as $name, whatever becomes of \
               the data. The pane Context (5) lists them. E changes the one under its cursor.",
        definition: text!("variables.asl.json"),
        input: r#"{ "name": "Ada" }"#,
        mocks: None,
        tasks: &[
            task("Stop in Forget, where $name is set.", "n, then n.", |facts| facts.stands_in("Forget")),
            task(
                "Change $name in the Context pane.",
                "5 goes there; move with j to the name below variables, press E, write \"Grace\", then F5.",
                |facts| {
                    let is_variable = |kind: &ChangeKind| matches!(kind, ChangeKind::Variable { .. });
                    facts.log().is_some_and(|log| log.changes.iter().any(|change| is_variable(&change.kind)))
                },
            ),
            task("Run to the end with it.", "Press c.", |facts| facts.succeeded()),
        ],
    },
    Lesson {
        id: "time-travel",
        title: "Time travel",
        text: "Everything that happened can be looked at again, exactly as it was: N goes back to the state before, S one \
               stage, C to the breakpoint before or the start. n, s and c go forward again. The pane History (4) is the \
               timeline: moving in it is moving in time. Esc returns to now.",
        definition: text!("time-travel.asl.json"),
        input: "{}",
        mocks: None,
        tasks: &[
            task("Let a run end.", "Press c.", |facts| facts.succeeded()),
            task("Look back at Second.", "Press N until the header says Second.", |facts| {
                facts.looks_back_at("Second")
            }),
            task("Return to now.", "Press Esc.", |facts| facts.is_live()),
        ],
    },
    Lesson {
        id: "breakpoints",
        title: "Breakpoints",
        text: "A breakpoint stops each run that enters its state. b sets one on the state under the cursor, in the source, \
               the states or the history, and takes it away again; g b lists them. @ goes to a state by its name.",
        definition: text!("breakpoints.asl.json"),
        input: "{}",
        mocks: None,
        tasks: &[
            task("Set a breakpoint on Third.", "@, Third, Enter goes there; b sets it.", |facts| {
                let is_there = |name: &std::sync::Arc<str>| &**name == "Third";
                let mut places = facts.look.breakpoints.iter().filter_map(|breakpoint| breakpoint.state.as_ref());
                places.any(|place| place.0.last().is_some_and(is_there))
            }),
            task("Let a run stop there.", "Press c.", |facts| facts.stands_in("Third")),
        ],
    },
    Lesson {
        id: "what-if",
        title: "What if",
        text: "E changes the data of the moment. In the past that makes another run, which goes on from there; the first \
               one stays. F does so without a change. g = puts the two side by side, aligned by state, and marks the \
               first difference.",
        definition: text!("what-if.asl.json"),
        input: r#"{ "salt": false }"#,
        mocks: None,
        tasks: &[
            task("Let the run fail.", "Press c.", |facts| facts.failed()),
            task(
                "Go back to the Choice and find out whether salt would have helped.",
                "N and N go back to Salted?; E opens the data; make salt true, F5, then c.",
                |facts| facts.another_succeeded(),
            ),
            task("Compare the two runs.", "Press g and =.", |facts| facts.focus == Focus::Compare),
        ],
    },
    Lesson {
        id: "fix-and-resume",
        title: "Fix and resume",
        text: "asldb watches the file. Save a new version and F goes on with it: from where the run stands, or from the \
               state that failed, with the data as it was. Before that it shows what changed. e opens your $EDITOR at \
               this place.",
        definition: text!("fix-and-resume.asl.json"),
        input: "{}",
        mocks: None,
        tasks: &[
            task("Let the run fail.", "Press c. The Data pane says why, and what is near.", |facts| facts.failed()),
            task(
                "Edit the file so that the path in Report finds the total.",
                "e opens the editor: write $.order.total instead of $.order.totl, and save.",
                |facts| facts.is_edited_well(),
            ),
            task("Go on with the new definition to the end.", "F, Enter, c.", |facts| facts.another_succeeded()),
        ],
    },
    Lesson {
        id: "answers",
        title: "Answers by hand, and mocks",
        text: "asldb calls nobody: a task is answered by the mock file, or by you. a opens the answer; it begins as the \
               input of the task. Ctrl-k in it keeps the answer in a mock file. g m chooses the test case of the mock \
               file.",
        definition: text!("answers.asl.json"),
        input: r#"{ "question": "tea?" }"#,
        mocks: Some(text!("answers.mock.json")),
        tasks: &[
            task("Answer the task by hand, and let the run succeed.", "c, then a, F5.", |facts| {
                facts.did(Command::AnswerTask) && facts.succeeded()
            }),
            task(
                "Let the mock file answer: choose its case Friendly, and run again.",
                "g m, Friendly, Enter; then r.",
                |facts| facts.mock_case == Some("Friendly") && facts.did(Command::Restart) && facts.succeeded(),
            ),
        ],
    },
    Lesson {
        id: "distributed-map",
        title: "Distributed Map",
        text: "A Map in distributed mode starts a Map Run: each item, or batch of items, is a child execution with a \
               history of its own. The Data pane shows what became of them; failures may be tolerated.\n\n\
               Items may come from files: --s3 BUCKET=DIR says which folder stands for a bucket.",
        definition: text!("distributed-map.asl.json"),
        input: r#"{ "parcels": [ "book", "vase", "lamp" ] }"#,
        mocks: None,
        tasks: &[
            task("Stop in Deliver all, before its Map Run starts.", "Press n.", |facts| facts.stands_in("Deliver all")),
            task("Let the Map Run end well.", "Press c.", |facts| {
                let runs = facts.look.run.as_ref().map(|run| &run.root.map_runs);
                runs.is_some_and(|runs| runs.iter().any(|run| run.status == MapRunStatus::Succeeded))
            }),
        ],
    },
];

impl Facts<'_> {
    /// Whether the definition was edited so that no run would fail on the path any more.
    fn is_edited_well(&self) -> bool {
        let newest = self.newest.is_some_and(|definition| definition.machine.is_some());
        newest && self.newest.is_some_and(|definition| !definition.text.contains("$.order.totl"))
    }
}
