//! The parameters of an operation from the options of its command.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::failure::Failure;
use super::{files, names, shorthand};
use crate::api::{Member, Operation, Shape};
use crate::text::yaml;
use crate::value::{self, Object, Value};

/// Reads the parameters: options, then what `--cli-input-json` or `--cli-input-yaml` adds.
///
/// # Errors
/// Values that cannot be read, in the words of the AWS CLI.
pub fn read(operation: Operation, matches: &ArgMatches) -> Result<Object, Failure> {
    let mut parameters = Object::new();
    for member in operation.description().input.members {
        if let Some(value) = member_value(operation, member, matches)? {
            parameters.insert(member.name, value);
        }
    }
    if let Some(added) = input(matches)? {
        for (key, value) in added.iter() {
            if !parameters.contains_key(key) {
                parameters.insert(key.clone(), value.clone());
            }
        }
    }
    Ok(parameters)
}

/// Makes up what clients make up: tokens that tell a repeated call from a new one.
pub fn add_tokens(operation: Operation, parameters: &mut Object) {
    for member in operation.description().input.members.iter().filter(|member| member.is_token) {
        if !parameters.contains_key(member.name) {
            let token = format!("{:016x}{:016x}", crate::runtime::names::new_seed(), crate::runtime::names::new_seed());
            parameters.insert(member.name, token.into());
        }
    }
}

fn member_value(operation: Operation, member: &Member, matches: &ArgMatches) -> Result<Option<Value>, Failure> {
    let id = names::option(operation, member.name);
    if let Shape::Boolean = member.shape {
        let is_given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
        let no = is_given(&format!("no-{id}"));
        return Ok(if no { Some(false.into()) } else { is_given(&id).then(|| true.into()) });
    }
    let Some(values) = matches.get_many::<String>(&id) else { return Ok(None) };
    let fault = |why: String| Failure::option(&format!("--{id}"), why);
    let values: Vec<String> = values.map(|value| files::load(value).map_err(fault)).collect::<Result<_, _>>()?;
    match member.shape {
        Shape::List(list) => self::list(member.shape, list.item, &values).map_err(fault).map(Some),
        Shape::Structure(_) | Shape::Map(_) => structure(member.shape, &values.concat()).map_err(fault).map(Some),
        // The AWS CLI does not name the option.
        shape => shorthand::fit_scalar(&values.concat(), shape).map_err(Failure::Other).map(Some),
    }
}

fn list(shape: &Shape, item: &Shape, values: &[String]) -> Result<Value, String> {
    if let [only] = values
        && only.trim_start().starts_with('[')
    {
        return json(only);
    }
    let is_complex = matches!(item, Shape::Structure(_) | Shape::Map(_) | Shape::List(_));
    let read = |value: &String| if is_complex { complex(value) } else { Ok(value.as_str().into()) };
    let items: Vec<Value> = values.iter().map(read).collect::<Result<_, _>>()?;
    shorthand::fit(items.into(), shape)
}

fn structure(shape: &Shape, value: &str) -> Result<Value, String> {
    if looks_like_json(value) { json(value) } else { shorthand::fit(complex(value)?, shape) }
}

fn complex(value: &str) -> Result<Value, String> {
    if looks_like_json(value) {
        return json(value);
    }
    shorthand::parse(value, &files::load).map_err(|error| error.to_string())
}

fn looks_like_json(value: &str) -> bool {
    value.trim_start().starts_with(['{', '['])
}

fn json(text: &str) -> Result<Value, String> {
    value::read(text).map_err(|error| format!("Invalid JSON: {error}\nJSON received: {text}"))
}

/// The object of `--cli-input-json` or `--cli-input-yaml`.
fn input(matches: &ArgMatches) -> Result<Option<Object>, Failure> {
    let text = |name: &str| matches.get_one::<String>(name);
    let (name, given) = match (text("cli-input-json"), text("cli-input-yaml")) {
        (Some(_), Some(_)) => {
            return Err(Failure::Parameters("Only one --cli-input- parameter may be specified.".to_owned()));
        }
        (Some(json), None) => ("cli-input-json", json),
        (None, Some(yaml)) => ("cli-input-yaml", yaml),
        (None, None) => return Ok(None),
    };
    let fault = |why: String| Failure::option(name, why);
    let text = files::load(given).map_err(fault)?;
    let value = if name == "cli-input-json" { json(&text) } else { read_yaml(&text) };
    match value.map_err(fault)? {
        Value::Object(object) => Ok(Some(object)),
        other => Err(fault(format!("Invalid type: expecting map, received {}", other.type_name()))),
    }
}

