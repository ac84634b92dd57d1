//! AWS JSON 1.0 over HTTP/1.1.

use std::collections::HashSet;

use asldb::api::Operation;

use crate::served::{Served, served};
use crate::wire::{request, request_with};

#[test]
fn a_call_and_its_answer() {
    let served = served();
    let answer = served.connect().call("DescribeStateMachine", r#"{"stateMachineArn":"arn:é","n":[1.50,1e400]}"#);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/x-amz-json-1.0")));
    assert_eq!(answer.body, r#"{"stateMachineArn":"arn:é","n":[1.5,1e400]}"#);
    assert_eq!(served.fake.last().operation, Operation::DescribeStateMachine);
}

#[test]
fn strings_that_hold_json_stay_as_they_are() {
    let body = r#"{"input":"{ \"a\" : 1.0,\n \"a\":\"\\u00e9\" }"}"#;
    assert_eq!(served().connect().call("DescribeStateMachine", body).body, body);
}

#[test]
fn every_operation_is_known() {
    let served = served();
    let mut client = served.connect();
    for operation in Operation::ALL.iter().filter(|operation| **operation != Operation::GetActivityTask) {
        client.call(operation.name(), r#"{"input":"0"}"#);
        assert_eq!(served.fake.last().operation, *operation);
    }
}

#[test]
fn exceptions() {
    let served = served();
    let mut client = served.connect();
    let answer = client.call("StopExecution", "{}");
    assert_eq!((answer.status, answer.error().as_str()), (400, "ExecutionDoesNotExist"));
    assert_eq!(answer.message(), "Execution Does Not Exist: 'x'");
    let answer = client.call("ValidateStateMachineDefinition", "{}");
    assert_eq!((answer.status, answer.error().as_str()), (400, "ValidationException"));
    assert_eq!(
        answer.body,
        r#"{"__type":"ValidationException","message":"not \"now\"","reason":"MISSING_REQUIRED_PARAMETER"}"#
    );
}

#[test]
fn every_answer_has_an_id_of_its_own() {
    let served = served();
    let mut client = served.connect();
    let mut ids = HashSet::new();
    for request in [
        request("DescribeStateMachine", "{}"),
        request("StopExecution", "{}"),
        request("Nothing", "{}"),
        request("DescribeStateMachine", "{"),
        request_with("DescribeStateMachine", "Origin: http://evil.example\r\n", ""),
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".into(),
        "GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n".into(),
        "PUT / HTTP/1.1\r\nHost: localhost\r\n\r\n".into(),
    ] {
        let answer = client.ask(&request);
        assert!(ids.insert(answer.header("x-amzn-requestid").expect("an id").to_owned()), "{request}");
    }
}

#[test]
fn the_trace_header_is_handed_on() {
    let served = served();
    let mut client = served.connect();
    client.ask(&request_with("DescribeStateMachine", "X-Amzn-Trace-Id: Root=1-5\r\n", "{}"));
    assert_eq!(served.fake.last().trace_header.as_deref(), Some("Root=1-5"));
    client.call("DescribeStateMachine", "{}");
    assert_eq!(served.fake.last().trace_header, None);
}

#[test]
fn calls_without_parameters_may_have_no_body() {
    for body in ["", "  \r\n"] {
        assert_eq!(served().connect().call("DescribeStateMachine", body).body, "{}");
    }
}

#[test]
fn bodies_that_are_no_parameters() {
    let served = served();
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(2000), "]".repeat(2000));
    for (body, part) in [
        ("{", "cut off"),
        ("{\"a\":1}}", "at byte 7"),
        ("[]", "array"),
        ("\"{}\"", "string"),
        ("null", "null"),
        ("{\"a\":NaN}", "NaN"),
        (deep.as_str(), "deeper"),
    ] {
        let answer = served.connect().call("DescribeStateMachine", body);
        assert_eq!((answer.status, answer.error().as_str()), (400, "SerializationException"), "{body}");
        assert!(answer.message().contains(part), "{}", answer.message());
    }
    let mut client = served.connect();
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AWSStepFunctions.StopExecution\r\nContent-Length: 9\r\n\r\n");
    client.try_send(b"{\"a\":\"\xff\"}").expect("it can be sent");
    let answer = client.receive().expect("an answer");
    assert_eq!((answer.status, answer.message().as_str()), (400, "the body is no UTF-8 from byte 6"));
    assert_eq!(served.fake.requests.lock().expect("not poisoned").len(), 0);
}

#[test]
fn deep_parameters_are_read() {
    let body = format!("{{\"a\":{}1{}}}", "[".repeat(999), "]".repeat(999));
    assert_eq!(served().connect().call("DescribeStateMachine", &body).body, body);
}

#[test]
fn targets_that_are_none() {
    let served = served();
    let mut client = served.connect();
    let with = |target: &str| format!("POST / HTTP/1.1\r\nHost: localhost\r\n{target}Content-Length: 2\r\n\r\n{{}}");
    for (target, error) in [
        ("", "MissingAction"),
        ("X-Amz-Target: AWSStepFunctions.Nothing\r\n", "UnknownOperationException"),
        ("X-Amz-Target: AWSStepFunctions.\r\n", "UnknownOperationException"),
        ("X-Amz-Target: ListStateMachines\r\n", "UnknownOperationException"),
        ("X-Amz-Target: DynamoDB_20120810.ListTables\r\n", "UnknownOperationException"),
        ("X-Amz-Target: AWSStepFunctions.ListStateMachines \u{fc}\r\n", "UnknownOperationException"),
    ] {
        let answer = client.ask(&with(target));
        assert_eq!((answer.status, answer.error().as_str()), (400, error), "{target}");
    }
    assert_eq!(client.call("DescribeStateMachine", "{}").status, 200, "the connection is still good");
}

#[test]
fn content_types() {
    let served = served();
    let with = |line: &str| {
        format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\n{line}X-Amz-Target: AWSStepFunctions.DescribeStateMachine\r\n\
             Content-Length: 2\r\n\r\n{{}}"
        )
    };
    for (line, status) in [
        ("", 200),
        ("Content-Type: application/x-amz-json-1.0\r\n", 200),
        ("Content-Type: application/x-amz-json-1.1\r\n", 200),
        ("content-type: Application/JSON; charset=UTF-8\r\n", 200),
        ("Content-Type: text/plain\r\n", 415),
        ("Content-Type: application/x-www-form-urlencoded\r\n", 415),
        ("Content-Type: application/json\r\nContent-Encoding: gzip\r\n", 415),
        ("Content-Type: application/json\r\nContent-Encoding: identity\r\n", 200),
    ] {
        assert_eq!(served.connect().ask(&with(line)).status, status, "{line}");
    }
}

#[test]
fn a_look_at_the_address() {
    let served = served();
    let mut client = served.connect();
    let answer = client.ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    assert!(answer.body.starts_with("asldb ") && answer.body.ends_with("\n2500 state machines\n"), "{}", answer.body);
    client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.send("GET /else HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut head = String::new();
    std::io::Read::read_to_string(&mut { std::io::Read::take(client.stream(), 12) }, &mut head).expect("text");
    assert_eq!(head, "HTTP/1.1 200");
}

#[test]
fn what_there_is_not() {
    let served = served();
    let mut client = served.connect();
    for (line, status) in [
        ("GET /health", 404),
        ("POST /other", 404),
        ("PUT /", 405),
        ("DELETE /", 405),
        ("OPTIONS /", 405),
        ("PATCH /", 405),
    ] {
        let answer = client.ask(&format!("{line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"));
        assert_eq!((answer.status, answer.error().as_str()), (status, "UnknownOperationException"), "{line}");
        assert_eq!(answer.header("allow"), (status == 405).then_some("GET, HEAD, POST"));
    }
}

#[test]
fn one_connection_for_many_calls() {
    let served = served();
    let mut client = served.connect();
    for n in 0..200 {
        let body = format!("{{\"n\":{n}}}");
        assert_eq!(client.call("DescribeStateMachine", &body).body, body);
    }
}

#[test]
fn calls_sent_before_the_answers_were_read_are_answered_in_order() {
    let served = served();
    let mut client = served.connect();
    let slow = request("StartSyncExecution", r#"{"input":"80"}"#);
    let quick: String = (0..50).map(|n| request("DescribeStateMachine", &format!("{{\"n\":{n}}}"))).collect();
    client.send(&(slow + &quick));
    assert_eq!(client.receive().expect("an answer").body, r#"{"status":"SUCCEEDED"}"#);
    for n in 0..50 {
        assert_eq!(client.receive().expect("an answer").body, format!("{{\"n\":{n}}}"));
    }
}

#[test]
fn bodies_in_chunks() {
    let served = served();
    let head = request("DescribeStateMachine", "").replace("Content-Length: 0", "Transfer-Encoding: chunked");
    let answer = served.connect().ask(&(head + "4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n"));
    assert_eq!((answer.status, answer.body.as_str()), (200, "{\"a\":1}"));
}

#[test]
fn clients_that_ask_before_they_send() {
    let served = served();
    let mut client = served.connect();
    let (head, body) = (request_with("DescribeStateMachine", "Expect: 100-continue\r\n", "{\"a\":1}"), "{\"a\":1}");
    client.send(head.strip_suffix(body).expect("the body comes last"));
    let mut first = [0; 25];
    std::io::Read::read_exact(&mut client.stream(), &mut first).expect("an interim answer");
    assert_eq!(&first, b"HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(client.ask(body).body, body);
}

#[test]
fn old_clients() {
    let served = served();
    let mut client = served.connect();
    let answer = client.ask(
        "POST / HTTP/1.0\r\nX-Amz-Target: AWSStepFunctions.DescribeStateMachine\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    );
    assert_eq!((answer.status, answer.body.as_str()), (200, "{\"a\":1}"));
    assert!(client.is_closed());
}

#[test]
fn a_fault_of_the_server_is_an_answer() {
    let served: Served = served();
    let mut client = served.connect();
    let answer = client.call("TestState", "{}");
    assert_eq!((answer.status, answer.error().as_str()), (500, "InternalFailure"));
    assert_eq!(client.call("DescribeStateMachine", "{}").status, 200);
}

#[test]
fn what_is_no_http() {
    let served = served();
    for text in
        ["\r\n\r\n\r\nhello\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}", "GET / HTTP/9.9\r\n\r\n"]
    {
        let mut client = served.connect();
        client.send(text);
        client.shut();
        assert!(client.receive().is_none_or(|answer| answer.status == 400), "{text:?}");
        assert!(client.is_closed());
    }
    assert_eq!(served.connect().call("DescribeStateMachine", "{}").status, 200);
}
