//! The course as a learner takes it.

use crate::home::Home;
use crate::tty::Tty;

const SMALL: (u16, u16) = (80, 24);

fn learn(home: &Home, arguments: &[&str]) -> Tty {
    let arguments: Vec<&str> = ["learn"].iter().chain(arguments).copied().collect();
    Tty::start(home, SMALL, &arguments, &[])
}

#[test]
fn lessons_are_taken_with_a_wrong_attempt_and_the_progress_is_kept() {
    let home = Home::new();
    let mut tty = learn(&home, &[]);
    tty.wait_text("Lesson 1 of 15");
    tty.wait_text("0 of");
    tty.keys("Enter");
    tty.wait_text("Task 1: Start a run");
    tty.keys("n");
    tty.wait_text("Task 2: Go on to the state Ask.");
    // To the end instead of the next state: the task is not done, and a new run makes it good.
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    tty.wait_text("Task 2: Go on to the state Ask.");
    tty.keys("g H");
    tty.wait_text("Press n once more.");
    tty.keys("r");
    tty.wait_header("paused at Greet");
    tty.keys("n");
    tty.wait_text("Task 3: Let the run go to its end.");
    tty.keys("c");
    tty.wait_text("Tasks done: 3 of 3.");
    tty.keys("] l");
    tty.wait_text("Lesson 2 of 15");
    tty.keys("Enter");
    tty.wait_text("Task 1: Stop in Validate");
    tty.keys("n s");
    tty.wait_text("Tasks done: 0 of 3.");
    tty.quit();

    // The lesson that was done stays done; the one that was left begins anew.
    let mut tty = learn(&home, &[]);
    tty.wait_text("Lesson 2 of 15");
    tty.wait_text("1 of");
    tty.keys("Enter n s s");
    tty.wait_text("Task 2: Step on until ResultPath");
    tty.keys("s s s");
    tty.wait_text("Task 3: Show what the stage changed.");
    tty.keys("3 =");
    tty.wait_text("Tasks done: 3 of 3.");
    tty.quit();
}

#[test]
fn a_lesson_that_is_named_is_solved_by_editing_the_input() {
    let home = Home::new();
    let mut tty = learn(&home, &["choice"]);
    tty.wait_text("Lesson 3 of 15: Choice and why");
    tty.keys("Enter n n");
    tty.wait_header("paused at Big order");
    tty.wait_text("Task 2: Make a run go through Small order");
    tty.keys("I");
    tty.wait_text("Input of the next run");
    // Too much is not small: the task stays.
    tty.keys("End Left Left Backspace Backspace Backspace");
    tty.send("500");
    tty.wait_text("\"total\": 500");
    tty.keys("F5");
    tty.wait_header("SUCCEEDED");
    tty.wait_text("Tasks done: 1 of 2.");
    tty.keys("I");
    tty.wait_text("\"total\": 500");
    tty.keys("End Left Left Backspace");
    tty.wait_text("\"total\": 50 ");
    tty.keys("F5");
    tty.wait_text("Tasks done: 2 of 2.");
    tty.quit();
    let mut tty = learn(&home, &["--list"]);
    tty.wait_text("choice           done");
    tty.wait_text("first-steps           ");
    assert_eq!(tty.exit(), 0);
}
