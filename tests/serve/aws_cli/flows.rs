//! What people do with the CLI.

use std::process::Command;
use std::time::{Duration, Instant};

use asldb::value::{Number, Value};

use crate::cli::Aws;
use crate::program::{PASS, Program, ROLE, folder, json, text};

/// All flows by name.
pub(crate) const ALL: &[(&str, fn())] = &[
    ("an_execution", an_execution),
    ("a_synchronous_execution", a_synchronous_execution),
    ("lists_in_pages", lists_in_pages),
    ("a_callback", a_callback),
    ("an_activity", an_activity),
    ("errors", errors),
    ("an_execution_is_stopped", an_execution_is_stopped),
    ("definitions_are_checked", definitions_are_checked),
    ("the_command_that_the_server_prints", the_command_that_the_server_prints),
];

const WAIT: &str = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1000,"End":true}}}"#;

fn serve() -> Program {
    folder(&[]).serve(&[])
}

fn create(aws: &Aws, name: &str, kind: &str, definition: &str) -> String {
    let made = ["create-state-machine", "--name", name, "--type", kind, "--role-arn", ROLE, "--definition", definition];
    text(&aws.call(&made), "stateMachineArn")
}

/// A time as this release of the CLI shows it: as it came.
fn seconds(value: &Value, key: &str) -> f64 {
    value.get(key).and_then(Value::as_number).map_or(0.0, Number::as_f64)
}

