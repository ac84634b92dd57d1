//! The arguments, and which command they name.

use std::path::PathBuf;

use clap::{ArgGroup, Parser, Subcommand, ValueEnum};

use super::buckets::Named;
use crate::asl::MachineType;
use crate::buckets::Buckets;

/// The debugger for the Amazon States Language.
///
/// `asldb FILE` opens a definition in the terminal; `asldb` alone shows samples and recent files.
#[derive(Debug, Parser)]
#[command(name = "asldb", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = "The operations of the Step Functions API are commands, too, with the options of the AWS CLI: \
    start-execution, get-execution-history, test-state and all others. `asldb stepfunctions help` lists them.")]
pub struct Args {
    /// The command, if it is not the debugger.
    #[command(subcommand)]
    pub command: Option<CommandArgs>,
    /// What the debugger opens.
    #[command(flatten)]
    pub debugger: DebuggerArgs,
}

/// The commands beside the debugger.
#[derive(Debug, Subcommand)]
pub enum CommandArgs {
    /// Run a definition without the terminal UI; the output goes to standard output.
    ///
    /// Exit status: 0 SUCCEEDED; 1 FAILED, TIMED_OUT or ABORTED; 2 bad use or a file that cannot be used.
    Run(RunArgs),
    /// Check definitions without running them: what AWS would refuse, and what will not work as meant.
    ///
    /// Folders are searched for *.asl.json and *.asl.yaml, and for other JSON and YAML files that are definitions; hidden
    /// folders, node_modules and target are left out.
    ///
    /// Exit status: 0 no errors; 1 errors; 2 bad use, a file that cannot be read, or a folder without definitions.
    Check(CheckArgs),
    /// Draw the states of a definition and their transitions.
    ///
    /// Exit status: 0; 2 bad use or a definition with errors.
    Graph(GraphArgs),
    /// Learn the debugger: short lessons in it, with tasks that are checked. Goes on where it was left.
    Learn(LearnArgs),
    /// Explain a code of `asldb check`, with an example of what is wrong and what is right; without CODE list all codes.
    ///
    /// Exit status: 0; 2 where there is no such code.
    Explain(ExplainArgs),
    /// Evaluate one expression: a path, an intrinsic function, or JSONata between {% and %}.
    ///
    /// Prints the value; exit status 1 where there is none, with the offending part underlined.
    Eval(EvalArgs),
    /// Serve the Step Functions API to the AWS CLI, the AWS SDKs and tests, until Ctrl-C.
    ///
    /// Definitions are registered under the names of their files, and updated when they are saved. A test case of the
    /// mock file is chosen by the state machine's ARN: `...:stateMachine:NAME#CASE`. Signatures and credentials are not
    /// checked: any will do, or none (`aws --no-sign-request`).
    ///
    /// Exit status: 0 when it was told to stop; 2 bad use, or a port or file that cannot be used.
    Serve(ServeArgs),
}

/// Which definition of a file is meant, and what its placeholders stand for.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SourceArgs {
    /// The state machine of a template, by its logical id.
    #[arg(long, value_name = "LOGICAL_ID")]
    pub machine: Option<String>,
    /// A value for the placeholder ${NAME}; or a JSON or YAML file of names and values. May be repeated.
    #[arg(long, value_name = "NAME=VALUE|@FILE")]
    pub set: Vec<String>,
}

/// `asldb [FILE]`
#[derive(Debug, Clone, Default, clap::Args)]
#[command(group = ArgGroup::new("subject").args(["file", "replay"]).multiple(true))]
pub struct DebuggerArgs {
    /// The definition (.asl.json, .json, .asl.yaml, .yaml), or a template of CloudFormation, SAM or Serverless with one.
    pub file: Option<PathBuf>,
    /// Which definition of the file.
    #[command(flatten)]
    pub source: SourceArgs,
    /// The input: JSON or @FILE. Without it the one used last, or NAME.input.json beside the definition.
    #[arg(long, value_name = "JSON|@FILE")]
    pub input: Option<String>,
    /// A folder that stands for an S3 bucket, for the items and results of distributed Maps; may be repeated.
    #[arg(long, value_name = "BUCKET=DIR", value_parser = Buckets::parse)]
    pub s3: Vec<Named>,
    /// Answers for tasks, in the MockConfigFile format.
    #[arg(long, value_name = "FILE")]
    pub mocks: Option<PathBuf>,
    /// The test case of the mock file.
    #[arg(long, value_name = "NAME", requires = "mocks")]
    pub case: Option<String>,
    /// A theme by name (terminal, dark, light, high-contrast, mono) or a .tmTheme file.
    #[arg(long, value_name = "NAME|FILE", default_value = "terminal")]
    pub theme: String,
    /// ASCII signs only.
    #[arg(long)]
    pub ascii: bool,
    /// For screen readers and logs: one pane at a time, words instead of signs, no lines. ASLDB_PLAIN=1 does the same.
    #[arg(long)]
    pub plain: bool,
    /// Run the commands of a file first, one a line, as behind `:`; - for standard input with --batch.
    #[arg(long, value_name = "FILE", requires = "subject")]
    pub command: Option<PathBuf>,
    /// Run the commands without a screen, print what comes of them and end: 0 when all could be done and all assertions
    /// held, 1 otherwise. Waits are skipped, and nothing is kept.
    #[arg(long, requires = "command")]
    pub batch: bool,
    /// Look at a recorded history instead of running: the answer of get-execution-history. FILE may be left out.
    #[arg(long, value_name = "HISTORY")]
    pub replay: Option<PathBuf>,
    /// Serve the Step Functions API as well: executions that an SDK or the AWS CLI starts are listed as runs and stop at
    /// breakpoints. The definition is registered under the name of its file. 0 is any free port.
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "8083", requires = "file")]
    pub listen: Option<u16>,
    /// The type of the state machine that is registered [default: that of the template, else standard].
    #[arg(long = "type", value_name = "TYPE", ignore_case = true, requires = "listen")]
    pub kind: Option<Kind>,
}

