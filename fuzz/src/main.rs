//! Gives the readers and evaluators of asldb random inputs, and reports what does not hold.
//!
//! ```text
//! asldb-fuzz TARGET [--seconds N] [--seed S]    cases 0, 1, 2, … of the seed, until the time is over
//! asldb-fuzz TARGET --case N [--seed S]         one case: shows it and runs it
//! asldb-fuzz TARGET --file FILE                 a text in the place of the first one of a case
//! ```
//!
//! The cases run in a child, on a thread with the stack that threads usually have: a stack that overflows ends the child
//! alone, and the case it was at is known. Reported are panics, ends of the child, what a check says, cases that take
//! longer than two seconds, and those that need more than 1 GiB of memory. Kinds of findings are told once.

#[path = "../../tests/properties/fuzz/mod.rs"]
mod fuzz;

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use fuzz::{TARGETS, Target, Verdict, case};

/// The stack of threads where nothing else is said.
const STACK: usize = 2 << 20;
/// What a case may take.
const SLOW: Duration = Duration::from_secs(2);
/// What ends the child.
const HANGING: Duration = Duration::from_secs(120);
/// Kilobytes that a case may need.
const MEMORY: u64 = 1 << 20;

struct Options {
    target: &'static Target,
    seconds: u64,
    seed: u64,
    case: Option<u64>,
    file: Option<PathBuf>,
    /// In the child: the case to begin with, and where it says which one it is at.
    from: Option<(u64, PathBuf)>,
}

fn main() -> ExitCode {
    match options(std::env::args().skip(1)) {
        Ok(Options { target, case: Some(number), seed, .. }) => one(target, &case(target, seed, number)),
        Ok(Options { target, file: Some(file), .. }) => {
            let mut texts = case(target, 1, 1);
            texts[0] = std::fs::read_to_string(file).expect("a text");
            one(target, &texts)
        }
        Ok(options) if options.from.is_some() => on_a_usual_stack(|| child(&options)),
        Ok(options) => parent(&options),
        Err(message) => {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            eprintln!(
                "{message}\nusage: asldb-fuzz TARGET [--seconds N] [--seed S] [--case N]\ntargets: {}",
                names.join(", ")
            );
            ExitCode::from(2)
        }
    }
}

fn options(mut words: impl Iterator<Item = String>) -> Result<Options, String> {
    let name = words.next().ok_or("no target")?;
    let target = TARGETS.iter().find(|target| target.name == name).ok_or(format!("no target {name}"))?;
    let mut options = Options { target, seconds: 60, seed: 1, case: None, file: None, from: None };
    let number = |text: Option<String>| text.and_then(|text| text.parse::<u64>().ok()).ok_or("a number is needed");
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => options.seconds = number(words.next())?,
            "--seed" => options.seed = number(words.next())?,
            "--case" => options.case = Some(number(words.next())?),
            "--file" => options.file = words.next().map(PathBuf::from),
            "--from" => options.from = Some((number(words.next())?, words.next().ok_or("a file")?.into())),
            other => return Err(format!("unknown: {other}")),
        }
    }
    Ok(options)
}

fn on_a_usual_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).expect("a thread");
        thread.join().expect("panics are caught")
    })
}

fn one(target: &Target, texts: &[String]) -> ExitCode {
    println!("{}", texts.join("\n----\n"));
    let start = Instant::now();
    let verdict = on_a_usual_stack(|| (target.check)(texts));
    println!("{:?} after {:?}", verdict, start.elapsed());
    ExitCode::from(u8::from(verdict.is_err()))
}

