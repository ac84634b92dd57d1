//! A script of commands without a screen: what was said is the transcript.
//!
//! Nothing of it depends on the moment or the machine: no kept session, one seed, a clock that stands but for the waits,
//! which are skipped.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::app::{Action, App, ForkOrder, Message, Setup, Start};
use crate::asl::Definition;
use crate::debug::Run;
use crate::runtime::{Clock, Question};
use crate::value::Timestamp;

/// Turns that the runs have the thread for before they are taken to be at rest.
const QUIET: u32 = 8;

/// Runs the lines of `script`: one command each, as behind `:`; empty lines and those that begin with `#` are skipped.
/// The transcript goes to `out`. Must be called on a tokio runtime with one thread. Returns whether all commands could
/// be done and all assertions held.
///
/// # Errors
/// The transcript cannot be written.
pub async fn run(
    setup: Setup,
    questions: UnboundedReceiver<Question>,
    script: &str,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let app = App::new(setup)?;
    let mut batch =
        Batch { app, questions, runs: Vec::new(), out, position: String::new(), is_over: false, is_right: true };
    batch.opened()?;
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if batch.is_over {
            break;
        }
        batch.line(line).await?;
    }
    batch.out.flush()?;
    Ok(batch.is_right)
}

/// Every run begins at the same time, and waits for nothing.
fn clock() -> Clock {
    let mut clock = Clock::standing(Timestamp::parse("2024-01-01T00:00:00Z").unwrap_or_default());
    clock.set_skips(true);
    clock
}

struct Batch<'o> {
    app: App,
    questions: UnboundedReceiver<Question>,
    runs: Vec<Run>,
    out: &'o mut dyn Write,
    /// Where the run stood when this was last said.
    position: String,
    is_over: bool,
    is_right: bool,
}

impl Batch<'_> {
    /// Tells what was opened, if there is anything to say of it: a history, say.
    fn opened(&mut self) -> io::Result<()> {
        let (said, _) = self.app.take_said();
        if said.is_empty() {
            return Ok(());
        }
        for text in said {
            writeln!(self.out, "{text}")?;
        }
        self.tell_position()
    }

    fn tell_position(&mut self) -> io::Result<()> {
        let position = self.app.position();
        if position != self.position {
            writeln!(self.out, "{position}")?;
            self.position = position;
        }
        Ok(())
    }

    async fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "> {line}")?;
        let actions = self.app.run_line(line);
        self.perform(actions)?;
        drop(self.app.update(Message::News));
        self.rest().await;
        // Layers are for people.
        self.app.close_layers();
        let (said, has_failed) = self.app.take_said();
        self.is_right &= !has_failed;
        for text in said {
            writeln!(self.out, "{text}")?;
        }
        self.tell_position()
    }

    fn perform(&mut self, actions: Vec<Action>) -> io::Result<()> {
        for action in actions {
            match action {
                Action::Start(start) => self.start(*start)?,
                Action::Fork(order) => self.fork(*order)?,
                Action::RunAgain(order) => {
                    let message = order.run();
                    if let Message::RanAgain(Some(run), _) = &message {
                        self.runs.push(run.clone());
                    }
                    let actions = self.app.update(message);
                    self.perform(actions)?;
                }
                Action::Compare(order) => {
                    let actions = self.app.update(Message::Compared(Box::new(order.compare())));
                    self.perform(actions)?;
                }
                Action::FindOut(find) => match find() {
                    Message::Found(layer) => {
                        for line in layer.lines() {
                            writeln!(self.out, "{line}")?;
                        }
                    }
                    message => {
                        let actions = self.app.update(message);
                        self.perform(actions)?;
                    }
                },
                Action::Quit => self.is_over = true,
                Action::Copy { what, text } => writeln!(self.out, "{what}: {text}")?,
                Action::Reload => self.reload()?,
                Action::Keep(_) | Action::KeepProgress(_) | Action::UseMocks(_) => {}
                Action::Open { .. }
                | Action::Edit { .. }
                | Action::WriteMocks { .. }
                | Action::WriteDefinition(_)
                | Action::LoadTheme(_)
                | Action::SetMouse(_)
                | Action::Suspend => writeln!(self.out, "(nothing to do without a screen)")?,
            }
        }
        Ok(())
    }

    fn start(&mut self, start: Start) -> io::Result<()> {
        let Start { spec, breakpoints, tasks } = start;
        let Some(run) = Run::start(spec, &breakpoints, clock(), tasks) else { return Ok(()) };
        self.runs.push(run.clone());
        let actions = self.app.update(Message::Started(run));
        self.perform(actions)
    }

    fn fork(&mut self, order: ForkOrder) -> io::Result<()> {
        let ForkOrder { run, fork, breakpoints, tasks } = order;
        let message = match run.fork(fork, &breakpoints, clock(), tasks) {
            Ok(forked) => {
                self.runs.push(forked.clone());
                Message::Forked(forked, run.number)
            }
            Err(error) => {
                self.is_right = false;
                Message::Say(format!("error: not possible: {error}."))
            }
        };
        let actions = self.app.update(message);
        self.perform(actions)
    }

    fn reload(&mut self) -> io::Result<()> {
        let Some(path) = self.app.file().cloned() else { return Ok(()) };
        match std::fs::read(&path) {
            Ok(bytes) => {
                let definition = Definition::read_bytes(&path.display().to_string(), &bytes);
                let actions = self.app.update(Message::Definition(Arc::new(definition)));
                self.perform(actions)
            }
            Err(error) => {
                self.is_right = false;
                writeln!(self.out, "error: {} cannot be read: {error}", path.display())
            }
        }
    }

    /// Waits until every run stands, asks, or has ended.
    async fn rest(&mut self) {
        let mut quiet = 0;
        while quiet < QUIET {
            tokio::task::yield_now().await;
            while let Ok(question) = self.questions.try_recv() {
                drop(self.app.update(Message::Question(question)));
            }
            let is_asked = self.app.is_asked();
            let views: Vec<_> = self.runs.iter().map(|run| (run, run.view())).collect();
            // A view may be old; the gate forgets its stop as soon as it is told to go on.
            let rests = |run: &Run| {
                let view = run.view();
                view.status.is_done() || view.paused && run.stop().is_some() || view.waiting && is_asked
            };
            let waits = views.iter().any(|(_, view)| view.waiting);
            if self.runs.iter().all(rests) {
                quiet += 1;
            } else if waits && self.app.is_locked() {
                // The others could go on, and may not.
                quiet += 1;
            } else {
                quiet = 0;
                if waits {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            }
        }
        drop(self.app.update(Message::News));
    }
}
