//! The driver of a run: answers that come at once, later or never, orders, skipped time, what is published.

#![expect(clippy::panic, reason = "a test stops where it finds something else")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use asldb::asl::Definition;
use asldb::engine::{Execution, ExecutionType, Log, Machine, Names, Signal, Status};
use asldb::runtime::tasks::{Answer, TaskCall, TaskResult, Tasks};
use asldb::runtime::{Asking, Clock, Driver, Handle, NoGate, Order};
use asldb::value::Value;
use tokio::sync::Notify;

/// A task that is answered once the test says so.
#[derive(Clone, Default)]
struct Gated {
    opened: Arc<Notify>,
    cancelled: Arc<AtomicUsize>,
}

impl Tasks for Gated {
    fn invoke(&self, _: &TaskCall) -> Answer {
        let gate = self.clone();
        Answer::Later(Box::pin(async move {
            gate.opened.notified().await;
            TaskResult::ok(Value::from("late"))
        }))
    }

    fn cancel(&self, _: &TaskCall) {
        self.cancelled.fetch_add(1, Ordering::SeqCst);
    }
}

/// Answers as the test says, and keeps what it was asked.
struct Fixed {
    answer: fn(u32) -> Answer,
    calls: Mutex<Vec<(String, u32)>>,
}

impl Tasks for Fixed {
    fn invoke(&self, call: &TaskCall) -> Answer {
        self.calls.lock().expect("no test panics in it").push((call.state().name.to_string(), call.number));
        (self.answer)(call.number)
    }
}

fn fixed(answer: fn(u32) -> Answer) -> Arc<Fixed> {
    Arc::new(Fixed { answer, calls: Mutex::default() })
}

fn execution(states: &str, input: &str) -> Execution {
    let start = states.trim_start().split(':').next().expect("a state");
    let states: String = states.lines().map(|line| format!("  {line}\n")).collect();
    let definition = Definition::read("test.yaml", &format!("StartAt: {start}\nStates:\n{states}"));
    let names = ["execution", "run", "machine", "Test", "role", "us-east-1"].map(Arc::from);
    let [execution_arn, execution_name, machine_arn, machine_name, role_arn, region] = names;
    Execution {
        machine: definition.machine.clone().unwrap_or_else(|| panic!("{}", definition.render_diagnostics())),
        input: asldb::value::read(input).expect("JSON"),
        kind: ExecutionType::Standard,
        names: Names { execution_arn, execution_name, machine_arn, machine_name, role_arn, region },
        seed: 1,
        max_events: None,
        record_stages: false,
    }
}

/// Runs `states` with `tasks`; `steer` holds the run meanwhile.
fn drive<F: Future<Output = ()>>(
    states: &str,
    clock: Clock,
    tasks: Arc<dyn Tasks>,
    steer: impl FnOnce(Handle<()>) -> F,
) -> (Machine, Log) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (driver, handle) = Driver::start(execution(states, "{}"), clock, NoGate, tasks);
        let steered = steer(handle.clone());
        let (end, ()) = tokio::join!(driver.run(true), steered);
        assert!(handle.view().status.is_done(), "the end is published");
        assert_eq!(handle.view().log.events.len(), end.1.events.len());
        end
    })
}

async fn nothing(_: Handle<()>) {}

/// Waits until the run can only wait.
async fn until_waiting(handle: &Handle<()>) {
    let mut views = handle.views();
    views.wait_for(|view| view.waiting).await.expect("the run goes on");
}

fn output(machine: &Machine) -> String {
    match machine.status() {
        Status::Succeeded(output) => output.to_json(),
        other => panic!("{} {:?}", other.name(), other.fault()),
    }
}

fn error(machine: &Machine) -> String {
    machine.status().fault().map(|fault| fault.summary()).unwrap_or_default()
}

const TASK: &str = "T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', TimeoutSeconds: 3600, End: true}";

