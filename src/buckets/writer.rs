//! What a `ResultWriter` is asked to write, and what it gives.

use std::sync::Arc;

use super::reader::{word, words};
use super::{ChildResult, WriteFailure};
use crate::value::Value;

/// A call of a `ResultWriter`.
#[derive(Debug, Clone)]
pub struct WriteRequest<'r> {
    /// `Parameters` or `Arguments`, evaluated: `Bucket` and `Prefix`.
    pub arguments: Value,
    /// `WriterConfig`
    pub config: WriterConfig,
    /// The ARN of the Map Run.
    pub map_run_arn: Arc<str>,
    /// The last part of that ARN; names the folder below the prefix.
    pub uuid: Arc<str>,
    /// The child executions, in the order of their items.
    pub results: &'r [ChildResult],
}

/// `WriterConfig`, evaluated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriterConfig {
    /// `OutputType`; none is `JSON`.
    pub output_type: Option<OutputType>,
    /// `Transformation`; none is `NONE`.
    pub transformation: Option<ResultTransformation>,
}

words! {
    /// `OutputType`: how results are put together.
    OutputType: Json = "JSON", Jsonl = "JSONL",
}
words! {
    /// `Transformation` of a `ResultWriter`.
    ResultTransformation:
        /// The whole record of each child execution.
        None = "NONE",
        /// The outputs.
        Compact = "COMPACT",
        /// The outputs, arrays among them taken apart.
        Flatten = "FLATTEN",
}

/// Where the manifest was written: `ResultWriterDetails` of the Map's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// `Bucket`
    pub bucket: Arc<str>,
    /// `Key`: that of `manifest.json`.
    pub key: Arc<str>,
}

impl WriterConfig {
    /// The config that an evaluated `WriterConfig` holds; `null` is none.
    ///
    /// # Errors
    /// A word that the field does not take.
    pub fn from_value(config: &Value) -> Result<Self, WriteFailure> {
        Ok(Self {
            output_type: word(config, "OutputType", OutputType::parse, OutputType::WORDS)?,
            transformation: word(config, "Transformation", ResultTransformation::parse, ResultTransformation::WORDS)?,
        })
    }
}
