//! Paths, expressions and payload templates of a definition.

use std::collections::HashSet;

use super::Reader;
use super::object::{Object, SCHEMA};
use crate::asl::fields::Language;
use crate::asl::model::{Filling, PathField, ResultPath, Text};
use crate::asl::{placeholder, suggest};
use crate::query::jsonata::StatesFields;
use crate::query::template::TemplateError;
use crate::query::{Expression, JsonPath, ReferencePath, SyntaxError, Template, intrinsic};
use crate::text::{Diagnostic, Member, Node, NodeKind, Span};

/// Which words AWS has for a bad path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathRule {
    /// `InputPath`, `OutputPath`.
    JsonPath,
    /// All others: names and single indexes only (States Language, Reference Paths).
    Reference,
    /// Those of Choice rules, of which AWS says what is wrong.
    Choice,
}

/// The intrinsic functions that `ErrorPath` and `CausePath` take: those that give a string (developer guide, Fail).
const STRING_FUNCTIONS: [&str; 7] = [
    "States.ArrayGetItem",
    "States.Base64Decode",
    "States.Base64Encode",
    "States.Format",
    "States.Hash",
    "States.JsonToString",
    "States.UUID",
];

impl<'n> Reader<'n> {
    /// Field `name` as a path; `None` when it is absent, was reported, or belongs to a JSONata state.
    pub(super) fn path(&mut self, object: &Object<'n>, name: &str, rule: PathRule) -> Option<JsonPath> {
        let (member, text) = path_text(object, name)?;
        match JsonPath::compile(text) {
            Ok(path) => {
                if let Some(span) = path.ambiguous_step().filter(|_| rule != PathRule::JsonPath) {
                    let message = "this path may name one place only, by names and indexes: `$.orders[0].id`";
                    self.bad_path(rule, member, object, &SyntaxError { message: message.to_owned(), span });
                    return None;
                }
                Some(path)
            }
            Err(_) if placeholder::is_in(text) => {
                self.placeholder(member, object);
                JsonPath::compile("$").ok()
            }
            Err(error) => {
                self.bad_path(rule, member, object, &error);
                None
            }
        }
    }

    pub(super) fn path_field(&mut self, object: &Object<'n>, name: &str) -> PathField {
        if object.get(name).is_some_and(|member| member.value.kind == NodeKind::Null) {
            return PathField::Null;
        }
        match self.path(object, name, PathRule::JsonPath) {
            Some(path) if !path.is_whole_input() => PathField::Path(path),
            _ => PathField::Whole,
        }
    }

    pub(super) fn result_path(&mut self, object: &Object<'n>) -> ResultPath {
        if object.get("ResultPath").is_some_and(|member| member.value.kind == NodeKind::Null) {
            return ResultPath::Discard;
        }
        let Some((member, text)) = path_text(object, "ResultPath") else { return ResultPath::Whole };
        match ReferencePath::compile(text) {
            Ok(path) if path.is_root() => {}
            Ok(path) => return ResultPath::Path(path),
            Err(_) if placeholder::is_in(text) => self.placeholder(member, object),
            Err(error) => self.bad_path(PathRule::Reference, member, object, &error),
        }
        ResultPath::Whole
    }

    /// `ErrorPath` and `CausePath`.
    pub(super) fn expression(&mut self, object: &Object<'n>, name: &str) -> Option<Text> {
        let (member, text) = path_text(object, name)?;
        match Expression::compile(text) {
            Ok(_) if !gives_text(text) => {
                let message = format!("this function does not give a string; {} do", STRING_FUNCTIONS.join(", "));
                let span = Span::new(0, text.find('(').unwrap_or(text.len()));
                self.bad_expression(member, object, &SyntaxError { message, span });
                None
            }
            Ok(expression) => Some(Text::Expression(expression)),
            Err(_) if placeholder::is_in(text) => {
                self.placeholder(member, object);
                Some(Text::Fixed(text.into()))
            }
            Err(error) => {
                self.bad_expression(member, object, &error);
                None
            }
        }
    }

    /// Field `name` as a payload template.
    pub(super) fn template(&mut self, object: &Object<'n>, name: &str) -> Option<Template> {
        if object.language == Language::Jsonata {
            return None;
        }
        let node = &object.get(name)?.value;
        self.no_dollar(node, &object.at(name));
        match Template::compile(node) {
            Ok(template) => Some(template),
            Err(faults) => self.template_faults(&faults, node, object, name),
        }
    }

    /// Field `name` as JSON that is filled in, in the language of its state.
    pub(super) fn filling(&mut self, object: &Object<'n>, name: &str, allowed: StatesFields) -> Option<Filling> {
        match object.language {
            Language::JsonPath => self.template(object, name).map(Filling::Template),
            Language::Jsonata => self.payload(object, name, allowed).map(Filling::Payload),
        }
    }

