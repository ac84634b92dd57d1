//! What an Express execution would be billed for, by the published rules.

use super::parameters::Answer;
use crate::engine::{EventKind, Log, Machine};

/// The time is billed in steps of this many milliseconds (recorded).
const MILLIS: i64 = 100;

/// Memory is billed in chunks of this many megabytes (pricing page).
const CHUNK: u64 = 64;

/// What every execution is counted with before its definition and data (pricing page), in bytes. A megabyte is a million
/// bytes, as in the page's example.
const BASE: u64 = 50_000_000;
const MEGABYTE: u64 = 1_000_000;

/// `billingDetails` of an execution that has ended.
pub(super) fn details(definition: &str, machine: &Machine, log: &Log) -> Answer {
    let stopped = log.events.last().map_or(machine.now(), |event| event.at);
    let millis = stopped.since(machine.started()).max(1);
    let billed = (millis + MILLIS - 1) / MILLIS * MILLIS;
    let branches = log.branches.len().saturating_sub(1).max(1);
    let megabytes = memory(definition.len(), largest(log), branches);
    let megabytes = i64::try_from(megabytes).unwrap_or(i64::MAX);
    Answer::new().with("billedDurationInMilliseconds", billed).with("billedMemoryUsedInMB", megabytes)
}

/// Megabytes billed for a definition and data of these sizes in bytes, with so many branches of Parallel states and
/// iterations of Map states.
fn memory(definition: usize, data: usize, branches: usize) -> u64 {
    let data = (data as u64).saturating_mul(branches as u64);
    let bytes = BASE.saturating_add(definition as u64).saturating_add(data);
    bytes.div_ceil(MEGABYTE * CHUNK) * CHUNK
}

/// The largest data of any state.
fn largest(log: &Log) -> usize {
    let sizes = log.events.iter().map(|event| match &event.kind {
        EventKind::ExecutionStarted { input: data }
        | EventKind::StateEntered { input: data, .. }
        | EventKind::StateExited { output: data, .. } => data.size(),
        _ => 0,
    });
    sizes.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::memory;

    #[test]
    fn memory_comes_in_chunks() {
        // The example of the pricing page: 50 KB of definition, 400 steps of a Map with 32 KB each.
        assert_eq!(memory(50_000, 32_000, 400), 64);
        assert_eq!(memory(50_000, 32_000, 440), 128);
        assert_eq!(memory(1000, 100, 1), 64);
        assert_eq!(memory(1000, 262_144, 1000), 320);
    }
}
