//! Runs told step by step: what was said of a step before it, and after it.

use std::sync::Arc;

use super::{Point, last, next};
use crate::asl::Definition;
use crate::debug::{Moment, timeline};
use crate::engine::{
    Blocked, BranchId, Effect, Execution, ExecutionType, Invocation, Log, Machine, Names, Outcome, Signal,
};
use crate::value::{self, Timestamp, Value};

struct Told {
    definition: Definition,
    machine: Machine,
    log: Log,
    /// `Next: …` and `Did: …`, step by step.
    lines: Vec<String>,
}

/// What a task with this input answers: the error that it names, or the input.
fn answer(call: &Invocation) -> Signal {
    let task = call.task;
    let error = call.input.get("error").and_then(Value::as_str).filter(|_| call.retry_count < 2);
    match error {
        Some(error) => Signal::TaskFailed { task, error: Some(error.into()), cause: None, hint: None },
        None => Signal::TaskSucceeded { task, output: call.input.clone() },
    }
}

impl Told {
    fn new(states: &str, input: &str) -> Self {
        let start = states.split(':').next().expect("a state");
        let states: String = states.lines().map(|line| format!("  {line}\n")).collect();
        let definition = Definition::read("test.yaml", &format!("StartAt: {start}\nStates:\n{states}"));
        let made = definition.machine.clone().expect("a definition without faults");
        let names = ["execution", "run", "machine", "Test", "role", "us-east-1"].map(Arc::from);
        let [execution_arn, execution_name, machine_arn, machine_name, role_arn, region] = names;
        let execution = Execution {
            machine: made,
            input: value::read(input).expect("JSON"),
            kind: ExecutionType::Standard,
            names: Names { execution_arn, execution_name, machine_arn, machine_name, role_arn, region },
            seed: 1,
            max_events: None,
            record_stages: true,
        };
        let mut log = Log::default();
        let machine = Machine::start(execution, Timestamp(0), &mut log);
        let mut told = Self { definition, machine, log, lines: Vec::new() };
        told.drive();
        told
    }

    fn drive(&mut self) {
        loop {
            let next = self.say(None, false);
            match self.machine.step(&mut self.log) {
                Outcome::Stepped(step) => {
                    self.lines.push(next);
                    let did = self.say(Some(step.branch), true);
                    self.lines.push(did);
                }
                Outcome::Done => break,
                Outcome::Waiting(until) => {
                    self.lines.push(next);
                    let calls = self.machine.take_effects().into_iter().filter_map(|effect| match effect {
                        Effect::Invoke(call) => Some(answer(&call)),
                        _ => None,
                    });
                    let calls: Vec<_> = calls.collect();
                    match (calls.is_empty(), until) {
                        (true, Some(until)) => self.machine.advance(until),
                        (true, None) => unreachable!("nothing goes on: {:?}", self.lines),
                        _ => {}
                    }
                    for call in calls {
                        self.machine.signal(call, &mut self.log);
                        let did = self.say(self.machine.next_branch().map(|branch| branch.id), true);
                        self.lines.push(did);
                    }
                }
            }
        }
        let over = self.say(None, false);
        self.lines.push(over);
    }

    fn say(&self, branch: Option<BranchId>, past: bool) -> String {
        let live = self.machine.next_branch().or_else(|| self.machine.branches().find(|b| b.blocked != Blocked::No));
        let point = Point {
            definition: &self.definition,
            machine: &self.machine.execution().machine,
            log: &self.log,
            moment: Moment::newest(&self.log),
            branch: branch.or(live.map(|live| live.id)).unwrap_or(BranchId::MAIN),
            live,
            context: &|| Value::empty_object(),
            now: self.machine.now(),
        };
        if past { format!("Did: {}", last(&point)) } else { format!("Next: {}", next(&point)) }
    }

    fn has(&self, lines: &[&str]) {
        let mut rest = self.lines.iter();
        for line in lines {
            let found = rest.any(|told| told == line);
            assert!(found, "`{line}` in its order in:\n{}", self.lines.join("\n"));
        }
    }
}

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:F";

