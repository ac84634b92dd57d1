//! The journal of a running execution: what its machine was told, a line each.
//!
//! `STEPS MILLISECONDS` is the time alone; then may follow a word for the signal, the task, and JSON values without
//! line breaks. Values stand at the end of a line as they are, not inside other JSON, so that none nests deeper than JSON
//! is read.

use std::fmt::Write;
use std::sync::Arc;

use crate::asl::StateId;
use crate::engine::{BranchId, Change, ChangeKind, Machine, MapRunId, Signal, TaskId};
use crate::runtime::{Recorder, Told};
use crate::store::Store;
use crate::value::{self, Timestamp, Value};

/// Keeps the journal of one execution in the store.
pub(super) struct Journal {
    store: Arc<Store>,
    execution: i64,
    /// The number of the next batch.
    next: u64,
    /// The steps that the store knows of.
    steps: u64,
    lines: String,
}

impl Journal {
    /// Continues the journal of `execution` after `batches` batches and `steps` steps.
    pub(super) fn new(store: Arc<Store>, execution: i64, batches: usize, steps: u64) -> Self {
        let next = u64::try_from(batches).unwrap_or(u64::MAX);
        Self { store, execution, next, steps, lines: String::new() }
    }
}

impl Recorder for Journal {
    fn told(&mut self, told: Told) {
        write(&told, &mut self.lines);
    }

    fn flush(&mut self, machine: &Machine) {
        let steps = machine.steps();
        if self.lines.is_empty() && steps == self.steps {
            return;
        }
        self.store.append_journal(self.execution, self.next, steps, std::mem::take(&mut self.lines)).behind();
        self.next += 1;
        self.steps = steps;
    }
}

/// A batch of one line.
pub(super) fn line(told: &Told) -> String {
    let mut line = String::new();
    write(told, &mut line);
    line
}

/// Appends the line of `told`.
fn write(told: &Told, out: &mut String) {
    let Told { steps, now, signal } = told;
    // Writing to a text does not fail.
    let _ = write!(out, "{steps} {}", now.0);
    let texts = |out: &mut String, texts: [&Option<Arc<str>>; 2]| {
        let values = texts.map(|text| text.clone().map_or(Value::Null, Value::String));
        let _ = write!(out, " {}", Value::from(values.to_vec()));
    };
    match signal {
        None => {}
        Some(Signal::TaskStarted { task, worker }) => {
            let _ = write!(out, " started {}", task.0);
            texts(out, [worker, &None]);
        }
        Some(Signal::TaskSubmitted { task, output }) => {
            let _ = write!(out, " submitted {} {output}", task.0);
        }
        Some(Signal::TaskSucceeded { task, output }) => {
            let _ = write!(out, " succeeded {} {output}", task.0);
        }
        Some(Signal::TaskFailed { task, error, cause, .. }) => {
            let _ = write!(out, " failed {}", task.0);
            texts(out, [error, cause]);
        }
        Some(Signal::TaskHeartbeat { task }) => {
            let _ = write!(out, " heartbeat {} null", task.0);
        }
        // A run that goes on with another definition cannot be made again of the one that is stored.
        Some(Signal::Redefine(_)) => out.push_str(" redefined 0 null"),
        Some(Signal::Change(change)) => {
            let _ = write!(out, " change 0 {}", change_value(change));
        }
        Some(Signal::HoldFailures(holds)) => {
            let _ = write!(out, " hold-failures 0 {holds}");
        }
        Some(Signal::Only(branch)) => {
            let branch = branch.map_or(Value::Null, |branch| Value::from(branch.0));
            let _ = write!(out, " only 0 {branch}");
        }
        Some(Signal::Stop { error, cause }) => {
            out.push_str(" stop 0");
            texts(out, [error, cause]);
        }
        Some(Signal::StopChild { execution, error, cause }) => {
            let texts = [Some(execution), error.as_ref(), cause.as_ref()];
            let values = texts.map(|text| text.cloned().map_or(Value::Null, Value::String));
            let _ = write!(out, " stop-child 0 {}", Value::from(values.to_vec()));
        }
        Some(Signal::Redrive) => out.push_str(" redrive 0 null"),
        Some(Signal::UpdateMapRun { run, max_concurrency, tolerated_failure_count, tolerated_failure_percentage }) => {
            let whole = |number: &Option<u64>| {
                number.and_then(|number| i64::try_from(number).ok()).map_or(Value::Null, Value::from)
            };
            let share = tolerated_failure_percentage.map_or(Value::Null, Value::from);
            let values = vec![whole(max_concurrency), whole(tolerated_failure_count), share];
            let _ = write!(out, " update-map-run {} {}", run.0, Value::from(values));
        }
    }
    out.push('\n');
}

/// Reads the lines of a batch; none: this release did not write them.
pub(super) fn read(lines: &str) -> Option<Vec<Told>> {
    lines.lines().map(read_line).collect()
}

