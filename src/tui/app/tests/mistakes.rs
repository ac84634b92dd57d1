//! What people get wrong at first: the program says what is wrong and where, and nothing that was typed is lost.

use super::bench::Bench;

const TASK: &str = r#"{
  "StartAt": "Pay",
  "States": {
    "Pay": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:Pay",
      "Retry": [
        { "ErrorEquals": [ "Bank.Busy" ], "MaxAttempts": 0 },
        { "ErrorEquals": [ "States.ALL" ], "MaxAttempts": 0 }
      ],
      "Catch": [ { "ErrorEquals": [ "Card.Declined" ], "Next": "Sorry" } ],
      "End": true
    },
    "Sorry": { "Type": "Succeed" }
  }
}"#;

const COUNT: &str = r#"{
  "StartAt": "One",
  "States": {
    "One": { "Type": "Pass", "Result": 1, "ResultPath": "$.one", "Next": "Two" },
    "Two": { "Type": "Pass", "Result": 2, "ResultPath": "$.two", "Next": "Three" },
    "Three": { "Type": "Pass", "End": true }
  }
}"#;

#[tokio::test]
async fn a_command_that_is_wrong_stays_to_be_corrected() {
    let mut bench = Bench::new(COUNT, "{}");
    for (line, why) in [
        ("break Two if $.one >", "is no expression"),
        ("braek Two", "`braek` is no command: did you mean `break`? Ctrl-p lists them all."),
        ("tbreak Thre once", "There is no state `Thre`: did you mean `Three`?"),
        ("go-to-state two", "There is no state `two`: did you mean `Two`?"),
        ("catch everything", "catch error, caught, retry or timeout"),
    ] {
        bench.keys(":").await;
        bench.paste(line).await;
        bench.keys("Enter").await;
        let screen = bench.screen();
        assert!(screen.contains(&format!(":{line}")) && screen.contains(why), "{line}:\n{screen}");
        bench.keys("Esc").await;
    }
    bench.keys(":").await;
    bench.paste("break Two if $.one >").await;
    bench.keys("Enter Space 0 Enter").await;
    assert!(bench.screen().contains("Breakpoint 1: break Two if $.one > 0"), "{}", bench.screen());
}

