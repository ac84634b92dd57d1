//! `asldb FILE --command FILE --batch`: the transcript, and how it ends.

use crate::command::{Folder, HELLO, Told, folder};

const LOOP: &str = r#"{
  "StartAt": "Again",
  "States": {
    "Again": { "Type": "Pass", "Parameters": { "n.$": "States.MathAdd($.n, 1)" }, "Next": "Wait a day" },
    "Wait a day": { "Type": "Wait", "Seconds": 86400, "Next": "Enough?" },
    "Enough?": { "Type": "Choice", "Default": "Again",
      "Choices": [ { "Variable": "$.n", "NumericEquals": 3, "Next": "Ask" } ] },
    "Ask": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true }
  }
}"#;

const MOCKS: &str = r#"{"StateMachines": {"loop": {"TestCases": {"C": {"Ask": "R"}}}},
  "MockedResponses": {"R": {"0": {"Return": 7}}}}"#;

fn batch(folder: &Folder, script: &str, args: &[&str]) -> Told {
    folder.write("script", script.as_bytes());
    let all: Vec<&str> = ["loop.asl.json", "--command", "script", "--batch"].iter().chain(args).copied().collect();
    Told::of(&mut folder.command(&all))
}

#[test]
fn a_script_prints_its_transcript() {
    let folder = folder(&[("loop.asl.json", LOOP), ("loop.input.json", r#"{"n": 0}"#)]);
    let script =
        "# three days in no time\nbreak Enough? if $.n = 2\n\nc\np $.n\nassert $.n = 2\nc\nanswer {\"ok\": true}\nN\n";
    let script = script.replace("\nN\n", "\nback\n");
    let told = batch(&folder, &script, &[]);
    let expected = "\
> break Enough? if $.n = 2
Breakpoint 1: break Enough? if $.n = 2
> c
Run 1 started in the background (Standard).
[run 1 paused at Enough? (breakpoint 1), line 6, event 12 of 12]
> p $.n
$.n = 2
> assert $.n = 2
$.n = 2 holds.
> c
Ask waits for its result: a answers.
[run 1 Ask waits for its result: a answers, line 8, event 22 of 22]
> answer {\"ok\": true}
Answered.
[run 1 SUCCEEDED, event 25 of 25]
> back
[run 1 looking back at Ask (Esc: newest), line 8, event 20 of 25]
";
    assert_eq!((told.status, told.stdout.as_str(), told.stderr.as_str()), (Some(0), expected, ""));
    assert_eq!(batch(&folder, &script, &[]).stdout, expected, "each time the same");
}

#[test]
fn the_exit_status_tells_whether_all_went_well() {
    let folder = folder(&[("loop.asl.json", LOOP), ("hello.asl.json", HELLO)]);
    let told = batch(&folder, "step\nassert $.n = 7\nquit\nassert false\n", &["--input", r#"{"n": 1}"#]);
    assert_eq!(told.status, Some(1));
    assert!(told.stdout.ends_with("error: $.n = 7 does not hold: false\n> quit\n"), "{}", told.stdout);
    let told = batch(&folder, "fly\n", &[]);
    assert_eq!(
        (told.status, told.stdout.as_str()),
        (Some(1), "> fly\nerror: `fly` is no command; Ctrl-p lists them all.\n")
    );
    let missing = Told::of(&mut folder.command(&["loop.asl.json", "--command", "gone", "--batch"]));
    assert_eq!(missing.status, Some(2));
    assert!(missing.stderr.contains("gone cannot be read"), "{}", missing.stderr);
    assert_eq!(Told::of(&mut folder.command(&["loop.asl.json", "--batch"])).status, Some(2));
}

#[test]
fn a_history_is_looked_at_without_a_screen_with_its_definition_and_without() {
    let folder = folder(&[("loop.asl.json", LOOP), ("mocks.json", MOCKS)]);
    let run = ["run", "loop.asl.json", "--input", r#"{"n":0}"#, "--mocks", "mocks.json", "--skip-waits", "--history"];
    let args: Vec<&str> = run.into_iter().chain(["h.json"]).collect();
    assert_eq!(Told::of(&mut folder.command(&args)).status, Some(0));
    folder.write("script", b"back\nback\nassert $.n = 3\nlocal\n");
    let batch = ["--replay", "h.json", "--command", "script", "--batch"];
    let told = Told::of(&mut folder.command(&batch));
    let expected = "\
History of 25 events, SUCCEEDED: N goes back, C to its start; no definition is given.
[history 1 SUCCEEDED, event 25 of 25]
> back
[history 1 looking back at Ask (Esc: newest), line 1, event 20 of 25]
> back
[history 1 looking back at Enough? (Esc: newest), line 1, event 18 of 25]
> assert $.n = 3
$.n = 3 holds.
> local
error: No definition to run: asldb FILE --replay HISTORY opens a history with one.
";
    assert_eq!((told.status, told.stdout.as_str(), told.stderr.as_str()), (Some(1), expected, ""));
    let with_file: Vec<&str> = ["loop.asl.json"].into_iter().chain(batch).collect();
    let told = Told::of(&mut folder.command(&with_file));
    assert_eq!(told.status, Some(0), "{}", told.stdout);
    assert!(told.stdout.contains("[history 1 looking back at Ask (Esc: newest), line 8, event 20 of 25]"), "{told:?}");
    assert!(told.stdout.contains("> local\nRun 2 is as recorded, event by event. g r lists the runs.\n"), "{told:?}");
}

#[test]
fn commands_need_something_that_they_are_about() {
    let folder = folder(&[("script", "quit\n")]);
    Told::of(&mut folder.command(&["--command", "script", "--batch"])).says(2, &["<FILE|--replay <HISTORY>>"]);
}

#[test]
fn at_a_failure_the_run_stands_is_mended_and_goes_on() {
    let folder = folder(&[("loop.asl.json", LOOP)]);
    let script = "catch error\nc\nset {\"n\": 2}\nc\nanswer error Lost\ndo-again\nc\nanswer 7\n";
    let told = batch(&folder, script, &["--input", r#"{"n":"x"}"#]);
    let expected = "\
> catch error
Breakpoint 1: catch error
> c
Run 1 started in the background (Standard).
[run 1 Again fails: States.Runtime (breakpoint 1), line 4, event 2 of 2]
> set {\"n\": 2}
The data in Again was changed: what failed is done again with it. g u takes it back.
[run 1 paused at Again (breakpoint 1), line 4, event 2 of 2]
> c
Ask waits for its result: a answers.
[run 1 Ask waits for its result: a answers, line 8, event 10 of 10]
> answer error Lost
Answered.
[run 1 Ask fails: Lost (breakpoint 1), line 8, event 11 of 11]
> do-again
Ask is done again. g u takes it back.
[run 1 paused at Ask (breakpoint 1), line 8, event 11 of 11]
> c
Ask waits for its result: a answers.
[run 1 Ask waits for its result: a answers, line 8, event 13 of 13]
> answer 7
Answered.
[run 1 SUCCEEDED, event 16 of 16]
";
    assert_eq!((told.status, told.stdout.as_str()), (Some(0), expected));
}