/// `asldb run`
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// The definition (.asl.json, .json, .asl.yaml, .yaml), or a template of CloudFormation, SAM or Serverless with one.
    pub file: PathBuf,
    /// Which definition of the file.
    #[command(flatten)]
    pub source: SourceArgs,
    /// The input: JSON, @FILE, or - for standard input [default: {}].
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub input: Option<String>,
    /// Standard executions have the limits of StartExecution, Express ones those of StartSyncExecution.
    /// [default: the type that the template gives, else standard]
    #[arg(long = "type", value_name = "TYPE", ignore_case = true)]
    pub kind: Option<Kind>,
    /// A folder that stands for an S3 bucket, for the items and results of distributed Maps; may be repeated.
    #[arg(long, value_name = "BUCKET=DIR", value_parser = Buckets::parse)]
    pub s3: Vec<Named>,
    /// Answers for tasks, in the MockConfigFile format.
    #[arg(long, value_name = "FILE")]
    pub mocks: Option<PathBuf>,
    /// The test case of the mock file.
    #[arg(long, value_name = "NAME", requires = "mocks")]
    pub case: Option<String>,
    /// Do not wait: jump over waits, retry delays and timeouts.
    #[arg(long)]
    pub skip_waits: bool,
    /// Run on the input and task results of a recorded history, the answer of get-execution-history, and say where the
    /// run and the history part first. Exit status: 0 nowhere; 1 they part.
    #[arg(long, value_name = "HISTORY", conflicts_with_all = ["input", "mocks", "kind", "s3"])]
    pub replay: Option<PathBuf>,
    /// Write the history as GetExecutionHistory answers it; - for standard output, instead of the output.
    #[arg(long, value_name = "FILE|-")]
    pub history: Option<PathBuf>,
    /// Seed of the random numbers (States.UUID, States.MathRandom, jitter, tokens, names).
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Do not end an execution at 25,000 events (10,000,000 for Express).
    #[arg(long)]
    pub no_history_limit: bool,
}

/// `asldb check`
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Definitions, folders that are searched for them, or - for standard input.
    #[arg(required = true, value_name = "FILE|DIR")]
    pub files: Vec<PathBuf>,
    /// How findings are written.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: CheckFormat,
    /// The type of the state machines [default: standard].
    #[arg(long = "type", value_name = "TYPE", ignore_case = true)]
    pub kind: Option<Kind>,
    /// What becomes of warnings.
    #[arg(long, value_name = "HOW", default_value = "show")]
    pub warnings: Warnings,
    /// Leave out warnings with this code; may be repeated. `asldb explain` lists the codes.
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// A value for the placeholder ${NAME}; or a JSON or YAML file of names and values. May be repeated.
    #[arg(long, value_name = "NAME=VALUE|@FILE")]
    pub set: Vec<String>,
    /// Check again whenever a definition is saved, until Ctrl-C.
    #[arg(long)]
    pub watch: bool,
}

/// How `asldb check` writes what it found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people: each finding with its line, the place underlined, and what to do.
    #[default]
    Text,
    /// For programs: an array, an element for each definition.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For workflows of GitHub Actions: annotations of files.
    Github,
}

/// What becomes of warnings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Warnings {
    /// They are shown, and change nothing about the exit status.
    #[default]
    Show,
    /// They count as errors.
    Error,
    /// They are left out.
    Hide,
}

/// `asldb graph`
#[derive(Debug, clap::Args)]
pub struct GraphArgs {
    /// The definition (.asl.json, .json, .asl.yaml, .yaml), or a template with one.
    pub file: PathBuf,
    /// Which definition of the file.
    #[command(flatten)]
    pub source: SourceArgs,
    /// How it is drawn.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: GraphFormat,
    /// ASCII signs only, in text.
    #[arg(long)]
    pub ascii: bool,
}

/// How `asldb graph` draws.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// A row for each state, as in the debugger.
    #[default]
    Text,
    /// A picture that browsers show.
    Svg,
    /// A flowchart for Markdown.
    Mermaid,
    /// For Graphviz.
    Dot,
}

