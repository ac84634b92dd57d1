//! A folder with files, and the program run in it.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A state machine that says hello.
pub(crate) const HELLO: &str =
    r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"hello.$": "$.name"}, "End": true}}}"#;
/// One that puts out its input.
pub(crate) const ECHO: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;

/// A folder that is gone with the test.
pub(crate) struct Folder(tempfile::TempDir);

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> Folder {
    let folder = Folder(tempfile::tempdir().expect("a folder"));
    files.iter().for_each(|(name, text)| folder.write(name, text.as_bytes()));
    folder
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub(crate) struct Told {
    /// The exit status; none when a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asldb"));
        command.current_dir(self.0.path()).args(args);
        command
    }

    /// Runs `asldb run` with these arguments.
    pub(crate) fn run(&self, args: &[&str]) -> Told {
        self.run_with_stdin(args, b"")
    }

    /// Runs `asldb run`, which reads `stdin`.
    pub(crate) fn run_with_stdin(&self, args: &[&str], stdin: &[u8]) -> Told {
        let mut command = self.command(&[&["run"], args].concat());
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        // Who does not read its input closes it; that is not ours to judge.
        drop(child.stdin.take().expect("it was piped").write_all(stdin));
        Told::from(child.wait_with_output().expect("it ends"))
    }
}

impl Told {
    /// Runs `command`, which reads nothing.
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::from(command.stdin(Stdio::null()).output().expect("the program starts"))
    }

    fn from(output: std::process::Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// It ended well with this output, and said nothing else.
    #[track_caller]
    pub(crate) fn puts_out(&self, output: &str) {
        assert_eq!((self.status, self.stdout.as_str(), self.stderr.as_str()), (Some(0), &*format!("{output}\n"), ""));
    }

    /// It ended with `status`, put out nothing, and said all of `words`.
    #[track_caller]
    pub(crate) fn says(&self, status: i32, words: &[&str]) {
        assert_eq!((self.status, self.stdout.as_str()), (Some(status), ""), "{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in:\n{}", self.stderr);
        }
    }
}
