//! Breakpoints, steps and ways back, as one types them.

use proptest::prelude::*;

use super::bench::Bench;
use crate::engine::Log;

/// Counts to five and remembers the sum in a variable.
const COUNT: &str = r#"{
  "StartAt": "Start",
  "States": {
    "Start": { "Type": "Pass", "Result": { "n": 0 }, "Assign": { "sum": 0 }, "Next": "Add" },
    "Add": { "Type": "Pass", "Parameters": { "n.$": "States.MathAdd($.n, 1)" },
      "Assign": { "sum.$": "States.MathAdd($sum, $.n)" }, "Next": "Enough?" },
    "Enough?": { "Type": "Choice", "Default": "Add",
      "Choices": [ { "Variable": "$.n", "NumericGreaterThanEquals": 5, "Next": "Done" } ] },
    "Done": { "Type": "Succeed" }
  }
}"#;

const EACH: &str = r#"{
  "StartAt": "Each",
  "States": {
    "Each": { "Type": "Map", "ItemsPath": "$.items", "Next": "After", "ItemProcessor": {
      "StartAt": "First", "States": {
        "First": { "Type": "Pass", "Next": "Second" },
        "Second": { "Type": "Pass", "End": true } } } },
    "After": { "Type": "Pass", "End": true }
  }
}"#;

const FRAGILE: &str = r#"{
  "StartAt": "Try",
  "States": {
    "Try": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Done",
      "Retry": [ { "ErrorEquals": [ "Flaky" ], "IntervalSeconds": 60, "MaxAttempts": 1 } ],
      "Catch": [ { "ErrorEquals": [ "States.ALL" ], "Next": "Mend" } ] },
    "Mend": { "Type": "Pass", "Next": "Done" },
    "Done": { "Type": "Succeed" }
  }
}"#;

fn distributed() -> String {
    EACH.replace(
        r#""StartAt": "First""#,
        r#""ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }, "StartAt": "First""#,
    )
}

/// Types lines and says where the run stands after each.
async fn positions(bench: &mut Bench, lines: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for line in lines {
        bench.line(line).await;
        all.push(bench.position());
    }
    all
}

#[tokio::test]
async fn breakpoints_stop_where_and_when_they_say() {
    for (set, stops) in [
        ("break Enough? if $.n = 3", "paused at Enough? (breakpoint 1), line 7, event 14 of 14"),
        ("break Add at exit if $sum > 5", "paused at Add (breakpoint 1), line 5, event 13 of 13"),
        ("break Add at Parameters after 2", "paused at Add (breakpoint 1), line 5, event 8 of 8"),
        ("break Add after 4", "paused at Add (breakpoint 1), line 5, event 16 of 16"),
        ("break Enough? if {% $states.input.n = 2 %}", "paused at Enough? (breakpoint 1), line 7, event 10 of 10"),
        ("break Done if $$.Execution.Name", "paused at Done (breakpoint 1), line 9, event 24 of 24"),
        ("watchpoint $sum", "paused at Start (breakpoint 1: $sum: (nothing) became 0), line 4, event 3 of 3"),
        ("break Done if $.n + 'x'", "paused at Done (breakpoint 1: the condition $.n + 'x' fails: "),
    ] {
        let mut bench = Bench::new(COUNT, "{}");
        let said = bench.line(set).await;
        assert!(said.starts_with("Breakpoint 1: "), "{said}");
        bench.line("continue").await;
        let position = bench.position();
        assert!(position.contains(stops), "{set}: {position}");
    }
}

#[tokio::test]
async fn a_temporary_one_is_gone_and_a_disabled_one_sleeps() {
    let mut bench = Bench::new(COUNT, "{}");
    bench.line("tbreak Add").await;
    bench.line("break Enough?").await;
    bench.line("disable 2").await;
    let all = positions(&mut bench, &["continue", "continue"]).await;
    assert!(all[0].contains("paused at Add (breakpoint 1)") && all[1].contains("SUCCEEDED"), "{all:?}");
    assert_eq!(bench.line("breakpoints").await, "2 break Enough? (off)");
    bench.line("enable 2").await;
    let all = positions(&mut bench, &["restart", "delete 2", "continue"]).await;
    assert!(all[0].contains("paused at Enough? (breakpoint 2)") && all[2].contains("SUCCEEDED"), "{all:?}");
    assert!(bench.line("delete 7").await.starts_with("error: "));
}

#[tokio::test]
async fn log_points_say_and_go_on() {
    let mut bench = Bench::new(COUNT, "{}");
    bench.line("break Enough? after 4 log n is {$.n}, the sum {$sum}").await;
    let said = bench.line("continue").await;
    assert!(said.ends_with("log 1: n is 4, the sum 10\nlog 1: n is 5, the sum 15"), "{said}");
    assert!(bench.position().contains("SUCCEEDED"));
    assert!(bench.line("breakpoints").await.ends_with("hit 5x"));
}

