//! What the front end of the service checks before an operation sees its parameters: types and constraints.
//!
//! Names and ARNs have lengths here and nothing else; what is wrong with them otherwise the service says
//! (`InvalidName`, `InvalidArn`; recorded).

use super::shape::{List, Range, Shape, Structure, Text};
use super::{Exception, Operation};
use crate::value::{Number, Value};

/// Checks `parameters` of `operation` as the front end does: first the JSON types (`SerializationException`), then all
/// constraints of the service model (`ValidationException` with one sentence for each that is broken; recorded).
/// Members that are `null` count as absent, unknown members are ignored.
///
/// # Errors
/// The exception that answers the request.
pub fn check(operation: Operation, parameters: &Value) -> Result<(), Exception> {
    let input = &operation.description().input;
    check_members(input, parameters)?;
    let mut faults = Faults::default();
    faults.structure("", input, parameters);
    faults.into_result()
}

fn check_type(shape: &Shape, value: &Value) -> Result<(), Exception> {
    match (shape, value) {
        (_, Value::Null) | (Shape::String(_), Value::String(_)) | (Shape::Boolean, Value::Bool(_)) => Ok(()),
        (Shape::Integer(_) | Shape::Long(_), Value::Number(number)) if number.is_int() || !is_fraction(number) => {
            Ok(())
        }
        (Shape::Float(_) | Shape::Timestamp, Value::Number(_)) => Ok(()),
        (Shape::List(list), Value::Array(items)) => items.iter().try_for_each(|item| check_type(list.item, item)),
        (Shape::Map(inner), Value::Object(members)) => members.values().try_for_each(|value| check_type(inner, value)),
        (Shape::Structure(structure), Value::Object(_)) => check_members(structure, value),
        _ => Err(Exception::new("SerializationException", misfit(shape, value))),
    }
}

fn check_members(structure: &Structure, value: &Value) -> Result<(), Exception> {
    let Value::Object(object) = value else {
        return Err(Exception::new("SerializationException", misplaced(value).unwrap_or_default()));
    };
    let mut known = object.iter().filter_map(|(key, value)| structure.member(key).map(|member| (member, value)));
    known.try_for_each(|(member, value)| check_type(member.shape, value))
}

fn is_fraction(number: &Number) -> bool {
    number.as_f64().fract() != 0.0
}

/// The wording is the one that other services with the same front end were seen to use.
fn misfit(shape: &Shape, value: &Value) -> String {
    let wanted = match shape {
        Shape::List(_) => return misplaced_or(value, "Expected list or null"),
        Shape::Map(_) => return misplaced_or(value, "Expected map or null"),
        Shape::Structure(_) => return misplaced_or(value, "Expected null"),
        Shape::String(_) => "a String",
        Shape::Integer(_) => "an Integer",
        Shape::Long(_) => "a Long",
        Shape::Float(_) => "a Float",
        Shape::Boolean => "a Boolean",
        Shape::Timestamp => "a Date",
    };
    let found = match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if is_fraction(number) => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) | Value::Object(_) => return misplaced_or(value, ""),
    };
    format!("{found} can not be converted to {wanted}")
}

fn misplaced_or(value: &Value, otherwise: &str) -> String {
    misplaced(value).unwrap_or(otherwise).to_owned()
}

fn misplaced(value: &Value) -> Option<&'static str> {
    match value {
        Value::Array(_) => Some("Start of list found where not expected"),
        Value::Object(_) => Some("Start of structure or map found where not expected."),
        _ => None,
    }
}

/// The constraints that are broken.
#[derive(Default)]
struct Faults {
    sentences: Vec<String>,
}

impl Faults {
    fn into_result(self) -> Result<(), Exception> {
        let count = self.sentences.len();
        if count == 0 {
            return Ok(());
        }
        let noun = if count == 1 { "error" } else { "errors" };
        Err(Exception::validation(format!("{count} validation {noun} detected: {}", self.sentences.join("; "))))
    }

    fn structure(&mut self, path: &str, structure: &Structure, value: &Value) {
        for member in structure.members {
            let place = if path.is_empty() { member.name.to_owned() } else { format!("{path}.{}", member.name) };
            match value.get(member.name).filter(|value| !value.is_null()) {
                Some(value) => self.value(&place, member.shape, value),
                None if member.is_required => self.add("Value null", &place, "Member must not be null"),
                None => {}
            }
        }
    }

    fn value(&mut self, place: &str, shape: &Shape, value: &Value) {
        match (shape, value) {
            (Shape::String(text), Value::String(string)) => self.text(place, text, string),
            (Shape::Integer(range) | Shape::Long(range) | Shape::Float(range), Value::Number(number)) => {
                self.number(place, shape, range, number);
            }
            (Shape::List(list), Value::Array(items)) => {
                self.list(place, shape, list, value);
                for (at, item) in items.iter().enumerate() {
                    self.value(&format!("{place}.{}.member", at + 1), list.item, item);
                }
            }
            (Shape::Structure(structure), Value::Object(_)) => self.structure(place, structure, value),
            _ => {}
        }
    }

