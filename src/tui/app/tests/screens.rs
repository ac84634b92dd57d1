//! The whole screen at the usual sizes. Seeds and clock are the same each time, so nothing has to be taken out.

use super::bench::Bench;

/// A run of the sample with nearly everything that stands in a Parallel state.
async fn in_parallel(width: u16, height: u16) -> String {
    let mut bench = Bench::sample("order").sized(width, height);
    bench.keys("@ B o o k Enter b @ C h a r g e Enter t").await;
    bench.keys("c s").await;
    bench.screen()
}

#[tokio::test]
async fn a_run_that_stands_at_80x24() {
    insta::assert_snapshot!("stands-80x24", in_parallel(80, 24).await);
}

#[tokio::test]
async fn a_run_that_stands_at_120x40() {
    insta::assert_snapshot!("stands-120x40", in_parallel(120, 40).await);
}

#[tokio::test]
async fn a_run_that_stands_at_200x60() {
    insta::assert_snapshot!("stands-200x60", in_parallel(200, 60).await);
}

#[tokio::test]
async fn a_run_that_failed() {
    let mut bench = Bench::sample("order").sized(120, 40);
    bench.keys("g m I n v a l i d Enter c").await;
    insta::assert_snapshot!("failed-120x40", bench.screen());
}
