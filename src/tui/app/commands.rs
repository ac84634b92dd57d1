//! What each command does. A command that is about rows goes to the pane that has the focus.

use super::{Action, App};
use crate::debug::{Moment, Plan, StepSize, timeline};
use crate::tui::command::{Command, Mode};
use crate::tui::layers::{Layer, PickerLayer, PromptLayer, PromptPurpose};
use crate::tui::layout::Pane;
use crate::tui::look::Request;
use crate::tui::panes::PaneView;

/// What moving in time does where a pane has no rows of its own to move.
const FAR: i32 = 1_000_000;

impl App {
    pub(super) fn run_command(&mut self, command: Command) -> Vec<Action> {
        if let Some(course) = &mut self.course {
            course.commands.push(command);
        }
        if let Some(actions) = self.layer_command(command) {
            return actions;
        }
        match command {
            Command::Next => self.go(StepSize::Next),
            Command::Step => self.go(StepSize::Stage),
            Command::Finish => self.go(StepSize::Finish),
            Command::Continue => self.go(StepSize::Continue),
            Command::RunToCursor => self.run_to_cursor(),
            Command::Pause => self.pause(),
            Command::Back => self.travel(|log, moment| timeline::entry(log, moment, timeline::Direction::Back, None)),
            Command::StepBack => self.travel(|log, moment| timeline::step(log, moment, timeline::Direction::Back)),
            Command::ContinueBack => self.continue_back(),
            Command::BackToChange => self.back_to_change(""),
            Command::Earlier => self.slide(true),
            Command::Later => self.slide(false),
            Command::Lock => self.toggle_lock(),
            Command::Restart => self.restart(),
            Command::RestartEdited | Command::InputEditor => {
                self.open_input(None);
                Vec::new()
            }
            Command::RunSync | Command::RunAsync => {
                self.announces = true;
                let is_sync = command == Command::RunSync;
                let mode = if is_sync { crate::debug::Mode::Sync } else { crate::debug::Mode::Async };
                self.start(mode, StepSize::Continue)
            }
            Command::StopRun => self.stop_run(),
            Command::SkipWait => self.skip_wait(),
            Command::FasterClock => self.change_rate(true),
            Command::SlowerClock => self.change_rate(false),
            Command::HoldClock => self.hold_clock(),
            Command::AnswerTask => self.open_answer(),
            Command::ShowError => self.show_error(),
            Command::Explain => self.explain(),
            Command::Provenance => self.where_from(),
            Command::TryOut => self.try_out(),
            Command::EditData => self.edit_data(),
            Command::SkipState => self.skip_state(),
            Command::JumpToCursor => self.jump_to_cursor(),
            Command::DoAgain => self.do_again(),
            Command::Fork => self.fork(),
            Command::UndoChange => self.undo_change(),
            Command::Compare => self.compare(),
            Command::RunAgain => self.run_again(),
            Command::Detach => self.toggle_detached(),
            Command::Timeline => self.open_timeline(),
            Command::StackUp => self.move_in_stack(true),
            Command::StackDown => self.move_in_stack(false),
            _ => self.screen_command(command),
        }
    }

