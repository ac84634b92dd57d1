//! Wait in its four forms, and the words for what it cannot wait for.

use crate::vocabulary::{fail, given, states};

/// Seconds between entering and leaving the Wait state.
fn waits(wait: &str, input: &str) -> f64 {
    let run = given(&states(&format!("A: {{Type: Wait, {wait}, End: true}}"))).input(input).run();
    assert_eq!(run.output(), input);
    run.times("WaitStateExited")[0]
}

#[test]
fn four_forms() {
    for (wait, input, seconds) in [
        ("Seconds: 0", "{}", 0.0),
        ("Seconds: 90", "{}", 90.0),
        ("SecondsPath: $.s", r#"{"s":5}"#, 5.0),
        ("SecondsPath: $.s", r#"{"s":"5"}"#, 5.0),
        ("SecondsPath: $$.Execution.Input.s", r#"{"s":5}"#, 5.0),
        ("Timestamp: '2024-01-01T00:01:00Z'", "{}", 60.0),
        ("Timestamp: '2024-01-01T01:00:30+01:00'", "{}", 30.0),
        ("TimestampPath: $.t", r#"{"t":"2024-01-01T00:00:00.250Z"}"#, 0.25),
        // What is past is over.
        ("Timestamp: '2016-03-14T01:59:00Z'", "{}", 0.0),
        ("TimestampPath: $.t", r#"{"t":"2023-12-31T23:59:59.999Z"}"#, 0.0),
    ] {
        assert_eq!(waits(wait, input).to_string(), seconds.to_string(), "{wait} {input}");
    }
}

#[test]
fn what_cannot_be_waited_for() {
    let wait = |wait: &str| format!("A: {{Type: Wait, {wait}, End: true}}");
    let (seconds, timestamp) = (wait("SecondsPath: $.p"), wait("TimestampPath: $.p"));
    let no_timestamp = "FAILED States.Runtime: The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.p == ";
    fail(&[
        (
            &seconds,
            r#"{"p":-1}"#,
            "FAILED States.Runtime: The SecondsPath parameter references a negative value: $.p == -1",
        ),
        (
            &seconds,
            r#"{"p":1.5}"#,
            "FAILED States.Runtime: The SecondsPath parameter cannot be parsed as a long value: $.p == 1.5",
        ),
        (
            &seconds,
            r#"{"p":"soon"}"#,
            "FAILED States.Runtime: The SecondsPath parameter cannot be parsed as a long value: $.p == soon",
        ),
        (&seconds, "{}", "FAILED States.Runtime: The SecondsPath parameter does not reference an input value: $.p"),
        (&timestamp, "{}", "FAILED States.Runtime: The TimestampPath parameter does not reference an input value: $.p"),
        (&timestamp, r#"{"p":"2024-01-01T00:00:00"}"#, &format!("{no_timestamp}2024-01-01T00:00:00")),
        (&timestamp, r#"{"p":7}"#, &format!("{no_timestamp}7")),
        (&timestamp, r#"{"p":"9024-01-01T00:00:00Z"}"#, "FAILED States.Runtime: Wait state delay is too long."),
    ]);
}

#[test]
fn the_longest_delay() {
    let run = |seconds: i64| {
        given(&states("A: {Type: Wait, SecondsPath: $.p, End: true}")).input(&format!("{{\"p\":{seconds}}}")).run()
    };
    let most = i64::from(i32::MAX);
    for accepted in [24_855 * 86_400, most] {
        // The execution does not live to see its end.
        assert_eq!(run(accepted).failure(), "TIMED_OUT States.Timeout");
    }
    for refused in [most + 1, 24_856 * 86_400 - 1] {
        assert_eq!(run(refused).failure(), "FAILED States.Runtime: Wait state delay is too long.");
    }
}

#[test]
fn extreme_numbers_do_not_break_the_clock() {
    let machine = states("A: {Type: Wait, SecondsPath: $.p, End: true}");
    for seconds in ["9223372036854775807", "9223372036854775", "1e3", "99999999999999999999"] {
        let failure = given(&machine).input(&format!("{{\"p\":{seconds}}}")).run();
        assert!(failure.machine.status().is_done(), "{seconds}");
    }
}
