//! What a machine is told: in time, too late, twice, about tasks it does not have.

use asldb::engine::{Signal, TaskId};
use asldb::value::Value;

use crate::vocabulary::{given, hangs, returns, states};

fn signals(task: TaskId) -> Vec<Signal> {
    vec![
        Signal::TaskStarted { task, worker: None },
        Signal::TaskSubmitted { task, output: Value::Null },
        Signal::TaskHeartbeat { task },
        Signal::TaskSucceeded { task, output: Value::Null },
        Signal::TaskFailed { task, error: None, cause: None, hint: None },
    ]
}

#[test]
fn what_is_said_after_the_end_is_not_heard() {
    let machine = states("T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}");
    let mut run = given(&machine).task("T", &[returns("1")]).run();
    let before = run.history();
    for signal in signals(TaskId(1)).into_iter().chain([Signal::Stop { error: None, cause: None }]) {
        assert!(!run.machine.signal(signal, &mut run.log));
    }
    assert_eq!((run.history(), run.output().as_str()), (before, "1"));
    assert!(run.machine.take_effects().is_empty());
}

#[test]
fn tasks_that_are_not_waited_for_are_not_heard_of() {
    // The first attempt has run out of time when the second one is asked for.
    let machine = states(
        "T: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', TimeoutSeconds: 5, \
         Retry: [{ErrorEquals: [States.Timeout], MaxAttempts: 1}], End: true}",
    );
    let run = given(&machine).task("T", &[returns("\"late\"").after(7), returns("\"second\"").after(2)]).run();
    assert_eq!(run.output(), "\"second\"");
    assert_eq!(run.count("TaskSucceeded"), 1);
}

#[test]
fn unknown_tasks() {
    let machine = states("W: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}");
    let mut run = given(&machine).task("W", &[hangs()]).stopped(1, None, None).run();
    for task in [TaskId(0), TaskId(99), TaskId(u64::MAX)] {
        for signal in signals(task) {
            assert!(!run.machine.signal(signal, &mut run.log));
        }
    }
}
