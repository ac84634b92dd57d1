//! Scenes for the tests of panes: a definition, perhaps a run of it, and what is looked at.

use std::sync::Arc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::PaneView;
use crate::asl::{Definition, StateId, StateMachine};
use crate::config::Theme;
use crate::debug::{Breakpoints, Moment, Run, RunSpec, StatePath, StepSize, Tally, Visit};
use crate::engine::Names;
use crate::engine::{BranchId, EventId, EventKind};
use crate::runtime::{Answer, Clock, TaskCall, TaskResult, Tasks, View};
use crate::tui::glyph::Glyphs;
use crate::tui::look::{Look, RunLook};
use crate::tui::style::{Depth, Styles};
use crate::value;

pub(super) struct Scene {
    pub(super) definition: Option<Arc<Definition>>,
    /// While the definition has errors.
    pub(super) last_good: Option<Arc<StateMachine>>,
    pub(super) breakpoints: Breakpoints,
    pub(super) styles: Styles,
    pub(super) glyphs: Glyphs,
    pub(super) seen: Option<Seen>,
    pub(super) clock: Clock,
}

/// A run and the moment of it that is looked at.
pub(super) struct Seen {
    pub(super) run: Run,
    pub(super) view: Arc<View>,
    pub(super) moment: Moment,
    pub(super) live: bool,
    pub(super) tally: Tally,
    pub(super) here: Option<StateId>,
    pub(super) visit: Option<Visit>,
}

/// Answers each task with its input; the tasks of states whose name starts with `Bad` fail, those that start with
/// `Slow` never end.
struct Echo;

impl Tasks for Echo {
    fn invoke(&self, call: &TaskCall) -> Answer {
        match call.state().name.get(..3) {
            Some("Bad") => Answer::Now(TaskResult::failed("Custom.Bad", "it went wrong")),
            Some("Slo") => Answer::Hang { submitted: None },
            _ => Answer::Now(TaskResult::ok(call.invocation.input.clone())),
        }
    }
}

pub(super) fn styles(theme: &str, depth: Depth) -> Styles {
    Styles::new(&Theme::load(theme, None).expect("a theme"), depth).expect("styles")
}

impl Scene {
    pub(super) fn empty() -> Self {
        let styles = styles("mono", Depth::None);
        Self {
            definition: None,
            last_good: None,
            breakpoints: Breakpoints::default(),
            styles,
            glyphs: Glyphs::UNICODE,
            seen: None,
            clock: Clock::skipping(),
        }
    }

    pub(super) fn new(name: &str, text: &str) -> Self {
        let mut scene = Self::empty();
        scene.read(name, text);
        scene
    }

    /// Another version of the definition.
    pub(super) fn read(&mut self, name: &str, text: &str) {
        let before = self.definition.take().and_then(|definition| definition.machine.clone());
        let definition = Definition::read(name, text);
        self.last_good = before.or(self.last_good.take()).filter(|_| definition.machine.is_none());
        self.definition = Some(Arc::new(definition));
    }

    /// Starts a run that stands after its first stage.
    pub(super) async fn start(&mut self, input: &str) {
        let definition = self.definition.clone().expect("a definition");
        let text = |text: &str| -> Arc<str> { text.into() };
        let spec = RunSpec {
            number: 1,
            definition,
            input: value::read(input).expect("an input"),
            mode: crate::debug::Mode::Async,
            size: StepSize::Stage,
            names: Names {
                execution_arn: text("arn:aws:states:us-east-1:123456789012:execution:test:one"),
                execution_name: text("one"),
                machine_arn: text("arn:aws:states:us-east-1:123456789012:stateMachine:test"),
                machine_name: text("test"),
                role_arn: text("arn:aws:iam::123456789012:role/test"),
                region: text("us-east-1"),
            },
            seed: 1,
        };
        let run = Run::start(spec, &self.breakpoints, self.clock.clone(), Arc::new(Echo)).expect("a machine");
        let view = still(&run, 0).await;
        self.seen = Some(Seen::newest(run, view));
    }

    /// Goes on, and looks when the run stands again.
    pub(super) async fn go(&mut self, size: StepSize) {
        let seen = self.seen.take().expect("a run");
        seen.run.go(size);
        let view = still(&seen.run, seen.view.steps).await;
        self.seen = Some(Seen::newest(seen.run, view));
    }

    /// Stops the run for good.
    pub(super) async fn abort(&mut self) {
        let seen = self.seen.take().expect("a run");
        seen.run.abort("enough");
        let view = still(&seen.run, u64::MAX).await;
        self.seen = Some(Seen::newest(seen.run, view));
    }

    /// Steps until the run has just entered `state`.
    pub(super) async fn run_to(&mut self, state: &str) {
        self.go(StepSize::RunTo(self.id(state))).await;
    }

    /// Looks at the moment after event `events`.
    pub(super) fn look_back(&mut self, events: usize) {
        let seen = self.seen.take().expect("a run");
        let moment = Moment::after_event(&seen.view.log, events);
        let live = events >= seen.view.log.events.len();
        self.seen = Some(Seen::at(seen.run, seen.view, moment, live));
    }

