//! The operations of the Step Functions API as commands: `asldb start-execution`.
//!
//! Options, help, checks, paging, layouts of answers, messages and exit statuses are those of the AWS CLI, so that scripts
//! for one work with the other. All of it is made from the table of [`crate::api`], and only when such a command is called.

pub mod failure;
pub mod target;

pub mod command;
pub mod files;
pub mod names;
pub mod options;
pub mod output;
pub mod paging;
pub mod parameters;
pub mod present;
pub mod python;
pub mod query;
#[cfg(feature = "aws")]
pub mod remote;
pub mod shorthand;
pub mod validate;

use std::io::Write;
use std::process::ExitCode;

use command::Asked;
use failure::Failure;
use options::{Layout, Options, Skeleton};
use output::Screen;
use paging::Pager;
use target::Target;

use crate::api::shape::Paging;
use crate::api::{Operation, skeleton};
use crate::value::{Object, Value};

/// Runs the command of the API that `arguments` (without the program's name) call; none if they call another one.
#[must_use]
pub fn main(arguments: &[String]) -> Option<ExitCode> {
    let (operation, rest) = command::split(arguments)?;
    if operation.as_ref().is_err_and(|command| command == "help" || command == "--help") {
        return Some(print(&overview()).map_or_else(|failure| failure.report(), |()| ExitCode::SUCCESS));
    }
    let result = operation.map_err(|unknown| Failure::Usage(unknown_command(&unknown))).and_then(|it| run(it, &rest));
    Some(result.map_or_else(|failure| failure.report(), |()| ExitCode::SUCCESS))
}

/// The commands of the API and what they do: `asldb stepfunctions help`.
fn overview() -> String {
    let line = |operation: &Operation| {
        format!("  {:<37} {}\n", names::kebab(operation.name()), operation.description().summary.trim_end_matches('.'))
    };
    let lines: String = Operation::ALL.iter().map(line).collect();
    format!(
        "The operations of the Step Functions API, with the options of the AWS CLI.\n\nUsage: asldb [options] <command> \
         [parameters]\n       asldb <command> help\n\nCommands:\n{lines}"
    )
}

fn unknown_command(name: &str) -> String {
    if name.is_empty() {
        return "the following arguments are required: operation".to_owned();
    }
    let mut all: Vec<String> = Operation::ALL.iter().map(|operation| names::kebab(operation.name())).collect();
    all.sort();
    format!("argument operation: Invalid choice, valid choices are:\n\n{}", command::choices(&all))
}

fn run(operation: Operation, arguments: &[String]) -> Result<(), Failure> {
    let matches = match command::read(operation, arguments)? {
        Asked::Call(matches) => matches,
        Asked::Text(text) => return print(&text),
    };
    let paging = operation.description().paging.filter(|paging| paging.is_automatic);
    let mut options = Options::read(&matches, paging.is_some())?;
    match options.skeleton {
        Some(Skeleton::Input) => {
            let screen = Screen { width: 80, color: false };
            return print(&output::render(operation, Layout::Json, screen, &skeleton::input(operation)));
        }
        Some(Skeleton::YamlInput) => return print(&skeleton::input_yaml(operation)),
        _ => {}
    }
    let mut parameters = parameters::read(operation, &matches)?;
    // Who asks for a page in the text of the parameters gets that page.
    options.pages.paginate &= !parameters.contains_key("maxResults") && !parameters.contains_key("nextToken");
    parameters::add_tokens(operation, &mut parameters);
    validate::validate(operation, &parameters.clone().into())?;
    if options.skeleton == Some(Skeleton::Output) {
        let layout = options.layout.unwrap_or(Layout::Json);
        return Printer { operation, options: &options, layout }.print(skeleton::output(operation));
    }
    // Executions of the embedded service run beside this thread, which must see interrupts.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Other(format!("no runtime: {error}")))?;
    let result = runtime.block_on(async {
        tokio::select! {
            biased;
            result = perform(operation, paging, parameters, &options) => result,
            _ = tokio::signal::ctrl_c() => Err(Failure::Interrupted),
        }
    });
    runtime.shutdown_background();
    result
}

async fn perform(
    operation: Operation,
    paging: Option<Paging>,
    parameters: Object,
    options: &Options,
) -> Result<(), Failure> {
    let target = Target::choose(operation, options).await?;
    let layout = options.layout.or_else(|| target.layout()).unwrap_or(Layout::Json);
    let printer = Printer { operation, options, layout };
    let (mut answer, parameters) = (Value::Null, Value::from(parameters));
    if let Some(paging) = paging.filter(|_| options.pages.paginate) {
        let first = parameters.as_object().cloned().unwrap_or_default();
        let pager = Pager::new(&target, operation, paging, first, &options.pages)?;
        printer.pages(pager, paging).await?;
    } else {
        answer = target.call(operation, parameters.clone()).await?;
        printer.answer(&answer)?;
    }
    target.finish(operation, &parameters, &answer).await;
    Ok(())
}

/// Prints answers as the options ask.
struct Printer<'a> {
    operation: Operation,
    options: &'a Options,
    layout: Layout,
}

impl Printer<'_> {
    async fn pages(&self, mut pager: Pager<'_>, paging: Paging) -> Result<(), Failure> {
        match self.layout {
            Layout::Text => {
                while let Some(page) = pager.next().await? {
                    // Only the results belong to the text.
                    let results = page.get(paging.results).cloned().unwrap_or_default();
                    self.answer(&Object::from_iter([(paging.results, results)]).into())?;
                }
                match pager.resume_token() {
                    Some(token) => self.print(resume(token)),
                    None => Ok(()),
                }
            }
            Layout::YamlStream => {
                while let Some(page) = pager.next().await? {
                    self.answer(&page.into())?;
                }
                Ok(())
            }
            _ => {
                let whole = paging::all(pager).await?;
                let token = whole.get("NextToken").cloned();
                let mut answer =
                    present::answer(self.operation, &whole.into()).as_object().cloned().unwrap_or_default();
                if let Some(token) = token {
                    answer.insert("NextToken", token);
                }
                self.print(answer.into())
            }
        }
    }

    fn answer(&self, answer: &Value) -> Result<(), Failure> {
        self.print(present::answer(self.operation, answer))
    }

    fn print(&self, mut value: Value) -> Result<(), Failure> {
        if let Some(query) = &self.options.query {
            value = query.search(&value).map_err(Failure::Other)?;
        }
        let (width, is_terminal) = terminal();
        let screen = Screen { width, color: self.options.color.unwrap_or(is_terminal) };
        print(&output::render(self.operation, self.layout, screen, &value))
    }
}

/// `NEXTTOKEN  <token>`
fn resume(token: &str) -> Value {
    let inner = Object::from_iter([("NextToken", Value::from(token))]);
    Object::from_iter([("NextToken", Value::from(inner))]).into()
}

/// Columns of the terminal, and whether standard output is one.
fn terminal() -> (usize, bool) {
    use std::io::IsTerminal;
    let is_terminal = std::io::stdout().is_terminal();
    let width = if is_terminal { crossterm::terminal::size().map_or(80, |(width, _)| usize::from(width)) } else { 80 };
    (width, is_terminal)
}

/// Writes to standard output; a reader that has gone away is no fault.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Other(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}
