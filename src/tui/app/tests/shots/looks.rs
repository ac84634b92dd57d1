//! Other looks: boxes, plain mode.

use super::{TRIES, pressed};
use crate::tui::app::tests::bench::Bench;

fn order() -> Bench {
    Bench::sample("order")
}

fn plain() -> Bench {
    order().plain()
}

#[tokio::test]
async fn boxes() {
    pressed("boxes", order, "@ B o o k Enter t g v 2 2").await;
    pressed("boxes-caught", || Bench::new(TRIES, "[1,2]"), "g v 2 2 g g / F e t c h Enter").await;
    pressed("boxes-start", order, "g v 2 2 g g j").await;
    pressed("boxes-in-a-pane", order, "@ F u l f i l Enter t g v 2").await;
}

#[tokio::test]
async fn plain_mode() {
    for (name, keys) in [
        ("plain-source", "@ B o o k Enter t"),
        ("plain-states", "@ B o o k Enter t 2"),
        ("plain-data", "@ B o o k Enter t s s s 3"),
        ("plain-failed", "g m I n v a l i d Enter c 3"),
        ("plain-runs", "c r g r"),
        ("plain-answer", "g m N o C Enter c"),
    ] {
        pressed(name, plain, keys).await;
    }
}