    pub(super) fn id(&self, state: &str) -> StateId {
        self.look().machine.expect("a machine").find(state).expect("a state")
    }

    pub(super) fn toggle_breakpoint(&mut self, state: &str) {
        let path = StatePath::of(self.look().machine.expect("a machine"), self.id(state));
        self.breakpoints.toggle(path);
    }

    pub(super) fn look(&self) -> Look<'_> {
        let run = self.seen.as_ref().map(|seen| RunLook {
            run: &seen.run,
            view: &seen.view,
            stop: seen.run.stop(),
            moment: seen.moment,
            live: seen.live,
            tally: &seen.tally,
            focus: seen.run.stop().map_or(BranchId::MAIN, |stop| stop.thread.branch),
            root: &seen.view,
            inside: &[],
            is_locked: false,
            here: seen.here,
            visit: seen.visit.as_ref(),
            stood: None,
        });
        Look {
            definition: self.definition.as_ref(),
            machine: self.definition.as_ref().and_then(|definition| definition.machine.as_ref()),
            last_good: self.last_good.as_ref(),
            run,
            watches: &[],
            breakpoints: &self.breakpoints,
            styles: &self.styles,
            glyphs: &self.glyphs,
        }
    }

    /// What `pane` draws, focused, in a place of this size.
    pub(super) fn draw(&self, pane: &mut impl PaneView, width: u16, height: u16) -> Drawn {
        self.draw_as(pane, true, width, height)
    }

    /// Draws `pane` in every small size, focused or not.
    pub(super) fn draw_at_all_sizes(&self, pane: &mut impl PaneView) {
        for (width, height) in (0..14).flat_map(|width| (0..6).map(move |height| (width, height))) {
            let shown = self.draw_as(pane, height % 2 == 0, width, height);
            assert!(shown.cursor.is_none_or(|at| shown.area.contains(at)), "{width} x {height}");
        }
    }

    pub(super) fn draw_as(&self, pane: &mut impl PaneView, focused: bool, width: u16, height: u16) -> Drawn {
        // Not at the corner of the screen, where wrong offsets would not show.
        let area = Rect::new(3, 2, width, height);
        let mut buffer = Buffer::empty(Rect::new(0, 0, width + 6, height + 4));
        let cursor = pane.draw(&self.look(), area, focused, &mut buffer);
        for position in buffer.area.positions().filter(|position| !area.contains(*position)) {
            assert_eq!(buffer[position].symbol(), " ", "{position} is outside of the pane");
        }
        Drawn { buffer, area, cursor }
    }
}

/// What was drawn.
pub(super) struct Drawn {
    pub(super) buffer: Buffer,
    pub(super) area: Rect,
    pub(super) cursor: Option<Position>,
}

impl Drawn {
    pub(super) fn lines(&self) -> Vec<String> {
        let row = |row: Rect| row.positions().map(|at| self.buffer[at].symbol()).collect::<String>();
        self.area.rows().map(|area| row(area).trim_end().to_owned()).collect()
    }

    pub(super) fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// The style of the cell in which row `row` begins to show `text`.
    pub(super) fn style(&self, row: usize, text: &str) -> ratatui::style::Style {
        let line = &self.lines()[row];
        let at = line.find(text).unwrap_or_else(|| panic!("{text} is in {line}"));
        let column = u16::try_from(line[..at].chars().count()).expect("a column");
        let row = u16::try_from(row).expect("a row");
        self.buffer[(self.area.x + column, self.area.y + row)].style()
    }

    /// The place of column `x` of row `y`.
    pub(super) fn at(&self, x: u16, y: u16) -> Position {
        Position::new(self.area.x + x, self.area.y + y)
    }
}

impl Seen {
    fn newest(run: Run, view: Arc<View>) -> Self {
        let moment = Moment::newest(&view.log);
        Self::at(run, view, moment, true)
    }

    fn at(run: Run, view: Arc<View>, moment: Moment, live: bool) -> Self {
        let machine = run.definition.machine.clone().expect("a machine");
        let mut tally = Tally::default();
        tally.seek(&machine, &view.log, moment.events);
        let focus = run.stop().map_or(BranchId::MAIN, |stop| stop.thread.branch);
        let entered = view.log.events.range(0, moment.events).rev().find_map(|event| match event.kind {
            EventKind::StateEntered { state, .. } if event.branch == focus => Some((state, event.id)),
            _ => None,
        });
        let visit = |id: EventId| {
            let visit = Visit::at(&run.definition, &machine, &view.log, id, moment)?;
            let number = view.log.visits(visit.state, id.0 as usize).count();
            Some(visit.numbered(number))
        };
        let visit = entered.and_then(|(_, id)| visit(id));
        Self { run, view, moment, live, tally, here: entered.map(|(state, _)| state), visit }
    }
}

/// The view of `run` when it stands after more than `steps` steps.
async fn still(run: &Run, steps: u64) -> Arc<View> {
    let mut views = run.handle().views();
    let stands = |view: &Arc<View>| {
        view.steps > steps && (view.paused || view.waiting) || view.status.is_done() && view.machine.is_some()
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), views.wait_for(stands));
    waited.await.expect("it stands soon").expect("it is there").clone()
}
