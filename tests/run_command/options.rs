//! What the options do.

use serde_json::{Value as Json, json};

use crate::command::{ECHO, Folder, HELLO, Told, folder};

const TASK: &str = r#"{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true}}}"#;

#[test]
fn the_output_and_nothing_else_goes_to_stdout() {
    let folder = folder(&[("hello.asl.json", HELLO), ("input.json", "{\"name\": \"you\"}\n")]);
    folder.run(&["hello.asl.json", "--input", r#"{"name":"me"}"#]).puts_out(r#"{"hello":"me"}"#);
    folder.run(&["hello.asl.json", "--input", "@input.json"]).puts_out(r#"{"hello":"you"}"#);
    folder.run_with_stdin(&["hello.asl.json", "--input", "-"], b" {\"name\": [1]} ").puts_out(r#"{"hello":[1]}"#);
}

#[test]
fn without_an_input_it_is_an_empty_object() {
    folder(&[("echo.json", ECHO)]).run(&["echo.json"]).puts_out("{}");
}

#[test]
fn yaml() {
    let text = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Result: [1, two, ~]\n    End: true\n";
    folder(&[("a.asl.yaml", text)]).run(&["a.asl.yaml"]).puts_out(r#"[1,"two",null]"#);
}

#[test]
fn a_failure_is_told_with_its_place() {
    let machine = "{\n \"StartAt\": \"A\",\n \"States\": {\n  \"A\": {\"Type\": \"Fail\", \"Error\": \"Mine\", \"Cause\": \"because\"}\n }\n}";
    let folder = folder(&[("f.json", machine), ("hello.json", HELLO)]);
    folder.run(&["f.json"]).says(1, &["f.json:4:", "FAILED Mine: because"]);
    let told = folder.run(&["hello.json", "--input", r#"{"nam": 1}"#]);
    told.says(1, &["hello.json:1:", "FAILED States.Runtime: ", "'$.name'", "help: ", "nam"]);
}

/// A Map over the array in an object of the bucket `items`, its results written to the bucket in the input.
const BUCKETS: &str = r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
    "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket.$": "$.from", "Key.$": "$.key"}},
    "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket.$": "$.to", "Prefix": "done"}},
    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}"#;

/// What stands for a bucket is no part of the execution: people are told of it, its history is not.
#[test]
fn folders_of_buckets_are_told_beside_the_cause() {
    let folder = folder(&[("m.json", BUCKETS), ("one.json", "1"), ("list.json", "[1]")]);
    for (from, key, to, error, cause, help) in [
        ("items", "one.json", "items", "ItemReaderFailed", "Attempting to map over non-iterable node.", "one.json"),
        (
            "items",
            "no.json",
            "items",
            "ItemReaderFailed",
            "key does not exist. (Service: S3, Status Code: 404)",
            "no.json",
        ),
        (
            "none",
            "one.json",
            "items",
            "ItemReaderFailed",
            "bucket does not exist (Service: S3, Status Code: 404)",
            "--s3 none=DIR",
        ),
        (
            "items",
            "list.json",
            "none",
            "ResultWriterFailed",
            "bucket does not exist (Service: S3, Status Code: 404)",
            "--s3 none=DIR",
        ),
    ] {
        let input = json!({"from": from, "key": key, "to": to}).to_string();
        let told = folder.run(&["m.json", "--s3", "items=.", "--input", &input, "--history", "-"]);
        let (failure, hint) =
            told.stderr.split_once("\n  help: ").unwrap_or_else(|| panic!("no help: {}", told.stderr));
        assert!(failure.contains(&format!("FAILED States.{error}: ")), "{failure}");
        assert!(failure.contains(&format!("{cause}\n")) || failure.ends_with(cause), "{failure}");
        assert!(hint.contains(help), "{hint}");
        assert!(told.stdout.contains(cause) && !told.stdout.contains(hint.trim()), "{}", told.stdout);
        let history: Json = serde_json::from_str(&told.stdout).expect("a history");
        let last = history["events"].as_array().and_then(|events| events.last()).expect("events");
        let recorded = last["executionFailedEventDetails"]["cause"].as_str().expect("a cause");
        assert!(recorded.ends_with(cause), "{recorded}");
    }
}

#[test]
fn a_timeout_is_a_failure() {
    let machine =
        r#"{"TimeoutSeconds": 5, "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}}"#;
    folder(&[("w.json", machine)]).run(&["w.json", "--skip-waits"]).says(1, &["TIMED_OUT States.Timeout"]);
}

#[test]
fn bad_use() {
    let folder = folder(&[("echo.json", ECHO)]);
    for (args, word) in [
        (&["run"][..], "Usage"),
        (&["run", "echo.json", "--frobnicate"], "--frobnicate"),
        (&["run", "echo.json", "--seed", "many"], "many"),
        (&["run", "echo.json", "--type", "slow"], "slow"),
        (&["run", "echo.json", "--case", "A"], "--mocks"),
        (&["run", "echo.json", "more.json"], "more.json"),
    ] {
        let output = folder.command(args).output().expect("it starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}");
        assert!(stderr.contains(word), "{args:?}: {stderr}");
    }
}

#[test]
fn help_and_version_are_output() {
    let folder = folder(&[]);
    for args in [&["--help"][..], &["run", "--help"], &["--version"], &["help"]] {
        let output = folder.command(args).output().expect("it starts");
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{args:?}");
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn skipped_waits_take_their_time_in_the_history() {
    let machine = r#"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 7200, "End": true}}}"#;
    let folder = folder(&[("w.json", machine)]);
    folder.run(&["w.json", "--skip-waits", "--history", "h.json"]).puts_out("{}");
    let history: Json = serde_json::from_str(&folder.read("h.json")).expect("JSON");
    let time = |at: usize| history["events"][at]["timestamp"].as_f64().expect("a time");
    assert!(time(2) - time(1) >= 7200.0);
}

fn events(history: &str) -> Vec<Json> {
    let history: Json = serde_json::from_str(history).expect("JSON");
    history["events"].as_array().expect("events").clone()
}

#[test]
fn the_history_goes_to_a_file_or_to_stdout() {
    let folder = folder(&[("hello.json", HELLO)]);
    let args = ["hello.json", "--input", r#"{"name":1}"#, "--history"];
    folder.run(&[&args[..], &["h.json"]].concat()).puts_out(r#"{"hello":1}"#);
    let written = events(&folder.read("h.json"));
    assert_eq!((written.len(), &written[3]["type"]), (4, &json!("ExecutionSucceeded")));
    let told = folder.run(&[&args[..], &["-"]].concat());
    assert_eq!((told.status, told.stderr.as_str(), events(&told.stdout).len()), (Some(0), "", 4));
    // A run that fails has one, too.
    let told = folder.run(&["hello.json", "--history", "-"]);
    assert_eq!((told.status, events(&told.stdout).len()), (Some(1), 3));
    folder.run(&[&args[..], &["no/such/folder/h.json"]].concat()).says(2, &["no/such/folder/h.json"]);
}

#[test]
fn the_same_seed_makes_the_same_run() {
    let machine = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters":
        {"u.$": "States.UUID()", "r.$": "States.MathRandom(0, 1000000)", "n.$": "$$.Execution.Name"}, "End": true}}}"#;
    let folder = folder(&[("a.json", machine)]);
    let run = |args: &[&str]| folder.run(&[&["a.json"], args].concat()).stdout;
    assert_eq!(run(&["--seed", "7"]), run(&["--seed", "7"]));
    assert_ne!(run(&["--seed", "7"]), run(&["--seed", "8"]));
    assert_ne!(run(&[]), run(&[]));
}

#[test]
fn the_limit_of_events() {
    let machine = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 7000, "Next": "B"}], "Default": "C"},
        "B": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "A"}, "C": {"Type": "Succeed"}}}"#;
    let folder = folder(&[("a.json", machine)]);
    let run = |args: &[&str]| folder.run(&[&["a.json", "--input", r#"{"n":0}"#], args].concat());
    run(&[]).says(1, &["FAILED States.Runtime", "maximum number of history events (25000)"]);
    run(&["--no-history-limit"]).puts_out(r#"{"n":7000}"#);
    run(&["--type", "express"]).puts_out(r#"{"n":7000}"#);
}

#[test]
fn express_executions_are_named_so() {
    let machine = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$$.Execution.Id", "End": true}}}"#;
    let folder = folder(&[("a.json", machine)]);
    let id = |kind: &str| folder.run(&["a.json", "--type", kind]).stdout;
    assert!(id("express").contains(":express:a:") && id("STANDARD").contains(":execution:a:"));
}

#[test]
fn a_machine_of_a_template_with_values_for_its_placeholders() {
    let template = include_str!("../../samples/template.yaml");
    let folder = folder(&[("template.yaml", template), ("values.json", r#"{"Greeting": "hey"}"#)]);
    let greet = ["template.yaml", "--machine", "Greet", "--input", r#"{"name": "you"}"#];
    folder.run(&greet).puts_out(r#"{"said":"hello, you"}"#);
    for set in ["Greeting=hey", "@values.json"] {
        folder.run(&[&greet[..], &["--set", set]].concat()).puts_out(r#"{"said":"hey, you"}"#);
    }
    folder.run(&["template.yaml", "--machine", "Remind", "--skip-waits"]).puts_out(r#"{"said":"hello again"}"#);
    folder.run(&["template.yaml"]).says(2, &["template.yaml: ", "--machine", "Greet, Remind"]);
    folder.run(&["template.yaml", "--machine", "Gret"]).says(2, &["no state machine `Gret`", "Greet, Remind"]);
    folder.run(&[&greet[..], &["--set", "Greeting"]].concat()).says(2, &["--set", "NAME=VALUE"]);
    let told = folder.run(&[&greet[..], &["--set", "Greting=hey"]].concat());
    assert!(told.status == Some(0) && told.stderr.contains("--set Greting"), "{}", told.stderr);
    // What fails is told with its place in the template.
    folder.run(&["template.yaml", "--machine", "Greet", "--input", "5"]).puts_out(r#"{"said":"hello, "}"#);
    let wrong = template.replace("$states.input.name", "$number($states.input.name)");
    std::fs::write(folder.path("wrong.yaml"), &wrong).expect("written");
    let line = wrong.lines().position(|line| line.contains("$number")).expect("the line") + 1;
    let args = ["wrong.yaml", "--machine", "Greet", "--input", r#"{"name": "x"}"#];
    folder.run(&args).says(1, &[&format!("wrong.yaml:{line}:"), "States.QueryEvaluationError"]);
}

#[test]
fn a_definition_beside_its_template() {
    let template = "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Type: EXPRESS\n      DefinitionUri: m.asl.json\n      DefinitionSubstitutions: {Name: you}\n";
    let machine =
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${Name}", "OutputPath": "$", "End": true}}}"#;
    let folder = folder(&[("t.yaml", template), ("m.asl.json", machine)]);
    folder.run(&["t.yaml"]).puts_out("\"you\"");
    std::fs::remove_file(folder.path("m.asl.json")).expect("removed");
    folder.run(&["t.yaml"]).says(2, &["t.yaml:6:", "m.asl.json"]);
}

/// A folder with a machine `t` of one task, and this mock file.
fn mocked(mocks: &str) -> Folder {
    folder(&[("t.asl.json", TASK), ("m.json", mocks)])
}

fn run_case(folder: &Folder, case: &[&str]) -> Told {
    folder.run(&[&["t.asl.json", "--mocks", "m.json"], case].concat())
}

#[test]
fn mocks_answer_tasks() {
    let folder = mocked(
        r#"{"StateMachines": {"t": {"TestCases": {"Good": {"T": "R"}, "Bad": {"T": "X"}, "None": {}}}},
            "MockedResponses": {"R": {"0": {"Return": {"a": 1}}}, "X": {"0": {"Throw": {"Error": "E", "Cause": "why"}}}}}"#,
    );
    run_case(&folder, &["--case", "Good"]).puts_out(r#"{"a":1}"#);
    run_case(&folder, &["--case", "Bad"]).says(1, &["FAILED E: why"]);
    run_case(&folder, &["--case", "None"]).says(1, &["Asldb.NoMock", "--mocks"]);
    run_case(&folder, &[]).says(2, &["m.json", "--case", "Good, Bad, None"]);
    run_case(&folder, &["--case", "God"]).says(2, &["m.json", "'God'", "Good, Bad, None"]);
    folder.run(&["t.asl.json"]).says(1, &["Asldb.NoMock", "'T'", "--mocks"]);
}

#[test]
fn what_need_not_be_said_need_not_be_said() {
    // The only machine of the file and its only case.
    let folder = mocked(
        r#"{"StateMachines": {"Other": {"TestCases": {"Only": {"T": "R"}}}}, "MockedResponses": {"R": {"0": {"Return": 5}}}}"#,
    );
    run_case(&folder, &[]).puts_out("5");
}

#[test]
fn what_is_odd_about_mocks_is_told() {
    let folder = mocked(
        "{\"StateMachines\": {\"t\": {\"TestCases\": {\"C\": {\n\"T\": \"R\",\n\"Typo\": \"R\"}}}},\n\"MockedResponses\": {\"R\": {\"0\": {\"Return\": 5, \"Submitted\": 1}}},\n\"Mor\": 1}",
    );
    let told = run_case(&folder, &["--case", "C"]);
    assert_eq!((told.status, told.stdout.as_str()), (Some(0), "5\n"));
    for words in ["m.json:3:1: warning", "'Typo'", "m.json:4:", "Submitted", "m.json:5:1: warning", "'Mor'"] {
        assert!(told.stderr.contains(words), "no {words:?} in:\n{}", told.stderr);
    }
}

#[test]
fn faults_of_mock_files_are_told_with_their_places() {
    let folder = mocked(
        "{\"StateMachines\": {\"t\": {\"TestCases\": {\"C\": {\n\"T\": \"None\"}}}},\n\"MockedResponses\": {\"R\": {\"1\": {\"Return\": 5}}}}",
    );
    run_case(&folder, &["--case", "C"])
        .says(2, &["m.json:2:6: error", "'None'", "m.json:3:27: error", "The mock file has errors."]);
    folder.write("m.json", b"{\"StateMachines\": ");
    run_case(&folder, &["--case", "C"]).says(2, &["m.json:1:", "The mock file has errors."]);
    folder.run(&["t.asl.json", "--mocks", "none.json"]).says(2, &["cannot read none.json"]);
}
