//! A folder with files, and the program run in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A state machine without faults.
pub(crate) const GOOD: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
/// One whose third line has an error.
pub(crate) const BAD: &str = r#"{"StartAt": "A", "States": {
 "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "C"}],
       "Default": "東B"},
 "C": {"Type": "Succeed"}}}"#;
/// One with a warning and no error.
pub(crate) const DOUBTFUL: &str =
    r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Comment": "a", "Comment": "b", "End": true}}}"#;

/// A folder that is gone with the test.
pub(crate) struct Folder(tempfile::TempDir);

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> Folder {
    let folder = Folder(tempfile::tempdir().expect("a folder"));
    files.iter().for_each(|(name, text)| folder.write(name, text));
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
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asldb"));
        command.current_dir(self.0.path()).args(["check"]).args(args).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs `asldb check` with these arguments.
    pub(crate) fn check(&self, args: &[&str]) -> Told {
        told(self.command(args).output().expect("the program runs"))
    }

    /// Runs `asldb check`, which reads `stdin`.
    pub(crate) fn check_stdin(&self, args: &[&str], stdin: &str) -> Told {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().expect("the program starts");
        child.stdin.take().expect("it was piped").write_all(stdin.as_bytes()).expect("it reads");
        told(child.wait_with_output().expect("it ends"))
    }
}

fn told(output: std::process::Output) -> Told {
    Told {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}
