//! Task: families of events, parameters and results, timeouts, heartbeats, tokens, credentials.

use crate::vocabulary::{Reply, Run, given, hangs, has_history, returns, states, throws};

const FUNCTION: &str = "Resource: 'arn:aws:lambda:us-east-1:123456789012:function:f'";
const INVOKE: &str = "Resource: 'arn:aws:states:::lambda:invoke'";
const TOKEN: &str = "Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken'";
const SYNC: &str = "Resource: 'arn:aws:states:::batch:submitJob.sync'";
const ACTIVITY: &str = "Resource: 'arn:aws:states:us-east-1:123456789012:activity:a'";

fn task(fields: &str, reply: Reply) -> Run {
    given(&states(&format!("T: {{Type: Task, {fields}, End: true}}"))).input(r#"{"in":1}"#).task("T", &[reply]).run()
}

#[test]
fn the_resource_decides_the_family_of_events() {
    let ok = || returns("1");
    for (resource, reply, events) in [
        (FUNCTION, ok(), ["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded"]),
        (FUNCTION, throws("E", "c"), ["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionFailed"]),
        (INVOKE, ok(), ["TaskScheduled", "TaskStarted", "TaskSucceeded"]),
        (INVOKE, throws("E", "c"), ["TaskScheduled", "TaskStarted", "TaskFailed"]),
        (ACTIVITY, ok().by_worker(), ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]),
        (ACTIVITY, throws("E", "c").by_worker(), ["ActivityScheduled", "ActivityStarted", "ActivityFailed"]),
        (TOKEN, ok().submitted("{}"), ["TaskStarted", "TaskSubmitted", "TaskSucceeded"]),
        (SYNC, throws("E", "c").submitted("{}"), ["TaskStarted", "TaskSubmitted", "TaskFailed"]),
    ] {
        let run = task(resource, reply);
        for event in events {
            assert_eq!(run.count(event), 1, "{resource} {event}\n{}", run.history());
        }
    }
}

