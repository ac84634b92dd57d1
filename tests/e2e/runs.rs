//! Runs: stepping, breakpoints, looking back, several at once.

use crate::definitions::{ALARM, BILL, DOUGH, KITCHEN, LETTER, TEA, TEA_INPUT, TREADMILL};
use crate::home::Home;
use crate::tty::Tty;

const USUAL: (u16, u16) = (120, 40);

/// The debugger on `text`, ready to run.
fn open(text: &str) -> (Home, Tty) {
    let home = Home::with(&[("x.asl.json", text), ("x.input.json", TEA_INPUT)]);
    let tty = reopen(&home);
    (home, tty)
}

fn reopen(home: &Home) -> Tty {
    let mut tty = Tty::start(home, USUAL, &["x.asl.json"], &[]);
    tty.wait_header("ready");
    tty
}

/// Puts the cursor of the source on a state.
fn go_to(tty: &mut Tty, state: &str) {
    tty.keys("@");
    tty.wait_text("Enter goes to the state");
    tty.send(state);
    tty.keys("Enter");
    tty.wait_gone("Enter goes to the state");
}

#[test]
fn next_goes_from_state_to_state_and_continue_to_the_end() {
    let (_home, mut tty) = open(TEA);
    for state in ["Boil", "Steep", "Sweet?", "Stir in honey"] {
        tty.keys("n");
        tty.wait_header(&format!("paused at {state} "));
    }
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    tty.keys("n");
    tty.wait_footer("The run has ended");
    tty.quit();
}

#[test]
fn step_goes_through_the_stages_of_a_state_and_shows_their_data() {
    let (_home, mut tty) = open(TEA);
    for row in ["▸ 1 State input", "▸ 4 Result ", "▸ 5 ResultPath", "▸ 8 State output"] {
        tty.keys("s");
        tty.wait_text(row);
        tty.wait_header("paused at Boil");
    }
    tty.wait_text("water: ");
    tty.keys("3 k k k =");
    tty.wait_text("+ $.water: {\"celsius\":96}");
    tty.keys("s");
    tty.wait_header("paused at Steep");
    tty.quit();
}

#[test]
fn finish_leaves_the_branch_that_step_went_into() {
    let (_home, mut tty) = open(KITCHEN);
    tty.keys("n");
    tty.wait_header("paused at Cook");
    tty.keys("s");
    tty.keys("s");
    tty.keys("s");
    tty.wait_header("paused at Peel");
    tty.keys("f");
    tty.wait_header("paused at Eat");
    tty.keys("f");
    tty.wait_header("SUCCEEDED");
    tty.quit();
}

#[test]
fn a_run_at_full_speed_is_paused_and_stopped() {
    let (_home, mut tty) = open(TREADMILL);
    tty.keys("g s");
    tty.wait_header("running");
    tty.keys("Space");
    tty.wait_header("(on request)");
    tty.keys("n");
    tty.wait_header("paused at");
    tty.keys("g s");
    tty.wait_header("running");
    tty.keys("X");
    tty.wait_header("ABORTED");
    tty.quit();
}

#[test]
fn run_to_cursor_stops_at_the_state_under_the_cursor() {
    let (_home, mut tty) = open(TEA);
    go_to(&mut tty, "honey");
    tty.keys("t");
    tty.wait_header("paused at Stir in honey");
    tty.quit();
}

#[test]
fn a_breakpoint_set_in_the_source_stops_this_run_and_those_of_the_next_time() {
    let (home, mut tty) = open(TEA);
    go_to(&mut tty, "Steep");
    tty.keys("b");
    tty.wait_footer("Breakpoint on Steep set");
    tty.keys("c");
    tty.wait_header("paused at Steep (breakpoint 1)");
    tty.quit();

    let mut tty = reopen(&home);
    tty.keys("c");
    tty.wait_header("paused at Steep (breakpoint 1)");
    go_to(&mut tty, "Steep");
    tty.keys("b");
    tty.wait_footer("Breakpoint on Steep cleared");
    tty.keys("r");
    tty.wait_header("run 2 of 2 ‖ paused at Boil");
    tty.keys("c");
    tty.wait_header("run 2 of 2 ✓ SUCCEEDED");
    tty.quit();
}

#[test]
fn a_breakpoint_set_among_the_states_is_hit() {
    let (_home, mut tty) = open(TEA);
    tty.keys("2 j b");
    tty.wait_footer("Breakpoint on Steep set");
    tty.wait("its mark in both panes", |screen| screen.contents().matches('●').count() == 2);
    tty.keys("c");
    tty.wait_header("paused at Steep (breakpoint 1)");
    tty.quit();
}

#[test]
fn breakpoints_are_listed_and_gone_to() {
    let (_home, mut tty) = open(TEA);
    tty.keys("g b");
    tty.wait_footer("No breakpoints");
    go_to(&mut tty, "Serve");
    tty.keys("b");
    tty.wait_footer("Breakpoint on Serve set");
    tty.keys("g b");
    tty.wait_text("Breakpoints");
    tty.keys("Enter");
    tty.wait_gone("takes the breakpoint away");
    tty.keys("t");
    tty.wait_header("paused at Serve");
    tty.quit();
}

