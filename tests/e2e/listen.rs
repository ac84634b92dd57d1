//! `--listen`: executions that others start over the API are runs of the debugger.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::definitions::TEA;
use crate::home::Home;
use crate::tty::Tty;

/// Calls an operation of the API; the body of the answer.
fn call(address: &str, operation: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let length = body.len();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nX-Amz-Target: AWSStepFunctions.{operation}\r\n\
         Content-Type: application/x-amz-json-1.0\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("a call");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.split_once("\r\n\r\n").map_or(answer.clone(), |(_, body)| body.to_owned())
}

/// The address in the greeting.
fn address(tty: &mut Tty) -> String {
    tty.wait_footer("Listening at http://");
    let text = tty.text();
    let rest = text.split("http://").nth(1).expect("a URL");
    rest.chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':'))
        .collect::<String>()
        .trim_end_matches(':')
        .to_owned()
}

#[test]
fn what_others_start_stops_at_breakpoints_and_goes_on() {
    let home = Home::with(&[("tea.asl.json", TEA), ("tea.input.json", "{}")]);
    let mut tty = Tty::start(&home, (120, 40), &["tea.asl.json", "--listen", "0"], &[]);
    let address = address(&mut tty);
    tty.keys("@");
    tty.wait_text("Enter goes to the state");
    tty.send("Steep");
    tty.keys("Enter");
    tty.wait_gone("Enter goes to the state");
    tty.keys("b");
    tty.wait_footer("Breakpoint on Steep set.");
    let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:tea";
    let input = r#"{\"leaves\":\"assam\",\"sweet\":false}"#;
    let started = call(
        &address,
        "StartExecution",
        &format!(r#"{{"stateMachineArn":"{machine}","name":"five","input":"{input}"}}"#),
    );
    assert!(started.contains(":execution:tea:five"), "{started}");
    tty.wait_header("paused at Steep");
    tty.wait_text("assam");
    let describe = |address: &str| {
        call(
            address,
            "DescribeExecution",
            r#"{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:tea:five"}"#,
        )
    };
    assert!(describe(&address).contains(r#""status":"RUNNING""#));
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    // The end is in the store when it is shown to callers; it may be shown on the screen a moment before.
    assert!(describe(&address).contains(r#""status":"SUCCEEDED""#));
    tty.quit();
}

#[test]
fn a_saved_definition_is_the_one_that_others_start() {
    let home = Home::with(&[("tea.asl.json", TEA), ("tea.input.json", "{}")]);
    let mut tty = Tty::start(&home, (120, 40), &["tea.asl.json", "--listen", "0", "--type", "express"], &[]);
    let address = address(&mut tty);
    home.replace(
        "tea.asl.json",
        r#"{"StartAt": "Cold", "States": {"Cold": {"Type": "Pass", "Result": "iced", "End": true}}}"#,
    );
    tty.wait_text("Cold");
    let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:tea";
    let mut answer = String::new();
    // The new version is registered right after it is shown.
    for _ in 0..100 {
        answer = call(&address, "StartSyncExecution", &format!(r#"{{"stateMachineArn":"{machine}"}}"#));
        if answer.contains("iced") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(answer.contains(r#""status":"SUCCEEDED""#) && answer.contains("iced"), "{answer}");
    tty.wait_footer("was started over the API");
    tty.quit();
}

#[test]
fn conditions_hold_for_what_others_start_and_a_detached_run_goes_on_alone() {
    let home = Home::with(&[("tea.asl.json", TEA), ("tea.input.json", "{}")]);
    let mut tty = Tty::start(&home, (120, 40), &["tea.asl.json", "--listen", "0"], &[]);
    let address = address(&mut tty);
    tty.keys(":");
    tty.send("break Steep if $.leaves = 'assam'");
    tty.keys("Enter");
    tty.wait_footer("Steep");
    let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:tea";
    let start = |name: &str, leaves: &str| {
        let input = format!(r#"{{\"leaves\":\"{leaves}\",\"sweet\":false}}"#);
        call(
            &address,
            "StartExecution",
            &format!(r#"{{"stateMachineArn":"{machine}","name":"{name}","input":"{input}"}}"#),
        )
    };
    start("green", "sencha");
    tty.wait_header("SUCCEEDED");
    start("black", "assam");
    tty.wait_header("paused at Steep");
    tty.keys("D");
    tty.wait_header("SUCCEEDED");
    let ended = call(
        &address,
        "DescribeExecution",
        r#"{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:tea:black"}"#,
    );
    assert!(ended.contains(r#""status":"SUCCEEDED""#), "{ended}");
    tty.quit();
}
