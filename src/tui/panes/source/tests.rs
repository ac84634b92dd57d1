use proptest::prelude::*;
use ratatui::style::Modifier;

use super::*;
use crate::debug::StepSize;
use crate::tui::glyph::Glyphs;
use crate::tui::highlight::Token;
use crate::tui::panes::fixture::{Scene, styles};
use crate::tui::style::Depth;

const ORDER: &str = r#"{
  "StartAt": "Check",
  "States": {
    "Check": {
      "Type": "Pass",
      "Parameters": { "ok.$": "$.stock.ok" },
      "ResultPath": "$.check",
      "Next": "In stock?"
    },
    "In stock?": {
      "Type": "Choice",
      "Choices": [
        {
          "Variable": "$.check.count",
          "IsPresent": true,
          "Next": "Each"
        },
        { "Variable": "$.check.ok", "BooleanEquals": true, "Next": "Each" }
      ],
      "Default": "Sold out"
    },
    "Each": {
      "Type": "Map",
      "ItemsPath": "$.items",
      "ItemProcessor": {
        "StartAt": "Pack",
        "States": {
          "Pack": { "Type": "Pass", "End": true }
        }
      },
      "End": true
    },
    "Sold out": { "Type": "Fail", "Error": "SoldOut" }
  }
}
"#;

const INPUT: &str = r#"{"stock": {"ok": true}, "items": [1, 2]}"#;

fn order() -> Scene {
    Scene::new("order.asl.json", ORDER)
}

/// A pane that was drawn once, and its scene.
fn drawn(scene: &Scene) -> SourcePane {
    let mut pane = SourcePane::new();
    scene.draw(&mut pane, 60, 14);
    pane
}

fn command(pane: &mut SourcePane, scene: &Scene, command: Command) -> Vec<Request> {
    pane.command(command, &scene.look()).unwrap_or_else(|| panic!("{command:?} is taken"))
}

/// The line of the cursor, from 1.
fn line_of(pane: &SourcePane, scene: &Scene) -> usize {
    pane.cursor(&scene.look()).0
}

/// Puts the cursor on line `line`, from 1.
fn go_to(pane: &mut SourcePane, scene: &Scene, line: usize) {
    command(pane, scene, Command::Home);
    for _ in 1..line {
        command(pane, scene, Command::Down);
    }
}

#[tokio::test]
async fn the_current_state_is_shown_with_its_values() {
    let mut scene = order();
    scene.toggle_breakpoint("Each");
    scene.start(INPUT).await;
    scene.run_to("In stock?").await;
    let mut pane = SourcePane::new();
    let expected = [
        "  8        \"Next\": \"In stock?\"",
        "  9      },",
        "▶10 ┃    \"In stock?\": {",
        " 11 ┃      \"Type\": \"Choice\",",
        " 12 ┃      \"Choices\": [",
        " 13 ┃        {                                      ← false",
        " 14 ┃          \"Variable\": \"$.check.count\",       = nothing",
        " 15 ┃          \"IsPresent\": true,",
        " 16 ┃          \"Next\": \"Each\"",
        " 17 ┃        },",
        " 18 ┃        { \"Variable\": \"$.check.ok\", \"…  ← true  = true",
        " 19 ┃      ],",
        " 20 ┃      \"Default\": \"Sold out\"",
        " 21 ┃    },",
        "●22      \"Each\": {",
        " 23        \"Type\": \"Map\",",
    ];
    let shown = scene.draw(&mut pane, 60, 16);
    assert_eq!(shown.lines(), expected);
    assert_eq!(line_of(&pane, &scene), 10);
    assert_eq!(shown.cursor, Some(shown.at(5, 2)), "the terminal's cursor is on the selected line");
    scene.glyphs = Glyphs::ASCII;
    let ascii = scene.draw(&mut SourcePane::new(), 60, 16).lines();
    assert!(ascii.iter().all(|line| line.is_ascii()), "{ascii:?}");
    assert!(
        ascii[2].starts_with(">10 |    \"In stock?\"") && ascii[10].ends_with("<- true  = true")
            || ascii[10].contains("< true")
    );
}