    fn text(&mut self, place: &str, text: &Text, string: &str) {
        let shown = if text.is_sensitive { "Value".to_owned() } else { format!("Value '{string}'") };
        let length = string.chars().count();
        self.length(&shown, place, length, text.min, text.max);
        if let Some(pattern) = text.pattern.filter(|pattern| !(pattern.matches)(string)) {
            let rule = format!("Member must satisfy regular expression pattern: {}", pattern.expression);
            self.add(&shown, place, &rule);
        }
        if !text.values.is_empty() && !text.values.contains(&string) {
            let set = text.listed.unwrap_or(text.values).join(", ");
            self.add(&shown, place, &format!("Member must satisfy enum value set: [{set}]"));
        }
    }

    fn number(&mut self, place: &str, shape: &Shape, range: &Range, number: &Number) {
        let shown = format!("Value '{}'", show_number(shape, number));
        if let Some(min) = range.min.filter(|min| *number < Number::Int(*min)) {
            self.add(&shown, place, &format!("Member must have value greater than or equal to {min}"));
        }
        if let Some(max) = range.max.filter(|max| *number > Number::Int(*max)) {
            self.add(&shown, place, &format!("Member must have value less than or equal to {max}"));
        }
    }

    fn list(&mut self, place: &str, shape: &Shape, list: &List, value: &Value) {
        let length = value.as_array().map_or(0, |items| items.len());
        if length < list.min || length > list.max {
            let shown = format!("Value '{}'", show(shape, value));
            self.length(&shown, place, length, list.min, list.max);
        }
    }

    fn length(&mut self, shown: &str, place: &str, length: usize, min: usize, max: usize) {
        if length < min {
            self.add(shown, place, &format!("Member must have length greater than or equal to {min}"));
        }
        if length > max {
            self.add(shown, place, &format!("Member must have length less than or equal to {max}"));
        }
    }

    fn add(&mut self, shown: &str, place: &str, rule: &str) {
        self.sentences.push(format!("{shown} at '{place}' failed to satisfy constraint: {rule}"));
    }
}

/// As the service's Java objects print themselves (recorded): `[Name(member=value, other=value)]`.
fn show(shape: &Shape, value: &Value) -> String {
    match (shape, value) {
        _ if shape.is_sensitive() => "***".to_owned(),
        (_, Value::String(text)) => text.to_string(),
        (_, Value::Number(number)) => show_number(shape, number),
        (Shape::List(list), Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(|item| show(list.item, item)).collect();
            format!("[{}]", items.join(", "))
        }
        (Shape::Structure(structure), Value::Object(_)) => {
            let member = |member: &super::Member| {
                let value = value.get(member.name).unwrap_or(&Value::Null);
                format!("{}={}", member.name, show(member.shape, value))
            };
            let members: Vec<String> = structure.members.iter().map(member).collect();
            format!("{}({})", structure.name, members.join(", "))
        }
        _ => value.to_json(),
    }
}

