//! The arguments, and which command they name.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

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
    /// Evaluate one expression: a path, an intrinsic function, or JSONata between {% and %}.
    ///
    /// Prints the value; exit status 1 where there is none, with the offending part underlined.
    Eval(EvalArgs),
}

/// `asldb [FILE]`
#[derive(Debug, Default, clap::Args)]
pub struct DebuggerArgs {
    /// The definition: .asl.json, .json, .asl.yaml or .yaml.
    pub file: Option<PathBuf>,
    /// The input: JSON or @FILE. Without it the one used last, or NAME.input.json beside the definition.
    #[arg(long, value_name = "JSON|@FILE")]
    pub input: Option<String>,
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
}

/// `asldb run`
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// The definition: .asl.json, .json, .asl.yaml or .yaml.
    pub file: PathBuf,
    /// The input: JSON, @FILE, or - for standard input [default: {}].
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub input: Option<String>,
    /// Standard executions have the limits of StartExecution, Express ones those of StartSyncExecution.
    #[arg(long = "type", value_name = "TYPE", default_value = "standard", ignore_case = true)]
    pub kind: Kind,
    /// Answers for tasks, in the MockConfigFile format.
    #[arg(long, value_name = "FILE")]
    pub mocks: Option<PathBuf>,
    /// The test case of the mock file.
    #[arg(long, value_name = "NAME", requires = "mocks")]
    pub case: Option<String>,
    /// Do not wait: jump over waits, retry delays and timeouts.
    #[arg(long)]
    pub skip_waits: bool,
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

/// The type of a state machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// StartExecution
    Standard,
    /// StartSyncExecution
    Express,
}
