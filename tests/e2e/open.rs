//! Opening: sizes, samples, and files that cannot be used.

use std::process::{Command, Stdio};

use crate::definitions::TEA;
use crate::home::Home;
use crate::tty::Tty;

const USUAL: (u16, u16) = (120, 40);

#[test]
fn the_first_frame_shows_the_definition_at_every_usual_size() {
    let home = Home::with(&[("tea.asl.json", TEA)]);
    for size in [(80, 24), (120, 40), (200, 60)] {
        let mut tty = Tty::start(&home, size, &["tea.asl.json"], &[]);
        tty.wait_header("tea.asl.json");
        tty.wait_text("1 Source");
        tty.wait_text("\"StartAt\": \"Boil\"");
        tty.wait_header("ready");
        tty.wait_footer("? help");
        assert!(tty.screen(vt100::Screen::alternate_screen));
        tty.quit();
    }
}

#[test]
fn a_terminal_that_is_too_small_says_so_and_works_when_it_grows() {
    let home = Home::with(&[("tea.asl.json", TEA)]);
    for size in [(30, 8), (20, 5)] {
        let mut tty = Tty::start(&home, size, &["tea.asl.json"], &[]);
        tty.wait_header("tea.asl.json");
        tty.wait_text("asldb needs at least");
        tty.wait_text("columns");
        tty.resize(80, 24);
        tty.wait_text("1 Source");
        tty.quit();
    }
    let mut tty = Tty::start(&home, (1, 1), &["tea.asl.json"], &[]);
    tty.wait("the alternate screen", vt100::Screen::alternate_screen);
    tty.quit();
}

#[test]
fn without_a_file_it_offers_samples_and_what_was_opened_lately() {
    let home = Home::with(&[("tea.asl.json", TEA)]);
    let mut tty = Tty::start(&home, USUAL, &[], &[]);
    tty.wait_text("samples and recent files");
    tty.wait_text("sample hello");
    tty.send("hello");
    tty.wait_text("> hello");
    tty.keys("Enter");
    tty.wait_header("hello.asl.json");
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    tty.quit();

    Tty::start(&home, USUAL, &["tea.asl.json"], &[]).quit();
    let mut tty = Tty::start(&home, USUAL, &[], &[]);
    tty.wait_text("samples and recent files");
    tty.keys("Enter");
    tty.wait_header("tea.asl.json");
    tty.quit();
}

#[test]
fn the_machines_of_a_template_are_listed_and_watched_with_their_files() {
    let template = "Resources:\n  Tea:\n    Type: AWS::Serverless::StateMachine\n    Properties: {DefinitionUri: tea.asl.json}\n  Idle:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      StateMachineType: EXPRESS\n      Definition:\n        StartAt: Rest\n        States: {Rest: {Type: Succeed}}\n";
    let home = Home::with(&[("tea.asl.json", TEA), ("template.yaml", template)]);
    let mut tty = Tty::start(&home, USUAL, &["template.yaml"], &[]);
    tty.wait_text("State machines of this template");
    tty.wait_text("Express");
    tty.keys("Down");
    tty.keys("Enter");
    tty.wait_header("template.yaml");
    tty.wait_text("StateMachineType: EXPRESS");
    tty.keys("c");
    tty.wait_header("SUCCEEDED");
    tty.quit();

    let mut tty = Tty::start(&home, USUAL, &["template.yaml", "--machine", "Tea"], &[]);
    tty.wait_text("\"StartAt\": \"Boil\"");
    home.replace("tea.asl.json", &TEA.replace("a cup of tea", "a mug of cocoa"));
    tty.wait_text("a mug of cocoa");
    tty.wait_header("reloaded 1x");
    tty.quit();
}

#[test]
fn the_list_of_files_is_left_with_escape_when_there_is_nothing_behind_it() {
    let mut tty = Tty::start(&Home::new(), USUAL, &[], &[]);
    tty.wait_text("samples and recent files");
    tty.keys("Esc");
    assert_eq!(tty.exit(), 0);
    tty.assert_restored();
}

#[test]
fn what_cannot_be_opened_is_said_and_the_terminal_stays_as_it_was() {
    let home = Home::with(&[("tea.asl.json", TEA), ("mocks.json", "{\n  \"StateMachines\": 1\n}")]);
    std::fs::create_dir(home.path("drawer")).expect("a folder");
    let cases: [(&[&str], &[&str]); 8] = [
        (&["none.asl.json"], &["none.asl.json", "No such file"]),
        (&["drawer"], &["drawer is a folder", "asldb check"]),
        (&["tea.asl.json", "--theme", "plaid"], &["no theme `plaid`", "high-contrast"]),
        (&["tea.asl.json", "--mocks", "none.json"], &["none.json", "No such file"]),
        (&["tea.asl.json", "--mocks", "mocks.json"], &["mocks.json:2:20"]),
        (&["tea.asl.json", "--input", "{\"a\": }"], &["input:1:7"]),
        (&["tea.asl.json", "--input", "@none.json"], &["none.json"]),
        (&["tea.asl.json", "--colour"], &["--colour", "--help"]),
    ];
    for (arguments, words) in cases {
        let mut tty = Tty::start(&home, USUAL, arguments, &[]);
        assert_eq!(tty.exit(), 2, "{arguments:?}: {}", tty.text());
        tty.assert_restored();
        for word in words {
            assert!(tty.text().contains(word), "{arguments:?}: no `{word}` in\n{}", tty.text());
        }
    }
}

#[test]
fn a_definition_that_is_no_json_is_shown_with_the_place() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let cut = &TEA[..TEA.find("\"Steep\": {").expect("the state is there")];
    let cases: [(&str, &[u8], &str); 4] = [
        ("deep.asl.json", deep.as_bytes(), "1:1001"),
        ("cut.asl.json", cut.as_bytes(), "11:5"),
        ("bytes.asl.json", b"{\n  \"StartAt\": \"\xff\xfe\"\n}", "2:15"),
        ("empty.asl.json", b"", "1:1"),
    ];
    for (name, text, place) in cases {
        let home = Home::new();
        home.write(name, text);
        let mut tty = Tty::start(&home, USUAL, &[name], &[]);
        tty.wait_header("1 error");
        tty.wait_header("cannot run");
        tty.keys("7");
        tty.wait_text(place);
        tty.quit();
    }
}

#[test]
fn a_definition_with_errors_shows_them_and_says_why_it_does_not_run() {
    let text = TEA.replace("\"Next\": \"Steep\"", "\"Next\": \"Steeep\"").replace("\"Succeed\"", "\"Success\"");
    let home = Home::with(&[("tea.asl.json", &text)]);
    let mut tty = Tty::start(&home, USUAL, &["tea.asl.json"], &[]);
    tty.wait_header("2 errors");
    tty.keys("n");
    tty.wait_footer("cannot run");
    // The cursor is on the first of them.
    tty.keys("] d");
    tty.wait_footer("field 'Type'");
    tty.keys("[ d");
    tty.wait_footer("Steeep");
    home.replace("tea.asl.json", TEA);
    tty.wait_header("ready");
    tty.keys("n");
    tty.wait_header("paused at Boil");
    tty.quit();
}

#[test]
fn without_a_terminal_it_says_what_to_use_instead() {
    let home = Home::with(&[("tea.asl.json", TEA)]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_asldb"));
    command.arg("tea.asl.json").current_dir(home.folder()).env_clear().envs(home.environment());
    let output = command.stdin(Stdio::null()).output().expect("asldb starts");
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("needs a terminal") && error.contains("asldb run"), "{error}");
    assert!(output.stdout.is_empty());
}
