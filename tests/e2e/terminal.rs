//! The terminal: size, mouse, colours, signs, clipboard, other programs, signals, and how it is left behind.

use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustix::process::Signal;
use vt100::{Color, Screen};

use crate::definitions::{TEA, TREADMILL};
use crate::home::Home;
use crate::tty::{Tty, is_restored, place_of, row_text};

const USUAL: (u16, u16) = (120, 40);

fn open(text: &str, arguments: &[&str], variables: &[(&str, &str)]) -> (Home, Tty) {
    let home = Home::with(&[("x.asl.json", text)]);
    let arguments: Vec<&str> = ["x.asl.json"].iter().chain(arguments).copied().collect();
    let mut tty = Tty::start(&home, USUAL, &arguments, variables);
    tty.wait_header("ready");
    (home, tty)
}

/// Whether `holds` is true of every cell.
fn all_cells(screen: &Screen, holds: impl Fn(&vt100::Cell) -> bool) -> bool {
    let (rows, columns) = screen.size();
    let places = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
    places.filter_map(|(row, column)| screen.cell(row, column)).all(holds)
}

fn is_plain(cell: &vt100::Cell) -> bool {
    cell.fgcolor() == Color::Default && cell.bgcolor() == Color::Default
}

#[test]
fn quitting_gives_the_terminal_back() {
    for keys in ["q", "Z Z", "Ctrl-c Ctrl-c"] {
        let (_home, mut tty) = open(TEA, &[], &[]);
        tty.wait("the terminal taken over", |screen| screen.alternate_screen() && screen.bracketed_paste());
        tty.keys(keys);
        assert_eq!(tty.exit(), 0, "{keys}");
        tty.assert_restored();
        assert_eq!(tty.text(), "", "nothing is left behind");
    }
}

#[test]
fn one_control_c_does_not_quit() {
    let (_home, mut tty) = open(TEA, &[], &[]);
    tty.keys("Ctrl-c");
    tty.keys("n");
    tty.wait_footer("does nothing here");
    tty.quit();
}

#[test]
fn signals_that_end_it_give_the_terminal_back_and_keep_the_session() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let (home, mut tty) = open(TREADMILL, &[], &[]);
        tty.keys("b");
        tty.keys("I");
        tty.wait_text("Input of the next run");
        tty.send("[");
        tty.wait_text("the text ends inside an array");
        tty.signal(signal);
        assert_eq!(tty.exit(), code);
        tty.assert_restored();
        let sessions = std::fs::read_dir(home.path(".state/sessions")).expect("a kept session");
        let texts = sessions.flatten().map(|file| std::fs::read_to_string(file.path()).expect("read"));
        assert!(texts.collect::<String>().contains("\"[\""));
    }
}

#[test]
fn it_is_quit_while_a_run_goes_at_full_speed() {
    let (_home, mut tty) = open(TREADMILL, &[], &[]);
    tty.keys("g s");
    tty.wait_header("running");
    tty.quit();
}

#[cfg(target_os = "linux")]
#[test]
fn control_z_stops_it_and_its_continuation_brings_the_screen_back() {
    let (_home, mut tty) = open(TEA, &[], &[]);
    let process = tty.process();
    for _ in 0..2 {
        tty.keys("Ctrl-z");
        tty.wait("a stopped process", |_| crate::tty::process_state(process) == Some('T'));
        tty.wait("the terminal as it was", is_restored);
        tty.signal(Signal::CONT);
        tty.wait("the screen again", |screen| screen.alternate_screen() && row_text(screen, 0).contains("ready"));
    }
    tty.keys("n");
    tty.wait_header("paused at Boil");
    tty.quit();
}

#[test]
fn a_resize_during_a_run_is_drawn_at_once() {
    let (_home, mut tty) = open(TREADMILL, &[], &[]);
    tty.keys("g s");
    tty.wait_header("running");
    for (columns, rows) in [(80, 24), (200, 60), (30, 8), (61, 17), (120, 40)] {
        tty.resize(columns, rows);
        let has_room = columns >= 40;
        tty.wait(&format!("a frame of {columns}x{rows}"), |screen| {
            let last = row_text(screen, rows - 1);
            let fits = if has_room { last.contains("started") } else { screen.contents().contains("at least") };
            row_text(screen, 0).contains("x.asl.json") && fits
        });
    }
    tty.keys("Space");
    tty.wait_header("(on request)");
    tty.quit();
}

