//! The definitions that are measured, with their inputs.

/// A definition and its input.
pub(crate) struct Case {
    pub(crate) definition: String,
    pub(crate) input: String,
}

/// A loop that counts to `most`.
pub(crate) fn counting(most: usize) -> Case {
    let definition = r#"{"StartAt": "Check", "States": {
        "Check": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThanPath": "$.most", "Next": "Add"}],
            "Default": "Done"},
        "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "most.$": "$.most"}, "Next": "Check"},
        "Done": {"Type": "Succeed"}}}"#;
    Case { definition: definition.to_owned(), input: format!("{{\"n\": 0, \"most\": {most}}}") }
}

/// The same in JSONata: Condition, Assign and Output.
pub(crate) fn counting_in_jsonata(most: usize) -> Case {
    let definition = r#"{"QueryLanguage": "JSONata", "StartAt": "Check", "States": {
        "Check": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.n < $states.input.most %}", "Next": "Add"}],
            "Default": "Done"},
        "Add": {"Type": "Pass", "Assign": {"seen": "{% $states.input.n %}"}, "Next": "Check",
            "Output": {"n": "{% $states.input.n + 1 %}", "most": "{% $states.input.most %}"}},
        "Done": {"Type": "Succeed"}}}"#;
    Case { definition: definition.to_owned(), input: format!("{{\"n\": 0, \"most\": {most}}}") }
}

/// A Map over `items`, whose iterations call two intrinsic functions each.
pub(crate) fn map(items: usize, max_concurrency: usize) -> Case {
    let definition = format!(
        r#"{{"StartAt": "M", "States": {{"M": {{"Type": "Map", "MaxConcurrency": {max_concurrency}, "End": true,
            "ResultSelector": {{"n.$": "States.ArrayLength($)"}},
            "ItemProcessor": {{"StartAt": "I", "States": {{"I": {{"Type": "Pass", "End": true, "Parameters":
                {{"a.$": "States.MathAdd($, 1)", "b.$": "States.Format('item {{}}', $)"}}}}}}}}}}}}}}"#
    );
    Case { definition, input: format!("[{}]", vec!["1"; items].join(",")) }
}

/// A Parallel of `branches` with `states` each.
pub(crate) fn parallel(branches: usize, states: usize) -> Case {
    let branch = |number: usize| {
        let passes = chain(states, |at| format!("S{number}-{at}"), "");
        format!("{{\"StartAt\": \"S{number}-0\", \"States\": {{{passes}}}}}")
    };
    let branches: Vec<String> = (0..branches).map(branch).collect();
    let definition = format!(
        r#"{{"StartAt": "P", "States": {{"P": {{"Type": "Parallel", "End": true, "Branches": [{}]}}}}}}"#,
        branches.join(", ")
    );
    Case { definition, input: r#"{"a": 1}"#.to_owned() }
}

/// 200 KB in one array, through `states` that select, shape and merge.
pub(crate) fn array_of_200_kb(states: usize) -> Case {
    let item = |at: usize| format!("{{\"number\": {at}, \"text\": \"{}\"}}", "x".repeat(22));
    let items: Vec<String> = (0..4000).map(item).collect();
    shaping(states, &format!("\"items\": [{}]", items.join(",")))
}

/// 200 KB in 4,000 members, through `states` that select, shape and merge.
pub(crate) fn keys_of_200_kb(states: usize) -> Case {
    let keys: Vec<String> = (0..4000).map(|at| format!("\"key{at}\": \"{}\"", "x".repeat(36))).collect();
    shaping(states, &keys.join(","))
}

fn shaping(states: usize, members: &str) -> Case {
    let fields = r#""InputPath": "$.order", "Parameters": {"id.$": "$.id", "all.$": "$"}, "ResultPath": "$.last", "#;
    let states = chain(states, |at| format!("S{at}"), fields);
    Case {
        definition: format!("{{\"StartAt\": \"S0\", \"States\": {{{states}}}}}"),
        input: format!(r#"{{"order": {{"id": 7}}, {members}}}"#),
    }
}

/// Pass states one after the other, each with `fields`.
fn chain(count: usize, name: impl Fn(usize) -> String, fields: &str) -> String {
    let state = |at: usize| {
        let next = if at + 1 == count { "\"End\": true".to_owned() } else { format!("\"Next\": \"{}\"", name(at + 1)) };
        format!("\"{}\": {{\"Type\": \"Pass\", {fields}{next}}}", name(at))
    };
    (0..count).map(state).collect::<Vec<_>>().join(", ")
}
