//! Runs that are changed while they are debugged: what-if, going on after a failure, with mended data or a mended
//! definition; long ways back.

use crate::home::Home;
use crate::tty::Tty;

const USUAL: (u16, u16) = (120, 40);

const GATE: &str = r#"{
  "StartAt": "Ask",
  "States": {
    "Ask": {
      "Type": "Choice",
      "Choices": [ { "Variable": "$.open", "BooleanEquals": true, "Next": "Enter" } ],
      "Default": "Turn back"
    },
    "Enter": { "Type": "Pass", "Result": "inside", "End": true },
    "Turn back": { "Type": "Fail", "Error": "Gate.Closed", "Cause": "nobody opens" }
  }
}"#;

/// Adds one up to a limit.
const STAIRS: &str = r#"{
  "StartAt": "Step",
  "States": {
    "Step": {
      "Type": "Pass",
      "Parameters": { "at.$": "States.MathAdd($.at, 1)" },
      "Next": "Up?"
    },
    "Up?": {
      "Type": "Choice",
      "Choices": [ { "Variable": "$.at", "NumericGreaterThanEquals": 600, "Next": "Top" } ],
      "Default": "Step"
    },
    "Top": { "Type": "Succeed" }
  }
}"#;

fn open(name: &str, text: &str, input: &str) -> (Home, Tty) {
    let home = Home::with(&[(&format!("{name}.asl.json"), text), (&format!("{name}.input.json"), input)]);
    let mut tty = Tty::start(&home, USUAL, &[&format!("{name}.asl.json")], &[]);
    tty.wait_header("ready");
    (home, tty)
}

fn opens_the_gate(tty: &mut Tty) {
    tty.wait_text("Data in Ask");
    tty.keys("Down End");
    for _ in "false".chars() {
        tty.keys("Backspace");
    }
    tty.send("true");
    tty.wait_text("\"open\": true");
    tty.keys("Ctrl-s");
}

#[test]
fn after_a_failure_other_data_leads_on_and_both_runs_are_compared() {
    let (_home, mut tty) = open("gate", GATE, r#"{"open": false}"#);
    tty.keys("c");
    tty.wait_header("FAILED Gate.Closed");
    // Back to the choice, which then takes another way.
    tty.keys("N N");
    tty.wait_header("looking back at Ask");
    tty.keys("E");
    opens_the_gate(&mut tty);
    tty.wait_header("run 2 of 2");
    tty.wait_footer("run 1 stays as it was");
    tty.keys("c");
    tty.wait_header("run 2 of 2 ✓ SUCCEEDED");
    tty.keys("g =");
    tty.wait_text("Run 1 and run 2");
    tty.wait_text("- Turn back");
    tty.wait_text("+ Enter");
    tty.keys("Esc");
    tty.wait_gone("Run 1 and run 2");
    tty.quit();
}

#[test]
fn a_run_that_stands_goes_on_with_edited_data() {
    let (_home, mut tty) = open("gate", GATE, r#"{"open": false}"#);
    tty.keys("n");
    tty.wait_header("paused at Ask");
    tty.keys("E");
    opens_the_gate(&mut tty);
    tty.wait_footer("The data in Ask was changed");
    tty.keys("c");
    tty.wait_header("run 1 ✓ SUCCEEDED");
    tty.quit();
}

#[test]
fn a_failed_run_goes_on_with_the_definition_as_it_was_mended() {
    let (home, mut tty) = open("gate", GATE, r#"{"open": false}"#);
    tty.keys("c");
    tty.wait_header("FAILED Gate.Closed");
    let mended = r#""Type": "Pass", "Result": "through the window", "End": true"#;
    home.replace(
        "gate.asl.json",
        &GATE.replace(r#""Type": "Fail", "Error": "Gate.Closed", "Cause": "nobody opens""#, mended),
    );
    tty.wait_footer("F goes on from the failure");
    tty.keys("F");
    tty.wait_text("~ Turn back: Type, Result, End, Error, Cause");
    tty.wait_text("it is done again from its input");
    tty.keys("Enter");
    tty.wait_header("run 2 of 2");
    tty.keys("c");
    tty.wait_header("run 2 of 2 ✓ SUCCEEDED");
    tty.wait_text("through the window");
    tty.quit();
}

#[test]
fn a_thousand_states_back_and_to_the_start() {
    let (_home, mut tty) = open("stairs", STAIRS, r#"{"at": 0}"#);
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    for _ in 0..1000 {
        tty.keys("N");
    }
    // Of 600 rounds of two states and the last one: the 202nd state is the question after the 101st step up.
    tty.wait_header("looking back at Up?  (Esc: newest)");
    tty.wait_header("event 404 of");
    tty.keys("3");
    tty.wait_text("at: 101");
    tty.keys("n");
    tty.wait_header("looking back at Step");
    tty.wait_header("event 406 of");
    tty.keys("Esc");
    tty.wait_header("SUCCEEDED");
    tty.quit();
}
