//! YAML to the same tree of nodes as JSON, with places.
//!
//! YAML 1.2 with its core schema: `Yes`, `No` and `On` are texts. Anchors are expanded within bounds, merge keys (`<<`)
//! are followed, tags such as `!Sub` are read as their value, or, for templates, as the function that they stand for
//! (`{"Fn::Sub": …}`). What JSON cannot hold (keys that are no scalars, several documents) is refused.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::json::MAX_DEPTH;
use super::{Diagnostic, Member, Node, NodeKind, Span};

/// How many nodes aliases may add in all: enough for any definition, too few to fill the memory.
const MAX_COPIED: usize = 200_000;

/// Reads `text` as a tree that keeps places. What an alias stands for has the alias's own place.
///
/// # Errors
/// The first fault, with its place.
pub fn parse(text: &str) -> Result<Node, Diagnostic> {
    read(text, false)
}

/// Reads `text` as CloudFormation does: `!Sub x` is `{"Fn::Sub": "x"}`, `!Ref x` is `{"Ref": "x"}`, and so on.
///
/// # Errors
/// The first fault, with its place.
pub fn parse_template(text: &str) -> Result<Node, Diagnostic> {
    read(text, true)
}

fn read(text: &str, functions: bool) -> Result<Node, Diagnostic> {
    let offsets = Offsets::new(text);
    let mut builder =
        Builder { text, open: Vec::new(), anchors: HashMap::new(), copied: 0, root: None, functions, calls: 0 };
    for event in Parser::new_from_str(text) {
        let (event, place) = event.map_err(|error| syntax_fault(text, offsets.at(*error.marker()), error.info()))?;
        builder.event(event, Span::new(offsets.at(place.start), offsets.at(place.end)))?;
    }
    builder.root.ok_or_else(|| fault("the text holds no value", Span::at(0)))
}

fn fault(message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error("INVALID_YAML_DESCRIPTION", message, span)
}

fn syntax_fault(text: &str, at: usize, info: &str) -> Diagnostic {
    let rest = text.get(at..).unwrap_or_default();
    let len = rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    let help = if rest.starts_with('\t') {
        "indent with blanks; YAML takes no tabs"
    } else {
        "look at the indentation, the colons and the quotes here and in the line before"
    };
    fault(info, Span::new(at, at + len)).with_help(help)
}

/// The parser counts characters; spans count bytes.
struct Offsets(Option<Vec<u32>>);

impl Offsets {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self(None);
        }
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        Self(Some(starts.map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect()))
    }

    fn at(&self, marker: Marker) -> usize {
        match &self.0 {
            None => marker.index(),
            Some(starts) => starts.get(marker.index()).or(starts.last()).map_or(0, |at| *at as usize),
        }
    }
}

/// A finished value and how large it is.
#[derive(Clone)]
struct Sized {
    node: Node,
    nodes: usize,
    depth: usize,
}

/// A sequence or mapping that is being read.
struct Open {
    anchor: usize,
    start: usize,
    is_flow: bool,
    /// The largest depth among the values so far, and their number.
    depth: usize,
    nodes: usize,
    /// The function whose argument it is.
    function: Option<&'static str>,
    kind: OpenKind,
}

enum OpenKind {
    Array(Vec<Node>),
    Object { members: Vec<Member>, key: Option<Key>, merged: Vec<Node> },
}

struct Key {
    text: Arc<str>,
    span: Span,
    is_merge: bool,
}

struct Builder<'t> {
    text: &'t str,
    open: Vec<Open>,
    anchors: HashMap<usize, Sized>,
    copied: usize,
    root: Option<Node>,
    /// Whether tags stand for functions.
    functions: bool,
    /// How many of the open ones are arguments of functions.
    calls: usize,
}