fn read_yaml(text: &str) -> Result<Value, String> {
    let node = yaml::parse(text).map_err(|fault| format!("Invalid YAML: {}", fault.message))?;
    Ok(value::from_node(&node))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::aws::command::{self, Asked};

    fn parameters(operation: Operation, arguments: &[&str]) -> Result<String, String> {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let Ok(Asked::Call(matches)) = command::read(operation, &arguments) else { panic!("{arguments:?}") };
        read(operation, &matches).map(|object| Value::from(object).to_json()).map_err(|failure| failure.to_string())
    }

    #[track_caller]
    fn are(operation: Operation, arguments: &[&str], json: &str) {
        assert_eq!(parameters(operation, arguments), Ok(json.to_owned()), "{arguments:?}");
    }

    #[track_caller]
    fn fail(operation: Operation, arguments: &[&str], message: &str) {
        let error = parameters(operation, arguments).expect_err("it fails");
        assert!(error.starts_with(message), "{error}");
    }

    #[test]
    fn options_become_parameters() {
        are(
            Operation::StartExecution,
            &["--state-machine-arn", "a", "--input", r#"{"x": 1}"#],
            r#"{"stateMachineArn":"a","input":"{\"x\": 1}"}"#,
        );
        are(
            Operation::GetExecutionHistory,
            &["--execution-arn", "a", "--max-results", "7", "--reverse-order", "--no-include-execution-data"],
            r#"{"executionArn":"a","maxResults":7,"reverseOrder":true,"includeExecutionData":false}"#,
        );
        are(
            Operation::UpdateMapRun,
            &["--map-run-arn", "a", "--tolerated-failure-percentage", "2.5", "--max-concurrency", "-1"],
            r#"{"mapRunArn":"a","maxConcurrency":-1,"toleratedFailurePercentage":2.5}"#,
        );
        are(
            Operation::SendTaskSuccess,
            &["--task-token", "t", "--task-output", "1"],
            r#"{"taskToken":"t","output":"1"}"#,
        );
        fail(Operation::ListActivities, &["--max-results", "abc"], "invalid literal for int() with base 10: 'abc'");
    }

    #[test]
    fn structures_and_lists_are_shorthand_or_json() {
        let tags = r#"{"resourceArn":"a","tags":[{"key":"k","value":"1"},{"key":"l","value":"2"}]}"#;
        let arn = ["--resource-arn", "a", "--tags"];
        let with = |values: &[&'static str]| [&arn[..], values].concat();
        are(Operation::TagResource, &with(&["key=k,value=1", "key=l,value=2"]), tags);
        are(Operation::TagResource, &with(&[r#"{"key":"k","value":"1"}"#, "key=l,value=2"]), tags);
        are(Operation::TagResource, &with(&[r#" [{"key":"k","value":"1"},{"key":"l","value":"2"}]"#]), tags);
        are(
            Operation::UntagResource,
            &["--resource-arn", "a", "--tag-keys", "x", "y"],
            r#"{"resourceArn":"a","tagKeys":["x","y"]}"#,
        );
        are(
            Operation::TestState,
            &["--definition", "{}", "--mock", "errorOutput={error=E,cause='a, b'},fieldValidationMode=NONE"],
            r#"{"definition":"{}","mock":{"errorOutput":{"error":"E","cause":"a, b"},"fieldValidationMode":"NONE"}}"#,
        );
        fail(
            Operation::TagResource,
            &with(&["foo"]),
            "Error parsing parameter '--tags': Expected: '=', received: 'EOF' for input:\nfoo\n   ^",
        );
        fail(Operation::TagResource, &with(&["{\"a\":"]), "Error parsing parameter '--tags': Invalid JSON: ");
    }

    #[test]
    fn texts_of_parameters_fill_up_what_options_leave() {
        are(
            Operation::StartExecution,
            &["--name", "n", "--cli-input-json", r#"{"stateMachineArn": "a", "name": "other"}"#],
            r#"{"name":"n","stateMachineArn":"a"}"#,
        );
        are(
            Operation::StartExecution,
            &["--cli-input-yaml", "stateMachineArn: a # it\nname: ''\n"],
            r#"{"stateMachineArn":"a","name":""}"#,
        );
        fail(
            Operation::StartExecution,
            &["--cli-input-json", "["],
            "Error parsing parameter 'cli-input-json': Invalid JSON: ",
        );
        fail(
            Operation::StartExecution,
            &["--cli-input-json", "[]"],
            "Error parsing parameter 'cli-input-json': Invalid type",
        );
        fail(
            Operation::StartExecution,
            &["--cli-input-json", "{}", "--cli-input-yaml", "{}"],
            "Only one --cli-input- parameter may be specified.",
        );
        fail(
            Operation::StartExecution,
            &["--state-machine-arn", "file:///no/such/file"],
            "Error parsing parameter '--state-machine-arn': Unable to load paramfile file:///no/such/file: ",
        );
    }

    #[test]
    fn tokens_are_made_up_once() {
        let mut parameters = Object::new();
        add_tokens(Operation::RedriveExecution, &mut parameters);
        let token = parameters.get("clientToken").and_then(Value::as_str).expect("a token").to_owned();
        assert_eq!(token.len(), 32);
        add_tokens(Operation::RedriveExecution, &mut parameters);
        assert_eq!(parameters.get("clientToken").and_then(Value::as_str), Some(token.as_str()));
        let mut none = Object::new();
        add_tokens(Operation::StartExecution, &mut none);
        assert!(none.is_empty());
    }
}
