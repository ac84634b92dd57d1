//! What a mock file answers, what is wrong with it, and how it grows.

use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::*;
use crate::asl::{
    PathField, Resource, ResourceKind, ResultPath, Scope, ScopeId, State, StateId, StateKind, StateMachine, Task,
    Transition,
};
use crate::engine::Names;
use crate::engine::{BranchId, Execution, ExecutionType, Invocation, TaskId};
use crate::runtime::tasks::{TaskCall, TaskFailure, Tasks, Unanswered};
use crate::value::read;

const ORDERS: &str = r#"{
  "StateMachines": {
    "Orders": {
      "TestCases": {
        "HappyPath": { "Charge": "Charged", "Ship": "Shipped" },
        "Flaky": { "Charge": "ChargedAtLast" }
      }
    }
  },
  "MockedResponses": {
    "Charged": { "0": { "Return": { "id": 7 } } },
    "ChargedAtLast": {
      "0-1": { "Throw": { "Error": "Gateway.Busy", "Cause": "try later" } },
      "2": { "Return": { "id": 8 }, "Submitted": { "MessageId": "m" } }
    },
    "Shipped": { "0": { "Hang": true, "Submitted": "sent" } }
  }
}
"#;

fn file(text: &str) -> MockFile {
    MockFile::read("orders.mock.json", text).unwrap_or_else(|found| panic!("{found:#?}"))
}

/// A file with one response to state `Charge` in case `C` of machine `M`.
fn one(response: &str) -> String {
    format!(
        r#"{{"StateMachines":{{"M":{{"TestCases":{{"C":{{"Charge":"R"}}}}}}}},"MockedResponses":{{"R":{response}}}}}"#
    )
}

/// `Return …`, `Throw Error: Cause` or `Hang`, with what was submitted.
fn shown(answer: Option<Answer>) -> String {
    let submitted = |value: Option<Value>| value.map_or(String::new(), |value| format!(" after {value}"));
    match answer {
        None => "unlisted".to_owned(),
        Some(Answer::Now(TaskResult { submitted: sent, outcome: Ok(value) })) => {
            format!("Return {value}{}", submitted(sent))
        }
        Some(Answer::Now(TaskResult { submitted: sent, outcome: Err(failure) })) => {
            let part = |part: Option<Arc<str>>| part.map_or("-".to_owned(), |part| part.to_string());
            format!("Throw {}: {}{}", part(failure.error), part(failure.cause), submitted(sent))
        }
        Some(Answer::Hang { submitted: sent }) => format!("Hang{}", submitted(sent)),
        Some(Answer::Later(_) | Answer::Asked(_) | Answer::Outside { .. }) => "Later".to_owned(),
    }
}