/// `asldb learn`
#[derive(Debug, Default, clap::Args)]
pub struct LearnArgs {
    /// The lesson, by its name or number; without it the first that is not done.
    pub lesson: Option<String>,
    /// List the lessons, and which are done.
    #[arg(long)]
    pub list: bool,
    /// A theme by name (terminal, dark, light, high-contrast, mono) or a .tmTheme file.
    #[arg(long, value_name = "NAME|FILE", default_value = "terminal")]
    pub theme: String,
    /// ASCII signs only.
    #[arg(long)]
    pub ascii: bool,
    /// For screen readers and logs, as for the debugger.
    #[arg(long)]
    pub plain: bool,
}

/// `asldb explain`
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// The code, such as NO_DEFAULT.
    pub code: Option<String>,
}

/// `asldb eval`
#[derive(Debug, Default, clap::Args)]
pub struct EvalArgs {
    /// The expression: '$.a.b', "States.Format('{}', $.a)" or '{% $states.input.a %}'.
    #[arg(required_unless_present = "batch")]
    pub expression: Option<String>,
    /// The input ($, $states.input): JSON, @FILE, or - for standard input [default: {}].
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub input: Option<String>,
    /// The context object ($$, $states.context) [default: {}].
    #[arg(long, value_name = "JSON|@FILE")]
    pub context: Option<String>,
    /// Variables by name, without $ [default: {}].
    #[arg(long, value_name = "JSON|@FILE")]
    pub variables: Option<String>,
    /// Further fields of $states, such as result or errorOutput [default: {}].
    #[arg(long, value_name = "JSON|@FILE")]
    pub states: Option<String>,
    /// Show the values of the parts of a JSONata expression, or why a path finds nothing.
    #[arg(long)]
    pub explain: bool,
    /// Answer questions, one JSON object a line of standard input.
    #[arg(long, hide = true, conflicts_with = "expression")]
    pub batch: bool,
}

/// `asldb serve`
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Definitions, templates with definitions, and folders whose *.asl.json and *.asl.yaml files are definitions.
    #[arg(value_name = "FILE|DIR")]
    pub definitions: Vec<PathBuf>,
    /// The port; 0 is any free one.
    #[arg(long, value_name = "N", default_value_t = 8083)]
    pub port: u16,
    /// The address to listen at. Programs of other computers can use the server, too, if they can reach this address.
    #[arg(long, value_name = "ADDRESS|NAME", default_value = "127.0.0.1")]
    pub host: String,
    /// The account in ARNs.
    #[arg(long, value_name = "NUMBER", default_value = "123456789012", value_parser = account)]
    pub account: String,
    /// The region in ARNs.
    #[arg(long, value_name = "NAME", default_value = "us-east-1", value_parser = region)]
    pub region: String,
    /// The type of the machines given as files; those that the store knows cannot change theirs [default: that of the
    /// template, else standard].
    #[arg(long = "type", value_name = "TYPE", ignore_case = true)]
    pub kind: Option<Kind>,
    /// A value for the placeholder ${NAME}; or a JSON or YAML file of names and values. May be repeated.
    #[arg(long, value_name = "NAME=VALUE|@FILE")]
    pub set: Vec<String>,
    /// Keep machines and executions in this file instead of the user's own store, which the commands of the API use, too.
    /// Executions go on where they were when the server starts again.
    #[arg(long, value_name = "FILE", conflicts_with = "in_memory")]
    pub store: Option<PathBuf>,
    /// Keep nothing: machines and executions end with the server.
    #[arg(long)]
    pub in_memory: bool,
    /// A folder that stands for an S3 bucket, for the items and results of distributed Maps; may be repeated.
    #[arg(long, value_name = "BUCKET=DIR", value_parser = Buckets::parse)]
    pub s3: Vec<Named>,
    /// Answers for tasks, in the MockConfigFile format; read again when it is saved.
    #[arg(long, value_name = "FILE")]
    pub mocks: Option<PathBuf>,
    /// Do not wait: an execution that nothing but a timer can move jumps to it.
    #[arg(long)]
    pub skip_waits: bool,
    /// Do not end Standard executions at 25,000 events.
    #[arg(long)]
    pub no_history_limit: bool,
    /// Let web pages of this origin use the server, as in http://localhost:3000; may be repeated.
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,
    /// Another host name that the server is called by; may be repeated. Known are names of this computer's loopback
    /// interface, the address it listens at, and each of them after `sync-`.
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
}

/// An AWS account: twelve digits.
fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("an account has twelve digits".to_owned())
    }
}

/// An AWS region: small letters, digits and dashes.
fn region(text: &str) -> Result<String, String> {
    let is_right = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !text.is_empty() && text.bytes().all(is_right) {
        Ok(text.to_owned())
    } else {
        Err("a region is written like us-east-1".to_owned())
    }
}

/// The type of a state machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// StartExecution
    #[default]
    Standard,
    /// StartSyncExecution
    Express,
}

impl Kind {
    /// The type that was asked for, else the one of the template, else standard.
    #[must_use]
    pub fn or(asked: Option<Self>, template: Option<MachineType>) -> Self {
        asked.unwrap_or(match template {
            Some(MachineType::Express) => Self::Express,
            Some(MachineType::Standard) | None => Self::Standard,
        })
    }
}
