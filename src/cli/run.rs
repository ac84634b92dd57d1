//! `asldb run`: an execution without the terminal UI.

mod replay;

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};

use super::args::{Kind, RunArgs};
use super::buckets::with_buckets;
use super::open::{self, Source};
use crate::asl::{Definition, StateMachine};
use crate::debug::fault_span;
use crate::engine::{self, Execution, ExecutionType, Fault, Log, Machine, Signal, Status, history};
use crate::load::Entry;
use crate::runtime::mock::{MockFile, MockTasks, Mocks};
use crate::runtime::names;
use crate::runtime::tasks::Unanswered;
use crate::runtime::{Clock, Driver, Handle, NoGate, Order, Tasks};
use crate::text::{Diagnostic, LineIndex};
use crate::value::Value;

/// Express executions have no limit of events on AWS, but a loop without an exit must not eat all memory here.
const EXPRESS_EVENTS: u32 = 10_000_000;

/// How long a run may take before its progress is shown.
const PATIENCE: Duration = Duration::from_millis(700);

/// Runs a definition to its end.
///
/// # Errors
/// What cannot be used: the definition, the input, the mock file.
pub fn run(args: &RunArgs) -> anyhow::Result<ExitCode> {
    let opened = open::definition(&args.file, &Source::of(&args.source)?)?;
    warn(&opened.note());
    let Entry { definition, kind, logical_id } = opened.entry;
    let Some(machine) = definition.machine.clone() else {
        let why = if definition.has_errors() { "The definition has errors." } else { "There is nothing to run." };
        return Err(anyhow!("{}\n{why}", definition.render_diagnostics()));
    };
    warn(&definition.render_diagnostics());
    if let Some(history) = &args.replay {
        return replay::run(args, history, definition);
    }
    let name = logical_id.unwrap_or_else(|| names::machine_name(&args.file));
    let tasks = tasks(args, &machine, &name)?;
    let seed = args.seed.unwrap_or_else(names::new_seed);
    let kind = match Kind::or(args.kind, kind) {
        Kind::Standard => ExecutionType::Standard,
        Kind::Express => ExecutionType::ExpressSync,
    };
    let execution = Execution {
        machine,
        input: open::input(args.input.as_deref())?,
        kind,
        names: names::names(&name, seed, kind == ExecutionType::ExpressSync),
        seed,
        max_events: (!args.no_history_limit).then_some(match kind {
            ExecutionType::Standard => engine::MAX_EVENTS,
            ExecutionType::Express | ExecutionType::ExpressSync => EXPRESS_EVENTS,
        }),
        record_stages: false,
    };
    let clock = if args.skip_waits { Clock::skipping() } else { Clock::real() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let (machine, log) = runtime.block_on(drive(execution, clock, tasks));
    finish(args, &definition, &machine, &log)
}

/// The tasks of a run: the mocks of the case that was named, or none. What is odd about the mocks is told.
fn tasks(args: &RunArgs, machine: &StateMachine, name: &str) -> anyhow::Result<Arc<dyn Tasks>> {
    let nobody = with_buckets(Arc::new(Unanswered), &args.s3, None)?;
    let Some(path) = &args.mocks else { return Ok(nobody) };
    let file = read_mocks(path)?;
    let (name, case) =
        choose_case(&file, name, args.case.as_deref()).map_err(|error| error.context(path.display().to_string()))?;
    let misfits = file.case(&name, &case)?.check(machine);
    warn(&rendered(file.name(), file.to_json_text(), file.warnings().iter().chain(&misfits)));
    Ok(Arc::new(MockTasks::new(Mocks::new(file), &name, &case, nobody)?))
}

/// The machine and test case to use: what does not need to be said need not be said.
///
/// # Errors
/// The file has no such case, or several and none was named.
pub fn choose_case(file: &MockFile, machine: &str, case: Option<&str>) -> anyhow::Result<(String, String)> {
    let has = file.machines().any(|known| &**known == machine);
    let machine = if has { machine } else { file.only_machine().map_or(machine, |only| only) };
    let cases: Vec<&str> = file.cases(machine).map(|case| &**case).collect();
    let case = match (case, cases.as_slice()) {
        (Some(case), _) => case,
        (None, [only]) => only,
        (None, []) => return Err(anyhow!("it has no test cases for state machine `{machine}`")),
        (None, many) => return Err(anyhow!("choose a test case with --case: {}", many.join(", "))),
    };
    file.case(machine, case)?;
    Ok((machine.to_owned(), case.to_owned()))
}

/// Reads a mock file.
///
/// # Errors
/// It cannot be read, or has faults; the message has their places.
pub fn read_mocks(path: &Path) -> anyhow::Result<MockFile> {
    let (name, text) = (path.display().to_string(), open::text(path)?);
    MockFile::read(&name, &text)
        .map_err(|faults| anyhow!("{}\nThe mock file has errors.", rendered(&name, &text, &faults)))
}

fn rendered<'d>(name: &str, text: &str, diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> String {
    let lines = LineIndex::new(text);
    let shown: Vec<String> = diagnostics.into_iter().map(|found| found.render(name, text, &lines)).collect();
    shown.join("\n")
}

