//! Requests that went wrong on their way.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use crate::program::{PASS, ROLE, folder};
use crate::random::Random;
use crate::wire::{Client, request, request_with};

const REQUESTS: u64 = 10_000;
const THREADS: u64 = 8;

/// Requests as clients send them.
fn valid(machine: &str) -> Vec<Vec<u8>> {
    let definition = PASS.replace('"', "\\\"");
    let arn = format!("{{\"stateMachineArn\":\"{machine}\"}}");
    let execution = machine.replace("stateMachine", "execution") + ":one";
    [
        request("ListStateMachines", r#"{"maxResults":10}"#),
        request(
            "CreateStateMachine",
            &format!("{{\"name\":\"n\",\"definition\":\"{definition}\",\"roleArn\":\"{ROLE}\"}}"),
        ),
        request("DescribeStateMachine", &arn),
        request("StartExecution", &format!("{{\"stateMachineArn\":\"{machine}\",\"input\":\"{{\\\"a\\\":1}}\"}}")),
        request("DescribeExecution", &format!("{{\"executionArn\":\"{execution}\"}}")),
        request("GetExecutionHistory", &format!("{{\"executionArn\":\"{execution}\",\"reverseOrder\":true}}")),
        request("ListExecutions", &format!("{{\"stateMachineArn\":\"{machine}\",\"statusFilter\":\"RUNNING\"}}")),
        request("ValidateStateMachineDefinition", &format!("{{\"definition\":\"{definition}\"}}")),
        request_with(
            "TagResource",
            "X-Amzn-Trace-Id: Root=1-2-3\r\n",
            &format!("{{\"resourceArn\":\"{machine}\",\"tags\":[{{\"key\":\"k\",\"value\":\"v\"}}]}}"),
        ),
        request("SendTaskSuccess", r#"{"taskToken":"t","output":"{}"}"#),
        request("ListActivities", "").replace("Content-Length: 0", "Transfer-Encoding: chunked")
            + "2\r\n{}\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n".to_owned(),
    ]
    .map(String::into_bytes)
    .to_vec()
}

/// What may make a difference to whoever reads.
const PARTS: [&[u8]; 16] = [
    b"\r\n",
    b"\n",
    b"\r\n\r\n",
    b"\0",
    b"\xff\xfe",
    b"{",
    b"}",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"-1",
    b"99999999999999999999",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Length: 5\r\n",
    b"Expect: 100-continue\r\n",
    b"Connection: close, Upgrade\r\nUpgrade: h2c\r\n",
];

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + 1 + random.below(40)).min(bytes.len());
        match random.below(7) {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            3 => drop(bytes.splice(at..at, random.pick(&PARTS).iter().copied())),
            4 => bytes.truncate(at),
            5 => drop(bytes.splice(at..end, random.pick(&PARTS).iter().copied())),
            _ => {
                let (first, second) = (random.below(bytes.len()), random.below(bytes.len()));
                if !bytes.is_empty() {
                    bytes.swap(first, second);
                }
            }
        }
    }
}

/// Changes the body alone, so that more than the reader of HTTP gets to see it.
fn mutate_body(bytes: &mut Vec<u8>, random: &mut Random) {
    const LENGTH: &str = "Content-Length: ";
    let text = String::from_utf8_lossy(bytes).into_owned();
    let Some((head, body)) = text.split_once("\r\n\r\n").filter(|(head, _)| head.contains(LENGTH)) else { return };
    let mut body = body.as_bytes().to_vec();
    mutate(&mut body, random);
    let (before, _) = head.split_once(LENGTH).expect("it has one");
    *bytes = format!("{before}{LENGTH}{}\r\n\r\n", body.len()).into_bytes();
    bytes.extend(body);
}

/// What comes back for `bytes`; the connection must end one way or the other.
fn exchange(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).expect("it listens");
    // The server may close before it has everything.
    drop(stream.write_all(bytes));
    let mut got = Vec::new();
    stream.set_read_timeout(Some(Duration::from_millis(25))).expect("a time");
    let mut buffer = [0; 65536];
    if let Ok(count) = stream.read(&mut buffer) {
        got.extend(&buffer[..count]);
    }
    // Whoever waits for more is told that there is none.
    drop(stream.shutdown(Shutdown::Write));
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time");
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return got,
            Ok(count) => got.extend(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return got,
            Err(error) => panic!("{error} after {:?}", String::from_utf8_lossy(bytes)),
        }
    }
}

fn check(sent: &[u8], got: &[u8]) {
    let answer = String::from_utf8_lossy(got);
    let is_answer = got.is_empty() || got.starts_with(b"HTTP/1.1 ") || got.starts_with(b"HTTP/1.0 ");
    let is_fault = answer.contains("InternalFailure") || got.starts_with(b"HTTP/1.1 5");
    assert!(is_answer && !is_fault, "{:?}\nwas answered\n{answer}", String::from_utf8_lossy(sent));
}

#[test]
fn each_is_answered_or_the_connection_closed() {
    let program = folder(&[]).serve(&[]);
    let address = program.address;
    let machine = program.create("m", "STANDARD", PASS);
    program.call("StartExecution", &format!(r#"{{"stateMachineArn":"{machine}","name":"one"}}"#));
    let requests = valid(&machine);
    for request in &requests {
        let got = exchange(address, request);
        assert!(
            got.starts_with(b"HTTP/1.1 200") || got.starts_with(b"HTTP/1.1 400"),
            "{}",
            String::from_utf8_lossy(&got)
        );
    }
    thread::scope(|scope| {
        for part in 0..THREADS {
            let requests = &requests;
            scope.spawn(move || {
                for number in (part..REQUESTS).step_by(usize::try_from(THREADS).expect("few")) {
                    let mut random = Random::new(number + 1);
                    let mut bytes = random.pick(requests).clone();
                    if number % 2 == 0 {
                        mutate(&mut bytes, &mut random);
                    } else {
                        mutate_body(&mut bytes, &mut random);
                    }
                    check(&bytes, &exchange(address, &bytes));
                    if number % 500 == 0 {
                        assert_eq!(Client::connect(address).call("ListStateMachines", "{}").status, 200);
                    }
                }
            });
        }
    });
    let described = program.call("DescribeStateMachine", &format!(r#"{{"stateMachineArn":"{machine}"}}"#));
    assert_eq!(crate::program::text(&described, "definition"), PASS);
    assert_eq!(program.stderr(), "", "nothing panicked");
}
