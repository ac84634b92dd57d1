use proptest::prelude::{prop_assert, proptest};

use super::*;
use crate::query::testing::{TestScope, assert_inside, json, texts, values};

const INPUT: &str = r#"{
    "n": 3, "half": -1.5, "text": "a,b", "name": "Ada", "none": null, "yes": true, "list": [1, 2, 3], "empty": [],
    "object": {"a": 1, "b": [2]}, "other": {"b": 3}, "mixed": ["1", "true", {"a": 1, "b": 2}], "big": 9007199254740991,
    "template": "{} of \\{{}\\}", "flags": [true, false, true], "pairs": [[1,2],[1,2],[2,1]]
}"#;

fn scope() -> TestScope {
    TestScope::new(r#"{"Execution":{"Name":"run-7"}}"#, r#"{"index":1}"#)
}

fn evaluate(text: &str) -> Result<Value, QueryError> {
    let intrinsic = Intrinsic::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    intrinsic.evaluate(&json(INPUT), &mut scope())
}

fn gives(rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        let value = evaluate(text).unwrap_or_else(|error| panic!("{text}: {error}, {:?}", error.hint));
        assert_eq!(value.to_json(), *expected, "{text}");
    }
}

fn fails(rows: &[(&str, &str, &str)]) {
    for (text, adds, hint) in rows {
        let error = evaluate(text).expect_err(text);
        let cause =
            format!("There was an error while evaluating the intrinsic function: {text}. Invalid arguments in {adds}");
        assert_eq!(error.cause, cause);
        assert_eq!(error.hint.as_deref(), Some(*hint), "{text}");
    }
}

