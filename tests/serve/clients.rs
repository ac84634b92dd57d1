//! Many clients at a time, and clients that leave.

use std::sync::atomic::Ordering;

use crate::fake::until;
use crate::served::served;
use crate::wire::request;

#[test]
fn a_client_that_leaves_calls_its_call_off() {
    let served = served();
    let mut clients: Vec<_> = (0..5).map(|_| served.connect()).collect();
    for client in &mut clients {
        client.send(&request("GetActivityTask", "{}"));
    }
    served.fake.until_waiting(5);
    clients.truncate(2);
    served.fake.until_waiting(2);
    clients.clear();
    served.fake.until_waiting(0);
}

#[test]
fn long_polls_hold_up_nobody() {
    let served = served();
    let polls: Vec<_> = (0..300)
        .map(|_| {
            let mut client = served.connect();
            client.send(&request("GetActivityTask", "{}"));
            client
        })
        .collect();
    served.fake.until_waiting(300);
    let mut client = served.connect();
    for _ in 0..100 {
        assert_eq!(client.call("DescribeStateMachine", "{}").status, 200);
    }
    drop(polls);
    served.fake.until_waiting(0);
}

#[test]
fn hundreds_of_connections_at_once() {
    let served = served();
    let mut clients: Vec<_> = (0..400).map(|_| served.connect()).collect();
    for round in 0..3 {
        for (n, client) in clients.iter_mut().enumerate() {
            client.send(&request("DescribeStateMachine", &format!("{{\"n\":{}}}", n + round)));
        }
        for (n, client) in clients.iter_mut().enumerate() {
            assert_eq!(client.receive().expect("an answer").body, format!("{{\"n\":{}}}", n + round));
        }
    }
    assert_eq!(served.fake.begun.load(Ordering::SeqCst), 1200);
}

#[test]
fn calls_at_the_same_time_run_at_the_same_time() {
    let served = served();
    let mut clients: Vec<_> = (0..100).map(|_| served.connect()).collect();
    for client in &mut clients {
        client.send(&request("StartSyncExecution", r#"{"input":"1000"}"#));
    }
    served.fake.until_waiting(100);
    for client in &mut clients {
        assert_eq!(client.receive().expect("an answer").status, 200);
    }
}

#[test]
fn connections_that_break_off_anywhere() {
    let served = served();
    let text = request("DescribeStateMachine", r#"{"a":"b"}"#);
    for end in 0..text.len() {
        served.connect().send(&text[..end]);
    }
    until("an answer", || served.connect().call("DescribeStateMachine", "{}").status == 200);
    served.fake.until_waiting(0);
}
