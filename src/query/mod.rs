//! The query languages of the States Language: paths, intrinsic functions, payload templates.
//!
//! Everything is compiled once, when a definition is read, and evaluated against shared values without conversion.

pub mod error;
pub mod expression;
pub mod intrinsic;
pub mod jsonata;
pub mod jsonpath;
mod matcher;
pub mod path;
pub mod template;
#[cfg(test)]
mod testing;

use crate::value::Value;

pub use error::{QueryError, SyntaxError};
pub use expression::Expression;
pub use jsonpath::{Dialect, JsonPath, Root};
pub use path::ReferencePath;
pub use template::{Template, TemplateError};

/// What an expression sees beside its input. The context object is asked for only when an expression names it.
pub trait Scope {
    /// The context object (`$$`).
    fn context(&mut self) -> Value;
    /// The value of the variable `name` (without `$`), if it was assigned.
    fn variable(&mut self, name: &str) -> Option<Value>;
    /// 64 random bits, for `States.UUID` and `States.MathRandom`: from the machine, so that a replay draws the same.
    fn random(&mut self) -> u64;
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
}
