//! Where one writes: inputs, answers, lines.

use super::{ERRAND, SOUP, WISH, pressed, shots};
use crate::tui::app::tests::bench::Bench;

fn errand() -> Bench {
    Bench::new(ERRAND, WISH)
}

#[tokio::test]
async fn the_answer_to_a_task() {
    pressed("answer-asked", errand, "c").await;
    pressed("answer", errand, "c a").await;
    pressed("answer-error", errand, "c a Tab").await;
    shots("answer-wrong", errand, async |bench: &mut Bench| {
        bench.keys("c a").await;
        bench.write("{\"flour\": 1,}").await;
        bench.keys("F5").await;
    })
    .await;
}

#[tokio::test]
async fn the_input() {
    pressed("input", || Bench::sample("order"), "I").await;
    shots(
        "input-wrong",
        || Bench::new(SOUP, "{}"),
        async |bench: &mut Bench| {
            bench.keys("I").await;
            bench.write("{\"salt\": }").await;
        },
    )
    .await;
}

#[tokio::test]
async fn the_command_line() {
    pressed("line", || Bench::sample("order"), "n : b r").await;
    pressed("line-completion", || Bench::sample("order"), "n : b r e a k Space C Tab").await;
    pressed("line-wrong", || Bench::sample("order"), "n : b r e a k Space N o b o d y Enter").await;
    pressed("line-printed", || Bench::sample("order"), "n n : p r i n t Space $ . l i n e s Enter").await;
    pressed("search", || Bench::sample("order"), "n / C a t").await;
}
