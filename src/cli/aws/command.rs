//! The arguments of a command, made from the table of the API.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::failure::Failure;
use super::names;
use super::options::Layout;
use crate::api::{Member, Operation, Shape};

/// An option that all commands have: name, name of its value (none for a switch), sentence.
type Row = (&'static str, Option<&'static str>, &'static str);

const GLOBAL: &[Row] = &[
    ("debug", None, "Tell on standard error what is done."),
    ("endpoint-url", Some("URL"), "Call the service at this address instead of the embedded one."),
    ("no-verify-ssl", None, "Not supported; --ca-bundle lets other certificates be trusted."),
    ("no-paginate", None, "Make one call only, for the first page of results."),
    ("output", Some("LAYOUT"), "Layout of the answer: json, text, table, yaml, yaml-stream."),
    ("query", Some("JMESPATH"), "What to take from the answer."),
    ("profile", Some("NAME"), "Call AWS with this profile of the configuration files."),
    (
        "region",
        Some("REGION"),
        "The region. If there are credentials, too, AWS is called; else it is that of the embedded service.",
    ),
    ("color", Some("WHEN"), "Colours in tables: on, off, auto."),
    ("no-sign-request", None, "Do not sign requests; no credentials are needed."),
    ("ca-bundle", Some("FILE"), "Trust these certificates (PEM)."),
    ("cli-read-timeout", Some("SECONDS"), "How long to wait for an answer; 0 for ever [default: 60]."),
    ("cli-connect-timeout", Some("SECONDS"), "How long to wait for a connection; 0 for ever [default: 60]."),
    ("cli-binary-format", Some("FORMAT"), "Accepted for scripts; no parameter of this API is binary."),
    ("no-cli-pager", None, "Accepted for scripts; no pager is used."),
    ("cli-auto-prompt", None, "Not supported."),
    ("no-cli-auto-prompt", None, "Accepted for scripts."),
];

const LOCAL: &[Row] = &[
    ("store", Some("FILE"), "The file of the embedded service that holds state machines and executions."),
    ("in-memory", None, "Let the embedded service keep nothing."),
    ("mocks", Some("FILE"), "Answers for tasks in the embedded service, in the MockConfigFile format."),
];

const PAGING: &[Row] = &[
    ("max-items", Some("N"), "Most results in all; NextToken tells where to go on."),
    ("starting-token", Some("TOKEN"), "Where to go on: NextToken of an answer that --max-items cut."),
    ("page-size", Some("N"), "Results a call."),
];

/// Splits the arguments behind the program's name into a command of the API and its arguments; options that all commands
/// have may stand before it, and so may `stepfunctions`. None if it is another command.
#[must_use]
pub fn split(arguments: &[String]) -> Option<(Result<Operation, String>, Vec<String>)> {
    let mut at = 0;
    let mut is_named = false;
    while let Some(argument) = arguments.get(at) {
        if let Some(name) = argument.strip_prefix("--").filter(|name| !(is_named && *name == "help")) {
            at += leading(name)?;
        } else if argument == "stepfunctions" && !is_named {
            is_named = true;
            at += 1;
        } else {
            break;
        }
    }
    let command = arguments.get(at).map_or("", String::as_str);
    let operation = names::operation(command).ok_or_else(|| command.to_owned());
    if operation.is_err() && !is_named {
        return None;
    }
    let is_rest = |(index, argument): &(usize, &String)| *index != at && (*index > at || *argument != "stepfunctions");
    let rest = arguments.iter().enumerate().filter(is_rest).map(|(_, argument)| argument.clone());
    Some((operation, rest.collect()))
}

/// How many arguments the option `name` takes up, if it is one that all commands have.
fn leading(name: &str) -> Option<usize> {
    let (bare, value) = name.split_once('=').map_or((name, None), |(bare, value)| (bare, Some(value)));
    let (_, takes, _) = GLOBAL.iter().chain(LOCAL).find(|(known, ..)| *known == bare)?;
    Some(if takes.is_some() && value.is_none() { 2 } else { 1 })
}

/// What arguments ask for.
#[derive(Debug)]
pub enum Asked {
    /// A call with these options.
    Call(Box<ArgMatches>),
    /// This text: help or version.
    Text(String),
}

/// Reads the arguments of `operation`.
///
/// # Errors
/// What is wrong with them.
pub fn read(operation: Operation, arguments: &[String]) -> Result<Asked, Failure> {
    let wants_help = arguments.first().is_some_and(|first| first == "help");
    if wants_help {
        return Ok(Asked::Text(command(operation, false).render_long_help().to_string()));
    }
    let command = command(operation, is_complete(arguments));
    match command.try_get_matches_from(arguments) {
        Ok(matches) => Ok(Asked::Call(Box::new(matches))),
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            Ok(Asked::Text(error.render().to_string()))
        }
        Err(error) => Err(explain(&error)),
    }
}

