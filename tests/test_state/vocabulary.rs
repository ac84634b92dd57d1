//! How the tests speak: requests and answers as JSON, with what is JSON text written as the JSON it holds.

use asldb::api::{Operation, check};
use asldb::service::test_state::{Environment, Tasks, test_state};
use asldb::value::{self, Timestamp};
use serde_json::{Value as Json, json};

/// When every test takes place: 2026-01-01T00:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp(1_767_225_600_000);

/// Members of requests that hold JSON text.
const TEXTS: [&str; 4] = ["definition", "input", "context", "variables"];

/// The answer to `request`, or the exception as `Name: message`.
pub(crate) fn ask(request: &Json) -> Result<Json, String> {
    ask_with(request, None)
}

/// The same where `tasks` answer.
pub(crate) fn ask_with(request: &Json, tasks: Option<&Tasks<'_>>) -> Result<Json, String> {
    let mut request = request.clone();
    for name in TEXTS {
        to_text(&mut request, name);
    }
    if let Some(mock) = request.get_mut("mock") {
        to_text(mock, "result");
    }
    let parameters = value::read(&request.to_string()).expect("serde writes JSON");
    check(Operation::TestState, &parameters).map_err(|error| error.to_string())?;
    let environment = Environment { account: "123456789012", region: "eu-central-1", now: NOW, seed: 7, tasks };
    let answer = test_state(&parameters, &environment).map_err(|error| error.to_string())?;
    let mut answer: Json = serde_json::from_str(&answer.to_json()).expect("a value writes JSON");
    from_text(&mut answer["output"]);
    if let Some(data) = answer.get_mut("inspectionData").and_then(Json::as_object_mut) {
        data.values_mut().for_each(from_text);
    }
    if answer["output"].is_null() {
        answer.as_object_mut().expect("an object").remove("output");
    }
    Ok(answer)
}

fn to_text(object: &mut Json, name: &str) {
    if let Some(member) = object.get_mut(name).filter(|member| !member.is_string()) {
        *member = json!(member.to_string());
    }
}

fn from_text(member: &mut Json) {
    if let Some(parsed) = member.as_str().and_then(|text| serde_json::from_str(text).ok()) {
        *member = parsed;
    }
}

/// The answer to a test of `definition` with these further members.
pub(crate) fn test(definition: &Json, more: &Json) -> Json {
    let request = request(definition, more);
    ask(&request).unwrap_or_else(|error| panic!("{request}: {error}"))
}

/// The exception of such a test.
pub(crate) fn refused(definition: &Json, more: &Json) -> String {
    let request = request(definition, more);
    match ask(&request) {
        Ok(answer) => panic!("{request}: {answer}"),
        Err(error) => error,
    }
}

/// What is inspected in such a test.
pub(crate) fn inspected(definition: &Json, more: &Json) -> Json {
    let mut request = request(definition, more);
    request["inspectionLevel"] = json!("DEBUG");
    ask(&request).unwrap_or_else(|error| panic!("{request}: {error}"))["inspectionData"].clone()
}

fn request(definition: &Json, more: &Json) -> Json {
    let mut request = more.clone();
    request["definition"] = definition.clone();
    request
}

/// A Task that calls a service of which no shape is known, with `fields`.
pub(crate) fn task(fields: Json) -> Json {
    with(json!({"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:example:act", "End": true}), fields)
}

/// `object` with the members of `more`; those that are null are taken out.
pub(crate) fn with(mut object: Json, more: Json) -> Json {
    let Json::Object(more) = more else { panic!("members") };
    let members = object.as_object_mut().expect("an object");
    for (key, value) in more {
        if value.is_null() {
            members.remove(&key);
        } else {
            members.insert(key, value);
        }
    }
    object
}
