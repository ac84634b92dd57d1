//! One measurement: a process of this program that does one work once and tells what it took.

use std::process::{Command, ExitCode};

use nix::sys::resource::{UsageWho, getrusage};
use nix::time::{ClockId, clock_gettime};

use crate::work::{self, Work};

/// What tells this program to be such a process; the name of the work and its size follow.
pub(crate) const OPTION: &str = "--measure";

/// What a work took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// Processor time in milliseconds.
    pub(crate) millis: f64,
    /// The most memory the process had, in megabytes.
    pub(crate) megabytes: f64,
}

/// Does `work` at `size` in another process.
pub(crate) fn take(work: Work, size: usize) -> Taken {
    let this = std::env::current_exe().expect("the path of this program");
    let output = Command::new(this).args([OPTION, work.name(), &size.to_string()]).output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().map(|number| number.parse::<f64>());
    match (numbers.next(), numbers.next()) {
        (Some(Ok(millis)), Some(Ok(megabytes))) => Taken { millis, megabytes },
        _ => panic!("{}: {text} {}", work.name(), String::from_utf8_lossy(&output.stderr)),
    }
}

/// Is such a process.
pub(crate) fn answer(name: &str, size: Option<&String>) -> ExitCode {
    let work = Work::ALL.into_iter().find(|work| work.name() == name);
    let Some((work, size)) = work.zip(size.and_then(|size| size.parse().ok())) else {
        eprintln!("{OPTION} WORK SIZE");
        return ExitCode::from(2);
    };
    let (millis, who) = match work {
        Work::Cold => (work::cold(size), UsageWho::RUSAGE_CHILDREN),
        _ => (work::warm(work, size), UsageWho::RUSAGE_SELF),
    };
    println!("{millis} {}", peak_megabytes(who));
    ExitCode::SUCCESS
}

/// Processor time of this process so far, in milliseconds.
pub(crate) fn own_millis() -> f64 {
    let now = clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("every Unix has this clock");
    now.tv_sec() as f64 * 1e3 + now.tv_nsec() as f64 / 1e6
}

/// Processor time of the processes that this one has waited for, in milliseconds.
pub(crate) fn children_millis() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("every Unix tells");
    let times = [usage.user_time(), usage.system_time()];
    times.iter().map(|time| time.tv_sec() as f64 * 1e3 + time.tv_usec() as f64 / 1e3).sum()
}

/// The most memory a process had. Of children it counts from before they became another program: whoever measures must be
/// small itself.
fn peak_megabytes(who: UsageWho) -> f64 {
    let most = getrusage(who).expect("every Unix tells").max_rss() as f64;
    // Bytes there, kilobytes elsewhere.
    if cfg!(target_vendor = "apple") { most / 1e6 } else { most * 1024.0 / 1e6 }
}
