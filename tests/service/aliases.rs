//! Versions and aliases.

use std::sync::Arc;

use asldb::value::{self, Value};

use crate::support::{Fixture, PREFIX, definition, object, text, told, with_service};

fn pass(n: u32) -> String {
    format!("A: {{Type: Pass, Comment: \"{n}\", End: true}}")
}

/// A state machine with versions 1 to `count`.
async fn versions(f: &Arc<Fixture>, count: u32) -> String {
    let machine = f.machine("m", "STANDARD", &pass(0)).await;
    for n in 1..=count {
        let definition = definition(&pass(n)).into();
        let update = object(&[
            ("stateMachineArn", machine.as_str().into()),
            ("definition", definition),
            ("publish", true.into()),
        ]);
        let answer = f.ok("UpdateStateMachine", &update).await;
        assert_eq!(text(&answer, "stateMachineVersionArn"), format!("{machine}:{n}"));
    }
    machine
}

fn of(machine: &str) -> String {
    object(&[("stateMachineArn", machine.into())])
}

/// Parameters of CreateStateMachineAlias; each route is `VERSION=WEIGHT`.
fn alias(machine: &str, name: &str, routes: &[&str]) -> String {
    let route = |text: &&str| {
        let (version, weight) = text.split_once('=').expect("a route");
        let arn = if version.is_empty() { machine.to_owned() } else { format!("{machine}:{version}") };
        value::read(&format!(r#"{{"stateMachineVersionArn":"{arn}","weight":{weight}}}"#)).expect("JSON")
    };
    let routes: Vec<Value> = routes.iter().map(route).collect();
    object(&[("name", name.into()), ("routingConfiguration", routes.into())])
}

#[test]
fn a_revision_is_published_once() {
    with_service(|f| async move {
        let machine = f.machine("m", "EXPRESS", &pass(0)).await;
        let first = f.ok("PublishStateMachineVersion", &of(&machine)).await;
        assert_eq!(text(&first, "stateMachineVersionArn"), format!("{machine}:1"));
        assert_eq!(f.ok("PublishStateMachineVersion", &of(&machine)).await, first);
        let wrong = object(&[("stateMachineArn", machine.as_str().into()), ("revisionId", "x".into())]);
        let message = "Failed to publish the State Machine version for revision x. The current State Machine revision is INITIAL.";
        assert_eq!(told(&f.error("PublishStateMachineVersion", &wrong).await), ("ConflictException", message));
        f.ok("PublishStateMachineVersion", &wrong.replace("\"x\"", "\"INITIAL\"")).await;
        let described = f.ok("DescribeStateMachine", &of(&format!("{machine}:1"))).await;
        assert_eq!(text(&described, "stateMachineArn"), format!("{machine}:1"));
        let missing = f.error("PublishStateMachineVersion", &of(&format!("{PREFIX}:stateMachine:other"))).await;
        assert_eq!(missing.name, "StateMachineDoesNotExist");
    });
}

#[test]
fn versions_are_listed_newest_first_and_their_numbers_are_not_used_again() {
    with_service(|f| async move {
        let machine = versions(&f, 4).await;
        let numbers = |page: &Value| -> Vec<String> {
            let versions = page.get("stateMachineVersions").and_then(Value::as_array).expect("a list");
            versions.iter().map(|v| text(v, "stateMachineVersionArn").replace(&format!("{machine}:"), "")).collect()
        };
        let page = object(&[("stateMachineArn", machine.as_str().into()), ("maxResults", 3.into())]);
        let first = f.ok("ListStateMachineVersions", &page).await;
        assert_eq!(numbers(&first), ["4", "3", "2"]);
        for token in [text(&first, "nextToken"), "3".to_owned()] {
            let next = object(&[("stateMachineArn", machine.as_str().into()), ("nextToken", token.into())]);
            assert_eq!(numbers(&f.ok("ListStateMachineVersions", &next).await), ["1"]);
        }
        let last = object(&[("stateMachineVersionArn", format!("{machine}:4").into())]);
        f.ok("DeleteStateMachineVersion", &last).await;
        f.ok("DeleteStateMachineVersion", &last).await;
        let again = f.ok("PublishStateMachineVersion", &of(&machine)).await;
        assert_eq!(text(&again, "stateMachineVersionArn"), format!("{machine}:5"));
    });
}

#[test]
fn aliases_lead_to_versions() {
    with_service(|f| async move {
        let machine = versions(&f, 2).await;
        let made = f.ok("CreateStateMachineAlias", &alias(&machine, "live", &["1=100"])).await;
        let arn = text(&made, "stateMachineAliasArn");
        assert_eq!(arn, format!("{machine}:live"));
        assert_eq!(f.ok("CreateStateMachineAlias", &alias(&machine, "live", &["1=100"])).await, made);
        let message = "Failed to create alias because an alias with the same name and a different routing configuration already exists.";
        let other = f.error("CreateStateMachineAlias", &alias(&machine, "live", &["2=100"])).await;
        assert_eq!(told(&other), ("ConflictException", message));
        let used = f
            .error("DeleteStateMachineVersion", &object(&[("stateMachineVersionArn", format!("{machine}:1").into())]))
            .await;
        let message = "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [live]";
        assert_eq!(told(&used), ("ConflictException", message));

        let execution = f.start(&arn, "{}").await;
        let described = f.ended(&execution).await;
        assert_eq!(text(&described, "stateMachineAliasArn"), arn);
        assert_eq!(text(&described, "stateMachineVersionArn"), format!("{machine}:1"));
        let started = f.history(&execution).await[0].get("executionStartedEventDetails").expect("details").clone();
        assert_eq!(text(&started, "stateMachineAliasArn"), arn);
        let listed = f.ok("ListExecutions", &of(&arn)).await;
        assert_eq!(listed.get("executions").and_then(Value::as_array).map(|list| list.len()), Some(1));
        let none = f.ok("ListExecutions", &of(&format!("{machine}:2"))).await;
        assert_eq!(none.get("executions").and_then(Value::as_array).map(|list| list.len()), Some(0));

        let update = alias(&machine, "x", &["1=10", "2=90"])
            .replace(r#""name":"x""#, &format!(r#""stateMachineAliasArn":"{arn}""#));
        f.ok("UpdateStateMachineAlias", &update).await;
        let described =
            f.ok("DescribeStateMachineAlias", &object(&[("stateMachineAliasArn", arn.as_str().into())])).await;
        let weights: Vec<String> = described
            .get("routingConfiguration")
            .and_then(Value::as_array)
            .expect("routes")
            .iter()
            .map(|route| route.get("weight").expect("a weight").to_json())
            .collect();
        assert_eq!(weights, ["10", "90"]);
        f.ok("DeleteStateMachineAlias", &object(&[("stateMachineAliasArn", arn.as_str().into())])).await;
        f.ok("DeleteStateMachineAlias", &object(&[("stateMachineAliasArn", arn.as_str().into())])).await;
        let gone =
            f.error("DescribeStateMachineAlias", &object(&[("stateMachineAliasArn", arn.as_str().into())])).await;
        assert_eq!(told(&gone), ("ResourceNotFound", "Request references a resource that does not exist."));
        assert_eq!(f.error("StartExecution", &of(&arn)).await.name, "StateMachineDoesNotExist");
    });
}

#[test]
fn routes_are_checked() {
    with_service(|f| async move {
        let m = versions(&f, 2).await;
        for (routes, message) in [
            (
                vec!["1=50", "1=50"],
                format!(
                    "Routing configuration must contain distinct state machine version ARNs. Received: [{m}:1, {m}:1]"
                ),
            ),
            (
                vec!["=70", "2=30"],
                format!("Routing configuration must contain state machine version ARNs. Received: [{m}, {m}:2]"),
            ),
            (
                vec!["1=70", "2=29"],
                "Sum of routing configuration weights must equal 100. Received: [70, 29]".to_owned(),
            ),
            (vec!["1=99"], "Sum of routing configuration weights must equal 100. Received: [99]".to_owned()),
        ] {
            let error = f.error("CreateStateMachineAlias", &alias(&m, "a", &routes)).await;
            assert_eq!(told(&error), ("ValidationException", &*message));
        }
        assert_eq!(f.error("CreateStateMachineAlias", &alias(&m, "a", &["9=100"])).await.name, "ResourceNotFound");
    });
}

#[test]
fn aliases_are_listed_in_the_order_they_were_made() {
    with_service(|f| async move {
        let machine = versions(&f, 2).await;
        for (name, version) in [("c", "1=100"), ("a", "2=100"), ("b", "1=100")] {
            f.ok("CreateStateMachineAlias", &alias(&machine, name, &[version])).await;
        }
        let names = |page: &Value| -> Vec<String> {
            let aliases = page.get("stateMachineAliases").and_then(Value::as_array).expect("a list");
            aliases.iter().map(|a| text(a, "stateMachineAliasArn").replace(&format!("{machine}:"), "")).collect()
        };
        let page = object(&[("stateMachineArn", machine.as_str().into()), ("maxResults", 2.into())]);
        let first = f.ok("ListStateMachineAliases", &page).await;
        assert_eq!(names(&first), ["c", "a"]);
        let next =
            object(&[("stateMachineArn", machine.as_str().into()), ("nextToken", text(&first, "nextToken").into())]);
        assert_eq!(names(&f.ok("ListStateMachineAliases", &next).await), ["b"]);
        assert_eq!(names(&f.ok("ListStateMachineAliases", &of(&format!("{machine}:2"))).await), ["a"]);
    });
}
