use proptest::prelude::*;

use super::*;
use crate::debug::StepSize;
use crate::runtime::Clock;
use crate::tui::glyph::Glyphs;
use crate::tui::panes::fixture::{Drawn, Scene};

const ORDER: &str = r#"
StartAt: Validate
States:
  Validate:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Next: In stock?
    Catch: [{ErrorEquals: [States.ALL], Next: Sold out}]
  In stock?:
    Type: Choice
    Choices: [{Variable: $.ok, BooleanEquals: true, Next: Fulfil}]
    Default: Sold out
  Fulfil:
    Type: Parallel
    Next: Each
    Branches:
      - StartAt: Reserve
        States:
          Reserve: {Type: Pass, Next: Slow ship}
          Slow ship: {Type: Task, Resource: '${F}', End: true}
      - StartAt: Invoice
        States:
          Invoice: {Type: Pass, End: true}
  Each:
    Type: Map
    ItemsPath: $.items
    Next: Done
    ItemProcessor:
      StartAt: Render
      States:
        Render: {Type: Pass, Next: Pause}
        Pause: {Type: Wait, Seconds: 3, End: true}
  Done: {Type: Succeed}
  Sold out: {Type: Fail, Error: SoldOut}
"#;

const INPUT: &str = r#"{"ok": true, "items": [1, 2]}"#;

fn order() -> Scene {
    Scene::new("order.asl.yaml", ORDER)
}

/// The rows, without those that are empty.
fn rows(shown: &Drawn) -> Vec<String> {
    shown.lines().into_iter().filter(|line| !line.is_empty()).collect()
}

/// The marks from top to bottom.
fn marks(shown: &Drawn) -> String {
    rows(shown).iter().skip(1).filter_map(|line| line.chars().nth(1)).collect()
}

fn command(pane: &mut StatesPane, scene: &Scene, command: Command) -> Vec<Request> {
    pane.command(command, &scene.look()).unwrap_or_else(|| panic!("{command:?} is taken"))
}

/// Puts the cursor on `state`.
fn go_to(pane: &mut StatesPane, scene: &Scene, state: &str) {
    assert!(pane.search(state, true, &scene.look()), "{state} is there");
}

fn cursor(pane: &StatesPane, scene: &Scene) -> String {
    let look = scene.look();
    pane.state_under_cursor(&look)
        .map_or("start".into(), |id| look.machine.expect("a machine").state(id).name.to_string())
}

#[test]
fn a_machine_is_drawn_with_all_its_scopes() {
    let mut scene = order();
    scene.toggle_breakpoint("Each");
    let mut pane = StatesPane::new();
    scene.draw(&mut pane, 60, 15);
    command(&mut pane, &scene, Command::Down);
    let expected = [
        "     ○ start",
        " ·   │ Validate ↯1    Task     lambda:invoke",
        " · ╭─◇ In stock?      Choice",
        " · │ ├─╮ Fulfil       Parallel 2 branches",
        " · │ │ ├─┬ Reserve    Pass",
        " · │ │ │ ╰ Slow ship  Task     function",
        " · │ │ ╰── Invoice    Pass",
        "●· │ ├─╮ Each         Map      $.items",
        " · │ │ │ Render       Pass",
        " · │ │ ╰ Pause        Wait     3 s",
        " · │ ◉ Done           Succeed",
        " · ╰▸◉ Sold out       Fail     SoldOut",
    ];
    assert_eq!(rows(&scene.draw(&mut pane, 60, 15)), expected);
    assert_eq!(pane.title(&scene.look()), "11 states");
    // The transitions of catchers are drawn for the state of the cursor.
    command(&mut pane, &scene, Command::Up);
    assert_eq!(rows(&scene.draw(&mut pane, 60, 15))[1], " · ╭─┤ Validate ↯1    Task     lambda:invoke");
    assert_eq!(rows(&scene.draw_as(&mut pane, false, 60, 15))[1], " ·   │ Validate ↯1    Task     lambda:invoke");
    // What does not fit gives way from the right.
    assert_eq!(rows(&scene.draw(&mut pane, 36, 15))[11], " · ╰▸◉ Sold out       Fail     Sold…");
    assert_eq!(rows(&scene.draw(&mut pane, 12, 15))[6], " · │ │ ╰── …");
    scene.glyphs = Glyphs::ASCII;
    let ascii = rows(&scene.draw(&mut StatesPane::new(), 60, 15));
    assert!(ascii.iter().all(|row| row.is_ascii()), "{ascii:?}");
}

