//! Calls of an endpoint: what goes over the wire, what is printed, how it fails.

use super::endpoint::Endpoint;
use super::program::{Done, Home};

#[test]
fn a_call_is_aws_json_and_its_answer_is_printed() {
    let answer = r#"{"startDate": 1700000000.123, "executionArn": "arn:e", "unknown": 1}"#;
    let endpoint = Endpoint::answering(&[(200, answer)]);
    let out = Home::empty().run(&[
        "start-execution",
        "--state-machine-arn",
        "arn:m",
        "--input",
        "{\"ä\": 1}",
        "--endpoint-url",
        &endpoint.url,
    ]);
    assert_eq!(
        out.printed(),
        "{\n    \"executionArn\": \"arn:e\",\n    \"startDate\": \"2023-11-14T22:13:20.123000+00:00\"\n}\n"
    );
    let seen = endpoint.seen();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].head.starts_with("post / http/1.1\r\n"), "{}", seen[0].head);
    assert_eq!(seen[0].header("x-amz-target"), Some("awsstepfunctions.startexecution"));
    assert_eq!(seen[0].header("content-type"), Some("application/x-amz-json-1.0"));
    let signature = seen[0].header("authorization").expect("it is signed");
    assert!(signature.starts_with("aws4-hmac-sha256 credential=test/"), "{signature}");
    assert!(signature.contains("/us-east-1/states/aws4_request"), "{signature}");
    assert_eq!(seen[0].body, r#"{"stateMachineArn":"arn:m","input":"{\"ä\": 1}"}"#);
}

#[test]
fn options_may_stand_where_the_aws_cli_has_them() {
    let endpoint = Endpoint::answering(&[(200, r#"{"tags": []}"#)]);
    let line = ["--endpoint-url", &endpoint.url, "stepfunctions", "list-tags-for-resource", "--resource-arn", "a"];
    assert_eq!(Home::empty().run(&line).printed(), "{\n    \"tags\": []\n}\n");
}

#[test]
fn layouts() {
    let answer = r#"{"executionArn": "arn:e", "startDate": 0}"#;
    let endpoint = Endpoint::answering(&[(200, answer)]);
    let run = |extra: &[&str]| {
        let line = ["start-execution", "--state-machine-arn", "m", "--endpoint-url", &endpoint.url];
        Home::empty().run(&[&line[..], extra].concat()).printed()
    };
    let time = "1970-01-01T00:00:00+00:00";
    assert_eq!(run(&["--output", "text"]), format!("arn:e\t{time}\n"));
    assert_eq!(run(&["--output", "yaml"]), format!("executionArn: arn:e\nstartDate: '{time}'\n"));
    assert_eq!(run(&["--output", "yaml-stream"]), format!("- executionArn: arn:e\n  startDate: '{time}'\n"));
    assert_eq!(run(&["--query", "executionArn", "--output", "text"]), "arn:e\n");
    assert_eq!(run(&["--query", "{b: executionArn, a: nope}"]), "{\n    \"b\": \"arn:e\",\n    \"a\": null\n}\n");
    let table = run(&["--output", "table", "--color", "off"]);
    assert!(table.starts_with("---") && table.contains("\n|  arn:e        |  1970"), "{table}");
}

#[test]
fn empty_answers_print_nothing() {
    let endpoint = Endpoint::answering(&[(200, "{}")]);
    let line = ["send-task-success", "--task-token", "t", "--task-output", "1", "--endpoint-url", &endpoint.url];
    assert_eq!(Home::empty().run(&line).printed(), "");
    assert_eq!(endpoint.seen()[0].body, r#"{"taskToken":"t","output":"1"}"#);
}

#[test]
fn exceptions_end_with_254() {
    let body =
        r#"{"__type": "com.amazonaws.x#StateMachineDoesNotExist", "message": "State Machine Does Not Exist: 'm'"}"#;
    let endpoint = Endpoint::answering(&[(400, body)]);
    Home::empty().run(&["start-execution", "--state-machine-arn", "m", "--endpoint-url", &endpoint.url]).failed(
        254,
        "\nAn error occurred (StateMachineDoesNotExist) when calling the StartExecution operation: State Machine Does Not \
         Exist: 'm'\n",
    );
    assert_eq!(endpoint.seen().len(), 1, "it is not repeated");
}

#[test]
fn calls_are_repeated_where_that_may_help() {
    let endpoint = Endpoint::answering(&[(500, "{}"), (200, r#"{"tags": []}"#)]);
    let line = ["list-tags-for-resource", "--resource-arn", "a", "--endpoint-url", &endpoint.url];
    assert_eq!(Home::empty().run(&line).status, 0);
    assert_eq!(endpoint.seen().len(), 2);
    let endpoint = Endpoint::answering(&[(503, r#"{"__type": "ServiceUnavailable", "message": "later"}"#)]);
    let line = ["list-tags-for-resource", "--resource-arn", "a", "--endpoint-url", &endpoint.url];
    Home::empty().with("AWS_MAX_ATTEMPTS", "2").run(&line).failed(
        254,
        "\nAn error occurred (ServiceUnavailable) when calling the ListTagsForResource operation (reached max retries: 1): \
         later\n",
    );
    assert_eq!(endpoint.seen().len(), 2);
}

#[test]
fn this_computer_gets_no_host_prefix() {
    let endpoint = Endpoint::answering(&[(200, r#"{"status": "SUCCEEDED"}"#)]);
    let done = Home::empty().run(&["test-state", "--definition", "{}", "--debug", "--endpoint-url", &endpoint.url]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert!(done.err.contains("the host prefix of this operation is left out"), "{}", done.err);
    assert!(!endpoint.seen()[0].header("host").expect("a host").contains("sync-"));
}

#[test]
fn nobody_may_listen() {
    let url = "http://127.0.0.1:9";
    let done = Home::empty().run(&["list-activities", "--endpoint-url", url]);
    assert_eq!(done.status, 255);
    assert!(done.err.starts_with("\nCould not connect to the endpoint URL: \"http://127.0.0.1:9/\""), "{}", done.err);
}

#[test]
fn nobody_may_answer() {
    let endpoint = Endpoint::answering(&[]);
    let line = ["list-activities", "--cli-read-timeout", "1", "--endpoint-url", &endpoint.url];
    Home::empty().run(&line).failed(255, &format!("\nRead timeout on endpoint URL: \"{}/\"\n", endpoint.url));
}

#[test]
fn answers_may_be_none_of_the_protocol() {
    let endpoint = Endpoint::answering(&[(200, "<html>")]);
    let done = Home::empty().run(&["list-activities", "--endpoint-url", &endpoint.url]);
    assert_eq!(done.status, 255);
    assert!(done.err.contains("invalid response received from service: <html>"), "{}", done.err);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_130() {
    use rustix::process::{Pid, Signal, kill_process};
    let endpoint = Endpoint::answering(&[]);
    let home = Home::empty();
    let mut command = home.command(&["list-activities", "--endpoint-url", &endpoint.url]);
    let child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().expect("it runs");
    while endpoint.seen().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    kill_process(Pid::from_child(&child), Signal::INT).expect("a signal");
    let done = Done::from(child.wait_with_output().expect("it ends"));
    assert_eq!((done.status, done.out.as_str()), (130, ""));
}
