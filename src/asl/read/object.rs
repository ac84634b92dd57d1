//! Objects of a definition held against the table of fields.

use std::collections::HashSet;

use super::Reader;
use super::jsonata::is_expression;
use crate::asl::fields::{self, Field, FieldType, Language, Owner};
use crate::asl::placeholder;
use crate::text::{Diagnostic, Member, Node, NodeKind};
use crate::value::{Number, Timestamp};

/// An object whose fields were checked: what is there has the right type or was reported.
#[derive(Debug)]
pub(super) struct Object<'n> {
    pub(super) node: &'n Node,
    pub(super) language: Language,
    /// AWS's location; empty for the definition itself.
    pub(super) place: String,
}

impl<'n> Object<'n> {
    pub(super) fn get(&self, name: &str) -> Option<&'n Member> {
        self.node.get(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn text(&self, name: &str) -> Option<&'n str> {
        self.get(name)?.value.as_str()
    }

    pub(super) fn items(&self, name: &str) -> &'n [Node] {
        self.get(name).and_then(|member| member.value.items()).unwrap_or_default()
    }

    pub(super) fn number(&self, name: &str) -> Option<Number> {
        number(&self.get(name)?.value)
    }

    /// A whole number that is not negative.
    pub(super) fn whole(&self, name: &str) -> Option<u64> {
        self.number(name)?.as_i64().and_then(|n| u64::try_from(n).ok())
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|member| member.value.kind == NodeKind::Bool(true))
    }

    /// Whether a placeholder stands in field `name`.
    pub(super) fn is_later(&self, name: &str) -> bool {
        self.text(name).is_some_and(placeholder::is_in)
    }

    /// AWS's location of field `name`.
    pub(super) fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.place)
    }

    /// AWS's location of the object.
    pub(super) fn location(&self) -> &str {
        if self.place.is_empty() { "/" } else { &self.place }
    }
}

pub(super) fn number(node: &Node) -> Option<Number> {
    match &node.kind {
        NodeKind::Number(text) => Some(Number::parse(text)),
        _ => None,
    }
}