/// Whether parameters may come from elsewhere, or none are needed.
fn is_complete(arguments: &[String]) -> bool {
    arguments.iter().enumerate().any(|(at, argument)| {
        let name = argument.split('=').next().unwrap_or_default();
        match name {
            "--cli-input-json" | "--cli-input-yaml" => true,
            // An example of an answer is for parameters that are right.
            "--generate-cli-skeleton" => {
                let value = argument.split_once('=').map(|(_, value)| value);
                value.or_else(|| arguments.get(at + 1).map(String::as_str)) != Some("output")
            }
            _ => false,
        }
    })
}

/// The command of `operation`; parameters are optional if `is_complete`.
fn command(operation: Operation, is_complete: bool) -> Command {
    let description = operation.description();
    let name = names::kebab(operation.name());
    let usage = format!("asldb {name} [parameters] [options]");
    let mut command = Command::new(name)
        .about(description.summary)
        .after_help(exceptions(description.errors))
        .version(env!("CARGO_PKG_VERSION"))
        .override_usage(usage)
        .no_binary_name(true)
        .args_override_self(true)
        .infer_long_args(true)
        .max_term_width(100)
        .next_help_heading("Parameters");
    let is_paged = description.paging.is_some_and(|paging| paging.is_automatic);
    for member in description.input.members {
        let is_hidden = is_paged && matches!(member.name, "maxResults" | "nextToken");
        for arg in member_args(operation, member) {
            command = command.arg(arg.required(member.is_required && !is_complete).hide(is_hidden));
        }
    }
    command = command.arg(skeleton()).args(["json", "yaml"].map(input));
    if is_paged {
        command = command.args(PAGING.iter().map(|row| option(*row)));
    }
    command = command.next_help_heading("Embedded service").args(LOCAL.iter().map(|row| option(*row)));
    command.next_help_heading("Options").args(GLOBAL.iter().map(|row| option(*row)))
}

fn exceptions(errors: &[&str]) -> String {
    format!("Exceptions: {}", errors.join(", "))
}

/// The options of a parameter: one, or two for a boolean.
fn member_args(operation: Operation, member: &'static Member) -> Vec<Arg> {
    let name = names::option(operation, member.name);
    let arg = Arg::new(name.clone()).long(name.clone()).help(help(member));
    match member.shape {
        Shape::Boolean => {
            let no = Arg::new(format!("no-{name}")).long(format!("no-{name}")).action(ArgAction::SetTrue);
            let no = no.help(format!("The opposite of --{name}.")).conflicts_with(name);
            vec![arg.action(ArgAction::SetTrue), no]
        }
        Shape::List(_) => vec![arg.num_args(0..).value_name(value_name(member.shape)).allow_negative_numbers(true)],
        shape => vec![arg.value_name(value_name(shape)).allow_negative_numbers(true)],
    }
}

fn help(member: &Member) -> String {
    let values = member.shape.values();
    let (must, doc) = (if member.is_required { "[required] " } else { "" }, member.doc);
    let values = if values.is_empty() { String::new() } else { format!(" [{}]", values.join(", ")) };
    format!("{must}{doc}{values}")
}

fn value_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::String(text) if text.is_json => "JSON",
        Shape::String(_) => "TEXT",
        Shape::Integer(_) | Shape::Long(_) | Shape::Float(_) => "NUMBER",
        Shape::Boolean => "BOOLEAN",
        Shape::Timestamp => "TIME",
        Shape::List(list) => match list.item {
            Shape::Structure(_) | Shape::Map(_) | Shape::List(_) => "KEY=VALUE,..|JSON",
            _ => "TEXT",
        },
        Shape::Map(_) | Shape::Structure(_) => "KEY=VALUE,..|JSON",
    }
}

fn skeleton() -> Arg {
    Arg::new("generate-cli-skeleton")
        .long("generate-cli-skeleton")
        .value_name("KIND")
        .num_args(0..=1)
        .default_missing_value("input")
        .value_parser(["input", "yaml-input", "output"])
        .hide_possible_values(true)
        .help("Print an example of the parameters (input, yaml-input) or of the answer (output) and do nothing else.")
}

fn input(format: &'static str) -> Arg {
    let name = format!("cli-input-{format}");
    let help = format!("Parameters as {} text; options win over them.", format.to_uppercase());
    Arg::new(name.clone()).long(name).value_name("TEXT|file://FILE").help(help)
}

fn option((name, value, help): Row) -> Arg {
    let arg = Arg::new(name).long(name).help(help);
    let Some(value) = value else { return arg.action(ArgAction::SetTrue) };
    let arg = arg.value_name(value).allow_negative_numbers(true);
    match name {
        "output" => arg.value_parser(Layout::ALL.map(|(name, _)| name)).hide_possible_values(true),
        "color" => arg.value_parser(["on", "off", "auto"]).hide_possible_values(true),
        "cli-binary-format" => arg.value_parser(["base64", "raw-in-base64-out"]).hide_possible_values(true),
        _ => arg,
    }
}

