//! Writing the result files of a Map Run.

use std::path::Path;
use std::sync::Arc;

use super::folder::NewFile;
use super::reader::optional_text;
use super::{
    Buckets, ChildStatus, OutputType, ReadFailure, ResultTransformation, WriteFailure, WriteRequest, WriterConfig,
    Written,
};
use crate::value::{Object, Value};

/// The files by what they hold, in the order of the manifest.
const GROUPS: [(&str, &[ChildStatus]); 3] = [
    ("FAILED", &[ChildStatus::Failed, ChildStatus::TimedOut, ChildStatus::Aborted]),
    ("PENDING", &[ChildStatus::Pending]),
    ("SUCCEEDED", &[ChildStatus::Succeeded]),
];

impl Buckets {
    /// Writes `SUCCEEDED_n.json`, `FAILED_n.json` and `PENDING_n.json`, each only where there are such results, and then
    /// `manifest.json`, which names them. Files of an earlier attempt of the same Map Run are replaced.
    ///
    /// # Errors
    /// `States.ResultWriterFailed`: no such bucket, a prefix that leads out of its folder, what the file system
    /// refuses.
    pub fn write(&self, request: &WriteRequest<'_>) -> Result<Written, WriteFailure> {
        let bucket = optional_text(&request.arguments, "Bucket")?;
        let bucket = bucket
            .ok_or_else(|| WriteFailure::new("field Bucket must be given in the arguments of the ResultWriter"))?;
        let prefix = prefix(request)?;
        let folder = self.folder(&bucket)?.make(&prefix)?;
        let mut files = Object::new();
        for (group, statuses) in GROUPS {
            let mut writer = Writer::new(&folder, &prefix, group, &request.config, self.limits.result_file);
            for result in request.results.iter().filter(|result| statuses.contains(&result.status)) {
                result.transformed(writer.transformation).iter().try_for_each(|value| writer.push(value))?;
            }
            files.insert(group, Value::from(writer.finish()?));
        }
        let manifest: Object = [
            ("DestinationBucket", Value::String(bucket.clone())),
            ("MapRunArn", Value::String(request.map_run_arn.clone())),
            ("ResultFiles", Value::Object(files)),
        ]
        .into_iter()
        .collect();
        let mut file = NewFile::create(&folder, "manifest.json")?;
        file.push(&Value::Object(manifest).to_json())?;
        file.finish()?;
        Ok(Written { bucket, key: format!("{prefix}/manifest.json").into() })
    }
}

/// The part of the keys before the names of the files. A slash at the end of `Prefix` changes nothing.
fn prefix(request: &WriteRequest<'_>) -> Result<Arc<str>, WriteFailure> {
    let given = optional_text(&request.arguments, "Prefix")?.unwrap_or_default();
    let given = given.strip_suffix('/').unwrap_or(&given);
    Ok(if given.is_empty() { request.uuid.clone() } else { format!("{given}/{}", request.uuid).into() })
}

/// Writes the files of one group; a full file is followed by the next.
struct Writer<'w> {
    folder: &'w Path,
    prefix: &'w str,
    group: &'static str,
    transformation: ResultTransformation,
    output_type: OutputType,
    most: u64,
    file: Option<(NewFile, u64)>,
    done: Vec<Value>,
}

impl<'w> Writer<'w> {
    fn new(folder: &'w Path, prefix: &'w str, group: &'static str, config: &WriterConfig, most: u64) -> Self {
        let transformation = config.transformation.unwrap_or(ResultTransformation::None);
        let output_type = config.output_type.unwrap_or(OutputType::Json);
        Self { folder, prefix, group, transformation, output_type, most, file: None, done: Vec::new() }
    }

    fn push(&mut self, value: &Value) -> Result<(), ReadFailure> {
        let text = value.to_json();
        // The text with what stands before and after it.
        let len = text.len() as u64 + 2;
        if self.file.as_ref().is_some_and(|(_, written)| written + len > self.most) {
            self.end_file()?;
        }
        let is_first = self.file.is_none();
        if is_first {
            self.file = Some((NewFile::create(self.folder, &self.name())?, 0));
        }
        let Some((file, written)) = &mut self.file else { return Ok(()) };
        match self.output_type {
            OutputType::Json => file.push(if is_first { "[" } else { "," })?,
            OutputType::Jsonl if !is_first => file.push("\n")?,
            OutputType::Jsonl => {}
        }
        *written += len;
        file.push(&text)
    }

    fn name(&self) -> String {
        format!("{}_{}.json", self.group, self.done.len())
    }

    fn end_file(&mut self) -> Result<(), ReadFailure> {
        let Some((mut file, _)) = self.file.take() else { return Ok(()) };
        file.push(if self.output_type == OutputType::Json { "]" } else { "\n" })?;
        let key = format!("{}/{}", self.prefix, self.name());
        let size = i64::try_from(file.finish()?).unwrap_or(i64::MAX);
        self.done.push(Value::Object([("Key", Value::from(key)), ("Size", Value::from(size))].into_iter().collect()));
        Ok(())
    }

    /// The entries of the manifest.
    fn finish(mut self) -> Result<Vec<Value>, ReadFailure> {
        self.end_file()?;
        Ok(self.done)
    }
}
