//! The AWS CLI, installed for the tests.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Output};

use asldb::value::Value;
use fs4::FileExt;

use crate::program::{Program, json};

/// The release that the tests were written with.
const RELEASE: &str = "1.45.11";

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("aws-cli-{RELEASE}"))
}

/// Installs the CLI, unless it is there already.
///
/// # Errors
/// Why it cannot be installed.
pub(crate) fn install() -> Result<(), String> {
    let folder = folder();
    let ready = folder.join("ready");
    fs::create_dir_all(env!("CARGO_TARGET_TMPDIR")).map_err(|error| error.to_string())?;
    let lock = File::create(folder.with_extension("lock")).map_err(|error| error.to_string())?;
    // Held until the file is dropped: of several test programs one installs, the others wait.
    FileExt::lock(&lock).map_err(|error| error.to_string())?;
    if ready.exists() {
        return Ok(());
    }
    eprintln!("installing the AWS CLI {RELEASE} for the tests");
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(folder.join("bin/python")).args(pip).arg(format!("awscli=={RELEASE}")))?;
    fs::write(ready, "").map_err(|error| error.to_string())
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Calls of one server.
pub(crate) struct Aws {
    url: String,
}

impl Aws {
    pub(crate) fn new(program: &Program) -> Self {
        Self::at(program.url())
    }

    /// Calls of what listens at `url`.
    pub(crate) fn at(url: String) -> Self {
        Self { url }
    }

    fn output(&self, args: &[&str]) -> Output {
        let mut command = Command::new(folder().join("bin/aws"));
        // Nothing of the user's own configuration.
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", folder()).env("AWS_PAGER", "");
        command.env("AWS_DISABLE_HOST_PREFIX_INJECTION", "true").env("AWS_MAX_ATTEMPTS", "1");
        command.env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "secret");
        command.args(["stepfunctions", "--endpoint-url", &self.url, "--region", "us-east-1", "--output", "json"]);
        command.args(args).output().expect("the AWS CLI")
    }

    /// `aws stepfunctions` with these arguments; its answer.
    #[track_caller]
    pub(crate) fn call(&self, args: &[&str]) -> Value {
        let output = self.output(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).expect("text");
        if said.trim().is_empty() { Value::empty_object() } else { json(&said) }
    }

    /// What it complains of.
    #[track_caller]
    pub(crate) fn complaint(&self, args: &[&str]) -> String {
        let output = self.output(args);
        assert!(!output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).expect("text")
    }
}
