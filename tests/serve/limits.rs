//! What clients may take: bytes, connections, time.

use std::time::{Duration, Instant};

use crate::served::{limited, served};
use crate::wire::request;

const SHORT: Duration = Duration::from_millis(120);

#[test]
fn a_body_as_long_as_may_be() {
    let body = format!("{{\"definition\":\"{}\"}}", "x".repeat((1 << 20) - 17));
    assert_eq!(body.len(), 1 << 20);
    let served = served();
    let mut client = served.connect();
    assert_eq!(client.call("DescribeStateMachine", &body).body, body);
    assert_eq!(client.call("DescribeStateMachine", "{}").status, 200);
}

#[test]
fn a_longer_body_is_refused_before_it_is_sent() {
    let served = served();
    let mut client = served.connect();
    let head = request("DescribeStateMachine", "").replace("Content-Length: 0", "Content-Length: 1048577");
    let answer = client.ask(&head);
    assert_eq!((answer.status, answer.error().as_str()), (413, "RequestEntityTooLargeException"));
    assert!(client.is_closed());
}

#[test]
fn a_client_that_sends_a_longer_body_regardless_still_gets_its_answer() {
    let served = served();
    for head in [
        request("DescribeStateMachine", "").replace("Content-Length: 0", "Content-Length: 8388608"),
        request("DescribeStateMachine", "").replace("Content-Length: 0", "Transfer-Encoding: chunked"),
    ] {
        let mut client = served.connect();
        client.send(&head);
        let part = vec![b'x'; 65536];
        for _ in 0..128 {
            if head.contains("chunked") && client.try_send(b"10000\r\n").is_err() {
                break;
            }
            if client.try_send(&part).is_err() || head.contains("chunked") && client.try_send(b"\r\n").is_err() {
                break;
            }
        }
        assert_eq!(client.receive().expect("an answer").status, 413);
    }
    assert!(served.fake.requests.lock().expect("not poisoned").is_empty());
}

#[test]
fn headers_without_end() {
    let served = served();
    let mut client = served.connect();
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\n");
    let line = format!("X-Filler: {}\r\n", "x".repeat(8000));
    while client.try_send(line.as_bytes()).is_ok() {}
    let mut client = served.connect();
    client.send(&format!("POST / HTTP/1.1\r\nHost: localhost\r\n{}", line.repeat(9)));
    assert_eq!(client.receive().expect("an answer").status, 431);
    assert!(client.is_closed());
}

#[test]
fn headers_that_come_slowly() {
    let served = limited(|limits| limits.header_time = SHORT);
    let mut silent = served.connect();
    let mut slow = served.connect();
    let begun = Instant::now();
    let sent =
        b"POST / HTTP/1.1\r\nHost: localhost\r\nX-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            .iter()
            .take_while(|byte| {
                std::thread::sleep(Duration::from_millis(10));
                slow.try_send(&[**byte]).is_ok()
            })
            .count();
    assert!(sent < 90 && begun.elapsed() >= SHORT, "{sent} bytes were taken");
    assert!(slow.is_closed() && silent.is_closed());
}

#[test]
fn a_second_request_that_comes_slowly() {
    let served = limited(|limits| limits.header_time = SHORT);
    let mut client = served.connect();
    assert_eq!(client.call("DescribeStateMachine", "{}").status, 200);
    std::thread::sleep(2 * SHORT);
    assert_eq!(client.call("DescribeStateMachine", "{}").status, 200, "a pause is no slow request");
    client.send("POST / HTTP/1.1\r\n");
    assert!(client.is_closed());
}

#[test]
fn a_body_that_comes_slowly() {
    let served = limited(|limits| limits.body_time = SHORT);
    let mut client = served.connect();
    let head = request("DescribeStateMachine", "").replace("Content-Length: 0", "Content-Length: 100");
    let answer = client.send(&head).send("{\"a\":").receive().expect("an answer");
    assert_eq!((answer.status, answer.error().as_str()), (408, "RequestTimeout"));
    assert!(client.is_closed());
}

#[test]
fn a_connection_that_is_not_used() {
    let served = limited(|limits| limits.idle_time = SHORT);
    let mut client = served.connect();
    assert_eq!(client.call("DescribeStateMachine", "{}").status, 200);
    let begun = Instant::now();
    assert!(client.is_closed());
    assert!(begun.elapsed() >= SHORT / 2);
}

#[test]
fn a_long_call_is_no_idle_connection() {
    let served = limited(|limits| (limits.idle_time, limits.header_time, limits.body_time) = (SHORT, SHORT, SHORT));
    let mut client = served.connect();
    let answer = client.call("StartSyncExecution", r#"{"input":"600"}"#);
    assert_eq!(answer.body, r#"{"status":"SUCCEEDED"}"#);
    assert_eq!(client.call("DescribeStateMachine", "{}").status, 200);
}

#[test]
fn a_client_that_does_not_read() {
    let served = limited(|limits| limits.write_time = SHORT);
    let mut client = served.connect();
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(1_000_000));
    client.stream().set_write_timeout(Some(Duration::from_secs(5))).expect("a time");
    // Far more than the buffers of both sides take.
    let taken =
        (0..64).take_while(|_| client.try_send(request("DescribeStateMachine", &body).as_bytes()).is_ok()).count();
    assert!(taken < 64, "it went on reading");
}

#[test]
fn too_many_connections() {
    let served = limited(|limits| limits.connections = 3);
    let mut clients: Vec<_> = (0..3).map(|_| served.connect()).collect();
    for client in &mut clients {
        assert_eq!(client.call("DescribeStateMachine", "{}").status, 200);
    }
    let mut fourth = served.connect();
    fourth.send(&request("DescribeStateMachine", "{}"));
    let answer = fourth.receive().expect("an answer");
    assert_eq!((answer.status, answer.error().as_str()), (503, "ServiceUnavailable"));
    assert!(fourth.is_closed());
    drop(clients.pop());
    crate::fake::until("a place", || {
        let mut client = served.connect();
        client.try_send(request("DescribeStateMachine", "{}").as_bytes()).is_ok()
            && client.receive().is_some_and(|answer| answer.status == 200)
    });
    assert_eq!(clients[0].call("DescribeStateMachine", "{}").status, 200);
}
