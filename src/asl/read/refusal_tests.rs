//! What AWS refuses, rule by rule: code, message and location. Wordings are those that the service was seen to use.

use crate::asl::{Definition, MachineType, for_type};
use crate::text::Diagnostic;

const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

/// `MESSAGE at LOCATION`, before it the code where it is another than the schema's, a warning with a `?` before it.
fn shown(diagnostic: &Diagnostic) -> String {
    let code = if diagnostic.code == SCHEMA { String::new() } else { format!("{}: ", diagnostic.code) };
    let sign = if diagnostic.is_error() { "" } else { "?" };
    format!("{sign}{code}{} at {}", diagnostic.message, diagnostic.location.as_deref().unwrap_or("-"))
}

/// The diagnostics; all have a hint and a place in the text.
fn told(text: &str, kind: MachineType) -> Vec<String> {
    let definition = Definition::read("test.json", text);
    let all = for_type(&definition, kind);
    for diagnostic in &all {
        assert!(diagnostic.help.is_some(), "no hint: {}", shown(diagnostic));
        assert!(definition.text.get(diagnostic.span.range()).is_some(), "{}", shown(diagnostic));
    }
    all.iter().map(shown).collect()
}

/// Checks a table of members of a state `S` beside a state `T`, and what is said of it.
fn check(table: &[(&str, &[&str])]) {
    for (fields, expected) in table {
        let text = format!(
            r#"{{"StartAt": "S", "States": {{"S": {{{fields}}}, "U": {{"Type": "Pass", "Next": "T"}}, "T": {{"Type": "Succeed"}}}}}}"#
        );
        // That nothing leads to the further states is not what is tested.
        let found: Vec<String> =
            told(&text, MachineType::Standard).into_iter().filter(|f| !f.contains("is not reachable")).collect();
        assert_eq!(found, *expected, "{fields}");
    }
}

