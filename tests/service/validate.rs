//! ValidateStateMachineDefinition.

use asldb::value::Value;

use crate::support::{definition, object, with_service};

#[test]
fn definitions_are_judged() {
    let map = "A: {Type: Map, End: true, ItemBatcher: {MaxItemsPerBatch: 2}, ItemProcessor: {StartAt: B, States: {B: {Type: Pass, End: true}}}}";
    let token = "A: {Type: Task, Resource: \"arn:aws:states:::sqs:sendMessage.waitForTaskToken\", End: true}";
    let unknown = "A: {Type: Task, Resource: \"arn:aws:states:::nosuch:thing\", End: true}";
    with_service(|f| async move {
        for (definition, kind, severity, result, codes) in [
            (definition("A: {Type: Succeed}"), "STANDARD", "ERROR", "OK", vec![]),
            ("{}".to_owned(), "STANDARD", "ERROR", "FAIL", vec!["SCHEMA_VALIDATION_FAILED"]),
            ("nonsense".to_owned(), "EXPRESS", "ERROR", "FAIL", vec!["INVALID_JSON_DESCRIPTION"]),
            (definition(token), "STANDARD", "ERROR", "OK", vec![]),
            (definition(token), "EXPRESS", "ERROR", "FAIL", vec!["SCHEMA_VALIDATION_FAILED"]),
            (definition(unknown), "STANDARD", "ERROR", "OK", vec![]),
            (definition(unknown), "STANDARD", "WARNING", "OK", vec!["INVALID_RESOURCE"]),
            // Valid, though asldb does not run it.
            (definition(map), "STANDARD", "ERROR", "OK", vec![]),
            (definition(map), "STANDARD", "WARNING", "OK", vec!["ASLDB_UNSUPPORTED"]),
        ] {
            let parameters = object(&[
                ("definition", definition.as_str().into()),
                ("type", kind.into()),
                ("severity", severity.into()),
            ]);
            let answer = f.ok("ValidateStateMachineDefinition", &parameters).await;
            let found = answer.get("diagnostics").and_then(Value::as_array).expect("a list");
            let found: Vec<&str> = found.iter().filter_map(|d| d.get("code")?.as_str()).collect();
            assert_eq!((answer.get("result"), found), (Some(&result.into()), codes), "{definition}");
            assert_eq!(answer.get("truncated"), Some(&false.into()));
        }
        let states: String = (0..9).map(|n| format!("A{n}: {{Type: Pass, Next: X{n}}}\n")).collect();
        let parameters = object(&[("definition", definition(&states).into()), ("maxResults", 2.into())]);
        let answer = f.ok("ValidateStateMachineDefinition", &parameters).await;
        assert_eq!(answer.get("diagnostics").and_then(Value::as_array).map(|list| list.len()), Some(2));
        assert_eq!(answer.get("truncated"), Some(&true.into()));
    });
}
