//! What the tests of this room share: a scope with values, and texts and JSON made at random.

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};

use super::Scope;
use super::error::SyntaxError;
use crate::value::{self, Object, Timestamp, Value};

/// The value that `text` spells.
pub(super) fn json(text: &str) -> Value {
    value::read(text).expect("valid JSON")
}

/// A scope with a context object and variables that counts what it is asked for.
#[derive(Debug, Default)]
pub(super) struct TestScope {
    pub(super) context: Object,
    pub(super) variables: Object,
    pub(super) contexts_asked: usize,
    pub(super) randoms_asked: u64,
}

impl TestScope {
    pub(super) fn new(context: &str, variables: &str) -> Self {
        let object = |text| json(text).as_object().cloned().expect("an object");
        Self { context: object(context), variables: object(variables), ..Self::default() }
    }
}

impl Scope for TestScope {
    fn context(&mut self) -> Value {
        self.contexts_asked += 1;
        Value::Object(self.context.clone())
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
        self.variables.get(name).cloned()
    }

    fn random(&mut self) -> u64 {
        self.randoms_asked += 1;
        self.randoms_asked.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn now(&mut self) -> Timestamp {
        Timestamp::default()
    }
}

/// The place of a fault must be a part of the text.
pub(super) fn assert_inside(text: &str, error: &SyntaxError) {
    assert!(text.get(error.span.range()).is_some(), "{:?} of {text:?}: {error}", error.span);
    assert!(!error.message.is_empty());
}

/// Texts of pieces that paths and calls are made of, and any other text.
pub(super) fn texts() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "$",
        "$$",
        "@",
        ".",
        "..",
        "[",
        "]",
        "(",
        ")",
        "?",
        "*",
        "'",
        "\"",
        "\\",
        ",",
        ":",
        "-",
        "0",
        "7",
        "a",
        "b.c",
        "ä€",
        " ",
        "==",
        "!=",
        "<",
        "=~",
        "/a+/i",
        "&&",
        "||",
        "!",
        "in",
        "size",
        "null",
        "true",
        "[?(@.a",
        "['a']",
        "length()",
        "States.",
        "Format",
        "MathAdd(",
        "States.Array(",
        "'{}'",
        "{",
        "}",
        "1.5",
        "\n",
        "😀",
        "x y",
    ];
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..16).prop_map(|pieces| pieces.concat());
    prop_oneof![4 => pieces.clone(), 2 => pieces.prop_map(|text| format!("$.{text}")), 1 => any::<String>()]
}

/// Small JSON values over few keys, so that paths hit something.
pub(super) fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3i64..9).prop_map(Value::from),
        (-2.0f64..2.0).prop_map(Value::from),
        prop::sample::select(&["", "a", "1", "ä", "x,y"][..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop::sample::select(&["a", "b", "c", "a.$", "b.c", "ä€"][..]);
        let members = prop::collection::vec((key, inner.clone()), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}
