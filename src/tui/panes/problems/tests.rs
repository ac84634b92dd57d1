use proptest::prelude::*;

use super::*;
use crate::tui::glyph::Glyphs;
use crate::tui::panes::fixture::Scene;

const BROKEN: &str = r#"{
  "StartAt": "First",
  "States": {
    "First": { "Type": "Pass", "Next": "Secnd" },
    "Second": { "Type": "Pause", "End": true }
  }
}
"#;

fn command(pane: &mut ProblemsPane, scene: &Scene, command: Command) -> Vec<Request> {
    pane.command(command, &scene.look()).unwrap_or_else(|| panic!("{command:?} is taken"))
}

fn broken() -> Scene {
    Scene::new("a.json", BROKEN)
}

#[test]
fn each_problem_has_a_line_and_the_selected_one_all_of_it() {
    let mut scene = broken();
    let mut pane = ProblemsPane::new();
    let expected = [
        "! 4:40    error    Missing 'Next' target: Secnd  MISSING_TRANSITION_TARGET",
        "! 5:25    error    The field 'Type' should have one of these values: [Task, Wai…",
        "",
        "",
        "",
    ];
    let unfocused = scene.draw_as(&mut pane, false, 80, 5);
    assert_eq!((unfocused.lines(), unfocused.cursor), (expected.map(str::to_owned).to_vec(), None));
    let expected = [
        "! 4:40    error    Missing 'Next' target: Secnd",
        "                   MISSING_TRANSITION_TARGET at /States/First/Next",
        "                   help: did you mean `Second`?",
        "! 5:25    error    The field 'Type' should have one of these values: [Task, Wai…",
        "",
    ];
    let shown = scene.draw(&mut pane, 80, 5);
    assert_eq!((shown.lines(), shown.cursor), (expected.map(str::to_owned).to_vec(), Some(shown.at(0, 0))));
    assert_eq!(pane.title(&scene.look()), "2 errors");
    // The last one is shown whole as well.
    command(&mut pane, &scene, Command::Down);
    let shown = scene.draw(&mut pane, 60, 5);
    assert!(shown.lines()[0].starts_with("! 5:25") && shown.lines()[2].contains("Choice"), "{}", shown.text());
    scene.glyphs = Glyphs::ASCII;
    assert!(scene.draw(&mut pane, 60, 4).lines().iter().all(|line| line.is_ascii()));
}

#[test]
fn what_commands_ask_for() {
    let scene = broken();
    let mut pane = ProblemsPane::new();
    scene.draw(&mut pane, 80, 10);
    let at = BROKEN.find("\"Secnd\"").expect("the name");
    assert_eq!(command(&mut pane, &scene, Command::Open), [Request::ShowSource(at)]);
    assert_eq!(pane.place_under_cursor(&scene.look()), Some((4, 40)));
    let line = "a.json:4:40: error MISSING_TRANSITION_TARGET: Missing 'Next' target: Secnd (did you mean `Second`?)";
    assert_eq!(command(&mut pane, &scene, Command::CopyText), [Request::Copy("the line", line.to_owned())]);
    let place = "/States/First/Next".to_owned();
    assert_eq!(command(&mut pane, &scene, Command::CopyPath), [Request::Copy("the place in the definition", place)]);
    assert!(pane.search("ONE OF THESE", true, &scene.look()));
    assert_eq!(pane.place_under_cursor(&scene.look()), Some((5, 25)));
    assert_eq!(pane.command(Command::Quit, &scene.look()), None);
}

#[test]
fn the_problems_are_those_of_the_file_whatever_a_run_shows() {
    let mut scene = Scene::new("a.json", &BROKEN.replace("Secnd", "Second").replace("Pause", "Pass"));
    let mut pane = ProblemsPane::new();
    assert_eq!(scene.draw(&mut pane, 40, 3).lines()[0], "✓ no problems");
    pane.set_newest(broken().definition);
    assert!(scene.draw(&mut pane, 40, 3).lines()[0].starts_with("! 4:40"));
    assert!(matches!(command(&mut pane, &scene, Command::Open)[..], [Request::Say(_)]), "the places are others");
    pane.set_newest(None);
    scene.definition = None;
    let shown = scene.draw(&mut pane, 40, 4).text();
    assert!(shown.contains("No definition is loaded"), "{shown}");
}

