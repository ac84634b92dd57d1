//! Ways back through runs of small machines.

use std::sync::Arc;

use super::*;
use crate::engine::{Effect, EventKind, ExecutionType, Machine, Names, Outcome, Signal};
use crate::value::{self, read};

struct Ended {
    definition: Definition,
    machine: Machine,
    log: Log,
}

/// Runs the states to their end. A task answers what is written behind `answer ` in its resource, or fails with the
/// error behind `error `.
fn ended(states: &str, input: &str) -> Ended {
    run(states, input, "")
}

fn run(states: &str, input: &str, language: &str) -> Ended {
    let start = states.split(':').next().expect("a state");
    let states: String = states.lines().map(|line| format!("  {line}\n")).collect();
    let text = format!("StartAt: {start}\n{language}\nStates:\n{states}");
    let definition = Definition::read("test.yaml", &text);
    let machine = definition.machine.clone().unwrap_or_else(|| panic!("{}", definition.render_diagnostics()));
    let names = ["execution", "run", "machine", "Test", "role", "us-east-1"].map(Arc::from);
    let [execution_arn, execution_name, machine_arn, machine_name, role_arn, region] = names;
    let names = Names { execution_arn, execution_name, machine_arn, machine_name, role_arn, region };
    let input = read(input).expect("JSON");
    let kind = ExecutionType::Standard;
    let execution = Execution { machine, input, kind, names, seed: 1, max_events: None, record_stages: true };
    let mut log = Log::default();
    let mut machine = Machine::start(execution, Timestamp(0), &mut log);
    loop {
        match machine.step(&mut log) {
            Outcome::Stepped(_) => {}
            Outcome::Done => break,
            Outcome::Waiting(until) => {
                let effects = machine.take_effects();
                let until = until.filter(|_| effects.is_empty());
                for effect in effects {
                    if let Effect::ReadItems(read) = &effect {
                        let output = value::read(r#"[{"id":"r0"},{"id":"r1"}]"#).expect("JSON");
                        machine.signal(Signal::TaskSucceeded { task: read.task, output }, &mut log);
                    }
                    if let Effect::Invoke(call) = effect {
                        let state = machine.execution().machine.state(call.state).clone();
                        let crate::asl::StateKind::Task(task) = &state.kind else { panic!("no task") };
                        let answer = task.resource.text.rsplit(':').next().expect("a resource").to_owned();
                        let signal = match answer.strip_prefix("fail-") {
                            Some(error) => Signal::TaskFailed {
                                task: call.task,
                                error: Some(error.into()),
                                cause: None,
                                hint: None,
                            },
                            None if answer == "2" => Signal::TaskSucceeded {
                                task: call.task,
                                output: read(r#"{"ExecutionArn":"execution","Output":{"y":5}}"#).expect("JSON"),
                            },
                            None => Signal::TaskSucceeded {
                                task: call.task,
                                output: read(&format!(r#"{{"from":"{answer}","n":[1,2]}}"#)).expect("JSON"),
                            },
                        };
                        machine.signal(signal, &mut log);
                    }
                }
                if let Some(until) = until {
                    machine.advance(until);
                }
            }
        }
    }
    Ended { definition, machine, log }
}

impl Ended {
    fn provenance(&self) -> Provenance<'_> {
        let moment = Moment::newest(&self.log);
        Provenance::new(&self.definition, self.machine.execution(), &self.log, Timestamp(0), moment)
    }

    /// The way back of the value at `path` of the output.
    fn way(&self, path: &str) -> String {
        let path = ReferencePathSteps(path).steps();
        let mut exits = self.log.events.iter().rev();
        let exit = exits.find(|event| matches!(event.kind, EventKind::StateExited { .. }));
        let exit = exit.unwrap_or_else(|| panic!("no exit in {:?}", self.machine.status()));
        let mut provenance = self.provenance();
        let entered = provenance.entry_of(exit.id).expect("an entry");
        let last = provenance.visit(entered).expect("a visit").rows.len() - 1;
        let links = provenance.trace(Place::Row(entered, last, path));
        links.iter().map(shown).collect::<Vec<_>>().join(" | ")
    }
}

struct ReferencePathSteps<'t>(&'t str);

impl ReferencePathSteps<'_> {
    fn steps(&self) -> Vec<Step> {
        crate::query::ReferencePath::compile(self.0).expect(self.0).steps(None)
    }
}

fn shown(link: &Link) -> String {
    let how = if link.how.is_empty() { String::new() } else { format!(" ({})", link.how) };
    let end = match link.kind {
        LinkKind::From => String::new(),
        LinkKind::Computed => " computed".to_owned(),
        LinkKind::End(end) => format!(" = {}", end.words()),
    };
    let passed = if link.passed > 0 { format!(" +{}", link.passed) } else { String::new() };
    format!("{}{}{how}{passed}{end}", "> ".repeat(link.depth), link.label)
}

#[test]
fn through_paths_and_templates() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:F";
    let task = |fields: &str| format!("T: {{Type: Task, Resource: '{arn}', {fields} End: true}}");
    for (states, path, way) in [
        (
            "A: {Type: Pass, End: true}".to_owned(),
            "$.a",
            "A, State output $.a | Input of the execution $.a +1 = the input of the execution",
        ),
        (
            "A: {Type: Pass, InputPath: $.b, End: true}".to_owned(),
            "$.c",
            "A, State output $.c | A, InputPath $.c ($.b) | Input of the execution $.b.c +1 = the input of the execution",
        ),
        (
            "A: {Type: Pass, Parameters: {x.$: '$.b.c', y: {z: 7}}, End: true}".to_owned(),
            "$.x",
            "A, State output $.x | A, Parameters $.x ($.b.c) | Input of the execution $.b.c +1 = the input of the execution",
        ),
        (
            "A: {Type: Pass, Parameters: {x.$: '$.b.c', y: {z: 7}}, End: true}".to_owned(),
            "$.y.z",
            "A, State output $.y.z | A, Parameters $.y.z = written in the definition",
        ),
        (
            "A: {Type: Pass, Result: {k: 1}, ResultPath: $.r, End: true}".to_owned(),
            "$.r.k",
            "A, State output $.r.k | A, ResultPath $.r.k ($.r) | A, Result $.k (Result) = written in the definition",
        ),
        (
            "A: {Type: Pass, Result: {k: 1}, ResultPath: $.r, End: true}".to_owned(),
            "$.b.c",
            "A, State output $.b.c | Input of the execution $.b.c +1 = the input of the execution",
        ),
        (
            task("ResultSelector: {f.$: '$.n[1]'}, ResultPath: $.r, OutputPath: $.r,"),
            "$.f",
            "T, State output $.f | T, OutputPath $.f ($.r) | T, ResultPath $.r.f ($.r) | T, ResultSelector $.f ($.n[1]) | T, Task result $.n[1] (arn:aws:lambda:us-east-1:123456789012:function:F) = the answer of the task",
        ),
        (
            "A: {Type: Pass, Parameters: {f.$: \"States.Format('{}-{}', $.a, $.b.c)\"}, End: true}".to_owned(),
            "$.f",
            "A, State output $.f | A, Parameters $.f (States.Format('{}-{}', $.a, $.b.c)) computed | > A, State input $.a | > Input of the execution $.a = the input of the execution | > A, State input $.b.c | > Input of the execution $.b.c = the input of the execution",
        ),
        (
            "A: {Type: Pass, Parameters: {all.$: '$.list[*].k'}, End: true}".to_owned(),
            "$.all[1]",
            "A, State output $.all[1] | A, Parameters $.all[1] ($.list[*].k) | Input of the execution $.list[1].k +1 = the input of the execution",
        ),
        (
            "A: {Type: Pass, Assign: {v.$: $.b}, Next: B}\nB: {Type: Pass, Parameters: {x.$: $v.c}, End: true}"
                .to_owned(),
            "$.x",
            "B, State output $.x | B, Parameters $.x ($v.c) | A, Assign $.v.c ($.b) | Input of the execution $.b.c +1 = the input of the execution",
        ),
    ] {
        let shown = ended(&states, r#"{"a":1,"b":{"c":"see"},"list":[{"k":1},{"k":2}]}"#).way(path);
        assert!(shown.starts_with(way), "{states} {path}\n{shown}\n{way}");
    }
}

#[test]
fn through_branches_and_iterations() {
    let map = "M: {Type: Map, ItemsPath: $.list, FIELDS ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}, End: true}";
    let input = r#"{"a":1,"list":[{"k":1},{"k":2}]}"#;
    for (states, path, way) in [
        (
            map.replace("FIELDS", ""),
            "$[1].k",
            "M, State output $[1].k | M, Iterations $[1].k (output of [1]) | M, ItemsPath $[1].k ($.list) +1 | Input of the execution $.list[1].k +1 = the input of the execution",
        ),
        (
            map.replace("FIELDS", "ItemSelector: {v.$: $$.Map.Item.Value.k, w.$: $.a},"),
            "$[1].v",
            "M, State output $[1].v | M, Iterations $[1].v (output of [1]) | M, ItemSelector of iteration 1 $.v ($$.Map.Item.Value.k) +1 | M, ItemsPath $[1].k ($.list) | Input of the execution $.list[1].k +1 = the input of the execution",
        ),
        (
            map.replace("FIELDS", "ItemSelector: {v.$: $$.Map.Item.Value.k, w.$: $.a},"),
            "$[0].w",
            "M, State output $[0].w | M, Iterations $[0].w (output of [0]) | M, ItemSelector of iteration 0 $.w ($.a) +1 | Input of the execution $.a +1 = the input of the execution",
        ),
        (
            "P: {Type: Parallel, Branches: [{StartAt: X, States: {X: {Type: Pass, End: true}}}, {StartAt: Y, States: {Y: {Type: Pass, Result: 5, End: true}}}], End: true}".to_owned(),
            "$[0].a",
            "P, State output $[0].a | P, Branches $[0].a (output of [0]) | Input of the execution $.a +2 = the input of the execution",
        ),
        (
            "P: {Type: Parallel, Branches: [{StartAt: X, States: {X: {Type: Pass, End: true}}}, {StartAt: Y, States: {Y: {Type: Pass, Result: 5, End: true}}}], End: true}".to_owned(),
            "$[1]",
            "P, State output $[1] | P, Branches $[1] (output of [1]) | Y, Result $ (Result) = written in the definition",
        ),
    ] {
        let shown = ended(&states, input).way(path);
        assert_eq!(shown, way, "{states} {path}");
    }
}

#[test]
fn through_jsonata() {
    let task =
        "T: {Type: Task, Resource: 'arn:aws:lambda:us-east-1:123456789012:function:F', Output: OUTPUT, End: true}";
    for (output, path, way) in [
        (r#""{% $states.input.a %}""#, "$", "Input of the execution $.a +1 = the input of the execution"),
        (
            r#""{% {'x': $states.result.n[1]} %}""#,
            "$.x",
            "T, Task result $.n[1] (arn:aws:lambda:us-east-1:123456789012:function:F) = the answer of the task",
        ),
        (
            r#"{"k": {"v": "{% $states.input.b %}"}}"#,
            "$.k.v.c",
            "Input of the execution $.b.c +1 = the input of the execution",
        ),
        (
            r#""{% $merge([$states.input, {'a': $states.result.from}]) %}""#,
            "$.a",
            "T, Task result $.from (arn:aws:lambda:us-east-1:123456789012:function:F) = the answer of the task",
        ),
        (
            r#""{% $merge([$states.input, {'z': 1}]) %}""#,
            "$.b.c",
            "Input of the execution $.b.c +1 = the input of the execution",
        ),
        (
            r#""{% $states.input.a > 5 ? $states.result : $states.input.b %}""#,
            "$.c",
            "Input of the execution $.b.c +1 = the input of the execution",
        ),
        (
            r#""{% $states.context.Execution.Input.a %}""#,
            "$",
            "Input of the execution $.a = the input of the execution",
        ),
    ] {
        let ended = run(&task.replace("OUTPUT", output), r#"{"a":1,"b":{"c":"see"}}"#, "QueryLanguage: JSONata");
        let shown = ended.way(path);
        assert!(shown.ends_with(way), "{output} {path}\n{shown}\n{way}");
    }
    let computed =
        run(&task.replace("OUTPUT", r#""{% {'s': $states.input.a + 1} %}""#), r#"{"a":1}"#, "QueryLanguage: JSONata");
    let way = computed.way("$.s");
    assert!(way.contains("T, Output $.s ($states.input.a + 1) computed | > T, State input $.a"), "{way}");
}

#[test]
fn errors_that_are_caught() {
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:fail-E";
    let states = format!(
        "T: {{Type: Task, Resource: '{arn}', End: true, Catch: [{{ErrorEquals: [X], Next: B}}, {{ErrorEquals: [E], ResultPath: $.e, Next: B}}]}}\nB: {{Type: Pass, End: true}}"
    );
    let ended = ended(&states, r#"{"a":1}"#);
    assert_eq!(
        ended.way("$.e.Error"),
        "B, State output $.e.Error | T, Catch $.e.Error ($.e) +1 = the error that was caught"
    );
    assert_eq!(ended.way("$.a"), "B, State output $.a | Input of the execution $.a +2 = the input of the execution");
}

#[test]
fn long_ways_end() {
    let states: String = (0..400)
        .map(|at| {
            format!(
                "S{at}: {{Type: Pass, Parameters: {{x.$: $.x}}, {}}}\n",
                if at == 399 { "End: true".to_owned() } else { format!("Next: S{}", at + 1) }
            )
        })
        .collect();
    let way = ended(&states, r#"{"x":1}"#).way("$.x");
    assert!(way.ends_with("more is not known"), "{way}");
}

/// A distributed Map with these fields whose child executions are of one state.
fn distributed(fields: &str, inner: &str) -> String {
    format!(
        "M: {{Type: Map, {fields} ItemProcessor: {{ProcessorConfig: {{Mode: DISTRIBUTED, ExecutionType: STANDARD}}, StartAt: I, States: {{{inner}}}}}, End: true}}"
    )
}

#[test]
fn into_child_executions_and_out_again() {
    let input = r#"{"a":1,"list":[{"k":1},{"k":2},{"k":3}],"at":"items.json","o":{"x":{"k":8},"y":{"k":9}}}"#;
    let pass = "I: {Type: Pass, End: true}";
    let to_input = |path: &str| format!("Input of the execution {path} +1 = the input of the execution");
    for (fields, inner, path, way) in [
        (
            "ItemsPath: $.list,",
            pass,
            "$[1].k",
            format!(
                "M, State output $[1].k | M, Iterations $[1].k (output of child 1) | child 1, Input of the execution $.k (item 1) +1 | M, ItemsPath $[1].k ($.list) | {}",
                to_input("$.list[1].k")
            ),
        ),
        (
            "ItemsPath: $.list, ItemSelector: {v.$: $$.Map.Item.Value.k, w.$: $.a, i.$: $$.Map.Item.Index},",
            pass,
            "$[2].v",
            format!(
                "M, State output $[2].v | M, Iterations $[2].v (output of child 2) | child 2, Input of the execution $.v ($$.Map.Item.Value.k) +1 | M, ItemsPath $[2].k ($.list) | {}",
                to_input("$.list[2].k")
            ),
        ),
        (
            "ItemsPath: $.list, ItemSelector: {v.$: $$.Map.Item.Value.k, w.$: $.a, i.$: $$.Map.Item.Index},",
            pass,
            "$[0].w",
            format!(
                "M, State output $[0].w | M, Iterations $[0].w (output of child 0) | child 0, Input of the execution $.w ($.a) +1 | {}",
                to_input("$.a")
            ),
        ),
        (
            "ItemsPath: $.list, ItemSelector: {i.$: $$.Map.Item.Index},",
            pass,
            "$[2].i",
            "M, State output $[2].i | M, Iterations $[2].i (output of child 2) | child 2, Input of the execution $.i ($$.Map.Item.Index) +1 | $$.Map.Item.Index = the context object".to_owned(),
        ),
        (
            "ItemsPath: $.list, ItemBatcher: {MaxItemsPerBatch: 2, BatchInput: {b.$: $.a}},",
            pass,
            "$[1].Items[0].k",
            format!(
                "M, State output $[1].Items[0].k | M, Iterations $[1].Items[0].k (output of child 1) | child 1, Input of the execution $.Items[0].k (item 2) +1 | M, ItemsPath $[2].k ($.list) | {}",
                to_input("$.list[2].k")
            ),
        ),
        (
            "ItemsPath: $.list, ItemBatcher: {MaxItemsPerBatch: 2, BatchInput: {b.$: $.a}},",
            pass,
            "$[1].BatchInput.b",
            format!(
                "M, State output $[1].BatchInput.b | M, Iterations $[1].BatchInput.b (output of child 1) | child 1, Input of the execution $.BatchInput.b ($.a) +1 | {}",
                to_input("$.a")
            ),
        ),
        (
            "ItemReader: {Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: {InputType: JSON}, Parameters: {Bucket: b, Key.$: $.at}},",
            pass,
            "$[1].id",
            "M, State output $[1].id | M, Iterations $[1].id (output of child 1) | child 1, Input of the execution $.id (item 1 of s3://b/items.json) +1 = from outside of this execution".to_owned(),
        ),
        (
            "ItemReader: {Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: {InputType: JSON}, Parameters: {Bucket: b, Key.$: $.at}}, ItemSelector: {n.$: $$.Map.Item.Value.id},",
            pass,
            "$[0].n",
            "M, State output $[0].n | M, Iterations $[0].n (output of child 0) | child 0, Input of the execution $.n (item 0 of s3://b/items.json: $$.Map.Item.Value.id) +1 = from outside of this execution".to_owned(),
        ),
        (
            "ItemsPath: $.o,",
            pass,
            "$[1].y.k",
            format!(
                "M, State output $[1].y.k | M, Iterations $[1].y.k (output of child 1) | child 1, Input of the execution $.y.k (item 1) +1 | M, ItemsPath $.y.k ($.o) | {}",
                to_input("$.o.y.k")
            ),
        ),
        (
            "ItemsPath: $.list,",
            "I: {Type: Map, ItemsPath: $$.Execution.Input, ItemProcessor: {ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}, StartAt: J, States: {J: {Type: Pass, End: true}}}, End: true}",
            "$[1][0].k",
            format!(
                "M, State output $[1][0].k | M, Iterations $[1][0].k (output of child 1) | child 1, I, Iterations $[0].k (output of child 0) | child 1, child 0, Input of the execution $.k (item 0) +1 | child 1, I, ItemsPath $.k ($$.Execution.Input) | child 1, Input of the execution $.k (item 1) | M, ItemsPath $[1].k ($.list) | {}",
                to_input("$.list[1].k")
            ),
        ),
    ] {
        let shown = ended(&distributed(fields, inner), input).way(path);
        assert_eq!(shown, way, "{fields} {path}");
    }
}

#[test]
fn from_a_child_execution_outwards() {
    let states = distributed("ItemsPath: $.list,", "I: {Type: Pass, End: true}");
    let ended = ended(&states, r#"{"list":[{"k":1},{"k":2}]}"#);
    let child = ended.log.executions.iter().find(|child| child.index == 1).expect("a child").clone();
    let branch = (0..).map(BranchId).find(|branch| {
        ended.log.branches.get(branch.0 as usize).is_some_and(|origin| origin.state.is_some() && origin.index == 1)
    });
    let moment = Moment::newest(&child.log);
    let provenance = Provenance::new(&ended.definition, &child.execution, &child.log, Timestamp(0), moment);
    let root = World::new(&ended.log, ended.machine.execution(), Timestamp(0), Vec::new());
    let links = provenance
        .inside_of(vec![root], vec![branch.expect("its branch")])
        .trace(Place::Input(vec![Step::Key("k".into())]));
    let way: Vec<String> = links.iter().map(shown).collect();
    assert_eq!(
        way.join(" | "),
        "Input of the execution $.k (item 1) | the execution around it, M, ItemsPath $[1].k ($.list) | the execution around it, Input of the execution $.list[1].k +1 = the input of the execution"
    );
    assert_eq!(links.last().and_then(|link| link.inside.clone()), Some(Vec::new()));
}

#[test]
fn executions_that_tasks_started() {
    let outer = ended(
        "T: {Type: Task, Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: {StateMachineArn: m, Input: {x.$: $.a}}, OutputPath: $.Output, End: true}",
        r#"{"a":{"b":5}}"#,
    );
    let inner = ended("A: {Type: Pass, Parameters: {y.$: $.x.b}, End: true}", r#"{"x":{"b":5}}"#);
    let world = World::new(&inner.log, inner.machine.execution(), Timestamp(0), Vec::new());
    let mut provenance = outer.provenance().beside(vec![world]);
    let output = provenance.within(0, |own| own.last_output()).expect("an output");
    let links = provenance.trace(output.inside(&[Step::Key("y".into())]));
    let way: Vec<String> = links.iter().map(shown).collect();
    assert_eq!(
        way.join(" | "),
        "T, State output $.y | T, OutputPath $.y ($.Output) | T, Task result $.Output.y (output of the execution that it started) | execution run, A, Parameters $.y ($.x.b) | execution run, Input of the execution $.x.b (Input of the task that started it) +1 | T, Parameters $.Input.x.b ($.a) | Input of the execution $.a.b +1 = the input of the execution"
    );
}