/// Asks until the execution has ended.
fn ended(program: &Program, execution: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let described = program.call("DescribeExecution", &format!(r#"{{"executionArn":"{execution}"}}"#));
        if text(&described, "status") != "RUNNING" {
            return described;
        }
        assert!(Instant::now() < deadline, "it does not end: {described}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn an_execution() {
    let program = serve();
    let aws = Aws::new(&program);
    let machine = create(&aws, "m", "STANDARD", PASS);
    let input = r#"{"a": [1.0, "é"]}"#;
    let started = aws.call(&["start-execution", "--state-machine-arn", &machine, "--name", "one", "--input", input]);
    let execution = text(&started, "executionArn");
    assert!(seconds(&started, "startDate") > 1.7e9, "{started}");
    ended(&program, &execution);
    let described = aws.call(&["describe-execution", "--execution-arn", &execution]);
    assert_eq!((text(&described, "status").as_str(), text(&described, "input").as_str()), ("SUCCEEDED", input));
    let history = aws.call(&["get-execution-history", "--execution-arn", &execution]);
    let events = history.get("events").and_then(Value::as_array).expect("events");
    let types: Vec<String> = events.iter().map(|event| text(event, "type")).collect();
    assert_eq!(types, ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
}

fn a_synchronous_execution() {
    let program = serve();
    let aws = Aws::new(&program);
    let machine = create(&aws, "x", "EXPRESS", PASS);
    let ran = aws.call(&["start-sync-execution", "--state-machine-arn", &machine, "--input", r#"{"n": 1}"#]);
    assert_eq!(text(&ran, "status"), "SUCCEEDED");
    assert_eq!(json(&text(&ran, "output")), json(r#"{"n": 1}"#));
}

fn lists_in_pages() {
    let program = serve();
    let aws = Aws::new(&program);
    for n in 0..5 {
        program.create(&format!("m{n}"), "STANDARD", PASS);
    }
    let names = |listed: &Value| -> Vec<String> {
        let machines = listed.get("stateMachines").and_then(Value::as_array).expect("machines");
        machines.iter().map(|machine| text(machine, "name")).collect()
    };
    let mut all = names(&aws.call(&["list-state-machines", "--page-size", "2"]));
    all.sort();
    assert_eq!(all, ["m0", "m1", "m2", "m3", "m4"]);
    let page = aws.call(&["list-state-machines", "--max-items", "2"]);
    let rest = aws.call(&["list-state-machines", "--starting-token", &text(&page, "NextToken")]);
    assert_eq!((names(&page).len(), names(&rest).len()), (2, 3));
}

fn a_callback() {
    let program = serve();
    let aws = Aws::new(&program);
    let activity = text(&aws.call(&["create-activity", "--name", "act"]), "activityArn");
    let definition =
        format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{activity}","End":true}}}}}}"#);
    let machine = create(&aws, "m", "STANDARD", &definition);
    for (end, status) in [("send-task-success", "SUCCEEDED"), ("send-task-failure", "FAILED")] {
        let started = aws.call(&["start-execution", "--state-machine-arn", &machine]);
        let token = text(&aws.call(&["get-activity-task", "--activity-arn", &activity]), "taskToken");
        assert_eq!(aws.call(&["send-task-heartbeat", "--task-token", &token]), json("{}"));
        let said: &[&str] =
            if status == "SUCCEEDED" { &["--task-output", "{\"x\": 1}"] } else { &["--error", "E", "--cause", "C"] };
        aws.call(&[&[end, "--task-token", &token], said].concat());
        let described = ended(&program, &text(&started, "executionArn"));
        assert_eq!(text(&described, "status"), status);
    }
}

fn an_activity() {
    let program = serve();
    let aws = Aws::new(&program);
    let arn = text(&aws.call(&["create-activity", "--name", "act", "--tags", "key=k,value=v"]), "activityArn");
    assert_eq!(text(&aws.call(&["describe-activity", "--activity-arn", &arn]), "name"), "act");
    let tags = aws.call(&["list-tags-for-resource", "--resource-arn", &arn]);
    assert_eq!(tags, json(r#"{"tags": [{"key": "k", "value": "v"}]}"#));
    let listed = aws.call(&["list-activities"]);
    assert_eq!(listed.get("activities").and_then(Value::as_array).map(|all| all.len()), Some(1));
    aws.call(&["delete-activity", "--activity-arn", &arn]);
    assert!(aws.complaint(&["describe-activity", "--activity-arn", &arn]).contains("(ActivityDoesNotExist)"));
}

fn errors() {
    let program = serve();
    let aws = Aws::new(&program);
    let machine = create(&aws, "m", "STANDARD", PASS);
    let missing = format!("{machine}x");
    let complaint = aws.complaint(&["describe-state-machine", "--state-machine-arn", &missing]);
    assert!(
        complaint.contains(&format!(
            "An error occurred (StateMachineDoesNotExist) when calling the DescribeStateMachine operation: State Machine \
             Does Not Exist: '{missing}'"
        )),
        "{complaint}"
    );
    let complaint = aws.complaint(&["start-execution", "--state-machine-arn", &machine, "--input", "{"]);
    assert!(complaint.contains("(InvalidExecutionInput)"), "{complaint}");
}

fn an_execution_is_stopped() {
    let program = serve();
    let aws = Aws::new(&program);
    let machine = create(&aws, "w", "STANDARD", WAIT);
    let execution = text(&aws.call(&["start-execution", "--state-machine-arn", &machine]), "executionArn");
    let running = aws.call(&["list-executions", "--state-machine-arn", &machine, "--status-filter", "RUNNING"]);
    assert!(running.to_json().contains(&execution), "{running}");
    let stopped = aws.call(&["stop-execution", "--execution-arn", &execution, "--error", "E", "--cause", "C"]);
    assert!(seconds(&stopped, "stopDate") > 1.7e9, "{stopped}");
    assert_eq!(text(&ended(&program, &execution), "status"), "ABORTED");
}

fn definitions_are_checked() {
    let program = serve();
    let checked = Aws::new(&program).call(&["validate-state-machine-definition", "--definition", PASS]);
    assert_eq!(text(&checked, "result"), "OK");
}

/// Pastes what the server prints into a shell.
fn the_command_that_the_server_prints() {
    for (kind, expected) in [("standard", "executionArn"), ("express", "output")] {
        let program = folder(&[("m.asl.json", PASS)]).serve(&["--type", kind, "."]);
        let said = program.stdout();
        let command = &said[said.find("  AWS_DISABLE").expect("a command")..];
        let command: Vec<&str> = command.lines().take(2).collect();
        let output = Command::new("sh")
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", crate::cli::folder().join("bin").display()))
            .env("HOME", crate::cli::folder())
            .args(["-c", &command.join("\n")])
            .output()
            .expect("a shell");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.contains(expected), "{told}{}", String::from_utf8_lossy(&output.stderr));
    }
}