    /// Commands about the screen and the program.
    fn screen_command(&mut self, command: Command) -> Vec<Action> {
        match command {
            Command::FocusSource => self.focus_pane(Pane::Source),
            Command::FocusStates => self.focus_pane(Pane::States),
            Command::FocusData => self.focus_pane(Pane::Data),
            Command::FocusHistory => self.focus_pane(Pane::History),
            Command::FocusContext => self.focus_pane(Pane::Context),
            Command::FocusStack => self.focus_pane(Pane::Stack),
            Command::FocusProblems => self.focus_pane(Pane::Problems),
            Command::NextPane => self.move_focus(1),
            Command::PreviousPane => self.move_focus(-1),
            Command::Zoom => self.set_zoom(!self.zoom),
            Command::Boxes => {
                let words = self.panes.states.toggle_boxes();
                self.say(words)
            }
            Command::Grow => self.resize_pane(2),
            Command::Shrink => self.resize_pane(-2),
            Command::Close => self.close(),
            Command::Search => self.open_layer(Layer::Prompt(PromptLayer::new(PromptPurpose::Search))),
            Command::Filter => self.open_layer(Layer::Prompt(PromptLayer::new(PromptPurpose::Filter))),
            Command::NextMatch => self.search(true),
            Command::PreviousMatch => self.search(false),
            Command::Palette => {
                let mode = self.mode();
                self.open_layer(Layer::Picker(Box::new(PickerLayer::palette(mode))))
            }
            Command::CommandLine => self.open_line(""),
            Command::Break
            | Command::Catch
            | Command::Watchpoint
            | Command::Delete
            | Command::Disable
            | Command::Enable
            | Command::Watch
            | Command::Unwatch
            | Command::Print
            | Command::Assert
            | Command::GoToEvent => self.ask_arguments(command),
            Command::GoToState => match &self.scene.machine {
                Some(machine) => {
                    let picker = PickerLayer::states(machine, &self.scene.look());
                    self.open_layer(Layer::Picker(Box::new(picker)))
                }
                None => self.say("The definition has errors; 7 lists them."),
            },
            Command::ListBreakpoints if self.scene.breakpoints.is_empty() => {
                self.say("No breakpoints; b sets one on the state under the cursor.")
            }
            Command::ListBreakpoints => {
                let picker = PickerLayer::breakpoints(&self.scene.breakpoints, &self.hits());
                self.open_layer(Layer::Picker(Box::new(picker)))
            }
            Command::ThemePicker => {
                let picker = PickerLayer::themes(&self.themes, &self.theme);
                self.open_layer(Layer::Picker(Box::new(picker)))
            }
            Command::MockCase => self.choose_mock_case(),
            Command::Runs => self.open_runs(),
            Command::Help => {
                let focus = self.focus();
                self.open_layer(Layer::Help(crate::tui::layers::HelpLayer::new(focus)))
            }
            Command::Edit => self.edit(),
            Command::Reload => vec![Action::Reload],
            Command::ToggleMouse => {
                self.mouse = !self.mouse;
                let what = if self.mouse { "asldb takes the mouse." } else { "The mouse is the terminal's." };
                self.say(what);
                vec![Action::SetMouse(self.mouse)]
            }
            Command::Words => self.toggle_words(),
            Command::Lesson | Command::NextLesson | Command::PreviousLesson | Command::Hint => {
                self.lesson_command(command)
            }
            Command::Suspend => vec![Action::Suspend],
            Command::Quit => vec![self.keep(), Action::Quit],
            other => self.pane_command(other),
        }
    }

    /// Gives `command` to the focused pane.
    fn pane_command(&mut self, command: Command) -> Vec<Action> {
        let is_elsewhere =
            matches!(command, Command::NextDiagnostic | Command::PreviousDiagnostic) && self.shows_old_definition();
        let Self { panes, scene, focus, .. } = self;
        let look = scene.look();
        match panes.get(*focus).command(command, &look).filter(|_| !is_elsewhere) {
            Some(requests) => self.requests(requests),
            None => match command {
                Command::NextDiagnostic | Command::PreviousDiagnostic => {
                    if let Some(words) = self.newest_fault() {
                        self.focus = Pane::Problems;
                        return self.say(words);
                    }
                    let look = self.scene.look();
                    let requests = self.panes.source.command(command, &look).unwrap_or_default();
                    let actions = self.requests(requests);
                    // The source says it in the footer only while it has the focus.
                    let said = self.panes.source.diagnostic_here(&self.scene.look());
                    self.status = said.or(self.status.take());
                    actions
                }
                _ => Vec::new(),
            },
        }
    }

    /// Whether the source shows the version that a run was started with, and the newest one has errors.
    fn shows_old_definition(&self) -> bool {
        let shown = self.scene.definition.as_ref().map(|shown| &shown.text);
        self.newest.as_ref().is_some_and(|newest| newest.has_errors() && Some(&newest.text) != shown)
    }

