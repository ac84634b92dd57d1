//! How the program starts and what it says.

use std::net::TcpListener;

use crate::fake::until;
use crate::program::{PASS, folder, text};

#[test]
fn machines_are_named_after_files() {
    let yaml = "StartAt: A\nStates:\n  A:\n    Type: Succeed\n";
    let folder =
        folder(&[("order.asl.json", PASS), ("wait.asl.yaml", yaml), ("order.input.json", "{}"), ("x.json", "{")]);
    let program = folder.serve(&["."]);
    let said = program.stdout();
    for part in [
        &format!("asldb serves the Step Functions API at {}\n", program.url()),
        "  order  STANDARD  arn:aws:states:us-east-1:123456789012:stateMachine:order\n",
        "  wait   STANDARD  arn:aws:states:us-east-1:123456789012:stateMachine:wait\n",
        "aws stepfunctions start-execution --state-machine-arn arn:aws:states:us-east-1:123456789012:stateMachine:order",
        &format!("--endpoint-url {} --region us-east-1 --no-sign-request", program.url()),
        "AWS_DISABLE_HOST_PREFIX_INJECTION=true",
        "disable_host_prefix_injection = true",
        "inject_host_prefix=False",
        "kept in ",
    ] {
        assert!(said.contains(part), "no {part:?} in:\n{said}");
    }
    assert_eq!(program.stderr(), "");
    let order = program.call("DescribeStateMachine", &machine("us-east-1", "123456789012", "order"));
    assert_eq!((text(&order, "definition").as_str(), text(&order, "type").as_str()), (PASS, "STANDARD"));
    let wait = program.call("DescribeStateMachine", &machine("us-east-1", "123456789012", "wait"));
    assert_eq!(
        crate::program::json(&text(&wait, "definition")),
        crate::program::json(r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#)
    );
}

fn machine(region: &str, account: &str, name: &str) -> String {
    format!(r#"{{"stateMachineArn":"arn:aws:states:{region}:{account}:stateMachine:{name}"}}"#)
}

#[test]
fn account_region_and_type() {
    let folder = folder(&[("a.json", PASS)]);
    let program =
        folder.serve(&["--account", "111122223333", "--region", "eu-central-1", "--type", "express", "a.json"]);
    let described = program.call("DescribeStateMachine", &machine("eu-central-1", "111122223333", "a"));
    assert_eq!(text(&described, "type"), "EXPRESS");
    assert!(program.stdout().contains("start-sync-execution"), "{}", program.stdout());
    assert!(program.stdout().contains("--region eu-central-1"), "{}", program.stdout());
}

#[test]
fn a_faulty_definition_is_told_and_the_others_are_served() {
    let folder = folder(&[("good.asl.json", PASS), ("bad.asl.json", "{\"StartAt\": \"A\",\n \"States\": {}}")]);
    let program = folder.serve(&["."]);
    until("told", || program.stderr().contains("state machine bad was not changed"));
    assert!(program.stderr().contains("bad.asl.json:"), "{}", program.stderr());
    assert!(program.stdout().contains("stateMachine:good") && !program.stdout().contains("stateMachine:bad"));
}

#[test]
fn what_cannot_be_used() {
    let folder = folder(&[("a.asl.json", PASS), ("a.asl.yaml", "StartAt: A"), ("mocks.json", "{")]);
    let other = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let in_use = other.local_addr().expect("an address").port().to_string();
    for (args, parts) in [
        (&["--port", in_use.as_str()][..], &["port", in_use.as_str(), "taken", "--port"][..]),
        (&["--port", "0", "--host", "203.0.113.7"], &["203.0.113.7", "no address of this computer"]),
        (&["--port", "0", "--host", "no-such-host.invalid"], &["no-such-host.invalid"]),
        (&["--port", "0", "missing.asl.json"], &["missing.asl.json"]),
        (&["--port", "0", "."], &["a.asl.json", "a.asl.yaml", "rename"]),
        (&["--port", "0", "--mocks", "mocks.json"], &["mocks.json:1", "The mock file has errors"]),
        (&["--port", "0", "--allow-origin", "*"], &["--allow-origin", "`*`"]),
        (&["--port", "0", "--account", "12"], &["--account", "twelve digits"]),
        (&["--port", "0", "--region", "Mars"], &["--region", "us-east-1"]),
        (&["--port", "0", "--store", "a", "--in-memory"], &["--store", "--in-memory"]),
        (&["--port", "0", "--store", "a.asl.json"], &["a.asl.json"]),
    ] {
        let output = folder.command(args).output().expect("it runs");
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}: {said}");
        for part in parts {
            assert!(said.contains(part), "{args:?}: no {part:?} in {said}");
        }
    }
}

#[test]
fn a_host_that_others_can_reach_is_warned_of() {
    let program = folder(&[]).serve(&["--host", "0.0.0.0"]);
    until("warned", || program.stderr().contains("can be reached from other computers"));
    assert!(program.stdout().contains("at http://127.0.0.1:"), "{}", program.stdout());
    let quiet = folder(&[]).serve(&["--host", "localhost"]);
    assert_eq!(quiet.stderr(), "");
}

#[test]
fn names_and_origins_that_were_allowed() {
    use crate::wire::request_with;

    let program = folder(&[]).serve(&["--allow-host", "steps.test", "--allow-origin", "http://localhost:3000"]);
    let asked = |host: &str, headers: &str| {
        let text = request_with("ListStateMachines", headers, "{}").replace("localhost:8083", host);
        program.client().ask(&text).status
    };
    assert_eq!(asked("sync-steps.test", ""), 200);
    assert_eq!(asked("other.test", ""), 403);
    assert_eq!(asked("localhost", "Origin: http://localhost:3000\r\n"), 200);
    assert_eq!(asked("localhost", "Origin: http://localhost:3001\r\n"), 403);
}

#[test]
fn a_look_at_the_address() {
    let folder = folder(&[("a.asl.json", PASS)]);
    let answer = folder.serve(&["."]).client().ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(answer.status == 200 && answer.body.ends_with("\n1 state machine\n"), "{}", answer.body);
}

/// Nobody sees the hints of failures there, so they are told.
#[test]
fn folders_of_buckets_are_told() {
    let map = r#"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},
            "Parameters":{"Bucket":"items","Key":"no.json"}},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}"#;
    let folder = folder(&[("m.asl.json", map)]);
    let program = folder.serve(&[".", "--s3", "items=."]);
    let started = program.call("StartExecution", &machine("us-east-1", "123456789012", "m"));
    let execution = format!(r#"{{"executionArn":"{}"}}"#, text(&started, "executionArn"));
    until("a failure", || text(&program.call("DescribeExecution", &execution), "status") == "FAILED");
    let cause = text(&program.call("DescribeExecution", &execution), "cause");
    assert!(cause.ends_with("The specified key does not exist. (Service: S3, Status Code: 404)"), "{cause}");
    until("a hint", || program.stderr().starts_with("asldb: States.ItemReaderFailed: looked for "));
    assert!(program.stderr().contains("no.json"), "{}", program.stderr());
}
