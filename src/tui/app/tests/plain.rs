//! A session for screen readers and logs.

use super::bench::Bench;

/// What nothing on the screen is made of: lines, and signs that are drawn as one thinks of them or not at all.
fn faults(screen: &str) -> Vec<String> {
    let is_sign = |c: char| !c.is_ascii();
    let is_rule = |line: &str| line.contains("---") || line.trim_end().ends_with('|') || line.contains("+--");
    screen.lines().filter(|line| line.contains(is_sign) || is_rule(line)).map(str::to_owned).collect()
}

#[tokio::test]
async fn no_pane_has_lines_or_signs() {
    for (sample, keys) in [("order", "n n n s s s b"), ("retry-and-catch", "c"), ("map", "n s s s s"), ("choice", "n")]
    {
        for size in [(80, 24), (120, 40), (200, 60)] {
            let mut bench = Bench::sample(sample).sized(size.0, size.1).plain();
            bench.keys(keys).await;
            for pane in 1..=7 {
                bench.keys(&pane.to_string()).await;
                let screen = bench.screen();
                assert!(faults(&screen).is_empty(), "{sample} {pane}: {:?}\n{screen}", faults(&screen));
                let titles = screen.lines().filter(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit()));
                assert!(titles.count() >= 1, "{sample} {pane}: a title\n{screen}");
            }
        }
    }
}

#[tokio::test]
async fn layers_have_no_frames() {
    let mut bench = Bench::sample("order").plain();
    bench.keys("n n").await;
    for keys in ["?", "I", "g r", "g t", ":", "/", "@", "g m"] {
        bench.keys(keys).await;
        let screen = bench.screen();
        assert!(faults(&screen).is_empty(), "{keys}: {:?}\n{screen}", faults(&screen));
        bench.keys("Esc").await;
    }
}

#[tokio::test]
async fn one_pane_at_a_time_and_states_in_words() {
    let mut bench = Bench::sample("order").sized(120, 40).plain();
    bench.keys("n n 2").await;
    let screen = bench.screen();
    let row = |name: &str| screen.lines().find(|line| line.contains(name)).unwrap_or_default().trim().to_owned();
    assert!(row("Validate order ").starts_with("done"), "{screen}");
    assert!(screen.lines().any(|line| line.trim().starts_with("now") && line.contains("Valid?")), "{screen}");
    assert!(row("Fulfil ").starts_with("not yet"), "{screen}");
    // What the rails show is said.
    assert!(row("Reserve stock ").contains("to Book carrier"), "{screen}");
    assert!(screen.contains("2 States") && !screen.contains("1 Source"), "{screen}");
    assert!(screen.contains("Did:") && screen.contains("Next:"), "{screen}");
}

#[tokio::test]
async fn changes_are_said_in_the_last_line() {
    let mut bench = Bench::sample("order").plain();
    bench.keys("n").await;
    assert!(
        bench.screen().lines().last().is_some_and(|line| line.contains("paused at") || line.contains("Run 1 started")),
        "{}",
        bench.screen()
    );
    bench.keys("n").await;
    assert!(bench.screen().lines().last().is_some_and(|line| line.contains("paused at Valid?")), "{}", bench.screen());
}

#[tokio::test]
async fn the_cursor_is_on_the_focused_row() {
    let mut bench = Bench::sample("order").plain();
    bench.keys("n").await;
    for keys in ["1", "2", "4", "5", "I", "Esc", "?"] {
        bench.keys(keys).await;
        assert!(!bench.report().contains("cursor nowhere"), "{keys}\n{}", bench.report());
    }
}
