//! Breakpoints as they are written: `break Pay at exit if $.total > 100`.

use std::fmt;

use super::breakpoint::{Breakpoint, On, StatePath};
use super::expression::{LogText, Query};
use crate::asl::{State, StateKind, StateMachine, suggest};
use crate::engine::{Stage, due};

/// The stages by the names of their fields.
pub const STAGES: &[(&str, Stage)] = &[
    ("InputPath", Stage::InputPath),
    ("Parameters", Stage::Parameters),
    ("Arguments", Stage::Arguments),
    ("ItemsPath", Stage::ItemsPath),
    ("Items", Stage::Items),
    ("ItemSelector", Stage::ItemSelector),
    ("Result", Stage::Work),
    ("ResultSelector", Stage::ResultSelector),
    ("ResultPath", Stage::ResultPath),
    ("Catch", Stage::Catch),
    ("OutputPath", Stage::OutputPath),
    ("Output", Stage::Output),
    ("Assign", Stage::Assign),
];

/// What `Result` is called in the list of stages, by the type of the state.
const WORK: &[&str] = &["Choices", "Iterations", "Branches"];

/// The words of `catch`, with what stops.
pub const FAILURES: &[(&str, On)] =
    &[("error", On::Error), ("caught", On::Caught), ("retry", On::Retry), ("timeout", On::Timeout)];

/// What may follow the state, in the order in which it is written.
pub const OPTIONS: &[&str] = &["at", "in", "after", "once", "if", "log"];

impl Breakpoint {
    /// The breakpoint that `text` describes: `[STATE] [at entry|exit|STAGE] [in 2] [after 3] [once] [if EXPR] [log TEXT]`,
    /// on `default` where no state is named.
    ///
    /// # Errors
    /// What cannot be understood, and what would be.
    pub fn parse(text: &str, default: Option<&StatePath>, machine: &StateMachine) -> Result<Self, String> {
        let (state, rest) = state(text, machine)?;
        let state = state.or_else(|| default.cloned());
        let state = state.ok_or("Which state? The cursor is on none: break STATE if EXPR")?;
        let found = state.find(machine).map(|id| machine.state(id));
        let breakpoint = options(Self::on_entry(state), rest)?;
        match (found, &breakpoint.on) {
            (Some(state), On::Stage(stage)) if !has(state, *stage) => Err(no_stage(state, *stage)),
            _ => Ok(breakpoint),
        }
    }

    /// The breakpoint on a failure that `text` describes: `error|caught|retry|timeout [STATE] [in 2] [if EXPR] …`.
    ///
    /// # Errors
    /// As [`Breakpoint::parse`].
    pub fn parse_catch(text: &str, machine: &StateMachine) -> Result<Self, String> {
        let (word, rest) = word(text);
        let on = FAILURES.iter().find(|(name, _)| *name == word).map(|(_, on)| on.clone());
        let on = on.ok_or_else(|| format!("`{word}`: catch error, caught, retry or timeout"))?;
        let (state, rest) = state(rest, machine)?;
        options(Self::new(on, state), rest)
    }

    /// Stops when the value of the expression `text` changes.
    ///
    /// # Errors
    /// The expression does not parse.
    pub fn parse_change(text: &str) -> Result<Self, String> {
        Ok(Self::new(On::Change(Query::compile(text)?), None))
    }

    /// The command that sets it.
    #[must_use]
    pub fn command(&self) -> String {
        match &self.on {
            On::Change(query) => format!("watchpoint {}", query.text()),
            on => match FAILURES.iter().find(|(_, failure)| failure == on) {
                Some((name, _)) => format!("catch {name}{}", self.rest()),
                None => format!("break{}", self.rest()),
            },
        }
    }

    fn rest(&self) -> String {
        let mut text = String::new();
        if let Some(name) = self.state.as_ref().and_then(|state| state.0.last()) {
            text = format!(" {name}");
        }
        match &self.on {
            On::Exit => text.push_str(" at exit"),
            On::Stage(stage) => {
                let name = STAGES.iter().find(|(_, known)| known == stage).map_or("entry", |(name, _)| name);
                text.push_str(&format!(" at {name}"));
            }
            _ => {}
        }
        if !self.only.is_empty() {
            let numbers: Vec<_> = self.only.iter().map(ToString::to_string).collect();
            text.push_str(&format!(" in {}", numbers.join(".")));
        }
        if self.after > 1 {
            text.push_str(&format!(" after {}", self.after));
        }
        if self.once {
            text.push_str(" once");
        }
        if let Some(condition) = &self.condition {
            text.push_str(&format!(" if {}", condition.text()));
        }
        if let Some(log) = &self.log {
            text.push_str(&format!(" log {}", log.text()));
        }
        text
    }
}