impl<'n> Reader<'n> {
    /// Checks `node` as what `owner` says and gives access to its fields; `None` when it is no object.
    pub(super) fn object(
        &mut self,
        owner: Owner,
        node: &'n Node,
        language: Language,
        place: String,
    ) -> Option<Object<'n>> {
        let object = Object { node, language, place };
        let Some(members) = node.members() else {
            self.expected("OBJECT", node, object.location());
            return None;
        };
        self.repeated_keys(members, &object);
        let absent: Vec<&str> =
            fields::of(owner, language).map(|field| field.name).filter(|f| !object.has(f)).collect();
        for member in members {
            self.field(owner, member, &object, &absent);
        }
        self.missing(owner, &object);
        self.exclusive(owner, &object);
        Some(object)
    }

    /// `Expected value of type [STRING]`, `Expected value of type Integer` (reported).
    pub(super) fn expected(&mut self, expected: &str, node: &Node, place: &str) {
        let message = match expected {
            "Integer" => "Expected value of type Integer".to_owned(),
            other => format!("Expected value of type [{other}]"),
        };
        let wanted = if expected == "Integer" { "a whole number" } else { &*with_article(&expected.to_lowercase()) };
        let found = with_article(node.type_name());
        let help = match (expected, &node.kind) {
            ("Integer", NodeKind::Number(text)) => format!("{text} is not whole; write a whole number"),
            _ => format!("this is {found}; write {wanted}"),
        };
        self.report(Diagnostic::error(SCHEMA, message, node.span).located(place).with_help(help));
    }

    fn repeated_keys(&mut self, members: &[Member], object: &Object<'_>) {
        let mut seen = HashSet::with_capacity(members.len());
        for member in members.iter().rev().filter(|member| !seen.insert(&member.key)) {
            let message = format!("`{}` stands here more than once; only the last one counts", member.key);
            let warning = Diagnostic::warning("DUPLICATE_KEY", message, member.key_span);
            self.report(warning.located(object.location()).with_help("remove one of them"));
        }
    }

    /// Checks one field; `absent` are those that `owner` has and the object has not.
    fn field(&mut self, owner: Owner, member: &Member, object: &Object<'_>, absent: &[&'static str]) {
        let Some(field) = fields::find(owner, &member.key) else {
            self.unknown_field(owner, member, object, absent);
            return;
        };
        if let Some(only) = field.language.filter(|only| *only != object.language) {
            self.wrong_language(only, member, object);
            return;
        }
        self.field_type(field, &member.value, object);
        self.no_path(owner, field, &member.value, object);
    }

    fn unknown_field(&mut self, owner: Owner, member: &Member, object: &Object<'_>, absent: &[&'static str]) {
        let message = format!("Field '{}' is not supported", member.key);
        let help = match self.meant(&member.key, absent.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => no_such_field(owner, &member.key),
        };
        self.report(Diagnostic::error(SCHEMA, message, member.key_span).located(object.location()).with_help(help));
    }

    fn wrong_language(&mut self, only: Language, member: &Member, object: &Object<'_>) {
        if self.is_downgraded(object) {
            // AWS reports the downgrade alone (reported).
            return;
        }
        let (set, key, only) = (object.language.name(), &member.key, only.name());
        let message = format!(
            "The QueryLanguage is set to '{set}', but field '{key}' is only supported for the '{only}' QueryLanguage"
        );
        let help = format!("remove `{key}`, or give the state \"QueryLanguage\": \"{only}\"");
        self.report(Diagnostic::error(SCHEMA, message, member.key_span).located(object.location()).with_help(help));
    }

    fn field_type(&mut self, field: &Field, node: &Node, object: &Object<'_>) {
        if object.language == Language::Jsonata && field.is_computed() && is_expression(node) {
            return;
        }
        let place = object.at(field.name);
        if is_filled_in_later(field.kind, node) {
            self.later(node, &place);
            return;
        }
        if !has_type(field.kind, node) {
            self.expected(field.kind.expected(), node, &place);
            return;
        }
        match field.kind {
            FieldType::Whole(min, max) => self.whole_range(node, min, max, &place),
            FieldType::Decimal(min, max) => self.decimal_range(node, min, max, &place),
            FieldType::OneOf(words) => self.one_of(words, node, &place),
            FieldType::Timestamp => self.timestamp(node, &place),
            FieldType::Objects | FieldType::Texts => self.not_empty(node, &place),
            _ => {}
        }
        if field.kind == FieldType::Texts {
            for (at, item) in node.items().unwrap_or_default().iter().enumerate().filter(|(_, i)| i.as_str().is_none())
            {
                self.expected("STRING", item, &format!("{place}[{at}]"));
            }
        }
    }

    /// A placeholder where a number or a boolean belongs: the deployed text may be right.
    fn later(&mut self, node: &Node, place: &str) {
        let message = "A placeholder stands where a number or a boolean is expected; here it counts as not given";
        let help = "write the value itself to have it used here";
        self.report(Diagnostic::warning("PLACEHOLDER", message, node.span).located(place).with_help(help));
    }

    fn whole_range(&mut self, node: &Node, min: i64, max: i64, place: &str) {
        let Some(number) = number(node) else { return };
        match number.as_i64() {
            Some(n) if n < min => self.out_of_range("Minimum", &min.to_string(), node, place),
            Some(n) if n > max => self.out_of_range("Maximum", &max.to_string(), node, place),
            Some(_) => {}
            None if number.as_f64() > 9.0e15 => self.out_of_range("Maximum", &max.to_string(), node, place),
            None => self.expected("Integer", node, place),
        }
    }

    fn decimal_range(&mut self, node: &Node, min: f64, max: f64, place: &str) {
        let Some(number) = number(node).map(|n| n.as_f64()) else { return };
        if number < min {
            self.out_of_range("Minimum", &format!("{min:?}"), node, place);
        } else if number > max {
            self.out_of_range("Maximum", &format!("{max:?}"), node, place);
        }
    }

    /// `Minimum value is 0`, `Maximum value is 100.0` (reported).
    fn out_of_range(&mut self, end: &str, value: &str, node: &Node, place: &str) {
        let message = format!("{end} value is {value}");
        let fault = Diagnostic::error(SCHEMA, message, node.span).located(place);
        let way = if end == "Minimum" { "at least" } else { "at most" };
        self.report(fault.with_help(format!("write {way} {value}")));
    }

    fn one_of(&mut self, words: &[&str], node: &Node, place: &str) {
        let word = node.as_str().unwrap_or_default();
        if words.contains(&word) || placeholder::is_in(word) {
            return;
        }
        let message = format!("Value should be one of the following: [{}]", words.join(", "));
        let fault = Diagnostic::error(SCHEMA, message, node.span).located(place);
        let help = match self.meant(word, words.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("write {}", either(words)),
        };
        self.report(fault.with_help(help));
    }

    fn timestamp(&mut self, node: &Node, place: &str) {
        let text = node.as_str().unwrap_or_default();
        if Timestamp::parse(text).is_some() || placeholder::is_in(text) {
            return;
        }
        let fault = Diagnostic::error(SCHEMA, "String does not match RFC3339 timestamp", node.span).located(place);
        self.report(
            fault.with_help("write it like 2026-11-21T09:41:07Z: an upper-case T, and Z or an offset at the end"),
        );
    }

    fn not_empty(&mut self, node: &Node, place: &str) {
        if node.items().is_some_and(<[_]>::is_empty) {
            let fault = Diagnostic::error(SCHEMA, "Value cannot be empty", node.span).located(place);
            self.report(fault.with_help("put at least one item into it, or remove the field"));
        }
    }

    fn missing(&mut self, owner: Owner, object: &Object<'n>) {
        let required = owner.required().iter().copied();
        let missing: Vec<&str> = required.filter(|name| !object.has(name)).collect();
        if !missing.is_empty() {
            self.fields_required(&missing, object);
        }
    }

    /// `These fields are required: […]` (recorded).
    pub(super) fn fields_required(&mut self, names: &[&str], object: &Object<'_>) {
        let message = format!("These fields are required: [{}]", names.join(", "));
        let span = self.head(object.node);
        let fault = Diagnostic::error(SCHEMA, message, span).located(object.location());
        let keys = object.node.members().unwrap_or_default().iter().map(|member| &*member.key);
        let misspelled = names.iter().find_map(|name| self.meant(name, keys.clone()).map(|key| (key, name)));
        let help = match misspelled {
            Some((key, name)) => format!("`{key}` should be `{name}`"),
            None => format!("add {}", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")),
        };
        self.report(fault.with_help(help));
    }

    fn exclusive(&mut self, owner: Owner, object: &Object<'n>) {
        for (owners, names) in fields::EXCLUSIVE {
            let present: Vec<_> = names.iter().filter_map(|name| object.get(name)).collect();
            if owners.contains(&owner) && present.len() > 1 {
                self.only_one_of(names, present.last().copied(), object);
            }
        }
    }

    /// `This object should have only one of the following fields: […]`, of which none is there (reported).
    pub(super) fn one_is_needed(&mut self, names: &[&str], object: &Object<'_>, help: impl Into<String>) {
        let message = format!("This object should have only one of the following fields: [{}]", names.join(", "));
        let fault = Diagnostic::error(SCHEMA, message, self.head(object.node)).located(object.location());
        self.report(fault.with_help(help));
    }

    /// `There should only be one of the following fields: […]` (reported).
    pub(super) fn only_one_of(&mut self, names: &[&str], at: Option<&Member>, object: &Object<'_>) {
        let message = format!("There should only be one of the following fields: [{}]", names.join(", "));
        let span = at.map_or(object.node.span, |member| member.key_span);
        self.report(
            Diagnostic::error(SCHEMA, message, span).located(object.location()).with_help("remove all but one"),
        );
    }
}