#[test]
fn steps_answer_invocations_by_number() {
    let file = file(ORDERS);
    let answer = |case: &str, state: &str, number| {
        shown(file.case("Orders", case).unwrap_or_else(|error| panic!("{error}")).answer(state, number))
    };
    assert_eq!(answer("HappyPath", "Charge", 0), r#"Return {"id":7}"#);
    assert_eq!(answer("HappyPath", "Ship", 0), r#"Hang after "sent""#);
    assert_eq!(answer("Flaky", "Charge", 0), "Throw Gateway.Busy: try later");
    assert_eq!(answer("Flaky", "Charge", 1), "Throw Gateway.Busy: try later");
    assert_eq!(answer("Flaky", "Charge", 2), r#"Return {"id":8} after {"MessageId":"m"}"#);
    assert_eq!(answer("Flaky", "Ship", 0), "unlisted");
}

#[test]
fn past_the_last_step_the_task_fails_and_says_what_to_add() {
    let file = file(ORDERS);
    let answer = shown(file.case("Orders", "Flaky").expect("a case").answer("Charge", 3));
    assert_eq!(
        answer,
        "Throw Asldb.MockExhausted: State 'Charge' is invoked for the 4th time in test case 'Flaky', but its response 'ChargedAtLast' in orders.mock.json has 3 steps. Add a step \"3\" to 'ChargedAtLast', or widen the range of its last step; retries and iterations count, too."
    );
    let empty = self::file(&one("{}"));
    assert!(shown(empty.case("M", "C").expect("a case").answer("Charge", 0)).contains("has 0 steps. Add a step \"0\""));
}

#[test]
fn falsy_results_are_answers() {
    for value in ["null", "0", "\"\"", "false", "[]", "{}"] {
        let file = file(&one(&format!(r#"{{"0":{{"Return":{value}}}}}"#)));
        assert_eq!(shown(file.case("M", "C").expect("a case").answer("Charge", 0)), format!("Return {value}"));
    }
}

#[test]
fn both_spellings_of_the_responses_are_read() {
    for text in [
        one(r#"{"0":{"Return":1}}"#).replace("MockedResponses", "MockedResponse"),
        r#"{"MockedResponse":{"R":{"0":{"Return":1}}},"MockedResponses":{"S":{}},"StateMachines":{"M":{"TestCases":{"C":{"Charge":"R","Ship":"S"}}}}}"#.to_owned(),
    ] {
        assert_eq!(shown(file(&text).case("M", "C").expect("a case").answer("Charge", 0)), "Return 1");
    }
}

#[test]
fn an_unknown_case_is_answered_with_those_that_exist() {
    let file = file(ORDERS);
    let error = |machine, case| file.case(machine, case).expect_err("no such case").to_string();
    assert_eq!(
        error("Orders", "Sad"),
        "orders.mock.json has no test case 'Sad' for state machine 'Orders'; it has: HappyPath, Flaky"
    );
    assert_eq!(error("orders", "HappyPath"), "orders.mock.json has no state machine 'orders'; it has: Orders");
    assert!(MockFile::empty("m").case("A", "B").expect_err("nothing in it").to_string().ends_with("it has: none"));
}

#[test]
fn machines_and_cases_are_listed_in_file_order() {
    let file = file(ORDERS);
    let names = |names: Vec<&Arc<str>>| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(file.machines().collect()), ["Orders"]);
    assert_eq!(names(file.cases("Orders").collect()), ["HappyPath", "Flaky"]);
    assert_eq!(file.cases("Other").count(), 0);
    assert_eq!(file.only_machine().map(|name| &**name), Some("Orders"));
    assert_eq!(MockFile::empty("m").only_machine(), None);
    let two = file_with_machines(&["A", "B"]);
    assert_eq!(two.only_machine(), None);
}

fn file_with_machines(names: &[&str]) -> MockFile {
    let machines: Vec<String> = names.iter().map(|name| format!(r#""{name}":{{"TestCases":{{}}}}"#)).collect();
    file(&format!(r#"{{"StateMachines":{{{}}}}}"#, machines.join(",")))
}

/// `CODE @text: message` of each diagnostic.
fn faults(text: &str) -> Vec<String> {
    let found = MockFile::read("m", text).expect_err("faults");
    found.iter().map(|found| format!("{} @{}: {}", found.code, found.span.text(text), found.message)).collect()
}

#[test]
fn each_fault_has_its_place() {
    for (response, wanted) in [
        ("1", "WRONG_TYPE @1: Response 'R' must be an object, not number"),
        (r#"{"first":{"Return":1}}"#, "INVALID_STEP @\"first\": 'first' is no step"),
        (r#"{"-1":{"Return":1}}"#, "INVALID_STEP @\"-1\": '-1' is no step"),
        (r#"{"1-":{"Return":1}}"#, "INVALID_STEP @\"1-\": '1-' is no step"),
        (r#"{"+0":{"Return":1}}"#, "INVALID_STEP @\"+0\": '+0' is no step"),
        (r#"{"0-4294967296":{"Return":1}}"#, "INVALID_STEP @\"0-4294967296\": '0-4294967296' is no step"),
        (r#"{"3-1":{"Return":1}}"#, "INVALID_STEP @\"3-1\": the range '3-1' ends before it begins"),
        (r#"{"1":{"Return":1}}"#, "STEP_GAP @\"1\": step 1 comes after a gap: nothing answers invocation 0"),
        (
            r#"{"4-5":{"Return":1},"0":{"Return":1}}"#,
            "STEP_GAP @\"4-5\": step 4 comes after a gap: nothing answers invocation 1-3",
        ),
        (r#"{"0-2":{"Return":1},"2":{"Return":1}}"#, "STEP_OVERLAP @\"2\": invocation 2 has two answers"),
        (r#"{"0":[]}"#, "WRONG_TYPE @[]: Step '0' must be an object, not array"),
        (r#"{"0":{}}"#, "INVALID_ANSWER @\"0\": Step '0' needs one of Return, Throw and Hang"),
        (
            r#"{"0":{"Return":null,"Throw":{"Error":"E","Cause":"C"}}}"#,
            "INVALID_ANSWER @\"0\": Step '0' needs just one of Return, Throw and Hang",
        ),
        (
            r#"{"0":{"Return":null,"Hang":true}}"#,
            "INVALID_ANSWER @\"0\": Step '0' needs just one of Return, Throw and Hang",
        ),
        (r#"{"0":{"Hang":1}}"#, "INVALID_ANSWER @1: Hang must be true"),
        (r#"{"0":{"Throw":"E"}}"#, "WRONG_TYPE @\"E\": Throw must be an object, not string"),
        (r#"{"0":{"Throw":{"Error":"E"}}}"#, "MISSING_FIELD @{\"Error\":\"E\"}: Throw needs the field 'Cause'"),
        (r#"{"0":{"Throw":{"Error":1,"Cause":"C"}}}"#, "WRONG_TYPE @1: Error must be a string, not number"),
    ] {
        assert_eq!(faults(&one(response)), [wanted], "{response}");
    }
}

#[test]
fn faults_of_the_frame_have_their_places_too() {
    for (text, wanted) in [
        ("", "INVALID_JSON @: the text is empty; a JSON value is expected"),
        ("[]", "WRONG_TYPE @[]: A mock file must be an object, not array"),
        ("{}", "MISSING_FIELD @{}: A mock file needs the field 'StateMachines'"),
        (r#"{"StateMachines":1}"#, "WRONG_TYPE @1: StateMachines must be an object, not number"),
        (r#"{"StateMachines":{"M":{}}}"#, "MISSING_FIELD @\"M\": State machine 'M' needs the field 'TestCases'"),
        (r#"{"StateMachines":{"M":[]}}"#, "WRONG_TYPE @[]: State machine 'M' must be an object, not array"),
        (
            r#"{"StateMachines":{"M":{"TestCases":{"C":null}}}}"#,
            "WRONG_TYPE @null: Test case 'C' must be an object, not null",
        ),
        (
            r#"{"StateMachines":{"M":{"TestCases":{"C":{"S":{}}}}}}"#,
            "WRONG_TYPE @{}: The response of state 'S' must be a string, not object",
        ),
        (
            r#"{"StateMachines":{"M":{"TestCases":{"C":{"S":"R"}}}},"MockedResponses":{"Q":{}}}"#,
            "UNKNOWN_RESPONSE @\"R\": there is no response 'R' in MockedResponses",
        ),
        (
            r#"{"StateMachines":{},"MockedResponses":{"R":{}},"MockedResponse":{"R":{}}}"#,
            "DUPLICATE_RESPONSE @\"R\": response 'R' is in both MockedResponses and MockedResponse",
        ),
    ] {
        assert_eq!(faults(text), [wanted], "{text}");
    }
}

#[test]
fn all_faults_are_reported_in_file_order() {
    let found = faults(
        r#"{"StateMachines":{"M":{"TestCases":{"C":{"A":"None"}}}},"MockedResponses":{"R":{"0":{}},"S":{"1":{"Return":1}}}}"#,
    );
    let codes: Vec<&str> = found.iter().filter_map(|found| found.split(' ').next()).collect();
    assert_eq!(codes, ["UNKNOWN_RESPONSE", "INVALID_ANSWER", "STEP_GAP"]);
}

#[test]
fn what_is_odd_is_a_warning() {
    let text = r#"{"Comment":"ours","StateMachines":{"M":{"TestCases":{"C":{"S":"R","S":"R"}},"Owner":1}},"MockedResponses":{"R":{"0":{"Return":1,"Delay":2}}}}"#;
    let file = file(text);
    let found: Vec<_> = file.warnings().iter().map(|found| (found.code, found.span.text(text))).collect();
    assert_eq!(
        found,
        [("DUPLICATE_KEY", "\"S\""), ("UNKNOWN_FIELD", "\"Owner\""), ("UNKNOWN_FIELD", "\"Delay\"")],
        "{:#?}",
        file.warnings()
    );
}

fn state(name: &str, kind: StateKind) -> State {
    State {
        name: name.into(),
        name_span: Span::at(0),
        span: Span::at(0),
        scope: ScopeId::TOP,
        comment: None,
        kind,
        input_path: PathField::Whole,
        parameters: None,
        arguments: None,
        output: None,
        language: crate::asl::Language::JsonPath,
        result_selector: None,
        result_path: ResultPath::Whole,
        output_path: PathField::Whole,
        assign: None,
        retry: Vec::new(),
        catch: Vec::new(),
        transition: Transition::End,
        fields: Vec::new(),
        is_former: false,
    }
}

fn task(name: &str, kind: ResourceKind) -> State {
    let resource = Resource { text: format!("resource of {name}").into(), kind };
    let task =
        Task { resource, timeout: crate::asl::Seconds::None, heartbeat: crate::asl::Seconds::None, credentials: None };
    state(name, StateKind::Task(task))
}

/// Two tasks, `Charge` (a function) and `Ship` (a message with a task token), and `Done`.
fn definition() -> StateMachine {
    let service = ResourceKind::Service {
        service: "sqs".into(),
        action: "sendMessage.waitForTaskToken".into(),
        sync: false,
        task_token: true,
    };
    let states =
        vec![task("Charge", ResourceKind::LambdaFunction), task("Ship", service), state("Done", StateKind::Succeed)];
    let ids = (0..3).map(StateId).collect();
    let scope = Scope { start: StateId(0), states: ids, owner: None, branch: 0, span: Span::at(0) };
    StateMachine { comment: None, timeout_seconds: None, scopes: vec![scope], states }
}

fn call(state: u32, number: u32) -> TaskCall {
    let name = || Arc::from("name");
    let execution = Execution {
        machine: Arc::new(definition()),
        input: Value::empty_object(),
        kind: ExecutionType::Standard,
        names: Names {
            execution_arn: name(),
            execution_name: name(),
            machine_arn: name(),
            machine_name: name(),
            role_arn: name(),
            region: name(),
        },
        seed: 0,
        max_events: None,
        record_stages: false,
    };
    let invocation = Invocation {
        task: TaskId(1),
        branch: BranchId(0),
        state: StateId(state),
        input: Value::Null,
        retry_count: 0,
        token: None,
        place: Vec::new(),
    };
    TaskCall { execution: Arc::new(execution), invocation, number, turn: number }
}

#[test]
fn a_case_is_checked_against_the_definition() {
    let text = r#"{"StateMachines":{"M":{"TestCases":{"C":{"Charge":"R","Ship":"R","Done":"R","Chrage":"R"}}}},"MockedResponses":{"R":{"0":{"Return":1},"1":{"Return":1,"Submitted":2}}}}"#;
    let file = file(text);
    let found = file.case("M", "C").expect("a case").check(&definition());
    let found: Vec<_> = found.iter().map(|found| (found.code, found.span.text(text), &*found.message)).collect();
    assert_eq!(
        found,
        [
            (
                "MOCK_NO_SUBMISSION",
                "\"1\"",
                "Submitted has no effect: the resource of 'Charge' ends with its first answer"
            ),
            ("MOCK_NO_TASK", "\"Done\"", "'Done' is a Succeed state; only Task states ask for answers"),
            ("MOCK_UNKNOWN_STATE", "\"Chrage\"", "the definition has no state 'Chrage'"),
        ]
    );
}

/// Writes down which states were asked for and cancelled.
#[derive(Default)]
struct Asked(Mutex<Vec<String>>);

impl Tasks for Asked {
    fn invoke(&self, call: &TaskCall) -> Answer {
        self.0.lock().expect("nobody panics").push(call.state().name.to_string());
        Answer::Now(TaskResult::ok(Value::from("by hand")))
    }

    fn cancel(&self, call: &TaskCall) {
        self.0.lock().expect("nobody panics").push(format!("no {}", call.state().name));
    }
}

#[test]
fn states_that_the_case_does_not_list_go_to_the_fallback() {
    let asked = Arc::new(Asked::default());
    let tasks = MockTasks::new(Mocks::new(file(ORDERS)), "Orders", "Flaky", asked.clone()).expect("a case");
    assert_eq!(shown(Some(tasks.invoke(&call(0, 0)))), "Throw Gateway.Busy: try later");
    assert_eq!(shown(Some(tasks.invoke(&call(1, 0)))), "Return \"by hand\"");
    tasks.cancel(&call(1, 0));
    assert_eq!(*asked.0.lock().expect("nobody panics"), ["Ship", "no Ship"]);
}

#[test]
fn a_replaced_file_answers_from_the_next_invocation_on() {
    let mocks = Mocks::new(file(&one(r#"{"0-9":{"Return":1}}"#)));
    let tasks = MockTasks::new(mocks.clone(), "M", "C", Arc::new(Unanswered)).expect("a case");
    let answer = |number| shown(Some(tasks.invoke(&call(0, number))));
    assert_eq!(answer(0), "Return 1");
    mocks.reload(&one(r#"{"0-9":{"Return":2}}"#)).expect("a good file");
    assert_eq!(answer(1), "Return 2");
    assert!(mocks.reload(&one(r#"{"0-9":{"Retrun":3}}"#)).is_err());
    assert_eq!(answer(2), "Return 2", "a broken file changes nothing");
    mocks.replace(file(ORDERS));
    assert_eq!(answer(3), "Throw Asldb.MockCaseGone: orders.mock.json has no state machine 'M'; it has: Orders");
}

#[test]
fn a_kept_answer_leaves_the_rest_of_the_text_alone() {
    let kept =
        file(ORDERS).with_answer("Orders", "Flaky", "Ship", 0, &TaskResult::ok(Value::from(true))).expect("kept");
    let wanted = ORDERS.replace("\"ChargedAtLast\" }", "\"ChargedAtLast\", \"Ship\": \"Ship.Flaky\" }").replace(
        "\"sent\" } }\n",
        "\"sent\" } },\n    \"Ship.Flaky\": {\n      \"0\": {\n        \"Return\": true\n      }\n    }\n",
    );
    assert_eq!(kept.to_json_text(), wanted);
    let next = kept.with_answer("Orders", "Flaky", "Charge", 3, &TaskResult::failed("E", "C")).expect("kept");
    let step = "\"m\" } },\n      \"3\": {\n        \"Throw\": {\n          \"Error\": \"E\",\n          \"Cause\": \"C\"\n        }\n      }\n";
    assert_eq!(next.to_json_text(), wanted.replace("\"m\" } }\n", step));
}

#[test]
fn an_empty_file_takes_the_first_answer() {
    let kept = MockFile::empty("m").with_answer("M", "C", "S", 0, &TaskResult::ok(Value::from(1))).expect("kept");
    assert_eq!(shown(kept.case("M", "C").expect("a case").answer("S", 0)), "Return 1");
    assert_eq!(file(kept.to_json_text()).machines, kept.machines);
}

#[test]
fn a_shared_response_is_copied_before_it_is_changed() {
    let text = r#"{"StateMachines":{"M":{"TestCases":{"A":{"S":"R"},"B":{"S":"R"}}}},"MockedResponse":{"R":{"0-2":{"Return":1}},"S.A":{}}}"#;
    let kept = file(text).with_answer("M", "A", "S", 1, &TaskResult::ok(Value::from(2))).expect("kept");
    let answers = |case| {
        let case = kept.case("M", case).unwrap_or_else(|error| panic!("{error}"));
        [0, 1, 2].map(|number| shown(case.answer("S", number)))
    };
    assert_eq!(answers("A"), ["Return 1", "Return 2", "Return 1"]);
    assert_eq!(answers("B"), ["Return 1", "Return 1", "Return 1"]);
    let case = kept.case("M", "A").expect("a case");
    assert_eq!(case.state("S").map(|state| &*state.response.name), Some("S.A-2"), "S.A is taken");
    assert!(!kept.to_json_text().contains("MockedResponses"), "the file's own spelling is kept");
}

fn result() -> impl Strategy<Value = TaskResult> {
    let json = || prop::sample::select(vec!["null", "false", "\"x\\n\"", "{\"a\":[1,{}]}", "2.50"]);
    let value = move || json().prop_map(|text| read(text).expect("JSON"));
    let text = || prop::option::of("[a-zé\"]{0,3}".prop_map(Arc::<str>::from));
    // An empty name is none.
    let name = text().prop_map(|error| error.filter(|error| !error.is_empty()));
    let failure = (name, text()).prop_map(|(error, cause)| TaskFailure { error, cause, hint: None });
    let outcome = prop_oneof![value().prop_map(Ok), failure.prop_map(Err)];
    (prop::option::of(value()), outcome).prop_map(|(submitted, outcome)| TaskResult { submitted, outcome })
}

type Kept = (usize, usize, u32, TaskResult);

fn kept() -> impl Strategy<Value = Vec<Kept>> {
    prop::collection::vec((0..3_usize, 0..3_usize, 0..6_u32, result()), 1..8)
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "[{}\\[\\]:,\"0-9a-zA-Z \\-]{0,60}") {
        let _ = MockFile::read("m", &text);
        let _ = MockFile::read("m", &one(&text));
        let _ = MockFile::read("m", &one(&format!("{{\"{text}\":{{\"Return\":1}}}}")));
    }

    #[test]
    fn a_kept_answer_is_given_and_no_other_changes(answers in kept(), start in prop::bool::ANY) {
        let mut file = if start { self::file(ORDERS) } else { MockFile::empty("m") };
        for (case, state, number, result) in answers {
            let (case, state) = (["HappyPath", "Flaky", "New \"case\""][case], ["Charge", "Ship", "Päck"][state]);
            let next = file.with_answer("Orders", case, state, number, &result);
            let next = next.unwrap_or_else(|found| panic!("{found:#?}"));
            for (c, s, n) in places() {
                let new = next.case("Orders", c).ok().and_then(|found| found.answer(s, n));
                if (c, s, n) == (case, state, number) {
                    prop_assert_eq!(shown(new), shown(Some(Answer::Now(result.clone()))));
                } else if let Some(old) = answered(&file, c, s, n) {
                    prop_assert_eq!(shown(new), old);
                }
            }
            file = next;
        }
    }
}

fn places() -> impl Iterator<Item = (&'static str, &'static str, u32)> {
    let cases = ["HappyPath", "Flaky", "New \"case\""];
    cases.into_iter().flat_map(|case| {
        ["Charge", "Ship", "Päck"].into_iter().flat_map(move |state| (0..7).map(move |number| (case, state, number)))
    })
}

/// The answer of `file`, if there is a step for it.
fn answered(file: &MockFile, case: &str, state: &str, number: u32) -> Option<String> {
    let case = file.case("Orders", case).ok()?;
    case.state(state)?.response.step(number)?;
    Some(shown(case.answer(state, number)))
}
