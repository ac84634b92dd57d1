//! Expressions of one query language in a state of the other: they are taken as texts.

use super::subject::Subject;
use crate::asl::fields::Language;
use crate::asl::model::StateId;
use crate::query::jsonata_field::{Delimited, delimited};
use crate::query::{Expression, intrinsic};
use crate::text::{Diagnostic, Member, Node, NodeKind};

const WRONG: &str = "WRONG_LANGUAGE";
const IN_ARRAY: &str = "PATH_IN_ARRAY";

/// The fields of either language that are filled in.
const FIELDS: [&str; 8] =
    ["Parameters", "ResultSelector", "ItemSelector", "Assign", "Arguments", "Output", "Items", "Credentials"];

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, state) in subject.states() {
        let mut walk = Walk { language: state.language, place: String::new(), found };
        for name in FIELDS {
            if let Some(member) = subject.get(id, name) {
                walk.place = format!("{}/{name}", subject.place(id));
                walk.value(&member.value);
            }
        }
        for list in ["Catch", "Choices"] {
            walk.items(subject, id, list);
        }
    }
}

struct Walk<'f> {
    language: Language,
    place: String,
    found: &'f mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn items(&mut self, subject: &Subject<'_>, id: StateId, list: &str) {
        let items = subject.get(id, list).and_then(|list| list.value.items()).unwrap_or_default();
        for (at, item) in items.iter().enumerate() {
            for name in ["Assign", "Output"] {
                if let Some(member) = item.get(name) {
                    self.place = format!("{}/{list}[{at}]/{name}", subject.place(id));
                    self.value(&member.value);
                }
            }
        }
    }

    fn value(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.inside(&format!("[{at}]"), |walk| walk.item(item));
                }
            }
            NodeKind::Object(members) => {
                for member in members {
                    self.inside(&format!("/{}", member.key), |walk| walk.member(member));
                }
            }
            NodeKind::String(text) => self.text(node, text),
            _ => {}
        }
    }

    fn member(&mut self, member: &Member) {
        let path = member.value.as_str().filter(|text| text.starts_with('$') || text.starts_with("States."));
        match (self.language, path) {
            (Language::Jsonata, Some(text)) if member.key.ends_with(".$") => {
                let message =
                    format!("In a JSONata state `{}` is a key like any other, and its value a text", member.key);
                self.warn(member.value.span, message, jsonata_for(text));
            }
            _ => self.value(&member.value),
        }
    }

    /// An item has no key that could end in `.$`.
    fn item(&mut self, node: &Node) {
        let is_path = |text: &&str| ["$.", "$$."].iter().any(|start| text.starts_with(start));
        let Some(text) = node.as_str().filter(is_path).filter(|_| self.language == Language::JsonPath) else {
            return self.value(node);
        };
        if Expression::compile(text).is_ok() {
            let message = "In an array this is a text, no path: only the values of keys that end in `.$` are evaluated";
            let warning = Diagnostic::warning(IN_ARRAY, message, node.span).located(self.place.as_str());
            let help = format!("make the array with a call, under a key that ends in `.$`: States.Array({text}, …)");
            self.found.push(warning.with_help(help));
        }
    }

    fn text(&mut self, node: &Node, text: &str) {
        match self.language {
            Language::Jsonata if is_path(text) => {
                self.warn(node.span, "In a JSONata state this is a text, no path".to_owned(), jsonata_for(text));
            }
            Language::JsonPath if matches!(delimited(text), Delimited::Expression(..)) => {
                let help =
                    "give the state \"QueryLanguage\": \"JSONata\", or write a path under a key that ends in `.$`";
                self.warn(node.span, "In a JSONPath state this is a text, no expression".to_owned(), help.to_owned());
            }
            _ => {}
        }
    }

    fn warn(&mut self, span: crate::text::Span, message: String, help: String) {
        let warning = Diagnostic::warning(WRONG, message, span).located(self.place.as_str());
        self.found.push(warning.with_help(help));
    }

    fn inside(&mut self, step: &str, walk: impl FnOnce(&mut Self)) {
        let outer = self.place.len();
        self.place.push_str(step);
        walk(self);
        self.place.truncate(outer);
    }
}

/// Whether a text is what people write to look something up.
fn is_path(text: &str) -> bool {
    let is_call = text.split_once('(').is_some_and(|(name, _)| intrinsic::names().any(|known| known == name));
    ["$.", "$$.", "$[", "$states."].iter().any(|start| text.starts_with(start)) || is_call
}

/// What to write instead, where that is plain.
fn jsonata_for(text: &str) -> String {
    let plain = |rest: &str| rest.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
    let expression = match (text.strip_prefix("$$."), text.strip_prefix("$.")) {
        (Some(rest), _) if plain(rest) => format!("$states.context.{rest}"),
        (_, Some(rest)) if plain(rest) => format!("$states.input.{rest}"),
        _ if text.starts_with("$states.") && !text.contains("%}") => text.to_owned(),
        _ => return "write JSONata between {% and %}".to_owned(),
    };
    format!("write {{% {expression} %}}")
}
