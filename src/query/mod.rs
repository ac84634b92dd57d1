//! The query languages of the States Language: paths, intrinsic functions, payload templates; JSONata and its payloads.
//!
//! Everything is compiled once, when a definition is read, and evaluated against shared values without conversion.

mod base64;
pub mod error;
pub mod expression;
mod form;
pub mod intrinsic;
pub mod jsonata;
pub mod jsonata_field;
pub mod jsonpath;
mod matcher;
pub mod path;
pub mod payload;
pub mod piece;
pub mod template;
#[cfg(test)]
mod testing;

use crate::value::{Timestamp, Value};

pub use error::{QueryError, SyntaxError};
pub use expression::Expression;
pub use jsonata_field::{JsonataField, States};
pub use jsonpath::{Dialect, JsonPath, Places, Root};
pub use path::ReferencePath;
pub use payload::Payload;
pub use piece::Piece;
pub use template::{Template, TemplateError};

/// What an expression sees beside its input. The context object is asked for only when an expression names it.
pub trait Scope {
    /// The context object (`$$`).
    fn context(&mut self) -> Value;
    /// The value of the variable `name` (without `$`), if it was assigned.
    fn variable(&mut self, name: &str) -> Option<Value>;
    /// 64 random bits, for `States.UUID`, `$random()` and the like: from the machine, so that a replay draws the same.
    fn random(&mut self) -> u64;
    /// The present moment, for `$now()` and `$millis()`: the machine's, so that a replay sees the same.
    fn now(&mut self) -> Timestamp;
}

/// A scope that holds nothing.
#[derive(Debug, Default)]
pub struct NoScope;

impl Scope for NoScope {
    fn context(&mut self) -> Value {
        Value::empty_object()
    }

    fn variable(&mut self, _: &str) -> Option<Value> {
        None
    }

    fn random(&mut self) -> u64 {
        0
    }

    fn now(&mut self) -> Timestamp {
        Timestamp::default()
    }
}
