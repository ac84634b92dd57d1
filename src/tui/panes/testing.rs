//! A run stepped by hand, at a fixed time, for tests of panes.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::PaneView;
use crate::asl::Definition;
use crate::config::Theme;
use crate::debug::{Breakpoints, Mode, Moment, Query, Run, RunSpec, StepSize, Stop, StopReason, Tally, Thread, Visit};
use crate::engine::Names;
use crate::engine::{BranchId, Effect, EventKind, Execution, ExecutionType, Invocation, Log, Machine, Outcome, Signal};
use crate::runtime::tasks::Unanswered;
use crate::runtime::{Clock, View};
use crate::tui::command::Command;
use crate::tui::glyph::Glyphs;
use crate::tui::look::{Look, Request, RunLook};
use crate::tui::style::{Depth, Styles};
use crate::value::{Timestamp, Value, read};

/// How a task ends: with a result, an error and a cause, or not at all.
pub(super) type TaskEnd = Option<Result<&'static str, (&'static str, &'static str)>>;

/// A run, and everything a look at it needs.
pub(super) struct Bench {
    // The run is only there for its number and names; its runtime never gets to work.
    _runtime: tokio::runtime::Runtime,
    run: Run,
    pub(super) definition: Arc<Definition>,
    pub(super) machine: Machine,
    pub(super) log: Log,
    pub(super) view: View,
    pub(super) focus: BranchId,
    pub(super) stop: Option<Stop>,
    pub(super) breakpoints: Breakpoints,
    pub(super) watches: Vec<Query>,
    pub(super) glyphs: Glyphs,
    pub(super) styles: Styles,
    moment: Option<Moment>,
    tally: Tally,
    visit: Option<Visit>,
    answer: fn(&str, &Invocation) -> TaskEnd,
    hint: Option<Arc<str>>,
}

impl Bench {
    /// A run of `text` with `input` that has not made a step.
    pub(super) fn new(text: &str, input: &str) -> Self {
        Self::with(text, read(input).expect("the input is JSON"))
    }

    pub(super) fn with(text: &str, input: Value) -> Self {
        let definition = Arc::new(Definition::read("order.asl.json", text));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let run = {
            let _entered = runtime.enter();
            let spec = RunSpec {
                number: 1,
                definition: definition.clone(),
                input: input.clone(),
                mode: Mode::Async,
                size: StepSize::Stage,
                names: names(),
                seed: 1,
            };
            Run::start(spec, &Breakpoints::default(), Clock::real(), Arc::new(Unanswered))
                .unwrap_or_else(|| panic!("the definition can run: {}", definition.render_diagnostics()))
        };
        let execution = Execution {
            machine: definition.machine.clone().expect("a machine"),
            input,
            kind: ExecutionType::Standard,
            names: names(),
            seed: 1,
            max_events: None,
            record_stages: true,
        };
        let mut log = Log::default();
        let now = Timestamp::parse("2024-01-01T12:00:00Z").expect("a time");
        let machine = Machine::start(execution, now, &mut log);
        let view = view(&machine, &log);
        let theme = Theme::load("mono", None).expect("a theme");
        Self {
            _runtime: runtime,
            run,
            definition,
            machine,
            log,
            view,
            focus: BranchId::MAIN,
            stop: None,
            breakpoints: Breakpoints::default(),
            watches: Vec::new(),
            glyphs: Glyphs::UNICODE,
            styles: Styles::new(&theme, Depth::None).expect("styles"),
            moment: None,
            tally: Tally::default(),
            visit: None,
            answer: |_, _| None,
            hint: None,
        }
    }

    /// Tasks end as `answer` says: it is told the state's name and the attempt.
    pub(super) fn answering(mut self, answer: fn(&str, &Invocation) -> TaskEnd) -> Self {
        self.answer = answer;
        self
    }

    /// Failures of tasks come with this hint.
    pub(super) fn hinting(mut self, hint: &str) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Runs to the end, or until only an answer helps.
    pub(super) fn finish(mut self) -> Self {
        while self.step() {}
        self.refresh();
        self
    }