#[tokio::test]
async fn a_choice_without_a_true_rule_says_so_at_its_default() {
    let mut scene = order();
    scene.start(r#"{"stock": {"ok": false}}"#).await;
    scene.run_to("In stock?").await;
    let shown = scene.draw(&mut SourcePane::new(), 70, 16).lines();
    assert!(shown[10].ends_with("← false  = false"), "{}", shown[10]);
    assert!(shown[12].ends_with("← no rule is true"), "{}", shown[12]);
}

#[tokio::test]
async fn values_are_shown_only_where_the_data_is_known() {
    let text = r#"
StartAt: Fetch
States:
  Fetch:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    InputPath: $.order
    Parameters:
      FunctionName: fetch
      Payload.$: $
      id.$: $$.Execution.Name
      label.$: States.Format('no {}', $.id)
      token.$: States.UUID()
    ResultSelector:
      id.$: $.id
    OutputPath: $.id
    End: true
"#;
    let mut scene = Scene::new("fetch.asl.yaml", text);
    scene
        .start(r#"{"order": {"id": 7, "list": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]}}"#)
        .await;
    let mut pane = SourcePane::new();
    let beside = |pane: &mut SourcePane, scene: &Scene| {
        scene.draw(pane, 100, 20);
        (1..=17).filter_map(|line| Some((line, pane.inline.text(line)?))).collect::<Vec<_>>()
    };
    let text = |line: usize, text: &str| (line, text.to_owned());
    // Entered: only the first stage has its data.
    assert_eq!(beside(&mut pane, &scene), [text(6, "= { 2 keys }")]);
    scene.go(StepSize::Stage).await;
    let known = [text(6, "= { 2 keys }"), text(9, "= { 2 keys }"), text(10, "= \"one\""), text(11, "= \"no 7\"")];
    assert_eq!(beside(&mut pane, &scene), known, "a UUID drawn here would not be that of the run");
    for _ in 0..3 {
        scene.go(StepSize::Stage).await;
    }
    let all = [known.as_slice(), &[text(14, "= \"one\""), text(15, "= \"one\"")]].concat();
    assert_eq!(beside(&mut pane, &scene), all);
    go_to(&mut pane, &scene, 12);
    assert_eq!(
        command(&mut pane, &scene, Command::CopyValue),
        [Request::Copy("the value beside the line", "\"no 7\"".to_owned())]
    );
    // An earlier moment: what depends on the context or on variables is not known any more.
    scene.look_back(2);
    assert_eq!(beside(&mut pane, &scene), [text(6, "= { 2 keys }")]);
}

#[tokio::test]
async fn the_gutter_shows_what_matters_most() {
    let warned = ORDER.replace("\"Type\": \"Choice\",", "\"Type\": \"Choice\", \"Coment\": 1,");
    let mut scene = Scene::new("order.asl.json", &warned);
    let signs = |scene: &Scene| -> String {
        let lines = scene.draw(&mut SourcePane::new(), 60, 40).lines();
        lines.iter().filter_map(|line| line.chars().next()).collect()
    };
    let before = signs(&scene);
    assert_eq!(before.trim(), "!", "{before}");
    scene = order();
    scene.toggle_breakpoint("Check");
    assert_eq!(signs(&scene).trim(), "●");
    scene.start(INPUT).await;
    assert_eq!(signs(&scene).trim(), "▶");
    let with = scene.draw(&mut SourcePane::new(), 60, 40).style(3, "▶");
    scene.toggle_breakpoint("Check");
    let without = scene.draw(&mut SourcePane::new(), 60, 40).style(3, "▶");
    assert_ne!(with.add_modifier, without.add_modifier, "a breakpoint under the sign can be seen without colours");
}

#[tokio::test]
async fn a_failed_run_shows_where() {
    let mut scene = order();
    scene.start(r#"{"stock": {"ok": false}}"#).await;
    scene.go(StepSize::Continue).await;
    let shown = scene.draw(&mut SourcePane::new(), 60, 8);
    assert!(shown.lines().iter().any(|line| line.starts_with("✗33 ┃")), "{}", shown.text());
}

#[tokio::test]
async fn the_pane_follows_the_run_and_not_against_the_reader() {
    let mut scene = order();
    scene.start(INPUT).await;
    let mut pane = SourcePane::new();
    scene.draw(&mut pane, 60, 10);
    assert_eq!((pane.rows.cursor, pane.rows.top), (3, 1));
    // The state is the same one: the reader's place counts.
    pane.scroll(30, &scene.look());
    let top = pane.rows.top;
    assert!(top > 20, "{top}");
    scene.go(StepSize::Stage).await;
    scene.draw(&mut pane, 60, 10);
    assert_eq!(pane.rows.top, top);
    // Another state: its lines are shown, here from above.
    scene.go(StepSize::Next).await;
    scene.draw(&mut pane, 60, 10);
    assert_eq!((pane.rows.cursor, pane.rows.top), (9, 7));
    scene.go(StepSize::Next).await;
    scene.draw(&mut pane, 60, 15);
    assert_eq!((pane.rows.cursor, pane.rows.top), (21, 19), "all of its lines fit, with a margin");
    command(&mut pane, &scene, Command::Home);
    scene.draw(&mut pane, 60, 15);
    assert_eq!(line_of(&pane, &scene), 1);
    pane.show(ORDER.find("\"Pack\": {").expect("a place"), &scene.look());
    scene.draw(&mut pane, 60, 15);
    assert_eq!(pane.cursor(&scene.look()), (28, 11), "where an editor is to open it");
    assert_eq!(line_of(&pane, &scene), 28);
}

#[test]
fn breakpoints_are_asked_for_by_the_innermost_state() {
    let scene = order();
    let mut pane = drawn(&scene);
    let cases = [
        (4, Some("Check")),
        (9, Some("Check")),
        (13, Some("In stock?")),
        (26, Some("Each")),
        (28, Some("Pack")),
        (30, Some("Each")),
        (2, None),
        (34, None),
    ];
    for (line, state) in cases {
        go_to(&mut pane, &scene, line);
        let expected = state.map(|name| scene.id(name));
        assert_eq!(pane.state_under_cursor(&scene.look()), expected, "line {line}");
        let asked = command(&mut pane, &scene, Command::ToggleBreakpoint);
        match (expected, asked.as_slice()) {
            (Some(state), [Request::ToggleBreakpoint(asked)]) => assert_eq!(*asked, state, "line {line}"),
            (None, [Request::Say(why)]) => assert!(why.contains("no state here"), "{why}"),
            other => panic!("line {line}: {other:?}"),
        }
    }
    go_to(&mut pane, &scene, 28);
    let copied = [Request::Copy("the path of the state", "Each / Pack".to_owned())];
    assert_eq!(command(&mut pane, &scene, Command::CopyPath), copied);
    let copied = [Request::Copy("the line", "\"Pack\": { \"Type\": \"Pass\", \"End\": true }".to_owned())];
    assert_eq!(command(&mut pane, &scene, Command::CopyText), copied);
}

#[test]
fn transitions_are_followed() {
    let scene = order();
    let mut pane = drawn(&scene);
    let place = |name: &str| ORDER.find(&format!("\"{name}\": {{")).expect("a state");
    for (line, state) in [(2, "Check"), (8, "In stock?"), (18, "Each"), (20, "Sold out")] {
        go_to(&mut pane, &scene, line);
        let expected = [Request::ShowSource(place(state))];
        assert_eq!(command(&mut pane, &scene, Command::FollowTransition), expected, "line {line}");
    }
    go_to(&mut pane, &scene, 5);
    assert!(matches!(command(&mut pane, &scene, Command::FollowTransition)[..], [Request::Say(_)]));
}

#[test]
fn the_mouse_selects_sets_breakpoints_and_follows() {
    let scene = order();
    let mut pane = SourcePane::new();
    let shown = scene.draw(&mut pane, 60, 14);
    assert_eq!(pane.click(shown.at(20, 7), false, &scene.look()), []);
    assert_eq!(line_of(&pane, &scene), 8);
    let there = ORDER.find("\"In stock?\": {").expect("a state");
    assert_eq!(pane.click(shown.at(20, 7), true, &scene.look()), [Request::ShowSource(there)]);
    assert_eq!(pane.click(shown.at(0, 4), false, &scene.look()), [Request::ToggleBreakpoint(scene.id("Check"))]);
    assert_eq!(pane.click(shown.at(0, 4), true, &scene.look()), [], "a double click does not take it away again");
    assert_eq!(pane.click(Position::new(0, 0), false, &scene.look()), [], "outside");
}

#[test]
fn long_lines_are_cut_and_scroll_sideways() {
    let scene = order();
    let mut pane = drawn(&scene);
    let line = |pane: &mut SourcePane| scene.draw(pane, 30, 8).lines()[5].clone();
    assert_eq!(line(&mut pane), "  6        \"Parameters\": { \"o…");
    command(&mut pane, &scene, Command::Right);
    assert_eq!(line(&mut pane), "  6  arameters\": { \"ok.$\": \"$…");
    for _ in 0..50 {
        command(&mut pane, &scene, Command::Right);
    }
    assert!(line(&mut pane).len() > 6, "the end of the longest line stays visible");
    for _ in 0..50 {
        command(&mut pane, &scene, Command::Left);
    }
    assert_eq!(line(&mut pane), "  6        \"Parameters\": { \"o…");
}

#[tokio::test]
async fn a_definition_in_one_line_can_be_walked() {
    let one_line: String = ORDER.lines().map(str::trim_start).collect();
    let mut scene = Scene::new("order.asl.json", &one_line);
    scene.toggle_breakpoint("Pack");
    scene.start(INPUT).await;
    scene.run_to("In stock?").await;
    let mut pane = SourcePane::new();
    let shown = scene.draw(&mut pane, 60, 3);
    assert!(
        shown.lines()[0].starts_with("▶1 ┃") && shown.lines()[0].contains("\"In stock?\": {\"Type\""),
        "{}",
        shown.text()
    );
    assert_eq!(pane.state_under_cursor(&scene.look()), Some(scene.id("In stock?")));
    // What belongs to the state stands out of what does not.
    let unfocused = scene.draw_as(&mut pane, false, 400, 3);
    assert!(unfocused.style(0, "\"Type\"").add_modifier.contains(Modifier::BOLD));
    assert!(!unfocused.style(0, "\"ItemsPath\"").add_modifier.contains(Modifier::BOLD));
    assert!(pane.search("sOLDoUT", true, &scene.look()));
    assert_eq!(pane.state_under_cursor(&scene.look()), Some(scene.id("Sold out")));
    assert!(pane.search("Pack", false, &scene.look()));
    assert!(pane.search("Pack", false, &scene.look()));
    assert_eq!(pane.state_under_cursor(&scene.look()), Some(scene.id("Each")), "the name in StartAt");
}

#[test]
fn a_definition_with_errors_shows_them() {
    let broken = ORDER
        .replace("\"Default\": \"Sold out\"", "\"Default\": \"Gone\"")
        .replace("\"Type\": \"Fail\"", "\"Type\": \"Fall\"");
    let mut scene = Scene::new("order.asl.json", &broken);
    assert!(scene.look().machine.is_none());
    let mut pane = SourcePane::new();
    let shown = scene.draw(&mut pane, 60, 40);
    let marked: Vec<_> =
        shown.lines().iter().enumerate().filter(|(_, line)| line.starts_with('!')).map(|(at, _)| at + 1).collect();
    assert_eq!(marked, [20, 33]);
    assert!(shown.style(19, "\"Gone\"").add_modifier.contains(Modifier::UNDERLINED));
    assert!(!shown.style(19, "\"Default\"").add_modifier.contains(Modifier::UNDERLINED));
    assert_eq!(pane.diagnostic_here(&scene.look()), None);
    for (turn, line) in [
        (Command::NextDiagnostic, 20),
        (Command::NextDiagnostic, 33),
        (Command::NextDiagnostic, 20),
        (Command::PreviousDiagnostic, 33),
        (Command::PreviousDiagnostic, 20),
    ] {
        let asked = command(&mut pane, &scene, turn);
        let [Request::ShowSource(offset)] = asked[..] else { panic!("{asked:?}") };
        pane.show(offset, &scene.look());
        scene.draw(&mut pane, 60, 40);
        assert_eq!(line_of(&pane, &scene), line);
        assert!(pane.diagnostic_here(&scene.look()).is_some_and(|text| text.starts_with("error ")));
    }
    assert!(matches!(command(&mut pane, &scene, Command::ToggleBreakpoint)[..], [Request::Say(_)]));
    assert!(matches!(command(&mut pane, &scene, Command::FollowTransition)[..], [Request::Say(_)]), "no such state");
    go_to(&mut pane, &scene, 2);
    let there = broken.find("\"Check\": {").expect("a state");
    assert_eq!(
        command(&mut pane, &scene, Command::FollowTransition),
        [Request::ShowSource(there)],
        "without a machine"
    );
    // Breakpoints of the last good version stay where their names are.
    scene.read("order.asl.json", ORDER);
    scene.toggle_breakpoint("Each");
    scene.read("order.asl.json", &broken);
    assert!(scene.draw(&mut pane, 60, 40).lines()[21].starts_with('●'));
}

#[test]
fn the_cursor_stays_with_its_text_when_the_definition_changes() {
    let mut scene = order();
    let mut pane = drawn(&scene);
    let place = |pane: &SourcePane, scene: &Scene| pane.row_text(&scene.look());
    go_to(&mut pane, &scene, 24);
    scene.draw(&mut pane, 60, 14);
    let (text, screen_row) = (place(&pane, &scene), pane.rows.cursor - pane.rows.top);
    // Lines inserted above: it moves with its text, on the screen it stays.
    scene.read("order.asl.json", &ORDER.replace("\"ResultPath\"", "\"Comment\": \"a\",\n\n\"ResultPath\""));
    scene.draw(&mut pane, 60, 14);
    assert_eq!((line_of(&pane, &scene), place(&pane, &scene)), (26, text.clone()));
    assert_eq!(pane.rows.cursor - pane.rows.top, screen_row);
    // Changes above and below: by the state.
    let moved = ORDER.replace("\"ResultPath\"", "\"Comment\": \"a\",\n\"ResultPath\"").replace("SoldOut", "NoStock");
    scene.read("order.asl.json", &moved);
    scene.draw(&mut pane, 60, 14);
    assert_eq!((line_of(&pane, &scene), place(&pane, &scene)), (25, text));
    // Nothing of it is left.
    scene.read("order.asl.json", "{}");
    scene.draw(&mut pane, 60, 14);
    assert_eq!(line_of(&pane, &scene), 1);
    scene.definition = None;
    scene.draw(&mut pane, 60, 14);
    assert_eq!(pane.row_text(&scene.look()), "");
}

#[test]
fn a_search_marks_what_it_finds_until_the_cursor_goes_on() {
    let scene = order();
    let mut pane = drawn(&scene);
    assert!(pane.search("NEXT", true, &scene.look()));
    assert_eq!(line_of(&pane, &scene), 8);
    assert!(pane.search("next", true, &scene.look()));
    assert_eq!(line_of(&pane, &scene), 16);
    let shown = scene.draw(&mut pane, 80, 40);
    assert_eq!(shown.style(7, "Next").add_modifier, scene.styles.role(Role::Match).add_modifier);
    assert!(pane.search("next", false, &scene.look()) && pane.search("next", false, &scene.look()));
    assert_eq!(line_of(&pane, &scene), 18, "around the end");
    assert!(!pane.search("nowhere", true, &scene.look()));
    command(&mut pane, &scene, Command::Up);
    let shown = scene.draw(&mut pane, 80, 40);
    assert_eq!(shown.style(7, "Next").add_modifier, scene.styles.token(Token::Field).add_modifier);
}

#[test]
fn an_empty_pane_says_what_would_fill_it() {
    let mut pane = SourcePane::new();
    let shown = Scene::empty().draw(&mut pane, 40, 8).text();
    assert!(shown.contains("No definition is loaded.") && shown.contains("? explains"), "{shown}");
}

#[tokio::test]
async fn selection_current_line_and_problems_differ_without_colours() {
    let mut scene = order();
    scene.start(INPUT).await;
    let mut pane = SourcePane::new();
    scene.draw(&mut pane, 60, 20);
    go_to(&mut pane, &scene, 7);
    let shown = scene.draw(&mut pane, 60, 20);
    let current = shown.style(3, "{").add_modifier;
    let selected = shown.style(6, "ResultPath").add_modifier;
    let plain = shown.style(4, "Type").add_modifier;
    assert!(current != selected && current != plain && selected != plain, "{current:?} {selected:?} {plain:?}");
    assert!(!scene.draw_as(&mut pane, false, 60, 20).style(6, "ResultPath").add_modifier.contains(Modifier::REVERSED));
}

#[test]
fn colours_are_those_of_the_tokens() {
    let mut scene = order();
    scene.styles = styles("dark", Depth::True);
    let shown = scene.draw_as(&mut SourcePane::new(), false, 60, 20);
    let colour = |token| scene.styles.token(token).fg;
    assert_eq!(shown.style(3, "\"Check\"").fg, colour(Token::StateName));
    assert_eq!(shown.style(5, "\"$.stock").fg, colour(Token::Path));
    assert_eq!(shown.style(7, "\"In stock?\"").fg, colour(Token::Transition));
}

#[tokio::test]
async fn any_size_will_do_at_any_moment() {
    let mut scene = order();
    scene.toggle_breakpoint("Each");
    let mut pane = SourcePane::new();
    scene.draw_at_all_sizes(&mut pane);
    scene.start(INPUT).await;
    for _ in 0..12 {
        scene.draw_at_all_sizes(&mut pane);
        scene.go(StepSize::Stage).await;
    }
    for events in 0..8 {
        scene.look_back(events);
        scene.draw_at_all_sizes(&mut pane);
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let one_line: String = ORDER.lines().collect();
    prop_oneof![
        Just(ORDER.to_owned()),
        Just(ORDER.replace('\n', "\r\n")),
        Just(one_line),
        Just(format!("{}日本\u{1b}é\t", "x".repeat(3000))),
        (0..ORDER.len()).prop_map(|end| ORDER.get(..end).unwrap_or_default().to_owned()),
        "[\\PC\\n\\t\\r\u{1b}日]{0,80}",
    ]
}

#[derive(Debug, Clone)]
enum Act {
    Command(Command),
    Read(String, bool),
    Draw(u16, u16),
    Show(usize),
    Click(u16, u16, bool),
    Scroll(i32),
    Search(String, bool),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => proptest::sample::select(Command::ALL).prop_map(Act::Command),
        2 => (any_text(), any::<bool>()).prop_map(|(text, yaml)| Act::Read(text, yaml)),
        2 => (0u16..50, 0u16..12).prop_map(|(width, height)| Act::Draw(width, height)),
        1 => (0usize..4000).prop_map(Act::Show),
        1 => (0u16..60, 0u16..16, any::<bool>()).prop_map(|(x, y, double)| Act::Click(x, y, double)),
        1 => (-40i32..40).prop_map(Act::Scroll),
        1 => ("[a-z日\u{130}]{0,2}", any::<bool>()).prop_map(|(text, forward)| Act::Search(text, forward)),
    ]
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(acts in proptest::collection::vec(any_act(), 0..24)) {
        let (mut scene, mut pane) = (Scene::empty(), SourcePane::new());
        for act in acts {
            match act {
                Act::Command(command) => drop(pane.command(command, &scene.look())),
                Act::Read(text, yaml) => scene.read(if yaml { "a.yaml" } else { "a.json" }, &text),
                Act::Draw(width, height) => {
                    let shown = scene.draw(&mut pane, width, height);
                    prop_assert!(shown.cursor.is_none_or(|at| shown.area.contains(at)));
                }
                Act::Show(offset) => pane.show(offset, &scene.look()),
                Act::Click(x, y, double) => drop(pane.click(Position::new(x, y), double, &scene.look())),
                Act::Scroll(rows) => pane.scroll(rows, &scene.look()),
                Act::Search(text, forward) => drop(pane.search(&text, forward, &scene.look())),
            }
            drop((pane.state_under_cursor(&scene.look()), pane.diagnostic_here(&scene.look())));
            pane.row_text(&scene.look());
            prop_assert!(line_of(&pane, &scene) <= pane.len().max(1));
        }
    }
}
