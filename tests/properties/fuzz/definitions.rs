//! Definitions in JSON and YAML.

use asldb::asl::Definition;

use super::bytes::spoilt;
use super::{Case, Random, Verdict, data, ensure, ensure_inside, intrinsics, jsonata, jsonpath};

const SAMPLES: [&str; 9] = [
    include_str!("../../../samples/order.asl.json"),
    include_str!("../../../samples/retry-and-catch.asl.json"),
    include_str!("../../../samples/map.asl.json"),
    include_str!("../../../samples/parallel.asl.json"),
    include_str!("../../../samples/choice.asl.json"),
    include_str!("../../../samples/variables.asl.json"),
    include_str!("../../../samples/callback.asl.json"),
    include_str!("../../../samples/data-flow.asl.json"),
    include_str!("../../../samples/wait.asl.yaml"),
];

/// The name of the file, which tells the language, and the text.
pub(super) fn generate(random: &mut Random) -> Case {
    let (name, text) = match random.below(4) {
        0 => {
            let at = random.below(SAMPLES.len());
            (if at == SAMPLES.len() - 1 { "x.yaml" } else { "x.json" }, words_swapped(random, SAMPLES[at]))
        }
        1 => ("x.yaml", machine(random, 12)),
        _ => ("x.json", machine(random, 20)),
    };
    vec![name.to_owned(), spoilt(random, text, |random| random.pick(&SAMPLES).to_owned())]
}

/// The text with some of its words in the place of others.
fn words_swapped(random: &mut Random, text: &str) -> String {
    let words: Vec<&str> = text.split('"').collect();
    let mut out = words.clone();
    for _ in 0..random.below(4) {
        let (at, from) = (random.below(words.len()), random.below(words.len()));
        out[at] = words[from];
    }
    out.join("\"")
}

fn machine(random: &mut Random, budget: usize) -> String {
    if random.once_in(40) {
        let depth = random.between(20, 400);
        let before = r#"{"StartAt":"A","States":{"A":{"Type":"Parallel","End":true,"Branches":["#.repeat(depth);
        return format!("{before}{}", "]}}}".repeat(depth));
    }
    let count = random.between(1, 4);
    let states: Vec<String> =
        (0..count).map(|at| format!("\"S{at}\": {}", state(random, budget / count, count))).collect();
    let language = if random.once_in(3) { r#""QueryLanguage": "JSONata", "# } else { "" };
    format!("{{{language}\"StartAt\": \"S{}\", \"States\": {{{}}}}}", random.below(count + 1), states.join(", "))
}

fn state(random: &mut Random, budget: usize, count: usize) -> String {
    let kind = random.pick(&["Pass", "Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map", "Other"]);
    let mut fields = vec![format!("\"Type\": \"{kind}\"")];
    fields.push(if random.once_in(3) {
        "\"End\": true".to_owned()
    } else {
        format!("\"Next\": \"S{}\"", random.below(count + 1))
    });
    for _ in 0..random.below(5) {
        fields.push(field(random, budget));
    }
    match kind {
        "Parallel" if budget > 3 => fields.push(format!("\"Branches\": [{}]", machine(random, budget / 2))),
        "Map" if budget > 3 => fields.push(format!("\"ItemProcessor\": {}", machine(random, budget / 2))),
        "Choice" => fields.push(format!("\"Choices\": [{}, {}]", rule(random, 6), rule(random, 3))),
        "Task" => fields.push("\"Resource\": \"arn:aws:states:::lambda:invoke\"".to_owned()),
        _ => {}
    }
    format!("{{{}}}", fields.join(", "))
}

fn rule(random: &mut Random, budget: usize) -> String {
    let inner = match random.below(if budget > 1 { 6 } else { 3 }) {
        0 => format!("\"Variable\": {}, \"NumericEquals\": {}", path(random), data::number(random)),
        1 => format!("\"Variable\": {}, \"StringMatches\": \"a*\\\\\\\\*\"", path(random)),
        2 => format!("\"Variable\": {}, \"TimestampLessThanPath\": {}", path(random), path(random)),
        3 => format!("\"Not\": {}", rule(random, budget / 2)),
        4 => format!("\"And\": [{}, {}]", rule(random, budget / 2), rule(random, budget / 2)),
        _ => format!("\"Condition\": \"{{% {} %}}\"", escaped(&jsonata::expression(random, 6))),
    };
    format!("{{{inner}, \"Next\": \"S0\"}}")
}

fn field(random: &mut Random, budget: usize) -> String {
    let name =
        random.pick(&["Parameters", "ResultSelector", "Assign", "Arguments", "Output", "Result", "ItemSelector"]);
    match random.below(8) {
        0 => format!("\"{}\": {}", random.pick(&["InputPath", "OutputPath", "ResultPath", "ItemsPath"]), path(random)),
        1 => format!("\"{name}\": {{\"a.$\": \"{}\", \"b\": 1}}", escaped(&intrinsics::call(random, 6))),
        2 => format!("\"{name}\": {{\"a\": \"{{% {} %}}\"}}", escaped(&jsonata::expression(random, 8))),
        3 => r#""Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 1e999, "MaxAttempts": 99999999999}]"#.to_owned(),
        4 => r#""Catch": [{"ErrorEquals": ["A", "States.Timeout"], "Next": "S0", "ResultPath": "$.e"}]"#.to_owned(),
        5 => format!("\"{}\": {}", random.pick(&["Seconds", "TimeoutSeconds", "MaxConcurrency", "HeartbeatSeconds"]), data::number(random)),
        6 => format!("\"Timestamp\": \"{}\"", random.pick(&["2024-02-30T00:00:00Z", "2024-03-01T12:00:00Z", "{% $now() %}"])),
        _ => format!("\"{name}\": {}", data::value(random, budget)),
    }
}

fn path(random: &mut Random) -> String {
    format!("\"{}\"", escaped(&jsonpath::path(random, 3)))
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

pub(super) fn check(case: &[String]) -> Verdict {
    let [name, text] = case else { return Ok(()) };
    let definition = Definition::read(name, text);
    for diagnostic in &definition.diagnostics {
        ensure_inside("a diagnostic", &definition.text, diagnostic.span)?;
        ensure(!diagnostic.message.is_empty(), || "a diagnostic without words".to_owned())?;
    }
    ensure(definition.machine.is_some() != definition.has_errors(), || {
        "a machine with errors, or none without".to_owned()
    })?;
    ensure(definition.diagnostics.is_empty() == definition.render_diagnostics().is_empty(), || {
        "not rendered".to_owned()
    })?;
    let again = Definition::read(name, text);
    ensure(definition.diagnostics == again.diagnostics, || "other diagnostics the second time".to_owned())
}
