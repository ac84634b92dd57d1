//! The expressions in a state, each with its place and what it is evaluated on.

use crate::asl::fields::Language;
use crate::query::Expression;
use crate::query::jsonata::Jsonata;
use crate::query::jsonata_field::{Delimited, delimited};
use crate::text::{Member, Node, NodeKind};

/// An expression where it is used.
pub(super) struct Use<'d> {
    /// The string that holds it.
    pub(super) node: &'d Node,
    /// Where in the string it begins.
    pub(super) offset: usize,
    /// The service's location.
    pub(super) place: String,
    /// The field of the state that it belongs to.
    pub(super) field: &'d str,
    /// What `$` stands for.
    pub(super) document: Document,
    pub(super) what: What,
}

/// An expression.
pub(super) enum What {
    /// A path or an intrinsic call.
    Path(Expression),
    Jsonata(Jsonata),
}

/// What `$` stands for in a JSONPath expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Document {
    /// The input of the state.
    Raw,
    /// What `InputPath` leaves of it.
    Effective,
    /// The result of a Task, Map or Parallel.
    Result,
    /// What `Assign` sees: the result, or the effective input of a state that has none.
    Assigned,
    /// What `OutputPath` sees.
    Output,
    /// The error output that a catcher sees.
    Error,
}

/// The expressions in state `node` at `place`, in the order of the text. What does not compile was reported, or holds
/// a placeholder.
pub(super) fn of<'d>(node: &'d Node, place: &str, language: Language) -> Vec<Use<'d>> {
    let mut walk = Walk { place: place.to_owned(), field: "", found: Vec::new() };
    for member in node.members().unwrap_or_default() {
        walk.field = &member.key;
        match language {
            Language::JsonPath => walk.inside(member, |walk| walk.field(member)),
            Language::Jsonata if is_literal(&member.key) => {}
            Language::Jsonata => walk.inside(member, |walk| walk.jsonata(&member.value)),
        }
    }
    walk.found
}

/// Fields that hold no expressions, or states of their own.
fn is_literal(field: &str) -> bool {
    matches!(
        field,
        "Type" | "Comment" | "Next" | "Default" | "Resource" | "Retry" | "ItemProcessor" | "Iterator" | "Branches"
    )
}

struct Walk<'d> {
    place: String,
    field: &'d str,
    found: Vec<Use<'d>>,
}

impl<'d> Walk<'d> {
    fn inside(&mut self, member: &'d Member, walk: impl FnOnce(&mut Self)) {
        let outer = self.place.len();
        self.place.push('/');
        self.place.push_str(&member.key);
        walk(self);
        self.place.truncate(outer);
    }

    fn item(&mut self, at: usize, walk: impl FnOnce(&mut Self)) {
        let outer = self.place.len();
        self.place.push_str(&format!("[{at}]"));
        walk(self);
        self.place.truncate(outer);
    }

    fn members(&mut self, node: &'d Node, walk: impl Fn(&mut Self, &'d Member)) {
        for member in node.members().unwrap_or_default() {
            self.inside(member, |inner| walk(inner, member));
        }
    }

    fn items(&mut self, node: &'d Node, walk: impl Fn(&mut Self, &'d Node)) {
        for (at, item) in node.items().unwrap_or_default().iter().enumerate() {
            self.item(at, |inner| walk(inner, item));
        }
    }

    /// A field of a JSONPath state.
    fn field(&mut self, member: &'d Member) {
        let value = &member.value;
        match &*member.key {
            "InputPath" => self.path(value, Document::Raw),
            "OutputPath" => self.path(value, Document::Output),
            "Parameters" | "ItemSelector" | "Credentials" | "BatchInput" => self.template(value, Document::Effective),
            "ResultSelector" => self.template(value, Document::Result),
            "Assign" => self.template(value, Document::Assigned),
            "Choices" => self.items(value, Self::rule),
            "Catch" => self.items(value, |walk, catcher| {
                walk.members(catcher, |walk, member| {
                    if &*member.key == "Assign" {
                        walk.template(&member.value, Document::Error);
                    }
                });
            }),
            "ItemReader" | "ItemBatcher" | "ResultWriter" | "ReaderConfig" => self.members(value, Self::field),
            "ResultPath" => {}
            key if key.ends_with("Path") => self.path(value, Document::Effective),
            _ => {}
        }
    }

    fn rule(&mut self, rule: &'d Node) {
        self.members(rule, |walk, member| match &*member.key {
            "And" | "Or" => walk.items(&member.value, Self::rule),
            "Not" => walk.rule(&member.value),
            "Assign" => walk.template(&member.value, Document::Effective),
            "Variable" => walk.path(&member.value, Document::Effective),
            key if key.ends_with("Path") => walk.path(&member.value, Document::Effective),
            _ => {}
        });
    }

    fn template(&mut self, node: &'d Node, document: Document) {
        self.items(node, |walk, item| walk.template(item, document));
        self.members(node, |walk, member| match member.key.ends_with(".$") {
            true => walk.path(&member.value, document),
            false => walk.template(&member.value, document),
        });
    }

    fn path(&mut self, node: &'d Node, document: Document) {
        if let Some(expression) = node.as_str().and_then(|text| Expression::compile(text).ok()) {
            self.add(node, 0, document, What::Path(expression));
        }
    }

    fn jsonata(&mut self, node: &'d Node) {
        match &node.kind {
            NodeKind::Array(_) => self.items(node, Self::jsonata),
            NodeKind::Object(_) => self.members(node, |walk, member| walk.jsonata(&member.value)),
            NodeKind::String(text) => {
                let Delimited::Expression(expression, offset) = delimited(text) else { return };
                if let Ok(jsonata) = Jsonata::compile(expression) {
                    self.add(node, offset, Document::Raw, What::Jsonata(jsonata));
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, node: &'d Node, offset: usize, document: Document, what: What) {
        self.found.push(Use { node, offset, place: self.place.clone(), field: self.field, document, what });
    }
}
