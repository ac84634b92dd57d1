//! All texts were written by the emitter that the AWS CLI 2 uses (ruamel.yaml 0.17.21 with libyaml).

use super::render;
use crate::value::{Value, read};

#[track_caller]
fn writes(json: &str, yaml: &str) {
    assert_eq!(render(&read(json).expect("JSON")), yaml, "{json}");
}

#[test]
fn blocks() {
    writes(
        r#"{"b":1,"a":"x","c":[],"d":{},"e":[1,{"z":1,"y":[2,[3]]}],"f":null,"g":true}"#,
        "a: x\nb: 1\nc: []\nd: {}\ne:\n- 1\n- y:\n  - 2\n  - - 3\n  z: 1\nf: null\ng: true\n",
    );
    writes(r#"{"k":{"l":["a"]}}"#, "k:\n  l:\n  - a\n");
    writes(r#"[{"a":1,"b":{"c":[{}]}}]"#, "- a: 1\n  b:\n    c:\n    - {}\n");
    writes("[[]]", "- []\n");
    writes("[]", "[]\n");
    writes("{}", "{}\n");
    writes(r#""x""#, "x\n...\n");
    writes(r#""true""#, "'true'\n");
    writes("null", "null\n...\n");
    writes("3.0", "3.0\n...\n");
    writes(r#"{"1":2,"true":1,"a b":1,"":2}"#, "'': 2\n'1': 2\na b: 1\n'true': 1\n");
}

#[test]
fn strings() {
    for (text, written) in [
        ("2014-10-16T16:03:09+00:00", "'2014-10-16T16:03:09+00:00'"),
        ("2001-01-01", "'2001-01-01'"),
        ("yes", "yes"),
        ("true", "'true'"),
        ("1", "'1'"),
        ("1.5", "'1.5'"),
        ("", "''"),
        ("~", "'~'"),
        ("a: b", "'a: b'"),
        ("a:b", "a:b"),
        ("a #b", "'a #b'"),
        ("a#b", "a#b"),
        ("- a", "'- a'"),
        ("-a", "-a"),
        ("-", "'-'"),
        ("x:", "'x:'"),
        ("*a", "'*a'"),
        ("=", "'='"),
        ("0x1f", "'0x1f'"),
        ("1e3", "'1e3'"),
        ("0o17", "'0o17'"),
        ("1_000", "'1_000'"),
        (".inf", "'.inf'"),
        ("1:30", "1:30"),
        ("arn:aws:states:us-east-1:1:stateMachine:x", "arn:aws:states:us-east-1:1:stateMachine:x"),
        ("a\nb", "'a\n\n  b'"),
        ("a\n", "'a\n\n  '"),
        ("\n", "'\n\n  '"),
        (" a", "' a'"),
        ("a ", "'a '"),
        ("a'b", "a'b"),
        ("'a", "'''a'"),
        ("\"a", "'\"a'"),
        ("{a", "'{a'"),
        ("a]", "a]"),
        ("a,b", "a,b"),
        ("? a", "'? a'"),
        ("?a", "?a"),
        ("--- a", "'--- a'"),
        ("...", "'...'"),
        ("\ta", "\"\\ta\""),
        ("ä", "ä"),
        ("\u{1}", "\"\\x01\""),
        ("日本", "日本"),
        ("😀", "\"\\U0001F600\""),
        ("a\u{85}b", "\"a\\Nb\""),
        ("\u{feff}", "\"\\uFEFF\""),
    ] {
        let item = Value::from(vec![Value::from(text)]);
        assert_eq!(render(&item), format!("- {written}\n"), "{text:?}");
    }
}

#[test]
fn long_strings_are_folded() {
    writes(
        r#"{"x":"plain words that go on and on and on and on and on until the line is too long for them all to fit in"}"#,
        "x: plain words that go on and on and on and on and on until the line is too long for\n  them all to fit in\n",
    );
    let definition = r#"{"Comment": "A long comment that goes on and on and on, so that it has to be folded somewhere", "StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "End": true}}}"#;
    let value = Value::from(crate::value::Object::from_iter([("definition", Value::from(definition))]));
    assert_eq!(
        render(&value),
        "definition: '{\"Comment\": \"A long comment that goes on and on and on, so that it has\n  to be folded somewhere\", \
         \"StartAt\": \"Hello\", \"States\": {\"Hello\": {\"Type\": \"Pass\",\n  \"End\": true}}}'\n"
    );
    let pretty = "{\n  \"Comment\": \"A\",\n  \"StartAt\": \"Hello\",\n  \"States\": {\n    \"Hello\": {\n      \"Type\": \"Pass\",\n      \"End\": true\n    }\n  }\n}";
    let value = Value::from(crate::value::Object::from_iter([("definition", Value::from(pretty))]));
    assert_eq!(
        render(&value),
        "definition: \"{\\n  \\\"Comment\\\": \\\"A\\\",\\n  \\\"StartAt\\\": \\\"Hello\\\",\\n  \\\"States\\\": {\\n\n  \\   \
         \\\"Hello\\\": {\\n      \\\"Type\\\": \\\"Pass\\\",\\n      \\\"End\\\": true\\n    }\\n  }\\n}\"\n"
    );
}
