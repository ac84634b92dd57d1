//! How the tests speak: states in short, tasks with scripted answers, time that passes by itself, and runs to look at.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use asldb::asl::{Definition, StateMachine};
use asldb::engine::Names;
use asldb::engine::{
    self, BranchId, Change, ChangeKind, Effect, EventKind, Execution, ExecutionType, Log, Machine, Outcome, Signal,
    Stage, Status, Step, TaskId,
};
use asldb::value::{self, Timestamp, Value};

/// When every run starts: 2024-01-01T00:00:00Z.
pub(crate) const START: Timestamp = Timestamp(1_704_067_200_000);

/// More steps than any test needs.
const MANY: usize = 300_000;

/// States in YAML, `Name: {Type: ...}` one a line; the first is where it starts.
pub(crate) fn states(text: &str) -> Arc<StateMachine> {
    let start = text.trim_start().split(':').next().expect("a state").trim();
    let states: String = text.lines().map(|line| format!("  {line}\n")).collect();
    machine(&format!("StartAt: {start}\nStates:\n{states}"))
}

/// A whole definition in YAML (or JSON, which is YAML).
pub(crate) fn machine(text: &str) -> Arc<StateMachine> {
    let definition = Definition::read("test.yaml", text);
    definition.machine.clone().unwrap_or_else(|| panic!("{}", definition.render_diagnostics()))
}

/// How a task is answered.
#[derive(Clone)]
pub(crate) struct Reply {
    after: i64,
    beats: Vec<i64>,
    started: bool,
    submitted: Option<Value>,
    outcome: Option<Result<Value, (String, String)>>,
}

const AT_ONCE: Reply = Reply { after: 0, beats: Vec::new(), started: false, submitted: None, outcome: None };

/// The task ends with `json`.
pub(crate) fn returns(json: &str) -> Reply {
    Reply { outcome: Some(Ok(json_value(json))), ..AT_ONCE }
}

/// The task fails.
pub(crate) fn throws(error: &str, cause: &str) -> Reply {
    Reply { outcome: Some(Err((error.to_owned(), cause.to_owned()))), ..AT_ONCE }
}

/// The task is never answered.
pub(crate) fn hangs() -> Reply {
    AT_ONCE
}

impl Reply {
    /// The answer takes so long.
    pub(crate) fn after(self, seconds: i64) -> Self {
        Self { after: seconds * 1000, ..self }
    }

    /// Signs of life at these seconds.
    pub(crate) fn beating(self, seconds: &[i64]) -> Self {
        Self { beats: seconds.iter().map(|at| at * 1000).collect(), ..self }
    }

    /// A worker takes the task first.
    pub(crate) fn by_worker(self) -> Self {
        Self { started: true, ..self }
    }

    /// What the submission answered.
    pub(crate) fn submitted(self, json: &str) -> Self {
        Self { submitted: Some(json_value(json)), ..self }
    }
}

/// What somebody does right after the first step that performs this stage of this state.
struct Hand {
    state: String,
    stage: Stage,
    signal: Box<dyn Fn(BranchId) -> Signal>,
}

/// What is changed where a state stands at its failure.
type Mend = (String, ChangeKind);

/// A run in preparation.
pub(crate) struct Given {
    machine: Arc<StateMachine>,
    input: Value,
    replies: HashMap<String, Vec<Reply>>,
    parts: Vec<Reply>,
    outside: Vec<(i64, Signal)>,
    hands: Vec<Hand>,
    mends: Vec<Mend>,
    kind: ExecutionType,
    seed: u64,
    max_events: Option<u32>,
}

/// A run of `machine` to be described.
pub(crate) fn given(machine: &Arc<StateMachine>) -> Given {
    Given {
        machine: machine.clone(),
        input: Value::empty_object(),
        replies: HashMap::new(),
        parts: Vec::new(),
        outside: Vec::new(),
        hands: Vec::new(),
        mends: Vec::new(),
        kind: ExecutionType::Standard,
        seed: 1,
        max_events: Some(engine::MAX_EVENTS),
    }
}

impl Given {
    pub(crate) fn input(mut self, json: &str) -> Self {
        self.input = json_value(json);
        self
    }

    /// Answers of the tasks of state `name`, in the order of its invocations; the last one is for all that follow.
    pub(crate) fn task(mut self, name: &str, replies: &[Reply]) -> Self {
        self.replies.insert(name.to_owned(), replies.to_vec());
        self
    }

    /// What readers and writers of Map Runs are answered with, in the order in which they ask.
    pub(crate) fn parts(mut self, replies: &[Reply]) -> Self {
        self.parts = replies.to_vec();
        self
    }