pub(super) use crate::asl::check::SCHEMA;

fn has_type(kind: FieldType, node: &Node) -> bool {
    match kind {
        FieldType::PathOrNull if node.kind == NodeKind::Null => true,
        FieldType::Template | FieldType::Json => true,
        FieldType::Flag => matches!(node.kind, NodeKind::Bool(_)),
        FieldType::Whole(..) | FieldType::Decimal(..) | FieldType::Number => matches!(node.kind, NodeKind::Number(_)),
        FieldType::Object | FieldType::ObjectTemplate => node.members().is_some(),
        FieldType::Objects | FieldType::ObjectsOrNone | FieldType::Texts => node.items().is_some(),
        FieldType::Text => node.as_str().is_some() || placeholder::is_function(node),
        _ => node.as_str().is_some(),
    }
}

fn is_filled_in_later(kind: FieldType, node: &Node) -> bool {
    let scalar = matches!(kind, FieldType::Whole(..) | FieldType::Decimal(..) | FieldType::Number | FieldType::Flag);
    scalar && node.as_str().is_some_and(placeholder::is_in)
}

/// What to do about a field that `owner` does not have; which state types have it, if any.
fn no_such_field(owner: Owner, name: &str) -> String {
    let types = Owner::STATE_TYPES.iter().filter(|(_, other)| fields::find(*other, name).is_some());
    let types: Vec<&str> = types.map(|(name, _)| *name).collect();
    let is_state = Owner::STATE_TYPES.iter().any(|(_, other)| *other == owner);
    match is_state && !types.is_empty() {
        true => format!("{} has no such field, only {}; remove it", owner.title(), types.join(", ")),
        false => format!("{} has no such field; remove it", owner.title()),
    }
}

/// `a`, `a or b`, `a, b or c`, each in backticks.
fn either(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

fn with_article(type_name: &str) -> String {
    match type_name {
        "null" | "any" => type_name.to_owned(),
        "object" | "array" => format!("an {type_name}"),
        _ => format!("a {type_name}"),
    }
}
