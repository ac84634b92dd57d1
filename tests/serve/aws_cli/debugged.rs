//! Executions that the CLI starts, stopped in the debugger: `asldb FILE --listen`.

use std::time::{Duration, Instant};

use crate::cli::Aws;
use crate::home::Home;
use crate::program::text;
use crate::tty::Tty;

/// All flows by name.
pub(crate) const ALL: &[(&str, fn())] = &[
    ("an_execution_stops_at_a_breakpoint_of_the_debugger", stops_at_a_breakpoint),
    ("an_execution_that_would_fail_is_mended_in_the_debugger", is_mended),
];

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:order";

const ORDER: &str = r#"{
  "StartAt": "Check",
  "States": {
    "Check": {
      "Type": "Choice",
      "Choices": [ { "Variable": "$.total", "NumericGreaterThan": 0, "Next": "Pack" } ]
    },
    "Pack": { "Type": "Pass", "Result": "packed", "ResultPath": "$.state", "End": true }
  }
}"#;

fn listen() -> (Home, Tty, Aws) {
    let home = Home::with(&[("order.asl.json", ORDER), ("order.input.json", "{}")]);
    let mut tty = Tty::start(&home, (120, 40), &["order.asl.json", "--listen", "0"], &[]);
    tty.wait_footer("Listening at http://");
    let screen = tty.text();
    let rest = screen.split("http://").nth(1).expect("a URL");
    let address: String = rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect();
    let aws = Aws::at(format!("http://{}", address.trim_end_matches(':')));
    (home, tty, aws)
}

fn line(tty: &mut Tty, text: &str) {
    tty.keys(":");
    tty.send(text);
    tty.keys("Enter");
}

fn start(aws: &Aws, name: &str, input: &str) -> String {
    let started = aws.call(&["start-execution", "--state-machine-arn", MACHINE, "--name", name, "--input", input]);
    text(&started, "executionArn")
}

fn status(aws: &Aws, execution: &str) -> String {
    text(&aws.call(&["describe-execution", "--execution-arn", execution]), "status")
}

/// The status, when it is no longer `RUNNING`: the screen may show the end a moment before the store has it.
fn ended(aws: &Aws, execution: &str) -> String {
    let begun = Instant::now();
    loop {
        let status = status(aws, execution);
        if status != "RUNNING" || begun.elapsed() > Duration::from_secs(20) {
            return status;
        }
    }
}

fn stops_at_a_breakpoint() {
    let (_home, mut tty, aws) = listen();
    line(&mut tty, "break Pack if $.total > 10");
    tty.wait_footer("Breakpoint 1");
    // One for which the condition does not hold goes through.
    let small = start(&aws, "small", r#"{"total": 5}"#);
    assert_eq!(ended(&aws, &small), "SUCCEEDED");
    let large = start(&aws, "large", r#"{"total": 50}"#);
    tty.wait_header("paused at Pack (breakpoint 1)");
    tty.wait_text("total: 50");
    assert_eq!(status(&aws, &large), "RUNNING");
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    assert_eq!(ended(&aws, &large), "SUCCEEDED");
    let described = aws.call(&["describe-execution", "--execution-arn", &large]);
    assert!(text(&described, "output").contains("packed"), "{described}");
    tty.quit();
}

fn is_mended() {
    let (_home, mut tty, aws) = listen();
    line(&mut tty, "catch error");
    tty.wait_footer("Breakpoint 1");
    let execution = start(&aws, "nothing", r#"{"total": 0}"#);
    tty.wait_header("Check fails: States.Runtime (breakpoint 1)");
    assert_eq!(status(&aws, &execution), "RUNNING", "it has not failed yet");
    line(&mut tty, r#"set {"total": 3}"#);
    tty.wait_header("paused at Check");
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    assert_eq!(ended(&aws, &execution), "SUCCEEDED");
    let history = aws.call(&["get-execution-history", "--execution-arn", &execution]).to_json();
    assert!(history.contains("ExecutionSucceeded") && !history.contains("ExecutionFailed"), "{history}");
    tty.quit();
}