/// The functions of CloudFormation that have a short form, by their tags.
const FUNCTIONS: [(&str, &str); 22] = [
    ("And", "Fn::And"),
    ("Base64", "Fn::Base64"),
    ("Cidr", "Fn::Cidr"),
    ("Condition", "Condition"),
    ("Contains", "Fn::Contains"),
    ("Equals", "Fn::Equals"),
    ("FindInMap", "Fn::FindInMap"),
    ("ForEach", "Fn::ForEach"),
    ("GetAZs", "Fn::GetAZs"),
    ("GetAtt", "Fn::GetAtt"),
    ("GetStackOutput", "Fn::GetStackOutput"),
    ("If", "Fn::If"),
    ("ImportValue", "Fn::ImportValue"),
    ("Join", "Fn::Join"),
    ("Length", "Fn::Length"),
    ("Not", "Fn::Not"),
    ("Or", "Fn::Or"),
    ("Ref", "Ref"),
    ("Select", "Fn::Select"),
    ("Split", "Fn::Split"),
    ("Sub", "Fn::Sub"),
    ("Transform", "Fn::Transform"),
];

fn function(tag: &Tag) -> Option<&'static str> {
    let name = |(tag_name, name): &(&str, &'static str)| (*tag_name == tag.suffix).then_some(*name);
    if tag.handle == "!" { FUNCTIONS.iter().find_map(name) } else { None }
}

/// `value` as the argument of `function`.
fn call(function: &'static str, value: Sized) -> Sized {
    let span = value.node.span;
    let member = Member { key: function.into(), key_span: Span::at(span.start as usize), value: value.node };
    let node = Node { span, kind: NodeKind::Object(vec![member]) };
    Sized { node, nodes: value.nodes + 1, depth: value.depth + 1 }
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(fault("a second document starts here; only one is read", span))
            }
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::SequenceStart(anchor, tag) => {
                self.start(OpenKind::Array(Vec::new()), anchor, self.function(tag.as_deref()), span)
            }
            Event::MappingStart(anchor, tag) => {
                let kind = OpenKind::Object { members: Vec::new(), key: None, merged: Vec::new() };
                self.start(kind, anchor, self.function(tag.as_deref()), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            _ => Ok(()),
        }
    }

    fn function(&self, tag: Option<&Tag>) -> Option<&'static str> {
        tag.filter(|_| self.functions).and_then(function)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Diagnostic> {
        let span =
            if anchor > 0 || tag.is_some() { self.without_properties(span, style) } else { trimmed(span, self.text) };
        if let Some(Open { kind: OpenKind::Object { key: key @ None, .. }, .. }) = self.open.last_mut() {
            let is_merge = text == "<<" && style == ScalarStyle::Plain;
            *key = Some(Key { text: text.into(), span, is_merge });
            // An alias of a key's anchor gives the text of the key.
            let node = Node { span, kind: NodeKind::String(text.into()) };
            return self.remember(anchor, &Sized { node, nodes: 1, depth: 0 });
        }
        let node = Node { span, kind: scalar_kind(text, style, tag) };
        let value = Sized { node, nodes: 1, depth: 0 };
        match self.function(tag) {
            Some(_) if self.open.len() >= MAX_DEPTH => Err(too_deep(span)),
            Some(function) => self.value(call(function, value), anchor),
            None => self.value(value, anchor),
        }
    }

    /// The scalar alone: anchor and tag before it, the header of a block behind these, and line breaks behind a block are
    /// no part of it.
    fn without_properties(&self, span: Span, style: ScalarStyle) -> Span {
        let mut raw = span.text(self.text);
        while raw.starts_with(['!', '&']) {
            let end = raw.find(char::is_whitespace).unwrap_or(raw.len());
            raw = raw[end..].trim_start();
        }
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            raw = raw.find('\n').map_or("", |end| raw[end..].trim_start());
        }
        trimmed(Span::new(span.end as usize - raw.len(), span.end as usize), self.text)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Diagnostic> {
        let Some(known) = self.anchors.get(&anchor) else {
            return Err(fault("the alias stands inside what it names", span));
        };
        let copied = self.copied + known.nodes;
        if copied > MAX_COPIED {
            return Err(fault("the aliases of this text expand to too much", span));
        }
        if self.open.len() + known.depth > MAX_DEPTH {
            return Err(too_deep(span));
        }
        self.copied = copied;
        let mut copy = known.clone();
        copy.node.span = span;
        if let Some(Open { kind: OpenKind::Object { key: key @ None, .. }, .. }) = self.open.last_mut() {
            let Some(text) = copy.node.as_str() else { return Err(not_a_key(span)) };
            *key = Some(Key { text: text.into(), span, is_merge: false });
            return Ok(());
        }
        self.value(copy, 0)
    }

    fn start(
        &mut self,
        kind: OpenKind,
        anchor: usize,
        function: Option<&'static str>,
        span: Span,
    ) -> Result<(), Diagnostic> {
        // A function is a level of its own.
        let level = self.open.len() + self.calls + usize::from(function.is_some());
        if level >= MAX_DEPTH {
            return Err(too_deep(span));
        }
        if let Some(Open { kind: OpenKind::Object { key: None, .. }, .. }) = self.open.last() {
            return Err(not_a_key(span));
        }
        let raw = span.text(self.text);
        let is_flow = raw.ends_with(['{', '[']);
        let start = span.end as usize - usize::from(is_flow);
        self.calls += usize::from(function.is_some());
        self.open.push(Open { anchor, start, is_flow, depth: 0, nodes: 0, function, kind });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Diagnostic> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let end = if open.is_flow { self.flow_end(span) } else { 0 };
        let (kind, last) = match open.kind {
            OpenKind::Array(items) => {
                let last = items.last().map(|item| item.span.end);
                (NodeKind::Array(items), last)
            }
            OpenKind::Object { mut members, merged, .. } => {
                let last = members.last().map(|member| member.value.span.end.max(member.key_span.end));
                merge(&mut members, &merged)?;
                (NodeKind::Object(members), last)
            }
        };
        let end = if open.is_flow { end } else { last.map_or(open.start, |last| last as usize) };
        let node = Node { span: Span::new(open.start, end), kind };
        let value = Sized { node, nodes: open.nodes + 1, depth: open.depth + 1 };
        let value = match open.function {
            Some(function) => {
                self.calls -= 1;
                call(function, value)
            }
            None => value,
        };
        self.value(value, open.anchor)
    }

    /// Behind the closing bracket; the parser gives the place of a comma before it, where there is one.
    fn flow_end(&self, span: Span) -> usize {
        let from = span.start as usize;
        let rest = self.text.get(from..).unwrap_or_default();
        rest.find(['}', ']']).map_or(span.end as usize, |at| from + at + 1)
    }

    fn value(&mut self, value: Sized, anchor: usize) -> Result<(), Diagnostic> {
        self.remember(anchor, &value)?;
        let Some(open) = self.open.last_mut() else {
            self.root = Some(value.node);
            return Ok(());
        };
        open.depth = open.depth.max(value.depth);
        open.nodes += value.nodes;
        match &mut open.kind {
            OpenKind::Array(items) => items.push(value.node),
            OpenKind::Object { members, key, merged } => match key.take() {
                Some(key) if key.is_merge => merged.push(value.node),
                Some(key) => members.push(Member { key: key.text, key_span: key.span, value: value.node }),
                None => return Err(not_a_key(value.node.span)),
            },
        }
        Ok(())
    }

    fn remember(&mut self, anchor: usize, value: &Sized) -> Result<(), Diagnostic> {
        if anchor == 0 {
            return Ok(());
        }
        // Anchors around anchors keep a copy each.
        self.copied += value.nodes;
        if self.copied > MAX_COPIED {
            return Err(fault("the anchors of this text hold too much", value.node.span));
        }
        self.anchors.insert(anchor, value.clone());
        Ok(())
    }
}

