//! Commands with arguments: what is typed behind `:`, and the lines of a script.

use super::{Action, App};
use crate::asl::suggest;
use crate::debug::expression::{Query, shown};
use crate::debug::spec::no_state;
use crate::debug::{Breakpoint, Moment, StatePath, StepSize};
use crate::engine::EventKind;
use crate::runtime::tasks::{TaskFailure, TaskResult};
use crate::tui::command::{COMMANDS, Command};
use crate::tui::layers::{Completions, Layer, LineLayer};
use crate::tui::look::Request;
use crate::value::{self, Value};

/// Lines that are remembered.
const REMEMBERED: usize = 200;
/// Paths that completion knows.
const MOST_PATHS: usize = 300;

impl App {
    /// Runs `line` as it is typed behind `:`, or stands in a script.
    pub fn run_line(&mut self, line: &str) -> Vec<Action> {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).map_or((line, ""), |(word, rest)| (word, rest.trim()));
        if word.is_empty() {
            return Vec::new();
        }
        let (word, rest) = match word {
            "tbreak" => ("break", format!("{rest} once")),
            word => (word, rest.to_owned()),
        };
        let Some(command) = Command::typed(word) else {
            let meant = suggest::nearest(word, COMMANDS.iter().map(|row| row.name));
            let meant = meant.map_or(";".to_owned(), |meant| format!(": did you mean `{meant}`?"));
            return self.refuse(format!("`{word}` is no command{meant} Ctrl-p lists them all."));
        };
        let row = command.row();
        if !row.modes.has(self.mode()) {
            return self.refuse(self.why_not(command));
        }
        match (command.usage(), rest.as_str()) {
            (Some(usage), "") if usage.required => self.refuse(format!("{} {}", row.name, usage.arguments)),
            (_, "") if command == Command::ListBreakpoints => self.list_breakpoints(),
            (_, "") if command == Command::Break => self.set_breakpoint(""),
            (_, "") => self.run_command(command),
            (None, _) => self.refuse(format!("{} takes nothing behind it.", row.name)),
            (Some(_), rest) => self.run_with(command, rest),
        }
    }

    fn run_with(&mut self, command: Command, rest: &str) -> Vec<Action> {
        match command {
            Command::Break => self.set_breakpoint(rest),
            Command::Catch => {
                let parsed = self.machine().and_then(|machine| Breakpoint::parse_catch(rest, &machine));
                self.add_breakpoint(parsed)
            }
            Command::Watchpoint => self.add_breakpoint(Breakpoint::parse_change(rest)),
            Command::Delete => self.delete_breakpoint(rest),
            Command::Disable => self.switch_breakpoint(rest, true),
            Command::Enable => self.switch_breakpoint(rest, false),
            Command::Watch => self.watch(rest),
            Command::Unwatch => self.unwatch(rest),
            Command::Print => self.print(rest),
            Command::Assert => self.assert(rest),
            Command::BackToChange => self.back_to_change(rest),
            Command::GoToEvent => self.go_to_event(rest),
            Command::ToggleBreakpoint => {
                self.with_state(rest, |app, state| app.request(Request::ToggleBreakpoint(state)))
            }
            Command::RunToCursor => self.with_state(rest, |app, state| app.go(StepSize::RunTo(state))),
            Command::GoToState => self.with_state(rest, |app, state| app.request(Request::LookAtState(state))),
            Command::InputEditor => self.set_input(rest),
            Command::EditData => self.set_data(rest),
            Command::SkipState => self.leave_with(rest),
            Command::AnswerTask => self.answer_with(rest),
            Command::MockCase => self.use_mock_case(rest),
            Command::ThemePicker => vec![Action::LoadTheme(rest.to_owned())],
            Command::Search => self.search_for(rest.to_owned()),
            Command::Filter => {
                self.filter_by(rest);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn machine(&self) -> Result<std::sync::Arc<crate::asl::StateMachine>, String> {
        self.scene.machine.clone().ok_or_else(|| "The definition has errors; 7 lists them.".to_owned())
    }

    fn with_state(
        &mut self,
        name: &str,
        act: impl FnOnce(&mut Self, crate::asl::StateId) -> Vec<Action>,
    ) -> Vec<Action> {
        let name = name.trim_matches('"');
        let last = name.rsplit(" / ").next().unwrap_or(name);
        match self.machine().and_then(|machine| machine.find(last).ok_or_else(|| no_state(name, &machine))) {
            Ok(state) => act(self, state),
            Err(why) => self.refuse(why),
        }
    }

    // ---- breakpoints

    fn set_breakpoint(&mut self, text: &str) -> Vec<Action> {
        let default = self.place_under_cursor();
        let parsed = self.machine().and_then(|machine| Breakpoint::parse(text, default.as_ref(), &machine));
        self.add_breakpoint(parsed)
    }

    /// The state under the cursor of a pane that has one, else where the run is.
    pub(super) fn place_under_cursor(&self) -> Option<StatePath> {
        let look = self.scene.look();
        let state = self.state_under_cursor().or_else(|| look.here())?;
        Some(StatePath::of(look.machine?, state))
    }

    fn add_breakpoint(&mut self, parsed: Result<Breakpoint, String>) -> Vec<Action> {
        let breakpoint = match parsed {
            Ok(breakpoint) => breakpoint,
            Err(why) => return self.refuse(why),
        };
        let text = breakpoint.command();
        // One that is written anew for the same place takes the place of the old one.
        let same = self.scene.breakpoints.iter().find(|old| {
            old.state.is_some()
                && (&old.state, &old.on, &old.only) == (&breakpoint.state, &breakpoint.on, &breakpoint.only)
        });
        let old = same.map(|old| old.number);
        if let Some(number) = old {
            self.scene.breakpoints.remove(number);
        }
        let number = self.scene.breakpoints.add(breakpoint);
        self.breakpoints_changed();
        let instead = old.map_or(String::new(), |old| format!(" (in place of {old})"));
        self.say(format!("Breakpoint {number}: {text}{instead}"));
        vec![self.keep()]
    }

    pub(super) fn list_breakpoints(&mut self) -> Vec<Action> {
        if self.scene.breakpoints.is_empty() {
            return self.say("No breakpoints; b sets one on the state under the cursor.");
        }
        let hits = self.hits();
        let line = |breakpoint: &Breakpoint| {
            let count = hits.iter().find(|(number, _)| *number == breakpoint.number).map_or(0, |(_, count)| *count);
            let count = if count > 0 { format!("  hit {count}x") } else { String::new() };
            format!("{breakpoint}{count}")
        };
        let lines: Vec<_> = self.scene.breakpoints.iter().map(line).collect();
        self.say(lines.join("\n"))
    }

    /// How often breakpoints were hit in the run that is looked at.
    pub(super) fn hits(&self) -> Vec<(u32, u64)> {
        self.scene.run.as_ref().map(|scene| scene.root.with_report(|report| report.hits.clone())).unwrap_or_default()
    }

    fn delete_breakpoint(&mut self, text: &str) -> Vec<Action> {
        if text == "all" {
            self.scene.breakpoints.clear();
        } else if !text.parse().is_ok_and(|number| self.scene.breakpoints.remove(number)) {
            return self.refuse(format!("There is no breakpoint {text}; `breakpoints` lists them."));
        }
        self.breakpoints_changed();
        self.say(if text == "all" {
            "No breakpoints any more.".to_owned()
        } else {
            format!("Breakpoint {text} is gone.")
        });
        vec![self.keep()]
    }

    fn switch_breakpoint(&mut self, text: &str, off: bool) -> Vec<Action> {
        let all: Vec<u32> = match text {
            "all" => self.scene.breakpoints.iter().map(|breakpoint| breakpoint.number).collect(),
            text => text.parse().into_iter().collect(),
        };
        let breakpoints = &mut self.scene.breakpoints;
        let found = all.into_iter().filter(|number| breakpoints.set_disabled(*number, off)).count();
        if found == 0 {
            return self.refuse(format!("There is no breakpoint {text}; `breakpoints` lists them."));
        }
        self.breakpoints_changed();
        let what = if text == "all" { "Every breakpoint".to_owned() } else { format!("Breakpoint {text}") };
        self.say(format!("{what} is {}.", if off { "off" } else { "on" }));
        vec![self.keep()]
    }

    // ---- expressions

    /// The value of `query` at the moment that is looked at.
    fn value_of(&self, query: &Query) -> Result<Option<Value>, String> {
        let look = self.scene.look();
        let run = look.run.as_ref().ok_or("No run yet: n starts one.")?;
        run.with_facts(|facts| query.evaluate(facts)).unwrap_or_else(|| Err("No state is entered yet.".to_owned()))
    }

    fn print(&mut self, text: &str) -> Vec<Action> {
        match Query::compile(text).and_then(|query| self.value_of(&query)) {
            Ok(None) => self.say(format!("{text} gives nothing here.")),
            Ok(Some(value)) => self.say(format!("{text} = {}", value.to_json())),
            Err(why) => self.refuse(why),
        }
    }

    fn assert(&mut self, text: &str) -> Vec<Action> {
        let query = Query::compile(text);
        let look = self.scene.look();
        let held = query.and_then(|query| {
            let run = look.run.as_ref().ok_or("No run yet.")?;
            let outcome = run.with_facts(|facts| (query.holds(facts), query.evaluate(facts)));
            let (held, value) = outcome.ok_or("No state is entered yet.")?;
            Ok((held?, value))
        });
        match held {
            Ok((true, _)) => self.say(format!("{text} holds.")),
            Ok((false, value)) => self.refuse(format!("{text} does not hold: {}", shown(&value))),
            Err(why) => self.refuse(why),
        }
    }

    fn watch(&mut self, text: &str) -> Vec<Action> {
        match Query::compile(text) {
            Ok(query) if self.scene.watches.contains(&query) => self.say(format!("{text} is watched already.")),
            Ok(query) => {
                self.scene.watches.push(query);
                self.say(format!("Watching {text}: 5 shows it."));
                vec![self.keep()]
            }
            Err(why) => self.refuse(why),
        }
    }

    fn unwatch(&mut self, text: &str) -> Vec<Action> {
        let before = self.scene.watches.len();
        self.scene.watches.retain(|watch| text != "all" && watch.text() != text);
        if before == self.scene.watches.len() {
            return self.refuse(format!("{text} is not watched."));
        }
        self.say(format!("{text} is not watched any more."));
        vec![self.keep()]
    }

    /// The path under the cursor, where the focused pane shows values.
    pub(super) fn path_under_cursor(&mut self) -> Option<String> {
        let Self { panes, scene, focus, .. } = self;
        let requests = panes.get(*focus).command(Command::CopyPath, &scene.look())?;
        requests.into_iter().find_map(|request| match request {
            Request::Copy(_, path) if path.starts_with('$') => Some(path),
            _ => None,
        })
    }

    // ---- time

    pub(super) fn back_to_change(&mut self, text: &str) -> Vec<Action> {
        let text = if text.is_empty() { self.path_under_cursor().unwrap_or_default() } else { text.to_owned() };
        let query = match Query::compile(&text) {
            Ok(query) => query,
            Err(_) if text.is_empty() => {
                return self.refuse("Of which value? Put the cursor on one (3, 5), or :back-to-change $.total");
            }
            Err(why) => return self.refuse(why),
        };
        let Some(scene) = &mut self.scene.run else { return Vec::new() };
        let past = scene.past();
        let mut found = past.last_change(&query, scene.focus, scene.moment);
        // Where it changed right now, the change before is meant.
        if let Some(change) = found.as_ref().filter(|change| change.moment.events >= scene.moment.events) {
            found = past.last_change(&query, scene.focus, change.moment);
        }
        match found {
            Some(change) => {
                scene.look_at(change.moment);
                let (old, new) = (shown(&Ok(change.old)), shown(&Ok(change.new)));
                self.say(format!("{text}: {old} became {new}"))
            }
            None => self.say(format!("{text} did not change before this moment.")),
        }
    }

    fn go_to_event(&mut self, text: &str) -> Vec<Action> {
        match text.parse::<usize>() {
            Ok(number) if number > 0 => self.travel(|log, _| Some(Moment::after_event(log, number))),
            _ => self.refuse(format!("`{text}`: the number of an event is needed.")),
        }
    }

    /// Moves on the timeline by a twentieth of the run.
    pub(super) fn slide(&mut self, back: bool) -> Vec<Action> {
        self.travel(|log, moment| {
            let by = (log.events.len() / 20).max(1);
            let to = if back { moment.events.saturating_sub(by).max(1) } else { moment.events + by };
            Some(if to >= log.events.len() { Moment::newest(log) } else { Moment::after_event(log, to) })
        })
    }

    /// Looks at the moment `part` of `whole` of the way.
    pub(super) fn slide_to(&mut self, part: usize, whole: usize) -> Vec<Action> {
        self.travel(|log, _| {
            let to = log.events.len() * part / whole.max(1);
            Some(if part >= whole { Moment::newest(log) } else { Moment::after_event(log, to) })
        })
    }

    // ---- inputs and answers

    fn set_input(&mut self, text: &str) -> Vec<Action> {
        match value::read(text) {
            Ok(value) => {
                self.owns_input = true;
                self.input = value.to_pretty_json();
                self.say("This is the input of the next run.");
                vec![self.keep()]
            }
            Err(error) => self.refuse(format!("The input is no JSON: {error}.")),
        }
    }

    fn answer_with(&mut self, text: &str) -> Vec<Action> {
        let Some(at) = self.open_question() else { return self.refuse(self.no_question()) };
        let result = match text.strip_prefix("error").filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
            Some(rest) => {
                let (error, cause) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
                let text = |text: &str| (!text.is_empty()).then(|| std::sync::Arc::from(text));
                let failure = TaskFailure { error: text(error), cause: text(cause), hint: None };
                TaskResult { submitted: None, outcome: Err(failure) }
            }
            None => match value::read(text) {
                Ok(value) => TaskResult::ok(value),
                Err(error) => return self.refuse(format!("The result is no JSON: {error}.")),
            },
        };
        self.questions.remove(at).answer(result);
        self.say("Answered.")
    }

    // ---- the line

    /// Opens the command line with `text` in it.
    pub(super) fn open_line(&mut self, text: &str) -> Vec<Action> {
        let completions = self.completions();
        let line = LineLayer::new(text, self.typed.clone(), completions);
        self.open_layer(Layer::Line(Box::new(line)))
    }

    /// Opens the command line with `command`, and behind it what is under the cursor.
    pub(super) fn ask_arguments(&mut self, command: Command) -> Vec<Action> {
        let name = command.row().name;
        let text = match command {
            Command::Break => match self.place_under_cursor() {
                Some(place) => {
                    let known = self.scene.breakpoints.of(&place).next().map(Breakpoint::command);
                    known.unwrap_or_else(|| format!("{name} {} if ", place.0.last().map_or("", |name| name)))
                }
                None => format!("{name} "),
            },
            Command::Watch | Command::Watchpoint | Command::Print | Command::Assert => {
                format!("{name} {}", self.path_under_cursor().unwrap_or_default())
            }
            Command::Catch => format!("{name} error"),
            _ => format!("{name} "),
        };
        self.open_line(&text)
    }

    /// Runs what was typed and remembers it.
    pub(super) fn line_typed(&mut self, line: &str) -> Vec<Action> {
        let line = line.trim().to_owned();
        if line.is_empty() {
            return Vec::new();
        }
        self.typed.retain(|known| *known != line);
        self.typed.push(line.clone());
        let more = self.typed.len().saturating_sub(REMEMBERED);
        self.typed.drain(..more);
        let has_failed = std::mem::take(&mut self.has_failed);
        let actions = self.run_line(&line);
        if self.has_failed && is_mistyped(&line) {
            self.open_line(&line);
        }
        self.has_failed |= has_failed;
        actions
    }

    fn completions(&self) -> Completions {
        let look = self.scene.look();
        let states = look.machine.map(|machine| machine.states.iter().map(|state| state.name.to_string()).collect());
        let mut paths = Vec::new();
        if let Some(run) = &look.run {
            run.with_facts(|facts| paths_of("$", facts.data, &mut paths, 0));
            let assigned = run.log().events.range(0, run.moment.events).rev().take(2000);
            for event in assigned {
                if let EventKind::StateExited { assigned: Some(assigned), .. } = &event.kind {
                    paths.extend(assigned.iter().map(|(name, _)| format!("${name}")));
                }
            }
        }
        paths.sort();
        paths.dedup();
        Completions { states: states.unwrap_or_default(), paths }
    }
}

/// Whether a line that could not be done should be written otherwise: its command is none, or what stands behind it is
/// not right. That an assertion does not hold is no mistake.
fn is_mistyped(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    let is_known = word == "tbreak" || Command::typed(word).is_some();
    !is_known || line.contains(' ') && Command::typed(word) != Some(Command::Assert)
}

/// The paths of the members of `value`, as far down as one would type.
fn paths_of(path: &str, value: &Value, paths: &mut Vec<String>, depth: usize) {
    if depth > 5 || paths.len() > MOST_PATHS {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter() {
                let is_plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
                let path = if is_plain { format!("{path}.{name}") } else { format!("{path}['{name}']") };
                paths.push(path.clone());
                paths_of(&path, value, paths, depth + 1);
            }
        }
        Value::Array(items) => {
            if let Some(first) = items.iter().next() {
                paths_of(&format!("{path}[0]"), first, paths, depth + 1);
            }
        }
        _ => {}
    }
}