/// Runs the execution; an interrupt stops it as StopExecution does.
async fn drive(execution: Execution, clock: Clock, tasks: Arc<dyn Tasks>) -> (Machine, Log) {
    let (driver, handle) = Driver::start(execution, clock, NoGate, tasks);
    let run = driver.run(true);
    tokio::pin!(run);
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + PATIENCE, Duration::from_millis(200));
    let shows_progress = std::io::stderr().is_terminal();
    loop {
        tokio::select! {
            biased;
            end = &mut run => {
                progress(shows_progress, "");
                return end;
            }
            interrupt = tokio::signal::ctrl_c() => {
                if interrupt.is_ok() {
                    handle.send(Order::Signal(Signal::Stop { error: None, cause: Some("interrupted".into()) }));
                }
            }
            _ = ticks.tick() => progress(shows_progress, &where_it_is(&handle)),
        }
    }
}

fn where_it_is(handle: &Handle<()>) -> String {
    let view = handle.view();
    let machine = &handle.execution().machine;
    let state = view.branches.last().map_or("", |branch| &machine.state(branch.state).name);
    let seconds = view.now.since(view.started) / 1000;
    format!("{state}  {} events  {seconds} s", view.log.events.len())
}

/// Shows how far the run is, on one line of the terminal; an empty text takes it away.
fn progress(shown: bool, text: &str) {
    if shown {
        let mut stderr = std::io::stderr();
        // A terminal that is gone does not matter here.
        drop(write!(stderr, "\r\x1b[2K{text}"));
        drop(stderr.flush());
    }
}

/// Writes the history where it is wanted; whether that is standard output.
fn write_history(args: &RunArgs, machine: &Machine, log: &Log) -> anyhow::Result<bool> {
    let Some(file) = &args.history else { return Ok(false) };
    let json = history::to_json(log, machine.execution());
    if file == Path::new("-") {
        print(&json)?;
        return Ok(true);
    }
    std::fs::write(file, json.to_pretty_json() + "\n")
        .with_context(|| format!("cannot write the history to {}", file.display()))?;
    Ok(false)
}

fn finish(args: &RunArgs, definition: &Definition, machine: &Machine, log: &Log) -> anyhow::Result<ExitCode> {
    let to_stdout = write_history(args, machine, log)?;
    match machine.status() {
        Status::Succeeded(output) => {
            if !to_stdout {
                print(output)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        status => {
            if let Some(fault) = status.fault() {
                warn(&failure(definition, machine, status, fault));
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The status, the error and its cause, and where in the file it arose.
fn failure(definition: &Definition, machine: &Machine, status: &Status, fault: &Fault) -> String {
    let span = fault_span(definition, &machine.execution().machine, fault);
    let place = span.map_or_else(String::new, |span| {
        let at = definition.position(span.start as usize);
        format!("{}:{at}: ", definition.name)
    });
    let mut text = format!("{place}{} {}", status.name(), fault.summary());
    if let Some(span) = span {
        text.push_str(&crate::text::diagnostic::excerpt(span, &definition.text, &definition.lines));
    }
    if let Some(hint) = fault.help() {
        text.push_str("\n  help: ");
        text.push_str(hint);
    }
    text
}

/// Several lines for people, one for programs.
fn print(value: &Value) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    let text = if stdout.is_terminal() { value.to_pretty_json() } else { value.to_json() };
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        // Whoever reads has enough, as `head` does.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write the output"),
    }
}

#[expect(clippy::print_stderr, reason = "stdout carries the output and nothing else")]
fn warn(text: &str) {
    if !text.is_empty() {
        eprintln!("{text}");
    }
}
