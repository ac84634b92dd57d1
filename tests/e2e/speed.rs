//! How long a key takes to the screen while a run goes at full speed. The figures are printed; what is asserted is only
//! that nobody would call it hanging.

use std::time::Duration;

use crate::definitions::TREADMILL;
use crate::home::Home;
use crate::tty::Tty;

/// Presses measured.
const PRESSES: usize = 60;

#[test]
fn keys_are_answered_while_a_run_goes_at_full_speed() {
    let home = Home::with(&[("treadmill.asl.json", TREADMILL)]);
    let mut tty = Tty::start(&home, (120, 40), &["treadmill.asl.json"], &[]);
    tty.wait_header("ready");
    let idle = measure(&mut tty);
    tty.keys("g s");
    tty.wait_header("running");
    let busy = measure(&mut tty);
    tty.wait_header("running");
    tty.keys("X");
    tty.wait_header("ABORTED");
    tty.quit();
    println!("key to screen: idle {}, during a run {}", figures(&idle), figures(&busy));
    assert!(percentile(&busy, 95) < Duration::from_millis(250), "{}", figures(&busy));
}

/// Lets the source fill the screen and gives it back its size; the times until that is to be seen.
fn measure(tty: &mut Tty) -> Vec<Duration> {
    let mut times = Vec::with_capacity(PRESSES);
    for press in 0..PRESSES {
        let is_shown = press % 2 == 1;
        tty.keys("z");
        times.push(tty.wait("another layout", |screen| screen.contents().contains("4 History") == is_shown));
    }
    times.sort_unstable();
    times
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() - 1) * percent / 100]
}

fn figures(sorted: &[Duration]) -> String {
    format!("median {:.1?}, 95 % {:.1?}", percentile(sorted, 50), percentile(sorted, 95))
}
