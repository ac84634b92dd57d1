//! Which files of a folder are definitions.

use std::path::Path;

use crate::asl::definition::is_yaml;

/// Endings of files that are definitions whatever they hold.
const SURE: [&str; 3] = [".asl.json", ".asl.yaml", ".asl.yml"];
/// Endings of files that may be.
const POSSIBLE: [&str; 3] = [".json", ".yaml", ".yml"];

/// What the name of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByName {
    /// It is a definition.
    Definition,
    /// It may be one; its text says.
    Possible,
    /// It is none.
    Other,
}

/// What the name of `path` says.
pub(super) fn by_name(path: &Path) -> ByName {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&SURE) {
        ByName::Definition
    } else if ends(&POSSIBLE) {
        ByName::Possible
    } else {
        ByName::Other
    }
}

/// The types of the resources that a template of CloudFormation or SAM has for state machines.
const RESOURCES: [&str; 2] = ["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"];

/// Whether the text of the file `name` is a state machine, `StartAt` and `States` standing at its top, or a template with
/// one. A text that cannot be read as JSON or YAML may still be one that is being written.
pub(super) fn by_text(name: &str, text: &str) -> bool {
    is_machine(name, text) || is_template(name, text)
}

/// Whether it is a template of CloudFormation or SAM, or a `serverless.yml`, with a state machine.
fn is_template(name: &str, text: &str) -> bool {
    if RESOURCES.iter().any(|kind| text.contains(kind)) {
        return keys(name, text).contains(&"Resources");
    }
    text.contains("stateMachines") && keys(name, text).contains(&"stepFunctions")
}

/// The keys at the top of the text.
fn keys<'t>(name: &str, text: &'t str) -> Vec<&'t str> {
    let text = text.trim_start_matches('\u{feff}');
    if is_yaml(name) && !text.trim_start().starts_with('{') { yaml_keys(text) } else { json_keys(text) }
}

fn is_machine(name: &str, text: &str) -> bool {
    let wanted = ["StartAt", "States"];
    if !wanted.iter().all(|key| text.contains(key)) {
        return false;
    }
    let keys = keys(name, text);
    wanted.iter().all(|key| keys.contains(key))
}

/// The keys at the left margin.
fn yaml_keys(text: &str) -> Vec<&str> {
    let key = |line: &'_ str| line.find(':').and_then(|end| line.get(..end)).is_some();
    let lines = text.lines().filter(|line| !line.starts_with([' ', '\t', '#', '-']) && key(line));
    lines.filter_map(|line| line.split_once(':')).map(|(key, _)| key.trim().trim_matches(['"', '\''])).collect()
}

/// The keys of the outermost object, as far as they are spelled without escapes.
fn json_keys(text: &str) -> Vec<&str> {
    let (mut keys, mut depth, mut rest) = (Vec::new(), 0usize, text);
    while let Some(at) = rest.find(['"', '{', '}', '[', ']']) {
        let sign = rest.as_bytes().get(at).copied().unwrap_or_default();
        rest = rest.get(at + 1..).unwrap_or_default();
        match sign {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {
                let end = string_end(rest);
                let (string, after) = (rest.get(..end).unwrap_or_default(), rest.get(end + 1..).unwrap_or_default());
                keys.extend((depth == 1 && after.trim_start().starts_with(':')).then_some(string));
                rest = after;
            }
        }
    }
    keys
}

/// Where the quote stands that ends a string.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names() {
        let cases = [
            ("a.asl.json", ByName::Definition),
            ("A.ASL.YAML", ByName::Definition),
            ("a.asl.yml", ByName::Definition),
            ("a.json", ByName::Possible),
            ("template.yaml", ByName::Possible),
            ("a.json.bak", ByName::Other),
            ("asl", ByName::Other),
        ];
        for (name, expected) in cases {
            assert_eq!(by_name(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn texts() {
        let cases = [
            ("a.json", r#"{"StartAt": "A", "States": {}}"#, true),
            ("a.json", "\u{feff}\n{\"Comment\": \"a } \\\" b\", \"States\" : {}, \"StartAt\": 1,,", true),
            ("a.json", r#"{"machine": {"StartAt": "A", "States": {}}}"#, false),
            ("a.json", r#"[{"StartAt": "A", "States": {}}]"#, false),
            ("a.json", r#"{"text": "StartAt", "more": "States"}"#, false),
            ("a.json", r#"{"StartAt": "A"}"#, false),
            ("a.json", "StartAt: A\nStates: {}", false),
            ("a.yaml", "# c\n---\nStartAt: A\n\"States\":\n  A: {Type: Pass}", true),
            ("a.yaml", "StartAt: A\nStates: [", true),
            ("a.yml", "{StartAt: A, 'States': {}}", false),
            ("a.yml", r#"{"StartAt": "A", "States": {}}"#, true),
            ("a.yaml", "Resources:\n  StartAt: A\n  States: B", false),
            ("t.yaml", "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine", true),
            ("t.json", r#"{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine"}}}"#, true),
            ("t.yaml", "Other:\n  Type: AWS::Serverless::StateMachine", false),
            ("serverless.yml", "stepFunctions:\n  stateMachines:\n    m: {}", true),
            ("t.yaml", "Resources:\n  M:\n    Type: AWS::SQS::Queue", false),
            ("a.yaml", "- StartAt: A\n- States: B", false),
        ];
        for (name, text, expected) in cases {
            assert_eq!(by_text(name, text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_looked_at(text in "[{}\\[\\]\"\\\\:aStartAtStatesä\n ]{0,80}") {
            by_text("a.json", &format!("{text}StartAtStates"));
            by_text("a.yaml", &format!("StartAtStates{text}"));
        }
    }
}