/// Starts children, each where the last one ended, until the time is over.
fn parent(options: &Options) -> ExitCode {
    let program = std::env::current_exe().expect("the program itself");
    let progress = std::env::temp_dir().join(format!("asldb-fuzz-{}-{}", options.target.name, std::process::id()));
    let start = Instant::now();
    let (mut next, mut findings) = (0, 0);
    while start.elapsed().as_secs() < options.seconds {
        let left = options.seconds - start.elapsed().as_secs();
        let mut command = Command::new(&program);
        command.arg(options.target.name).arg("--from").arg(next.to_string()).arg(&progress).stdin(Stdio::null());
        command.args(["--seconds", &left.to_string(), "--seed", &options.seed.to_string()]);
        let mut running = command.spawn().expect("the program starts");
        let (status, hung) = wait(&mut running, &progress);
        let (at, found) = reached(&progress);
        findings += found;
        next = at + 1;
        if !status {
            findings += 1;
            let what = if hung { "takes for ever" } else { "ends the program" };
            println!("FINDING {} --seed {} --case {at}: {what}", options.target.name, options.seed);
        }
    }
    drop(std::fs::remove_file(&progress));
    println!("{}: {next} cases, {} s, {findings} findings", options.target.name, start.elapsed().as_secs());
    ExitCode::from(u8::from(findings > 0))
}

/// Whether the child ended well, and whether it had to be ended.
fn wait(child: &mut std::process::Child, progress: &Path) -> (bool, bool) {
    let mut last = (u64::MAX, Instant::now());
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return (status.success(), false);
        }
        let (at, _) = reached(progress);
        if at != last.0 {
            last = (at, Instant::now());
        }
        if last.1.elapsed() > HANGING {
            drop(child.kill());
            drop(child.wait());
            return (false, true);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The case that the child is at, and its findings so far.
fn reached(progress: &Path) -> (u64, u64) {
    let bytes = std::fs::read(progress).unwrap_or_default();
    let number =
        |at: usize| bytes.get(at..at + 8).map_or(0, |bytes| u64::from_le_bytes(bytes.try_into().expect("8 bytes")));
    (number(0), number(8))
}

/// Where the last panic was.
fn panicked() -> &'static Mutex<String> {
    static PLACE: OnceLock<Mutex<String>> = OnceLock::new();
    PLACE.get_or_init(Mutex::default)
}

fn child(options: &Options) -> ExitCode {
    let Some((from, progress)) = &options.from else { return ExitCode::FAILURE };
    std::panic::set_hook(Box::new(|info| *panicked().lock().expect("no panic while locked") = info.to_string()));
    let progress = File::create(progress).expect("a file");
    let start = Instant::now();
    let mut known = HashSet::new();
    let mut findings = 0u64;
    for number in *from.. {
        let mut place = [0; 16];
        place[..8].copy_from_slice(&number.to_le_bytes());
        place[8..].copy_from_slice(&findings.to_le_bytes());
        progress.write_all_at(&place, 0).expect("room for 16 bytes");
        if start.elapsed().as_secs() >= options.seconds {
            break;
        }
        if let Some(finding) = finding(options.target, &case(options.target, options.seed, number)) {
            // What is new of its kind: numbers and what is quoted differ from case to case.
            let kind: String =
                finding.chars().take_while(|c| *c != ':' || finding.starts_with("panic")).take(90).collect();
            let kind: String = kind.chars().filter(|c| !c.is_ascii_digit()).collect();
            if known.insert(kind) {
                findings += 1;
                let finding: String = finding.chars().take(600).collect();
                println!("FINDING {} --seed {} --case {number}: {finding}", options.target.name, options.seed);
                drop(std::io::stdout().flush());
            }
        }
    }
    ExitCode::SUCCESS
}

fn finding(target: &Target, texts: &[String]) -> Option<String> {
    let start = worked();
    let verdict: Verdict = catch_unwind(AssertUnwindSafe(|| (target.check)(texts)))
        .unwrap_or_else(|_| Err(format!("panic {}", panicked().lock().expect("no panic while locked"))));
    let took = worked().saturating_sub(start);
    match verdict {
        Err(message) => Some(message),
        Ok(()) if took > SLOW => Some(format!("slow: {took:?}")),
        Ok(()) if took > Duration::from_millis(100) => memory(),
        Ok(()) => None,
    }
}

/// How long this thread has worked, without the time in which others did.
fn worked() -> Duration {
    let known = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(known.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

/// The most memory that was held since this was asked last, if it was too much.
fn memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().ok()?;
    drop(std::fs::write("/proc/self/clear_refs", "5"));
    (kilobytes > MEMORY).then(|| format!("memory: {} MiB", kilobytes >> 10))
}
