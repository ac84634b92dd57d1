//! Expressions as they stand in the text of a definition: found, and written back.

use crate::asl::definition::is_yaml;
use crate::asl::{Definition, Language, State, StateId, placeholder};
use crate::query::jsonata_field::{Delimited, delimited};
use crate::text::{Node, NodeKind, Span, json, yaml};
use crate::value::{self, Value};

/// An expression in a definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The state.
    pub state: StateId,
    /// The field of the state.
    pub field: String,
    /// The way from the field to it: `Parameters/amount.$`.
    pub label: String,
    /// The expression, unescaped; JSONata with its delimiters.
    pub text: String,
    /// The text that it stands in, quotes included.
    pub span: Span,
}

/// Expressions of a field that are listed.
const MOST: usize = 200;

/// The tree of a file's text: that of a definition, or of a template with one in it.
fn tree(name: &str, text: &str) -> Option<Node> {
    if is_yaml(name) { yaml::parse_template(text).ok() } else { json::parse(text).ok() }
}

/// The expressions in a state, those of `field` only if one is given, in the order of the text.
#[must_use]
pub fn expressions(definition: &Definition, state: StateId, field: Option<&str>) -> Vec<Written> {
    let Some(machine) = &definition.machine else { return Vec::new() };
    let Some(known) = machine.states.get(state.0 as usize) else { return Vec::new() };
    let own = definition.origin.as_ref().and_then(|origin| json::parse(origin.text()).ok());
    let Some(root) = own.as_ref().or(definition.root.as_deref()) else { return Vec::new() };
    let mut found = Vec::new();
    let Some(node) = state_node(root, known) else { return Vec::new() };
    for member in node.members().unwrap_or_default() {
        if field.is_some_and(|field| field != &*member.key) || is_scope(&member.key) {
            continue;
        }
        let mut finder = Finder { state, field: &member.key, language: known.language, found: &mut found };
        finder.node(&member.value, &member.key, &mut member.key.to_string());
    }
    if let Some(origin) = &definition.origin {
        found.iter_mut().for_each(|written| written.span = origin.place(written.span));
    }
    found
}

/// The expression of a state whose text holds byte `offset`; else the first that stands between `offset` and `end`.
#[must_use]
pub fn expression_at(definition: &Definition, offset: usize, line: std::ops::Range<usize>) -> Option<Written> {
    let state = definition.machine.as_ref()?.state_at(offset)?;
    let all = expressions(definition, state, None);
    let here = all.iter().find(|written| written.span.contains(offset));
    let there = || all.iter().find(|written| line.contains(&(written.span.start as usize)));
    here.or_else(there).cloned()
}

/// The object of a state: names are unique in a machine. The depth of this recursion is bounded by the reader's.
fn state_node<'n>(node: &'n Node, state: &State) -> Option<&'n Node> {
    match &node.kind {
        NodeKind::Object(members) => members.iter().rev().find_map(|member| {
            let states = if &*member.key == "States" { member.value.get(&state.name) } else { None };
            states.map(|own| &own.value).or_else(|| state_node(&member.value, state))
        }),
        NodeKind::Array(items) => items.iter().find_map(|item| state_node(item, state)),
        _ => None,
    }
}

/// Whether a field holds states, whose expressions are their own.
fn is_scope(field: &str) -> bool {
    matches!(field, "Branches" | "ItemProcessor" | "Iterator")
}

struct Finder<'f> {
    state: StateId,
    field: &'f str,
    language: Language,
    found: &'f mut Vec<Written>,
}