#[test]
fn what_was_run_is_looked_back_at_and_stepped_through_again() {
    let (_home, mut tty) = open(TEA);
    for state in ["Boil", "Steep", "Sweet?"] {
        tty.keys("n");
        tty.wait_header(&format!("paused at {state} "));
    }
    tty.keys("N");
    tty.wait_header("looking back at Steep");
    tty.keys("N");
    tty.wait_header("looking back at Boil");
    tty.keys("n");
    tty.wait_header("looking back at Steep");
    tty.keys("S");
    tty.wait_header("looking back at Boil");
    tty.keys("Esc");
    tty.wait_header("paused at Sweet?");
    tty.keys("C");
    tty.wait_header("looking back");
    tty.keys("c");
    tty.wait_header("paused at Sweet?");
    tty.quit();
}

#[test]
fn moving_in_the_history_is_moving_in_time() {
    let (_home, mut tty) = open(TEA);
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    tty.keys("4");
    tty.keys("g g");
    tty.wait_header("looking back");
    tty.wait_header("event 1 of");
    tty.keys("j j");
    tty.wait_header("event 3 of");
    tty.keys("G");
    tty.wait_header("SUCCEEDED");
    tty.quit();
}

#[test]
fn a_wait_is_skipped() {
    let (_home, mut tty) = open(DOUGH);
    tty.keys("W");
    tty.keys("c");
    tty.wait_header("Rise (W skips) waits until");
    tty.keys("W");
    tty.wait_header("SUCCEEDED");
    tty.wait_header("clock 04:00");
    tty.quit();
}

#[test]
fn several_runs_go_at_once_and_each_can_be_looked_at_and_stopped() {
    let (_home, mut tty) = open(DOUGH);
    for number in 1..=3 {
        tty.keys("g a");
        tty.wait_footer(&format!("Run {number} started in the background"));
        tty.wait_header("Rise (W skips) waits until");
    }
    tty.keys("g r");
    tty.wait("three runs that wait", |screen| screen.contents().matches("WAITING").count() == 3);
    tty.keys("k k Enter");
    tty.wait_header("run 1 of 3");
    tty.keys("X");
    tty.wait_header("ABORTED");
    tty.keys("g r");
    tty.wait("one stopped and two that wait", |screen| {
        let text = screen.contents();
        text.matches("WAITING").count() == 2 && text.contains("ABORTED ") && text.contains("async")
    });
    tty.keys("j Enter");
    tty.wait_header("run 2 of 3");
    tty.wait_header("Rise (W skips) waits until");
    tty.keys("W");
    tty.wait_header("SUCCEEDED");
    tty.quit();
}

#[test]
fn a_failure_shows_error_and_cause() {
    let (_home, mut tty) = open(ALARM);
    tty.keys("c");
    tty.wait_header("FAILED Smoke.Detected");
    tty.wait_text("▸ 3 Error");
    // The cause is a JSON text and shown as what it says.
    tty.wait_text("room: \"attic\"");
    tty.keys("4 x");
    tty.wait_footer("before");
    tty.quit();
}

#[test]
fn a_failure_shows_the_expression_that_failed_and_why() {
    let (_home, mut tty) = open(LETTER);
    tty.keys("c");
    tty.wait_header("FAILED States.Runtime");
    tty.wait_text("▸ 3 Parameters");
    tty.wait_text("= nothing");
    tty.keys("3 z");
    tty.wait_text("$.person.address.street");
    tty.wait_text("`$` has no key `person`");
    tty.quit();
}

#[test]
fn a_sample_in_yaml_is_run_with_the_mocks_beside_it_and_its_waits_skipped() {
    let home = Home::with_sample("wait");
    let mut tty = Tty::start(&home, USUAL, &["wait.asl.yaml"], &[]);
    tty.wait_text("Grace period:");
    tty.keys("g m");
    tty.wait_text("HappyPath");
    tty.send("Remind");
    tty.keys("Enter");
    tty.wait_footer("Test case Reminded answers");
    tty.keys("c");
    for place in ["Grace period", "Until the due date", "A week more"] {
        tty.wait("a wait", |screen| {
            let header = crate::tty::row_text(screen, 0);
            header.contains(place) && header.contains("W skips")
        });
        tty.keys("W");
    }
    tty.wait_header("SUCCEEDED");
    tty.quit();
}

#[test]
fn jsonata_states_show_their_stages_values_and_failures() {
    let home = Home::with(&[("x.asl.json", BILL), ("x.input.json", r#"{ "prices": [12.5, 40] }"#)]);
    let mut tty = reopen(&home);
    tty.keys("n");
    tty.wait_header("paused at Add up");
    tty.wait_text("= 52.5");
    tty.keys("s");
    tty.wait_text("▸ 2 Output");
    tty.wait_text("sum: 52.5");
    tty.keys("s");
    tty.wait_text("1 variable");
    tty.keys("n");
    tty.wait_header("paused at Expensive?");
    tty.wait_text("guests: 2");
    tty.wait_text("← true");
    tty.keys("c");
    tty.wait_header("FAILED States.QueryEvaluationError");
    tty.wait_text("Assign/mood: $states.input.total");
    tty.wait_text("has no key `total`; keys there: sum");
    tty.quit();
}
