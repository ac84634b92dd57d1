use proptest::prelude::{prop_assert_eq, proptest};

use super::*;
use crate::query::NoScope;
use crate::query::testing::{TestScope, assert_inside, json, texts, values};

const SHOP: &str = r#"{
    "order": {"id": 7, "total": 12.5, "lines": [
        {"sku": "a", "count": 1, "tags": ["new"]},
        {"sku": "b", "count": 3, "tags": [], "gift": null},
        {"sku": "c", "count": 2, "gift": false}
    ]},
    "detail-type": "Order", "größe": 1, "a.b": "dotted", "": "empty", "it's": "quoted", "b\\\"s": "backslash",
    "nothing": null, "list": [10, 11, 12, 13, 14], "deep": {"x": {"id": 1}, "y": [{"id": 2}, {"z": {"id": 3}}]}
}"#;

fn compile(path: &str) -> JsonPath {
    JsonPath::compile(path).unwrap_or_else(|error| panic!("{path}: {error} at {:?}", error.span))
}

fn select(path: &str, input: &Value) -> Result<Value, QueryError> {
    compile(path).select(input, &mut NoScope)
}

fn gives(input: &str, rows: &[(&str, &str)]) {
    let input = json(input);
    for (path, expected) in rows {
        let found = select(path, &input).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(found.to_json(), json(expected).to_json(), "{path}");
    }
}