    /// Runs until `done` holds, which is asked after each step.
    pub(super) fn until(mut self, done: impl Fn(&Machine, &Log) -> bool) -> Self {
        while !done(&self.machine, &self.log) && self.step() {}
        self.refresh();
        self
    }

    /// Runs until `state` is entered.
    pub(super) fn until_in(self, state: &'static str) -> Self {
        self.until(|machine, log| {
            log.events.last().is_some_and(|event| {
                matches!(event.kind, EventKind::StateEntered { state: entered, .. }
                    if &*machine.execution().machine.state(entered).name == state)
            })
        })
    }

    /// One step; whether there is more to do.
    pub(super) fn step(&mut self) -> bool {
        match self.machine.step(&mut self.log) {
            Outcome::Stepped(_) => {}
            Outcome::Waiting(Some(at)) if self.answers_are_out() => self.machine.advance(at),
            Outcome::Waiting(_) | Outcome::Done => return false,
        }
        self.answer_tasks();
        true
    }

    fn answers_are_out(&self) -> bool {
        self.machine.next_resume().is_some()
    }

    fn answer_tasks(&mut self) {
        for effect in self.machine.take_effects() {
            let Effect::Invoke(call) = effect else { continue };
            let state = self.machine.execution().machine.state(call.state).name.clone();
            let task = call.task;
            let signal = match (self.answer)(&state, &call) {
                None => continue,
                Some(Ok(output)) => Signal::TaskSucceeded { task, output: read(output).expect("JSON") },
                Some(Err((error, cause))) => Signal::TaskFailed {
                    task,
                    error: Some(error.into()),
                    cause: Some(cause.into()),
                    hint: self.hint.clone(),
                },
            };
            let later = self.machine.now().plus_millis(10);
            self.machine.advance(later);
            self.machine.signal(signal, &mut self.log);
        }
    }

    /// Looks at the moment after event `events`; none: at the newest.
    pub(super) fn look_at(&mut self, events: Option<usize>) {
        self.moment = events.map(|events| Moment::after_event(&self.log, events));
        self.refresh();
    }

    /// Looks at `branch`.
    pub(super) fn look_at_branch(&mut self, branch: BranchId) {
        self.focus = branch;
        self.refresh();
    }

    /// Brings everything up to date after steps.
    pub(super) fn refresh(&mut self) {
        self.view = view(&self.machine, &self.log);
        let moment = self.moment();
        let machine = self.definition.machine.as_ref().expect("a machine");
        self.tally.seek(machine, &self.log, moment.events);
        let entered = self
            .log
            .events
            .range(0, moment.events)
            .rev()
            .find(|event| event.branch == self.focus && matches!(event.kind, EventKind::StateEntered { .. }));
        let visit = entered.and_then(|event| Visit::at(&self.definition, machine, &self.log, event.id, moment));
        self.visit = visit.map(|visit| {
            let number = self.log.visits(visit.state, visit.entered.0 as usize).count();
            visit.numbered(number)
        });
        let done = self.machine.status().is_done();
        self.stop = (!done).then_some(Stop { reason: StopReason::Step, step: None, thread: Thread::of(self.focus) });
    }

    pub(super) fn moment(&self) -> Moment {
        self.moment.unwrap_or_else(|| Moment::newest(&self.log))
    }

