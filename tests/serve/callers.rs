//! Whose requests are answered: names of the host, web pages.

use asldb::endpoint::Limits;

use crate::served::{Served, served};
use crate::wire::{request, request_with};

fn for_pages_of(origin: &'static str) -> Served {
    Served::start(Limits::default(), move |policy| policy.allow_origin(origin).expect("an origin"))
}

#[test]
fn other_host_names_are_refused() {
    let served = served();
    for (host, status) in [
        ("localhost:8083", 200),
        ("127.0.0.1", 200),
        ("sync-localhost:8083", 200),
        ("sync-127.0.0.1:8083", 200),
        ("x.localhost", 200),
        ("[::1]:8083", 200),
        ("evil.example", 403),
        ("evil.example:8083", 403),
        ("192.168.1.1", 403),
    ] {
        let text = request("DescribeStateMachine", "{}").replace("localhost:8083", host);
        let answer = served.connect().ask(&text);
        assert_eq!(answer.status, status, "{host}");
        if status == 403 {
            assert_eq!(answer.error(), "AccessDeniedException");
            assert!(answer.message().contains("--allow-host"), "{}", answer.message());
        }
    }
}

#[test]
fn a_name_can_be_allowed() {
    let served = Served::start(Limits::default(), |policy| policy.allow_host("steps.test"));
    for host in ["steps.test:8083", "sync-steps.test", "STEPS.test", "localhost"] {
        let text = request("DescribeStateMachine", "{}").replace("localhost:8083", host);
        assert_eq!(served.connect().ask(&text).status, 200, "{host}");
    }
}

#[test]
fn the_whole_address_in_the_request_line() {
    let served = served();
    for (address, status) in [("http://localhost/", 200), ("http://evil.example/", 403)] {
        let text = request("DescribeStateMachine", "{}").replacen("POST /", &format!("POST {address}"), 1);
        assert_eq!(served.connect().ask(&text).status, status, "{address}");
    }
}

#[test]
fn web_pages_are_refused() {
    let served = served();
    for line in
        ["Origin: http://evil.example", "Origin: http://localhost:8083", "Origin: null", "Sec-Fetch-Site: cross-site"]
    {
        let answer = served.connect().ask(&request_with("DescribeStateMachine", &format!("{line}\r\n"), "{}"));
        assert_eq!((answer.status, answer.error().as_str()), (403, "AccessDeniedException"), "{line}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
        let answer = served.connect().ask(&format!("GET / HTTP/1.1\r\nHost: localhost\r\n{line}\r\n\r\n"));
        assert_eq!(answer.status, 403, "{line}");
        let answer = served.connect().ask(&format!("OPTIONS / HTTP/1.1\r\nHost: localhost\r\n{line}\r\n\r\n"));
        assert_eq!(answer.status, 403, "{line}");
    }
    assert!(served.fake.requests.lock().expect("not poisoned").is_empty());
}

#[test]
fn pages_of_an_allowed_origin_may_call() {
    let served = for_pages_of("http://localhost:3000");
    let mut client = served.connect();
    let ask = client.ask(
        "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n\
         Access-Control-Request-Headers: content-type,x-amz-target\r\nAccess-Control-Request-Private-Network: true\r\n\r\n",
    );
    assert_eq!((ask.status, ask.body.as_str()), (204, ""));
    assert_eq!(ask.header("access-control-allow-origin"), Some("http://localhost:3000"));
    assert_eq!(ask.header("access-control-allow-private-network"), Some("true"));
    assert!(ask.header("access-control-allow-methods").expect("methods").contains("POST"));
    for header in ["content-type", "x-amz-target", "authorization", "x-amz-date"] {
        assert!(ask.header("access-control-allow-headers").expect("headers").contains(header));
    }
    for (operation, status) in [("DescribeStateMachine", 200), ("StopExecution", 400), ("Nothing", 400)] {
        let answer = client.ask(&request_with(operation, "Origin: http://localhost:3000\r\n", "{}"));
        assert_eq!((answer.status, answer.header("vary")), (status, Some("origin")));
        assert_eq!(answer.header("access-control-allow-origin"), Some("http://localhost:3000"));
    }
    let answer = client.ask(&request_with("DescribeStateMachine", "Origin: http://localhost:3001\r\n", "{}"));
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, None));
    assert_eq!(served.connect().call("DescribeStateMachine", "{}").status, 200, "programs need no origin");
}
