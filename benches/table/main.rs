//! How fast asldb is, held against what it promises, as one table.
//!
//! `cargo bench --bench table` prints it; `-- --check` ends with status 1 if a figure is over its limit, and `-- --rounds N`
//! measures more or less often. Each figure is the median over rounds, each measurement a process of its own: processor
//! time of user and kernel in all threads, so that other programs do not count, on a heap that nothing was on before.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the numbers are the result")]
#![cfg_attr(
    unix,
    expect(clippy::cast_precision_loss, clippy::panic, reason = "numbers for people; a work that fails has no figure")
)]

#[cfg(unix)]
mod definitions;
#[cfg(unix)]
mod meter;
#[cfg(unix)]
mod rows;
#[cfg(unix)]
mod work;

#[cfg(not(unix))]
fn main() {
    println!("processor time is measured on Unix only");
}

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |option, at| arguments.iter().skip_while(move |given| *given != option).nth(at);
    if let Some(work) = after(meter::OPTION, 1) {
        return meter::answer(work, after(meter::OPTION, 2));
    }
    let rounds = after("--rounds", 1).and_then(|count| count.parse().ok()).unwrap_or(9);
    let within = rows::print(&rows::measure(rounds));
    let fails = !within && arguments.iter().any(|given| given == "--check");
    std::process::ExitCode::from(u8::from(fails))
}
