//! Empty parameters and answers, to be filled in: what `--generate-cli-skeleton` prints.

use super::Operation;
use super::shape::{Member, Shape, Structure};
use crate::value::{Object, Value};

/// Parameters of `operation` with all members, empty; an enumeration has its first value.
#[must_use]
pub fn input(operation: Operation) -> Value {
    let fill = Fill { names: false };
    fill.structure(&operation.description().input)
}

/// An answer of `operation` with all members; a string is the name of its member.
#[must_use]
pub fn output(operation: Operation) -> Value {
    let fill = Fill { names: true };
    fill.structure(&operation.description().output)
}

/// The parameters of [`input`] as YAML, each with a comment on what it is.
#[must_use]
pub fn input_yaml(operation: Operation) -> String {
    let mut out = String::new();
    yaml_members(&operation.description().input, "", "", &mut out);
    if out.is_empty() { "{}\n".to_owned() } else { out }
}

struct Fill {
    /// Whether strings are the names of their members.
    names: bool,
}

impl Fill {
    fn structure(&self, structure: &Structure) -> Value {
        let fill = |member: &Member| (member.name, self.value(member.shape, member.name));
        structure.members.iter().map(fill).collect::<Object>().into()
    }

    fn value(&self, shape: &Shape, name: &str) -> Value {
        match shape {
            Shape::String(_) if self.names => name.into(),
            Shape::String(text) => text.values.first().copied().unwrap_or_default().into(),
            Shape::Integer(_) | Shape::Long(_) => 0_i64.into(),
            Shape::Float(_) => 0.0.into(),
            Shape::Boolean => true.into(),
            Shape::Timestamp => "1970-01-01T00:00:00".into(),
            Shape::List(list) => vec![self.value(list.item, list.item_name)].into(),
            Shape::Map(inner) => Object::from_iter([("KeyName", self.value(inner, ""))]).into(),
            Shape::Structure(structure) => self.structure(structure),
        }
    }
}

/// Writes the members of a mapping; `first` stands before the first one, `indent` before the others.
fn yaml_members(structure: &Structure, first: &str, indent: &str, out: &mut String) {
    for (at, member) in structure.members.iter().enumerate() {
        out.push_str(if at == 0 { first } else { indent });
        out.push_str(member.name);
        out.push(':');
        if let Some(scalar) = yaml_scalar(member.shape) {
            out.push(' ');
            out.push_str(&scalar);
        }
        // The layout of the YAML writer that the AWS CLI uses.
        out.push_str(if at == 0 { "  # " } else { " # " });
        out.push_str(&comment(member));
        out.push('\n');
        yaml_below(member.shape, indent, out);
    }
}

fn comment(member: &Member) -> String {
    let mut words = Vec::new();
    words.extend(member.is_required.then(|| "[REQUIRED]".to_owned()));
    words.push(member.doc.to_owned());
    let values = member.shape.values();
    words.extend((!values.is_empty()).then(|| format!("Valid values are: {}.", values.join(", "))));
    words.join(" ")
}

/// What stands on the lines after the key.
fn yaml_below(shape: &Shape, indent: &str, out: &mut String) {
    match shape {
        Shape::Structure(structure) => {
            let deeper = format!("{indent}  ");
            yaml_members(structure, &deeper, &deeper, out);
        }
        Shape::List(list) => yaml_item(list.item, indent, out),
        Shape::Map(inner) => {
            let scalar = yaml_scalar(inner).unwrap_or_default();
            out.push_str(&format!("{indent}  KeyName: {scalar}"));
            out.push('\n');
            yaml_below(inner, &format!("{indent}  "), out);
        }
        _ => {}
    }
}

fn yaml_item(item: &Shape, indent: &str, out: &mut String) {
    if let Shape::Structure(structure) = item {
        yaml_members(structure, &format!("{indent}- "), &format!("{indent}  "), out);
        return;
    }
    out.push_str(&format!("{indent}- {}\n", yaml_scalar(item).unwrap_or_default()));
}

fn yaml_scalar(shape: &Shape) -> Option<String> {
    let value = Fill { names: false }.value(shape, "");
    match value {
        Value::Array(_) | Value::Object(_) => None,
        Value::String(text) if text.is_empty() => Some("''".to_owned()),
        Value::String(text) => Some(text.to_string()),
        scalar => Some(scalar.to_json()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::check;
    use crate::text::yaml;

    #[test]
    fn parameters_have_all_members_and_no_values() {
        assert_eq!(
            input(Operation::StartExecution).to_json(),
            r#"{"stateMachineArn":"","name":"","input":"","traceHeader":""}"#
        );
        assert_eq!(
            input(Operation::CreateStateMachine).get("loggingConfiguration").expect("a member").to_json(),
            r#"{"level":"ALL","includeExecutionData":true,"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":""}}]}"#
        );
        assert_eq!(
            input(Operation::UpdateMapRun).to_json(),
            r#"{"mapRunArn":"","maxConcurrency":0,"toleratedFailurePercentage":0.0,"toleratedFailureCount":0}"#
        );
        assert_eq!(input(Operation::UntagResource).to_json(), r#"{"resourceArn":"","tagKeys":[""]}"#);
    }

    #[test]
    fn answers_have_the_names_of_their_members() {
        assert_eq!(
            output(Operation::StartExecution).to_json(),
            r#"{"executionArn":"executionArn","startDate":"1970-01-01T00:00:00"}"#
        );
        let machine = output(Operation::DescribeStateMachineForExecution);
        let variables = machine.get("variableReferences").expect("a member");
        assert_eq!(variables.to_json(), r#"{"KeyName":["VariableName"]}"#);
        assert_eq!(output(Operation::DeleteStateMachine).to_json(), "{}");
    }

    #[test]
    fn yaml_has_a_comment_for_each_member() {
        assert_eq!(
            input_yaml(Operation::CreateStateMachineAlias),
            "description: ''  # Description.\n\
             name: '' # [REQUIRED] Name, unique for the state machine; not digits alone.\n\
             routingConfiguration: # [REQUIRED] One or two versions and their shares of the executions, 100 in all.\n\
             - stateMachineVersionArn: ''  # [REQUIRED] ARN of the version.\n  \
               weight: 0 # [REQUIRED] Share of the executions in percent.\n"
        );
        let create = input_yaml(Operation::CreateStateMachine);
        let type_ =
            "type: STANDARD # STANDARD or EXPRESS; cannot be changed later. Valid values are: STANDARD, EXPRESS.";
        assert!(create.lines().any(|line| line == type_), "{create}");
        let group = "  - cloudWatchLogsLogGroup:  # A log group of CloudWatch Logs.";
        assert!(create.lines().any(|line| line == group), "{create}");
        assert!(input_yaml(Operation::UntagResource).ends_with("away.\n- ''\n"));
    }

    #[test]
    fn yaml_and_json_are_the_same_parameters() {
        for operation in Operation::ALL {
            let text = input_yaml(*operation);
            let node = yaml::parse(&text).unwrap_or_else(|error| panic!("{text}\n{error:?}"));
            assert_eq!(crate::value::from_node(&node), input(*operation), "{text}");
            let check = check(*operation, &input(*operation)).map_err(|exception| exception.name);
            assert_ne!(check, Err("SerializationException"));
        }
    }
}
