//! The input, its editor, and the answers to tasks.

use crate::definitions::{ERRAND, TEA, TEA_INPUT};
use crate::home::Home;
use crate::tty::Tty;

const USUAL: (u16, u16) = (120, 40);

fn open(home: &Home, name: &str) -> Tty {
    let mut tty = Tty::start(home, USUAL, &[name], &[]);
    tty.wait_header("ready");
    tty
}

#[test]
fn the_input_is_checked_while_it_is_typed_and_run_from_the_editor() {
    let home = Home::with(&[("tea.asl.json", TEA)]);
    let mut tty = open(&home, "tea.asl.json");
    tty.keys("I");
    tty.wait_text("Input of the next run");
    tty.wait_text("JSON, 2 bytes");
    tty.keys("Right");
    tty.send("\"leaves\": ");
    tty.wait_text("1:12: ");
    tty.send("\"oolong\", \"sweet\": false");
    tty.wait_text("JSON, 36 bytes");
    tty.keys("F5");
    tty.wait_header("SUCCEEDED");
    tty.wait_header("billed 100 ms");
    tty.wait_gone("Input of the next run");
    tty.keys("I");
    tty.wait_text("Input of the next run");
    tty.wait_text("JSON, 36 bytes");
    tty.keys("Esc");
    tty.wait_gone("Input of the next run");
    tty.quit();
}

#[test]
fn an_input_that_is_no_json_is_not_run() {
    let home = Home::with(&[("tea.asl.json", TEA)]);
    let mut tty = open(&home, "tea.asl.json");
    tty.keys("I");
    tty.wait_text("Input of the next run");
    tty.send("]");
    tty.wait_text("1:1: expected a value");
    tty.keys("Ctrl-s Ctrl-u");
    tty.wait_text("JSON, 2 bytes");
    tty.keys("Esc");
    tty.wait_gone("Input of the next run");
    tty.wait_header("ready");
    tty.quit();
}

#[test]
fn the_input_comes_from_the_command_line_the_file_beside_or_the_last_time() {
    let home = Home::with(&[("tea.asl.json", TEA), ("tea.input.json", TEA_INPUT)]);
    let shows = |arguments: &[&str], text: &str| {
        let mut tty = Tty::start(&home, USUAL, arguments, &[]);
        tty.wait_header("ready");
        tty.keys("I");
        tty.wait_text(text);
        tty
    };
    let mut tty = shows(&["tea.asl.json"], "sencha");
    tty.keys("End");
    tty.send(" ");
    tty.keys("F5");
    tty.wait_header("SUCCEEDED");
    tty.quit();
    home.write("tea.input.json", "{}");
    drop(shows(&["tea.asl.json"], "sencha"));
    drop(shows(&["tea.asl.json", "--input", "{\"leaves\":\"gunpowder\"}"], "gunpowder"));
}

#[test]
fn pasted_json_becomes_the_input_and_is_never_taken_for_keys() {
    let home = Home::with(&[("tea.asl.json", TEA)]);
    let mut tty = open(&home, "tea.asl.json");
    tty.paste("qqq");
    tty.wait_footer("no JSON");
    tty.paste("{\n  \"leaves\": \"assam\",\n  \"sweet\": true\n}");
    tty.wait_text("Input of the next run");
    tty.wait_text("assam");
    tty.keys("F5");
    tty.wait_header("SUCCEEDED");
    tty.quit();
}

#[test]
fn a_task_is_answered_with_a_result_that_is_kept_as_a_mock() {
    let home = Home::with(&[("errand.asl.json", ERRAND)]);
    let mut tty = open(&home, "errand.asl.json");
    tty.keys("c");
    tty.wait_header("waits for its result");
    tty.keys("a");
    tty.wait_text("Answer for Fetch parcel");
    tty.keys("Right");
    tty.send("\"kilos\": 3");
    tty.keys("Ctrl-k");
    tty.wait_text("[x] keep as mock");
    tty.keys("F5");
    tty.wait_header("SUCCEEDED");
    tty.wait("the mock file", |_| home.read("errand.mock.json").is_some());
    let mocks = home.read("errand.mock.json").unwrap_or_default();
    assert!(mocks.contains("Fetch parcel") && mocks.contains("\"kilos\": 3"), "{mocks}");
    tty.keys("r");
    tty.wait_header("run 2 of 2 ✓ SUCCEEDED");
    tty.quit();
}

#[test]
fn a_task_is_answered_with_an_error_that_a_catch_takes() {
    let home = Home::with(&[("errand.asl.json", ERRAND)]);
    let mut tty = open(&home, "errand.asl.json");
    tty.keys("n");
    tty.wait_header("paused at Fetch parcel");
    tty.keys("n");
    tty.wait_header("waits for its result");
    tty.keys("a");
    tty.wait_text("(*) result");
    tty.keys("Tab");
    tty.wait_text("(*) error and cause");
    tty.keys("Ctrl-w");
    tty.send("Parcel.Lost");
    tty.keys("Tab");
    tty.send("It fell off the bicycle.");
    tty.wait_text("It fell off the bicycle.");
    tty.keys("F5");
    tty.wait_header("paused at Complain");
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    tty.quit();
}

#[test]
fn the_pause_before_a_retry_is_skipped() {
    let home = Home::with(&[("errand.asl.json", ERRAND)]);
    let mut tty = open(&home, "errand.asl.json");
    tty.keys("c");
    tty.wait_header("waits for its result");
    tty.keys("a Tab Ctrl-w");
    tty.send("Shop.Closed");
    tty.keys("F5");
    tty.wait_header("Fetch parcel (W skips) retries at");
    tty.keys("W");
    tty.wait_header("waits for its result");
    tty.wait_header("clock 03:2");
    tty.keys("a");
    tty.wait_text("attempt 2");
    tty.keys("F5");
    tty.wait_header("SUCCEEDED");
    tty.quit();
}
