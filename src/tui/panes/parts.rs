//! What several panes say in the same way: keys, sizes, times, values on one line, and why there is nothing to see.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use crate::asl::{Definition, StateId, StateMachine};
use crate::config::Role;
use crate::debug::BreakpointSign;
use crate::tui::command::{Command, Focus};
use crate::tui::glyph::Glyphs;
use crate::tui::look::Look;
use crate::tui::panes::note::key;
use crate::tui::widgets::text::{clip, clip_spans, visible, width};
use crate::value::{Timestamp, Value, escape_into};

/// The sign of a breakpoint.
pub(super) fn breakpoint_sign(sign: BreakpointSign, glyphs: &Glyphs) -> &'static str {
    match sign {
        BreakpointSign::Stop => glyphs.breakpoint,
        BreakpointSign::Conditional => glyphs.conditional,
        BreakpointSign::Log => glyphs.log_point,
        BreakpointSign::Off => glyphs.unplaceable,
    }
}

/// `key: what it does here`, as panes say it in a sentence.
pub(super) fn keys(pairs: &[(Command, &str)], focus: Focus) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(command, what)| format!("{} {what}", key(*command, focus))).collect();
    pairs.join(", ")
}

/// Why there is no run to look at and what would give one; none when there is one.
pub(super) fn no_run(look: &Look<'_>, focus: Focus) -> Option<Vec<String>> {
    if look.run.is_some() {
        return None;
    }
    let sentence = |text: &str, pairs: &[(Command, &str)]| format!("{text}: {}.", keys(pairs, focus));
    Some(match (look.definition, look.machine) {
        (None, _) => {
            vec!["No definition is loaded.".to_owned(), sentence("asldb FILE opens one", &[(Command::Help, "helps")])]
        }
        (Some(_), None) => {
            let pairs = [(Command::FocusProblems, "lists its errors"), (Command::Edit, "opens the editor")];
            vec![sentence("The definition cannot run", &pairs)]
        }
        (Some(_), Some(_)) => {
            let pairs =
                [(Command::Continue, "runs"), (Command::Step, "steps"), (Command::InputEditor, "edits the input")];
            vec![sentence("No run yet", &pairs)]
        }
    })
}

/// Whether the signs are ASCII, for words that have no sign of their own.
pub(super) fn is_ascii(glyphs: &Glyphs) -> bool {
    glyphs.ellipsis.is_ascii()
}

/// What stands between two parts of a title.
pub(in crate::tui) fn separator(glyphs: &Glyphs) -> &'static str {
    if is_ascii(glyphs) { " - " } else { " · " }
}

/// The spans as a line that fits and does nothing to the terminal.
pub(super) fn fit<'t>(spans: impl IntoIterator<Item = Span<'t>>, room: usize, look: &Look<'_>) -> Line<'static> {
    clip_spans(spans, 0, room, look.glyphs)
}

/// `text` with blanks up to `cells`, or cut to them.
pub(super) fn column(text: &str, cells: usize, glyphs: &Glyphs) -> String {
    let mut out = clip(text, cells, glyphs);
    let used = width(&out, glyphs);
    out.push_str(&" ".repeat(cells.saturating_sub(used)));
    out
}

/// `text` in lines of at most `room` cells, broken between words where that is possible; at most `most` lines, of which
/// the last says when there is more.
pub(in crate::tui) fn wrap(text: &str, room: usize, most: usize, glyphs: &Glyphs) -> Vec<String> {
    if room == 0 || most == 0 {
        return Vec::new();
    }
    // What cannot be shown anyway is not looked at: texts may have megabytes.
    let start = start(text, room.saturating_mul(most).saturating_mul(8).max(64));
    let mut left = start.len() < text.len();
    let mut lines = Vec::new();
    for paragraph in start.lines() {
        if lines.len() > most {
            break;
        }
        wrap_line(&visible(paragraph, glyphs), room, most + 1, glyphs, &mut lines);
    }
    left |= lines.len() > most;
    lines.truncate(most);
    if let Some(last) = lines.last_mut().filter(|_| left) {
        last.push_str(if width(last, glyphs) < room { glyphs.ellipsis } else { "." });
        *last = clip(last, room, glyphs);
    }
    lines
}

