//! Files in all forms, and the places of what they hold.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Entry, Loaded, Settings, file};
use crate::asl::MachineType;
use crate::asl::{Definition, StateKind};
use crate::text::{Diagnostic, Span};

const MACHINE: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${F}", "TimeoutSeconds": ${T}, "InputPath": "$.a", "End": true}}}"#;

fn load_with(name: &str, text: &str, set: &[&str], files: &[(&str, &str)]) -> Loaded {
    let mut settings = Settings::default();
    set.iter().for_each(|argument| settings.set_argument(argument).expect("a value"));
    let files: BTreeMap<&str, &str> = files.iter().copied().collect();
    let read = |path: &str| {
        let found = files.get(path).map(|text| text.as_bytes().to_vec());
        found.ok_or_else(|| "No such file".to_owned())
    };
    file(name, text.as_bytes(), &settings, &read)
}

fn load(name: &str, text: &str) -> Loaded {
    load_with(name, text, &[], &[])
}

fn only(loaded: Loaded) -> Entry {
    let mut entries = loaded.entries;
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

/// The only definition, which has no errors.
fn sound(loaded: Loaded) -> Definition {
    let definition = only(loaded).definition;
    assert!(definition.machine.is_some(), "{}", definition.render_diagnostics());
    definition
}

fn shown(definition: &Definition, span: Span) -> &str {
    span.text(&definition.text)
}

/// Field `name` of the first state, as the file has it.
fn field<'d>(definition: &'d Definition, name: &str) -> &'d str {
    let machine = definition.machine.as_ref().expect("a machine");
    shown(definition, machine.states[0].field(name).expect("the field").value)
}

fn resource(definition: &Definition) -> String {
    let machine = definition.machine.as_ref().expect("a machine");
    machine
        .states
        .iter()
        .find_map(|state| match &state.kind {
            StateKind::Task(task) => Some(task.resource.text.to_string()),
            _ => None,
        })
        .expect("a task")
}

