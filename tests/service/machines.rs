//! State machines: made, updated, described, deleted, listed.

use asldb::value::Value;

use crate::support::{Fixture, PREFIX, ROLE, definition, object, text, told, with_service};

pub(crate) const PASS: &str = "A: {Type: Pass, End: true}";
const OTHER: &str = "A: {Type: Succeed}";

/// Parameters of CreateStateMachine.
pub(crate) fn new(name: &str, states: &str, more: &[(&str, Value)]) -> String {
    let mut members = vec![("name", name.into()), ("definition", definition(states).into()), ("roleArn", ROLE.into())];
    members.extend(more.iter().cloned());
    object(&members)
}

fn arn(name: &str) -> String {
    object(&[("stateMachineArn", format!("{PREFIX}:stateMachine:{name}").into())])
}

#[test]
fn making_the_same_again_changes_nothing() {
    with_service(|f| async move {
        let first = f.ok("CreateStateMachine", &new("m", PASS, &[])).await;
        assert_eq!(text(&first, "stateMachineArn"), format!("{PREFIX}:stateMachine:m"));
        // Another role and other tags do not count.
        let tags = asldb::value::read(r#"[{"key":"k","value":"v"}]"#).expect("JSON");
        let role = ("roleArn", Value::from("arn:aws:iam::123456789012:role/other"));
        for more in [vec![], vec![("tags", tags)], vec![("type", "STANDARD".into())], vec![role]] {
            assert_eq!(f.ok("CreateStateMachine", &new("m", PASS, &more)).await, first);
        }
        let published = [("publish", true.into()), ("versionDescription", "one".into())];
        let version = f.ok("CreateStateMachine", &new("v", PASS, &published)).await;
        assert_eq!(f.ok("CreateStateMachine", &new("v", PASS, &published)).await, version);
        // A version that is published afterwards is no part of what was made.
        f.ok("PublishStateMachineVersion", &object(&[("stateMachineArn", text(&first, "stateMachineArn").into())]))
            .await;
        for publish in [vec![], vec![("publish", false.into())]] {
            assert_eq!(f.ok("CreateStateMachine", &new("m", PASS, &publish)).await, first);
        }
        for (name, more) in [
            ("m", &published[..]),
            ("m", &published[..1]),
            ("v", &[]),
            ("v", &published[..1]),
            ("v", &[("publish", true.into()), ("versionDescription", "two".into())]),
        ] {
            let error = f.error("CreateStateMachine", &new(name, PASS, more)).await;
            let exists = format!("State Machine Already Exists: '{PREFIX}:stateMachine:{name}'");
            assert_eq!(told(&error), ("StateMachineAlreadyExists", &*exists), "{name} {more:?}");
        }
        let exists = format!("State Machine Already Exists: '{PREFIX}:stateMachine:m'");
        let traced = asldb::value::read(r#"{"enabled":true}"#).expect("JSON");
        for parameters in [
            new("m", OTHER, &[]),
            new("m", PASS, &[("type", "EXPRESS".into())]),
            new("m", PASS, &[("tracingConfiguration", traced)]),
            new("m", PASS, &[]).replace(r#"{\"Type\""#, r#"{ \"Type\""#),
        ] {
            let error = f.error("CreateStateMachine", &parameters).await;
            assert_eq!(told(&error), ("StateMachineAlreadyExists", &*exists), "{parameters}");
        }
    });
}

#[test]
fn what_cannot_be_made_is_told() {
    let scheme = "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED:";
    let task = |resource: &str| format!("A: {{Type: Task, Resource: \"{resource}\", End: true}}");
    let map = "A: {Type: Map, End: true, ItemBatcher: {MaxItemsPerBatch: 2}, ItemProcessor: {StartAt: B, States: {B: {Type: Pass, End: true}}}}";
    let inner = format!(
        "A: {{Type: Parallel, End: true, Branches: [{{StartAt: B, States: {{B: {{Type: Task, Resource: \"{PREFIX}:activity:a\", End: true}}}}}}]}}"
    );
    with_service(|f| async move {
        for (parameters, name, message) in [
            (new("a b", PASS, &[]), "InvalidName", "Invalid Name: 'a b'".to_owned()),
            (
                new("m", PASS, &[("versionDescription", "x".into())]),
                "ValidationException",
                "Version description can only be set when publish is true".to_owned(),
            ),
            (
                new("m", PASS, &[("roleArn", "me".into())]),
                "InvalidArn",
                "Invalid Arn: 'Invalid ARN prefix: me'".to_owned(),
            ),
            (
                object(&[("name", "m".into()), ("definition", "{}".into()), ("roleArn", ROLE.into())]),
                "InvalidDefinition",
                format!("{scheme} These fields are required: [States, StartAt] at /'"),
            ),
            (
                new("m", &task(&format!("{PREFIX}:activity:a")), &[("type", "EXPRESS".into())]),
                "InvalidDefinition",
                format!("{scheme} Express state machine does not support Activity ARN at /States/A/Resource'"),
            ),
            (
                new("m", &inner, &[("type", "EXPRESS".into())]),
                "InvalidDefinition",
                format!(
                    "{scheme} Express state machine does not support Activity ARN at /States/A/Branches[0]/States/B/Resource'"
                ),
            ),
            (
                new("m", &task("arn:aws:states:::ecs:runTask.sync"), &[("type", "EXPRESS".into())]),
                "InvalidDefinition",
                format!(
                    "{scheme} Express state machine does not support '.sync' service integration at /States/A/Resource'"
                ),
            ),
            (
                new(
                    "m",
                    PASS,
                    &[(
                        "encryptionConfiguration",
                        asldb::value::read(r#"{"type":"CUSTOMER_MANAGED_KMS_KEY"}"#).expect("JSON"),
                    )],
                ),
                "InvalidEncryptionConfiguration",
                "Invalid Encryption Configuration: kmsKeyId must be specified for CUSTOMER_MANAGED_KMS_KEY.".to_owned(),
            ),
            (
                new("m", PASS, &[("loggingConfiguration", asldb::value::read(r#"{"level":"ALL"}"#).expect("JSON"))]),
                "InvalidLoggingConfiguration",
                "Invalid Logging Configuration: Must specify exactly one Log Destination.".to_owned(),
            ),
        ] {
            assert_eq!(told(&f.error("CreateStateMachine", &parameters).await), (name, &*message), "{parameters}");
        }
        // What asldb does not run is refused, and says what would be.
        // What asldb leaves out is no fault of the definition.
        f.ok("CreateStateMachine", &new("batches", map, &[])).await;
        let error = f.error("CreateStateMachine", &object(&[("name", "m".into())])).await;
        assert_eq!(error.name, "ValidationException");
    });
}

#[test]
fn updates_make_revisions() {
    with_service(|f| async move {
        f.ok("CreateStateMachine", &new("m", PASS, &[])).await;
        let described = |f: std::sync::Arc<Fixture>| async move { f.ok("DescribeStateMachine", &arn("m")).await };
        let first = described(f.clone()).await;
        assert_eq!(first.get("revisionId"), None);
        assert_eq!((text(&first, "status"), text(&first, "type")), ("ACTIVE".to_owned(), "STANDARD".to_owned()));
        assert_eq!(
            first.get("loggingConfiguration").expect("it").to_json(),
            r#"{"includeExecutionData":false,"level":"OFF"}"#
        );
        let update = |more: &[(&str, Value)]| {
            let mut members = vec![("stateMachineArn", format!("{PREFIX}:stateMachine:m").into())];
            members.extend(more.iter().cloned());
            object(&members)
        };
        let same = f.ok("UpdateStateMachine", &update(&[("definition", definition(PASS).into())])).await;
        assert_eq!(same.get("revisionId"), None, "nothing changed");
        let changed = f.ok("UpdateStateMachine", &update(&[("definition", definition(OTHER).into())])).await;
        let revision = text(&changed, "revisionId");
        let now = described(f.clone()).await;
        assert_eq!((text(&now, "revisionId"), text(&now, "definition")), (revision.clone(), definition(OTHER)));
        assert_eq!(now.get("creationDate"), first.get("creationDate"));
        let off = asldb::value::read(r#"{"level":"OFF","includeExecutionData":true}"#).expect("JSON");
        let logs = f.ok("UpdateStateMachine", &update(&[("loggingConfiguration", off)])).await;
        assert_ne!(text(&logs, "revisionId"), revision);
        let metadata = arn("m").replace('}', r#","includedData":"METADATA_ONLY"}"#);
        assert_eq!(text(&f.ok("DescribeStateMachine", &metadata).await, "definition"), "{}");
        let message = "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified";
        assert_eq!(told(&f.error("UpdateStateMachine", &update(&[])).await), ("MissingRequiredParameter", message));
        let bad = f.error("UpdateStateMachine", &update(&[("definition", "{".into())])).await;
        assert_eq!(bad.name, "InvalidDefinition");
        let gone =
            object(&[("stateMachineArn", format!("{PREFIX}:stateMachine:m:1").into()), ("roleArn", ROLE.into())]);
        assert_eq!(f.error("UpdateStateMachine", &gone).await.name, "StateMachineDoesNotExist");
    });
}

#[test]
fn running_executions_keep_their_definition() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", "A: {Type: Wait, Seconds: 1000, End: true}").await;
        let execution = f.start(&machine, "{}").await;
        let update = object(&[("stateMachineArn", machine.as_str().into()), ("definition", definition(PASS).into())]);
        f.ok("UpdateStateMachine", &update).await;
        let parameters = object(&[("executionArn", execution.as_str().into())]);
        let ran = f.ok("DescribeStateMachineForExecution", &parameters).await;
        assert_eq!(text(&ran, "definition"), definition("A: {Type: Wait, Seconds: 1000, End: true}"));
        assert_eq!((ran.get("revisionId"), text(&ran, "stateMachineArn")), (None, machine));
        assert_eq!(text(&f.describe(&execution).await, "status"), "RUNNING");
    });
}

#[test]
fn a_deleted_machine_ends_its_executions_and_is_gone() {
    with_service(|f| async move {
        let machine = f.machine("m", "STANDARD", "A: {Type: Wait, Seconds: 1000, End: true}").await;
        let execution = f.start(&machine, "{}").await;
        f.ok("DeleteStateMachine", &arn("m")).await;
        assert_eq!(text(&f.ended(&execution).await, "status"), "ABORTED");
        for _ in 0..1000 {
            if f.call("DescribeStateMachine", &arn("m")).await.is_err() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        let message = format!("State Machine Does Not Exist: '{machine}'");
        assert_eq!(told(&f.error("DescribeStateMachine", &arn("m")).await), ("StateMachineDoesNotExist", &*message));
        f.ok("DeleteStateMachine", &arn("m")).await;
        // A new one of the same name is another one.
        let again = f.machine("m", "EXPRESS", PASS).await;
        assert_eq!(again, machine);
        assert_eq!(text(&f.describe(&execution).await, "status"), "ABORTED");
    });
}

#[test]
fn machines_are_listed_page_by_page() {
    with_service(|f| async move {
        for n in 0..7 {
            f.machine(&format!("m{n}"), if n % 2 == 0 { "STANDARD" } else { "EXPRESS" }, PASS).await;
        }
        let names = |page: &Value| -> Vec<String> {
            page.get("stateMachines")
                .and_then(Value::as_array)
                .expect("a list")
                .iter()
                .map(|m| text(m, "name"))
                .collect()
        };
        let first = f.ok("ListStateMachines", r#"{"maxResults":5}"#).await;
        assert_eq!(names(&first), ["m0", "m1", "m2", "m3", "m4"]);
        let next = object(&[("nextToken", text(&first, "nextToken").into())]);
        let second = f.ok("ListStateMachines", &next).await;
        assert_eq!((names(&second), second.get("nextToken")), (vec!["m5".to_owned(), "m6".to_owned()], None));
        assert_eq!(f.error("ListActivities", &next).await.name, "InvalidToken", "a token of another list");
        f.later(24 * 3_600_000);
        assert_eq!(f.error("ListStateMachines", &next).await.name, "InvalidToken", "an old token");
    });
}

#[test]
fn the_variables_that_states_read_are_listed() {
    let states = "
A: {Type: Pass, Assign: {x: 1, y: 2}, Next: B}
B: {Type: Choice, Choices: [{Variable: $y, NumericGreaterThanPath: $x, Next: C}], Default: D}
C: {Type: Pass, Parameters: {'v.$': \"States.Format('{}', $x.a)\", w: $y, FooPath: $y}, Next: D}
D: {Type: Map, QueryLanguage: JSONata, Items: '{% $y %}', End: true, ItemProcessor: {StartAt: E, States: {E: {Type: Pass, InputPath: $x, End: true}}}}";
    with_service(|f| async move {
        let parameters = new("m", states.trim_start(), &[]);
        f.ok("CreateStateMachine", &parameters).await;
        let described = f.ok("DescribeStateMachine", &arn("m")).await;
        let references = described.get("variableReferences").expect("references").to_json();
        assert_eq!(references, r#"{"B":["x","y"],"C":["x"],"D":["y"],"E":["x"]}"#);
    });
}
