//! Lists to choose from, help, lessons.

use super::{pressed, shots};
use crate::tui::app::tests::bench::Bench;

fn order() -> Bench {
    Bench::sample("order")
}

#[tokio::test]
async fn help() {
    pressed("help", order, "n ?").await;
    pressed("help-data", order, "n 3 ? Ctrl-d").await;
    pressed("help-end", order, "n ? G").await;
}

#[tokio::test]
async fn lists_to_choose_from() {
    pressed("palette", order, "n Ctrl-p").await;
    pressed("palette-found", order, "n Ctrl-p b r e a k").await;
    pressed("states", order, "n @ r e").await;
    pressed("themes", order, "g t").await;
    pressed("mock-cases", order, "g m").await;
}

#[tokio::test]
async fn breakpoints() {
    shots("breakpoints", order, async |bench: &mut Bench| {
        bench.keys("@ B o o k Enter b").await;
        for line in [
            "break Charge card after 2 if $.lines[0].total > 50",
            "break Announce delivery log sent {$.orderId} at {$$.State.EnteredTime}",
            "catch error",
            "watchpoint $.fulfilment",
            "disable 3",
        ] {
            bench.line(line).await;
        }
        bench.keys("c g b").await;
    })
    .await;
    pressed("breakpoints-none", order, "g b").await;
}

#[tokio::test]
async fn the_course() {
    pressed("lesson", || Bench::lesson(0), "").await;
    pressed("lesson-under-way", || Bench::lesson(3), "Enter c").await;
    pressed("lesson-again", || Bench::lesson(8), "Enter n n g L").await;
    pressed("lesson-hint", || Bench::lesson(8), "Enter g H").await;
    pressed("lesson-done", || Bench::lesson(0), "Enter n n c").await;
}

#[tokio::test]
async fn words() {
    pressed("words", order, "n n s g i").await;
}
