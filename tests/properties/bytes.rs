//! Files that are not as they should be: whatever is in them, the answer is a message or a run, never a panic.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use asldb::asl::Definition;
use asldb::cli::{open, run};
use asldb::engine::Execution;
use asldb::runtime::mock::{MockTasks, Mocks};
use asldb::runtime::tasks::Unanswered;
use asldb::runtime::{Clock, Driver, NoGate, Tasks};
use asldb::value::Value;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::runs::execution;

/// The samples by name; the definition, the input and the mock file of each.
const SAMPLES: [[&str; 3]; 5] = [
    ["order.asl.json", "order.input.json", "order.mock.json"],
    ["retry-and-catch.asl.json", "retry-and-catch.input.json", "retry-and-catch.mock.json"],
    ["wait.asl.yaml", "wait.input.json", "wait.mock.json"],
    ["map.asl.json", "map.input.json", "map.mock.json"],
    ["data-flow.asl.json", "data-flow.input.json", "data-flow.mock.json"],
];

/// What files are spoilt with.
const SCRAPS: [&[u8]; 16] = [
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\\",
    b"$.",
    b"$$",
    b"-1",
    b"1e999",
    b"null",
    b"\xFF",
    b"\xEF\xBB\xBF",
    b"\\ud800",
    b"\n",
];

/// One change of a file.
#[derive(Debug, Clone)]
enum Change {
    Insert(Index, usize),
    Remove(Index, Index),
    CutOff(Index),
    Flip(Index, u8),
    /// One word in the place of another: what is still JSON but says something else.
    Word(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => (any::<Index>(), 0..SCRAPS.len()).prop_map(|(at, scrap)| Change::Insert(at, scrap)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(at, len)| Change::Remove(at, len)),
        1 => any::<Index>().prop_map(Change::CutOff),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, bits)| Change::Flip(at, bits)),
        6 => (any::<Index>(), any::<Index>()).prop_map(|(at, from)| Change::Word(at, from)),
    ]
}

/// Whole files of anything are rarer than changed ones.
fn spoilt() -> impl Strategy<Value = Spoilt> {
    prop_oneof![
        9 => prop::collection::vec(change(), 0..4).prop_map(Spoilt::Changed),
        1 => prop::collection::vec(any::<u8>(), 0..300).prop_map(Spoilt::Bytes),
    ]
}

#[derive(Debug, Clone)]
enum Spoilt {
    Changed(Vec<Change>),
    Bytes(Vec<u8>),
}

impl Spoilt {
    /// The content of the sample `file` after it was spoilt.
    fn content(&self, file: &str) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Changed(changes) => {
                let mut bytes = std::fs::read(sample(file)).expect("a sample");
                changes.iter().for_each(|change| change.apply(&mut bytes));
                bytes
            }
        }
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        match self {
            _ if bytes.is_empty() => {}
            Self::Insert(at, scrap) => {
                let at = at.index(length);
                drop(bytes.splice(at..at, SCRAPS[*scrap].iter().copied()));
            }
            Self::Remove(at, count) => {
                let at = at.index(length);
                bytes.drain(at..(at + count.index(20)).min(length));
            }
            Self::CutOff(at) => bytes.truncate(at.index(length)),
            Self::Flip(at, bits) => bytes[at.index(length)] ^= bits,
            Self::Word(at, from) => {
                let words = words(bytes);
                if words.is_empty() {
                    return;
                }
                let (start, end) = words[at.index(words.len())];
                let (from_start, from_end) = words[from.index(words.len())];
                let word = bytes[from_start..from_end].to_vec();
                bytes.splice(start..end, word);
            }
        }
    }
}

/// Where the words of a text begin and end: names, numbers, paths.
fn words(bytes: &[u8]) -> Vec<(usize, usize)> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"._-$[]".contains(&byte);
    let mut words = Vec::new();
    let mut start = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (is_word(*byte), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn sample(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples").join(file)
}

/// The three spoilt files in a folder of their own.
fn written(sample: usize, spoilt: &[Spoilt; 3]) -> (tempfile::TempDir, [PathBuf; 3]) {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [0, 1, 2].map(|at| {
        let file = folder.path().join(SAMPLES[sample][at]);
        std::fs::write(&file, spoilt[at].content(SAMPLES[sample][at])).expect("a file");
        file
    });
    (folder, files)
}

/// Runs what can be run; everything else has been told by then.
fn run_what_there_is([definition, input, mocks]: &[PathBuf; 3]) {
    let definition: Definition =
        open::definition(definition, &open::Source::default()).expect("a file that can be read").entry.definition;
    assert!(definition.machine.is_some() || definition.has_errors());
    drop(definition.render_diagnostics());
    let input = open::input(Some(&format!("@{}", input.display()))).unwrap_or_else(|_| Value::empty_object());
    let Some(machine) = definition.machine else { return };
    let mocks = run::read_mocks(mocks).ok().and_then(|file| {
        let (machine, cases) =
            file.machines().next().map(|name| (name.clone(), file.cases(name).cloned().collect::<Vec<_>>()))?;
        MockTasks::new(Mocks::new(file), &machine, cases.first()?, Arc::new(Unanswered)).ok()
    });
    let tasks: Arc<dyn Tasks> = mocks.map_or_else(|| Arc::new(Unanswered) as Arc<dyn Tasks>, |mocks| Arc::new(mocks));
    let execution = Execution { input, ..execution(machine, 1) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (machine, _) = runtime.block_on(async {
        let (driver, _handle) = Driver::start(execution, Clock::skipping(), NoGate, tasks);
        driver.run(true).await
    });
    assert!(machine.status().is_done());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(600), ..ProptestConfig::default() })]

    #[test]
    fn any_files_are_told_or_run(sample in 0..SAMPLES.len(), spoilt in [spoilt(), spoilt(), spoilt()]) {
        let (_folder, files) = written(sample, &spoilt);
        run_what_there_is(&files);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(60), ..ProptestConfig::default() })]

    #[test]
    fn the_command_ends_with_a_status(sample in 0..SAMPLES.len(), spoilt in [spoilt(), spoilt(), spoilt()]) {
        let (_folder, [definition, input, mocks]) = written(sample, &spoilt);
        let mut command = Command::new(env!("CARGO_BIN_EXE_asldb"));
        command.arg("run").arg(definition).arg("--skip-waits").arg("--input").arg(format!("@{}", input.display()));
        let output = command.arg("--mocks").arg(mocks).args(["--case", "HappyPath"]).output().expect("it starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        prop_assert!(matches!(output.status.code(), Some(0..=2)) && !stderr.contains("panicked"), "{}: {stderr}", output.status);
        // Something is said exactly when something went wrong.
        prop_assert_eq!(output.status.code() == Some(0), !output.stdout.is_empty(), "{}", stderr);
        prop_assert!(output.status.success() || !stderr.is_empty());
    }
}
