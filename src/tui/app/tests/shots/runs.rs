//! Runs: where they stand, how they end, what was recorded elsewhere.

use super::{SOUP, TRIES, pressed, shots};
use crate::tui::app::tests::bench::Bench;

#[tokio::test]
async fn nothing_has_run_yet() {
    pressed("ready", || Bench::sample("order"), "").await;
}

#[tokio::test]
async fn a_run_that_stands() {
    let keys = "@ B o o k Enter b @ C h a r g e Enter t c s";
    pressed("stands", || Bench::sample("order"), keys).await;
}

#[tokio::test]
async fn branches_and_their_stack() {
    pressed("stack", || Bench::sample("order"), "@ B o o k Enter t 6").await;
    pressed("stack-map", || Bench::sample("map"), "n s s s s 6").await;
    pressed("map-items", || Bench::sample("map"), "n n 3").await;
}

#[tokio::test]
async fn a_run_that_failed() {
    pressed("failed", || Bench::sample("order"), "g m I n v a l i d Enter c").await;
    pressed("failed-branch", || Bench::sample("order"), "g m N o C a r r i e r Enter c").await;
    pressed("failed-caught", || Bench::sample("order"), "g m N o C a r r i e r Enter c 2 g g / F u l Enter 3").await;
}

#[tokio::test]
async fn a_run_that_waits() {
    pressed("waits", || Bench::new(TRIES, "[1,2]"), "c").await;
}

#[tokio::test]
async fn a_run_that_succeeded() {
    pressed("succeeded", || Bench::sample("data-flow"), "c").await;
}

#[tokio::test]
async fn looking_back() {
    pressed("past", || Bench::sample("order"), "c N N N N").await;
}

#[tokio::test]
async fn panes_one_at_a_time() {
    for (name, keys) in [("history", "4"), ("context", "5"), ("problems", "7")] {
        pressed(name, || Bench::sample("order"), &format!("@ B o o k Enter t {keys}")).await;
    }
}

/// What the engine writes when one asks it for the history of the order whose card was declined.
async fn declined() -> (String, String) {
    let mut bench = Bench::sample("order");
    bench.keys("g m C a r d Enter c").await;
    (bench.definition(), bench.history())
}

#[tokio::test]
async fn a_recorded_history() {
    let (definition, history) = declined().await;
    pressed("recorded", || Bench::replaying(&definition, &history), "N N").await;
    pressed("recorded-alone", || Bench::replaying("", &history), "N N").await;
}

#[tokio::test]
async fn a_recorded_history_run_here_parts() {
    let (definition, history) = declined().await;
    let changed = definition.replace("\"ResultPath\": \"$.problem\"", "\"ResultPath\": \"$.trouble\"");
    pressed("recorded-parts", || Bench::replaying(&changed, &history), "g y").await;
}

#[tokio::test]
async fn a_definition_with_errors() {
    let text = SOUP.replace("\"Next\": \"Serve\" }", "\"Next\": \"Server\" }").replace("StringMatches", "StringMatch");
    shots(
        "errors",
        || Bench::new(SOUP, "{}"),
        async |bench: &mut Bench| {
            bench.saved(&text).await;
            bench.keys("7").await;
        },
    )
    .await;
}

#[tokio::test]
async fn the_timeline() {
    pressed("timeline", || Bench::new(TRIES, "[1,2]"), "c W Esc W W Esc W g l").await;
    pressed("timeline-order", || Bench::sample("order"), "g m B u s y Enter g . g . g . g . c g l g g").await;
}