#[test]
fn names_in_all_spellings() {
    gives(
        SHOP,
        &[
            ("$.order.id", "7"),
            ("$['order']['id']", "7"),
            (r#"$["order"].id"#, "7"),
            ("$.order['id']", "7"),
            ("$.[ 'order' ].id", "7"),
            ("$.detail-type", r#""Order""#),
            ("$.größe", "1"),
            ("$['a.b']", r#""dotted""#),
            ("$['']", r#""empty""#),
            (r"$['it\'s']", r#""quoted""#),
            (r#"$["it's"]"#, r#""quoted""#),
            ("$.order.id  ", "7"),
        ],
    );
}

#[test]
fn a_backslash_before_anything_but_the_quote_belongs_to_the_name() {
    gives(SHOP, &[(r#"$['b\"s']"#, r#""backslash""#), (r#"$['b\\"s']"#, r#""backslash""#)]);
}

#[test]
fn indexes_slices_and_unions() {
    gives(
        SHOP,
        &[
            ("$.list[0]", "10"),
            ("$.list[-1]", "14"),
            ("$.list[ 1 ]", "11"),
            ("$.list[0,2,9]", "[10,12]"),
            ("$.list[3:]", "[13,14]"),
            ("$.list[-2:]", "[13,14]"),
            ("$.list[:2]", "[10,11]"),
            ("$.list[:-3]", "[10,11]"),
            ("$.list[1:3]", "[11,12]"),
            ("$.list[-3:-1]", "[12,13]"),
            ("$.list[7:9]", "[]"),
            ("$.list[0:4:2]", "[10,11,12,13]"),
            ("$.order['id','total','no']", r#"{"id":7,"total":12.5}"#),
            ("$.order['lines','id'][0].sku", r#"["a"]"#),
            ("$.order.lines[*]['sku','gift']", r#"[{"sku":"a"},{"sku":"b","gift":null},{"sku":"c","gift":false}]"#),
        ],
    );
}

#[test]
fn wildcards_and_deep_scans() {
    gives(
        SHOP,
        &[
            ("$.order.lines[*].count", "[1,3,2]"),
            ("$.order.lines.*.count", "[1,3,2]"),
            ("$.deep.*", r#"[{"id":1},[{"id":2},{"z":{"id":3}}]]"#),
            ("$.deep..id", "[1,2,3]"),
            ("$.deep..['id']", "[1,2,3]"),
            ("$.deep.y..id", "[2,3]"),
            ("$..y[0].id", "[2]"),
            ("$.deep..[0]", r#"[{"id":2}]"#),
            ("$.deep..[?(@.id > 1)]", r#"[{"id":2},{"id":3}]"#),
            ("$.list..x", "[]"),
            ("$.list[*].x", "[]"),
            ("$.order.id.*", "[]"),
        ],
    );
}

#[test]
fn filters() {
    let lines = |condition: &str| {
        let found = select(&format!("$.order.lines[?({condition})].sku"), &json(SHOP)).expect(condition);
        found.as_array().expect("a list").iter().filter_map(Value::as_str).collect::<String>()
    };
    for (condition, skus) in [
        ("@.count == 3", "b"),
        ("@.count != 3", "ac"),
        ("@.count<3", "ac"),
        ("@.count <= 2", "ac"),
        ("@.count>1", "bc"),
        ("@['count'] >= 3", "b"),
        ("3 == @.count", "b"),
        ("@.sku == 'a'", "a"),
        (r#"@.sku == "a""#, "a"),
        ("@.sku == a", "a"),
        ("@.sku==b || @.sku=='c'", "bc"),
        ("@.count > 1 && @.sku < 'c'", "b"),
        ("@.count > 1&&@.sku < 'c'||@.sku=='a'", "ab"),
        ("!(@.count > 1)", "a"),
        ("(@.count == 1 || @.count == 2) && !(@.sku == 'a')", "c"),
        ("@.sku =~ /[AB]/i", "ab"),
        ("@.sku =~ /[AB]/", ""),
        ("@.tags =~ /ne./", "a"),
        ("@.sku in ['a', 'c']", "ac"),
        ("@.sku nin ['a', 'c']", "b"),
        ("'new' in @.tags", "a"),
        ("@.tags subsetof ['new', 'old']", "ab"),
        ("@.tags anyof ['new', 'old']", "a"),
        ("@.tags noneof ['new', 'old']", "bc"),
        ("@.tags contains 'new'", "a"),
        ("@.tags size 1", "a"),
        ("@.tags empty true", "b"),
        ("@.tags EMPTY false", "a"),
        ("@.tags", "ab"),
        ("!@.tags", "c"),
        ("@.count == $.order.lines[2].count", "c"),
        ("@.tags[0] == 'new'", "a"),
        ("@.tags[?(@ == 'new')]", "ab"),
        ("@.count == '3'", "b"),
        ("@.count === '3'", ""),
        ("@.nothing == null", ""),
        ("@.gift == null", "b"),
        ("@.gift == false", "c"),
        ("@ == {'sku': 'c', \"count\": 2, 'gift': false}", "c"),
        ("@.tags == [\"new\"]", "a"),
    ] {
        assert_eq!(lines(condition), skus, "{condition}");
    }
}

#[test]
fn a_filter_on_an_object_asks_the_object_itself() {
    gives(SHOP, &[("$.order[?(@.id == 7)].total", "[12.5]"), ("$.order[?(@.id == 8)]", "[]")]);
}

/// The service and the library differ where a member is null and in functions.
#[test]
fn the_library_runs_functions_and_finds_null() {
    let input = json(SHOP);
    let library = |path: &str| compile(path).select_as(Dialect::Jayway, &input, &mut NoScope).map(|v| v.to_json());
    for (path, library_gives) in [
        ("$.list.length()", "5"),
        ("$.order.size()", "3"),
        ("$.list.min()", "10.0"),
        ("$.list.max()", "14.0"),
        ("$.list.sum()", "60.0"),
        ("$.list.avg()", "12.0"),
        ("$.list.avg(42)", "17.0"),
        ("$.order.keys()", r#"["id","total","lines"]"#),
        ("$.list.first()", "10"),
        ("$.list.last()", "14"),
        ("$.list.index(-2)", "13"),
        ("$.list[0:2].append(1)", "[10,11]"),
        ("$.list.append(1)", "[10,11,12,13,14,1]"),
        ("$.order.lines[0].tags.concat('-', $.detail-type)", r#""new-Order""#),
        ("$.deep..id.sum()", "6.0"),
        ("$.order.id.length()", "null"),
    ] {
        assert_eq!(library(path).expect(path), library_gives, "{path}");
        assert!(select(path, &input).is_err(), "the service does not run {path}");
    }
    assert_eq!(library("$.order.lines[?(@.gift)].sku").expect("a list"), r#"["b","c"]"#);
    assert_eq!(select("$.order.lines[?(@.gift)].sku", &input).expect("a list").to_json(), r#"["c"]"#);
    assert_eq!(select("$.order.lines[?(!@.gift)].sku", &input).expect("a list").to_json(), r#"["a","b"]"#);
}

#[test]
fn a_path_that_finds_nothing_says_how_far_it_came() {
    let input = json(SHOP);
    for (path, at, cause, hint) in [
        (
            "$.order.totl",
            ".totl",
            "No results for path: $['order']['totl']",
            "`$.order` has no key `totl`; keys there: total, id, lines",
        ),
        ("$.no.such", ".no", "Missing property in path $['no']", ""),
        (
            "$.order.Id",
            ".Id",
            "No results for path: $['order']['Id']",
            "`$.order` has no key `Id`, but `id`: case matters; keys there: id, total, lines",
        ),
        ("$.list[5]", "[5]", "No results for path: $['list'][5]", "`$.list` has 5 elements; there is none at index 5"),
        (
            "$.list[9].a",
            "[9]",
            "No results for path: $['list'][9]['a']",
            "`$.list` has 5 elements; there is none at index 9",
        ),
        (
            "$.list.a",
            ".a",
            "Expected to find an object with property ['a'] in path $['list'] but found 'java.util.ArrayList'.",
            "`$.list` is an array, no object; `[0]` is its first element, `[*]` are all",
        ),
        ("$.nothing[0]", "[0]", "The path $['nothing'] is null", "`$.nothing` is null, no array"),
        (
            "$.order[0].x",
            "[0]",
            "Filter: [0]['x'] can only be applied to arrays. Current context is: {id=7, total=12.5, ",
            "`$.order` is an object, no array",
        ),
        ("$.no[*]", ".no", "Missing property in path $['no']", ""),
        (
            "$.list.length()",
            ".length()",
            "No results for path: $['list']['length()']",
            "Step Functions does not run functions in paths such as `length()`; use `States.ArrayLength($.list)`",
        ),
    ] {
        let error = select(path, &input).expect_err(path);
        assert!(error.cause.starts_with(cause), "{path}: {}", error.cause);
        assert_eq!((error.expression.as_str(), error.span.text(path)), (path, at));
        if !hint.is_empty() {
            assert_eq!(error.hint.as_deref(), Some(hint), "{path}");
        }
        assert_eq!(compile(path).find(&input, &mut NoScope), None, "{path}");
    }
}

#[test]
fn a_hint_lists_few_keys_and_the_nearest_first() {
    let input = json(r#"{"one":1,"two":2,"three":3,"four":4,"five":5,"customerId":6,"seven":7}"#);
    let error = select("$.custmerId", &input).expect_err("missing");
    assert_eq!(
        error.hint.as_deref(),
        Some("`$` has no key `custmerId`; keys there: customerId, one, two, three, four (2 more)")
    );
}

#[test]
fn roots() {
    let input = json("{}");
    let mut scope = TestScope::new(r#"{"Execution":{"Id":"x"}}"#, r#"{"order":{"lines":[1,2]},"flag":true}"#);
    let mut found = |path: &str| compile(path).select(&input, &mut scope).map(|value| value.to_json());
    assert_eq!(found("$"), Ok("{}".to_owned()));
    assert_eq!(found("$$.Execution.Id"), Ok(r#""x""#.to_owned()));
    assert_eq!(found("$$"), Ok(r#"{"Execution":{"Id":"x"}}"#.to_owned()));
    assert_eq!(found("$flag"), Ok("true".to_owned()));
    assert_eq!(found("$order.lines[1]"), Ok("2".to_owned()));
    assert_eq!(found("$order['lines'][*]"), Ok("[1,2]".to_owned()));
    assert_eq!(found("$order.lines[?(@ > 1)]"), Ok("[2]".to_owned()));
    let error = found("$none.x").expect_err("not assigned");
    assert_eq!(error.hint.as_deref(), Some("no variable `$none` is assigned at this point"));
    assert_eq!(error.span, Span::new(0, 5));
}

#[test]
fn the_context_object_is_asked_for_only_when_named() {
    let mut scope = TestScope::new("{}", "{}");
    compile("$.a").find(&json(r#"{"a":1}"#), &mut scope);
    assert_eq!(scope.contexts_asked, 0);
    compile("$$.a").find(&json("{}"), &mut scope);
    assert_eq!(scope.contexts_asked, 1);
}

#[test]
fn a_definite_path_shares_what_it_finds() {
    let input = json(SHOP);
    let found = select("$.order.lines[1]", &input).expect("found");
    let there = input.get("order").and_then(|order| order.get("lines")?.as_array()?.get(1)).expect("there");
    assert!(found.is_same(there));
    assert!(select("$", &input).expect("found").is_same(&input));
}

#[test]
fn definite_or_not() {
    for (path, definite) in [
        ("$", true),
        ("$.a[0]['b']", true),
        ("$.a[-1]", true),
        ("$['a','b']", true),
        ("$['a','b'].c", false),
        ("$.a[0,1]", false),
        ("$.a[1:]", false),
        ("$.a[*]", false),
        ("$..a", false),
        ("$.a[?(@.b)]", false),
    ] {
        assert_eq!(compile(path).is_definite(), definite, "{path}");
    }
    assert!(compile("$").is_whole_input() && !compile("$$").is_whole_input() && !compile("$.a").is_whole_input());
}

#[test]
fn what_does_not_parse_is_shown_and_explained() {
    for (path, at, says) in [
        ("", "", "the path is empty"),
        ("order.id", "o", "a path begins with `$`: `$.order.id`"),
        (" $.a", " ", "may not begin with blanks"),
        ("$.a.", ".", "must not end with a dot"),
        ("$.a..", "..", "must not end with a dot"),
        ("$...a", ".", "a third dot"),
        ("$. a", " ", "a blank after a dot"),
        ("$.my name", "my name", "`['my name']`"),
        ("$.a[]", "]", "`[]` is empty"),
        ("$.a[b]", "b", "needs quotes: `['b']`"),
        ("$.a[$$.Execution.Id]x", "$$.Execution.Id", "an index cannot be computed"),
        ("$.a[(@.length-1)]", "(@.length-1)", "the last element is `[-1]`"),
        ("$.a[0", "[0", "`[` is not closed"),
        ("$.a[0]b", "b", "expected `.` or `[`"),
        ("$.a['b]", "'b]", "the name is not closed"),
        ("$.a['b' 'c']", "'", "expected `]`"),
        ("$.a['b',]", "]", "a quoted name after the comma"),
        ("$.a[1;2]", "1;2", "is no index"),
        ("$.a[99999999999]", "99999999999", "is no index"),
        ("$.a[:]", ":", "is no slice"),
        ("$.a[?@.b]", "@", "a filter needs parentheses"),
        ("$.a[?(@.b = 1)]", "=", "equality is `==`"),
        ("$.a[?(@.b like 'x')]", "like", "is no operator"),
        ("$.a[?(@.b == )]", ")", "expected a path or a value"),
        ("$.a[?(@.b == 1]", "]", "expected `)`, `&&` or `||`"),
        ("$.a[?(1)]", "1", "a value alone is no condition"),
        ("$.a[?(@.b == $$.Execution.Id)]", "$$.Execution.Id", "no context object and no variables"),
        ("$.a[?(@.b == $limit)]", "$limit", "no context object and no variables"),
        ("$.a[?(@.b =~ /[/)]", "/[/", "not a regular expression"),
        ("$.a[?(@.b == 'x)]", "'x)]", "the text is not closed"),
        ("$.a.sum().b", ".sum()", "a function must be the last step"),
        ("$.a.total()", "total()", "there is no function `total()`"),
        ("$.a.length(", "length(", "are not closed"),
        ("$..length()", "..length()", "a function needs a value"),
        ("$1", "1", "no name of a variable"),
        ("${x}", "{", "expected `.` or `[` after `$`, found `{`"),
    ] {
        let error = JsonPath::compile(path).expect_err(path);
        assert!(error.message.contains(says), "{path}: {}", error.message);
        assert_eq!(error.span.text(path), at, "{path}: {}", error.message);
    }
}

#[test]
fn deep_nesting_is_refused_not_overflowed() {
    for text in ["(", "!", "[", "@[?("] {
        let path = format!("$[?({}@.a", text.repeat(50_000));
        assert!(JsonPath::compile(&path).is_err());
    }
    let long = format!("$.list[*]{}", ".a".repeat(50_000));
    assert_eq!(select(&long, &json(SHOP)).expect("a list").to_json(), "[]");
}

#[test]
fn paths_that_find_too_much_end() {
    let deep = json(&format!("{}1{}", "[{\"a\":".repeat(450), "}]".repeat(450)));
    let error = select("$..*..*..*", &deep).expect_err("too much");
    assert_eq!(error.cause, "The path $..[*]..[*]..[*] finds too much to be evaluated");
    assert!(error.hint.is_some_and(|hint| hint.contains("name its steps")));
    assert_eq!(select("$..*", &deep).expect("a list").as_array().map(|found| found.len()), Some(900));
}

#[test]
fn what_filters_look_at_counts() {
    let texts = vec![format!("\"{}!\"", "a".repeat(60)); 20].join(",");
    let list = json(&format!("[{texts}]"));
    for (path, needed) in
        [("$[?(@ in $..*)]", 400), (r"$[?(@ =~ /a+(?=!)./)]", 20), (r"$[?(@ =~ /(a|aa)+(?=b)\1/)]", 40_000)]
    {
        let path = JsonPath::compile(path).expect("a path");
        let within = |most| path.evaluate_within(&super::eval::Work::new(most), Dialect::Service, &list);
        assert!(within(needed).is_err_and(|miss| miss.is_too_much()), "{}", path.text());
    }
    assert!(select(r"$[?(@ =~ /a+(?=!)./)]", &list).expect("a list").as_array().is_some_and(|found| found.len() == 20));
}

proptest! {
    #[test]
    fn any_text_compiles_or_shows_a_part_of_itself(text in texts()) {
        match JsonPath::compile(&text) {
            Ok(path) => prop_assert_eq!(path.text(), &text),
            Err(error) => assert_inside(&text, &error),
        }
    }

    #[test]
    fn any_path_on_any_value_gives_a_value_or_a_reason(text in texts(), input in values()) {
        let Ok(path) = JsonPath::compile(&text) else { return Ok(()) };
        let mut scope = TestScope::new(r#"{"a":[{"b":1}]}"#, r#"{"a":{"b":[1]}}"#);
        let selected = path.select(&input, &mut scope);
        prop_assert_eq!(selected.clone().ok(), path.find(&input, &mut scope));
        match selected {
            Ok(found) => assert!(path.is_definite() || path.function().is_some() || found.as_array().is_some()),
            Err(error) => assert!(text.get(error.span.range()).is_some() && !error.cause.is_empty()),
        }
        let library = path.select_as(Dialect::Jayway, &input, &mut scope);
        assert!(library.is_ok() || !library.expect_err("a failure").cause.is_empty());
    }

    #[test]
    fn a_key_in_quotes_is_found_whatever_it_is(key in ".*") {
        let object: crate::value::Object = [(key.as_str(), Value::from(1))].into_iter().collect();
        let quoted = key.replace('\\', "\\\\").replace('\'', "\\'");
        prop_assert_eq!(select(&format!("$['{quoted}']"), &Value::Object(object)).ok(), Some(Value::from(1)));
    }
}
