//! The built program, serving.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use asldb::value::{self, Value};

use crate::wire::Client;

/// A definition that ends at once with its input.
pub(crate) const PASS: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;
pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/r";

/// A folder that is gone with the test.
pub(crate) struct Folder(tempfile::TempDir);

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> Folder {
    let folder = Folder(tempfile::tempdir().expect("a folder"));
    files.iter().for_each(|(name, text)| folder.write(name, text));
    folder
}

impl Folder {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    /// As editors save: a new file takes the place of the old one.
    pub(crate) fn replace(&self, name: &str, text: &str) {
        self.write("saving.tmp", text);
        std::fs::rename(self.path("saving.tmp"), self.path(name)).expect("renamed");
    }

    /// `asldb serve` with these arguments.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asldb"));
        command.current_dir(self.0.path()).arg("serve").args(args).stdin(Stdio::null());
        // The user's own store is none of a test's business.
        command.env("ASLDB_STATE_DIR", self.0.path().join(".state"));
        command
    }

    /// Serves at a free port.
    pub(crate) fn serve(&self, args: &[&str]) -> Program {
        Program::start(self.command(&[&["--port", "0"], args].concat()))
    }
}

/// A running `asldb serve`.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
}

impl Program {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let stdout = collect(child.stdout.take().expect("it was piped"));
        let stderr = collect(child.stderr.take().expect("it was piped"));
        let deadline = Instant::now() + Duration::from_secs(60);
        let address = loop {
            let said = stdout.lock().expect("not poisoned").clone();
            if let Some(line) = said.lines().find(|_| said.contains("Ctrl-C")) {
                let (_, address) = line.split_once("http://").expect("the address is in the first line");
                break address.parse().expect("an address");
            }
            let complaints = stderr.lock().expect("not poisoned").clone();
            assert!(child.try_wait().expect("a child").is_none(), "it ended: {said}{complaints}");
            assert!(Instant::now() < deadline, "it does not start: {said}{complaints}");
            thread::sleep(Duration::from_millis(2));
        };
        Self { child, address, stdout, stderr }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn stdout(&self) -> String {
        self.stdout.lock().expect("not poisoned").clone()
    }

    pub(crate) fn stderr(&self) -> String {
        self.stderr.lock().expect("not poisoned").clone()
    }

    pub(crate) fn client(&self) -> Client {
        Client::connect(self.address)
    }

    /// Calls `operation` on a connection of its own.
    #[track_caller]
    pub(crate) fn call(&self, operation: &str, parameters: &str) -> Value {
        let answer = self.client().call(operation, parameters);
        assert_eq!(answer.status, 200, "{operation}: {}", answer.body);
        answer.json()
    }

    /// Creates a state machine; its ARN.
    #[track_caller]
    pub(crate) fn create(&self, name: &str, kind: &str, definition: &str) -> String {
        let definition = Value::from(definition).to_json();
        let made = self.call(
            "CreateStateMachine",
            &format!(r#"{{"name":"{name}","type":"{kind}","roleArn":"{ROLE}","definition":{definition}}}"#),
        );
        text(&made, "stateMachineArn")
    }

    /// Sends a signal, as `kill` does.
    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    }

    /// Waits until it has ended.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(Instant::now() < deadline, "it does not end");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Ends it without a warning, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("a child");
        self.child.wait().expect("a child");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn collect(stream: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let (all, seen) = (Arc::new(Mutex::new(String::new())), BufReader::new(stream));
    let sink = Arc::clone(&all);
    thread::spawn(move || {
        for line in seen.lines().map_while(Result::ok) {
            let mut sink = sink.lock().expect("not poisoned");
            sink.push_str(&line);
            sink.push('\n');
        }
    });
    all
}

/// The text under `key`.
#[track_caller]
pub(crate) fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("no {key} in {value}")).to_owned()
}

/// JSON that is known to be.
pub(crate) fn json(text: &str) -> Value {
    value::read(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}
