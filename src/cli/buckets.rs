//! `--s3 BUCKET=DIR`: folders in which distributed Maps find their items and leave their results.

use std::path::PathBuf;
use std::sync::Arc;

use crate::asl::{ItemReader, ResultWriter, StateKind};
use crate::buckets::{
    Buckets, ChildResult, ChildStatus, OutputType, ReadFailure, ReadRequest, ReaderConfig, Redrive,
    ResultTransformation, WriteFailure, WriteRequest, WriterConfig, shape,
};
use crate::engine::map_run::{ItemRead, ResultWrite};
use crate::engine::{ChildExecution, Items, Status};
use crate::runtime::tasks::{Coming, TaskFailure};
use crate::runtime::{Answer, MapCall, MapPart, TaskCall, TaskResult, Tasks};
use crate::value::{Array, Object, Value};

/// A bucket and its folder, as `--s3` names them.
pub type Named = (Arc<str>, PathBuf);

/// Answers tasks as `inner` does, and Map Runs out of `named` folders; `inner` alone when there are none. Where nobody
/// sees the hints of failures, `tell` is told them.
///
/// # Errors
/// A folder that is not there, or a bucket that is named twice.
pub fn with_buckets(inner: Arc<dyn Tasks>, named: &[Named], tell: Option<fn(&str)>) -> anyhow::Result<Arc<dyn Tasks>> {
    let mut buckets = Buckets::new();
    for (bucket, folder) in named {
        buckets.add(bucket, folder)?;
    }
    Ok(Arc::new(WithBuckets { buckets: Arc::new(buckets), inner, tell }))
}

struct WithBuckets {
    buckets: Arc<Buckets>,
    inner: Arc<dyn Tasks>,
    tell: Option<fn(&str)>,
}

impl Tasks for WithBuckets {
    fn invoke(&self, call: &TaskCall) -> Answer {
        self.inner.invoke(call)
    }

    fn cancel(&self, call: &TaskCall) {
        self.inner.cancel(call);
    }

    fn map_part(&self, call: MapCall) -> Coming {
        let buckets = Arc::clone(&self.buckets);
        // Files are read apart from the runs: they may be large.
        let work = tokio::task::spawn_blocking(move || answer(&buckets, &call));
        let tell = self.tell;
        Box::pin(async move {
            let failed = |_| TaskResult::failed("Asldb.InternalError", "the items or results could not be handled");
            let result = work.await.unwrap_or_else(failed);
            if let (Some(tell), Err(TaskFailure { error: Some(error), hint: Some(hint), .. })) = (tell, &result.outcome)
            {
                tell(&format!("{error}: {hint}"));
            }
            result
        })
    }
}

fn answer(buckets: &Buckets, call: &MapCall) -> TaskResult {
    let state = match &call.part {
        MapPart::Read(read) => read.state,
        MapPart::Write(write) => write.state,
    };
    let StateKind::Map(map) = &call.execution.machine.state(state).kind else {
        return TaskResult::failed("Asldb.InternalError", "this is no Map");
    };
    match (&call.part, &map.distributed.reader, &map.distributed.writer) {
        (MapPart::Read(part), Some(reader), _) => match read(buckets, part, reader) {
            Ok(items) => TaskResult::ok(items.into_value()),
            Err(failure) => TaskResult::failed(ReadFailure::ERROR, &failure.cause).with_hint(failure.hint.as_deref()),
        },
        (MapPart::Write(part), _, Some(writer)) => match write(buckets, part, writer) {
            Ok(result) => TaskResult::ok(result),
            Err(failure) => TaskResult::failed(WriteFailure::ERROR, &failure.cause).with_hint(failure.hint.as_deref()),
        },
        _ => TaskResult::failed("Asldb.InternalError", "the Map has no such part"),
    }
}

fn read(buckets: &Buckets, part: &ItemRead, reader: &ItemReader) -> Result<Items, ReadFailure> {
    let config = ReaderConfig { max_items: part.max_items, ..ReaderConfig::from_value(&reader.config)? };
    let request = ReadRequest { resource: reader.resource.clone(), arguments: part.arguments.clone(), config };
    buckets.read(&request).map(|read| {
        let mut sources = read.sources;
        if sources.is_empty() {
            sources.push((0, read.source));
        }
        Items { list: Array::new(read.items), are_entries: read.keys.is_some(), sources }
    })
}

fn write(buckets: &Buckets, part: &ResultWrite, writer: &ResultWriter) -> Result<Value, WriteFailure> {
    let config = WriterConfig::from_value(&writer.config)?;
    let mut ended = part.executions.clone();
    ended.sort_by_key(|child| child.index);
    let results: Vec<ChildResult> = ended.iter().map(|child| result(child)).collect();
    let Some(arguments) = part.arguments.clone().filter(|_| writer.resource.is_some()) else {
        // Not exported, the outputs alone are what a Map gives (developer guide, ResultWriter).
        let transformation = config.transformation.unwrap_or(ResultTransformation::Compact);
        return Ok(shape(&results, transformation, config.output_type.unwrap_or(OutputType::Json)));
    };
    let (map_run_arn, uuid) = (part.map_run_arn.clone(), part.uuid.clone());
    let written = buckets.write(&WriteRequest { arguments, config, map_run_arn, uuid, results: &results })?;
    // What a Map gives whose results are exported (developer guide, ResultWriter).
    let details: Object = [("Bucket", written.bucket.into()), ("Key", written.key.into())].into_iter().collect();
    let result: Object =
        [("MapRunArn", part.map_run_arn.clone().into()), ("ResultWriterDetails", Value::Object(details))]
            .into_iter()
            .collect();
    Ok(Value::Object(result))
}

fn result(child: &ChildExecution) -> ChildResult {
    let status = match &child.status {
        Status::Running => ChildStatus::Pending,
        Status::Succeeded(_) => ChildStatus::Succeeded,
        Status::Failed(_) => ChildStatus::Failed,
        Status::TimedOut(_) => ChildStatus::TimedOut,
        Status::Aborted(_) => ChildStatus::Aborted,
    };
    let fault = child.status.fault();
    let names = &child.execution.names;
    ChildResult {
        execution_arn: Some(names.execution_arn.clone()),
        name: Some(names.execution_name.clone()),
        machine_arn: names.machine_arn.clone(),
        input: child.execution.input.clone(),
        output: if let Status::Succeeded(output) = &child.status { Some(output.clone()) } else { None },
        error: fault.and_then(|fault| fault.error.clone()),
        cause: fault.and_then(|fault| fault.cause.clone()),
        status,
        start: Some(child.started),
        stop: Some(child.stopped),
        redrive: Redrive { count: child.redriven.count, ..Redrive::never(status) },
    }
}