/// `span` without the line breaks behind a block.
fn trimmed(span: Span, text: &str) -> Span {
    let start = span.start as usize;
    Span::new(start, start + span.text(text).trim_end().len())
}

fn too_deep(span: Span) -> Diagnostic {
    fault(format!("nested deeper than {MAX_DEPTH} levels"), span)
}

fn not_a_key(span: Span) -> Diagnostic {
    fault("a key must be a plain text, no list and no mapping", span)
}

/// Adds the members of merged mappings whose keys are not there yet (YAML, merge key).
fn merge(members: &mut Vec<Member>, merged: &[Node]) -> Result<(), Diagnostic> {
    for node in merged {
        match &node.kind {
            NodeKind::Object(more) => {
                let known: std::collections::HashSet<Arc<str>> = members.iter().map(|m| m.key.clone()).collect();
                members.extend(more.iter().filter(|member| !known.contains(&member.key)).cloned());
            }
            NodeKind::Array(nodes) if nodes.iter().all(|node| node.members().is_some()) => merge(members, nodes)?,
            _ => return Err(fault("`<<` takes a mapping or a list of mappings", node.span)),
        }
    }
    Ok(())
}

fn scalar_kind(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> NodeKind {
    let is_plain = match tag {
        Some(tag) if tag.is_yaml_core_schema() => tag.suffix != "str",
        // `!Sub`, `!Ref` and their kin stand for texts.
        Some(_) => false,
        None => style == ScalarStyle::Plain,
    };
    let resolved = if is_plain { core_schema(text) } else { None };
    resolved.unwrap_or_else(|| NodeKind::String(text.into()))
}

/// What a plain scalar is by the core schema (YAML 1.2.2, 10.3.2); `None`: a text.
fn core_schema(text: &str) -> Option<NodeKind> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(NodeKind::Null),
        "true" | "True" | "TRUE" => Some(NodeKind::Bool(true)),
        "false" | "False" | "FALSE" => Some(NodeKind::Bool(false)),
        _ => json_number(text).map(|number| NodeKind::Number(Arc::from(number.as_ref()))),
    }
}

