//! What is written, in each format.

use serde_json::Value;

use super::command::{BAD, DOUBTFUL, GOOD, folder};

#[test]
fn text_has_excerpts_and_a_summary() {
    let folder = folder(&[("a.asl.json", BAD), ("b.asl.json", GOOD)]);
    let told = folder.check(&["a.asl.json", "b.asl.json"]);
    let expected = "\
a.asl.json:3:19: error MISSING_TRANSITION_TARGET: Missing 'Next' target: 東B
  3 |        \"Default\": \"東B\"},
    |                   ^^^^^
    = at /States/A/Default
";
    assert!(told.stdout.starts_with(expected), "{}", told.stdout);
    assert!(told.stdout.ends_with("\n\n2 definitions: 1 error\n"), "{}", told.stdout);
    assert_eq!((told.status, told.stderr.as_str()), (Some(1), ""));
    assert!(!told.stdout.contains('\u{1b}'), "no colours where there is no terminal");
    let good = folder.check(&["b.asl.json"]);
    assert_eq!((good.status, good.stdout.as_str()), (Some(0), "1 definition: no problems\n"));
}

#[test]
fn warnings_are_shown_hidden_or_errors() {
    let folder = folder(&[("a.asl.json", DOUBTFUL)]);
    let shown = folder.check(&["a.asl.json"]);
    assert!(shown.stdout.contains("warning DUPLICATE_KEY: "), "{}", shown.stdout);
    assert!(shown.stdout.ends_with("1 definition: 1 warning\n") && shown.status == Some(0));
    let hidden = folder.check(&["a.asl.json", "--warnings", "hide"]);
    assert_eq!((hidden.status, hidden.stdout.as_str()), (Some(0), "1 definition: no problems\n"));
    let errors = folder.check(&["a.asl.json", "--warnings", "error", "--format", "json"]);
    let answer: Value = serde_json::from_str(&errors.stdout).expect("JSON");
    assert_eq!((&answer[0]["result"], &answer[0]["diagnostics"][0]["severity"]), (&"FAIL".into(), &"ERROR".into()));
    assert_eq!(errors.status, Some(1));
}

#[test]
fn json_is_an_array_and_the_summary_stands_beside_it() {
    let folder = folder(&[("a.asl.json", BAD), ("b.asl.yaml", "StartAt: [")]);
    let told = folder.check(&["--format", "json", "a.asl.json", "b.asl.yaml", "none.json"]);
    let answer: Value = serde_json::from_str(&told.stdout).expect("JSON");
    let files: Vec<_> = answer.as_array().expect("an array").iter().map(|one| one["file"].clone()).collect();
    assert_eq!(files, ["a.asl.json", "b.asl.yaml", "none.json"]);
    let first = &answer[0]["diagnostics"][0];
    assert_eq!(first["location"], "/States/A/Default");
    assert_eq!(
        (&first["start"]["line"], &first["start"]["column"], &first["end"]["column"]),
        (&3.into(), &19.into(), &23.into())
    );
    assert!(answer.as_array().expect("an array").iter().all(|one| one["result"] == "FAIL"));
    assert_eq!(told.status, Some(2));
    let lines: Vec<_> = told.stderr.lines().collect();
    assert!(lines[0].starts_with("asldb: cannot read none.json: "), "{lines:?}");
    assert_eq!(lines[1], "2 definitions: 2 errors; 1 file or folder cannot be used");
}

#[test]
fn annotations_are_escaped() {
    let folder = folder(&[("50%, a:b.asl.json", BAD)]);
    let told = folder.check(&["--format", "github", "50%, a:b.asl.json", "none.json"]);
    let lines: Vec<_> = told.stdout.lines().collect();
    let expected = "::error file=50%25%2C a%3Ab.asl.json,line=3,endLine=3,col=19,endColumn=23,title=MISSING_TRANSITION_TARGET\
                    ::Missing 'Next' target: 東B%0Aat /States/A/Default";
    assert!(lines[0].starts_with(expected), "{lines:?}");
    assert!(lines[1].starts_with("::error file=none.json,title=UNREADABLE_FILE::cannot read none.json: "), "{lines:?}");
    assert!(told.stderr.ends_with("1 definition: 1 error; 1 file or folder cannot be used\n"), "{}", told.stderr);
}

#[test]
fn standard_input_is_json_or_yaml() {
    let folder = folder(&[]);
    for (text, status) in [(GOOD, 0), ("StartAt: A\nStates:\n  A: {Type: Succeed}\n", 0), (BAD, 1), ("", 1), ("{", 1)] {
        let told = folder.check_stdin(&["-"], text);
        assert_eq!(told.status, Some(status), "{text}: {}", told.stdout);
    }
    let told = folder.check_stdin(&["-", "--format", "json"], BAD);
    assert!(told.stdout.contains("\"file\": \"<stdin>\""), "{}", told.stdout);
}

#[test]
fn the_type_decides_what_is_allowed() {
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody": {"t.$": "$$.Task.Token"}}}}}"#;
    let folder = folder(&[("a.asl.json", text)]);
    assert_eq!(folder.check(&["a.asl.json"]).status, Some(0));
    assert_eq!(folder.check(&["a.asl.json", "--type", "STANDARD"]).status, Some(0));
    let told = folder.check(&["a.asl.json", "--type", "EXPRESS"]);
    assert!(
        told.status == Some(1) && told.stdout.contains("Express state machine does not support"),
        "{}",
        told.stdout
    );
}

#[test]
fn bad_use_is_told() {
    let folder = folder(&[]);
    assert_eq!(folder.check(&[]).status, Some(2));
    let told = folder.check(&["-", "--watch"]);
    assert_eq!((told.status, told.stdout.as_str()), (Some(2), ""));
    assert!(told.stderr.contains("cannot be watched"), "{}", told.stderr);
}