    pub(crate) fn express(mut self) -> Self {
        self.kind = ExecutionType::Express;
        self
    }

    /// Express, and somebody waits for the result.
    pub(crate) fn express_sync(mut self) -> Self {
        self.kind = ExecutionType::ExpressSync;
        self
    }

    /// Without the limit of events.
    pub(crate) fn unlimited(mut self) -> Self {
        self.max_events = None;
        self
    }

    pub(crate) fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// A signal after `seconds`.
    pub(crate) fn outside(mut self, seconds: i64, signal: Signal) -> Self {
        self.outside.push((seconds * 1000, signal));
        self
    }

    /// StopExecution after `seconds`.
    pub(crate) fn stopped(mut self, seconds: i64, error: Option<&str>, cause: Option<&str>) -> Self {
        self.outside
            .push((seconds * 1000, Signal::Stop { error: error.map(Into::into), cause: cause.map(Into::into) }));
        self
    }

    /// Runs to the end, or until only the end of the execution's own time could change anything.
    /// `kind` is changed right after the first step that performs `stage` of state `name`.
    pub(crate) fn changed(self, name: &str, stage: Stage, kind: ChangeKind) -> Self {
        self.told(name, stage, move |branch| {
            Signal::Change(Box::new(Change { branches: vec![branch], kind: kind.clone() }))
        })
    }

    /// What is told right after the first step that performs `stage` of state `name`.
    pub(crate) fn told(mut self, name: &str, stage: Stage, signal: impl Fn(BranchId) -> Signal + 'static) -> Self {
        self.hands.push(Hand { state: name.to_owned(), stage, signal: Box::new(signal) });
        self
    }

    /// Failures are held from the start.
    pub(crate) fn holding(self) -> Self {
        self.outside(0, Signal::HoldFailures(true))
    }

    /// `kind` is changed the next time that state `name` stands at its failure.
    pub(crate) fn mended(mut self, name: &str, kind: ChangeKind) -> Self {
        self.mends.push((name.to_owned(), kind));
        self
    }

    pub(crate) fn run(self) -> Run {
        let execution = Execution {
            machine: self.machine,
            input: self.input,
            kind: self.kind,
            names: names(),
            seed: self.seed,
            max_events: self.max_events,
            record_stages: true,
        };
        let mut log = Log::default();
        let machine = Machine::start(execution, START, &mut log);
        let (cancelled, invoked, asked) = (Vec::new(), Vec::new(), Vec::new());
        let parts = self.parts.into_iter();
        let (replies, hands, mends, heard) = (self.replies, self.hands, self.mends, Vec::new());
        let mut run = Run { machine, log, cancelled, invoked, asked, replies, parts, heard, hands, mends };
        run.drive(self.outside.into_iter().map(|(at, signal)| (START.plus_millis(at), signal)).collect());
        run
    }
}

/// A run that has ended.
pub(crate) struct Run {
    pub(crate) machine: Machine,
    pub(crate) log: Log,
    /// Seconds from the start to each time that a task's answer was no longer wanted.
    pub(crate) cancelled: Vec<f64>,
    /// The state, the input and the retry count of each task, in order.
    pub(crate) invoked: Vec<(String, String, u32)>,
    /// The arguments of readers and writers of Map Runs, in order.
    pub(crate) asked: Vec<String>,
    replies: HashMap<String, Vec<Reply>>,
    parts: std::vec::IntoIter<Reply>,
    /// Whether each thing done by hand was of interest, in order.
    pub(crate) heard: Vec<bool>,
    hands: Vec<Hand>,
    mends: Vec<Mend>,
}

impl Run {
    /// RedriveExecution `seconds` after the end, and on to the next end; scripts of answers go on, too.
    pub(crate) fn redriven(self, seconds: i64) -> Self {
        self.redriven_and(seconds, Vec::new())
    }

    /// The same with signals at seconds after the redrive.
    pub(crate) fn redriven_and(mut self, seconds: i64, signals: Vec<(i64, Signal)>) -> Self {
        let now = self.machine.now().plus_millis(seconds * 1000);
        self.machine.advance(now);
        assert!(self.machine.signal(Signal::Redrive, &mut self.log), "not redrivable:\n{}", self.history());
        self.drive(signals.into_iter().map(|(at, signal)| (now.plus_millis(at * 1000), signal)).collect());
        self
    }

