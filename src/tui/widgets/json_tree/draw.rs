//! Rows of the tree to text.

use ratatui::style::Style;
use ratatui::text::Span;

use super::{Content, JsonTree, LONG_TEXT, Mark, Row};
use crate::config::Role;
use crate::tui::glyph::Glyphs;
use crate::tui::highlight::Token;
use crate::tui::style::Styles;
use crate::value::diff::{ChangeKind, Step};
use crate::value::{Value, escape_into};

/// Characters of a long text shown in its own row.
const START_OF_TEXT: usize = 80;

impl JsonTree {
    /// Row `at` as spans, to be cut to the room there is.
    #[must_use]
    pub fn spans(&self, at: usize, styles: &Styles, glyphs: &Glyphs) -> Vec<Span<'static>> {
        let Some(row) = self.rows().get(at) else {
            return Vec::new();
        };
        let mut spans = Vec::with_capacity(6);
        if self.has_marks() {
            spans.push(mark(row.mark, styles, glyphs));
        }
        let fold = match row.open {
            Some(true) => glyphs.unfolded,
            Some(false) => glyphs.folded,
            None => " ",
        };
        spans.push(Span::raw(format!("{}{fold} ", "  ".repeat(row.depth))));
        spans.extend(label(row, styles));
        spans.push(content(row, styles, glyphs));
        spans
    }
}

fn mark(mark: Option<Mark>, styles: &Styles, glyphs: &Glyphs) -> Span<'static> {
    let (sign, role) = match mark {
        Some(Mark::Here(ChangeKind::Added)) => ("+", Role::Added),
        Some(Mark::Here(ChangeKind::Removed)) => ("-", Role::Removed),
        Some(Mark::Here(ChangeKind::Changed)) => ("~", Role::Changed),
        Some(Mark::Inside) => (glyphs.pending, Role::Muted),
        None => (" ", Role::Text),
    };
    Span::styled(format!("{sign} "), styles.role(role))
}

fn label(row: &Row, styles: &Styles) -> Option<Span<'static>> {
    let (text, token) = match row.step.as_ref()? {
        Step::Key(key) => (format!("{key}: "), Token::Key),
        Step::Index(index) => (format!("{index}: "), Token::Punctuation),
    };
    Some(Span::styled(text, styles.token(token)))
}

fn content(row: &Row, styles: &Styles, glyphs: &Glyphs) -> Span<'static> {
    let muted = styles.role(Role::Muted);
    match &row.content {
        Content::Text(text) => Span::styled(text.clone(), styles.token(Token::String)),
        Content::More(count) => Span::styled(format!("{} {count} more", glyphs.ellipsis), muted),
        Content::Value(Value::Object(object)) => brackets("{", object.len(), "key", "}", row.open, muted),
        Content::Value(Value::Array(items)) => brackets("[", items.len(), "item", "]", row.open, muted),
        Content::Value(Value::String(text)) => string(text, styles.token(Token::String), glyphs),
        Content::Value(Value::Number(number)) => Span::styled(number.to_string(), styles.token(Token::Number)),
        Content::Value(scalar) => Span::styled(scalar.to_json(), styles.token(Token::Constant)),
    }
}

fn brackets(open: &str, count: usize, what: &str, close: &str, unfolded: Option<bool>, style: Style) -> Span<'static> {
    let plural = if count == 1 { "" } else { "s" };
    match unfolded {
        None => Span::styled(format!("{open}{close}"), style),
        Some(_) => Span::styled(format!("{open} {count} {what}{plural} {close}"), style),
    }
}

fn string(text: &str, style: Style, glyphs: &Glyphs) -> Span<'static> {
    let mut out = String::new();
    if text.len() <= LONG_TEXT {
        escape_into(text, &mut out);
    } else {
        let start: String = text.chars().take(START_OF_TEXT).collect();
        escape_into(&start, &mut out);
        out.pop();
        out.push_str(&format!("{} {} bytes", glyphs.ellipsis, text.len()));
    }
    Span::styled(out, style)
}
