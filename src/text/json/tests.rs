use super::*;

fn fails(text: &str) -> (JsonErrorKind, &str) {
    let error = parse(text).expect_err("must be refused");
    (error.kind, error.span.text(text))
}

#[test]
fn keeps_the_place_of_keys_and_values() {
    let text = r#"{ "a": [1, "x\n"], "b": null }"#;
    let node = parse(text).expect("valid");
    let a = node.get("a").expect("a");
    assert_eq!(a.key_span.text(text), "\"a\"");
    assert_eq!(a.value.span.text(text), r#"[1, "x\n"]"#);
    let items = a.value.items().expect("array");
    assert_eq!(items[1].span.text(text), r#""x\n""#);
    assert_eq!(items[1].as_str(), Some("x\n"));
}

#[test]
fn repeated_keys_are_kept_and_the_last_one_counts() {
    let node = parse(r#"{"a":1,"a":2}"#).expect("valid");
    assert_eq!(node.members().map(<[_]>::len), Some(2));
    assert_eq!(node.get("a").map(|m| &m.value.kind), Some(&NodeKind::Number("2".into())));
}

#[test]
fn says_what_is_wrong_and_where() {
    assert!(matches!(fails("{\"a\": 1,}"), (JsonErrorKind::TrailingComma, ",")));
    assert!(matches!(fails("[1, 02]"), (JsonErrorKind::BadNumber(n), "02") if n == "02"));
    assert!(matches!(fails("[1 2]"), (JsonErrorKind::Unexpected { .. }, "2")));
    assert!(matches!(fails("{a: 1}"), (JsonErrorKind::Unexpected { .. }, "a")));
    assert!(matches!(fails("{\"a\": ${x}}"), (JsonErrorKind::UnknownWord(w), "$") if w == "$"));
    assert!(matches!(fails("[True]"), (JsonErrorKind::UnknownWord(w), "True") if w == "True"));
    assert!(matches!(fails(r#"["\d"]"#), (JsonErrorKind::BadEscape(_), r"\d")));
    assert!(matches!(fails("[\"a\tb\"]"), (JsonErrorKind::ControlCharacter(9), "\t")));
    assert!(matches!(fails("{} x"), (JsonErrorKind::TrailingText(_), "x")));
    assert!(matches!(fails("  "), (JsonErrorKind::Empty, "")));
}

#[test]
fn a_text_that_was_cut_off_names_what_was_open() {
    for (text, what) in
        [("{\"a\": [1, 2", "an array"), ("{\"a\"", "an object"), ("[\"abc", "a string"), ("{\"a\":", "an object")]
    {
        let (kind, _) = fails(text);
        assert!(matches!(kind, JsonErrorKind::CutOff { inside, .. } if inside == what), "{text}: {kind:?}");
    }
}

#[test]
fn deep_nesting_is_refused_not_overflowed() {
    let deep = "[".repeat(100_000);
    assert!(matches!(fails(&deep), (JsonErrorKind::TooDeep, "[")));
    let fits = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert!(parse(&fits).is_ok());
}

#[test]
fn surrogate_pairs_are_joined_and_halves_replaced() {
    assert_eq!(parse(r#""\ud83d\ude00""#).expect("valid").as_str(), Some("😀"));
    assert_eq!(parse(r#""\ud83dx""#).expect("valid").as_str(), Some("\u{fffd}x"));
}