#[test]
fn the_console_shows_what_is_newest() {
    let scene = broken();
    let mut pane = ProblemsPane::new();
    for number in 1..=1200 {
        pane.say(format!("line {number}"));
    }
    assert_eq!(pane.console.len(), 1000);
    let shown = scene.draw_as(&mut pane, false, 20, 6).lines();
    assert!(shown[0].starts_with("! 4:40") && shown[1].starts_with("! 5:25"), "{shown:?}");
    assert_eq!(shown[2..], ["─ Console ──────────", "line 1198", "line 1199", "line 1200"]);
    // At the end the cursor goes along, elsewhere it stays on its line.
    command(&mut pane, &scene, Command::End);
    pane.say("line 1201\nline 1202".to_owned());
    assert_eq!(pane.row_text(&scene.look()), "line 1202");
    command(&mut pane, &scene, Command::Up);
    pane.say("line 1203".to_owned());
    assert_eq!(pane.row_text(&scene.look()), "line 1201");
    let shown = scene.draw(&mut pane, 20, 6);
    assert!(shown.lines().contains(&"line 1201".to_owned()), "{}", shown.text());
    assert_eq!(shown.cursor.map(|at| shown.buffer[at].symbol()), Some("l"));
    assert!(pane.search("line 210", true, &scene.look()));
    assert_eq!(pane.row_text(&scene.look()), "line 210");
    assert!(scene.draw(&mut pane, 20, 6).lines().contains(&"line 210".to_owned()));
    assert!(pane.search("Secnd", true, &scene.look()), "round the end to the problems");
}

#[test]
fn long_lines_scroll_sideways() {
    let scene = broken();
    let mut pane = ProblemsPane::new();
    pane.say("0123456789abcdefghij".to_owned());
    command(&mut pane, &scene, Command::End);
    assert_eq!(scene.draw(&mut pane, 12, 3).lines()[2], "0123456789a…");
    command(&mut pane, &scene, Command::Right);
    assert_eq!(scene.draw(&mut pane, 12, 3).lines()[2], "89abcdefghij");
    command(&mut pane, &scene, Command::Left);
    assert_eq!(scene.draw(&mut pane, 12, 3).lines()[2], "0123456789a…");
}

#[test]
fn the_mouse_selects_and_opens() {
    let scene = broken();
    let mut pane = ProblemsPane::new();
    pane.say("said".to_owned());
    let shown = scene.draw(&mut pane, 80, 8);
    // Below the first problem, which is shown in full.
    assert_eq!(pane.click(shown.at(2, 3), false, &scene.look()), []);
    assert_eq!(pane.place_under_cursor(&scene.look()), Some((5, 25)));
    let shown = scene.draw(&mut pane, 80, 8);
    let at = BROKEN.find("\"Secnd\"").expect("the name");
    assert_eq!(pane.click(shown.at(2, 0), true, &scene.look()), [Request::ShowSource(at)]);
    let shown = scene.draw(&mut pane, 80, 8);
    pane.click(shown.at(2, 7), false, &scene.look());
    assert_eq!(pane.row_text(&scene.look()), "said");
}

#[test]
fn any_size_will_do() {
    let scene = broken();
    let mut pane = ProblemsPane::new();
    pane.say("said".to_owned());
    scene.draw_at_all_sizes(&mut pane);
    command(&mut pane, &scene, Command::End);
    scene.draw_at_all_sizes(&mut pane);
}

#[derive(Debug, Clone)]
enum Act {
    Command(Command),
    Read(usize),
    Say(String),
    Draw(u16, u16, bool),
    Click(u16, u16, bool),
    Scroll(i32),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => proptest::sample::select(Command::ALL).prop_map(Act::Command),
        1 => (0..BROKEN.len()).prop_map(Act::Read),
        1 => "[\\PC\\n\u{1b}日]{0,40}".prop_map(Act::Say),
        2 => (0u16..50, 0u16..12, any::<bool>()).prop_map(|(width, height, focused)| Act::Draw(width, height, focused)),
        1 => (0u16..60, 0u16..16, any::<bool>()).prop_map(|(x, y, double)| Act::Click(x, y, double)),
        1 => (-40i32..40).prop_map(Act::Scroll),
    ]
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(acts in proptest::collection::vec(any_act(), 0..24)) {
        let (mut scene, mut pane) = (Scene::empty(), ProblemsPane::new());
        for act in acts {
            match act {
                Act::Command(command) => drop(pane.command(command, &scene.look())),
                Act::Read(end) => scene.read("a.json", BROKEN.get(..end).unwrap_or_default()),
                Act::Say(text) => pane.say(text),
                Act::Draw(width, height, focused) => {
                    let shown = scene.draw_as(&mut pane, focused, width, height);
                    prop_assert!(shown.cursor.is_none_or(|at| shown.area.contains(at)));
                }
                Act::Click(x, y, double) => drop(pane.click(Position::new(x, y), double, &scene.look())),
                Act::Scroll(rows) => pane.scroll(rows, &scene.look()),
            }
            pane.row_text(&scene.look());
            prop_assert!(pane.place_under_cursor(&scene.look()).is_none_or(|(line, column)| line > 0 && column > 0));
        }
    }
}
