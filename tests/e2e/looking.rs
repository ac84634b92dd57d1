//! Expressions while a run is looked at: conditions, watches, the playground; child executions; layers that are resized.

use crate::definitions::{TEA, TEA_INPUT};
use crate::home::Home;
use crate::tty::{Tty, row_text};

const USUAL: (u16, u16) = (120, 40);

/// A distributed Map of two states.
const POST: &str = r#"{
  "StartAt": "Each",
  "States": {
    "Each": {
      "Type": "Map",
      "ItemProcessor": {
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
        "StartAt": "Stamp",
        "States": {
          "Stamp": { "Type": "Pass", "Next": "Mail" },
          "Mail": { "Type": "Pass", "End": true }
        }
      },
      "Next": "Home"
    },
    "Home": { "Type": "Pass", "End": true }
  }
}"#;

const TOTAL: &str = r#"{
  "StartAt": "Price",
  "States": {
    "Price": { "Type": "Pass", "Parameters": { "total": 7 }, "ResultPath": "$.price", "Next": "Ship" },
    "Ship": { "Type": "Pass", "InputPath": "$.price", "End": true }
  }
}"#;

fn open(text: &str, input: &str, size: (u16, u16)) -> (Home, Tty) {
    let home = Home::with(&[("x.asl.json", text), ("x.input.json", input)]);
    let mut tty = Tty::start(&home, size, &["x.asl.json"], &[]);
    tty.wait_header("ready");
    (home, tty)
}

fn line(tty: &mut Tty, text: &str) {
    tty.keys(":");
    tty.send(text);
    tty.keys("Enter");
}

#[test]
fn a_condition_typed_behind_the_colon_stops_where_it_holds_only() {
    let (_home, mut tty) = open(TEA, TEA_INPUT, USUAL);
    line(&mut tty, "break Steep if $.leaves = 'assam'");
    tty.wait_footer("break Steep if $.leaves = 'assam'");
    line(&mut tty, "break Serve if $.spoons = 2");
    tty.keys("c");
    tty.wait_header("paused at Serve (breakpoint 2)");
    // One that is wrong is told while the line stands.
    line(&mut tty, "break Steep if $.leaves =");
    tty.wait_text(":break Steep if $.leaves =");
    tty.keys("Esc");
    tty.wait_footer("next");
    tty.quit();
}

#[test]
fn a_watched_expression_is_shown_with_each_step() {
    let (_home, mut tty) = open(TEA, TEA_INPUT, USUAL);
    line(&mut tty, "watch $.spoons");
    tty.wait_footer("Watching $.spoons");
    tty.keys("n");
    tty.wait_header("paused at Boil");
    line(&mut tty, "until Serve");
    tty.wait_header("paused at Serve");
    tty.keys("5 z");
    tty.wait("the watched value", |screen| {
        screen.contents().lines().any(|line| line.contains("$.spoons") && line.contains('2'))
    });
    tty.keys("N N");
    tty.wait_header("looking back at Sweet?");
    tty.wait("no value yet", |screen| {
        screen.contents().lines().any(|line| line.contains("$.spoons") && !line.contains('2'))
    });
    tty.quit();
}

#[test]
fn a_child_execution_is_stepped_into_looked_at_and_left() {
    let (_home, mut tty) = open(POST, "[5, 6]", USUAL);
    tty.keys("n");
    tty.wait_header("paused at Each");
    tty.keys("s s");
    tty.wait_header("child [0] ‖ paused at Stamp");
    tty.keys("n");
    tty.wait_header("child [0] ‖ paused at Mail");
    tty.keys("N");
    tty.wait_header("child [0] ◂ looking back at Stamp");
    tty.keys("Esc");
    tty.wait_header("child [0] ‖ paused at Mail");
    tty.keys("u");
    tty.wait_header("run 1 ‖ paused at Each");
    tty.keys("d f");
    tty.wait_header("paused at Home");
    tty.keys("c");
    tty.wait_header("✓ SUCCEEDED");
    tty.quit();
}

#[test]
fn the_playground_writes_an_expression_back_into_the_file() {
    let (home, mut tty) = open(TOTAL, "{}", USUAL);
    tty.keys("n n");
    tty.wait_header("paused at Ship");
    tty.keys("1 g g /");
    tty.send("InputPath");
    tty.keys("Enter T");
    tty.wait_text("Try: InputPath of Ship");
    tty.send(".t");
    tty.keys("Tab");
    tty.wait_text("$.price.total");
    tty.keys("Ctrl-s");
    let written = TOTAL.replace(r#""InputPath": "$.price""#, r#""InputPath": "$.price.total""#);
    tty.wait("the file", |_| home.read("x.asl.json").as_deref() == Some(&written));
    tty.wait_header("definition changed");
    tty.wait_gone("Try: InputPath of Ship");
    tty.keys("r");
    tty.wait_header("run 2 of 2 ‖ paused at Price");
    tty.keys("c");
    tty.wait_header("run 2 of 2 ✓ SUCCEEDED");
    tty.quit();
}

#[test]
fn layers_are_drawn_anew_when_the_terminal_is_resized() {
    let (_home, mut tty) = open(TEA, TEA_INPUT, (80, 24));
    tty.keys("n");
    tty.wait_header("paused at Boil");
    let layers = [
        ("E", "Data in Boil"),
        ("?", "Help"),
        ("I", "Input of the next run"),
        ("@", "Enter goes to the state"),
        ("g l", "Timeline"),
        ("T", "Try: "),
    ];
    for (keys, shows) in layers {
        tty.keys(keys);
        tty.wait_text(shows);
        for (columns, rows) in [(40, 10), (200, 60), (80, 24)] {
            tty.resize(columns, rows);
            tty.wait(&format!("{shows} at {columns}x{rows}"), |screen| {
                let edge = screen.contents().lines().all(|line| line.chars().count() <= usize::from(columns));
                let last = row_text(screen, rows - 1);
                edge && screen.contents().contains(shows) && !last.trim().is_empty()
            });
        }
        tty.keys("Esc");
        // The next key must not come with this one: together they would be another key.
        tty.wait(&format!("{shows} to be closed"), |screen| {
            let last = row_text(screen, 23);
            !screen.contents().contains(shows) && last.contains("next") && !last.contains("Esc")
        });
    }
    tty.keys("n");
    tty.wait_header("paused at Steep");
    tty.quit();
}
