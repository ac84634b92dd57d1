//! What a deployment fills in: `${Name}` of CloudFormation, SAM and Terraform, `{{name}}` of template engines.

use crate::text::Node;

/// Whether `text` holds a placeholder.
#[must_use]
pub fn is_in(text: &str) -> bool {
    holds(text, "${", "}") || holds(text, "{{", "}}")
}

/// Whether `node` is a function of CloudFormation that stands for a text: `{"Ref": …}`, `{"Fn::GetAtt": …}`.
#[must_use]
pub fn is_function(node: &Node) -> bool {
    match node.members() {
        Some([only]) => &*only.key == "Ref" || only.key.starts_with("Fn::"),
        _ => false,
    }
}

fn holds(text: &str, open: &str, close: &str) -> bool {
    text.split_once(open).is_some_and(|(_, rest)| rest.contains(close))
}

/// Splits `text` at each colon that is not inside a placeholder: `${AWS::Region}` stays whole.
#[must_use]
pub fn split_at_colons(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0usize;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_those_that_are_closed() {
        for text in ["${Function}", "arn:${AWS::Partition}:x", "{{ stage }}", "a-${b}-c"] {
            assert!(is_in(text), "{text}");
        }
        for text in ["${Function", "$.a", "{}", "{a}", ""] {
            assert!(!is_in(text), "{text}");
        }
    }

    #[test]
    fn colons_inside_placeholders_do_not_split() {
        assert_eq!(split_at_colons("arn:${AWS::Partition}:s3"), ["arn", "${AWS::Partition}", "s3"]);
        assert_eq!(split_at_colons(""), [""]);
    }
}