    /// `Assign`: an object whose keys are names of variables (developer guide, Variables).
    pub(super) fn assign(&mut self, object: &Object<'n>, allowed: StatesFields) -> Option<Filling> {
        for member in object.get("Assign").and_then(|member| member.value.members()).unwrap_or_default() {
            self.variable_name(member, object);
        }
        self.filling(object, "Assign", allowed)
    }

    /// The faults; the template with the placeholders among them taken as text when there are no others.
    fn template_faults(
        &mut self,
        faults: &[TemplateError],
        node: &Node,
        object: &Object<'_>,
        name: &str,
    ) -> Option<Template> {
        let mut later = HashSet::new();
        let mut is_wrong = false;
        let mut expressions = Vec::new();
        expressions_in(node, &mut expressions);
        expressions.sort_by_key(|member| member.key_span);
        for fault in faults {
            let member = holder(&expressions, fault.span.start);
            let is_later = |m: &&Member| !is_in_key(m, fault) && m.value.as_str().is_some_and(placeholder::is_in);
            if let Some(member) = member.filter(is_later) {
                later.insert(member.value.span);
                let message = "A placeholder stands where an expression is expected; it is taken as text";
                let warning = Diagnostic::warning("PLACEHOLDER", message, member.value.span);
                self.report(
                    warning.located(object.at(name)).with_help("write the expression itself to have it used here"),
                );
            } else {
                is_wrong = true;
                self.template_fault(fault, member, &object.at(name));
            }
        }
        if is_wrong { None } else { Template::compile(&as_text(node, &later)).ok() }
    }

    /// `The value for the field 'x.$' must be …` at the payload field (recorded).
    fn template_fault(&mut self, fault: &TemplateError, member: Option<&Member>, place: &str) {
        let is_value =
            |member: &&Member| member.key.ends_with(".$") && !member.key_span.contains(fault.span.start as usize);
        let diagnostic = match member.filter(is_value) {
            Some(member) => {
                let span = self.inner_span(&member.value, fault.error.span);
                Diagnostic::error(SCHEMA, must_be_expression(&member.key), span)
                    .with_help(expression_help(&member.value, &fault.error))
            }
            None => Diagnostic::error(SCHEMA, fault.error.message.clone(), fault.span)
                .with_help("keep one of the two: a key that ends in `.$` loses these characters"),
        };
        self.report(diagnostic.located(place));
    }

    fn bad_path(&mut self, rule: PathRule, member: &Member, object: &Object<'_>, error: &SyntaxError) {
        let text = member.value.as_str().unwrap_or_default();
        let span = self.inner_span(&member.value, error.span);
        let fault = Diagnostic::error(SCHEMA, path_fault(rule, text), span).located(object.at(&member.key));
        let help = match text.starts_with('$') {
            true => error.message.clone(),
            false => format!("a path starts with `$`, such as `$.order.items[0]`: write `$.{text}`"),
        };
        self.report(fault.with_help(help));
    }

    fn bad_expression(&mut self, member: &Member, object: &Object<'_>, error: &SyntaxError) {
        let span = self.inner_span(&member.value, error.span);
        let fault = Diagnostic::error(SCHEMA, must_be_expression(&member.key), span);
        self.report(fault.located(object.at(&member.key)).with_help(expression_help(&member.value, error)));
    }

    fn placeholder(&mut self, member: &Member, object: &Object<'_>) {
        let message = "A placeholder stands where a path is expected; here it counts as not given";
        let warning = Diagnostic::warning("PLACEHOLDER", message, member.value.span);
        self.report(warning.located(object.at(&member.key)).with_help("write the path itself to have it used here"));
    }

    pub(super) fn inner_span(&self, node: &Node, inner: Span) -> Span {
        inner_span(self.source, node, inner)
    }
}

/// The place in `source` of `inner`, a part of the string `node`; all of the string where they cannot be matched.
pub(in crate::asl) fn inner_span(source: &str, node: &Node, inner: Span) -> Span {
    let value = node.as_str().unwrap_or_default();
    let raw = node.span.text(source);
    let offset = |at: u32| raw_offset(raw, value, at as usize).map(|offset| node.span.start as usize + offset);
    match (offset(inner.start), offset(inner.end)) {
        // At the end of a text there is nothing to mark but the closing quote.
        (Some(start), Some(end)) if end > start => Span::new(start, end),
        (Some(start), Some(_)) if start < node.span.end as usize => Span::new(start, start + 1),
        _ => node.span,
    }
}

