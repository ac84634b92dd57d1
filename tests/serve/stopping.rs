//! How the endpoint stops. Where it must not wait for the end of the grace period, that is longer than any test.

use std::net::TcpStream;
use std::time::Duration;

use crate::served::limited;
use crate::wire::request;

const EVER: Duration = Duration::from_secs(100_000);

#[test]
fn at_once_when_nobody_calls() {
    let mut served = limited(|limits| limits.grace = EVER);
    let mut idle = served.connect();
    assert_eq!(idle.call("DescribeStateMachine", "{}").status, 200);
    let mut silent = served.connect();
    served.join();
    assert!(idle.is_closed() && silent.is_closed());
    assert!(TcpStream::connect(served.address).is_err(), "nothing new is accepted");
}

#[test]
fn calls_in_flight_are_answered() {
    let mut served = limited(|limits| limits.grace = EVER);
    let mut client = served.connect();
    client.send(&request("StartSyncExecution", r#"{"input":"300"}"#));
    served.fake.until_waiting(1);
    served.stop();
    let answer = client.receive().expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"status":"SUCCEEDED"}"#));
    assert!(client.is_closed());
    served.join();
}

#[test]
fn long_polls_are_answered_at_once() {
    let mut served = limited(|limits| limits.grace = EVER);
    let mut client = served.connect();
    client.send(&request("GetActivityTask", "{}"));
    served.fake.until_waiting(1);
    served.join();
    let answer = client.receive().expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"taskToken":null}"#));
}

#[test]
fn calls_that_take_too_long_are_called_off() {
    let mut served = limited(|limits| limits.grace = Duration::from_millis(150));
    let mut client = served.connect();
    client.send(&request("StartSyncExecution", r#"{"input":"100000"}"#));
    served.fake.until_waiting(1);
    served.join();
    let answer = client.receive().expect("an answer");
    assert_eq!((answer.status, answer.error().as_str()), (503, "ServiceUnavailable"));
    served.fake.until_waiting(0);
}

#[test]
fn requests_that_never_end_do_not_hold_it_up() {
    let mut served = limited(|limits| limits.grace = Duration::from_millis(150));
    let mut headers = served.connect();
    headers.send("POST / HTTP/1.1\r\nHost:");
    let mut body = served.connect();
    body.send(&request("DescribeStateMachine", "").replace("Content-Length: 0", "Content-Length: 9"));
    // Both are at work only once they have been read.
    std::thread::sleep(Duration::from_millis(100));
    served.join();
}