    /// The first error of the newest definition, while the source shows an older one: it can only be told of.
    fn newest_fault(&self) -> Option<String> {
        let newest = self.newest.as_ref().filter(|_| self.shows_old_definition())?;
        let first = newest.diagnostics.iter().find(|diagnostic| diagnostic.is_error())?;
        let place = newest.position(first.span.start as usize);
        Some(format!(
            "The file has an error at {place}: {}. The run shows the version it was started with.",
            first.message
        ))
    }

    /// Does what a pane asked for.
    pub(super) fn requests(&mut self, requests: Vec<Request>) -> Vec<Action> {
        requests.into_iter().flat_map(|request| self.request(request)).collect()
    }

    pub(super) fn request(&mut self, request: Request) -> Vec<Action> {
        match request {
            Request::LookAtEvent(events) => self.travel(|log, _| {
                // Past the last event is the newest moment: also the stages after that event.
                let newest = events > log.events.len();
                Some(if newest { Moment::newest(log) } else { Moment::after_event(log, events) })
            }),
            Request::LookAtState(state) => {
                if let Some(run) = &mut self.scene.run {
                    run.pinned = run.view.log.last_visit(state, run.moment.events);
                }
                self.show_state(state)
            }
            Request::LookAtBranch(branch) => {
                if let Some(run) = &mut self.scene.run {
                    run.pinned = None;
                    run.chosen_branch = Some(branch);
                    run.root.focus(crate::debug::Thread { inside: run.inside.clone(), branch });
                }
                Vec::new()
            }
            Request::LookInside(inside) => {
                if let Some(run) = &mut self.scene.run {
                    run.look_inside(inside);
                }
                Vec::new()
            }
            Request::ShowSource(offset) => {
                self.panes.source.show(offset, &self.scene.look());
                Vec::new()
            }
            Request::ToggleBreakpoint(state) => self.toggle_breakpoint(state),
            Request::Copy(what, text) => vec![Action::Copy { what, text }],
            Request::Say(text) => self.say(text),
        }
    }

    /// Shows `state` in the source.
    pub(super) fn show_state(&mut self, state: crate::asl::StateId) -> Vec<Action> {
        let Some(machine) = &self.scene.machine else { return Vec::new() };
        if let Some(known) = machine.states.get(state.0 as usize) {
            let offset = known.name_span.start as usize;
            let look = self.scene.look();
            self.panes.source.show(offset, &look);
            self.panes.states.show(state, &look);
        }
        Vec::new()
    }

    fn toggle_breakpoint(&mut self, state: crate::asl::StateId) -> Vec<Action> {
        let Some(machine) = &self.scene.machine else { return Vec::new() };
        let place = crate::debug::StatePath::of(machine, state);
        let name = place.to_string();
        let set = self.scene.breakpoints.toggle(place);
        self.breakpoints_changed();
        self.say(format!("Breakpoint on {name} {}.", if set { "set" } else { "cleared" }));
        vec![self.keep()]
    }

    pub(super) fn breakpoints_changed(&self) {
        self.shared_breakpoints.set(&self.scene.breakpoints);
        for run in &self.runs {
            run.set_breakpoints(&self.scene.breakpoints);
        }
    }

    // ---- moving in time

    /// Goes to the moment that `find` gives for the one that is looked at.
    pub(super) fn travel(&mut self, find: impl FnOnce(&crate::engine::Log, Moment) -> Option<Moment>) -> Vec<Action> {
        let Some(run) = &mut self.scene.run else { return Vec::new() };
        match find(&run.view.log, run.moment) {
            Some(moment) => {
                run.look_at(moment);
                Vec::new()
            }
            None => self.refuse("There is nothing before this moment."),
        }
    }

    /// Goes back to where the breakpoints would have stopped the run, or to its start.
    fn continue_back(&mut self) -> Vec<Action> {
        let Some(run) = &mut self.scene.run else { return Vec::new() };
        let plan = Plan::new(&self.scene.breakpoints, &run.run.handle().execution().machine);
        match run.past().stop(&plan, run.moment, timeline::Direction::Back) {
            Some((moment, hit)) => {
                run.look_at(moment);
                let words = hit.words.map(|words| format!(": {words}")).unwrap_or_default();
                self.say(format!("Breakpoint {}{words}", hit.number))
            }
            None => {
                let start = Moment::after_event(&run.view.log, 1);
                run.look_at(start);
                self.say("No breakpoint before this moment: this is the start.")
            }
        }
    }