#[test]
fn a_click_focuses_the_pane_and_sets_a_breakpoint_in_the_gutter() {
    let (_home, mut tty) = open(TEA, &[], &[]);
    let (row, column) = tty.screen(|screen| place_of(screen, "4 History")).expect("the pane is shown");
    tty.click(column + 4, row);
    tty.keys("z");
    tty.wait_gone("1 Source");
    tty.wait_text("4 History");
    tty.keys("z");
    tty.wait_text("1 Source");
    let (row, _) = tty.screen(|screen| place_of(screen, "\"Steep\": {")).expect("the state is shown");
    tty.click(0, row);
    tty.wait_footer("Breakpoint on Steep set");
    tty.quit();
}

#[test]
fn the_mouse_is_given_to_the_terminal_and_taken_back() {
    let (_home, mut tty) = open(TEA, &[], &[]);
    let taken = |screen: &Screen| screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
    tty.wait("the mouse taken", taken);
    tty.keys("g M");
    tty.wait("the mouse given back", |screen| !taken(screen));
    tty.keys("g M");
    tty.wait("the mouse taken", taken);
    tty.quit();
}

#[test]
fn the_layout_is_kept_for_the_next_time() {
    let (home, mut tty) = open(TEA, &[], &[]);
    let middle = |screen: &Screen| place_of(screen, "2 States").map(|(_, column)| column);
    let before = tty.screen(middle);
    tty.keys("2 >");
    tty.wait("a larger pane", |screen| middle(screen) < before);
    let larger = tty.screen(middle);
    tty.quit();
    let mut tty = Tty::start(&home, USUAL, &["x.asl.json"], &[]);
    tty.wait_header("ready");
    assert_eq!(tty.screen(middle), larger);
    tty.keys("z");
    tty.wait_gone("1 Source");
    tty.quit();
    let mut tty = Tty::start(&home, USUAL, &["x.asl.json"], &[]);
    tty.wait_text("2 States");
    tty.wait_gone("1 Source");
    tty.quit();
}

#[test]
fn help_lists_the_keys_of_the_focus_and_is_searched() {
    let (_home, mut tty) = open(TEA, &[], &[]);
    tty.keys("?");
    tty.wait_text("Here: Source");
    tty.wait_text("Run to the state under the cursor.");
    tty.keys("/");
    tty.send("quit");
    tty.keys("Enter");
    tty.wait_text("End asldb");
    tty.keys("q");
    tty.wait_gone("End asldb");
    tty.keys("F1");
    tty.wait_text("Here: Source");
    tty.keys("Esc");
    tty.wait_gone("Here: Source");
    tty.quit();
}

#[test]
fn the_palette_runs_a_command_by_name() {
    let (_home, mut tty) = open(TEA, &[], &[]);
    tty.keys("Ctrl-p");
    tty.wait_text("─ Commands ─");
    tty.send("contin");
    tty.wait_text("Run to the next breakpoint");
    tty.keys("Enter");
    tty.wait_header("FAILED");
    tty.quit();
}

#[test]
fn a_command_with_arguments_is_typed_completed_and_recalled() {
    let (_home, mut tty) = open(TEA, &[], &[]);
    tty.keys(":");
    tty.send("brea");
    tty.wait_text("Set a breakpoint with a condition");
    tty.keys("Tab");
    tty.send(" Serve if $.cups");
    tty.keys("Enter");
    tty.wait_text("Breakpoint 1: break Serve if $.cups");
    tty.keys(": Up");
    tty.wait_text(":break Serve if $.cups");
    tty.keys("Esc");
    tty.wait_gone(":break Serve if $.cups");
    tty.quit();
}

#[test]
fn keys_that_may_follow_are_shown_when_one_hesitates() {
    let (_home, mut tty) = open(TEA, &[], &[]);
    tty.keys("g");
    tty.wait_text("what may follow");
    tty.keys("r");
    tty.wait_gone("what may follow");
    tty.wait_footer("No runs yet");
    tty.quit();
}

#[test]
fn keys_that_may_follow_are_shown_while_a_run_goes_at_full_speed() {
    let (_home, mut tty) = open(TREADMILL, &[], &[]);
    tty.keys("g s");
    tty.wait_header("running");
    tty.keys("g");
    tty.wait_text("what may follow");
    tty.wait_header("running");
    tty.keys("r");
    tty.wait_text("RUNNING");
    tty.keys("Ctrl-c Ctrl-c");
    assert_eq!(tty.exit(), 0);
}