    /// A look at the run.
    pub(super) fn look(&self) -> Look<'_> {
        let run = RunLook {
            run: &self.run,
            view: &self.view,
            stop: self.stop.clone(),
            moment: self.moment(),
            live: self.moment.is_none(),
            tally: &self.tally,
            focus: self.focus,
            root: &self.view,
            inside: &[],
            is_locked: false,
            here: self.visit.as_ref().map(|visit| visit.state),
            visit: self.visit.as_ref(),
            stood: None,
        };
        Look { run: Some(run), ..self.look_without_run() }
    }

    /// A look at the definition alone.
    pub(super) fn look_without_run(&self) -> Look<'_> {
        Look {
            definition: Some(&self.definition),
            machine: self.definition.machine.as_ref(),
            last_good: None,
            run: None,
            watches: &self.watches,
            breakpoints: &self.breakpoints,
            styles: &self.styles,
            glyphs: &self.glyphs,
        }
    }

    /// A look at nothing.
    pub(super) fn look_at_nothing(&self) -> Look<'_> {
        Look { definition: None, machine: None, ..self.look_without_run() }
    }

    /// Does what `requests` ask for, as far as it is about the moment and the branch.
    pub(super) fn take(&mut self, requests: &[Request]) {
        for request in requests {
            match request {
                Request::LookAtEvent(event) => {
                    self.look_at(Some(*event).filter(|event| *event <= self.log.events.len()));
                }
                Request::LookAtBranch(branch) => self.look_at_branch(*branch),
                _ => {}
            }
        }
    }

    /// Gives `pane` a command and does what it asks for.
    pub(super) fn command(&mut self, pane: &mut dyn PaneView, command: Command) -> Option<Vec<Request>> {
        let requests = pane.command(command, &self.look());
        self.take(requests.as_deref().unwrap_or_default());
        requests
    }

    /// `pane` drawn with the focus, line by line, and where the cursor is.
    pub(super) fn draw(&self, pane: &mut dyn PaneView, width: u16, height: u16) -> (Vec<String>, Option<Position>) {
        draw(&self.look(), pane, width, height)
    }

    /// `pane` drawn with the focus, line by line.
    pub(super) fn lines(&self, pane: &mut dyn PaneView, width: u16, height: u16) -> Vec<String> {
        self.draw(pane, width, height).0
    }
}

/// `pane` drawn at `look` with the focus.
pub(super) fn draw(
    look: &Look<'_>,
    pane: &mut dyn PaneView,
    width: u16,
    height: u16,
) -> (Vec<String>, Option<Position>) {
    let (buffer, cursor) = buffer(look, pane, width, height);
    (text(&buffer), cursor)
}

pub(super) fn buffer(look: &Look<'_>, pane: &mut dyn PaneView, width: u16, height: u16) -> (Buffer, Option<Position>) {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    let cursor = pane.draw(look, area, true, &mut buffer);
    (buffer, cursor)
}

/// The lines of `buffer` without the blanks at their ends.
pub(super) fn text(buffer: &Buffer) -> Vec<String> {
    let line = |y| (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
    (0..buffer.area.height).map(line).collect()
}

/// Draws `pane` at every small size and gives it every command, a click and a scroll at each.
pub(super) fn survives(look: &Look<'_>, pane: &mut dyn PaneView) {
    let sizes = (0..8u16).flat_map(|w| (0..4u16).map(move |h| (w, h))).chain([(40, 1), (1, 30), (200, 2), (30, 30)]);
    for (width, height) in sizes {
        let (buffer, cursor) = buffer(look, pane, width, height);
        let inside = cursor.is_none_or(|cursor| buffer.area.contains(cursor));
        assert!(inside, "the cursor is inside {width}×{height}");
        assert!(text(&buffer).iter().all(|line| !line.chars().any(char::is_control)));
        for command in Command::ALL {
            pane.command(*command, look);
        }
        pane.click(Position::new(width / 2, height / 2), true, look);
        pane.scroll(3, look);
        pane.scroll(-30, look);
        pane.search("a", true, look);
        pane.search("a", false, look);
        pane.row_text(look);
        pane.title(look);
    }
}

fn names() -> Names {
    Names {
        execution_arn: "arn:aws:states:us-east-1:123456789012:execution:order:first".into(),
        execution_name: "first".into(),
        machine_arn: "arn:aws:states:us-east-1:123456789012:stateMachine:order".into(),
        machine_name: "order".into(),
        role_arn: "arn:aws:iam::123456789012:role/order".into(),
        region: "us-east-1".into(),
    }
}

fn view(machine: &Machine, log: &Log) -> View {
    View {
        log: log.clone(),
        status: machine.status().clone(),
        now: machine.now(),
        started: machine.started(),
        steps: machine.steps(),
        branches: machine.branches().take(512).cloned().collect(),
        branch_count: machine.branches().count(),
        paused: !machine.status().is_done(),
        deadline: None,
        waiting: false,
        clock: crate::runtime::Clock::real(),
        steps_per_second: 0,
        map_runs: Vec::new(),
        machine: Some(Arc::new(machine.clone())),
    }
}
