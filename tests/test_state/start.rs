//! The hooks of the engine that TestState stands on: starting at a state, answering it, planning a Map.

use std::sync::Arc;

use asldb::asl::Definition;
use asldb::engine::{
    BranchId, Execution, ExecutionType, Fault, Log, Machine, MapPlan, Names, Outcome, Stage, Start, Status, Variables,
};
use asldb::value::{self, Object, Value};

use super::vocabulary::NOW;

fn execution(definition: &str, input: &str) -> Execution {
    let definition = Definition::read("test.yaml", definition);
    let machine = definition.machine.clone().unwrap_or_else(|| panic!("{}", definition.render_diagnostics()));
    let name: Arc<str> = "n".into();
    let names = Names {
        execution_arn: name.clone(),
        execution_name: name.clone(),
        machine_arn: name.clone(),
        machine_name: name.clone(),
        role_arn: name.clone(),
        region: name,
    };
    Execution {
        machine,
        input: json(input),
        kind: ExecutionType::Standard,
        names,
        seed: 1,
        max_events: None,
        record_stages: false,
    }
}

fn json(text: &str) -> Value {
    value::read(text).expect("JSON")
}

fn run(machine: &mut Machine, log: &mut Log) -> String {
    while let Outcome::Stepped(_) = machine.step(log) {}
    match machine.status() {
        Status::Succeeded(output) => output.to_json(),
        Status::Failed(fault) => fault.summary(),
        other => other.name().to_owned(),
    }
}

const CHAIN: &str = r#"
StartAt: A
States:
  A: {Type: Pass, Result: never, Next: B}
  B: {Type: Pass, Parameters: {v.$: $v, c.$: $$.State, i.$: $}, Next: C}
  C: {Type: Pass, Parameters: {b.$: $, c.$: $$.State.Name}, End: true}
"#;

#[test]
fn an_execution_starts_where_it_is_told_and_goes_on_from_there() {
    let execution = execution(CHAIN, "1");
    let state = execution.machine.find("B").expect("a state");
    let mut variables = Variables::default();
    variables.assign(&Object::from_iter([("v", Value::from(7))]));
    let mut log = Log::default();
    let start = Start { variables, context: Some(json(r#"{"State":"given"}"#)), ..Start::at(state) };
    let mut machine = Machine::start_at(execution, start, NOW, &mut log);
    // The given context object is for the first state only.
    assert_eq!(run(&mut machine, &mut log), r#"{"b":{"v":7,"c":"given","i":1},"c":"C"}"#);
}

const PARALLEL: &str = r#"
StartAt: P
States:
  P:
    Type: Parallel
    Branches: [{StartAt: In, States: {In: {Type: Fail}}}]
    Retry: [{ErrorEquals: [Busy], MaxAttempts: 1}]
    Catch: [{ErrorEquals: [States.ALL], ResultPath: $.e, Next: Z}]
    ResultPath: $.r
    Next: Z
  Z: {Type: Succeed}
"#;

#[test]
fn a_state_is_answered_instead_of_run() {
    let answered = |outcome: Result<Value, Fault>, retries: u32| {
        let execution = execution(PARALLEL, r#"{"a":1}"#);
        let state = execution.machine.find("P").expect("a state");
        let mut log = Log::default();
        let mut machine = Machine::start_at(execution, Start { retries, ..Start::at(state) }, NOW, &mut log);
        let main = |machine: &Machine| machine.branch(BranchId::MAIN).cloned().expect("it is alive");
        if outcome.is_ok() {
            assert!(!machine.answer(BranchId::MAIN, outcome.clone(), &mut log), "it stands before its entry");
        }
        while machine.next_stage(&main(&machine)) != Stage::Work {
            machine.step(&mut log);
        }
        assert!(machine.answer(BranchId::MAIN, outcome, &mut log));
        assert!(!machine.answer(BranchId(9), Err(Fault::default()), &mut log), "no such branch");
        match machine.next_resume() {
            Some(at) => format!("again in {} ms", at.since(NOW)),
            None => run(&mut machine, &mut log),
        }
    };
    assert_eq!(answered(Ok(json("[5]")), 0), r#"{"a":1,"r":[5]}"#);
    assert_eq!(answered(Err(Fault::new("Busy", "c")), 0), "again in 1000 ms");
    assert_eq!(answered(Err(Fault::new("Busy", "c")), 1), r#"{"a":1,"e":{"Error":"Busy","Cause":"c"}}"#);
}

#[test]
fn nothing_is_answered_after_the_end() {
    let execution = execution(CHAIN, "1");
    let mut log = Log::default();
    let state = execution.machine.find("C").expect("a state");
    let mut machine = Machine::start_at(execution, Start::at(state), NOW, &mut log);
    run(&mut machine, &mut log);
    assert!(!machine.answer(BranchId::MAIN, Err(Fault::default()), &mut log));
}

#[test]
fn a_plan_leaves_the_machine_as_it_is() {
    let definition = r#"
StartAt: M
States:
  M:
    Type: Map
    ItemsPath: $.items
    ItemSelector: {v.$: $$.Map.Item.Value}
    MaxConcurrency: 3
    ItemProcessor: {StartAt: I, States: {I: {Type: Pass, End: true}}}
    End: true
"#;
    let execution = execution(definition, r#"{"items":[1,2]}"#);
    let mut log = Log::default();
    let mut machine = Machine::start(execution, NOW, &mut log);
    while machine.branch(BranchId::MAIN).is_some_and(|branch| machine.next_stage(branch) != Stage::Work) {
        machine.step(&mut log);
    }
    let mut plan = MapPlan::default();
    machine.plan_map(BranchId::MAIN, None, &mut plan).expect("it can be planned");
    let selected = plan.selected.clone().map(|inputs| Value::Array(inputs).to_json());
    assert_eq!((selected.as_deref(), plan.max_concurrency), (Some(r#"[{"v":1},{"v":2}]"#), Some(3)));
    assert_eq!((plan.iterations(), plan.is_exceeded_by(2)), (2, false));
    assert_eq!(run(&mut machine, &mut log), r#"[{"v":1},{"v":2}]"#);
}
