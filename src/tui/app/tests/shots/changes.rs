//! Runs changed by hand, other runs made of them, definitions that change under them.

use super::{BLAND, ERRAND, SOUP, WISH, pressed, shots};
use crate::tui::app::tests::bench::Bench;

fn soup() -> Bench {
    Bench::new(SOUP, BLAND)
}

#[tokio::test]
async fn two_runs_side_by_side() {
    shots("compare", soup, async |bench: &mut Bench| {
        bench.keys("c N N E").await;
        bench.write(r#"{"salt":true,"how":"cut","guests":6}"#).await;
        bench.keys("Ctrl-s c g =").await;
    })
    .await;
    pressed("compare-order", || Bench::sample("order"), "c g m C a r d D e c Enter r c g =").await;
}

#[tokio::test]
async fn another_definition() {
    let mended = SOUP
        .replace(r#""Type": "Fail", "Error": "Soup.Bland", "Cause": "no salt""#, r#""Type": "Pass", "Next": "Serve""#);
    shots("reloaded", soup, async |bench: &mut Bench| {
        bench.keys("c").await;
        bench.saved(&mended).await;
    })
    .await;
    shots("resume", soup, async |bench: &mut Bench| {
        bench.keys("c").await;
        bench.saved(&mended).await;
        bench.keys("F").await;
    })
    .await;
    shots("resume-gone", soup, async |bench: &mut Bench| {
        bench.keys("n n").await;
        bench.saved(r#"{ "StartAt": "Serve", "States": { "Serve": { "Type": "Pass", "End": true } } }"#).await;
        bench.keys("F").await;
    })
    .await;
}

#[tokio::test]
async fn a_state_left_and_data_changed() {
    pressed("edit-data", soup, "n n E").await;
    shots("edit-data-wrong", soup, async |bench: &mut Bench| {
        bench.keys("n n E").await;
        bench.write("{\"salt\": tru}").await;
        bench.keys("Ctrl-s").await;
    })
    .await;
    shots("edited", soup, async |bench: &mut Bench| {
        bench.keys("n n E").await;
        bench.write(r#"{"salt":true}"#).await;
        bench.keys("Ctrl-s").await;
    })
    .await;
    pressed("skip-state", || Bench::new(ERRAND, WISH), "n g n").await;
}

#[tokio::test]
async fn the_list_of_runs() {
    pressed("runs", soup, "c r I F6 g r").await;
    pressed("runs-none", soup, "g r").await;
}
