//! JSONata as Step Functions runs it: release 2.0.6 of the reference implementation.
//!
//! An expression is compiled once (tokens, the tree as written, the tree that is evaluated) and evaluated against
//! shared values: looking something up in the data borrows, results that are data are shared. Messages, codes and
//! positions of failures are the reference's. Whatever the text and the data, evaluation ends: time, memory and depth
//! have budgets.

mod ancestry;
mod ast;
mod budget;
mod compile;
mod compile_path;
mod error;
mod eval;
mod function;
mod functions;
mod item;
mod lex;
mod list;
mod missing;
mod number;
mod outline;
mod parse;
mod pattern;
mod raw;
mod reads;
mod references;
mod shape;
mod signature;
mod stringify;
#[cfg(test)]
mod tests;
mod text;
mod trace;

use std::sync::Arc;

use crate::value::{Timestamp, Value};
use ast::Program;
use eval::Evaluator;
use trace::Trace;

pub use budget::Limits;
pub use error::JsonataError;
pub use outline::{Form, Outline, functions};
pub use reads::{Read, UnknownCall};
pub use references::{StatesFields, StatesUse, UNSUPPORTED, UnsupportedReference};
pub use trace::Traced;

/// Which functions there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Those of the reference implementation, but `$eval`.
    Stock,
    /// Those of Step Functions: `$partition`, `$range`, `$hash`, `$random`, `$uuid`, `$parse` besides.
    StepFunctions,
}

/// What an expression sees beside its input, and what it may use.
pub trait JsonataEnv {
    /// The value of the variable `name` (without `$`), if there is one; `states` for `$states`.
    fn variable(&mut self, name: &str) -> Option<Value>;
    /// The present moment; asked for once in an evaluation.
    fn now(&mut self) -> Timestamp;
    /// 64 random bits: from the machine, so that a replay draws the same.
    fn random(&mut self) -> u64;

    /// Which functions there are.
    fn dialect(&self) -> Dialect {
        Dialect::StepFunctions
    }

    /// What an evaluation may use.
    fn limits(&self) -> Limits {
        Limits::SERVICE
    }

    /// Whether the evaluation is to be given up; asked from time to time.
    fn is_out_of_time(&mut self) -> bool {
        false
    }
}

/// What an expression evaluates to.
#[derive(Debug, Clone, PartialEq)]
pub enum Evaluated {
    /// Nothing, which is not `null`.
    Undefined,
    /// A value.
    Value(Value),
    /// A function, which is no value of JSON.
    Function,
}

impl Evaluated {
    /// The value; `None` for nothing, an empty text for a function, as the reference writes both.
    #[must_use]
    pub fn into_value(self) -> Option<Value> {
        match self {
            Self::Undefined => None,
            Self::Value(value) => Some(value),
            Self::Function => Some(Value::string("")),
        }
    }
}

/// A compiled expression; cheap to clone.
#[derive(Debug, Clone)]
pub struct Jsonata {
    text: Arc<str>,
    program: Arc<Program>,
}

impl Jsonata {
    /// Compiles `text`.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn compile(text: &str) -> Result<Self, JsonataError> {
        let program = compile::compile(text).map_err(|fault| {
            let error = fault.into_error(|_| None);
            // Inside a signature the reference counts without the blanks.
            let between = |position: usize| (0..=position).rev().find(|at| text.is_char_boundary(*at));
            let position = error.position.and_then(between);
            JsonataError { position, ..error }
        })?;
        Ok(Self { text: text.into(), program: Arc::new(program) })
    }

    /// The expression as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Evaluates the expression; `None` is no input at all, as in Step Functions.
    ///
    /// # Errors
    /// The first failure, with its place, or a budget that is used up.
    pub fn evaluate(&self, input: Option<&Value>, env: &mut dyn JsonataEnv) -> Result<Evaluated, JsonataError> {
        self.run(input, env, None).0
    }

    /// The same, with the values of the parts that were evaluated, inner ones first; bounded in number and size.
    pub fn evaluate_traced(
        &self,
        input: Option<&Value>,
        env: &mut dyn JsonataEnv,
    ) -> (Result<Evaluated, JsonataError>, Vec<Traced>) {
        self.run(input, env, Some(Trace::default()))
    }

    /// What a state must not refer to: the input by `$`, `$$` or bare names, as there is none (recorded), and fields of
    /// `$states` that are not there.
    #[must_use]
    pub fn check_references(&self, allowed: StatesFields) -> Vec<UnsupportedReference> {
        references::check(&self.program, allowed)
    }

    /// The members of `$states` that it names; all when it uses `$states` in any other way.
    #[must_use]
    pub fn states_use(&self) -> StatesUse {
        references::states_use(&self.program)
    }

    /// The names of the variables that are read and not bound by the expression itself, without functions, in the order
    /// of their first use.
    #[must_use]
    pub fn variables(&self) -> Vec<Arc<str>> {
        references::variables(&self.program)
    }

    /// The variables that it reads, each with the keys behind it, in their order.
    #[must_use]
    pub fn reads(&self) -> Vec<Read> {
        reads::reads(&self.program)
    }

    /// The calls of what is no function of Step Functions.
    #[must_use]
    pub fn unknown_calls(&self) -> Vec<UnknownCall> {
        reads::unknown_calls(&self.program)
    }

    /// The names of the built-in functions of Step Functions.
    pub fn function_names() -> impl Iterator<Item = &'static str> {
        let known = functions::TABLE.iter().filter(|builtin| builtin.is_in(Dialect::StepFunctions));
        known.map(|builtin| builtin.name)
    }

    fn run(
        &self,
        input: Option<&Value>,
        env: &mut dyn JsonataEnv,
        trace: Option<Trace>,
    ) -> (Result<Evaluated, JsonataError>, Vec<Traced>) {
        let mut evaluator = Evaluator::new(&self.program, env, trace);
        let result = evaluator.run(input);
        let trace = evaluator.trace.take().map(|trace| trace.entries).unwrap_or_default();
        let result = match result {
            Ok(item::Item::Function(_)) => Ok(Evaluated::Function),
            Ok(item) => Ok(item.into_value().map_or(Evaluated::Undefined, Evaluated::Value)),
            Err(fault) => Err(fault.into_error(|position| self.program.mark_at(position))),
        };
        (result, trace)
    }
}