/// AWS's words for a bad path (reported; without a reason where none was).
fn path_fault(rule: PathRule, text: &str) -> String {
    const NOT_A_REFERENCE: &str = "Value is not a Reference Path";
    let follows = |bracket: &str| bracket.starts_with(|c: char| c == '\'' || c == '-' || c.is_ascii_digit());
    match rule {
        PathRule::JsonPath => "Value must be a valid JSONPath.".to_owned(),
        PathRule::Reference if !text.starts_with('$') => "Value must be a valid JSONPath.".to_owned(),
        PathRule::Choice if !text.starts_with('$') => {
            format!("{NOT_A_REFERENCE}: Reference path didn't start with '$'")
        }
        PathRule::Choice if !text.split('[').skip(1).all(follows) => {
            format!("{NOT_A_REFERENCE}: '[' must be followed by ' or '['")
        }
        PathRule::Reference | PathRule::Choice => NOT_A_REFERENCE.to_owned(),
    }
}

fn is_in_key(member: &Member, fault: &TemplateError) -> bool {
    member.key_span.contains(fault.span.start as usize)
}

fn path_text<'n>(object: &Object<'n>, name: &str) -> Option<(&'n Member, &'n str)> {
    let member = object.get(name).filter(|_| object.language == Language::JsonPath)?;
    Some((member, member.value.as_str()?))
}

fn gives_text(expression: &str) -> bool {
    let name = expression.split('(').next().unwrap_or(expression).trim();
    !name.starts_with("States.") || STRING_FUNCTIONS.contains(&name)
}

/// What to do about an expression that does not parse: what was meant by a misspelled function, else why.
fn expression_help(node: &Node, error: &SyntaxError) -> String {
    let text = node.as_str().unwrap_or_default();
    let unknown = text.split("States.").skip(1).find_map(|rest| {
        let name = rest.split('(').next().filter(|name| name.chars().all(char::is_alphanumeric))?;
        let known = || intrinsic::names().filter_map(|known| known.strip_prefix("States."));
        let is_known = known().any(|known| known == name);
        (!is_known).then(|| suggest::nearest(name, known())).flatten()
    });
    match unknown {
        Some(meant) => format!("did you mean `States.{meant}`?"),
        None => error.message.clone(),
    }
}

fn must_be_expression(key: &str) -> String {
    format!("The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call")
}

/// All members of `node`, at any depth, that hold expressions.
fn expressions_in<'n>(node: &'n Node, found: &mut Vec<&'n Member>) {
    match &node.kind {
        NodeKind::Array(items) => items.iter().for_each(|item| expressions_in(item, found)),
        NodeKind::Object(members) => {
            for member in members {
                if member.key.ends_with(".$") {
                    found.push(member);
                }
                expressions_in(&member.value, found);
            }
        }
        _ => {}
    }
}

/// The one of `members`, sorted by place, that holds byte `at`.
fn holder<'n>(members: &[&'n Member], at: u32) -> Option<&'n Member> {
    let behind = members.partition_point(|member| member.key_span.start <= at);
    members.get(behind.checked_sub(1)?).filter(|member| at <= member.value.span.end).copied()
}

/// `node` with the values at `spans` under keys without their `.$`.
fn as_text(node: &Node, spans: &HashSet<Span>) -> Node {
    let kind = match &node.kind {
        NodeKind::Array(items) => NodeKind::Array(items.iter().map(|item| as_text(item, spans)).collect()),
        NodeKind::Object(members) => {
            let member = |m: &Member| {
                let key = m.key.strip_suffix(".$").filter(|_| spans.contains(&m.value.span)).unwrap_or(&m.key);
                Member { key: key.into(), key_span: m.key_span, value: as_text(&m.value, spans) }
            };
            NodeKind::Object(members.iter().map(member).collect())
        }
        other => other.clone(),
    };
    Node { span: node.span, kind }
}

/// Where byte `at` of the string `value` stands in `raw`, its spelling in the file.
fn raw_offset(raw: &str, value: &str, at: usize) -> Option<usize> {
    if raw == value {
        return Some(at);
    }
    let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = raw.get(1..raw.len().checked_sub(1)?)?;
    if inside == value {
        return Some(at + 1);
    }
    let mut decoded = 0;
    let mut chars = inside.char_indices().peekable();
    while decoded < at {
        let (_, c) = chars.next()?;
        decoded += match (quote, c) {
            ('"', '\\') => escape_len(&mut chars)?,
            ('\'', '\'') => chars.next().map(|_| 1)?,
            _ => c.len_utf8(),
        };
    }
    let rest = chars.next().map_or(inside.len(), |(offset, _)| offset);
    (decoded == at).then_some(rest + 1)
}

/// The bytes that an escape stands for; leaves the scanner behind it.
fn escape_len(chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>) -> Option<usize> {
    let (_, kind) = chars.next()?;
    if kind != 'u' {
        return Some(1);
    }
    let mut code = 0;
    for _ in 0..4 {
        code = code * 16 + chars.next()?.1.to_digit(16)?;
    }
    // Half of a surrogate pair: U+FFFD, or two bytes of the four of the pair.
    Some(if (0xD800..0xE000).contains(&code) { 2 } else { char::from_u32(code)?.len_utf8() })
}