#[test]
fn events_follow_each_other() {
    has_history(
        &task(TOKEN, returns("1").submitted(r#"{"MessageId":"m"}"#)),
        "1 ExecutionStarted < 0
         2 TaskStateEntered T < 0
         3 TaskScheduled < 2
         4 TaskStarted < 3
         5 TaskSubmitted < 4
         6 TaskSucceeded < 5
         7 TaskStateExited T < 6
         8 ExecutionSucceeded < 7",
    );
    // An uncaught failure leaves no exit.
    has_history(
        &task(FUNCTION, throws("E", "c")),
        "1 ExecutionStarted < 0
         2 TaskStateEntered T < 0
         3 LambdaFunctionScheduled < 2
         4 LambdaFunctionStarted < 3
         5 LambdaFunctionFailed < 4
         6 ExecutionFailed < 5",
    );
}

#[test]
fn what_the_events_tell() {
    let run =
        task(&format!("{INVOKE}, TimeoutSeconds: 5, HeartbeatSeconds: 2, Parameters: {{a.$: $.in}}"), returns("[2]"));
    assert_eq!(
        run.details("TaskScheduled"),
        r#"{"resourceType":"lambda","resource":"invoke","region":"us-east-1","parameters":"{\"a\":1}","timeoutInSeconds":5,"heartbeatInSeconds":2}"#
    );
    assert_eq!(run.details("TaskStarted"), r#"{"resourceType":"lambda","resource":"invoke"}"#);
    assert_eq!(
        run.details("TaskSucceeded"),
        r#"{"resourceType":"lambda","resource":"invoke","output":"[2]","outputDetails":{"truncated":false}}"#
    );
    let run = task(FUNCTION, throws("E", "c"));
    assert_eq!(run.details("LambdaFunctionStarted"), "");
    assert_eq!(run.details("LambdaFunctionFailed"), r#"{"error":"E","cause":"c"}"#);
    let run = task(ACTIVITY, returns("1").by_worker());
    assert_eq!(run.details("ActivityStarted"), r#"{"workerName":"worker"}"#);
}

#[test]
fn credentials_are_told_of() {
    let fixed = task(&format!("{INVOKE}, Credentials: {{RoleArn: 'arn:aws:iam::1:role/r'}}"), returns("1"));
    assert!(fixed.details("TaskScheduled").contains(r#""taskCredentials":{"roleArn":"arn:aws:iam::1:role/r"}"#));
    let found = task(&format!("{INVOKE}, Credentials: {{RoleArn.$: $$.Execution.Name}}"), returns("1"));
    assert!(found.details("TaskScheduled").contains(r#""taskCredentials":{"roleArn":"e"}"#));
}

#[test]
fn a_timeout_counts_from_the_start() {
    for (fields, reply, seconds) in [
        (format!("{INVOKE}, TimeoutSeconds: 3"), hangs(), 3.0),
        (format!("{INVOKE}, TimeoutSeconds: 3"), returns("1").after(4), 3.0),
        (format!("{INVOKE}, TimeoutSecondsPath: $.in"), hangs(), 1.0),
        (format!("{TOKEN}, TimeoutSeconds: 9, HeartbeatSeconds: 2"), hangs().submitted("{}"), 2.0),
        (format!("{TOKEN}, HeartbeatSecondsPath: $.in"), hangs().submitted("{}"), 1.0),
        (format!("{TOKEN}, TimeoutSeconds: 9, HeartbeatSeconds: 2"), hangs().beating(&[1, 3, 4]), 6.0),
        (format!("{TOKEN}, TimeoutSeconds: 5, HeartbeatSeconds: 2"), hangs().beating(&[1, 2, 3, 4]), 5.0),
    ] {
        let run = task(&fields, reply);
        assert_eq!(run.failure(), "FAILED States.Timeout", "{fields}");
        assert_eq!(run.times("TaskTimedOut"), [seconds], "{fields}");
        assert_eq!(run.cancelled.len(), 1, "nobody wants the answer any more");
    }
    let run = task(&format!("{FUNCTION}, TimeoutSeconds: 1"), hangs());
    assert_eq!(run.details("LambdaFunctionTimedOut"), r#"{"error":"States.Timeout"}"#);
}

#[test]
fn the_answer_in_time_counts() {
    let run =
        task(&format!("{INVOKE}, TimeoutSeconds: 3, HeartbeatSeconds: 2"), returns("7").after(3).beating(&[1, 2]));
    // At the very moment of the timeout the answer was first.
    assert_eq!(run.output(), "7");
    assert!(run.cancelled.is_empty());
}

#[test]
fn timeouts_of_activities_count_when_a_worker_has_started() {
    let run = task(&format!("{ACTIVITY}, TimeoutSeconds: 3"), hangs().by_worker());
    assert_eq!((run.failure().as_str(), run.times("ActivityTimedOut")), ("FAILED States.Timeout", vec![3.0]));
    let run = task(&format!("{ACTIVITY}, HeartbeatSeconds: 3"), hangs().by_worker().beating(&[2, 4]));
    assert_eq!(run.times("ActivityTimedOut"), [7.0]);
}

#[test]
fn seconds_that_are_none() {
    for (fields, failure) in [
        ("TimeoutSecondsPath: $.x", "Invalid path '$.x' : No results for path: $['x']"),
        ("HeartbeatSecondsPath: $.x", "Invalid path '$.x' : No results for path: $['x']"),
    ] {
        let run = task(&format!("{INVOKE}, {fields}"), hangs());
        assert_eq!(run.failure(), format!("FAILED States.Runtime: {failure}"));
    }
    for value in ["0", "-1", "1.5", "null", "\"x\"", "[]", "99999999999999999999"] {
        let machine = states(&format!("T: {{Type: Task, {INVOKE}, TimeoutSecondsPath: $.s, End: true}}"));
        let run = given(&machine).input(&format!("{{\"s\":{value}}}")).task("T", &[hangs()]).run();
        assert!(
            run.failure().starts_with("FAILED States.Runtime: The TimeoutSecondsPath parameter"),
            "{}",
            run.failure()
        );
    }
}

#[test]
fn a_token_is_seen_where_tasks_wait_for_it() {
    let token = |resource: &str| {
        let fields = format!("{resource}, Parameters: {{t.$: $$.Task.Token}}");
        task(&fields, returns("1").submitted("{}"))
    };
    let first = token(TOKEN);
    let input = first.task_inputs()[0].to_owned();
    assert!(input.len() > 40, "{input}");
    assert_eq!(token(TOKEN).task_inputs()[0], input, "the same seed, the same token");
    let failure = token(INVOKE).failure();
    assert!(failure.starts_with("FAILED States.Runtime: The JSONPath '$$.Task.Token'"), "{failure}");
}

#[test]
fn a_task_without_parameters_gets_the_input() {
    let machine = states(&format!("T: {{Type: Task, {INVOKE}, InputPath: $.in, ResultPath: $.out, End: true}}"));
    let run = given(&machine).input(r#"{"in":{"a":1}}"#).task("T", &[returns("2")]).run();
    assert_eq!((run.task_inputs(), run.output().as_str()), (vec![r#"{"a":1}"#], r#"{"in":{"a":1},"out":2}"#));
}

#[test]
fn each_family_tells_what_the_api_has_for_it() {
    let role = ", Credentials: {RoleArn: r}";
    for (resource, event, heartbeat, credentials) in [
        (INVOKE, "TaskScheduled", true, role),
        (FUNCTION, "LambdaFunctionScheduled", false, role),
        // Activities take none.
        (ACTIVITY, "ActivityScheduled", true, ""),
    ] {
        let fields = format!("TimeoutSeconds: 9, HeartbeatSeconds: 5{credentials}");
        let details = task(&format!("{resource}, {fields}"), returns("1").by_worker()).details(event);
        assert!(details.contains(r#""timeoutInSeconds":9"#), "{details}");
        assert_eq!(details.contains(r#""heartbeatInSeconds":5"#), heartbeat, "{details}");
        let has_role = details.contains(r#""taskCredentials":{"roleArn":"r"}"#);
        assert_eq!(has_role, !credentials.is_empty(), "{details}");
    }
}

#[test]
fn each_attempt_has_a_token_of_its_own() {
    let retry = "Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 2}]";
    let run = task(&format!("{TOKEN}, Parameters: {{t.$: $$.Task.Token}}, {retry}"), throws("E", "c").submitted("{}"));
    let tokens = run.task_inputs();
    assert!(tokens.len() == 3 && tokens[0] != tokens[1] && tokens[1] != tokens[2], "{tokens:?}");
}

#[test]
fn http_endpoints_have_a_minute() {
    const HTTP: &str = "Resource: 'arn:aws:states:::http:invoke'";
    let answer = || returns(r#"{"StatusCode":200}"#);
    for (fields, reply, failure, seconds) in [
        ("Comment: none", hangs(), "FAILED States.Http.Socket", 60.0),
        ("TimeoutSeconds: 900", answer().after(61), "FAILED States.Http.Socket", 60.0),
        ("TimeoutSeconds: 20", hangs(), "FAILED States.Timeout", 20.0),
        ("Comment: none", throws("States.Http.StatusCode.404", "Not Found"), "FAILED States.Http.StatusCode.404", 0.0),
    ] {
        let run = task(&format!("{HTTP}, {fields}"), reply);
        assert!(run.failure().starts_with(failure), "{fields}: {}", run.failure());
        assert_eq!(run.times("ExecutionFailed"), [seconds], "{fields}");
        assert_eq!(run.count("TaskFailed") + run.count("TaskTimedOut"), 1);
    }
    assert_eq!(task(HTTP, answer().after(59)).output(), r#"{"StatusCode":200}"#);
    let retry = "Retry: [{ErrorEquals: [States.Http.Socket], IntervalSeconds: 5, MaxAttempts: 1}]";
    let run = task(&format!("{HTTP}, {retry}"), hangs());
    assert_eq!(run.times("TaskFailed"), [60.0, 125.0]);
}

#[test]
fn a_task_that_is_never_taken_fails_without_an_event_of_its_own() {
    has_history(
        &task(ACTIVITY, throws("States.Runtime", "The activity does not exist.")),
        "1 ExecutionStarted < 0
         2 TaskStateEntered T < 0
         3 ActivityScheduled < 2
         4 ExecutionFailed < 3",
    );
}

#[test]
fn errors_and_causes_are_as_long_as_the_api_has_them() {
    let (error, cause) = ("ä".repeat(300), "ö".repeat(40_000));
    let run = task(INVOKE, throws(&error, &cause));
    let expected = format!("{{\"error\":\"{}\",\"cause\":\"{}\"}}", "ä".repeat(256), "ö".repeat(32_768));
    assert_eq!(run.details("ExecutionFailed"), expected);
    assert!(run.details("TaskFailed").ends_with(&expected[1..]));
    let fail = given(&states("F: {Type: Fail, ErrorPath: $.e, CausePath: $.c}"));
    let run = fail.input(&format!("{{\"e\":\"{error}\",\"c\":\"{cause}\"}}")).run();
    assert_eq!(run.details("ExecutionFailed"), expected);
    // What the input of a state adds to a cause counts as well.
    let run = given(&states("P: {Type: Pass, Parameters: {a.$: $.none}, End: true}"));
    let run = run.input(&format!("{{\"c\":\"{cause}\"}}")).run();
    assert!(run.details("ExecutionFailed").chars().count() < 33_000);
}