fn codes(definition: &Definition) -> Vec<&str> {
    definition.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn files_that_are_the_definition() {
    let json = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
    let yaml = "StartAt: Yes\nStates:\n  Yes:\n    Type: Task\n    Resource: !GetAtt Work.Arn\n    Next: No\n  No: {Type: Succeed}\n";
    for (name, text) in [
        ("a.asl.json", json),
        ("a.json", json),
        ("a.tmpl", json),
        ("a.asl.json.tpl", json),
        ("a", json),
        ("a.yaml", json),
        ("a.asl.yaml", yaml),
        ("a.yml", yaml),
        ("a.yaml.tmpl", yaml),
        ("a", yaml),
    ] {
        let entry = only(load(name, text));
        assert!(entry.definition.machine.is_some(), "{name}: {}", entry.definition.render_diagnostics());
        assert_eq!((&*entry.definition.text, &*entry.definition.name, entry.logical_id), (text, name, None));
    }
    let definition = sound(load("a.asl.yaml", yaml));
    assert_eq!((resource(&definition).as_str(), field(&definition, "Resource")), ("${Work.Arn}", "Work.Arn"));
    let machine = definition.machine.as_ref().expect("a machine");
    assert_eq!(shown(&definition, machine.states[0].name_span), "Yes");
    assert!(shown(&definition, machine.states[0].span).starts_with("Type: Task"));
    let given = sound(load_with("a.asl.yaml", yaml, &["Work.Arn=arn:x"], &[]));
    assert_eq!((resource(&given).as_str(), field(&given, "Resource")), ("arn:x", "Work.Arn"));
}

#[test]
fn placeholders_stay_visible_without_a_value() {
    let definition = sound(load("a.asl.json", MACHINE));
    assert_eq!((resource(&definition).as_str(), &*definition.text), ("${F}", MACHINE));
    assert_eq!(codes(&definition), ["PLACEHOLDER"]);
    assert_eq!((field(&definition, "TimeoutSeconds"), field(&definition, "InputPath")), ("${T}", "\"$.a\""));
    let definition = sound(load_with(
        "a.asl.json",
        MACHINE,
        &["T=30", "F=arn:aws:lambda:us-east-1:123456789012:function:\"x\""],
        &[],
    ));
    assert!(resource(&definition).ends_with("function:\"x\"") && codes(&definition).is_empty());
    assert_eq!((field(&definition, "TimeoutSeconds"), field(&definition, "Resource")), ("${T}", "\"${F}\""));
}

#[test]
fn placeholders_stand_anywhere() {
    for (text, set) in [
        (r#"{"StartAt": "${S}", "States": {"${S}": {"Type": "Pass", "Result": ${R}, "End": ${E}}}}"#, &[][..]),
        (
            r#"{"StartAt": "${S}", "States": {"${S}": {"Type": "Pass", "Result": ${R}, "End": ${E}}}}"#,
            &["R=[1]", "E=true"],
        ),
        (r#"{"StartAt": ${S}, "States": {${S}: {"Type": "Pass", "Result": [${R}, ${A}-x], "End": true}}}"#, &["S=A"]),
        (r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, ${more}}}"#, &[]),
        (
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, ${more}}}"#,
            &["more=\"B\": {\"Type\": \"Succeed\"}"],
        ),
        (r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Comment": "${x ? "a" : "b"}", "End": true}}}"#, &[]),
        (r#"{"StartAt": {{ start }}, "States": {"A": {"Type": "Succeed"}}}"#, &["start=A"]),
    ] {
        let definition = only(load_with("a.asl.json", text, set, &[])).definition;
        assert!(!definition.has_errors(), "{text}\n{}", definition.render_diagnostics());
    }
    let unused = load_with("a.asl.json", MACHINE, &["T=1", "Tee=2"], &[]).unused;
    assert_eq!(unused, ["Tee"]);
}

#[test]
fn comments_commas_and_directives_are_told_and_left_out() {
    let text = "{ // first\n \"StartAt\": \"A\", # second\n \"States\": { /* third */\n  %{ if x }\n  \"A\": {\"Type\": \"Succeed\"},\n  %{ else }\n  \"A\": {\"Type\": \"Fail\"},\n  %{ endif }\n  },\n}\n";
    let definition = sound(load("a.asl.json", text));
    let told: Vec<&str> = definition.diagnostics.iter().map(|found| shown(&definition, found.span)).collect();
    assert_eq!(told, ["// first", "# second", "/* third */", "%{ if x }", "%{ else }"]);
    let definition = sound(load("a.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\",},}}"));
    assert_eq!(codes(&definition), [super::TRAILING_COMMA; 2]);
    assert_eq!(definition.position(definition.diagnostics[1].span.start as usize).column, 54);
    let jinja = "{% set x = 1 %}\nStartAt: A\nStates:\n{% if x %}\n  A: {Type: Pass, Result: [{{ y }}], End: true}\n{% else %}\n  A: {Type: Fail}\n{% endif %}\n";
    let definition = sound(load("a.asl.yaml.j2", jinja));
    assert_eq!(shown(&definition, definition.machine.as_ref().expect("a machine").states[0].name_span), "A");
    assert!(codes(&definition).contains(&super::TEMPLATE_TEXT));
    // What is wrong is told where it stands in the file.
    let wrong = "{ // a\n \"StartAt\": \"A\", \"States\": {\"A\": {\"Type\" \"Pass\"}}}";
    let definition = only(load("a.json", wrong)).definition;
    let fault = &definition.diagnostics[1];
    assert_eq!((shown(&definition, fault.span), definition.position(fault.span.start as usize).line), ("\"", 2));
}

const TEMPLATE: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Seconds: {Type: Number, Default: 7}
  Kind: {Type: String, Default: EXPRESS}
Resources:
  Worker: {Type: AWS::Lambda::Function}
  Object:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineType: !Ref Kind
      Definition:
        StartAt: A
        States:
          A: {Type: Task, Resource: !GetAtt Worker.Arn, TimeoutSeconds: !Ref Seconds, End: true}
  Text:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub
        - |
          {
            "StartAt": "A",
            "States": {
              "A": {"Type": "Task", "Resource": "${arn}", "TimeoutSeconds": ${Seconds}, "InputPath": "$.x[", "End": true}
            }
          }
        - arn: !GetAtt Worker.Arn
  Uri:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: machines/uri.asl.json
      Type: STANDARD
      DefinitionSubstitutions:
        F: !Sub "arn:aws:lambda:${AWS::Region}:1:function:f"
        T: 5
"#;

#[test]
fn the_machines_of_a_template() {
    let loaded = load_with("dir/template.yaml", TEMPLATE, &[], &[("dir/machines/uri.asl.json", MACHINE)]);
    let ids: Vec<_> =
        loaded.entries.iter().map(|entry| (entry.logical_id.as_deref().unwrap_or(""), entry.kind)).collect();
    assert_eq!(ids, [("Object", Some(MachineType::Express)), ("Text", None), ("Uri", Some(MachineType::Standard))]);
    assert_eq!(loaded.beside, ["dir/machines/uri.asl.json"]);

    let object = &loaded.entries[0].definition;
    assert_eq!((resource(object).as_str(), &*object.text), ("${Worker.Arn}", TEMPLATE));
    assert_eq!((field(object, "TimeoutSeconds"), field(object, "Resource")), ("Seconds", "Worker.Arn"));
    let StateKind::Task(task) = &object.machine.as_ref().expect("a machine").states[0].kind else { panic!("a task") };
    assert!(matches!(task.timeout, crate::asl::Seconds::Fixed(7)));

    let text = &loaded.entries[1].definition;
    assert_eq!(codes(text), ["SCHEMA_VALIDATION_FAILED"], "{}", text.render_diagnostics());
    let fault = &text.diagnostics[0];
    assert_eq!(text.position(fault.span.start as usize).line, 23);
    assert!(["[", "\"", "$.x["].contains(&shown(text, fault.span)), "{}", shown(text, fault.span));

    let uri = &loaded.entries[2].definition;
    assert_eq!((&*uri.name, &*uri.text), ("dir/machines/uri.asl.json", MACHINE));
    assert_eq!(resource(uri), "arn:aws:lambda:${AWS::Region}:1:function:f");
    assert_eq!((field(uri, "TimeoutSeconds"), codes(uri).len()), ("${T}", 0));
}

#[test]
fn values_that_are_given_come_before_those_of_the_template() {
    let set = ["Seconds=9", "Worker.Arn=arn:w", "F=arn:f", "AWS::Region=eu"];
    let loaded = load_with("t.yaml", TEMPLATE, &set, &[("machines/uri.asl.json", MACHINE)]);
    assert_eq!((resource(&loaded.entries[2].definition).as_str(), loaded.unused.len()), ("arn:f", 0));
    let object = loaded.entries[0].definition.origin.clone().expect("made of parts");
    assert!(object.text().contains(r#""Resource":"arn:w","TimeoutSeconds":9,"#), "{}", object.text());
    let origin = loaded.entries[1].definition.origin.clone().expect("made of parts");
    assert!(origin.text().contains(r#""Resource": "arn:w", "TimeoutSeconds": 9,"#), "{}", origin.text());
}

#[test]
fn definitions_as_text_in_json() {
    let template = |definition: &str| {
        format!(
            r#"{{"Resources": {{"M": {{"Type": "AWS::StepFunctions::StateMachine", "Properties": {{"DefinitionString": {definition}}}}}}}}}"#
        )
    };
    for definition in [
        r#""{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"${X}\", \"Next\": \"B\"}}}""#,
        r#"{"Fn::Join": ["", ["{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"", {"Fn::GetAtt": ["F", "Arn"]}, "\", \"Next\": \"B\"}}}"]]}"#,
        r#"{"Fn::Sub": "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"${F}\", \"Next\": \"B\"}}}"}"#,
    ] {
        let text = template(definition);
        let definition = only(load("t.json", &text)).definition;
        let dangling = definition.diagnostics.iter().find(|found| found.code == "MISSING_TRANSITION_TARGET");
        assert_eq!(shown(&definition, dangling.expect("told").span), "\\\"B\\\"");
    }
}

#[test]
fn expressions_have_their_places_through_all_layers() {
    let yaml = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    QueryLanguage: JSONata\n    Output: >-\n      {% $states.input.a +\n      $nobody.knows(1) +\n      } %}\n    End: true\n";
    let definition = only(load("a.asl.yaml", yaml)).definition;
    assert_eq!(
        definition.position(definition.diagnostics[0].span.start as usize).line,
        9,
        "{}",
        definition.render_diagnostics()
    );
    let json =
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"x.$":"States.Format('{}', $.a[)"},"End":true}}}"#;
    let text =
        format!(r#"{{"definition": {}, "type": "EXPRESS"}}"#, crate::value::Value::from(json.to_owned()).to_json());
    let entry = only(load("answer.json", &text));
    let fault: &Diagnostic = &entry.definition.diagnostics[0];
    let at = text.find("$.a[)").expect("the path");
    assert!((at..at + 6).contains(&(fault.span.start as usize)), "{}", entry.definition.render_diagnostics());
    assert_eq!(entry.kind, Some(MachineType::Express));
}

#[test]
fn conditions_mappings_and_other_functions() {
    let text = r#"
Parameters:
  Stage: {Type: String, Default: prod}
Mappings:
  Names: {prod: {function: arn:p}, dev: {function: arn:d}}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsOther: !Not [!Or [!Condition IsDev, !Equals [!Ref Stage, prod]]]
Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: A
        TimeoutSeconds: !If [IsDev, 1, !Ref AWS::NoValue]
        States:
          A:
            Type: Task
            Resource: !FindInMap [Names, !Ref Stage, function]
            Parameters:
              joined: !Join ["-", [a, !Ref Stage, !Select [1, [x, y]]]]
              other: !If [IsOther, 1, 2]
              imported: !ImportValue {"Fn::Sub": "${Stage}-x"}
              json: {"Fn::ToJsonString": {a: !Ref Stage}}
              zones: !GetAZs ""
            End: true
"#;
    for (set, wanted) in [
        (
            &[][..],
            [r#""A","States":"#, "arn:p", "a-prod-y", r#""other":2"#, "prod-x", r#"{\"a\":\"prod\"}"#, "${Fn::GetAZs}"],
        ),
        (
            &["Stage=dev"],
            [
                r#""TimeoutSeconds":1"#,
                "arn:d",
                "a-dev-y",
                r#""other":2"#,
                "dev-x",
                r#"{\"a\":\"dev\"}"#,
                "${Fn::GetAZs}",
            ],
        ),
    ] {
        let definition = sound(load_with("t.yaml", text, set, &[]));
        let json = definition.origin.as_ref().expect("made of parts").text();
        assert!(wanted.iter().all(|part| json.contains(part)), "{json}");
    }
}

#[test]
fn machines_of_the_serverless_framework() {
    let text = "service: s\nprovider: {name: aws}\nstepFunctions:\n  stateMachines:\n    one:\n      type: EXPRESS\n      definition:\n        StartAt: A\n        States: {A: {Type: Task, Resource: {Fn::GetAtt: [work, Arn]}, End: true}}\n    two:\n      definition: ${file(two.yml)}\n";
    let two = "StartAt: A\nStates: {A: {Type: Succeed}}";
    let loaded = load_with("serverless.yml", text, &[], &[("two.yml", two)]);
    assert_eq!(loaded.entries.len(), 2);
    assert_eq!(
        (resource(&loaded.entries[0].definition).as_str(), loaded.entries[0].kind),
        ("${work.Arn}", Some(MachineType::Express))
    );
    assert_eq!(&*loaded.entries[1].definition.text, two);
    assert!(loaded.entries[1].definition.machine.is_some());
}

#[test]
fn what_cannot_be_read_is_told() {
    let machine = |property: &str| {
        format!("Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      {property}\n")
    };
    for (name, text, code, part) in [
        ("t.yaml", machine("DefinitionUri: gone.json"), super::UNREADABLE_FILE, "gone.json"),
        ("t.yaml", machine("DefinitionUri: s3://bucket/key"), super::ELSEWHERE, "s3://bucket/key"),
        ("t.yaml", machine("DefinitionUri: {Bucket: b, Key: k}"), super::ELSEWHERE, "{Bucket: b, Key: k}"),
        ("t.yaml", machine("Name: x"), super::NO_MACHINE, "M"),
        ("t.yaml", "Resources: {F: {Type: AWS::Lambda::Function}}".to_owned(), super::NO_MACHINE, ""),
        ("t.yaml", "a: [".to_owned(), "INVALID_YAML_DESCRIPTION", ""),
        ("t.json", String::new(), "SCHEMA_VALIDATION_FAILED", ""),
        ("t.json", "{\"a\": ".to_owned(), "INVALID_JSON_DESCRIPTION", ""),
    ] {
        let definition = only(load(name, &text)).definition;
        assert_eq!(codes(&definition), [code], "{text}");
        assert_eq!(shown(&definition, definition.diagnostics[0].span), part, "{text}");
        assert!(definition.machine.is_none());
    }
    let read = |_: &str| Err(String::new());
    for bytes in [&b"\xFF\xFEa\0"[..], b"{\"a\": \xE9}", &[b' '; 5 << 20]] {
        let loaded = file("a.json", bytes, &Settings::default(), &read);
        assert_eq!(codes(&only(loaded).definition), ["UNREADABLE_TEXT"]);
    }
    let marked = [b"\xEF\xBB\xBF", TEMPLATE.as_bytes()].concat();
    assert_eq!(file("t.yaml", &marked, &Settings::default(), &read).entries.len(), 3);
}

#[test]
fn nothing_grows_without_end() {
    let doubled =
        (0..64).fold(r#""x""#.to_owned(), |inner, _| format!(r#"{{"Fn::Sub": ["${{a}}${{a}}", {{"a": {inner}}}]}}"#));
    let deep = format!("{}1{}", r#"{"Fn::Not": ["#.repeat(480), "]}".repeat(480));
    let nested = format!("{}1{}", r#"{"a":"#.repeat(990), "}".repeat(990));
    for definition in [doubled, deep, nested] {
        let text = format!(
            r#"{{"Resources": {{"M": {{"Type": "AWS::StepFunctions::StateMachine", "Properties": {{"DefinitionString": {definition}, "X": 1}}}}}}}}"#
        );
        let object = text.replace("DefinitionString", "Definition");
        for text in [text, object] {
            assert!(only(load("t.json", &text)).definition.machine.is_none());
        }
    }
    let closing = format!("a: [\n{}", "}\n".repeat(50_000));
    assert!(only(load("t.yaml", &closing)).definition.machine.is_none());
}

fn arbitrary_file() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      ".to_owned()),
        Just("{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", ".to_owned()),
        Just("Definition: !Sub\n        - |\n          ".to_owned()),
        Just("DefinitionString: !Join ['', [a, !Ref B]]\n      ".to_owned()),
        Just("${a}".to_owned()),
        Just("{{ b }}".to_owned()),
        Just("%{ if x }".to_owned()),
        Just("{% else %}\n".to_owned()),
        Just("\\u00e9\\".to_owned()),
        "[ -~\n\té\u{1F600}{}\\[\\]\",:$%#/]{0,12}",
    ];
    prop::collection::vec(part, 0..10).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in arbitrary_file(), name in "(a|t)\\.(json|yaml|tmpl|yml)") {
        let loaded = load_with(&name, &text, &["a=1"], &[("a", "{")]);
        for entry in &loaded.entries {
            let _ = entry.definition.render_diagnostics();
            for diagnostic in &entry.definition.diagnostics {
                prop_assert!(diagnostic.span.end as usize <= entry.definition.text.len());
            }
        }
        prop_assert!(!loaded.entries.is_empty());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), yaml in any::<bool>()) {
        let name = if yaml { "a.yaml" } else { "a.json" };
        let _ = file(name, &bytes, &Settings::default(), &|_| Err(String::new()));
    }

    #[test]
    fn a_cut_or_changed_template_does_not_make_it_panic(at in 0usize..1500, len in 0usize..40, put in "[ -~\n]{0,3}") {
        let (from, to) = (at.min(TEMPLATE.len()), (at + len).min(TEMPLATE.len()));
        let text = format!("{}{put}{}", &TEMPLATE[..from], &TEMPLATE[to..]);
        prop_assert!(!load_with("t.yaml", &text, &[], &[("machines/uri.asl.json", MACHINE)]).entries.is_empty());
    }
}