#[test]
fn time_is_not_skipped_while_an_answer_is_on_its_way() {
    let gate = Gated::default();
    let (machine, _) = drive(TASK, Clock::skipping(), Arc::new(gate.clone()), |handle| async move {
        until_waiting(&handle).await;
        gate.opened.notify_one();
    });
    assert_eq!(output(&machine), r#""late""#);
}

#[test]
fn what_never_comes_runs_into_its_timeout() {
    for (text, spoken) in [(TASK, "States.Timeout"), (&TASK.replace("TimeoutSeconds: 3600, ", ""), "States.Timeout")] {
        let (machine, _) = drive(text, Clock::skipping(), fixed(|_| Answer::Hang { submitted: None }), nothing);
        assert_eq!(error(&machine), spoken);
    }
}

#[test]
fn an_answer_that_is_not_wanted_any_more_is_called_off() {
    let gate = Gated::default();
    let tasks = Arc::new(gate.clone());
    let (machine, _) = drive(TASK, Clock::real(), tasks, |handle| async move {
        until_waiting(&handle).await;
        handle.send(Order::Signal(Signal::Stop { error: Some("Enough".into()), cause: None }));
    });
    assert_eq!((machine.status().name(), gate.cancelled.load(Ordering::SeqCst)), ("ABORTED", 1));
}

#[test]
fn invocations_of_a_state_are_numbered() {
    let states = "M: {Type: Map, MaxConcurrency: 1, End: true, ItemsPath: $.l, ItemProcessor: {StartAt: T, States: {\
                  T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Retry: [{ErrorEquals: [E]}], End: true}}}}";
    let tasks = fixed(|number| {
        Answer::Now(if number == 1 { TaskResult::failed("E", "") } else { TaskResult::ok(Value::from(number)) })
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (machine, _) = runtime.block_on(async {
        let execution = execution(states, r#"{"l":[0,0,0]}"#);
        Driver::start(execution, Clock::skipping(), NoGate, tasks.clone()).0.run(true).await
    });
    // The second one fails and is tried again as the third.
    assert_eq!(output(&machine), "[0,2,3]");
    let calls: Vec<u32> = tasks.calls.lock().expect("no test panics in it").iter().map(|(_, number)| *number).collect();
    assert_eq!(calls, [0, 1, 2, 3]);
}

#[test]
fn whoever_answers_an_activity_is_its_worker() {
    let states = "T: {Type: Task, Resource: 'arn:aws:states:us-east-1:123456789012:activity:a', End: true}";
    let types = |machine: &Machine, log: &Log| -> Vec<String> {
        let events = log.events.iter();
        events.map(|event| asldb::engine::history::type_name(&event.kind, machine.execution())).collect()
    };
    let (machine, log) = drive(states, Clock::real(), fixed(|_| Answer::Now(TaskResult::ok(Value::Null))), nothing);
    assert_eq!(types(&machine, &log)[2..5], ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]);
    // So that its time runs.
    let timed = states.replace("End", "HeartbeatSeconds: 60, End");
    let (machine, _) = drive(&timed, Clock::skipping(), fixed(|_| Answer::Hang { submitted: None }), nothing);
    assert_eq!(error(&machine), "States.Timeout");
}

#[test]
fn what_a_submission_answered_is_told_first() {
    let states =
        "T: {Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', TimeoutSeconds: 9, End: true}";
    let submitted = |log: &Log| {
        log.events.iter().find_map(|event| match &event.kind {
            asldb::engine::EventKind::TaskSubmitted { output, .. } => Some(output.to_json()),
            _ => None,
        })
    };
    type Row = (fn(u32) -> Answer, Option<&'static str>);
    let rows: [Row; 5] = [
        (|_| Answer::Now(TaskResult { submitted: Some(Value::Null), outcome: Ok(Value::Null) }), Some("null")),
        (|_| Answer::Hang { submitted: Some(Value::Null) }, Some("null")),
        // Nobody says what it was, but it was.
        (|_| Answer::Now(TaskResult::ok(Value::Null)), Some("{}")),
        (|_| Answer::Hang { submitted: None }, Some("{}")),
        // It may be the submission that failed.
        (|_| Answer::Now(TaskResult::failed("E", "why")), None),
    ];
    for (answer, expected) in rows {
        let (_, log) = drive(states, Clock::skipping(), fixed(answer), nothing);
        assert_eq!(submitted(&log).as_deref(), expected);
        let (_, log) = drive(&states.replace(".waitForTaskToken", ""), Clock::skipping(), fixed(answer), nothing);
        assert_eq!(submitted(&log), None, "nothing is submitted that ends with its first answer");
    }
}

const WAITS: &str = "A: {Type: Wait, Seconds: 86400, Next: B}\nB: {Type: Wait, Seconds: 86400, End: true}";

#[test]
fn one_wait_is_skipped_or_all_of_them() {
    for orders in [vec![Order::SkipWait, Order::SkipWait], vec![Order::SkipWaits(true)]] {
        let tasks = fixed(|_| Answer::Hang { submitted: None });
        let (machine, _) = drive(WAITS, Clock::real(), tasks, |handle| async move {
            for (order, events) in orders.into_iter().zip([2, 4]) {
                let mut views = handle.views();
                views.wait_for(|view| view.waiting && view.log.events.len() == events).await.expect("it waits");
                handle.send(order);
            }
        });
        assert_eq!(output(&machine), "{}");
        assert!(machine.now().since(machine.started()) >= 2 * 86_400_000);
    }
}

#[test]
fn a_run_that_nobody_holds_does_not_wait_any_longer() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (machine, _) = runtime.block_on(async {
        let tasks = fixed(|_| Answer::Hang { submitted: None });
        let (driver, handle) = Driver::start(execution(WAITS, "{}"), Clock::real(), NoGate, tasks);
        let run = tokio::spawn(driver.run(false));
        until_waiting(&handle).await;
        drop(handle);
        run.await.expect("no panic")
    });
    assert_eq!(machine.status().name(), "RUNNING");
}

#[test]
fn a_person_is_asked_and_the_clock_stands_meanwhile() {
    let (asking, mut questions) = Asking::new();
    let (machine, log) = drive(TASK, Clock::skipping(), asking, |handle| async move {
        let question = questions.recv().await.expect("a question");
        until_waiting(&handle).await;
        assert!(question.is_open());
        question.answer(TaskResult::ok(Value::from("by hand")));
    });
    assert_eq!(output(&machine), r#""by hand""#);
    assert!(log.events.iter().all(|event| event.at.since(machine.started()) < 3_600_000));
}

#[test]
fn a_question_that_is_not_wanted_any_more_is_closed() {
    let (asking, mut questions) = Asking::new();
    drive(TASK, Clock::real(), asking, |handle| async move {
        let question = questions.recv().await.expect("a question");
        handle.send(Order::Signal(Signal::Stop { error: None, cause: None }));
        handle.views().wait_for(|view| view.status.is_done()).await.expect("the end");
        assert!(!question.is_open());
        question.answer(TaskResult::ok(Value::Null));
    });
}

#[test]
fn without_anybody_to_ask_the_task_fails() {
    let (asking, questions) = Asking::new();
    drop(questions);
    let (machine, _) = drive(TASK, Clock::real(), asking, nothing);
    assert!(error(&machine).starts_with("Asldb.NoMock: "), "{}", error(&machine));
}
