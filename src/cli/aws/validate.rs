//! What the AWS CLI checks before it sends anything: missing and unknown parameters, types, least lengths and values.
//! Greatest lengths and values it leaves to the service (recorded).

use super::failure::Failure;
use super::python;
use crate::api::{Operation, Shape, Structure};
use crate::value::Value;

/// Checks `parameters` as the AWS CLI does.
///
/// # Errors
/// All faults in one message, in the words of the AWS CLI.
pub fn validate(operation: Operation, parameters: &Value) -> Result<(), Failure> {
    let mut report = Vec::new();
    structure(&operation.description().input, parameters, "", &mut report);
    if report.is_empty() {
        return Ok(());
    }
    Err(Failure::Parameters(format!("Parameter validation failed:\n{}", report.join("\n"))))
}

fn structure(shape: &Structure, value: &Value, name: &str, report: &mut Vec<String>) {
    let Some(object) = typed(value.as_object(), value, name, "<class 'dict'>", report) else { return };
    let place = shown(name);
    for member in shape.members.iter().filter(|member| member.is_required && !object.contains_key(member.name)) {
        report.push(format!("Missing required parameter in {place}: \"{}\"", member.name));
    }
    for key in object.keys().filter(|key| shape.member(key).is_none()) {
        let known: Vec<&str> = shape.members.iter().map(|member| member.name).collect();
        report.push(format!("Unknown parameter in {place}: \"{key}\", must be one of: {}", known.join(", ")));
    }
    for (key, inner) in object.iter() {
        if let Some(member) = shape.member(key) {
            check(member.shape, inner, &format!("{name}.{key}"), report);
        }
    }
}

fn check(shape: &Shape, value: &Value, name: &str, report: &mut Vec<String>) {
    match shape {
        Shape::String(text) => {
            let string = typed(value.as_str(), value, name, "<class 'str'>", report);
            least_length(string.map(|string| string.chars().count()), text.min, name, report);
        }
        Shape::Integer(range) | Shape::Long(range) => {
            let number = value.as_number().filter(|number| number.is_int());
            if typed(number, value, name, "<class 'int'>", report).is_some() {
                least_value(range.min, value, name, report);
            }
        }
        Shape::Float(range) => {
            let types = "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>";
            if typed(value.as_number(), value, name, types, report).is_some() {
                least_value(range.min, value, name, report);
            }
        }
        Shape::Boolean => {
            typed(value.as_bool(), value, name, "<class 'bool'>", report);
        }
        Shape::Timestamp => {}
        Shape::List(list) => {
            let items = typed(value.as_array(), value, name, "<class 'list'>, <class 'tuple'>", report);
            least_length(items.map(|items| items.len()), list.min, name, report);
            for (at, item) in items.iter().flat_map(|items| items.iter()).enumerate() {
                check(list.item, item, &format!("{name}[{at}]"), report);
            }
        }
        Shape::Map(inner) => {
            let members = typed(value.as_object(), value, name, "<class 'dict'>", report);
            for (key, value) in members.iter().flat_map(|members| members.iter()) {
                check(inner, value, &format!("{name}.{key}"), report);
            }
        }
        Shape::Structure(inner) => structure(inner, value, name, report),
    }
}

/// `found`, or a fault when the value has another type.
fn typed<T>(found: Option<T>, value: &Value, name: &str, types: &str, report: &mut Vec<String>) -> Option<T> {
    if found.is_none() {
        let (place, value, class) = (shown(name), python::text(value), python::class(value));
        report.push(format!("Invalid type for parameter {place}, value: {value}, type: {class}, valid types: {types}"));
    }
    found
}

fn least_length(length: Option<usize>, min: usize, name: &str, report: &mut Vec<String>) {
    if let Some(length) = length.filter(|length| *length < min) {
        report.push(format!("Invalid length for parameter {}, value: {length}, valid min length: {min}", shown(name)));
    }
}

fn least_value(min: Option<i64>, value: &Value, name: &str, report: &mut Vec<String>) {
    let Some((number, min)) = value.as_number().zip(min) else { return };
    if *number < crate::value::Number::Int(min) {
        let (place, number) = (shown(name), python::number(number));
        report.push(format!("Invalid value for parameter {place}, value: {number}, valid min value: {min}"));
    }
}

fn shown(name: &str) -> &str {
    if name.is_empty() { "input" } else { name.trim_start_matches('.') }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    #[track_caller]
    fn refused(operation: Operation, parameters: &str, lines: &[&str]) {
        let failure = validate(operation, &read(parameters).expect("JSON")).expect_err("it is refused");
        assert_eq!(failure.to_string(), format!("Parameter validation failed:\n{}", lines.join("\n")));
        assert_eq!(failure.status(), 252);
    }

    /// Compared with the AWS CLI 1.46; some of the texts are recorded, too.
    #[test]
    fn faults_are_told_as_the_aws_cli_tells_them() {
        refused(
            Operation::StartExecution,
            r#"{"a": 1}"#,
            &[
                "Missing required parameter in input: \"stateMachineArn\"",
                "Unknown parameter in input: \"a\", must be one of: stateMachineArn, name, input, traceHeader",
            ],
        );
        refused(
            Operation::StartExecution,
            r#"{"stateMachineArn": "", "name": ""}"#,
            &[
                "Invalid length for parameter stateMachineArn, value: 0, valid min length: 1",
                "Invalid length for parameter name, value: 0, valid min length: 1",
            ],
        );
        refused(
            Operation::CreateStateMachineAlias,
            r#"{"name": "a", "routingConfiguration": [{"stateMachineVersionArn": "x", "weight": -1}]}"#,
            &["Invalid value for parameter routingConfiguration[0].weight, value: -1, valid min value: 0"],
        );
        refused(
            Operation::TagResource,
            r#"{"resourceArn": "a", "tags": null}"#,
            &["Invalid type for parameter tags, value: None, type: <class 'NoneType'>, valid types: <class 'list'>, \
               <class 'tuple'>"],
        );
        refused(
            Operation::TagResource,
            r#"{"resourceArn": "a", "tags": [{"key": 1, "value": null}]}"#,
            &[
                "Invalid type for parameter tags[0].key, value: 1, type: <class 'int'>, valid types: <class 'str'>",
                "Invalid type for parameter tags[0].value, value: None, type: <class 'NoneType'>, valid types: \
                 <class 'str'>",
            ],
        );
    }

    #[test]
    fn greatest_values_are_for_the_service() {
        let parameters = read(r#"{"maxResults": 1001}"#).expect("JSON");
        assert_eq!(validate(Operation::ListActivities, &parameters), Ok(()));
    }
}
