//! The language as a manual: expressions and what they evaluate to, or how they fail.

mod failures;
mod functions;
mod language;
mod pictures;
mod safety;
mod service;

use super::{Dialect, Evaluated, Jsonata, JsonataEnv, JsonataError, Limits};
use crate::value::{Object, Timestamp, Value, read};

/// An environment with fixed time and chance.
pub(super) struct TestEnv {
    pub(super) variables: Object,
    pub(super) dialect: Dialect,
    pub(super) limits: Limits,
}

impl TestEnv {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { variables: Object::new(), dialect, limits: Limits::STOCK }
    }
}

impl JsonataEnv for TestEnv {
    fn variable(&mut self, name: &str) -> Option<Value> {
        self.variables.get(name).cloned()
    }

    fn now(&mut self) -> Timestamp {
        Timestamp(1_521_801_216_617)
    }

    fn random(&mut self) -> u64 {
        0x8000_0000_0000_0000
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

/// Evaluates `text` on the JSON `input`; an empty one is none.
pub(super) fn evaluate(text: &str, input: &str, env: &mut TestEnv) -> Result<Evaluated, JsonataError> {
    let input = (!input.is_empty()).then(|| read(input).expect("JSON"));
    Jsonata::compile(text)?.evaluate(input.as_ref(), env)
}

/// Checks that each expression evaluates to the JSON beside it; `undefined` for nothing, `function` for a function.
pub(super) fn yields(input: &str, rows: &[(&str, &str)]) {
    for (text, wanted) in rows {
        let found = match evaluate(text, input, &mut TestEnv::new(Dialect::Stock)) {
            Ok(Evaluated::Undefined) => "undefined".to_owned(),
            Ok(Evaluated::Function) => "function".to_owned(),
            Ok(Evaluated::Value(value)) => value.to_json(),
            Err(error) => format!("{}: {error}", error.code),
        };
        assert_eq!(&found, wanted, "{text}");
    }
}