#[tokio::test]
async fn a_key_that_does_nothing_says_why() {
    let mut bench = Bench::new(COUNT, "{}");
    for (keys, why) in [
        ("T", "try needs a run: n starts one."),
        ("%", "% does nothing here"),
        ("n Space", "the run stands"),
        ("c a", "the run has ended"),
        ("g r n Esc", ""),
        ("g r n", "Esc closes this first."),
    ] {
        bench.keys(keys).await;
        assert!(bench.screen().contains(why), "{keys}:\n{}", bench.screen());
    }
    let mut bench = Bench::new(r#"{"StartAt": "Nowhere", "States": {}}"#, "{}");
    bench.keys("T").await;
    assert!(bench.screen().contains("has errors and cannot run"), "{}", bench.screen());
}

#[tokio::test]
async fn what_is_long_is_said_in_full() {
    let mut bench = Bench::new(COUNT, "{}");
    for line in ["break One", "break Two if $.one = 1", "break Three log at three"] {
        bench.line(line).await;
    }
    bench.keys(":").await;
    bench.paste("breakpoints").await;
    bench.keys("Enter").await;
    let screen = bench.screen();
    for part in ["1 break One", "2 break Two if $.one = 1", "3 break Three log at three"] {
        assert!(screen.contains(part), "{part}:\n{screen}");
    }
    bench.keys("j").await;
    assert!(!bench.screen().contains("1 break One"), "{}", bench.screen());
}

#[tokio::test]
async fn an_input_with_nothing_in_it_gives_way_and_a_wrong_one_shows_where() {
    let mut bench = Bench::new(COUNT, "{}");
    bench.keys("I").await;
    bench.paste(r#"{"a": [1, 2,, 3]}"#).await;
    bench.keys("F5").await;
    assert!(bench.screen().contains("1:13: expected a value"), "{}", bench.screen());
    // The cursor is at the second comma.
    bench.keys("Delete F5").await;
    assert!(bench.screen().contains("SUCCEEDED"), "{}", bench.screen());
}

#[tokio::test]
async fn the_errors_that_a_state_knows_are_offered_as_its_answer() {
    let mut bench = Bench::new(TASK, r#"{"card": 7}"#);
    bench.keys("n a").await;
    assert!(bench.screen().contains("steps on to its task"), "{}", bench.screen());
    bench.keys("n a 1 Tab").await;
    assert!(bench.screen().contains("Up and Down: States.TaskFailed, Bank.Busy, Card.Declined"), "{}", bench.screen());
    bench.keys("Down Down").await;
    assert!(bench.screen().contains("Error  Card.Declined"), "{}", bench.screen());
    bench.keys("X Backspace Left Home Tab F5").await;
    assert!(bench.screen().contains("FAILED"), "an empty error is caught by nothing:\n{}", bench.screen());
    bench.keys("r c a Tab Down Down F5").await;
    assert!(bench.screen().contains("SUCCEEDED"), "{}", bench.screen());
}

#[tokio::test]
async fn runs_that_have_ended_go_off_the_list() {
    let mut bench = Bench::new(COUNT, "{}");
    bench.keys("c r r g r").await;
    bench.keys("k X").await;
    let screen = bench.screen();
    assert!(screen.contains("Run 2 is off the list") && screen.contains("run 3 of 3"), "{screen}");
    bench.keys("Esc r").await;
    assert!(bench.screen().contains("run 4 of 4"), "{}", bench.screen());
    bench.keys("g r X X").await;
    assert!(bench.screen().contains("run 1"), "{}", bench.screen());
    bench.keys("X").await;
    assert!(bench.screen().contains("ready: n steps"), "{}", bench.screen());
}

#[tokio::test]
async fn a_restart_at_a_breakpoint_goes_to_the_breakpoint() {
    let mut bench = Bench::new(COUNT, "{}");
    bench.line("break Three").await;
    bench.keys("c r").await;
    assert!(bench.screen().contains("run 2 of 2 ‖ paused at Three"), "{}", bench.screen());
    let mut bench = Bench::new(COUNT, "{}");
    bench.keys("n n r").await;
    assert!(bench.screen().contains("paused at One"), "{}", bench.screen());
}

#[tokio::test]
async fn errors_come_before_warnings_and_are_told_of_while_an_old_version_runs() {
    let mut bench = Bench::new(COUNT, "{}");
    bench.keys("n").await;
    bench.saved(&COUNT.replace(r#""Next": "Three""#, r#""Next": "Four""#)).await;
    bench.keys("] d").await;
    let screen = bench.screen();
    assert!(screen.contains("The file has an error at 5:") && screen.contains("7 Problems"), "{screen}");
}

#[tokio::test]
async fn a_mock_file_that_comes_later_answers_from_then_on() {
    let mut bench = Bench::new(TASK, "{}");
    let mocks = |machine: &str| {
        format!(
            r#"{{"StateMachines": {{"{machine}": {{"TestCases": {{"Paid": {{"Pay": "Yes"}}}}}}}},
                "MockedResponses": {{"Yes": {{"0": {{"Return": {{"paid": true}}}}}}}}}}"#
        )
    };
    let appeared = |text: String| crate::tui::app::Message::MocksAppeared(text);
    bench.give(appeared("{".to_owned())).await;
    assert!(bench.screen().contains("has errors and is not used"), "{}", bench.screen());
    bench.give(appeared(mocks("another"))).await;
    assert!(bench.screen().contains("has no test case"), "{}", bench.screen());
    bench.give(appeared(mocks("x"))).await;
    assert!(bench.screen().contains("its test case Paid answers from the next run on"), "{}", bench.screen());
    bench.keys("c").await;
    assert!(bench.screen().contains("SUCCEEDED"), "{}", bench.screen());
}
