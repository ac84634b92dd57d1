//! A tree of nodes as JSON text in which every byte knows its place: what a template holds becomes a definition.

use super::fill::{self, Lookup};
use super::functions::{Outcome, Template, is_unknown};
use crate::text::{Member, Node, NodeKind, Span, Tracked, json, spelling};

/// `node` as JSON: functions evaluated, placeholders filled in.
pub(super) fn json<'n>(node: &'n Node, template: &Template<'n>, lookup: &Lookup<'_>) -> Tracked {
    let mut writer = Writer { template, lookup, out: Tracked::default() };
    writer.node(node);
    writer.out
}

struct Writer<'w, 'n> {
    template: &'w Template<'n>,
    lookup: &'w Lookup<'w>,
    out: Tracked,
}

impl<'n> Writer<'_, 'n> {
    fn node(&mut self, node: &'n Node) {
        match self.template.resolved(node) {
            Outcome::Node(node) => self.value(node),
            Outcome::Text(text) => {
                let text = fill::fill(&text, self.lookup);
                self.string(&text, node.span);
            }
            Outcome::Number(text) if json::parse(text.text()).is_ok() => self.out.append(&text),
            Outcome::Number(text) => self.string(&text, node.span),
            Outcome::Nothing => self.out.push("null", node.span),
        }
    }

    fn value(&mut self, node: &'n Node) {
        match &node.kind {
            NodeKind::Null => self.out.push("null", node.span),
            NodeKind::Bool(value) => self.out.push(if *value { "true" } else { "false" }, node.span),
            NodeKind::Number(number) => self.out.push(number, node.span),
            NodeKind::String(text) => self.text(text, node.span),
            NodeKind::Array(items) => {
                self.bracket("[", node.span);
                for (at, item) in items.iter().enumerate() {
                    self.comma(at, item.span);
                    self.node(item);
                }
                self.closing("]", node.span);
            }
            NodeKind::Object(members) => {
                self.bracket("{", node.span);
                let mut members =
                    members.iter().filter(|member| !self.is_nothing(member)).collect::<Vec<_>>().into_iter();
                if let Some(first) = members.next() {
                    self.member(first);
                }
                for member in members {
                    self.comma(1, member.key_span);
                    self.member(member);
                }
                self.closing("}", node.span);
            }
        }
    }

    fn member(&mut self, member: &'n Member) {
        let key = spelling::tracked(self.template.source(), &member.key, member.key_span);
        let key = fill::fill(&key, self.lookup);
        self.string(&key, member.key_span);
        self.out.push(":", Span::at(member.key_span.end as usize));
        self.node(&member.value);
    }

    /// `AWS::NoValue`: the member is not there.
    fn is_nothing(&self, member: &'n Member) -> bool {
        matches!(member.value.kind, NodeKind::Object(_))
            && matches!(self.template.resolved(&member.value), Outcome::Nothing)
    }

    /// A string; one that YAML has without quotes takes the type of its value.
    fn text(&mut self, value: &str, span: Span) {
        let text = spelling::tracked(self.template.source(), value, span);
        let filled = fill::fill(&text, self.lookup);
        let is_plain = is_unknown(value) && span.text(self.template.source()).starts_with(['$', '{']);
        if is_plain && filled.text() != value && json::parse(filled.text()).is_ok() {
            self.out.append(&filled);
        } else {
            self.string(&filled, span);
        }
    }

    /// `text` as a string; its quotes are those of the file, where it has some.
    fn string(&mut self, text: &Tracked, span: Span) {
        let raw = span.text(self.template.source());
        let quote = usize::from(raw.len() > 1 && raw.starts_with(['"', '\'']));
        let (start, end) = (span.start as usize, span.end as usize);
        self.out.push("\"", Span::new(start, start + quote));
        self.out.push_escaped(text);
        self.out.push("\"", Span::new(end - quote.min(end), end));
    }

    fn bracket(&mut self, bracket: &str, span: Span) {
        let start = span.start as usize;
        let first = span.text(self.template.source()).chars().next().map_or(0, char::len_utf8);
        self.out.push(bracket, Span::new(start, start + first));
    }

    fn closing(&mut self, bracket: &str, span: Span) {
        let end = span.end as usize;
        let last = span.text(self.template.source()).chars().next_back().map_or(0, char::len_utf8);
        self.out.push(bracket, Span::new(end - last, end));
    }

    fn comma(&mut self, at: usize, before: Span) {
        if at > 0 {
            self.out.push(",", Span::at(before.start as usize));
        }
    }
}
