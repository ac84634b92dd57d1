//! What a store keeps from one server to the next.

use crate::fake::until;
use crate::program::{PASS, folder, text};

const WAIT: &str = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}"#;

#[test]
fn machines_and_executions_go_on() {
    let folder = folder(&[("file.asl.json", PASS)]);
    let mut first = folder.serve(&["--store", "steps.db", "."]);
    assert!(first.stdout().contains("kept in steps.db"), "{}", first.stdout());
    let machine = first.create("w", "STANDARD", WAIT);
    let started = first.call("StartExecution", &format!(r#"{{"stateMachineArn":"{machine}"}}"#));
    first.signal("-TERM");
    assert_eq!(first.ended().code(), Some(0));

    let second = folder.serve(&["--store", "steps.db", "."]);
    assert!(second.stdout().contains("go on where the last server left them: 1\n"), "{}", second.stdout());
    assert!(second.stdout().contains("stateMachine:w\n"), "{}", second.stdout());
    assert_eq!(second.stderr(), "", "the file is as it was");
    let execution = format!(r#"{{"executionArn":"{}"}}"#, text(&started, "executionArn"));
    until("ended", || text(&second.call("DescribeExecution", &execution), "status") == "SUCCEEDED");
}

#[test]
fn a_store_has_one_server() {
    let folder = folder(&[]);
    let first = folder.serve(&["--store", "steps.db"]);
    let second = folder.command(&["--port", "0", "--store", "steps.db"]).output().expect("it runs");
    let said = String::from_utf8(second.stderr).expect("text");
    assert_eq!(second.status.code(), Some(2), "{said}");
    for part in ["steps.db", "in use", &first.url()] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
}

#[test]
fn files_that_changed_while_nobody_served_them() {
    let folder = folder(&[("a.asl.json", PASS)]);
    let mut first = folder.serve(&["--store", "steps.db", "."]);
    first.kill();
    folder.write("a.asl.json", WAIT);
    let second = folder.serve(&["--store", "steps.db", "."]);
    let arn = r#"{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:a"}"#;
    assert_eq!(text(&second.call("DescribeStateMachine", arn), "definition"), WAIT);
    drop(second);
    let third = folder.serve(&["--store", "steps.db", "--type", "express", "."]);
    until("told", || third.stderr().contains("a was not changed"));
    assert_eq!(text(&third.call("DescribeStateMachine", arn), "type"), "STANDARD");
}