    /// Steps through what was already recorded; false at the newest moment.
    pub(super) fn replay(&mut self, size: StepSize) -> bool {
        let Some(run) = &mut self.scene.run else { return false };
        if run.past.is_none() {
            return false;
        }
        let (log, moment) = (&run.view.log, run.moment);
        let forward = timeline::Direction::Forward;
        let stop = || {
            let plan = Plan::new(&self.scene.breakpoints, &run.run.handle().execution().machine);
            run.past().stop(&plan, moment, forward).map(|(moment, _)| moment)
        };
        let next = match size {
            StepSize::Stage => timeline::step(log, moment, forward),
            StepSize::Next => timeline::entry(log, moment, forward, None),
            StepSize::Finish => timeline::entry(log, moment, forward, run.parent_of_focus()),
            StepSize::Continue => None,
            StepSize::RunTo(state) => timeline::entry_of(log, moment, forward, state),
        };
        // Whatever the size, a breakpoint on the way stops.
        let next = match size {
            StepSize::Stage => next,
            _ => [next, stop()].into_iter().flatten().min_by_key(|moment| moment.step),
        };
        match next {
            Some(moment) => run.look_at(moment),
            None => run.look_at_newest(),
        }
        true
    }

    // ---- screen

    fn focus_pane(&mut self, pane: Pane) -> Vec<Action> {
        if self.focus == pane {
            return self.set_zoom(!self.zoom);
        }
        self.focus = pane;
        Vec::new()
    }

    fn move_focus(&mut self, by: isize) -> Vec<Action> {
        self.focus = self.focus.cycle(by);
        Vec::new()
    }

    fn set_zoom(&mut self, zoom: bool) -> Vec<Action> {
        self.zoom = zoom;
        Vec::new()
    }

    fn resize_pane(&mut self, by: i16) -> Vec<Action> {
        let rules = self.layout.as_ref().map(|layout| layout.rules_around(self.focus)).unwrap_or_default();
        for (rule, direction) in rules {
            // A cell is about twice as high as it is wide.
            self.splits.drag(rule, direction * by * 2, direction * by);
        }
        Vec::new()
    }

    pub(super) fn open_layer(&mut self, layer: Layer) -> Vec<Action> {
        self.layers.push(layer);
        Vec::new()
    }