#[test]
fn every_stage_of_a_task_in_jsonpath() {
    let text = format!(
        "T: {{Type: Task, Resource: '{FUNCTION}', InputPath: $.order, Parameters: {{id.$: $.id, n: 1}}, \
         ResultSelector: {{got.$: $.id}}, ResultPath: $.result, OutputPath: $.result, Assign: {{seen.$: $.id}}, Next: E}}\n\
         E: {{Type: Succeed}}"
    );
    Told::new(&text, r#"{"order":{"id":"o-1"}}"#).has(&[
        "Next: T is entered, a Task state in JSONPath, with 22 bytes of input",
        "Did: T was entered with 22 bytes of input, as StartAt names it",
        "Next: InputPath takes $.order out of the input of T",
        "Did: InputPath $.order took 12 bytes out of the input",
        "Next: Parameters builds the task's input from {id.$: $.id, n: 1}",
        "Next: the function F is invoked with what T made of its input",
        "Did: the task of T was called with 18 bytes of input",
        "Next: T waits for its result",
        "Did: the task of T answered {\"id\":\"o-1\",\"n\":1}",
        "Next: ResultSelector builds the result anew from {got.$: $.id}",
        "Next: ResultPath puts the result into the input, at $.result",
        "Did: ResultPath $.result put the result into the input: 45 bytes",
        "Next: OutputPath keeps only $.result as the output",
        "Did: OutputPath $.result kept 13 bytes as the output",
        "Next: Assign sets variables from {seen.$: $.id}",
        "Did: Assign set $seen to \"o-1\"",
        "Next: T is left with its output: Next names E",
        "Did: T was left with 13 bytes of output: Next names E",
        "Next: E is entered, a Succeed state in JSONPath, with 13 bytes of input",
        "Did: E was entered with 13 bytes of input, after T",
        "Next: E is left with its output: End is true: the run succeeds with it",
        "Did: the run succeeded with 13 bytes of output",
        "Next: nothing follows: the run is over",
    ]);
}

#[test]
fn every_stage_of_a_task_in_jsonata() {
    let text = format!(
        "T: {{Type: Task, QueryLanguage: JSONata, Resource: '{FUNCTION}', Arguments: {{id: 1}}, Output: '{{% $states.result.id %}}', \
         Assign: {{a: 1, b: 2}}, End: true}}"
    );
    Told::new(&text, "{}").has(&[
        "Next: T is entered, a Task state in JSONata, with 2 bytes of input",
        "Next: Arguments builds the task's input from {id: 1}",
        "Did: Arguments made 8 bytes from {id: 1}",
        "Next: Output builds the output of T from {% $states.result.id %}",
        "Did: Output made 1",
        "Did: Assign set 2 variables: a and b",
        "Did: the run succeeded with 1 byte of output",
    ]);
}

#[test]
fn rules_of_choices() {
    let text = "C: {Type: Choice, Choices: [{Variable: $.total, NumericLessThan: 1, Next: S}, \
                {Variable: $.total, NumericGreaterThan: 100, Next: B}], Default: S}\n\
                B: {Type: Pass, End: true}\nS: {Type: Succeed}";
    Told::new(text, r#"{"total":120}"#).has(&[
        "Next: rule 2 of Choices is true ($.total is 120, NumericGreaterThan 100), so B follows",
        "Did: rule 2 of Choices was true ($.total is 120, NumericGreaterThan 100), so B follows",
        "Next: C is left with its output: rule 2 names B",
        "Did: C was left with 13 bytes of output: rule 2 names B",
    ]);
    Told::new(text, r#"{"total":50}"#).has(&[
        "Next: none of the 2 rules of Choices is true, so Default names S",
        "Did: none of the 2 rules of Choices was true, so Default names S",
        "Next: C is left with its output: Default names S",
    ]);
    let several = "C: {Type: Choice, Choices: [{And: [{Variable: $.a, IsPresent: true}, {Variable: $.a, NumericEqualsPath: $.b}], Next: S}], Default: S}\n\
                   S: {Type: Succeed}";
    Told::new(several, r#"{"a":1,"b":1}"#)
        .has(&["Did: rule 1 of Choices was true ($.a is 1, the last of 2 comparisons), so S follows"]);
    let jsonata = "C: {Type: Choice, QueryLanguage: JSONata, Choices: [{Condition: '{% $states.input.n > 1 %}', Next: S}], Default: S}\n\
                   S: {Type: Succeed}";
    Told::new(jsonata, r#"{"n":2}"#).has(&[
        "Next: C: its rule is asked; the first that is true names what follows",
        "Did: rule 1 of Choices was true ($states.input.n > 1), so S follows",
    ]);
    let none = "C: {Type: Choice, Choices: [{Variable: $.n, NumericEquals: 1, Next: S}]}\nS: {Type: Succeed}";
    Told::new(none, r#"{"n":2}"#).has(&[
        "Next: none of the 1 rules of Choices is true, and there is no Default: the run fails",
        "Did: the run failed with States.Runtime in C: States.Runtime is never retried or caught",
    ]);
}