impl Finder<'_> {
    /// Looks through `node`, which stands under `key`; the depth of this recursion is that of the text.
    fn node(&mut self, node: &Node, key: &str, label: &mut String) {
        if self.found.len() >= MOST {
            return;
        }
        let outer = label.len();
        match &node.kind {
            NodeKind::String(text) if self.is_expression(text, key) => {
                let (field, label) = (self.field.to_owned(), label.clone());
                self.found.push(Written { state: self.state, field, label, text: text.to_string(), span: node.span });
            }
            NodeKind::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    label.push_str(&format!("[{at}]"));
                    self.node(item, "", label);
                    label.truncate(outer);
                }
            }
            NodeKind::Object(members) => {
                for member in members {
                    label.push('/');
                    label.push_str(&member.key);
                    self.node(&member.value, &member.key, label);
                    label.truncate(outer);
                }
            }
            _ => {}
        }
    }

    fn is_expression(&self, text: &str, key: &str) -> bool {
        match self.language {
            Language::Jsonata => matches!(delimited(text), Delimited::Expression(..)),
            Language::JsonPath => {
                let is_path = key.ends_with(".$") || key.ends_with("Path") || key == "Variable";
                is_path && (text.starts_with('$') || text.starts_with("States."))
            }
        }
    }
}

/// The text of the definition with `new` in the place of an expression. Everything else stays as it is written, and the
/// text is spelled as it was: in JSON with its escapes, in YAML with its quotes or as a block. A definition in a template
/// is written to where its expression is a text of the file itself.
///
/// # Errors
/// Why it cannot be written there, in a sentence.
pub fn rewritten(definition: &Definition, written: &Written, new: &str) -> Result<String, String> {
    let text = &*definition.text;
    let changed = "The file says something else there by now: open it again.";
    let in_parts = "The definition is made of parts of a template: edit it in the file.";
    let misfit = if definition.origin.is_some() { in_parts } else { changed };
    let before = tree(&definition.name, text).ok_or(misfit)?;
    let there = scalar_at(&before, written.span.start).ok_or(misfit)?;
    let span = there.span;
    let start = block_head(&definition.name, text, span.range().start);
    let old = text.get(start..span.range().end).ok_or(misfit)?;
    let old = &old[..scalar_length(old)];
    if placeholder::is_in(old) {
        return Err("A placeholder stands there, which a deployment fills in: edit it in the file.".to_owned());
    }
    if there.as_str() != Some(&written.text) {
        return Err(misfit.to_owned());
    }
    let (head, tail) = (&text[..start], &text[start + old.len()..]);
    for spelling in spellings(&definition.name, old, new) {
        let result = format!("{head}{spelling}{tail}");
        let is_right = tree(&definition.name, &result).is_some_and(|after| differs_only_in(&before, &after, span, new));
        if is_right {
            return Ok(result);
        }
    }
    Err("It cannot be written in the way the text stands there: edit it in the file.".to_owned())
}