/// A number of the core schema as JSON spells it.
fn json_number(text: &str) -> Option<Cow<'_, str>> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(|n| n.to_string().into());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(|n| n.to_string().into());
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let has_digits = !whole.is_empty() || fraction.is_some_and(|f| !f.is_empty());
    let signless = exponent.map(|e| e.strip_prefix(['-', '+']).unwrap_or(e));
    if !has_digits
        || !digits(whole)
        || !fraction.is_none_or(digits)
        || signless.is_some_and(|e| e.is_empty() || !digits(e))
    {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let mut number = format!("{sign}{}", if whole.is_empty() { "0" } else { whole });
    if let Some(fraction) = fraction {
        number.push('.');
        number.push_str(if fraction.is_empty() { "0" } else { fraction });
    }
    if let Some(exponent) = exponent {
        number.push('e');
        number.push_str(exponent);
    }
    Some(number.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::json;
    use crate::value;

    fn as_json(text: &str) -> String {
        match parse(text) {
            Ok(node) => value::from_node(&node).to_json(),
            Err(fault) => panic!("{text:?}: {fault:?}"),
        }
    }

    fn fails(text: &str) -> (String, &str) {
        let fault = parse(text).expect_err("must be refused");
        (fault.message, fault.span.text(text))
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for (yaml, json) in [
            ("[Yes, no, On, off, y]", r#"["Yes","no","On","off","y"]"#),
            ("[true, True, FALSE]", "[true,true,false]"),
            ("[~, null, NULL, '']", r#"[null,null,null,""]"#),
            ("[1, -2, +3, 007, 0x1F, 0o17]", "[1,-2,3,7,31,15]"),
            ("[.5, 5., -0.25, 1e3]", "[0.5,5.0,-0.25,1000.0]"),
            ("[1.2.3, 0xZ, 1e, '12', 12:30, 2026-11-21]", r#"["1.2.3","0xZ","1e","12","12:30","2026-11-21"]"#),
            ("[.inf, .nan, '.']", r#"[".inf",".nan","."]"#),
            ("a:", r#"{"a":null}"#),
            ("Yes: No", r#"{"Yes":"No"}"#),
            ("404: true", r#"{"404":true}"#),
        ] {
            assert_eq!(as_json(yaml), json, "{yaml}");
        }
    }

    #[test]
    fn placeholders_tags_and_block_scalars_are_texts() {
        assert_eq!(as_json("a: ${Function.Arn}"), r#"{"a":"${Function.Arn}"}"#);
        assert_eq!(
            as_json("a: !Sub 12\nb: !GetAtt F.Arn\nc: !!str 5\nd: !!int '5'"),
            r#"{"a":"12","b":"F.Arn","c":"5","d":5}"#
        );
        assert_eq!(as_json("a: |\n  x\n  y\nb: >-\n  x\n  y\n"), r#"{"a":"x\ny\n","b":"x y"}"#);
        assert_eq!(as_json("# remark\na: b # another\n"), r#"{"a":"b"}"#);
    }

    #[test]
    fn templates_have_functions() {
        let text = "a: !Sub 'x ${y}'\nb: !GetAtt F.Arn\nc: !Sub\n  - x\n  - {y: !Ref z}\nd: !!str 5\ne: !Other 6\nf: !Join ['', [a, !Ref b]]";
        let root = parse_template(text).expect("valid");
        assert_eq!(
            value::from_node(&root).to_json(),
            r#"{"a":{"Fn::Sub":"x ${y}"},"b":{"Fn::GetAtt":"F.Arn"},"c":{"Fn::Sub":["x",{"y":{"Ref":"z"}}]},"d":"5","e":"6","f":{"Fn::Join":["",["a",{"Ref":"b"}]]}}"#
        );
        let sub = &root.get("a").expect("a").value.members().expect("a function")[0];
        assert_eq!((sub.value.span.text(text), sub.key_span.start), ("'x ${y}'", sub.value.span.start));
        assert!(parse_template(&"!Not [".repeat(600)).is_err());
    }

    #[test]
    fn values_and_keys_have_their_places() {
        let text = "ä: ö # ü\nkey: 'it''s'\nlist:\n  - !Sub x\n  - {y: 1, z: [2, ], }\nblock: |\n  one\n  two\n\nend: \"e\"\r\n";
        let root = parse(text).expect("valid");
        let shown = |name: &str| root.get(name).expect("the member").value.span.text(text);
        assert_eq!(shown("ä"), "ö");
        assert_eq!(shown("key"), "'it''s'");
        assert_eq!(shown("block"), "one\n  two");
        assert_eq!(shown("end"), "\"e\"");
        assert_eq!(shown("list"), "- !Sub x\n  - {y: 1, z: [2, ], }");
        let items = root.get("list").and_then(|list| list.value.items()).expect("an array");
        assert_eq!(items[0].span.text(text), "x");
        assert_eq!(items[1].span.text(text), "{y: 1, z: [2, ], }");
        assert_eq!(root.get("block").expect("the member").key_span.text(text), "block");
    }

    #[test]
    fn aliases_and_merge_keys_are_expanded() {
        assert_eq!(as_json("a: &x {b: 1}\nc: *x"), r#"{"a":{"b":1},"c":{"b":1}}"#);
        assert_eq!(as_json("a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}"), r#"{"a":{"b":1,"c":2},"d":{"b":3,"c":2}}"#);
        let text = "a: &x {b: 1}\nc: *x";
        let root = parse(text).expect("valid");
        assert_eq!(root.get("c").expect("c").value.span.text(text), "*x");
    }

    #[test]
    fn aliases_cannot_fill_the_memory() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        assert!(fails(&text).0.contains("too much"));
        assert!(fails("a: &a [*a]").0.contains("inside what it names"));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep: String = (0..2000).map(|level| format!("{}-\n", " ".repeat(level))).collect();
        assert!(fails(&deep).0.contains("nested deeper"));
        assert!(parse(&"[".repeat(5000)).is_err());
        assert!(parse(&"- ".repeat(5000)).is_err());
    }

    #[test]
    fn faults_have_their_place() {
        assert_eq!(fails("a: @x").1, "@");
        assert_eq!(fails("é: ü\nb: @x").1, "@");
        assert_eq!(fails("a: *b").1, "*");
        assert!(fails("a: 1\n---\nb: 2").0.contains("second document"));
        assert!(fails("? [a]\n: b").0.contains("key"));
        assert!(fails("a: 1\n<<: 5").0.contains("`<<`"));
        assert!(parse("# nothing").is_err());
    }

    fn arbitrary_json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|b| b.to_string()),
            any::<i32>().prop_map(|n| n.to_string()),
            "[a-zé:#,{}&*! -]{0,8}".prop_map(|s| value::Value::from(s).to_json()),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
                prop::collection::btree_map("[a-z]{1,5}", inner, 0..4).prop_map(|members| {
                    let members: Vec<String> = members.iter().map(|(k, v)| format!("\"{k}\": {v}")).collect();
                    format!("{{{}}}", members.join(", "))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[ -~\n\té&*!|>%@`'\"{}\\[\\]:,#?-]{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn json_is_yaml_and_has_the_same_places(text in arbitrary_json()) {
            prop_assert_eq!(parse(&text).ok(), json::parse(&text).ok());
        }
    }
}