#[test]
fn what_cannot_be_kept_is_said_and_stops_nobody() {
    let (_home, mut tty) = open(TEA, &[], &[("ASLDB_STATE_DIR", "/dev/null/state")]);
    tty.keys("n");
    tty.wait_header("paused at Boil");
    tty.wait_text("cannot be kept");
    tty.quit();
}

#[test]
fn another_theme_changes_the_colours() {
    let (_home, mut tty) = open(TEA, &["--theme", "mono"], &[]);
    tty.keys("n");
    tty.wait_header("paused at Boil");
    assert!(tty.screen(|screen| all_cells(screen, is_plain)), "mono has no colours");
    tty.keys("g t");
    tty.wait_text("Enter takes the theme");
    tty.send("light");
    tty.keys("Enter");
    tty.wait("colours", |screen| !all_cells(screen, is_plain));
    tty.quit();
}

#[test]
fn no_color_means_no_colour() {
    let (_home, mut tty) = open(TEA, &["--theme", "dark"], &[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]);
    tty.keys("n");
    tty.wait_header("paused at Boil");
    tty.keys("b");
    tty.wait_footer("Breakpoint on Boil set");
    tty.keys("?");
    tty.wait_text("Here: Source");
    assert!(tty.screen(|screen| all_cells(screen, is_plain)));
    assert!(!tty.screen(|screen| all_cells(screen, |cell| !cell.bold() && !cell.inverse() && !cell.underline())));
    tty.keys("Esc");
    tty.wait_gone("Here: Source");
    tty.quit();
}

#[test]
fn ascii_signs_are_used_when_asked_for_and_where_the_locale_has_no_others() {
    let is_ascii = |screen: &Screen| all_cells(screen, |cell| cell.contents().is_ascii());
    for (arguments, variables) in [(&["--ascii"][..], &[][..]), (&[], &[("LANG", "C")])] {
        let (_home, mut tty) = open(TEA, arguments, variables);
        tty.keys("n");
        tty.wait_header("paused at Boil");
        tty.keys("b");
        tty.wait_footer("Breakpoint on Boil set");
        assert!(tty.screen(is_ascii), "{}", tty.text());
        tty.keys("I");
        tty.wait_text("Input of the next run");
        assert!(tty.screen(is_ascii), "{}", tty.text());
    }
    let (_home, tty) = open(TEA, &[], &[]);
    assert!(!tty.screen(is_ascii));
}

#[test]
fn the_editor_gets_the_terminal_and_what_it_wrote_is_read() {
    let home = Home::with(&[("x.asl.json", TEA)]);
    let script = "#!/bin/sh\nprintf 'which drink? '\nread drink\nsed \"s/Makes a cup of tea/Makes a cup of $drink/\" \
                  \"$1\" > \"$1.tmp\"\nmv \"$1.tmp\" \"$1\"\n";
    home.write("pen", script);
    std::fs::set_permissions(home.path("pen"), std::fs::Permissions::from_mode(0o755)).expect("made executable");
    let pen = home.path("pen").display().to_string();
    let mut tty = Tty::start(&home, USUAL, &["x.asl.json"], &[("EDITOR", &pen)]);
    tty.wait_header("ready");
    tty.keys("e");
    tty.wait("the editor on the main screen", |screen| {
        !screen.alternate_screen() && screen.contents().contains("which drink?")
    });
    tty.send("cocoa\r");
    tty.wait_text("Makes a cup of cocoa");
    assert!(tty.screen(Screen::alternate_screen));
    tty.keys("n");
    tty.wait_header("paused at Boil");
    tty.quit();
}

#[test]
fn an_editor_that_is_not_there_is_named() {
    let (_home, mut tty) = open(TEA, &[], &[("VISUAL", "no-such-editor-here")]);
    tty.keys("e");
    tty.wait_footer("no-such-editor-here cannot be started");
    tty.quit();
}

#[test]
fn copying_goes_through_the_terminal() {
    let (_home, mut tty) = open(TEA, &[], &[]);
    tty.keys("j j y y");
    tty.wait_footer("copied (terminal)");
    let texts = tty.copied().into_iter().map(|text| STANDARD.decode(text).expect("base64"));
    assert_eq!(texts.collect::<Vec<_>>(), [b"\"StartAt\": \"Boil\","]);
    tty.quit();
}