/// The fault in the words of the AWS CLI.
fn explain(error: &clap::Error) -> Failure {
    let texts = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    };
    let names: Vec<String> = texts(ContextKind::InvalidArg).iter().map(|text| bare(text).to_owned()).collect();
    let name = names.first().cloned().unwrap_or_default();
    let value = texts(ContextKind::InvalidValue).concat();
    Failure::Usage(match error.kind() {
        ErrorKind::MissingRequiredArgument => {
            format!("the following arguments are required: {}", names.join(", "))
        }
        ErrorKind::UnknownArgument => format!("Unknown options: {name}"),
        ErrorKind::ArgumentConflict => {
            let other = texts(ContextKind::PriorArg).concat();
            format!("argument {name}: not allowed with argument {}", bare(&other))
        }
        ErrorKind::InvalidValue if !value.is_empty() => {
            let choices = choices(&texts(ContextKind::ValidValue));
            format!("argument {name}: Invalid choice, valid choices are:\n\n{choices}")
        }
        ErrorKind::InvalidValue | ErrorKind::NoEquals | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("argument {name}: expected one argument")
        }
        _ => error.render().to_string().trim_start_matches("error: ").trim_end().to_owned(),
    })
}

/// `--name` of `--name <VALUE>`.
fn bare(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or(text)
}

/// Two a line, as the AWS CLI shows them.
pub(super) fn choices(all: &[String]) -> String {
    let lines = all.chunks(2).map(|pair| {
        let padded: Vec<String> = pair.iter().map(|choice| format!("{choice:<40}")).collect();
        padded.join(" | ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn commands_are_well_formed() {
        for operation in Operation::ALL {
            command(*operation, false).debug_assert();
            command(*operation, true).debug_assert();
        }
    }

    #[test]
    fn options_may_stand_before_the_command() {
        let found = |line: &str| split(&args(line)).map(|(operation, rest)| (operation, rest.join(" ")));
        let start = Ok(Operation::StartExecution);
        assert_eq!(found("start-execution --name a"), Some((start.clone(), "--name a".into())));
        assert_eq!(
            found("--endpoint-url http://x --debug stepfunctions start-execution --name stepfunctions"),
            Some((start.clone(), "--endpoint-url http://x --debug --name stepfunctions".into()))
        );
        assert_eq!(found("--region=eu-west-1 start-execution"), Some((start, "--region=eu-west-1".into())));
        assert_eq!(found("stepfunctions wait"), Some((Err("wait".into()), String::new())));
        for other in
            ["", "run x", "x.asl.json", "--mocks m x.asl.json", "--theme dark start-execution", "run start-execution"]
        {
            assert_eq!(found(other), None, "{other}");
        }
    }

    #[track_caller]
    fn refused(line: &str, message: &str) {
        let (operation, rest) = split(&args(line)).expect("a command");
        let failure = read(operation.expect("an operation"), &rest).expect_err("it is refused");
        assert_eq!(failure, Failure::Usage(message.to_owned()), "{line}");
    }

    /// Compared with the AWS CLI 1.46.
    #[test]
    fn faults_read_as_those_of_the_aws_cli() {
        refused("start-execution", "the following arguments are required: --state-machine-arn");
        refused("send-task-success", "the following arguments are required: --task-token, --task-output");
        refused("list-activities --bogus", "Unknown options: --bogus");
        refused("start-execution --state-machine-arn x --name", "argument --name: expected one argument");
        refused(
            "get-execution-history --execution-arn x --reverse-order --no-reverse-order",
            "argument --reverse-order: not allowed with argument --no-reverse-order",
        );
        refused(
            "list-activities --color x",
            &format!("argument --color: Invalid choice, valid choices are:\n\n{:<40} | off\nauto", "on"),
        );
        refused(
            "describe-activity --generate-cli-skeleton output",
            "the following arguments are required: --activity-arn",
        );
    }

    #[test]
    fn parameters_are_not_needed_where_they_may_come_from_elsewhere() {
        for line in [
            "--generate-cli-skeleton",
            "--generate-cli-skeleton yaml-input",
            "--cli-input-json {}",
            "--cli-input-yaml=x",
        ] {
            let matches = read(Operation::StartExecution, &args(line)).expect("they are read");
            assert!(matches!(matches, Asked::Call(_)), "{line}");
        }
    }

    #[test]
    fn help_names_each_parameter() {
        for operation in Operation::ALL {
            let Ok(Asked::Text(help)) = read(*operation, &args("help")) else { panic!("{operation:?} has no help") };
            for member in operation.description().input.members {
                let option = format!("--{}", names::option(*operation, member.name));
                let is_hidden = matches!(member.name, "maxResults" | "nextToken");
                assert!(is_hidden || help.contains(&option), "{operation:?} {option}");
            }
        }
    }
}
