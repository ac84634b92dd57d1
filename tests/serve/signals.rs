//! Signals end the program.

use std::os::unix::process::ExitStatusExt;

use crate::program::{PASS, Program, folder};

const WAIT: &str = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":100,"End":true}}}"#;

fn activity(program: &Program) -> String {
    let made = program.call("CreateActivity", r#"{"name":"act"}"#);
    format!(r#"{{"activityArn":"{}"}}"#, crate::program::text(&made, "activityArn"))
}

#[test]
fn a_signal_ends_it_at_once_when_nothing_is_in_flight() {
    for signal in ["-TERM", "-INT"] {
        let folder = folder(&[("a.asl.json", PASS)]);
        let mut program = folder.serve(&["."]);
        let mut idle = program.client();
        assert_eq!(idle.call("ListStateMachines", "{}").status, 200);
        program.signal(signal);
        assert_eq!(program.ended().code(), Some(0), "{}", program.stderr());
        assert!(idle.is_closed());
    }
}

#[test]
fn long_polls_are_answered_first() {
    let mut program = folder(&[]).serve(&[]);
    let mut client = program.client();
    client.begin("GetActivityTask", &activity(&program));
    program.signal("-TERM");
    let answer = client.receive().expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(program.ended().code(), Some(0));
}

#[test]
fn a_second_signal_does_not_wait() {
    let mut program = folder(&[]).serve(&[]);
    let arn = program.create("w", "EXPRESS", WAIT);
    let mut client = program.client();
    client.begin("StartSyncExecution", &format!(r#"{{"stateMachineArn":"{arn}"}}"#));
    program.signal("-TERM");
    crate::fake::until("it stops", || program.stderr().contains("stopping"));
    program.signal("-TERM");
    let ended = program.ended();
    assert_eq!((ended.code(), ended.signal()), (Some(143), None));
}

#[test]
fn calls_that_would_take_too_long_are_called_off() {
    let mut program = folder(&[]).serve(&[]);
    let arn = program.create("w", "EXPRESS", WAIT);
    let mut client = program.client();
    client.begin("StartSyncExecution", &format!(r#"{{"stateMachineArn":"{arn}"}}"#));
    program.signal("-TERM");
    let answer = client.receive().expect("an answer");
    assert_eq!((answer.status, answer.error().as_str()), (503, "ServiceUnavailable"));
    assert_eq!(program.ended().code(), Some(0));
}
