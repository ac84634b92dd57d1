//! Files that are saved while the program serves them.

use crate::fake::until;
use crate::program::{PASS, Program, folder, json, text};

const FAIL: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"E","Cause":"C"}}}"#;

fn definition(program: &Program, name: &str) -> Option<String> {
    let arn = format!(r#"{{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:{name}"}}"#);
    let answer = program.client().call("DescribeStateMachine", &arn);
    (answer.status == 200).then(|| text(&answer.json(), "definition"))
}

#[test]
fn saved_definitions_are_registered_again() {
    let folder = folder(&[("a.asl.json", PASS)]);
    let program = folder.serve(&["a.asl.json"]);
    folder.write("a.asl.json", FAIL);
    until("written in place", || definition(&program, "a").as_deref() == Some(FAIL));
    folder.replace("a.asl.json", PASS);
    until("replaced", || definition(&program, "a").as_deref() == Some(PASS));
    until("told", || program.stderr().matches("state machine a is as a.asl.json now").count() == 2);
}

#[test]
fn faults_are_told_and_the_machine_stays() {
    let folder = folder(&[("a.asl.json", PASS)]);
    let program = folder.serve(&["."]);
    folder.write("a.asl.json", "{\"StartAt\": }");
    until("told", || program.stderr().contains("state machine a was not changed"));
    assert!(program.stderr().contains("a.asl.json:1:13"), "{}", program.stderr());
    assert_eq!(definition(&program, "a").as_deref(), Some(PASS));
    folder.write("a.asl.json", FAIL);
    until("mended", || definition(&program, "a").as_deref() == Some(FAIL));
}

#[test]
fn new_files_of_a_folder_and_files_that_go() {
    let folder = folder(&[("a.asl.json", PASS)]);
    let program = folder.serve(&["."]);
    assert_eq!(definition(&program, "b"), None);
    folder.write("b.asl.json", FAIL);
    until("new", || definition(&program, "b").as_deref() == Some(FAIL));
    folder.write("b.asl.json", PASS);
    until("watched as well", || definition(&program, "b").as_deref() == Some(PASS));
    std::fs::remove_file(folder.path("a.asl.json")).expect("removed");
    until("told", || program.stderr().contains("a.asl.json is gone"));
    assert_eq!(definition(&program, "a").as_deref(), Some(PASS));
}

#[test]
fn executions_keep_the_definition_they_started_with() {
    let wait = |state: &str| {
        format!(
            r#"{{"StartAt":"W","States":{{"W":{{"Type":"Wait","Seconds":1,"Next":"{state}"}},"{state}":{{"Type":"Succeed"}}}}}}"#
        )
    };
    let folder = folder(&[("a.asl.json", &wait("Old"))]);
    let program = folder.serve(&["."]);
    let started =
        program.call("StartExecution", r#"{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:a"}"#);
    let arn = format!(r#"{{"executionArn":"{}"}}"#, text(&started, "executionArn"));
    folder.replace("a.asl.json", &wait("New"));
    until("saved", || definition(&program, "a").as_deref() == Some(&*wait("New")));
    until("ended", || text(&program.call("DescribeExecution", &arn), "status") == "SUCCEEDED");
    let history = program.call("GetExecutionHistory", &arn).to_json();
    assert!(history.contains("\"Old\"") && !history.contains("\"New\""), "{history}");
}

#[test]
fn saved_mocks_are_used() {
    let task =
        r#"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true}}}"#;
    let mocks = |answer: &str| {
        format!(
            r#"{{"StateMachines":{{"a":{{"TestCases":{{"Good":{{"T":"R"}}}}}}}},"MockedResponses":{{"R":{{"0":{{"Return":{answer}}}}}}}}}"#
        )
    };
    let folder = folder(&[("a.asl.json", task), ("m.json", &mocks("1"))]);
    let program = folder.serve(&["--type", "express", "--mocks", "m.json", "."]);
    let run = || {
        let arn = r#"{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:a#Good"}"#;
        json(&text(&program.call("StartSyncExecution", arn), "output"))
    };
    assert_eq!(run(), json("1"));
    folder.replace("m.json", &mocks("2"));
    until("saved", || run() == json("2"));
    folder.replace("m.json", "{");
    until("told", || program.stderr().contains("last content of the mock file stays in use"));
    assert_eq!(run(), json("2"));
}
