//! The definition changes on disk while it is debugged.

use crate::definitions::{ERRAND, TEA, TEA_INPUT};
use crate::home::Home;
use crate::tty::{Tty, place_of};

const USUAL: (u16, u16) = (120, 40);

fn open() -> (Home, Tty) {
    let home = Home::with(&[("tea.asl.json", TEA), ("tea.input.json", TEA_INPUT)]);
    let mut tty = Tty::start(&home, USUAL, &["tea.asl.json"], &[]);
    tty.wait_header("ready");
    (home, tty)
}

fn cocoa() -> String {
    TEA.replace("a cup of tea", "a mug of cocoa")
}

/// The definition with lines before the first state, so that everything is further down.
fn longer() -> String {
    let state = "    \"Whistle\": {\n      \"Type\": \"Pass\",\n      \"Next\": \"Boil\"\n    },\n";
    let text = TEA.replace("\"StartAt\": \"Boil\"", "\"StartAt\": \"Whistle\"");
    text.replacen("    \"Boil\": {", &format!("{state}    \"Boil\": {{"), 1)
}

#[test]
fn a_save_is_on_the_screen_soon() {
    let (home, mut tty) = open();
    let mut times = Vec::new();
    for round in 1..=3 {
        home.replace("tea.asl.json", &TEA.replace("a cup of tea", &format!("{round} cups of tea")));
        times.push(tty.wait("the new text", |screen| screen.contents().contains(&format!("{round} cups of tea"))));
        tty.wait_header(&format!("reloaded {round}x"));
    }
    println!("from the rename to the screen: {times:?}");
    std::fs::write(home.path("tea.asl.json"), cocoa()).expect("written");
    tty.wait_text("a mug of cocoa");
    tty.quit();
}

#[test]
fn a_save_that_is_no_definition_shows_its_error_and_the_last_good_one_still_runs() {
    let (home, mut tty) = open();
    home.replace("tea.asl.json", &TEA.replace("\"ResultPath\": \"$.water\",", "\"ResultPath\": \"$.water\""));
    tty.wait_footer("Error at 9:7");
    tty.wait_footer("the last good version stays in use");
    tty.wait_header("1 error");
    tty.keys("n");
    tty.wait_header("paused at Boil");
    home.replace("tea.asl.json", &cocoa());
    tty.wait_header("definition changed");
    tty.wait("no error any more", |screen| !crate::tty::row_text(screen, 0).contains("1 error"));
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    tty.quit();
}

#[test]
fn a_run_that_stands_keeps_its_version_until_it_is_started_again() {
    let (home, mut tty) = open();
    tty.keys("n");
    tty.wait_header("paused at Boil");
    home.replace("tea.asl.json", &longer());
    tty.wait_header("definition changed: r restarts");
    tty.wait_footer("this run keeps its own");
    assert!(tty.text().contains("\"StartAt\": \"Boil\""), "{}", tty.text());
    tty.keys("n");
    tty.wait_header("paused at Steep");
    tty.keys("r");
    tty.wait_header("run 2 of 2 ‖ paused at Whistle");
    tty.wait_text("\"StartAt\": \"Whistle\"");
    tty.quit();
}

#[test]
fn a_file_that_is_read_again_without_a_change_changes_nothing() {
    let (_home, mut tty) = open();
    tty.keys("n");
    tty.wait_header("paused at Boil");
    tty.keys("Ctrl-r");
    tty.wait_footer("has not changed");
    tty.keys("n");
    tty.wait_header("paused at Steep");
    assert!(!tty.text().contains("definition changed"), "{}", tty.text());
    tty.quit();
}

#[test]
fn breakpoints_follow_the_names_of_their_states() {
    let (home, mut tty) = open();
    let (row, _) = tty.screen(|screen| place_of(screen, "\"Steep\": {")).expect("the state is shown");
    tty.click(0, row);
    tty.wait_footer("Breakpoint on Steep set");
    home.replace("tea.asl.json", &longer());
    tty.wait_text("Whistle");
    let marked = |screen: &vt100::Screen| {
        let row = place_of(screen, "\"Steep\": {").map(|(row, _)| row);
        row.is_some_and(|row| crate::tty::row_text(screen, row).starts_with("●15"))
    };
    tty.wait("the breakpoint on line 15", marked);
    tty.keys("c");
    tty.wait_header("paused at Steep (breakpoint 1)");
    tty.quit();
}

#[test]
fn a_file_that_goes_away_and_comes_back_is_taken_up_again() {
    let (home, mut tty) = open();
    std::fs::remove_file(home.path("tea.asl.json")).expect("removed");
    tty.wait_footer("The file is gone");
    tty.keys("n");
    tty.wait_header("paused at Boil");
    tty.keys("X");
    tty.wait_header("ABORTED");
    home.write("tea.asl.json", cocoa());
    tty.wait_text("a mug of cocoa");
    tty.quit();
}

#[test]
fn a_changed_mock_file_answers_the_run_that_is_under_way() {
    let mocks = |kilos: u32| {
        format!(
            r#"{{
  "StateMachines": {{ "errand": {{ "TestCases": {{ "Any": {{ "Fetch parcel": "Parcel" }} }} }} }},
  "MockedResponses": {{ "Parcel": {{ "0": {{ "Return": {{ "kilos": {kilos} }} }} }} }}
}}"#
        )
    };
    let home = Home::with(&[("errand.asl.json", ERRAND), ("errand.mock.json", &mocks(3))]);
    let mut tty = Tty::start(&home, USUAL, &["errand.asl.json"], &[]);
    tty.wait_header("ready");
    tty.keys("n");
    tty.wait_header("paused at Fetch parcel");
    home.replace("errand.mock.json", "{ \"StateMachines\": ");
    tty.wait_text("The mock file has errors, the old answers stay");
    home.replace("errand.mock.json", &mocks(47));
    tty.wait_footer("The mock file was read again");
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    tty.keys("4 z");
    tty.wait_text("\"kilos\":47");
    tty.quit();
}
