//! The mouse.

use ratatui::crossterm::event::{MouseButton, MouseEventKind};

use super::bench::Bench;

/// The focus, as the help names it.
async fn focus(bench: &mut Bench) -> String {
    bench.keys("F1").await;
    let screen = bench.screen();
    bench.keys("Esc").await;
    let line = screen.lines().find_map(|line| line.split_once("Here: ")).map(|(_, rest)| rest);
    line.and_then(|rest| rest.split_whitespace().next()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_click_focuses_what_is_under_it() {
    let mut bench = Bench::sample("order").sized(120, 40);
    bench.keys("n").await;
    for pane in ["States", "Data", "Context", "History", "Stack", "Source"] {
        let title = format!(" {pane}");
        bench.click(&title, None).await;
        assert_eq!(focus(&mut bench).await, pane);
    }
    bench.click("currency: ", None).await;
    assert_eq!(focus(&mut bench).await, "Context");
}

#[tokio::test]
async fn a_click_in_the_gutter_sets_a_breakpoint_and_clears_it() {
    let mut bench = Bench::sample("order");
    bench.keys("").await;
    // Not at one place: the second click of two does nothing.
    for (column, words) in [(0, "Breakpoint on Validate order set"), (1, "Breakpoint on Validate order cleared")] {
        bench.click("\"Validate order\": {", Some(column)).await;
        assert!(bench.screen().contains(words), "{}", bench.screen());
    }
}

#[tokio::test]
async fn the_wheel_scrolls_what_is_under_the_pointer_and_focuses_nothing() {
    let mut bench = Bench::sample("order").sized(120, 40);
    bench.keys("2").await;
    let at = bench.place_of("\"StartAt\": \"Validate order\"");
    bench.mouse(MouseEventKind::ScrollDown, at.x, at.y).await;
    assert!(!bench.screen().contains("\"StartAt\": \"Validate order\""), "{}", bench.screen());
    bench.mouse(MouseEventKind::ScrollUp, at.x, at.y).await;
    assert!(bench.screen().contains("\"StartAt\": \"Validate order\""), "{}", bench.screen());
    assert_eq!(focus(&mut bench).await, "States");
}

#[tokio::test]
async fn a_rule_is_dragged() {
    let mut bench = Bench::sample("order").sized(120, 40);
    bench.keys("n").await;
    let corner = bench.place_of("┬ 2 States");
    bench.mouse(MouseEventKind::Down(MouseButton::Left), corner.x, corner.y + 3).await;
    bench.mouse(MouseEventKind::Drag(MouseButton::Left), corner.x - 9, corner.y + 4).await;
    bench.mouse(MouseEventKind::Up(MouseButton::Left), corner.x - 9, corner.y + 4).await;
    assert_eq!(bench.place_of("┬ 2 States").x, corner.x - 9);
    let data = bench.place_of("3 Data");
    bench.mouse(MouseEventKind::Down(MouseButton::Left), data.x, data.y).await;
    bench.mouse(MouseEventKind::Drag(MouseButton::Left), data.x, data.y - 4).await;
    assert_eq!(bench.place_of("3 Data").y, data.y - 4);
}

#[tokio::test]
async fn a_second_click_follows_a_transition() {
    let mut bench = Bench::sample("order");
    bench.keys("").await;
    bench.click("\"Next\": \"Valid?\"", None).await;
    bench.click("\"Next\": \"Valid?\"", None).await;
    assert!(bench.report().contains("cursor (6, 11):     \"Valid?\": {"), "{}", bench.report());
}

#[tokio::test]
async fn a_click_chooses_in_a_list() {
    let mut bench = Bench::sample("order").sized(120, 40);
    bench.keys("c c r g r").await;
    bench.click("      1  SUCCEEDED", None).await;
    bench.keys("Enter").await;
    assert!(bench.screen().contains("run 1 of 2"), "{}", bench.screen());
}