#[tokio::test]
async fn one_iteration_only() {
    for text in [EACH.to_owned(), distributed()] {
        let mut bench = Bench::new(&text, r#"{"items":[5,6,7]}"#);
        bench.line("break Second in 1").await;
        bench.line("continue").await;
        assert!(bench.position().contains("paused at Second (breakpoint 1)"), "{}", bench.position());
        assert_eq!(bench.line("print $").await, "$ = 6");
        bench.line("continue").await;
        assert!(bench.position().contains("SUCCEEDED"), "{}", bench.position());
    }
}

#[tokio::test]
async fn at_a_failure_the_run_stands_before_it_ends() {
    let mut bench = Bench::new(FRAGILE, "{}");
    bench.line("catch error").await;
    bench.line("continue").await;
    bench.line("answer error Fatal").await;
    assert!(bench.position().contains("Try fails: Fatal (breakpoint 1)"), "{}", bench.position());
    // Looking back and coming back changes nothing, the state is done again in the same run.
    bench.line("back").await;
    bench.line("continue").await;
    assert!(bench.position().contains("Try fails: Fatal (breakpoint 1)"), "{}", bench.position());
    bench.line("do-again").await;
    bench.line("continue").await;
    bench.line("answer {}").await;
    assert!(bench.position().contains("SUCCEEDED"), "{}", bench.position());
}

#[tokio::test]
async fn failures_stop_by_what_becomes_of_them() {
    for (catch, answers, stops) in [
        ("catch error", &["error Flaky"][..], "Try fails: Flaky (breakpoint 1)"),
        ("catch retry", &["error Flaky"], "Try fails: Flaky (breakpoint 1)"),
        ("catch caught", &["error Other"], "Try fails: Other (breakpoint 1)"),
        ("catch timeout", &["error States.Timeout"], "Try fails: States.Timeout (breakpoint 1)"),
        ("catch retry", &["error Other"], "SUCCEEDED"),
        ("catch caught", &["{}"], "SUCCEEDED"),
        ("catch timeout", &["error Other"], "SUCCEEDED"),
    ] {
        let mut bench = Bench::new(FRAGILE, "{}");
        bench.line(catch).await;
        bench.line("continue").await;
        for answer in answers {
            bench.line(&format!("answer {answer}")).await;
        }
        assert!(bench.position().contains(stops), "{catch} {answers:?}: {}", bench.position());
    }
}

#[tokio::test]
async fn back_to_breakpoints_conditions_and_changes() {
    let mut bench = Bench::new(COUNT, "{}");
    bench.line("continue").await;
    bench.line("break Enough? if $.n = 2 or $.n = 4").await;
    let all = positions(&mut bench, &["continue-back", "continue-back", "continue-back", "continue"]).await;
    assert!(all[0].contains("looking back at Enough?") && all[0].contains("event 18 of"), "{all:?}");
    assert!(all[1].contains("event 10 of"), "{all:?}");
    assert!(all[2].contains("event 1 of"), "{all:?}");
    assert!(all[3].contains("event 10 of"), "forward stops there, too: {all:?}");
    bench.line("go-to-event 18").await;
    assert_eq!(bench.line("print $sum").await, "$sum = 10");
    assert_eq!(bench.line("back-to-change $sum").await, "$sum: 6 became 10");
    assert!(bench.position().contains("looking back at Add"), "{}", bench.position());
    assert_eq!(bench.line("back-to-change $sum").await, "$sum: 3 became 6");
    assert_eq!(bench.line("back-to-change $.nothing").await, "$.nothing did not change before this moment.");
}

#[tokio::test]
async fn child_executions_are_stepped_into_and_looked_at() {
    let mut bench = Bench::new(&distributed(), r#"{"items":[5,6]}"#).sized(120, 40);
    bench.keys("n").await;
    while !bench.position().contains("First") {
        bench.keys("s").await;
    }
    assert!(bench.position().contains("child [0] paused at First"), "{}", bench.position());
    assert!(bench.position().contains("event 2 of 2"), "a log of its own: {}", bench.position());
    bench.keys("n").await;
    assert!(bench.position().contains("child [0] paused at Second"), "{}", bench.position());
    bench.keys("u").await;
    assert!(bench.position().contains("run 1 paused at Each"), "{}", bench.position());
    bench.keys("d f").await;
    assert!(bench.position().contains("run 1 paused at After"), "finish leaves it: {}", bench.position());
    bench.keys("6 z").await;
    let screen = bench.screen();
    assert!(screen.contains("Each [1]  child execution, ended"), "{screen}");
    bench.keys("/ e n d e d Enter Enter").await;
    assert!(bench.position().contains("child [0]"), "one that has ended is opened: {}", bench.position());
    bench.keys("N N").await;
    assert!(bench.position().contains("looking back at First"), "{}", bench.position());
    bench.keys("u n").await;
    assert!(bench.position().contains("SUCCEEDED"), "{}", bench.position());
}

#[tokio::test]
async fn a_lock_lets_only_one_branch_step() {
    let mut bench = Bench::new(EACH, r#"{"items":[1,2,3]}"#);
    bench.line("until First").await;
    bench.line("lock").await;
    let all = positions(&mut bench, &["step", "step"]).await;
    assert!(all.iter().all(|at| at.contains("(one branch)") || at.contains("one branch")), "{all:?}");
    let log = bench.log();
    let branches: Vec<_> = log.events.iter().map(|event| event.branch.0).filter(|branch| *branch > 1).collect();
    assert_eq!(branches, Vec::<u32>::new(), "the second iteration has not made a step");
    bench.line("lock").await;
    bench.line("continue").await;
    assert!(bench.position().contains("SUCCEEDED"), "{}", bench.position());
}

#[tokio::test]
async fn breakpoints_and_watches_outlive_reloads_and_sessions() {
    let mut bench = Bench::new(COUNT, "{}");
    bench.line("break Enough? if $.n = 2").await;
    bench.line("watch $sum").await;
    bench.reload(&COUNT.replace(r#""StartAt": "Start","#, "\"StartAt\": \"Start\",\n\n")).await;
    bench.line("continue").await;
    assert!(bench.position().contains("paused at Enough? (breakpoint 1), line 9"), "{}", bench.position());
    let kept = bench.kept();
    assert_eq!((kept.breakpoints.len(), &kept.watches[..]), (1, &["$sum".to_owned()][..]));
    let mut again = Bench::again(COUNT, kept).sized(120, 40);
    again.line("continue").await;
    assert!(again.position().contains("paused at Enough? (breakpoint 1), line 7"), "{}", again.position());
    assert!(again.screen().contains("$sum 3"), "{}", again.screen());
    assert!(again.line("unwatch $sum").await.contains("not watched any more"));
    assert!(!again.screen().contains("$sum 3"));
}

#[tokio::test]
async fn what_cannot_be_done_is_refused() {
    let mut bench = Bench::new(COUNT, "{}");
    for line in
        ["nonsense", "break Nowhere", "print", "next Add", "watch $.a >", "answer {}", "input {", "until Nowhere"]
    {
        let said = bench.line(line).await;
        assert!(said.starts_with("error: "), "{line}: {said}");
    }
    bench.line("until Enough?").await;
    assert!(bench.position().contains("paused at Enough?"));
    assert_eq!(bench.line("assert $.n = 1").await, "$.n = 1 holds.");
    assert_eq!(bench.line("assert $.n = 2").await, "error: $.n = 2 does not hold: false");
}

/// What a run wrote, without what only looking at it changes.
fn written(log: &Log) -> Vec<String> {
    log.events.iter().map(|event| format!("{event:?}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_way_through_a_run_writes_the_log_of_a_straight_run(
        ways in proptest::collection::vec(0_usize..22, 1..60), which in 0_usize..6,
    ) {
        const WAYS: [&str; 22] = [
            "step", "step", "step", "next", "next", "finish", "continue", "back", "back", "step-back", "step-back",
            "continue-back", "earlier", "later", "up-stack", "down-stack", "break if $.n", "catch error", "watchpoint $.n",
            "back-to-change $.n", "delete all", "go-to-event 3",
        ];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (walked, straight) = runtime.block_on(async {
            let bench = || match which {
                0 => Bench::sample("order"),
                1 => Bench::sample("map"),
                2 => Bench::new(COUNT, "{}"),
                3 => Bench::new(EACH, r#"{"items":[1,2,3]}"#),
                4 => Bench::new(&distributed(), r#"{"items":[1,2,3]}"#),
                _ => Bench::sample("parallel"),
            };
            let mut straight = bench();
            straight.line("continue").await;
            let mut walked = bench();
            walked.line("step").await;
            for way in ways {
                walked.line(WAYS[way]).await;
            }
            walked.line("delete all").await;
            // A look back goes ahead to the newest moment first.
            for _ in 0..100 {
                walked.line("continue").await;
                if walked.log().events.len() == straight.log().events.len() {
                    break;
                }
            }
            (written(&walked.log()), written(&straight.log()))
        });
        prop_assert_eq!(walked, straight);
    }
}