#[tokio::test]
async fn marks_say_how_far_each_state_is() {
    let mut scene = order();
    let mut pane = StatesPane::new();
    assert_eq!(marks(&scene.draw(&mut pane, 60, 15)), "···········");
    scene.clock = Clock::real();
    scene.start(INPUT).await;
    scene.run_to("Fulfil").await;
    assert_eq!(marks(&scene.draw(&mut pane, 60, 15)), "✓✓▶········");
    assert_eq!(pane.title(&scene.look()), "3 of 11 visited");
    scene.go(StepSize::Continue).await;
    let shown = scene.draw(&mut pane, 60, 15);
    assert_eq!(marks(&shown), "✓✓▶✓⧗✓·····");
    assert_eq!(rows(&shown)[5], " ⧗ │ │ │ ╰ Slow ship  Task     waits for its task");
    // Stopped for good: it ends where it was.
    scene.abort().await;
    assert_eq!(marks(&scene.draw(&mut pane, 60, 15)), "✓✓✗✓✗✓·····");
    // An earlier moment: two events into the run.
    scene.look_back(2);
    assert_eq!(marks(&scene.draw(&mut pane, 60, 15)), "▶··········");
}

#[tokio::test]
async fn visits_and_tries_are_counted_and_errors_named() {
    let text = "
StartAt: Count
States:
  Count: {Type: Pass, Parameters: {n.$: 'States.MathAdd($.n, 1)'}, Next: Enough}
  Enough:
    Type: Choice
    Choices: [{Variable: $.n, NumericLessThan: 3, Next: Count}]
    Default: Bad call
  Bad call:
    Type: Task
    Resource: '${F}'
    Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 2}]
    Catch: [{ErrorEquals: [States.ALL], Next: Bad end}]
    End: true
  Bad end: {Type: Task, Resource: '${F}', End: true}
";
    let mut scene = Scene::new("loop.asl.yaml", text);
    scene.start(r#"{"n": 0}"#).await;
    scene.go(StepSize::Continue).await;
    let shown = rows(&scene.draw(&mut StatesPane::new(), 60, 15));
    assert!(shown[1].starts_with(" ↻ ") && shown[1].ends_with("↻3"), "{shown:?}");
    assert!(shown[3].starts_with(" ✗ ") && shown[3].contains("Task     Custom.Bad  3 tries  3.0"), "{shown:?}");
    assert!(shown[4].starts_with(" ✗ ") && shown[4].ends_with("Custom.Bad"), "{shown:?}");
}

#[tokio::test]
async fn a_failure_inside_is_marked_where_it_arose_and_where_it_was_caught() {
    let text = "
StartAt: Both
States:
  Both:
    Type: Parallel
    Branches:
      - {StartAt: Bad one, States: {Bad one: {Type: Task, Resource: '${F}', End: true}}}
      - {StartAt: Slow one, States: {Slow one: {Type: Task, Resource: '${F}', End: true}}}
    Catch: [{ErrorEquals: [States.ALL], Next: After}]
    End: true
  After: {Type: Pass, End: true}
";
    let mut scene = Scene::new("both.asl.yaml", text);
    scene.start("{}").await;
    scene.run_to("After").await;
    let mut pane = StatesPane::new();
    let shown = scene.draw_as(&mut pane, false, 60, 6);
    assert_eq!(marks(&shown), "✗✗·▶", "{}", shown.text());
    assert!(rows(&shown)[2].ends_with("Custom.Bad"), "{}", shown.text());
    // Before it arose nothing is marked.
    let before = scene.seen.as_ref().map(|seen| &seen.view.log.events);
    let first =
        before.and_then(|events| events.iter().position(|event| event.kind.fault().is_some())).expect("a failure");
    scene.look_back(first);
    assert!(!marks(&scene.draw(&mut pane, 60, 6)).contains('✗'));
}

#[tokio::test]
async fn the_cursor_follows_the_run_and_not_against_the_reader() {
    let mut scene = order();
    scene.start(INPUT).await;
    let mut pane = StatesPane::new();
    scene.draw(&mut pane, 60, 6);
    assert_eq!(cursor(&pane, &scene), "Validate");
    command(&mut pane, &scene, Command::End);
    scene.go(StepSize::Stage).await;
    scene.draw(&mut pane, 60, 6);
    assert_eq!(cursor(&pane, &scene), "Sold out", "still in the same state");
    scene.run_to("Reserve").await;
    let shown = scene.draw(&mut pane, 60, 6);
    assert_eq!(cursor(&pane, &scene), "Reserve");
    assert!(shown.lines().iter().any(|line| line.starts_with(" ▶ │ │ ├─┬ Reserve")), "{}", shown.text());
    assert_eq!(shown.cursor.map(|at| at.x), Some(shown.at(11, 0).x), "on the name");
}