fn show_number(shape: &Shape, number: &Number) -> String {
    let is_whole_float = matches!(shape, Shape::Float(_)) && number.is_int();
    if is_whole_float { format!("{number}.0") } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    fn refused(operation: Operation, parameters: &str) -> (&'static str, String) {
        let parameters = read(parameters).expect("JSON");
        let exception = check(operation, &parameters).expect_err("it is refused");
        (exception.name, exception.message)
    }

    #[track_caller]
    fn invalid(operation: Operation, parameters: &str, sentences: &str) {
        assert_eq!(refused(operation, parameters), ("ValidationException", sentences.to_owned()));
    }

    #[track_caller]
    fn misread(operation: Operation, parameters: &str, message: &str) {
        assert_eq!(refused(operation, parameters), ("SerializationException", message.to_owned()));
    }

    #[track_caller]
    fn passes(operation: Operation, parameters: &str) {
        assert_eq!(check(operation, &read(parameters).expect("JSON")), Ok(()), "{parameters}");
    }

    #[test]
    fn numbers_have_limits() {
        invalid(
            Operation::ListActivities,
            r#"{"maxResults": 1001}"#,
            "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have \
             value less than or equal to 1000",
        );
        invalid(
            Operation::ListActivities,
            r#"{"maxResults": -1}"#,
            "1 validation error detected: Value '-1' at 'maxResults' failed to satisfy constraint: Member must have \
             value greater than or equal to 0",
        );
        passes(Operation::ListActivities, r#"{"maxResults": 0}"#);
        passes(Operation::ListActivities, r#"{"maxResults": 1000.0}"#);
        invalid(
            Operation::UpdateMapRun,
            r#"{"mapRunArn": "a", "toleratedFailurePercentage": 101}"#,
            "1 validation error detected: Value '101.0' at 'toleratedFailurePercentage' failed to satisfy constraint: \
             Member must have value less than or equal to 100",
        );
    }

    #[test]
    fn strings_have_lengths_patterns_and_sets_of_values() {
        invalid(
            Operation::StartExecution,
            r#"{"stateMachineArn": "a", "name": ""}"#,
            "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length \
             greater than or equal to 1",
        );
        let name = "ä".repeat(80);
        passes(Operation::StartExecution, &format!(r#"{{"stateMachineArn": "a", "name": "{name}"}}"#));
        invalid(
            Operation::StartExecution,
            &format!(r#"{{"stateMachineArn": "a", "name": "{name}b"}}"#),
            &format!(
                "1 validation error detected: Value '{name}b' at 'name' failed to satisfy constraint: Member must have \
                 length less than or equal to 80"
            ),
        );
        invalid(
            Operation::CreateStateMachineAlias,
            r#"{"name": "42", "routingConfiguration": [{"stateMachineVersionArn": "a", "weight": 100}]}"#,
            "1 validation error detected: Value '42' at 'name' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$",
        );
        invalid(
            Operation::ListExecutions,
            r#"{"statusFilter": "failed"}"#,
            "1 validation error detected: Value 'failed' at 'statusFilter' failed to satisfy constraint: Member must \
             satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
        );
    }

    #[test]
    fn sensitive_values_are_not_shown() {
        let input = "1".repeat(262_145);
        invalid(
            Operation::StartExecution,
            &format!(r#"{{"stateMachineArn": "a", "input": "{input}"}}"#),
            "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less \
             than or equal to 262144",
        );
    }

    #[test]
    fn all_faults_are_told_at_once() {
        invalid(
            Operation::TagResource,
            r#"{"tags": [{"key": "a", "value": "b"}, {"key": ""}]}"#,
            "2 validation errors detected: Value null at 'resourceArn' failed to satisfy constraint: Member must not \
             be null; Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater \
             than or equal to 1",
        );
    }

    #[test]
    fn lists_show_their_items() {
        invalid(
            Operation::UpdateStateMachineAlias,
            r#"{"stateMachineAliasArn": "a", "routingConfiguration": [
                {"stateMachineVersionArn": "x", "weight": 1}, {"stateMachineVersionArn": "y", "weight": 2},
                {"stateMachineVersionArn": "z", "weight": 3}]}"#,
            "1 validation error detected: Value '[RoutingConfigurationListItem(stateMachineVersionArn=x, weight=1), \
             RoutingConfigurationListItem(stateMachineVersionArn=y, weight=2), \
             RoutingConfigurationListItem(stateMachineVersionArn=z, weight=3)]' at 'routingConfiguration' failed to \
             satisfy constraint: Member must have length less than or equal to 2",
        );
    }

    #[test]
    fn types_come_first() {
        for (operation, parameters, message) in [
            (Operation::ListActivities, r#"{"maxResults": "1"}"#, "STRING_VALUE can not be converted to an Integer"),
            (Operation::ListActivities, r#"{"maxResults": true}"#, "TRUE_VALUE can not be converted to an Integer"),
            (Operation::ListActivities, r#"{"maxResults": 1.5}"#, "DECIMAL_VALUE can not be converted to an Integer"),
            (Operation::ListActivities, r#"{"maxResults": [1]}"#, "Start of list found where not expected"),
            (Operation::StartExecution, r#"{"input": {}}"#, "Start of structure or map found where not expected."),
            (Operation::StartExecution, r#"{"input": 1}"#, "NUMBER_VALUE can not be converted to a String"),
            (Operation::TagResource, r#"{"tags": "x"}"#, "Expected list or null"),
            (Operation::TagResource, r#"{"tags": {}}"#, "Start of structure or map found where not expected."),
            (Operation::TestState, r#"{"mock": "x"}"#, "Expected null"),
            (Operation::TestState, "[]", "Start of list found where not expected"),
            (Operation::TestState, "null", ""),
        ] {
            misread(operation, parameters, message);
        }
    }

    #[test]
    fn what_the_service_itself_judges_passes() {
        passes(Operation::DescribeStateMachine, r#"{"stateMachineArn": "no ARN"}"#);
        passes(Operation::CreateActivity, r#"{"name": "a b"}"#);
        passes(Operation::StartExecution, r#"{"stateMachineArn": "a", "input": ""}"#);
        passes(Operation::ListStateMachines, r#"{"maxResults": null, "unknown": 1}"#);
        passes(Operation::ListExecutions, "{}");
    }
}
