//! What is drawn of a run: boxes, the timeline, the clock.

use super::bench::{Bench, TRIES};

#[tokio::test]
async fn waits_timeouts_and_backoffs_are_stepped_and_seen_on_the_timeline() {
    let mut bench = Bench::new(TRIES, "[1,2]").sized(120, 40);
    bench.keys("c W").await;
    assert!(bench.screen().contains("clock 00:30.000"), "{}", bench.screen());
    // Nobody answers the task: its timeout, the delay before the retry, and the timeout of that.
    bench.keys("Esc W").await;
    assert!(bench.screen().contains("clock 00:50.000"), "{}", bench.screen());
    bench.keys("W").await;
    assert!(bench.screen().contains("clock 01:00.000"), "{}", bench.screen());
    bench.keys("Esc W").await;
    assert!(bench.screen().contains("FAILED Too.Late"), "{}", bench.screen());
    bench.keys("g l").await;
    assert!(bench.screen().contains("Timeline of run 1"), "{}", bench.screen());
    bench.keys("g g j j Enter").await;
    assert!(bench.screen().contains("looking back at Rest"), "{}", bench.screen());
}

#[tokio::test]
async fn all_waits_are_skipped_as_fast_as_it_goes() {
    let mut bench = Bench::new(TRIES, "[1,2]").sized(120, 40);
    bench.keys("g . g . g . g . c").await;
    assert!(bench.screen().contains("clock 00:30.000 skips waits"), "{}", bench.screen());
}

#[tokio::test]
async fn where_there_is_no_room_for_boxes_are_rails_and_why() {
    let mut bench = Bench::sample("order").sized(60, 12);
    bench.keys("g v").await;
    let screen = bench.screen();
    assert!(screen.contains("no room for boxes") || !screen.contains("╭──"), "{screen}");
}