impl fmt::Display for Breakpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.number, self.command(), if self.disabled { " (off)" } else { "" })
    }
}

/// The first word of `text` and what follows.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim_start()))
}

/// The state at the start of `text`: the longest name of the machine that stands there, or a name between quotes.
fn state<'t>(text: &'t str, machine: &StateMachine) -> Result<(Option<StatePath>, &'t str), String> {
    let text = text.trim();
    let quoted = text.strip_prefix('"').and_then(|rest| rest.split_once('"'));
    let stands = |name: &str| {
        let rest = text.strip_prefix(name)?;
        (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(rest)
    };
    let named = match quoted {
        Some((name, rest)) => machine.find(name).map(|id| (id, rest)),
        None => {
            let all = machine.ids().filter_map(|id| Some((id, stands(&machine.state(id).name)?)));
            all.min_by_key(|(_, rest)| rest.len())
        }
    };
    if let Some((id, rest)) = named {
        return Ok((Some(StatePath::of(machine, id)), rest.trim()));
    }
    let first = word(text).0;
    if quoted.is_none() && (first.is_empty() || OPTIONS.contains(&first)) {
        return Ok((None, text));
    }
    Err(no_state(quoted.map_or_else(|| without_options(text), |(name, _)| name), machine))
}

/// That there is no state `name`, and which one may be meant.
#[must_use]
pub fn no_state(name: &str, machine: &StateMachine) -> String {
    let names = || machine.states.iter().map(|state| &*state.name);
    let alike = |known: &&str| known.to_lowercase().starts_with(&name.to_lowercase()) && !name.is_empty();
    match suggest::nearest(name, names()).or_else(|| names().find(alike)) {
        Some(meant) => format!("There is no state `{name}`: did you mean `{meant}`?"),
        None => format!("There is no state `{name}`."),
    }
}

/// `text` up to the first word that is an option.
fn without_options(text: &str) -> &str {
    let starts = text.match_indices(' ').map(|(at, _)| at);
    let is_option = |at: &usize| OPTIONS.contains(&word(&text[*at..]).0);
    starts.into_iter().find(is_option).map_or(text, |at| text[..at].trim_end())
}

fn options(mut breakpoint: Breakpoint, text: &str) -> Result<Breakpoint, String> {
    let mut text = text;
    while !text.is_empty() {
        let (option, rest) = word(text);
        let (value, after) = word(rest);
        text = after;
        match option {
            "at" => breakpoint.on = place(value)?,
            "in" => breakpoint.only = numbers(value)?,
            "after" => {
                let count = value.parse().map_err(|_| format!("`after {value}`: a number of visits is needed"));
                breakpoint.after = count?;
            }
            "once" => {
                breakpoint.once = true;
                text = rest;
            }
            "if" => {
                let (condition, tail) = before_log(rest);
                breakpoint.condition = Some(Query::compile(condition)?);
                text = tail;
            }
            "log" => {
                breakpoint.log = Some(LogText::compile(rest)?);
                text = "";
            }
            other => return Err(format!("`{other}` is not understood here; {} are.", OPTIONS.join(", "))),
        }
    }
    Ok(breakpoint)
}

fn place(name: &str) -> Result<On, String> {
    if name.eq_ignore_ascii_case("entry") {
        return Ok(On::Entry);
    }
    if name.eq_ignore_ascii_case("exit") {
        return Ok(On::Exit);
    }
    let name = if WORK.iter().any(|known| known.eq_ignore_ascii_case(name)) { "Result" } else { name };
    let stage = STAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    stage.map(|(_, stage)| On::Stage(*stage)).ok_or_else(|| {
        let names: Vec<_> = STAGES.iter().map(|(name, _)| *name).collect();
        format!("`at {name}`: entry, exit, {}", names.join(", "))
    })
}

/// Whether `state` ever performs `stage`.
fn has(state: &State, stage: Stage) -> bool {
    match stage {
        Stage::Catch => !state.catch.is_empty(),
        Stage::ItemSelector => matches!(&state.kind, StateKind::Map(map) if map.item_selector.is_some()),
        stage => due(state, stage) == stage,
    }
}

/// That `state` has no such stage, and which ones it has.
fn no_stage(state: &State, stage: Stage) -> String {
    let name = |stage: Stage| match (&state.kind, stage) {
        (StateKind::Choice(_), Stage::Work) => "Choices",
        (StateKind::Map(_), Stage::Work) => "Iterations",
        (StateKind::Parallel(_), Stage::Work) => "Branches",
        _ => STAGES.iter().find(|(_, known)| *known == stage).map_or("entry", |(name, _)| *name),
    };
    let own: Vec<_> = STAGES.iter().filter(|(_, stage)| has(state, *stage)).map(|(_, stage)| name(*stage)).collect();
    let own = ["entry"].into_iter().chain(own).collect::<Vec<_>>().join(", ");
    format!("{} has no stage {}; `at` takes {own} or exit.", state.name, name(stage))
}

fn numbers(text: &str) -> Result<Vec<u32>, String> {
    let numbers: Result<_, _> = text.trim_matches(['[', ']']).split('.').map(str::parse).collect();
    numbers.map_err(|_| format!("`in {text}`: the number of an iteration or branch, as in 2 or 0.2"))
}

/// The condition, and the `log` behind it: outside of what is quoted.
fn before_log(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if c == ' ' && text[at..].starts_with(" log ") => return (&text[..at], text[at..].trim_start()),
            None => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::Definition;

    const TEXT: &str = r#"{"StartAt": "In", "States": {
        "In": {"Type": "Pass", "Next": "In stock?"},
        "In stock?": {"Type": "Pass", "Result": 1, "ResultPath": "$.n", "Next": "Each"},
        "Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Pack", "States": {
            "Pack": {"Type": "Choice", "Choices": [{"Variable": "$.n", "IsPresent": true, "Next": "Packed"}]},
            "Packed": {"Type": "Pass", "End": true}}}}}}"#;

    fn machine() -> std::sync::Arc<StateMachine> {
        Definition::read("x", TEXT).machine.expect("a machine")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let machine = machine();
        for text in [
            "break In",
            "break In stock? at exit",
            "break Pack in 0.2 after 3 once if $.total > 100 log it is {$.total}",
            "break In stock? at ResultPath if $.x = ' log '",
            "catch error",
            "catch timeout Pack if $.a",
            "catch retry Each once",
            "watchpoint $.order.total",
        ] {
            let (command, rest) = word(text);
            let read = match command {
                "break" => Breakpoint::parse(rest, None, &machine),
                "catch" => Breakpoint::parse_catch(rest, &machine),
                _ => Breakpoint::parse_change(rest),
            };
            assert_eq!(read.expect(text).command(), text);
        }
        let place = StatePath(vec!["Each".into(), "Pack".into()]);
        let read = Breakpoint::parse("at Exit", Some(&place), &machine).expect("the default");
        assert_eq!((read.on, read.state.as_ref()), (On::Exit, Some(&place)));
        let read = Breakpoint::parse("at choices", Some(&place), &machine).expect("as the list of stages says");
        assert_eq!(read.on, On::Stage(Stage::Work));
        assert_eq!(Breakpoint::parse("\"Pack\" once", None, &machine).expect("quoted").state, Some(place));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let machine = machine();
        for (text, says) in [
            ("", "Which state?"),
            ("Pick", "no state `Pick`"),
            ("In at noon", "`at noon`: entry, exit, InputPath"),
            ("In at ResultPath", "In has no stage ResultPath; `at` takes entry or exit."),
            ("Each at catch", "Each has no stage Catch; `at` takes entry, Iterations or exit."),
            ("Pack at Parameters", "`at` takes entry, Choices or exit."),
            ("In stock? at Assign", "`at` takes entry, Result, ResultPath or exit."),
            ("In in x", "number of an iteration"),
            ("In after x", "number of visits"),
            ("In if", "An expression is needed"),
            ("In if $.a >", "is no expression"),
            ("In whenever", "`whenever` is not understood"),
            ("In log {", "alone"),
        ] {
            let error = Breakpoint::parse(text, None, &machine).expect_err(text);
            assert!(error.contains(says), "{text}: {error}");
        }
        assert!(Breakpoint::parse_catch("fire", &machine).is_err_and(|why| why.contains("caught, retry")));
    }
}