    /// Closes what is open, innermost first: a layer, a search, a filter, the zoom, a look back.
    /// What `close` does first in a pane that looks back.
    pub(super) fn close_word(&self) -> &'static str {
        let filters = self.focus == Pane::Context && !self.panes.context.filter().is_empty();
        if !self.searched.is_empty() {
            "end search"
        } else if filters || !self.panes.history.filter().is_empty() {
            "end filter"
        } else if self.zoom {
            "end zoom"
        } else {
            "now"
        }
    }

    fn close(&mut self) -> Vec<Action> {
        self.end_sequence();
        if !self.searched.is_empty() {
            self.searched.clear();
        } else if self.focus == Pane::Context && !self.panes.context.filter().is_empty() {
            self.panes.context.set_filter("");
        } else if !self.panes.history.filter().is_empty() {
            self.panes.history.set_filter("");
        } else if self.zoom {
            self.zoom = false;
        } else if let Some(run) = &mut self.scene.run {
            run.look_at_newest();
        }
        Vec::new()
    }

    pub(super) fn search_for(&mut self, text: String) -> Vec<Action> {
        self.searched = text;
        self.search(true)
    }

    fn search(&mut self, forward: bool) -> Vec<Action> {
        if self.searched.is_empty() {
            return self.say("Nothing to look for; / asks what.");
        }
        let Self { panes, scene, focus, searched, .. } = self;
        if panes.get(*focus).search(searched, forward, &scene.look()) {
            return Vec::new();
        }
        let text = self.searched.clone();
        self.say(format!("`{text}` is not in this pane."))
    }

    fn show_error(&mut self) -> Vec<Action> {
        let Some(run) = &mut self.scene.run else { return Vec::new() };
        let fault = run.view.status.fault().cloned();
        let Some(state) = fault.as_ref().and_then(|fault| fault.state) else {
            run.look_at_newest();
            return self.say(fault.map_or_else(|| "The run has no error.".to_owned(), |fault| fault.summary()));
        };
        run.look_at_newest();
        run.pinned = run.view.log.last_visit(state, run.view.log.events.len());
        self.focus = Pane::Data;
        self.show_state(state)
    }

    fn edit(&mut self) -> Vec<Action> {
        let look = self.scene.look();
        let problem = (self.focus == Pane::Problems).then(|| self.panes.problems.place_under_cursor(&look)).flatten();
        let (line, column) = problem.unwrap_or_else(|| self.panes.source.cursor(&look));
        vec![Action::Edit { line, column }]
    }

    /// The state under the cursor of the focused pane, or of the source.
    pub(super) fn state_under_cursor(&self) -> Option<crate::asl::StateId> {
        let look = self.scene.look();
        match self.focus {
            Pane::States => self.panes.states.state_under_cursor(&look),
            Pane::History => self.panes.history.state(&look),
            _ => self.panes.source.state_under_cursor(&look),
        }
    }

    fn toggle_lock(&mut self) -> Vec<Action> {
        let Some(run) = &mut self.scene.run else { return Vec::new() };
        let is_locked = !run.is_locked;
        let branch = run.inside.first().copied().unwrap_or(run.focus);
        run.root.lock(is_locked.then_some(branch));
        self.say(match is_locked {
            true => "Only this branch, with what it starts, makes steps now; L lets all.",
            false => "All branches take their turns again.",
        })
    }

    fn run_to_cursor(&mut self) -> Vec<Action> {
        match self.state_under_cursor() {
            Some(state) => self.go(StepSize::RunTo(state)),
            None => self.say("The cursor is on no state."),
        }
    }

    fn move_in_stack(&mut self, up: bool) -> Vec<Action> {
        let Some(run) = &mut self.scene.run else { return Vec::new() };
        let log = &run.view.log;
        let branch = if up {
            log.branches.get(run.focus.0 as usize).filter(|origin| origin.state.is_some()).map(|origin| origin.parent)
        } else {
            let inner = run.view.branches.iter().rev();
            inner
                .filter(|branch| branch.id != run.focus && log.branch_path(branch.id).contains(&run.focus))
                .map(|branch| branch.id)
                .next()
        };
        if branch.is_none() && up && !run.inside.is_empty() {
            let mut outside = run.inside.clone();
            let stands_for = outside.pop();
            run.look_inside(outside);
            run.chosen_branch = stands_for;
            return Vec::new();
        }
        if !up && let Some(inner) = run.child_in_focus() {
            let inside = run.inside.iter().copied().chain([inner]).collect();
            run.look_inside(inside);
            return Vec::new();
        }
        match branch {
            Some(branch) => {
                run.pinned = None;
                run.chosen_branch = Some(branch);
                Vec::new()
            }
            None => self.say(if up { "This is the execution itself." } else { "Nothing runs inside this one." }),
        }
    }

    /// How far a wheel or page moves; kept here as the panes only know rows.
    pub(super) fn clamp_rows(rows: i32) -> i32 {
        rows.clamp(-FAR, FAR)
    }

    pub(super) fn is_stoppable(&self) -> bool {
        matches!(self.mode(), Mode::Paused | Mode::Running)
    }
}

impl super::Panes {
    /// The pane.
    pub(super) fn get(&mut self, pane: Pane) -> &mut dyn PaneView {
        match pane {
            Pane::Source => &mut self.source,
            Pane::States => &mut self.states,
            Pane::Data => &mut self.data,
            Pane::History => &mut self.history,
            Pane::Context => &mut self.context,
            Pane::Stack => &mut self.stack,
            Pane::Problems => &mut self.problems,
        }
    }
}
