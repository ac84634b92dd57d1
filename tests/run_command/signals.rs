//! An interrupt stops a run as StopExecution does.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::command::{Folder, folder};

/// Waits until the program catches interrupts.
fn wait_until_ready(child: &Child) {
    let deadline = Instant::now() + Duration::from_secs(60);
    let status = format!("/proc/{}/status", child.id());
    loop {
        let text = std::fs::read_to_string(&status).expect("it runs");
        let caught = text.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("the signals that it catches");
        // Signal 2 is bit 1.
        if u64::from_str_radix(caught.trim(), 16).expect("a number") & 2 != 0 {
            return;
        }
        assert!(Instant::now() < deadline, "it does not catch interrupts");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn interrupted(folder: &Folder, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = folder.command(args);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    wait_until_ready(&child);
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_run_that_waits() {
    let machine = r#"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 86400, "End": true}}}"#;
    let folder = folder(&[("w.json", machine)]);
    let (status, stdout, stderr) = interrupted(&folder, &["run", "w.json", "--history", "h.json"]);
    assert_eq!((status, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("ABORTED") && stderr.contains("interrupted"), "{stderr}");
    assert!(folder.read("h.json").contains("ExecutionAborted"));
}

#[test]
fn a_run_at_full_speed() {
    let machine = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [{"Variable": "$.never", "IsPresent": true, "Next": "C"}], "Default": "B"},
        "B": {"Type": "Pass", "Next": "A"}, "C": {"Type": "Succeed"}}}"#;
    let folder = folder(&[("l.json", machine)]);
    let (status, _, stderr) = interrupted(&folder, &["run", "l.json", "--no-history-limit"]);
    assert!(status == Some(1) && stderr.contains("ABORTED"), "{stderr}");
}
