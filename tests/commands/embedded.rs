//! Calls to the embedded service, one process each.

use super::endpoint::Endpoint;
use super::program::Home;

const HELLO: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"hello": 1}, "End": true}}}"#;
const WAIT: &str = r#"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": true}}}"#;

fn create(home: &Home, definition: &str, extra: &[&str]) -> String {
    let line =
        ["create-state-machine", "--name", "m", "--role-arn", "arn:aws:iam::123456789012:role/r", "--definition"];
    let query = ["--query", "stateMachineArn", "--output", "text"];
    home.run(&[&line[..], &[definition], &query, extra].concat()).printed().trim().to_owned()
}

#[test]
fn what_one_command_makes_the_next_one_finds() {
    let home = Home::empty();
    let machine = create(&home, HELLO, &[]);
    assert_eq!(machine, "arn:aws:states:us-east-1:123456789012:stateMachine:m");
    let line = ["start-execution", "--state-machine-arn", &machine, "--query", "executionArn", "--output", "text"];
    let execution = home.run(&line).printed().trim().to_owned();
    let describe =
        ["describe-execution", "--execution-arn", &execution, "--query", "[status, output]", "--output", "text"];
    assert_eq!(home.run(&describe).printed(), "SUCCEEDED\t{\"hello\":1}\n");
    let history =
        ["get-execution-history", "--execution-arn", &execution, "--query", "events[].type", "--output", "text"];
    let types = "ExecutionStarted\tPassStateEntered\tPassStateExited\tExecutionSucceeded\n";
    assert_eq!(home.run(&history).printed(), types);
    let list = ["list-executions", "--state-machine-arn", &machine, "--query", "length(executions)"];
    assert_eq!(home.run(&list).printed(), "1\n");
}

#[test]
fn exceptions_of_the_service_end_with_254() {
    let home = Home::empty();
    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:none";
    home.run(&["start-execution", "--state-machine-arn", arn]).failed(
        254,
        &format!(
            "\nAn error occurred (StateMachineDoesNotExist) when calling the StartExecution operation: State Machine Does \
             Not Exist: '{arn}'\n"
        ),
    );
    let done = home.run(&["list-state-machines", "--max-results", "1001"]);
    assert!(done.err.contains("1 validation error detected: Value '1001' at 'maxResults'"), "{}", done.err);
}

#[test]
fn a_start_waits_for_the_end_and_says_so() {
    let home = Home::empty();
    let machine = create(&home, WAIT, &["--store", "s.db"]);
    let line = ["start-execution", "--state-machine-arn", &machine, "--name", "e", "--store", "s.db"];
    let done = home.run(&line);
    assert_eq!(done.status, 0);
    assert!(done.err.starts_with("asldb: waiting for the end of arn:aws:states:"), "{}", done.err);
    let list =
        ["list-executions", "--state-machine-arn", &machine, "--query", "executions[].status", "--store", "s.db"];
    assert_eq!(home.run(&[&list[..], &["--output", "text"]].concat()).printed(), "SUCCEEDED\n");
}

#[test]
fn nothing_is_kept_in_memory() {
    let home = Home::empty();
    create(&home, HELLO, &["--in-memory"]);
    assert_eq!(home.run(&["list-state-machines", "--query", "length(stateMachines)"]).printed(), "0\n");
    let done = home.run(&["list-state-machines", "--in-memory", "--store", "s.db"]);
    assert_eq!(done.status, 255);
    assert!(done.err.contains("--in-memory and --store contradict each other"), "{}", done.err);
}

#[test]
fn a_region_alone_is_that_of_the_embedded_service() {
    let home = Home::empty();
    let machine = create(&home, HELLO, &["--region", "eu-west-1"]);
    assert_eq!(machine, "arn:aws:states:eu-west-1:123456789012:stateMachine:m");
}

#[test]
fn express_executions_are_answered_at_once() {
    let home = Home::empty();
    let machine = create(&home, HELLO, &["--type", "EXPRESS"]);
    let line = ["start-sync-execution", "--state-machine-arn", &machine, "--query", "output", "--output", "text"];
    assert_eq!(home.run(&line).printed(), "{\"hello\":1}\n");
}

#[test]
fn states_can_be_tested() {
    let state = r#"{"Type": "Pass", "Result": 7, "End": true}"#;
    let line = ["test-state", "--definition", state, "--input", "{}", "--output", "text"];
    assert_eq!(Home::empty().run(&line).printed(), "7\tSUCCEEDED\n");
}

#[test]
fn a_store_that_is_served_is_reached_through_its_server() {
    let home = Home::empty();
    let endpoint = Endpoint::answering(&[(200, r#"{"stateMachines": []}"#)]);
    let store = home.path().join("s.db");
    let config = asldb::service::ServiceConfig { store: Some(store), ..Default::default() };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let service = runtime.block_on(asldb::service::Service::open(config)).expect("a service");
    let line = ["list-state-machines", "--store", "s.db", "--query", "stateMachines"];
    let done = home.run(&line);
    assert!(done.status == 255 && done.err.contains("the store is in use by another process"), "{}", done.err);
    service.announce(&endpoint.url).expect("a file");
    assert_eq!(home.run(&line).printed(), "[]\n");
    assert_eq!(endpoint.seen().len(), 1);
    runtime.block_on(service.close());
}