#[test]
fn retries_and_catches() {
    let text = format!(
        "T: {{Type: Task, Resource: '{FUNCTION}', Retry: [{{ErrorEquals: [Other]}}, {{ErrorEquals: [Busy], IntervalSeconds: 3, MaxAttempts: 1}}], \
         Catch: [{{ErrorEquals: [States.ALL], Next: H, ResultPath: $.e}}], Next: H}}\nH: {{Type: Pass, End: true}}"
    );
    Told::new(&text, r#"{"error":"Busy"}"#).has(&[
        "Did: T failed with Busy: Retry 2 tries again in 3 s, 1 of 1",
        "Next: T is tried again in 3 s: retry 1 of this visit",
        "Did: T failed with Busy: Catch 1 takes it to H",
        "Next: the error goes to the catcher of T that names it",
        "Did: Catch 1 of T took Busy: H follows, with the error in its input",
        "Next: T is left with its output: Catch 1 names H",
        "Did: T was left with 50 bytes of output: Catch 1 names H",
    ]);
    let bare = format!("T: {{Type: Task, Resource: '{FUNCTION}', End: true}}");
    Told::new(&bare, r#"{"error":"Busy"}"#).has(&["Did: the run failed with Busy in T: it has no Retry and no Catch"]);
}

#[test]
fn waits_fails_and_passes() {
    let text = "W: {Type: Wait, Seconds: 90, Next: P}\nP: {Type: Pass, Result: {a: 1}, ResultPath: null, Next: Q}\n\
                Q: {Type: Pass, InputPath: null, Parameters: {}, Next: F}\nF: {Type: Fail, Error: Out.Of.Tea, Cause: none}";
    Told::new(text, r#"{"x":1}"#).has(&[
        "Next: W waits for 90 s (Seconds)",
        "Next: W waits for another 90 s; then its data goes on",
        "Next: Result gives {\"a\":1} as the result",
        "Did: Result gave {\"a\":1}",
        "Next: ResultPath is null: the result is dropped and the input goes on",
        "Did: ResultPath is null: the result was dropped, the input goes on",
        "Next: InputPath is null: Q works on {} instead of its input",
        "Next: F ends the run as failed, with the error Out.Of.Tea",
        "Did: the run failed with Out.Of.Tea in F: that is what a Fail state does",
    ]);
}

#[test]
fn branches_and_iterations() {
    let text = "P: {Type: Parallel, Branches: [{StartAt: A, States: {A: {Type: Pass, End: true}}}, {StartAt: B, States: {B: {Type: Pass, End: true}}}], Next: M}\n\
                M: {Type: Map, ItemsPath: '$', ItemSelector: {v.$: $$.Map.Item.Value}, MaxConcurrency: 1, ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}, End: true}";
    Told::new(text, "7").has(&[
        "Next: P starts 2 branches at A and B, each with the same input",
        "Did: P started its branches",
        "Did: A was left with 1 byte of output: End is true: branch 1 of P is done",
        "Next: ItemsPath finds the items of M at $",
        "Did: ItemsPath $ found 2 items",
        "Next: M starts an iteration for each of the 2 items, MaxConcurrency 1 at a time",
        "Next: iteration 1 of M begins: ItemSelector makes its input from {v.$: $$.Map.Item.Value}",
        "Did: iteration 1 of M began: its input was made from {v.$: $$.Map.Item.Value}: {\"v\":7}",
        "Did: iteration 1 of M is done",
        "Did: all iterations of M are done: 2 items in order",
    ]);
}

#[test]
fn what_came_next_is_said_of_the_past() {
    let text = "A: {Type: Pass, Result: 1, Next: B}\nB: {Type: Pass, End: true}";
    let told = Told::new(text, "{}");
    let mut moment = Moment::after_event(&told.log, 1);
    let mut said = Vec::new();
    while let Some(later) = timeline::step(&told.log, moment, timeline::Direction::Forward) {
        let point = Point {
            definition: &told.definition,
            machine: &told.machine.execution().machine,
            log: &told.log,
            moment,
            branch: BranchId::MAIN,
            live: None,
            context: &|| Value::empty_object(),
            now: Timestamp(0),
        };
        said.push(format!("{} | {}", last(&point), next(&point)));
        moment = later;
    }
    assert_eq!(said[0], "the run began with 2 bytes of input | A is entered, a Pass state in JSONPath");
    assert_eq!(said[1], "A was entered with 2 bytes of input, as StartAt names it | Result gives 1 as the result");
}
