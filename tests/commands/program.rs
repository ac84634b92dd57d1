//! Runs the program with nothing of this computer's configuration.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A home with AWS configuration files.
pub(crate) struct Home {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What a command did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Done {
    /// The exit status.
    pub(crate) status: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Home {
    /// One with nothing in it, in the time zone UTC.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, variables: Vec::new() }
    }

    /// One with a file of profiles.
    pub(crate) fn with_profiles(config: &str) -> Self {
        let home = Self::empty();
        std::fs::write(home.path().join("config"), config).expect("a file");
        home
    }

    /// The same with an environment variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The program, to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asldb"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .env("TZ", "UTC")
            .env("AWS_CONFIG_FILE", self.path().join("config"))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.path().join("credentials"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        Done::from(self.command(arguments).output().expect("the program runs"))
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Self { status: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Done {
    /// What was printed, if all went well.
    #[track_caller]
    pub(crate) fn printed(self) -> String {
        assert_eq!((self.status, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// Fails unless it ended so.
    #[track_caller]
    pub(crate) fn failed(&self, status: i32, err: &str) {
        assert_eq!((self.status, self.out.as_str(), self.err.as_str()), (status, "", err));
    }
}