    fn drive(&mut self, mut agenda: Vec<(Timestamp, Signal)>) {
        for _ in 0..MANY {
            self.perform(&mut agenda);
            agenda.sort_by_key(|(at, _)| *at);
            let due = agenda.first().map(|(at, _)| *at);
            if due.is_some_and(|at| at <= self.machine.now()) {
                let (_, signal) = agenda.remove(0);
                self.machine.signal(signal, &mut self.log);
                self.mend();
                continue;
            }
            match self.machine.step(&mut self.log) {
                Outcome::Stepped(step) => {
                    self.lend_hand(step);
                    self.mend();
                }
                Outcome::Waiting(at) => self.machine.advance(at.into_iter().chain(due).min().expect("an end of time")),
                Outcome::Done => {
                    self.perform(&mut agenda);
                    return;
                }
            }
        }
        panic!("no end after {MANY} steps:\n{}", self.history());
    }

    /// Changes what stands at a failure.
    fn mend(&mut self) {
        let Some((branches, name)) = failing(&self.machine) else { return };
        if let Some(at) = self.mends.iter().position(|(state, _)| *state == name) {
            let (_, kind) = self.mends.remove(at);
            let heard = self.machine.signal(Signal::Change(Box::new(Change { branches, kind })), &mut self.log);
            self.heard.push(heard);
        }
    }

    fn lend_hand(&mut self, step: Step) {
        let name = self.machine.execution().machine.state(step.state).name.clone();
        let now = |hand: &Hand| hand.state == *name && hand.stage == step.stage;
        if let Some(at) = self.hands.iter().position(now) {
            let signal = (self.hands.remove(at).signal)(step.branch);
            let heard = self.machine.signal(signal, &mut self.log);
            self.heard.push(heard);
        }
    }

    fn perform(&mut self, agenda: &mut Vec<(Timestamp, Signal)>) {
        for effect in self.machine.take_effects() {
            match effect {
                Effect::Cancel(_) => self.cancelled.push(seconds(self.machine.now().since(START))),
                Effect::ReadItems(read) => {
                    self.asked.push(read.arguments.to_json());
                    let reply = self.parts.next().expect("an answer for the reader");
                    agenda.extend(reply.signals(read.task, self.machine.now()));
                }
                Effect::WriteResults(write) => {
                    let arguments = write.arguments.as_ref().map_or_else(String::new, Value::to_json);
                    self.asked.push(format!("{arguments} {}", write.executions.len()));
                    let reply = self.parts.next().expect("an answer for the writer");
                    agenda.extend(reply.signals(write.task, self.machine.now()));
                }
                Effect::Invoke(call) => {
                    let name = self.machine.execution().machine.state(call.state).name.to_string();
                    let number = self.invoked.iter().filter(|(state, ..)| *state == name).count();
                    let script = self.replies.get(&name).unwrap_or_else(|| panic!("nothing answers {name}"));
                    let reply = script.get(number).or(script.last()).expect("an answer");
                    agenda.extend(reply.signals(call.task, self.machine.now()));
                    self.invoked.push((name, call.input.to_json(), call.retry_count));
                }
            }
        }
    }

    /// The output of a run that ended well.
    pub(crate) fn output(&self) -> String {
        match self.machine.status() {
            Status::Succeeded(output) => output.to_json(),
            other => panic!("{} {:?}\n{}", other.name(), other.fault(), self.history()),
        }
    }

    /// `STATUS Error: Cause` of a run that did not, without the words that name state and event.
    pub(crate) fn failure(&self) -> String {
        let status = self.machine.status();
        let Some(fault) = status.fault() else { panic!("{}\n{}", status.name(), self.history()) };
        let summary = fault.summary();
        let summary = match summary.split_once("An error occurred while executing the state '") {
            Some((before, after)) => format!("{before}{}", after.split_once("). ").map_or(after, |(_, cause)| cause)),
            None => summary,
        };
        format!("{} {summary}", status.name())
    }

    /// The history, one event a line: `id Type name #index < previous`.
    pub(crate) fn history(&self) -> String {
        self.history_of(&self.log)
    }

    /// The history of child execution `at`, in the order of their ends.
    pub(crate) fn child(&self, at: usize) -> String {
        self.history_of(&self.log.executions.get(at).expect("a child execution").log)
    }

    fn history_of(&self, log: &Log) -> String {
        let mut text = String::new();
        for event in log.events.iter() {
            let kind = engine::history::type_name(&event.kind, self.machine.execution());
            write!(text, "{} {kind}", event.id.0).expect("a text takes all");
            if let EventKind::StateEntered { state, .. } | EventKind::StateExited { state, .. } = &event.kind {
                write!(text, " {}", self.machine.execution().machine.state(*state).name).expect("a text takes all");
            }
            if let EventKind::IterationStarted { index, .. }
            | EventKind::IterationSucceeded { index, .. }
            | EventKind::IterationFailed { index, .. }
            | EventKind::IterationAborted { index, .. } = &event.kind
            {
                write!(text, " #{index}").expect("a text takes all");
            }
            writeln!(text, " < {}", event.previous.0).expect("a text takes all");
        }
        text
    }