/// The length of the quoted text that `text` begins with, as comments may stand behind it; without quotes that of all
/// but the blanks behind it.
fn scalar_length(text: &str) -> usize {
    let mut bytes = text.bytes().enumerate().peekable();
    let Some((_, quote @ (b'"' | b'\''))) = bytes.next() else { return text.trim_end().len() };
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if quote == b'"' => drop(bytes.next()),
            b'\'' if quote == b'\'' && bytes.peek().is_some_and(|(_, next)| *next == b'\'') => drop(bytes.next()),
            byte if byte == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// How `new` may be spelled in the place of `old`, the most alike first.
fn spellings(name: &str, old: &str, new: &str) -> Vec<String> {
    let quoted = Value::string(new).to_json();
    if !is_yaml(name) || old.starts_with('"') {
        return vec![quoted];
    }
    let single = format!("'{}'", new.replace('\'', "''"));
    match old.starts_with('\'') {
        true => vec![single, quoted],
        false if old.starts_with(['|', '>']) => [blocks(old, new), vec![quoted]].concat(),
        false => vec![new.to_owned(), single, quoted],
    }
}

/// `new` as a block of YAML: with the head and the indentation of the block `old`, else line by line.
fn blocks(old: &str, new: &str) -> Vec<String> {
    let (head, body) = old.split_once('\n').unwrap_or((old, ""));
    let first = body.lines().find(|line| !line.trim().is_empty()).unwrap_or("  ");
    let indent = &first[..first.len() - first.trim_start().len()];
    let lines: Vec<String> = new.trim_end_matches('\n').lines().map(|line| format!("{indent}{line}")).collect();
    [head, "|-", "|"].iter().map(|head| format!("{head}\n{}", lines.join("\n"))).collect()
}

/// Where the head of the block of YAML is whose text begins at byte `start`; `start` itself if it is no block.
fn block_head(name: &str, text: &str, start: usize) -> usize {
    let (before, indent) = text[..start].rsplit_once('\n').unwrap_or(("", "-"));
    if !is_yaml(name) || !indent.trim().is_empty() {
        return start;
    }
    let before = before.trim_end();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let is_head = |rest: &str| {
        let (signs, comment) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
        signs[1..].chars().all(|c| matches!(c, '+' | '-' | '1'..='9'))
            && (comment.trim().is_empty() || comment.trim_start().starts_with('#'))
    };
    let heads = before[line..].match_indices(['|', '>']).map(|(at, _)| line + at);
    heads.into_iter().find(|at| text[..*at].ends_with([' ', '\t']) && is_head(&before[*at..])).unwrap_or(start)
}

/// The innermost node at byte `at`, if it is no object and no array.
fn scalar_at(root: &Node, at: u32) -> Option<&Node> {
    let holds = |child: &&Node| child.span.start <= at && at < child.span.end;
    let mut node = root;
    loop {
        node = match &node.kind {
            NodeKind::Object(members) => members.iter().map(|member| &member.value).find(holds)?,
            NodeKind::Array(items) => items.iter().find(holds)?,
            _ => return Some(node),
        };
    }
}

/// Whether `after` is `before` with the text `new` at `span`. The depth of this recursion is bounded by the reader's.
fn differs_only_in(before: &Node, after: &Node, span: Span, new: &str) -> bool {
    if before.span == span {
        return after.as_str() == Some(new);
    }
    let holds = before.span.start <= span.start && span.end <= before.span.end;
    if !holds {
        return value::from_node(before) == value::from_node(after);
    }
    match (&before.kind, &after.kind) {
        (NodeKind::Array(left), NodeKind::Array(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| differs_only_in(left, right, span, new))
        }
        (NodeKind::Object(left), NodeKind::Object(right)) => {
            let alike = |(left, right): (&crate::text::Member, &crate::text::Member)| {
                left.key == right.key && differs_only_in(&left.value, &right.value, span, new)
            };
            left.len() == right.len() && left.iter().zip(right).all(alike)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Parameters": { "x.$": "$.a\u002eb",   "y": "$.c" }, "OutputPath": "$.x", "End": true }
  }
}"#;

    fn first(definition: &Definition) -> StateId {
        definition.machine.as_ref().expect("valid").ids().next().expect("a state")
    }

    #[test]
    fn expressions_are_found() {
        let definition = Definition::read("a.json", JSON);
        let all = expressions(&definition, first(&definition), None);
        let shown: Vec<_> = all.iter().map(|found| format!("{} {}", found.label, found.text)).collect();
        assert_eq!(shown, ["Parameters/x.$ $.a.b", "OutputPath $.x"]);
        let at = JSON.find("OutputPath").expect("there");
        let found = expression_at(&definition, at, at..JSON.len()).expect("one");
        assert_eq!(found.label, "OutputPath");
    }

    #[test]
    fn the_rest_of_the_text_stays_as_it_is() {
        let definition = Definition::read("a.json", JSON);
        let written = expressions(&definition, first(&definition), None).swap_remove(0);
        let new = rewritten(&definition, &written, "States.Format('\"{}\\n', $.a)").expect("written");
        assert_eq!(new, JSON.replace(r#""$.a\u002eb""#, r#""States.Format('\"{}\\n', $.a)""#));
    }

    #[test]
    fn yaml_keeps_its_quotes() {
        for (scalar, new, spelled) in [
            ("$.a", "$.b", "$.b"),
            ("$.a", "$.b # c", "'$.b # c'"),
            ("'$.a'", "$['b']", "'$[''b'']'"),
            ("\"$.a\"", "$['b']", "\"$['b']\""),
            ("$.a", "$.b\n.c", "\"$.b\\n.c\""),
        ] {
            let text =
                format!("StartAt: A\nStates:\n  A:\n    Type: Pass\n    InputPath: {scalar}   # why\n    End: true\n");
            let definition = Definition::read("a.yaml", &text);
            let written = expressions(&definition, first(&definition), Some("InputPath")).swap_remove(0);
            let result = rewritten(&definition, &written, new).unwrap_or_else(|why| panic!("{scalar} {new}: {why}"));
            assert_eq!(result, text.replace(&format!(": {scalar} "), &format!(": {spelled} ")), "{scalar} {new}");
        }
    }

    /// The definition as the program reads the file.
    fn loaded(name: &str, text: &str) -> Definition {
        let settings = crate::load::Settings::default();
        let loaded = crate::load::file(name, text.as_bytes(), &settings, &|_| Err(String::new()));
        loaded.entries.into_iter().next().expect("one").definition
    }

    #[test]
    fn files_are_written_back_whatever_they_are_read_through() {
        let states = "StartAt: A\nStates:\n  A: # first\n    Type: Pass\n    QueryLanguage: JSONata\n    Output:\n";
        let rest = "    End: true\n";
        for (scalar, new, spelled) in [
            ("\"{% $a %}\"   # why", "{% $b %}", "\"{% $b %}\"   # why"),
            ("'{% $a %}'", "{% 'x' %}", "'{% ''x'' %}'"),
            (">-\n        {% $a %}", "{% $b %}", ">-\n        {% $b %}"),
            (">- # long\n        {% $a.\n        b %}", "{% $b %}", ">- # long\n        {% $b %}"),
            (">-\n        {% $a.\n        b %}", "{% $b.\nc %}", "|-\n        {% $b.\n        c %}"),
            ("|-\n        {% $a.\n          b %}", "{% $b.\n  c %}", "|-\n        {% $b.\n          c %}"),
        ] {
            let plain = format!("{states}      x: {scalar}\n      y: 1\n{rest}");
            let indented: String = plain.lines().map(|line| format!("        {line}\n")).collect();
            let template = format!(
                "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Role: !Ref R\n      Definition:\n{indented}"
            );
            for (name, text) in [("a.asl.yaml", plain), ("template.yaml", template)] {
                let definition = loaded(name, &text);
                let Some(written) =
                    definition.machine.as_ref().map(|_| expressions(&definition, first(&definition), None))
                else {
                    panic!("{}", definition.render_diagnostics())
                };
                let result = rewritten(&definition, &written[0], new).unwrap_or_else(|why| panic!("{text}: {why}"));
                let shift = |text: &str| match name {
                    "template.yaml" => text.replace('\n', "\n        "),
                    _ => text.to_owned(),
                };
                assert_eq!(result, text.replace(&shift(scalar), &shift(spelled)), "{name} {scalar} {new}");
            }
        }
    }

    #[test]
    fn what_must_not_be_written_is_refused() {
        let definition = Definition::read("a.json", JSON);
        let written = expressions(&definition, first(&definition), None).swap_remove(0);
        let other = Definition::read("a.json", &JSON.replace("$.a", "$.z"));
        assert!(rewritten(&other, &written, "$.b").is_err_and(|why| why.contains("something else")));
        let filled = JSON.replace("$.x", "$.${Key}");
        let definition = Definition::read("a.json", &filled);
        let output = written_at(&filled);
        assert!(rewritten(&definition, &output, "$.b").is_err_and(|why| why.contains("placeholder")));
    }

    fn written_at(text: &str) -> Written {
        let start = text.find("\"$.${Key}\"").expect("there");
        let span = Span::new(start, start + 10);
        Written {
            state: StateId(0),
            field: "OutputPath".into(),
            label: "OutputPath".into(),
            text: "$.${Key}".into(),
            span,
        }
    }
}
