//! Breakpoints on errors: the run stands before its failure spreads, is mended, and goes on.

use crate::home::Home;
use crate::tty::Tty;

const SMALL: (u16, u16) = (80, 24);

/// A task whose answer does not have what is picked from it, behind a choice that has no way out for most inputs.
const PARCEL: &str = r#"{
  "StartAt": "To?",
  "States": {
    "To?": {
      "Type": "Choice",
      "Choices": [ { "Variable": "$.country", "StringEquals": "PT", "Next": "Send" } ]
    },
    "Send": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": { "FunctionName": "send", "Payload.$": "$" },
      "ResultSelector": { "code.$": "$.Payload.code" },
      "Catch": [ { "ErrorEquals": [ "States.TaskFailed" ], "Next": "Apologise" } ],
      "End": true
    },
    "Apologise": { "Type": "Pass", "End": true }
  }
}"#;

fn line(tty: &mut Tty, text: &str) {
    tty.keys(":");
    tty.send(text);
    tty.keys("Enter");
}

fn open(input: &str) -> (Home, Tty) {
    let home = Home::with(&[("parcel.asl.json", PARCEL), ("parcel.input.json", input)]);
    let mut tty = Tty::start(&home, SMALL, &["parcel.asl.json"], &[]);
    tty.wait_header("ready");
    line(&mut tty, "catch error");
    tty.wait_footer("Breakpoint 1: catch error");
    (home, tty)
}

#[test]
fn a_run_that_would_fail_stands_is_mended_and_succeeds() {
    let (_home, mut tty) = open(r#"{"country": "ES"}"#);
    tty.keys("c");
    tty.wait_header("To? fails: States.Runtime");
    // The cause, and what can be done.
    tty.wait_text("not point to a next state");
    tty.wait_text("E mends the data");
    tty.keys("E");
    tty.wait_text("What failed is done again with this");
    tty.keys("Down End Left");
    tty.keys("Backspace Backspace");
    tty.send("PT");
    tty.wait_text("\"country\": \"PT\"");
    tty.keys("F5");
    tty.wait_text("what failed is done again with it");
    tty.wait_header("paused at To?");
    tty.keys("c");
    tty.wait_header("Send waits for its result");
    line(&mut tty, r#"answer {"Payload": {}}"#);
    tty.wait_header("Send fails: States.Runtime");
    // The result is mended, the task is not called again.
    line(&mut tty, r#"set {"Payload": {"code": "PX-1"}}"#);
    tty.wait_header("paused at Send");
    tty.keys("c");
    tty.wait_header("run 1 ✓ SUCCEEDED");
    tty.wait_text("PX-1");
    tty.quit();
}

#[test]
fn at_a_failure_the_state_is_done_again_or_the_failure_goes_on() {
    let (_home, mut tty) = open(r#"{"country": "PT"}"#);
    tty.keys("c");
    tty.wait_header("Send waits for its result");
    line(&mut tty, "answer error Parcel.Lost it fell off");
    tty.wait_header("Send fails: Parcel.Lost");
    tty.keys("A");
    tty.wait_footer("Send is done again");
    tty.keys("c");
    tty.wait_header("Send waits for its result");
    line(&mut tty, "answer error Parcel.Lost again");
    tty.wait_header("Send fails: Parcel.Lost");
    // A step spreads it: the catcher takes it.
    tty.keys("n");
    tty.wait_header("paused at Apologise");
    tty.keys("c");
    tty.wait_header("run 1 ✓ SUCCEEDED");
    tty.quit();
}

#[test]
fn a_failure_that_was_let_go_is_forked_from_and_compared() {
    let (_home, mut tty) = open(r#"{"country": "ES"}"#);
    tty.keys("c");
    tty.wait_header("To? fails: States.Runtime");
    tty.keys("c");
    tty.wait_header("run 1 ✗ FAILED States.Runtime");
    line(&mut tty, r#"set {"country": "PT"}"#);
    tty.wait_header("run 2 of 2 ‖ paused at To?");
    tty.keys("n");
    tty.wait_header("paused at Send");
    tty.keys("g =");
    tty.wait_text("Run 1 and run 2");
    tty.wait_text("+ Send");
    tty.keys("Esc");
    tty.wait_gone("Run 1 and run 2");
    tty.quit();
}