#[test]
fn the_top_level() {
    for (fields, expected) in [
        (r#""Version": "2.0""#, "Value should be one of the following: [1.0] at /Version"),
        (r#""Version": 1.0"#, "Expected value of type [STRING] at /Version"),
        (r#""Comment": 5"#, "Expected value of type [STRING] at /Comment"),
        (r#""TimeoutSeconds": -1"#, "Minimum value is 0 at /TimeoutSeconds"),
        (r#""TimeoutSeconds": 100000000"#, "Maximum value is 99999999 at /TimeoutSeconds"),
        (r#""TimeoutSeconds": "5""#, "Expected value of type Integer at /TimeoutSeconds"),
        (
            r#""QueryLanguage": "jsonpath""#,
            "Value should be one of the following: [JSONPath, JSONata] at /QueryLanguage",
        ),
        (r#""Name": "x""#, "Field 'Name' is not supported at /"),
    ] {
        let text = format!(r#"{{"StartAt": "S", "States": {{"S": {{"Type": "Succeed"}}}}, {fields}}}"#);
        assert_eq!(told(&text, MachineType::Standard), [expected], "{fields}");
    }
    let fine = r#"{"StartAt": "S", "Version": "1.0", "TimeoutSeconds": 0, "States": {"S": {"Type": "Succeed"}}}"#;
    assert!(told(fine, MachineType::Standard).is_empty());
    assert_eq!(told("nothing", MachineType::Standard).len(), 1);
    assert_eq!(told("[1, ", MachineType::Standard).len(), 1);
}

#[test]
fn states_without_states() {
    for (text, expected) in [
        (
            r#"{"StartAt": "S", "States": {}}"#,
            vec![
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: S at /StartAt",
                "MISSING_END_STATE: Workflow has no terminal state at -",
            ],
        ),
        (r#"{"StartAt": "S", "States": []}"#, vec!["Expected value of type [OBJECT] at /States"]),
        (r#"{"StartAt": "S", "States": {"S": 5}}"#, vec!["Expected value of type [OBJECT] at /States/S"]),
    ] {
        let mut found = told(text, MachineType::Standard);
        found.sort();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn what_is_not_exactly_jsonpath_counts_as_jsonata() {
    for language in ["5", "null", "\"jsonpath\"", "\"JSONata\""] {
        for (machine, state) in [
            (format!(r#""QueryLanguage": {language}, "#), String::new()),
            (String::new(), format!(r#""QueryLanguage": {language}, "#)),
        ] {
            let text = format!(
                r#"{{{machine}"StartAt": "S", "States": {{"S": {{{state}"Type": "Pass", "InputPath": "$.a", "End": true}}}}}}"#
            );
            let field = "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/S";
            assert!(told(&text, MachineType::Standard).iter().any(|fault| fault == field), "{text}");
        }
    }
}

#[test]
fn where_a_state_goes_on() {
    check(&[
        (r#""Type": "Pass""#, &["This object should have only one of the following fields: [Next, End] at /States/S"]),
        (
            r#""Type": "Pass", "End": false"#,
            &["This object should have only one of the following fields: [Next, End] at /States/S"],
        ),
        (
            r#""Type": "Pass", "End": true, "Next": "T""#,
            &["There should only be one of the following fields: [Next, End] at /States/S"],
        ),
        (r#""Type": "Pass", "End": "true""#, &["Expected value of type [BOOLEAN] at /States/S/End"]),
        (r#""Type": "Pass", "Next": ["T"]"#, &["Expected value of type [STRING] at /States/S/Next"]),
        (r#""Type": "Succeed", "Next": "T""#, &["Field 'Next' is not supported at /States/S"]),
        (r#""Type": "Fail", "End": true"#, &["Field 'End' is not supported at /States/S"]),
        (r#""Type": "Choice", "Default": "T""#, &["These fields are required: [Choices] at /States/S"]),
        (r#""Type": "Choice", "Default": "T", "Choices": []"#, &["Value cannot be empty at /States/S/Choices"]),
        (
            r#""Type": "Choice", "Default": "T", "Choices": {}"#,
            &["Expected value of type [ARRAY] at /States/S/Choices"],
        ),
    ]);
}

#[test]
fn waits() {
    let fields = "[SecondsPath, Seconds, TimestampPath, Timestamp]";
    let none = format!("This object should have only one of the following fields: {fields} at /States/S");
    let many = format!("There should only be one of the following fields: {fields} at /States/S");
    check(&[
        (r#""Type": "Wait", "End": true"#, &[&none]),
        (r#""Type": "Wait", "End": true, "QueryLanguage": "JSONata""#, &[&none]),
        (r#""Type": "Wait", "End": true, "Seconds": 1, "SecondsPath": "$.s""#, &[&many]),
        (r#""Type": "Wait", "End": true, "Seconds": -1"#, &["Minimum value is 0 at /States/S/Seconds"]),
        (r#""Type": "Wait", "End": true, "Seconds": 0"#, &[]),
        (r#""Type": "Wait", "End": true, "Seconds": 100000000"#, &["Maximum value is 99999999 at /States/S/Seconds"]),
        (r#""Type": "Wait", "End": true, "Seconds": "1""#, &["Expected value of type Integer at /States/S/Seconds"]),
        (
            r#""Type": "Wait", "End": true, "SecondsPath": "s""#,
            &["Value must be a valid JSONPath. at /States/S/SecondsPath"],
        ),
        (
            r#""Type": "Wait", "End": true, "TimestampPath": "$.t[*]""#,
            &["Value is not a Reference Path at /States/S/TimestampPath"],
        ),
        (
            r#""Type": "Wait", "End": true, "Timestamp": "tomorrow""#,
            &["String does not match RFC3339 timestamp at /States/S/Timestamp"],
        ),
    ]);
}

#[test]
fn rules_of_choices() {
    let rule = |fields: &str| format!(r#""Type": "Choice", "Default": "T", "Choices": [{{{fields}, "Next": "T"}}]"#);
    let one = "The object must have only one of the following fields, [And, Or, Not, Variable, Condition] at /States/S/Choices[0]";
    let table: [(&str, &[&str]); 12] = [
        (r#""Comment": "nothing""#, &[one]),
        (r#""StringEquals": "x""#, &[one]),
        (r#""Variable": "$.a", "IsNull": true, "Not": {"Variable": "$.b", "IsNull": true}"#, &[one]),
        (r#""And": [{"StringEquals": "x"}]"#, &[&format!("{one}/And[0]")]),
        (
            r#""Not": {"Variable": "$.b", "IsNull": true}, "IsNull": true"#,
            &["Field 'IsNull' is not supported at /States/S/Choices[0]"],
        ),
        (r#""Not": []"#, &["Expected value of type [OBJECT] at /States/S/Choices[0]/Not"]),
        (
            r#""Variable": "a", "IsNull": true"#,
            &["Value is not a Reference Path: Reference path didn't start with '$' at /States/S/Choices[0]/Variable"],
        ),
        (
            r#""Variable": "$.a", "StringEqualsPath": "$.b[$.c]""#,
            &[
                "Value is not a Reference Path: '[' must be followed by ' or '[' at /States/S/Choices[0]/StringEqualsPath",
            ],
        ),
        (r#""Variable": "$..a", "IsNull": true"#, &["Value is not a Reference Path at /States/S/Choices[0]/Variable"]),
        (r#""Variable": "$.a", "IsNull": "yes""#, &["Expected value of type [BOOLEAN] at /States/S/Choices[0]/IsNull"]),
        (
            r#""Variable": "$.a", "StringMatches": 5"#,
            &["Expected value of type [STRING] at /States/S/Choices[0]/StringMatches"],
        ),
        (
            r#""Condition": "{% true %}""#,
            &[
                "The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata' QueryLanguage at /States/S/Choices[0]",
            ],
        ),
    ];
    for (fields, expected) in table {
        check(&[(&rule(fields), expected)]);
    }
    check(&[
        (
            &format!(r#""QueryLanguage": "JSONata", {}"#, rule(r#""Variable": "$.a", "IsNull": true"#)),
            &[
                "The QueryLanguage is set to 'JSONata', but field 'Variable' is only supported for the 'JSONPath' QueryLanguage at /States/S/Choices[0]",
                "The QueryLanguage is set to 'JSONata', but field 'IsNull' is only supported for the 'JSONPath' QueryLanguage at /States/S/Choices[0]",
            ],
        ),
        (&format!(r#""QueryLanguage": "JSONata", {}"#, rule(r#""Comment": "c""#)), &[one]),
    ]);
}

#[test]
fn retriers_and_catchers() {
    let retry = |fields: &str| format!(r#""Type": "Task", "Resource": "${{F}}", "Next": "T", "Retry": [{{{fields}}}]"#);
    let all = "States.ALL must appear alone and at end of list at /States/S/Retry[0]/ErrorEquals";
    let table: [(&str, &[&str]); 18] = [
        (r#""ErrorEquals": ["E"], "IntervalSeconds": 0"#, &[]),
        (
            r#""ErrorEquals": ["E"], "IntervalSeconds": -1"#,
            &["Minimum value is 0 at /States/S/Retry[0]/IntervalSeconds"],
        ),
        (
            r#""ErrorEquals": ["E"], "IntervalSeconds": 1.5"#,
            &["Expected value of type Integer at /States/S/Retry[0]/IntervalSeconds"],
        ),
        (r#""ErrorEquals": ["E"], "MaxAttempts": 0"#, &[]),
        (r#""ErrorEquals": ["E"], "MaxAttempts": -1"#, &["Minimum value is 0 at /States/S/Retry[0]/MaxAttempts"]),
        (
            r#""ErrorEquals": ["E"], "MaxAttempts": 100000000"#,
            &["Maximum value is 99999999 at /States/S/Retry[0]/MaxAttempts"],
        ),
        (r#""ErrorEquals": ["E"], "BackoffRate": 0.9"#, &["Minimum value is 1.0 at /States/S/Retry[0]/BackoffRate"]),
        (
            r#""ErrorEquals": ["E"], "BackoffRate": "2""#,
            &["Expected value of type [NUMBER] at /States/S/Retry[0]/BackoffRate"],
        ),
        (
            r#""ErrorEquals": ["E"], "MaxDelaySeconds": 0"#,
            &["Minimum value is 1 at /States/S/Retry[0]/MaxDelaySeconds"],
        ),
        (r#""ErrorEquals": ["E"], "MaxDelaySeconds": 31622400"#, &[]),
        (
            r#""ErrorEquals": ["E"], "MaxDelaySeconds": 31622401"#,
            &["Maximum value is 31622400 at /States/S/Retry[0]/MaxDelaySeconds"],
        ),
        (
            r#""ErrorEquals": ["E"], "JitterStrategy": "SOME""#,
            &["Value should be one of the following: [NONE, FULL] at /States/S/Retry[0]/JitterStrategy"],
        ),
        (r#""ErrorEquals": ["E", "States.ALL"]"#, &[&format!("{all}[1]")]),
        (r#""ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]"#, &[&format!("{all}[0]")]),
        (r#""ErrorEquals": []"#, &["Value cannot be empty at /States/S/Retry[0]/ErrorEquals"]),
        (r#""ErrorEquals": "E""#, &["Expected value of type [ARRAY] at /States/S/Retry[0]/ErrorEquals"]),
        (r#""ErrorEquals": ["E"], "Next": "T""#, &["Field 'Next' is not supported at /States/S/Retry[0]"]),
        (r#""Comment": "c""#, &["These fields are required: [ErrorEquals] at /States/S/Retry[0]"]),
    ];
    for (fields, expected) in table {
        check(&[(&retry(fields), expected)]);
    }
    let catch = |fields: &str| format!(r#""Type": "Task", "Resource": "${{F}}", "Next": "T", "Catch": [{{{fields}}}]"#);
    let table: [(&str, &[&str]); 4] = [
        (r#""ErrorEquals": ["E"]"#, &["These fields are required: [Next] at /States/S/Catch[0]"]),
        (r#""Next": "T""#, &["These fields are required: [ErrorEquals] at /States/S/Catch[0]"]),
        (
            r#""ErrorEquals": ["E"], "Next": "T", "ResultPath": "$.a[?(@.b)]""#,
            &["Value is not a Reference Path at /States/S/Catch[0]/ResultPath"],
        ),
        (
            r#""ErrorEquals": ["E"], "Next": "T", "Output": {}"#,
            &[
                "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/S/Catch[0]",
            ],
        ),
    ];
    for (fields, expected) in table {
        check(&[(&catch(fields), expected)]);
    }
}

#[test]
fn fields_and_their_paths() {
    for (kind, plain, value) in [
        (r#""Type": "Task", "Resource": "${F}", "Next": "T""#, "TimeoutSeconds", "5"),
        (r#""Type": "Task", "Resource": "${F}", "Next": "T""#, "HeartbeatSeconds", "5"),
        (r#""Type": "Fail""#, "Error", "\"E\""),
        (r#""Type": "Fail""#, "Cause", "\"E\""),
    ] {
        let expected = format!("There should only be one of the following fields: [{plain}, {plain}Path] at /States/S");
        check(&[(&format!(r#"{kind}, "{plain}": {value}, "{plain}Path": "$.p""#), &[&expected])]);
    }
    for name in ["TimeoutSeconds", "HeartbeatSeconds"] {
        let task = |value: &str| format!(r#""Type": "Task", "Resource": "${{F}}", "Next": "T", "{name}": {value}"#);
        check(&[
            (&task("0"), &[&format!("Minimum value is 1 at /States/S/{name}")]),
            (&task("100000000"), &[&format!("Maximum value is 99999999 at /States/S/{name}")]),
            (&task("\"5\""), &[&format!("Expected value of type Integer at /States/S/{name}")]),
            (&task("null"), &[&format!("Expected value of type Integer at /States/S/{name}")]),
        ]);
    }
}

#[test]
fn each_field_belongs_to_its_types() {
    // Measured for eight types and fifty fields.
    let all = [
        "Arguments",
        "Assign",
        "Branches",
        "Catch",
        "Cause",
        "CausePath",
        "Choices",
        "Credentials",
        "Default",
        "Error",
        "ErrorPath",
        "HeartbeatSeconds",
        "InputPath",
        "ItemBatcher",
        "ItemProcessor",
        "ItemReader",
        "ItemSelector",
        "Items",
        "ItemsPath",
        "Iterator",
        "Label",
        "MaxConcurrency",
        "Output",
        "OutputPath",
        "Parameters",
        "Resource",
        "Result",
        "ResultPath",
        "ResultSelector",
        "ResultWriter",
        "Retry",
        "Seconds",
        "TimeoutSeconds",
        "Timestamp",
        "ToleratedFailureCount",
    ];
    let wait = ["InputPath", "OutputPath", "Output", "Assign", "Seconds", "Timestamp"].as_slice();
    let pass = ["InputPath", "OutputPath", "Result", "ResultPath", "Parameters", "Output", "Assign"].as_slice();
    let succeed = ["InputPath", "OutputPath", "Output"].as_slice();
    let fail = ["Error", "Cause", "ErrorPath", "CausePath"].as_slice();
    let choice = ["InputPath", "OutputPath", "Output", "Assign", "Choices", "Default"].as_slice();
    for (kind, own) in [("Wait", wait), ("Pass", pass), ("Succeed", succeed), ("Fail", fail), ("Choice", choice)] {
        for name in all {
            let text = format!(r#"{{"StartAt": "S", "States": {{"S": {{"Type": "{kind}", "{name}": 1}}}}}}"#);
            let refused = format!("Field '{name}' is not supported at /States/S");
            let found = told(&text, MachineType::Standard);
            assert_eq!(found.contains(&refused), !own.contains(&name), "{kind} {name}: {found:?}");
        }
    }
}

#[test]
fn resources_and_what_they_are_given() {
    let task = |resource: &str, more: &str| format!(r#""Type": "Task", "Next": "T", "Resource": "{resource}"{more}"#);
    let unknown = |arn: &str| {
        format!(
            "The resource provided {arn} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/S/Resource"
        )
    };
    for arn in [
        "arn:aws:states:::lambda:invoke.sync",
        "arn:aws:states:::sns:publish.sync",
        "arn:aws:states:::aws-sdk:s3:getObject.sync",
        "arn:aws:states:::ecs:runTask.sync:2",
        "arn:aws:states:::glue:startJobRun.waitForTaskToken",
        "arn:aws:states:::dynamodb:getItem.waitForTaskToken",
        "arn:aws:states:::sqs:sendMesage",
    ] {
        let generated = r#", "Parameters": {"Fn::Sub": "x"}"#;
        check(&[(&task(arn, generated), &[&unknown(arn)])]);
    }
    let missing = |name: &str| format!("?The field '{name}' is required but was missing at /States/S/Parameters");
    for (arn, given, absent) in [
        ("lambda:invoke", r#"{"Payload": {}}"#, vec!["FunctionName"]),
        ("lambda:invoke.waitForTaskToken", r#"{"FunctionName.$": "$.f"}"#, vec![]),
        ("sqs:sendMessage", "{}", vec!["QueueUrl", "MessageBody"]),
        ("sns:publish", r#"{"TopicArn": "t"}"#, vec!["Message"]),
        ("dynamodb:putItem", r#"{"TableName": "t"}"#, vec!["Item"]),
        ("dynamodb:getItem", r#"{"Key": {}}"#, vec!["TableName"]),
        ("states:startExecution.sync:2", r#"{"Input": {}}"#, vec!["StateMachineArn"]),
        ("events:putEvents", "{}", vec!["Entries"]),
        ("ecs:runTask.sync", r#"{"Cluster": "c"}"#, vec!["TaskDefinition"]),
        ("glue:startJobRun.sync", "{}", vec!["JobName"]),
        ("aws-sdk:sqs:sendMessage", "{}", vec![]),
    ] {
        let absent: Vec<String> = absent.into_iter().map(missing).collect();
        let absent: Vec<&str> = absent.iter().map(String::as_str).collect();
        let more = format!(r#", "Parameters": {given}"#);
        check(&[(&task(&format!("arn:aws:states:::{arn}"), &more), &absent)]);
    }
    let invoke = "arn:aws:states:::lambda:invoke";
    check(&[
        (&task("someFunction", ""), &["Value is not a valid resource ARN at /States/S/Resource"]),
        (&task("", ""), &["Value is not a valid resource ARN at /States/S/Resource"]),
        (
            &task(invoke, ""),
            &["?Parameters field is required for resource ARN: arn:aws:states:::lambda:invoke at /States/S/Resource"],
        ),
        (
            &task(invoke, r#", "QueryLanguage": "JSONata", "Arguments": {}"#),
            &["?The field 'FunctionName' is required but was missing at /States/S/Arguments"],
        ),
        (&task(invoke, r#", "QueryLanguage": "JSONata", "Arguments": "{% $a %}""#), &[]),
        (
            &task("arn:aws:states:eu-west-1:123456789012:activity:a", r#", "Credentials": {"RoleArn": "r"}"#),
            &["The field 'Credentials' is not supported for activities at /States/S/Credentials"],
        ),
        (
            &task("${F}", r#", "Credentials": {"Role": "r"}"#),
            &["The field 'RoleArn' is required but was missing at /States/S/Credentials"],
        ),
        (&task("${F}", r#", "Credentials": null"#), &["Expected value of type [OBJECT] at /States/S/Credentials"]),
    ]);
}

#[test]
fn distributed_maps() {
    let map = |fields: &str, config: &str| {
        format!(
            r#""Type": "Map", "Next": "T", "ItemProcessor": {{"ProcessorConfig": {config}, "StartAt": "I", "States": {{"I": {{"Type": "Succeed"}}}}}}{fields}"#
        )
    };
    let distributed = r#"{"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}"#;
    let at = "at /States/S/ItemProcessor/ProcessorConfig";
    check(&[
        (&map("", distributed), &[]),
        (&map("", r#"{"Mode": "DISTRIBUTED"}"#), &[&format!("These fields are required: [ExecutionType] {at}")]),
        (
            &map("", r#"{"Mode": "INLINE", "ExecutionType": "EXPRESS"}"#),
            &[&format!("Field 'ExecutionType' is not supported {at}")],
        ),
        (
            &map("", r#"{"Mode": "DISTRIBUTED", "ExecutionType": "FAST"}"#),
            &[&format!("Value should be one of the following: [STANDARD, EXPRESS] {at}/ExecutionType")],
        ),
        (
            &map("", r#"{"Mode": "Inline"}"#),
            &[&format!("Value should be one of the following: [INLINE, DISTRIBUTED] {at}/Mode")],
        ),
    ]);
    let table: [(&str, &[&str]); 17] = [
        (r#""ItemReader": {}"#, &["These fields are required: [Resource] at /States/S/ItemReader"]),
        (
            r#""ItemReader": {"Resource": "arn:aws:states:::s3:putObject"}"#,
            &["The field 'Resource' does not match any of the allowed values at /States/S/ItemReader/Resource"],
        ),
        (r#""ItemReader": {"Resource": "arn:aws-cn:states:::s3:listObjectsV2"}"#, &[]),
        (
            r#""ItemReader": {"Resource": "${R}", "ReaderConfig": {"InputType": "CSV"}}"#,
            &["The field 'CSVHeaderLocation' is required at /States/S/ItemReader/ReaderConfig"],
        ),
        (
            r#""ItemReader": {"Resource": "${R}", "ReaderConfig": {"InputType": "JSON", "CSVHeaderLocation": "FIRST_ROW"}}"#,
            &["Field 'CSVHeaderLocation' is not supported at /States/S/ItemReader/ReaderConfig"],
        ),
        (
            r#""ItemReader": {"Resource": "${R}", "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}}"#,
            &["These fields are required: [CSVHeaders] at /States/S/ItemReader/ReaderConfig"],
        ),
        (
            r#""ItemReader": {"Resource": "${R}", "ReaderConfig": {"InputType": "XML"}}"#,
            &[
                "Value should be one of the following: [CSV, JSON, JSONL, PARQUET, MANIFEST] at /States/S/ItemReader/ReaderConfig/InputType",
            ],
        ),
        (
            r#""ItemReader": {"Resource": "${R}", "ReaderConfig": {"MaxItems": 1, "MaxItemsPath": "$.n"}}"#,
            &[
                "There should only be one of the following fields: [MaxItems, MaxItemsPath] at /States/S/ItemReader/ReaderConfig",
            ],
        ),
        (
            r#""ItemBatcher": {"MaxItemsPerBatch": -1}"#,
            &["Minimum value is 0 at /States/S/ItemBatcher/MaxItemsPerBatch"],
        ),
        (
            r#""ItemBatcher": {"MaxItemsPerBatch": 1.5}"#,
            &["Expected value of type Integer at /States/S/ItemBatcher/MaxItemsPerBatch"],
        ),
        (
            r#""ResultWriter": {"Resource": "arn:aws:states:::s3:getObject"}"#,
            &["The field 'Resource' does not match any of the allowed values at /States/S/ResultWriter/Resource"],
        ),
        (
            r#""ResultWriter": {"WriterConfig": {"Transformation": "NONE"}}"#,
            &["These fields are required: [OutputType] at /States/S/ResultWriter/WriterConfig"],
        ),
        (r#""ToleratedFailurePercentage": 100.5"#, &["Maximum value is 100.0 at /States/S/ToleratedFailurePercentage"]),
        (
            r#""ToleratedFailureCount": 1, "ToleratedFailureCountPath": "$.n""#,
            &[
                "There should only be one of the following fields: [ToleratedFailureCount, ToleratedFailureCountPath] at /States/S",
            ],
        ),
        (r#""ItemsPath": "$.a[*]""#, &["Value is not a Reference Path at /States/S/ItemsPath"]),
        (r#""Label": """#, &["INVALID_LABEL_NAME: Invalid Label name: Label cannot be empty at /States/S/Label"]),
        (
            r#""Label": "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde""#,
            &[
                "INVALID_LABEL_NAME: Invalid Label name: Label exceeds the 40-character limit allowed by the service at /States/S/Label",
            ],
        ),
    ];
    for (fields, expected) in table {
        check(&[(&map(&format!(", {fields}"), distributed), expected)]);
    }
    check(&[(
        r#""Type": "Map", "Next": "T""#,
        &["This object should have only one of the following fields: [ItemProcessor, Iterator] at /States/S"],
    )]);
}

#[test]
fn variables() {
    let pass = |assign: &str| format!(r#""Type": "Pass", "Next": "T", "Assign": {assign}"#);
    check(&[
        (&pass(r#"{"a": 1, "b_2.$": "$.x", "ä": null}"#), &[]),
        (&pass("[]"), &["Expected value of type [OBJECT] at /States/S/Assign"]),
        (
            &pass(r#"{"states": 1}"#),
            &["RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at /States/S/Assign"],
        ),
        (
            &pass(r#"{"a.b": 1}"#),
            &[
                "INVALID_VARIABLE_NAME: Invalid variable name 'a.b': the variable name contains invalid characters. at /States/S/Assign",
            ],
        ),
        (
            &pass(r#"{"1a": 1}"#),
            &[
                "INVALID_VARIABLE_NAME: Invalid variable name '1a': the variable name contains invalid characters. at /States/S/Assign",
            ],
        ),
        (
            &pass(&format!(r#"{{"{}": 1}}"#, "v".repeat(81))),
            &[&format!(
                "INVALID_VARIABLE_NAME: Invalid variable name '{}': the variable name exceeds 80 characters. at /States/S/Assign",
                "v".repeat(81)
            )],
        ),
    ]);
}

#[test]
fn variables_of_scopes() {
    let machine = |config: &str, inner: &str, outer: &str| {
        format!(
            r#"{{"StartAt": "A", "States": {{
              "A": {{"Type": "Pass", "Assign": {{"{outer}": 1}}, "Next": "M"}},
              "M": {{"Type": "Map", "End": true, "ItemProcessor": {{"ProcessorConfig": {config}, "StartAt": "P", "States": {{
                "P": {{"Type": "Parallel", "End": true, "Branches": [{{"StartAt": "B", "States": {{
                  "B": {{"Type": "Pass", "Assign": {{"{inner}": 1}}, "End": true}}}}}}]}}}}}}}}}}}}"#
        )
    };
    let inline = r#"{"Mode": "INLINE"}"#;
    let distributed = r#"{"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}"#;
    let fault = "DUPLICATE_VARIABLE_NAME: The variable name 'x' was already defined in a parent scope. at /States/M/ItemProcessor/States/P/Branches[0]/States/B/Assign";
    assert_eq!(told(&machine(inline, "x", "x"), MachineType::Standard), [fault]);
    assert_eq!(
        told(&machine(inline, "x.$", "x").replace(": 1}", ": \"$.a\"}"), MachineType::Standard)
            .last()
            .map(String::as_str),
        Some(fault)
    );
    assert!(told(&machine(inline, "x", "y"), MachineType::Standard).is_empty());
    assert!(told(&machine(distributed, "x", "x"), MachineType::Standard).is_empty());
}

#[test]
fn express_machines() {
    let express = "Express state machine does not support";
    for (fields, expected) in [
        (
            r#""Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "Parameters": {"StateMachineArn": "a"}, "End": true"#,
            format!("{express} '.sync' service integration at /States/S/Resource"),
        ),
        (
            r#""Type": "Task", "Resource": "arn:aws:states:::sns:publish.waitForTaskToken", "Parameters": {"Message": "m"}, "End": true"#,
            format!("{express} '.waitForTaskToken' service integration at /States/S/Resource"),
        ),
        (
            r#""Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a", "End": true"#,
            format!("{express} Activity ARN at /States/S/Resource"),
        ),
        (
            r#""Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}"#,
            "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines at /States/S/ItemProcessor/ProcessorConfig/Mode".to_owned(),
        ),
    ] {
        let text = format!(r#"{{"StartAt": "S", "States": {{"S": {{{fields}}}}}}}"#);
        assert_eq!(told(&text, MachineType::Express), [expected], "{fields}");
        assert!(told(&text, MachineType::Standard).is_empty(), "{fields}");
    }
    // The other faults do not hide it.
    let both = r#"{"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a", "Nxt": "S"}}}"#;
    assert!(told(both, MachineType::Express).iter().any(|fault| fault.starts_with(express)));
}

#[test]
fn warnings_of_the_service() {
    let static_result =
        "?PASS_RESULT_IS_STATIC: Attempt to use a path in the result of a pass state. at /States/S/Result";
    let no_dollar =
        "?NO_DOLLAR: No .$ on a field that appears to be a JSONPath or Intrinsic Function. at /States/S/Parameters";
    let pass = |fields: &str| format!(r#""Type": "Pass", "Next": "T", {fields}"#);
    check(&[
        (&pass(r#""Result": "$.a""#), &[static_result]),
        (&pass(r#""Result": {"a": [{"b.$": "$.x"}]}"#), &[static_result]),
        (&pass(r#""Result": {"a": "$5", "b": "$", "c": "States.", "d": "$name"}"#), &[]),
        (&pass(r#""Parameters": {"a": "$.b"}"#), &[no_dollar]),
        (&pass(r#""Parameters": [{"a": {"b": "States.Format('{}', $.x)"}}]"#), &[no_dollar]),
        (&pass(r#""Parameters": {"a.$": "$.b", "c": "costs $.5"}"#), &[]),
        (&pass(r#""QueryLanguage": "JSONata", "Output": {"a": "$.b"}"#), &[]),
        (
            r#""Type": "Fail", "Error": "$.e", "Cause": "all $.x""#,
            &["?NO_PATH: Field value looks like a path, but field name does not end with 'Path'. at /States/S/Error"],
        ),
        (
            r#""Type": "Choice", "Default": "T", "Choices": [{"Variable": "$.a", "StringEquals": "$$.Execution.Name", "Next": "T"}]"#,
            &[
                "?NO_PATH: Field value looks like a path, but field name does not end with 'Path'. at /States/S/Choices[0]/StringEquals",
            ],
        ),
    ]);
}

#[test]
fn misspelled_names_get_a_suggestion() {
    let pass = |fields: &str| format!(r#""Type": "Pass", "End": true, {fields}"#);
    for (fields, hint) in [
        (pass(r#""Parameters": {"a.$": "States.Fromat('{}', $.x)"}"#), "did you mean `States.Format`?"),
        (pass(r#""Parameters": {"a.$": "States.Array(States.UUIDs())"}"#), "did you mean `States.UUID`?"),
        (pass(r#""QueryLanguage": "JSONata", "Output": "{% $states.inptu %}""#), "did you mean `$states.input`?"),
        (
            pass(r#""QueryLanguage": "JSONata", "Output": "{% phone %}""#),
            "write `$states.input.phone` for a part of the input, `$phone` for a variable",
        ),
        (pass(r#""ResultPath": "result""#), "a path starts with `$`, such as `$.order.items[0]`: write `$.result`"),
        (pass(r#""QueryLangauge": "JSONata""#), "did you mean `QueryLanguage`?"),
        (
            r#""Type": "Task", "End": true, "Resource": "arn:aws:states:::dynamodb:getItems""#.to_owned(),
            "did you mean `getItem`?",
        ),
        (
            r#""Type": "Task", "End": true, "Resource": "arn:aws:states:::lambda:invoke.sync""#.to_owned(),
            "lambda cannot wait for the end of a job; write arn:aws:states:::lambda:invoke",
        ),
        (
            r#""Type": "Task", "End": true, "Resource": "arn:aws:states:::glue:startJobRun.sync:2""#.to_owned(),
            "only states:startExecution has `.sync:2`; write arn:aws:states:::glue:startJobRun.sync",
        ),
        (
            r#""Type": "Choice", "Choices": [{"StringEquals": "x", "Next": "S"}]"#.to_owned(),
            "add `Variable`, the path to the value that `StringEquals` compares",
        ),
    ] {
        let text = format!(r#"{{"StartAt": "S", "States": {{"S": {{{fields}}}}}}}"#);
        let helps: Vec<_> =
            Definition::read("test.json", &text).diagnostics.into_iter().filter_map(|d| d.help).collect();
        assert!(helps.iter().any(|help| help == hint), "{fields}: {helps:?}");
    }
}

#[test]
fn a_placeholder_may_name_any_state() {
    let text = |next: &str| {
        format!(
            r#"{{"StartAt": "S", "States": {{"S": {{"Type": "Pass", "Next": "{next}"}}, "T": {{"Type": "Fail"}}, "U": {{"Type": "Succeed"}}}}}}"#
        )
    };
    for (next, stand_in) in [("${Next}", "U"), ("${x ? 'T' : 'U'}", "T")] {
        let expected = format!(
            "?PLACEHOLDER: A placeholder stands where the name of a state is expected; here it counts as `{stand_in}` at /States/S/Next"
        );
        assert_eq!(told(&text(next), MachineType::Standard), [expected], "{next}");
        assert!(Definition::read("test.json", &text(next)).machine.is_some(), "{next}");
    }
}
