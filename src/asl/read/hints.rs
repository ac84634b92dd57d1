//! The warnings of AWS's validation: texts that look like paths and stay texts. The codes and the messages are those of
//! the API reference, ValidateStateMachineDefinitionDiagnostic.

use super::Reader;
use super::object::Object;
use crate::asl::fields::{self, Field, FieldType, Language, Owner};
use crate::query::Expression;
use crate::text::{Diagnostic, Member, Node, NodeKind};

impl<'n> Reader<'n> {
    /// `NO_DOLLAR`: members of a payload template whose keys do not end in `.$`. Located at the payload, as bad
    /// expressions in it are (reported).
    pub(super) fn no_dollar(&mut self, node: &'n Node, place: &str) {
        let mut found = Vec::new();
        static_expressions(node, &mut found);
        for member in found {
            let message = "No .$ on a field that appears to be a JSONPath or Intrinsic Function.";
            let warning = Diagnostic::warning("NO_DOLLAR", message, member.value.span).located(place);
            self.report(warning.with_help(format!("write `{}.$` to have it evaluated", member.key)));
        }
    }

    /// `NO_PATH`: a text for which there is a field that takes a path.
    pub(super) fn no_path(&mut self, owner: Owner, field: &Field, node: &Node, object: &Object<'_>) {
        let twin = format!("{}Path", field.name);
        let has_twin = || fields::find(owner, &twin).is_some();
        let is_text = field.kind == FieldType::Text && object.language == Language::JsonPath;
        if is_text && node.as_str().is_some_and(looks_evaluated) && has_twin() {
            let message = "Field value looks like a path, but field name does not end with 'Path'.";
            let warning = Diagnostic::warning("NO_PATH", message, node.span).located(object.at(field.name));
            self.report(warning.with_help(format!("write `{twin}` to have it evaluated")));
        }
    }

    /// `PASS_RESULT_IS_STATIC`: the `Result` of a Pass is taken as it stands.
    pub(super) fn static_result(&mut self, object: &Object<'n>) {
        let Some(member) = object.get("Result").filter(|_| object.language == Language::JsonPath) else { return };
        let mut found = Vec::new();
        static_expressions(&member.value, &mut found);
        expressions(&member.value, &mut found);
        let own = member.value.as_str().is_some_and(looks_evaluated);
        let span = if own { Some(member.value.span) } else { found.iter().map(|m| m.key_span).min() };
        if let Some(span) = span {
            let message = "Attempt to use a path in the result of a pass state.";
            let warning = Diagnostic::warning("PASS_RESULT_IS_STATIC", message, span).located(object.at("Result"));
            self.report(warning.with_help("use `Parameters` instead of `Result` to have paths evaluated"));
        }
    }
}

/// Whether `text` would be an expression if it stood where one is evaluated. `$` alone and names of variables are
/// texts often enough.
fn looks_evaluated(text: &str) -> bool {
    let starts = ["$.", "$[", "$$.", "States."];
    starts.iter().any(|start| text.starts_with(start)) && Expression::compile(text).is_ok()
}

/// All members of `node`, at any depth, that are taken as they stand and look like expressions.
fn static_expressions<'n>(node: &'n Node, found: &mut Vec<&'n Member>) {
    let here = |member: &Member| !member.key.ends_with(".$") && member.value.as_str().is_some_and(looks_evaluated);
    each_member(node, &mut |member| {
        if here(member) {
            found.push(member);
        }
    });
}

/// All members of `node`, at any depth, whose keys end in `.$`.
fn expressions<'n>(node: &'n Node, found: &mut Vec<&'n Member>) {
    each_member(node, &mut |member| {
        if member.key.ends_with(".$") {
            found.push(member);
        }
    });
}

// Loops, not chains of iterators: this recurses as deep as the text nests.
fn each_member<'n>(node: &'n Node, visit: &mut impl FnMut(&'n Member)) {
    match &node.kind {
        NodeKind::Array(items) => {
            for item in items {
                each_member(item, visit);
            }
        }
        NodeKind::Object(members) => {
            for member in members {
                visit(member);
                each_member(&member.value, visit);
            }
        }
        _ => {}
    }
}