#[tokio::test]
async fn nested_scopes_fold() {
    let mut scene = order();
    let mut pane = StatesPane::new();
    scene.draw(&mut pane, 60, 15);
    go_to(&mut pane, &scene, "Slow ship");
    command(&mut pane, &scene, Command::Fold);
    assert_eq!(cursor(&pane, &scene), "Fulfil", "first to what it is in");
    command(&mut pane, &scene, Command::Fold);
    let shown = scene.draw(&mut pane, 60, 15);
    assert_eq!(rows(&shown).len(), 9);
    assert_eq!(rows(&shown)[3], " · │ ├─▸ Fulfil     Parallel 2 branches");
    // The run goes on inside: that shows on what hides it.
    scene.start(INPUT).await;
    scene.run_to("Reserve").await;
    assert_eq!(marks(&scene.draw(&mut pane, 60, 15)), "✓✓▶·····");
    // Folds are kept by name.
    scene.seen = None;
    scene.read("order.asl.yaml", &ORDER.replace("StartAt: Validate", "Comment: new\nStartAt: Validate"));
    assert_eq!(rows(&scene.draw(&mut pane, 60, 15)).len(), 9);
    go_to(&mut pane, &scene, "Fulfil");
    command(&mut pane, &scene, Command::Unfold);
    assert_eq!(rows(&scene.draw(&mut pane, 60, 15)).len(), 12);
    command(&mut pane, &scene, Command::Unfold);
    assert_eq!(cursor(&pane, &scene), "Fulfil");
}

#[test]
fn what_commands_ask_for() {
    let scene = order();
    let mut pane = StatesPane::new();
    scene.draw(&mut pane, 60, 15);
    go_to(&mut pane, &scene, "slow SHIP");
    let id = scene.id("Slow ship");
    assert_eq!(command(&mut pane, &scene, Command::Open), [Request::LookAtState(id)]);
    assert_eq!(command(&mut pane, &scene, Command::ToggleBreakpoint), [Request::ToggleBreakpoint(id)]);
    let copied = Request::Copy("the path of the state", "Fulfil / Slow ship".to_owned());
    assert_eq!(command(&mut pane, &scene, Command::CopyPath), [copied]);
    let copied = Request::Copy("the row", "Slow ship  Task  function".to_owned());
    assert_eq!(command(&mut pane, &scene, Command::CopyText), [copied]);
    command(&mut pane, &scene, Command::Home);
    assert_eq!(cursor(&pane, &scene), "start");
    assert_eq!(command(&mut pane, &scene, Command::Open), []);
    assert!(matches!(command(&mut pane, &scene, Command::ToggleBreakpoint)[..], [Request::Say(_)]));
    assert_eq!(pane.command(Command::Quit, &scene.look()), None);
    assert!(!pane.search("nowhere", true, &scene.look()));
}

#[test]
fn the_mouse_selects_folds_opens_and_sets_breakpoints() {
    let scene = order();
    let mut pane = StatesPane::new();
    let shown = scene.draw(&mut pane, 60, 15);
    assert_eq!(pane.click(shown.at(20, 2), false, &scene.look()), []);
    assert_eq!(cursor(&pane, &scene), "In stock?");
    assert_eq!(pane.click(shown.at(20, 2), true, &scene.look()), [Request::LookAtState(scene.id("In stock?"))]);
    assert_eq!(pane.click(shown.at(0, 3), false, &scene.look()), [Request::ToggleBreakpoint(scene.id("Fulfil"))]);
    assert_eq!(pane.click(shown.at(0, 3), true, &scene.look()), []);
    assert_eq!(pane.click(shown.at(5, 3), false, &scene.look()), [], "on the sign that folds");
    assert_eq!(rows(&scene.draw(&mut pane, 60, 15)).len(), 9);
}

#[test]
fn the_cursor_stays_with_its_state() {
    let mut scene = order();
    let mut pane = StatesPane::new();
    scene.draw(&mut pane, 60, 15);
    go_to(&mut pane, &scene, "Each");
    let more =
        ORDER.replace("StartAt: Validate\nStates:", "StartAt: First\nStates:\n  First: {Type: Pass, Next: Validate}");
    scene.read("order.asl.yaml", &more);
    scene.draw(&mut pane, 60, 15);
    assert_eq!((cursor(&pane, &scene), pane.rows.cursor), ("Each".to_owned(), 8));
    // Over a version with errors as well.
    scene.read("order.asl.yaml", "States:");
    scene.draw(&mut pane, 60, 15);
    scene.read("order.asl.yaml", ORDER);
    scene.draw(&mut pane, 60, 15);
    assert_eq!(cursor(&pane, &scene), "Each");
    scene.read("order.asl.yaml", "StartAt: Only\nStates:\n  Only: {Type: Succeed}\n");
    scene.draw(&mut pane, 60, 15);
    assert_eq!(cursor(&pane, &scene), "Only");
}