fn read_line(line: &str) -> Option<Told> {
    let mut parts = line.splitn(5, ' ');
    let steps = parts.next()?.parse().ok()?;
    let now = Timestamp(parts.next()?.parse().ok()?);
    let Some(word) = parts.next() else { return Some(Told { steps, now, signal: None }) };
    let task = TaskId(parts.next()?.parse().ok()?);
    let rest = value::read(parts.next()?).ok()?;
    let text = |at: usize| match rest.as_array().and_then(|texts| texts.get(at)) {
        Some(Value::String(text)) => Some(Arc::clone(text)),
        _ => None,
    };
    let signal = match word {
        "started" => Signal::TaskStarted { task, worker: text(0) },
        "submitted" => Signal::TaskSubmitted { task, output: rest },
        "succeeded" => Signal::TaskSucceeded { task, output: rest },
        "failed" => Signal::TaskFailed { task, error: text(0), cause: text(1), hint: None },
        "heartbeat" => Signal::TaskHeartbeat { task },
        "only" => Signal::Only(match rest {
            Value::Null => None,
            number => Some(crate::engine::BranchId(number.to_json().parse().ok()?)),
        }),
        "hold-failures" => Signal::HoldFailures(rest.as_bool()?),
        "change" => Signal::Change(Box::new(read_change(&rest)?)),
        "stop" => Signal::Stop { error: text(0), cause: text(1) },
        "stop-child" => Signal::StopChild { execution: text(0)?, error: text(1), cause: text(2) },
        "redrive" => Signal::Redrive,
        "update-map-run" => {
            let number = |at: usize| rest.as_array().and_then(|values| values.get(at)).and_then(Value::as_number);
            let whole = |at: usize| number(at).and_then(|number| u64::try_from(number.as_i64()?).ok());
            Signal::UpdateMapRun {
                run: MapRunId(u32::try_from(task.0).ok()?),
                max_concurrency: whole(0),
                tolerated_failure_count: whole(1),
                tolerated_failure_percentage: number(2).map(|number| number.as_f64()),
            }
        }
        _ => return None,
    };
    Some(Told { steps, now, signal: Some(signal) })
}

/// A change as `[branches, word, value, name or number of a state]`.
fn change_value(change: &Change) -> Value {
    let branches: Vec<Value> = change.branches.iter().map(|branch| Value::from(branch.0)).collect();
    let (word, value, more) = match &change.kind {
        ChangeKind::Data(value) => ("data", value.clone(), Value::Null),
        ChangeKind::Variable { name, value } => ("variable", value.clone(), Value::String(Arc::clone(name))),
        ChangeKind::Leave { output, to } => ("leave", output.clone(), to.map_or(Value::Null, |to| Value::from(to.0))),
        ChangeKind::Again => ("again", Value::Null, Value::Null),
    };
    Value::from(vec![Value::from(branches), Value::String(word.into()), value, more])
}

fn read_change(value: &Value) -> Option<Change> {
    let parts = value.as_array()?;
    let number = |value: &Value| value.as_number()?.as_i64().and_then(|number| u32::try_from(number).ok());
    let branches =
        parts.first()?.as_array()?.iter().map(|branch| number(branch).map(BranchId)).collect::<Option<_>>()?;
    let (value, more) = (parts.get(2)?.clone(), parts.get(3)?);
    let kind = match (parts.get(1)?, more) {
        (Value::String(word), Value::Null) if &**word == "data" => ChangeKind::Data(value),
        (Value::String(word), Value::String(name)) if &**word == "variable" => {
            ChangeKind::Variable { name: Arc::clone(name), value }
        }
        (Value::String(word), Value::Null) if &**word == "leave" => ChangeKind::Leave { output: value, to: None },
        (Value::String(word), to) if &**word == "leave" => {
            ChangeKind::Leave { output: value, to: Some(StateId(number(to)?)) }
        }
        (Value::String(word), _) if &**word == "again" => ChangeKind::Again,
        _ => return None,
    };
    Some(Change { branches, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(kind: ChangeKind) -> Signal {
        Signal::Change(Box::new(Change { branches: vec![BranchId(0), BranchId(12)], kind }))
    }

    #[test]
    fn what_is_written_is_read_again() {
        let task = TaskId(7);
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        let output = value::read(r#"{"text":"two\nlines \u2028","n":[1.50,1e400,-0]}"#).expect("JSON");
        let signals = [
            Some(Signal::Only(Some(BranchId(3)))),
            Some(Signal::Only(None)),
            Some(Signal::HoldFailures(true)),
            None,
            Some(Signal::TaskStarted { task, worker: Some("a worker".into()) }),
            Some(Signal::TaskStarted { task, worker: None }),
            Some(Signal::TaskSubmitted { task, output: Value::Null }),
            Some(Signal::TaskSucceeded { task, output }),
            Some(Signal::TaskSucceeded { task, output: value::read(&deep).expect("JSON") }),
            Some(Signal::TaskFailed { task, error: None, cause: Some("line\r\nbreak".into()), hint: None }),
            Some(Signal::TaskHeartbeat { task }),
            Some(Signal::Stop { error: Some(String::new().into()), cause: None }),
            Some(Signal::StopChild { execution: "an ARN".into(), error: None, cause: Some("a b".into()) }),
            Some(Signal::Redrive),
            Some(Signal::UpdateMapRun {
                run: MapRunId(3),
                max_concurrency: Some(7),
                tolerated_failure_count: None,
                tolerated_failure_percentage: Some(12.5),
            }),
            Some(changed(ChangeKind::Data(Value::from(1u32)))),
            Some(changed(ChangeKind::Variable { name: "v".into(), value: Value::Null })),
            Some(changed(ChangeKind::Leave { output: Value::Null, to: None })),
            Some(changed(ChangeKind::Leave { output: Value::Null, to: Some(StateId(3)) })),
            Some(changed(ChangeKind::Again)),
        ];
        let all = signals.map(|signal| Told { steps: 12, now: Timestamp(-5), signal });
        let mut lines = String::new();
        all.iter().for_each(|told| write(told, &mut lines));
        let read = read(&lines).expect("its own lines");
        assert_eq!(format!("{read:?}"), format!("{all:?}"));
    }

    #[test]
    fn other_lines_are_refused() {
        for lines in ["x", "1", "1 x", "1 2 jumped 3 null", "1 2 failed", "1 2 succeeded 3 {"] {
            assert!(read(lines).is_none(), "{lines}");
        }
    }
}