/// `spans` over as many lines as they need, broken between words; all but the first are indented by `indent` cells.
pub(super) fn fold(spans: Vec<Span<'static>>, room: usize, indent: usize, look: &Look<'_>) -> Vec<Vec<Span<'static>>> {
    if room <= indent || spans.iter().map(|span| width(&span.content, look.glyphs)).sum::<usize>() <= room {
        return vec![spans];
    }
    let mut lines = vec![Vec::new()];
    let mut used = 0;
    for span in spans {
        for word in span.content.split_inclusive(' ') {
            let cells = width(word.trim_end(), look.glyphs);
            if used + cells > room && used > indent {
                lines.push(vec![Span::raw(" ".repeat(indent))]);
                used = indent;
            }
            used += width(word, look.glyphs);
            if let Some(line) = lines.last_mut() {
                line.push(Span::styled(word.to_owned(), span.style));
            }
        }
    }
    lines
}

fn wrap_line(text: &str, room: usize, most: usize, glyphs: &Glyphs, lines: &mut Vec<String>) {
    let (mut line, mut used) = (String::new(), 0);
    // Only what is too long for a line is broken inside of it, so that no full stop stands alone.
    let pieces = text.split_inclusive(' ').flat_map(|word| {
        let (letters, blank) = word.strip_suffix(' ').map_or((word, ""), |letters| (letters, &word[letters.len()..]));
        let whole = (width(letters, glyphs) <= room).then_some([letters, blank]);
        let parts = if whole.is_none() { Some(word.split_word_bounds()) } else { None };
        whole.into_iter().flatten().filter(|part| !part.is_empty()).chain(parts.into_iter().flatten())
    });
    for word in pieces {
        let cells = width(word, glyphs);
        if used + cells > room {
            if word.trim().is_empty() {
                continue;
            }
            if used > 0 {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
            }
            if lines.len() >= most {
                return;
            }
        }
        if cells <= room.saturating_sub(used) {
            line.push_str(word);
            used += cells;
            continue;
        }
        for grapheme in word.graphemes(true) {
            let cells = width(grapheme, glyphs);
            if used + cells > room {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += cells;
        }
    }
    lines.push(line.trim_end().to_owned());
}

/// The start of `value` as JSON on one line: whole if it has fewer than `most` bytes, else a bit more than that.
pub(in crate::tui) fn preview(value: &Value, most: usize) -> String {
    let mut out = String::new();
    write(value, most, &mut out);
    out
}

/// Whether all of `value` was written. Each level writes a byte before it goes deeper, so `most` bounds the recursion.
fn write(value: &Value, most: usize, out: &mut String) -> bool {
    match value {
        _ if out.len() > most => return false,
        Value::Object(object) => {
            for (at, (key, member)) in object.iter().enumerate() {
                out.push(if at == 0 { '{' } else { ',' });
                let whole = write_text(key, most, out) && {
                    out.push(':');
                    write(member, most, out)
                };
                if !whole {
                    return false;
                }
            }
            out.push_str(if object.is_empty() { "{}" } else { "}" });
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                out.push(if at == 0 { '[' } else { ',' });
                if !write(item, most, out) {
                    return false;
                }
            }
            out.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Value::String(text) => return write_text(text, most, out),
        scalar => out.push_str(&scalar.to_json()),
    }
    true
}

fn write_text(text: &str, most: usize, out: &mut String) -> bool {
    let start = start(text, most + 1);
    escape_into(start, out);
    let whole = start.len() == text.len();
    if !whole {
        out.pop();
    }
    whole
}

/// The first `bytes` bytes of `text`, or some less where that is inside a character.
fn start(text: &str, bytes: usize) -> &str {
    (0..=bytes.min(text.len())).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}

/// Bytes as people read them: `88 B`, `1.2 kB`, `20 MB`.
pub(super) fn size(bytes: usize) -> String {
    let in_units = |unit: usize, name: &str| match bytes / (unit / 10) {
        tenths @ ..100 => format!("{}.{} {name}", tenths / 10, tenths % 10),
        tenths => format!("{} {name}", tenths / 10),
    };
    match bytes {
        ..1000 => format!("{bytes} B"),
        1000..1_000_000 => in_units(1000, "kB"),
        _ => in_units(1_000_000, "MB"),
    }
}

/// Seconds and milliseconds from `start` to `at`.
pub(super) fn since(start: Timestamp, at: Timestamp) -> String {
    seconds(at.since(start))
}

/// Milliseconds as `1.031`.
pub(super) fn seconds(millis: i64) -> String {
    let millis = millis.max(0);
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

/// The time of the day in UTC, to the second.
pub(super) fn clock(at: Timestamp) -> String {
    at.to_iso().get(11..19).unwrap_or_default().to_owned()
}

/// `1 key`, `2 keys`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// `file:line` of `state`.
pub(super) fn place(definition: &Definition, machine: &StateMachine, state: StateId) -> String {
    let line =
        machine.states.get(state.0 as usize).map_or(1, |state| definition.lines.line(state.name_span.start as usize));
    let file = definition.name.rsplit(['/', '\\']).next().unwrap_or(&definition.name);
    format!("{file}:{line}")
}

/// The name of `state`; empty for one of another machine.
pub(super) fn name(machine: &StateMachine, state: StateId) -> &str {
    machine.states.get(state.0 as usize).map_or("", |state| &state.name)
}

/// Whether `text` has `wanted` in it, which is in small letters.
pub(super) fn has(text: &str, wanted: &str) -> bool {
    text.to_lowercase().contains(wanted)
}

/// `spans` as text.
pub(super) fn text_of(spans: &[Span<'_>]) -> String {
    spans.iter().map(|span| span.content.as_ref()).collect()
}

/// A span in the style of `role`.
pub(super) fn styled<'t>(text: impl Into<std::borrow::Cow<'t, str>>, role: Role, look: &Look<'_>) -> Span<'t> {
    let style: Style = look.styles.role(role);
    Span::styled(text, style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;
    use proptest::prelude::*;

    const UNICODE: Glyphs = Glyphs::UNICODE;

    #[test]
    fn sizes_in_three_digits() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (1260, "1.2 kB"),
            (262_144, "262 kB"),
            (20_971_520, "20 MB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn times_of_a_run() {
        let start = Timestamp::parse("2024-01-01T12:00:00Z").expect("a time");
        assert_eq!(since(start, start.plus_millis(61_005)), "61.005");
        assert_eq!(since(start, start.plus_millis(-5)), "0.000");
        assert_eq!(clock(start.plus_millis(61_005)), "12:01:01");
    }

    #[test]
    fn a_preview_is_the_start_of_the_text() {
        let value = read(r#"{"a":[1,{"b":"x\ny"}],"c":null,"d":{}}"#).expect("valid JSON");
        assert_eq!(preview(&value, 100), value.to_json());
        let short = preview(&value, 8);
        assert!(short.len() > 8 && short.len() < 20 && value.to_json().starts_with(&short), "{short}");
    }

    #[test]
    fn a_preview_costs_no_more_than_it_shows() {
        let deep = format!("{}{}", "[".repeat(900), "]".repeat(900));
        assert!(preview(&read(&deep).expect("valid"), 40).len() < 50);
        let long = Value::string("é".repeat(1_000_000));
        assert!(preview(&long, 40).len() < 50);
    }

    #[test]
    fn text_is_broken_between_words() {
        let lines = |text: &str, room, most| wrap(text, room, most, &UNICODE);
        assert_eq!(lines("the run stands still", 9, 9), ["the run", "stands", "still"]);
        assert_eq!(lines("abcdefgh ij", 3, 9), ["abc", "def", "gh", "ij"]);
        assert_eq!(lines("a\nb", 5, 9), ["a", "b"]);
        assert_eq!(lines("one two three four", 6, 2), ["one", "two…"]);
        assert_eq!(lines("to this address.", 15, 9), ["to this", "address."]);
        assert_eq!(lines("", 6, 2), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn wrapped_lines_fit(text in "[\\PC\\x00-\\x1f日é ]{0,60}", room in 0usize..9, most in 0usize..5) {
            for glyphs in [Glyphs::UNICODE, Glyphs::ASCII] {
                let lines = wrap(&text, room, most, &glyphs);
                prop_assert!(lines.len() <= most);
                for line in lines {
                    // A sign that is wider than the room there is has to stand somewhere.
                    prop_assert!(width(&line, &glyphs) <= room.max(8), "{:?}", line);
                    prop_assert!(!line.chars().any(char::is_control));
                }
            }
        }
    }
}
