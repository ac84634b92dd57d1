//! What the parts of an expression evaluated to.

use super::ast::{Kind, Node};
use super::item::{Flags, Item};
use super::stringify::bounded_json;
use crate::text::Span;

/// A part of an expression and the value it had, as bounded JSON text; a part that was evaluated several times has
/// several entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// The part.
    pub span: Span,
    /// The value: JSON, cut where it is long; `undefined` for nothing, `function` for functions.
    pub value: String,
}

/// The most entries, and the most bytes of one.
const MOST: usize = 500;
const LONGEST: usize = 200;

/// Entries in the order in which evaluations end: inner parts before outer ones.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) entries: Vec<Traced>,
}

impl Trace {
    /// What is written out explains itself, and names are shown with the path that they belong to.
    pub(super) fn record_node(&mut self, node: &Node, result: &Item) {
        let obvious = matches!(
            node.kind,
            Kind::Literal(_)
                | Kind::Number(_)
                | Kind::Regex(_)
                | Kind::Lambda { .. }
                | Kind::Name(_)
                | Kind::Placeholder
                | Kind::Thunk(_)
        );
        let is_builtin = matches!((&node.kind, result), (Kind::Variable(_), Item::Function(_)));
        if !obvious && !is_builtin {
            self.record(node.span, result);
        }
    }

    pub(super) fn record_step(&mut self, span: std::ops::Range<u32>, result: &Item) {
        self.record(Span { start: span.start, end: span.end }, result);
    }

    fn record(&mut self, span: Span, result: &Item) {
        if self.entries.len() >= MOST {
            return;
        }
        let value = match result {
            Item::Function(_) => "function".to_owned(),
            Item::Array(list) if list.items.is_empty() && list.flags().sequence => "undefined".to_owned(),
            Item::Array(list) if list.items.len() == 1 && is_unwrapped(list.flags()) => {
                cut(list.items.first().map_or_else(String::new, |item| bounded_json(item, LONGEST)))
            }
            other => cut(bounded_json(other, LONGEST)),
        };
        let traced = Traced { span, value };
        if self.entries.last() != Some(&traced) {
            self.entries.push(traced);
        }
    }
}

/// Whether an array of one item would lose its brackets at the end of the path.
fn is_unwrapped(flags: Flags) -> bool {
    flags.sequence && !flags.keep_singleton
}

fn cut(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