    /// Seconds from the start to each event of type `kind`.
    pub(crate) fn times(&self, kind: &str) -> Vec<f64> {
        let of_kind = self.log.events.iter().filter(|event| {
            let name = engine::history::type_name(&event.kind, self.machine.execution());
            name == kind
        });
        of_kind.map(|event| seconds(event.at.since(START))).collect()
    }

    /// The number of events of type `kind`.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.times(kind).len()
    }

    /// The inputs of the tasks, in order.
    pub(crate) fn task_inputs(&self) -> Vec<&str> {
        self.invoked.iter().map(|(_, input, _)| input.as_str()).collect()
    }

    /// The history as GetExecutionHistory answers it.
    pub(crate) fn json(&self) -> Value {
        engine::history::to_json(&self.log, self.machine.execution())
    }

    /// The details of the first event of type `kind`.
    pub(crate) fn details(&self, kind: &str) -> String {
        let json = self.json();
        let events = json.get("events").and_then(Value::as_array).expect("events");
        let event = events.iter().find(|event| event.get("type").and_then(Value::as_str) == Some(kind));
        let members = event.and_then(Value::as_object).unwrap_or_else(|| panic!("no {kind}:\n{}", self.history()));
        members
            .iter()
            .find(|(key, _)| key.ends_with("EventDetails"))
            .map_or(String::new(), |(_, value)| value.to_json())
    }
}

impl Reply {
    fn signals(&self, task: TaskId, now: Timestamp) -> Vec<(Timestamp, Signal)> {
        let mut signals = Vec::new();
        if self.started {
            signals.push((now, Signal::TaskStarted { task, worker: Some("worker".into()) }));
        }
        if let Some(output) = self.submitted.clone() {
            signals.push((now, Signal::TaskSubmitted { task, output }));
        }
        signals.extend(self.beats.iter().map(|at| (now.plus_millis(*at), Signal::TaskHeartbeat { task })));
        let end = self.outcome.clone().map(|outcome| match outcome {
            Ok(output) => Signal::TaskSucceeded { task, output },
            Err((error, cause)) => {
                Signal::TaskFailed { task, error: Some(error.into()), cause: Some(cause.into()), hint: None }
            }
        });
        signals.extend(end.map(|end| (now.plus_millis(self.after), end)));
        signals
    }
}

/// Each row: states, input, output.
pub(crate) fn give(rows: &[(&str, &str, &str)]) {
    for (text, input, output) in rows {
        assert_eq!(given(&states(text)).input(input).run().output(), *output, "{text}\ngiven {input}");
    }
}

/// Each row: states, input, what [`Run::failure`] tells.
pub(crate) fn fail(rows: &[(&str, &str, &str)]) {
    for (text, input, failure) in rows {
        assert_eq!(given(&states(text)).input(input).run().failure(), *failure, "{text}\ngiven {input}");
    }
}

/// Asserts that the history is `expected`, which may be indented.
pub(crate) fn has_history(run: &Run, expected: &str) {
    let expected: String = expected.trim().lines().map(|line| format!("{}\n", line.trim())).collect();
    assert_eq!(run.history(), expected, "\n{}", run.history());
}

pub(crate) fn json_value(json: &str) -> Value {
    value::read(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn names() -> Names {
    Names {
        execution_arn: "arn:aws:states:us-east-1:123456789012:execution:m:e".into(),
        execution_name: "e".into(),
        machine_arn: "arn:aws:states:us-east-1:123456789012:stateMachine:m".into(),
        machine_name: "m".into(),
        role_arn: "arn:aws:iam::123456789012:role/r".into(),
        region: "us-east-1".into(),
    }
}

fn seconds(millis: i64) -> f64 {
    f64::from(i32::try_from(millis / 1000).expect("a test of less than 68 years"))
        + f64::from((millis % 1000) as i16) / 1000.0
}

/// The branch that stands at a failure, behind those that stand for child executions, and its state.
fn failing(machine: &Machine) -> Option<(Vec<BranchId>, String)> {
    machine.branches().find_map(|branch| {
        let inner = branch.child().and_then(|child| failing(&child.machine));
        let own = || {
            branch.failure()?;
            Some((Vec::new(), machine.execution().machine.state(branch.state).name.to_string()))
        };
        let (mut branches, name) = inner.or_else(own)?;
        branches.insert(0, branch.id);
        Some((branches, name))
    })
}