#[test]
fn arguments() {
    gives(&[
        ("States.Array()", "[]"),
        ("States.Array( )", "[]"),
        ("States.Array('a', 1, -2.5, true, false, null)", r#"["a",1,-2.5,true,false,null]"#),
        ("States.Array($.n,$['name'],$$.Execution.Name,$index)", r#"[3,"Ada","run-7",1]"#),
        ("States.Array(\n  $.n ,\n  $.list[?(@ > 1 && @ < 9)]\n)", "[3,[2,3]]"),
        ("States.Array($.list[0,1], $.object['a','b'])", r#"[[1,2],{"a":1,"b":[2]}]"#),
        (
            r"States.Array('it\'s', '\{\}', 'a\\b', '{plain}', 'two
lines')",
            r#"["it's","{}","a\\b","{plain}","two\nlines"]"#,
        ),
        ("States.Array(States.Array(States.Array($)), 1)", &format!("[[[{}]],1]", json(INPUT))),
        ("States.Array($.nothing[*])", "[[]]"),
    ]);
}

#[test]
fn format() {
    gives(&[
        ("States.Format('no places')", r#""no places""#),
        ("States.Format('Hello {}, {}!', $.name, $.n)", r#""Hello Ada, 3!""#),
        ("States.Format('{}{}{}', $.none, $.yes, 1.50)", r#""nulltrue1.5""#),
        (r"States.Format('\{{}\} \'{}\'', 1, 2)", r#""{1} '2'""#),
        ("States.Format($.template, 1, 2)", r#""1 of {2}""#),
        ("States.Format('{}', States.JsonToString($.object))", r#""{\"a\":1,\"b\":[2]}""#),
    ]);
    let why = "a brace that is part of the text is written `\\{` or `\\}`";
    fails(&[
        (
            "States.Format('{} {}', 1)",
            "States.Format: number of arguments do not match the occurrences of {}.",
            "the template has 2 `{}`, and there are 1 values for them",
        ),
        ("States.Format('{', 1)", "States.Format: matching '}' not found for '{'.", why),
        ("States.Format('{{}}', 1)", "States.Format: matching '}' not found for '{'.", why),
        ("States.Format('}')", "States.Format: matching '{' not found for '}'.", why),
        (
            "States.Format('{}', $.list)",
            "States.Format",
            "a value to be put into the text is an array; use States.JsonToString",
        ),
        ("States.Format($.n)", "States.Format", "the template is of type number, not a string"),
        ("States.Format()", "States.Format", "States.Format takes 1 or more arguments, not 0"),
    ]);
}

#[test]
fn texts_and_json() {
    gives(&[
        ("States.StringSplit($.text, ',')", r#"["a","b"]"#),
        ("States.StringSplit(',a,.b.,', '.,')", r#"["a","b"]"#),
        ("States.StringSplit('', ',')", "[]"),
        ("States.StringSplit('ab', '')", r#"["ab"]"#),
        ("States.StringToJson('{\"a\":[1]}')", r#"{"a":[1]}"#),
        ("States.StringToJson(' ')", "null"),
        ("States.StringToJson('')", "null"),
        ("States.JsonToString($.object)", r#""{\"a\":1,\"b\":[2]}""#),
        ("States.JsonToString('x')", r#""\"x\"""#),
        ("States.JsonMerge($.object, $.other, false)", r#"{"a":1,"b":3}"#),
        ("States.JsonMerge($.object, $.other, 'true')", r#"{"a":1,"b":3}"#),
    ]);
    fails(&[
        ("States.StringSplit($.n, ',')", "States.StringSplit", "both arguments must be strings"),
        ("States.StringToJson($.object)", "States.StringToJson", "the argument is of type object, not a string"),
        ("States.JsonMerge($.list, $.other, false)", "States.JsonMerge", "the first two arguments must be objects"),
        (
            "States.JsonMerge($.object, $.other, true)",
            "States.JsonMerge",
            "a deep merge is not supported; the third argument must be false",
        ),
    ]);
    assert!(evaluate("States.StringToJson('{')").expect_err("no JSON").hint.is_some());
}

#[test]
fn arrays() {
    gives(&[
        ("States.ArrayLength($.list)", "3"),
        ("States.ArrayGetItem($.list, 1)", "2"),
        ("States.ArrayGetItem($.list, 1.9)", "2"),
        ("States.ArrayGetItem($.empty, 9)", "null"),
        ("States.ArrayContains($.list, 2)", "true"),
        ("States.ArrayContains($.list, '2')", "true"),
        ("States.ArrayContains($.mixed, 1)", "true"),
        ("States.ArrayContains($.mixed, true)", "true"),
        ("States.ArrayContains($.mixed, States.StringToJson('{\"a\":1,\"b\":2}'))", "true"),
        ("States.ArrayContains($.mixed, States.StringToJson('{\"b\":2,\"a\":1}'))", "false"),
        ("States.ArrayContains($.list, null)", "false"),
        ("States.ArrayPartition($.list, 2)", "[[1,2],[3]]"),
        ("States.ArrayPartition($.list, 2.6)", "[[1,2],[3]]"),
        ("States.ArrayPartition($.empty, 2)", "[]"),
        ("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]"),
        ("States.ArrayRange(1, 8, 3)", "[1,4,7]"),
        ("States.ArrayRange(5, -1, -2)", "[5,3,1,-1]"),
        ("States.ArrayRange(1.6, 1.4, 1)", "[1]"),
        ("States.ArrayRange(5.4, -0.6, -2.4)", "[5,3,1]"),
        ("States.ArrayRange(3, 3, -1)", "[3]"),
        ("States.ArrayRange(5, 1, 1)", "[]"),
        ("States.ArrayRange(1, 5, -1)", "[]"),
        ("States.ArrayLength(States.ArrayRange(1, 1000, 1))", "1000"),
        ("States.ArrayLength(States.ArrayRange(1000, 1, -1))", "1000"),
    ]);
    fails(&[
        ("States.ArrayLength($.text)", "States.ArrayLength", "the first argument is of type string, not an array"),
        ("States.ArrayGetItem($.list, 3)", "States.ArrayGetItem", "there is no index 3; the array has 3 elements"),
        ("States.ArrayGetItem($.list, -1)", "States.ArrayGetItem", "there is no index -1; the array has 3 elements"),
        ("States.ArrayGetItem($.list, '1')", "States.ArrayGetItem", "the index must be a number"),
        (
            "States.ArrayPartition($.list, 0.6)",
            "States.ArrayPartition",
            "the size of the parts must be a number of at least 1",
        ),
        ("States.ArrayRange(1, 10, 0.49)", "States.ArrayRange", "the step is 0"),
        ("States.ArrayRange(1, 1001, 1)", "States.ArrayRange", "the range has more than 1000 elements"),
        ("States.ArrayRange(1, 'b', 1)", "States.ArrayRange", "all arguments must be numbers"),
    ]);
}

#[test]
fn unique_elements_come_in_the_order_of_a_hash_set() {
    gives(&[
        ("States.ArrayUnique(States.Array(1, 2, 1, 3, 2, 4))", "[1,2,3,4]"),
        ("States.ArrayUnique(States.Array(null, null, 1, null))", "[null,1]"),
        ("States.ArrayUnique(States.Array(1, '1', 1, '01'))", r#"[1,"1","01"]"#),
        ("States.ArrayUnique($.flags)", "[false,true]"),
        ("States.ArrayUnique($.pairs)", "[[2,1],[1,2]]"),
    ]);
}

#[test]
fn numbers() {
    gives(&[
        ("States.MathAdd($.n, -5)", "-2"),
        ("States.MathAdd(1.6, 2.7)", "5"),
        ("States.MathAdd($.half, 0)", "-1"),
        ("States.MathAdd(-1.51, 0)", "-2"),
        ("States.MathAdd(3.5, 0)", "4"),
        ("States.MathAdd(2147483646, 1)", "2147483647"),
    ]);
    let wide = "both arguments must be numbers between -2147483648 and 2147483647";
    fails(&[
        ("States.MathAdd(1)", "States.MathAdd", "States.MathAdd takes 2 arguments, not 1"),
        ("States.MathAdd('1', 1)", "States.MathAdd", wide),
        ("States.MathAdd(3000000000, 1)", "States.MathAdd", wide),
        ("States.MathAdd(2147483647, 1)", "States.MathAdd", "the sum does not fit 32 bits"),
        ("States.MathRandom(1.4, 1.6)", "States.MathRandom", "no whole number is at least 1 and below 1"),
        ("States.MathRandom(1, 10, null)", "States.MathRandom", "the seed must be a number"),
    ]);
}

#[test]
fn random_numbers_come_from_the_scope_or_the_seed() {
    let draw = |text: &str, scope: &mut TestScope| {
        let value = Intrinsic::compile(text).expect(text).evaluate(&Value::Null, scope).expect(text);
        value.as_number().and_then(crate::value::Number::as_i64).expect("a whole number")
    };
    let mut scope = scope();
    for _ in 0..200 {
        assert!((-3..2).contains(&draw("States.MathRandom(-3, 2)", &mut scope)));
    }
    assert_eq!(scope.randoms_asked, 200);
    assert_eq!(draw("States.MathRandom(0, 10, 42)", &mut scope), 0);
    assert_eq!(draw("States.MathRandom(0, 100, 42)", &mut scope), 30);
    assert_eq!(draw("States.MathRandom(0, 64, 42)", &mut scope), 46);
    assert_eq!(draw("States.MathRandom(1000, 1010, 7)", &mut scope), 1006);
    assert_eq!(scope.randoms_asked, 200, "a seeded draw needs no bits");
    let wide = draw("States.MathRandom(-2147483648, 2147483647, 1)", &mut scope);
    assert_eq!(wide, draw("States.MathRandom(-2147483648, 2147483647, 1)", &mut scope));
}

#[test]
fn a_uuid_is_of_version_4() {
    let uuid = evaluate("States.UUID()").expect("a UUID");
    let groups: Vec<&str> = uuid.as_str().expect("a string").split('-').collect();
    assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert!(groups[2].starts_with('4') && groups[3].starts_with(['8', '9', 'a', 'b']), "{groups:?}");
}

#[test]
fn encodings() {
    gives(&[
        ("States.Base64Encode('hällo')", r#""aMOkbGxv""#),
        ("States.Base64Decode('aMOkbGxv')", r#""hällo""#),
        ("States.Base64Decode(' YWJj ZA== ')", r#""abcd""#),
        ("States.Base64Decode('YWJjZA')", r#""abcd""#),
        ("States.Base64Decode('')", r#""""#),
        ("States.Hash('hello', 'MD5')", r#""5d41402abc4b2a76b9719d911017c592""#),
        ("States.Hash('hello', 'SHA-1')", r#""aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d""#),
        ("States.Hash('', 'SHA-256')", r#""e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#),
    ]);
    assert_eq!(
        evaluate("States.Hash(123, 'SHA-384')").expect("a digest"),
        evaluate("States.Hash('123', 'SHA-384')").expect("a digest")
    );
    fails(&[
        ("States.Base64Encode(123)", "States.Base64Encode", "the argument must be a string"),
        ("States.Hash('x', 'sha-256')", "States.Hash", "`sha-256` is none of MD5, SHA-1, SHA-256, SHA-384, SHA-512"),
    ]);
    let input = Value::from("ä".repeat(10_001));
    let fits = Value::from("ä".repeat(10_000));
    let hash = Intrinsic::compile("States.Hash($, 'SHA-512')").expect("a call");
    assert!(hash.evaluate(&input, &mut scope()).is_err() && hash.evaluate(&fits, &mut scope()).is_ok());
}

#[test]
fn a_missing_argument_names_the_whole_expression() {
    for (text, span, words) in [
        (
            "States.Format('{}', States.Format('{}', $.nope))",
            "$.nope",
            "The JsonPath argument for the field '$.nope' could not be found in the input '{\"a\":1}'",
        ),
        (
            "States.Array($$.Nope.Deep)",
            "$$.Nope.Deep",
            "The JsonPath argument for the field '$.Nope.Deep' could not be found in the input '{\"a\":1}'",
        ),
        ("States.Array($.a[0])", "$.a[0]", "Filter: [0] can only be applied to arrays. Current context is: 1"),
        (
            "States.Array( $none )",
            "$none",
            "The JsonPath argument for the field '$none' could not be found in the input '{\"a\":1}'",
        ),
    ] {
        let error = Intrinsic::compile(text).expect(text).evaluate(&json(r#"{"a":1}"#), &mut scope()).expect_err(text);
        assert_eq!(error.cause, format!("The function '{text}' had the following error: {words}"));
        assert_eq!(error.span.text(text), span);
        assert!(error.hint.is_some(), "{text}");
    }
}

#[test]
fn an_index_past_the_end_is_a_missing_argument() {
    assert!(evaluate("States.Array($.list[9])").is_err());
}

#[test]
fn what_does_not_parse_is_shown_and_explained() {
    for (text, at, says) in [
        ("States.Nope(1)", "States.Nope", "there is no function `States.Nope`"),
        ("States.format('x')", "States.format", "it is spelled `States.Format`"),
        ("States.Array", "", "expected `(` after `States.Array`"),
        ("States.Array(1", "(1", "the call is not closed"),
        ("States.Array(1))", ")", "nothing may follow"),
        ("States.Array(1) ", "", ""),
        ("States.Array(1 2)", "2", "expected `,` or `)`, found `2`"),
        ("States.Array(1, )", ")", "expected an argument"),
        ("States.Array(\"x\")", "\"", "single quotes"),
        ("States.Array(name)", "name", "a text needs single quotes"),
        ("States.Array('x)", "'x)", "the text is not closed"),
        (r#"States.Array('a\"b')"#, r#"\""#, "is no escape here"),
        (r"States.Array('a\nb')", r"\n", "is no escape here"),
        ("States.Array(1.2.3)", "1.2.3", "is no number"),
        ("States.Array(-inf)", "-inf", "is no number"),
        ("States.Array($.a[b])", "b", "needs quotes"),
        ("States.Array(1, $.a..)", "..", "must not end with a dot"),
    ] {
        match Intrinsic::compile(text) {
            Ok(_) => assert!(says.is_empty(), "{text} compiles"),
            Err(error) => {
                assert!(!says.is_empty() && error.message.contains(says), "{text}: {}", error.message);
                assert_eq!(error.span.text(text), at, "{text}: {}", error.message);
            }
        }
    }
    let deep = "States.Array(".repeat(50_000);
    assert!(Intrinsic::compile(&deep).expect_err("too deep").message.contains("nested deeper"));
}

#[test]
fn what_becomes_too_large_is_refused() {
    let input = Value::Object([("a", Value::from("x,".repeat(100_000)))].into_iter().collect());
    let many = vec!["$.a"; 50].join(", ");
    for text in [
        format!("States.Format('{}', {many})", "{}".repeat(50)),
        format!("States.JsonToString(States.Array({many}))"),
        format!("States.ArrayContains(States.Array({many}), 1)"),
        format!("States.ArrayUnique(States.Array({many}))"),
    ] {
        let error = Intrinsic::compile(&text).expect("a call").evaluate(&input, &mut scope()).expect_err(&text);
        assert_eq!(error.hint.as_deref(), Some("a value of more than 4 MiB comes of this"));
    }
}

#[test]
fn there_are_18_functions() {
    assert_eq!(names().count(), 18);
    assert!(names().is_sorted());
}

proptest! {
    #[test]
    fn any_text_compiles_or_shows_a_part_of_itself(text in texts()) {
        for text in [format!("States.{text}"), format!("States.Array({text})"), format!("States.Format('{text}', 1)")] {
            if let Err(error) = Intrinsic::compile(&text) {
                assert_inside(&text, &error);
            }
        }
    }

    #[test]
    fn any_function_takes_any_arguments(at in 0usize..18, a in values(), b in values(), c in values(), count in 0usize..4) {
        let name = names().nth(at).expect("one of 18");
        let arguments = ["$.a", "$.b", "$.c"][..count.min(3)].join(", ");
        let text = format!("{name}({arguments})");
        let input = Value::Object([("a", a), ("b", b), ("c", c)].into_iter().collect());
        match Intrinsic::compile(&text).expect("a call").evaluate(&input, &mut scope()) {
            Ok(value) => prop_assert!(crate::value::read(&value.to_json()).is_ok()),
            Err(error) => prop_assert!(error.cause.contains(&text) && text.get(error.span.range()).is_some()),
        }
    }

    #[test]
    fn unique_keeps_each_element_once(items in proptest::collection::vec(values(), 0..40)) {
        let unique = java::hash_set(&items);
        prop_assert!(items.iter().all(|item| unique.contains(item)));
        prop_assert!(unique.iter().enumerate().all(|(at, item)| !unique[..at].iter().any(|other| other.to_json() == item.to_json())));
    }

    #[test]
    fn what_is_encoded_decodes(text in ".{0,40}") {
        let encoded = encoding::base64_encode(&[Value::from(text.as_str())]).expect("encoded");
        prop_assert!(encoding::base64_decode(&[encoded]).expect("decoded") == Value::from(text));
    }
}