#[test]
fn an_empty_pane_says_what_would_fill_it() {
    let shown = Scene::empty().draw(&mut StatesPane::new(), 50, 8).text();
    assert!(shown.contains("No definition is loaded."), "{shown}");
    let broken = Scene::new("order.asl.yaml", "StartAt: Nowhere\nStates: {}\n");
    let shown = broken.draw(&mut StatesPane::new(), 50, 8).text();
    assert!(shown.contains("has errors") && shown.contains("7 lists them"), "{shown}");
}

#[test]
fn while_there_are_errors_the_last_good_version_is_drawn() {
    let mut scene = order();
    scene.toggle_breakpoint("Each");
    let mut pane = StatesPane::new();
    scene.draw(&mut pane, 60, 16);
    go_to(&mut pane, &scene, "Each");
    let good = rows(&scene.draw(&mut pane, 60, 16));
    for broken in ["States:", &ORDER.replace("Next: Each", "Next: Nowhere")] {
        scene.read("order.asl.yaml", broken);
        let shown = scene.draw(&mut pane, 60, 16);
        let mut expected = vec!["! these states are from before them".to_owned()];
        expected.extend(good.iter().cloned());
        assert_eq!(rows(&shown), expected);
        assert_eq!(pane.title(&scene.look()), "last good version");
        assert_eq!(pane.state_under_cursor(&scene.look()), None, "it has no state of this version");
        let said =
            |requests: Vec<Request>, words: &str| matches!(&requests[..], [Request::Say(text)] if text.contains(words));
        assert!(said(command(&mut pane, &scene, Command::ToggleBreakpoint), "no errors"));
        assert!(said(command(&mut pane, &scene, Command::Open), "7 lists them"));
        assert!(said(pane.click(shown.at(20, 3), true, &scene.look()), "before the errors"), "below the note");
        assert_eq!(pane.rows.cursor, 2);
        scene.draw_at_all_sizes(&mut pane);
        scene.draw(&mut pane, 60, 16);
        go_to(&mut pane, &scene, "Each");
    }
    scene.read("order.asl.yaml", ORDER);
    assert_eq!(rows(&scene.draw(&mut pane, 60, 16)), good);
    assert_eq!(cursor(&pane, &scene), "Each");
}

#[tokio::test]
async fn the_row_of_the_run_and_the_cursor_differ_without_colours() {
    let mut scene = order();
    scene.start(INPUT).await;
    let mut pane = StatesPane::new();
    scene.draw(&mut pane, 60, 15);
    command(&mut pane, &scene, Command::Down);
    let shown = scene.draw(&mut pane, 60, 15);
    let style = |shown: &Drawn, row, text| shown.style(row, text).add_modifier;
    let (here, cursor, plain) = (style(&shown, 1, "Validate"), style(&shown, 2, "In"), style(&shown, 3, "Fulfil"));
    assert!(here != cursor && cursor != plain && here != plain, "{here:?} {cursor:?} {plain:?}");
    let unfocused = scene.draw_as(&mut pane, false, 60, 15);
    assert_ne!(style(&unfocused, 2, "In"), style(&unfocused, 3, "Fulfil"), "the cursor is seen from other panes");
}

#[tokio::test]
async fn any_size_will_do_at_any_moment() {
    let mut scene = order();
    scene.toggle_breakpoint("Each");
    let mut pane = StatesPane::new();
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

#[derive(Debug, Clone)]
enum Act {
    Command(Command),
    Read(usize),
    Draw(u16, u16),
    Click(u16, u16, bool),
    Scroll(i32),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => proptest::sample::select(Command::ALL).prop_map(Act::Command),
        1 => (0..ORDER.len()).prop_map(Act::Read),
        2 => (0u16..50, 0u16..12).prop_map(|(width, height)| Act::Draw(width, height)),
        1 => (0u16..60, 0u16..16, any::<bool>()).prop_map(|(x, y, double)| Act::Click(x, y, double)),
        1 => (-40i32..40).prop_map(Act::Scroll),
    ]
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(acts in proptest::collection::vec(any_act(), 0..24)) {
        let (mut scene, mut pane) = (Scene::empty(), StatesPane::new());
        for act in acts {
            match act {
                Act::Command(command) => drop(pane.command(command, &scene.look())),
                // Some starts of the text are whole definitions.
                Act::Read(end) => scene.read("a.yaml", ORDER.get(..end).unwrap_or_default()),
                Act::Draw(width, height) => {
                    let shown = scene.draw(&mut pane, width, height);
                    prop_assert!(shown.cursor.is_none_or(|at| shown.area.contains(at)));
                }
                Act::Click(x, y, double) => drop(pane.click(Position::new(x, y), double, &scene.look())),
                Act::Scroll(rows) => pane.scroll(rows, &scene.look()),
            }
            pane.row_text(&scene.look());
            prop_assert!(pane.rail.is_none() || pane.rows.cursor < pane.len());
        }
    }
}
