//! Manifests: objects that say which other objects hold the items.

use std::io::Read;
use std::sync::Arc;

use super::json::{self, text_of};
use super::sink::Sink;
use super::{CsvHeaderLocation, InputType, ReadFailure, ReaderConfig, csv};
use crate::text::encoding;
use crate::value::{self, Value};

/// An object that a manifest names.
pub(super) struct Part {
    pub(super) bucket: Arc<str>,
    pub(super) key: Arc<str>,
}

/// The manifest of an S3 inventory in CSV: its parts, and how they are read. They have no header; the manifest's
/// `fileSchema` names the columns. Keys stay as the inventory has them, encoded as in URLs.
pub(super) fn inventory(source: impl Read, sink: &mut Sink) -> Result<(Vec<Part>, ReaderConfig), ReadFailure> {
    let manifest = document(source, sink)?;
    let missing = |field: &str| ReadFailure::new(format!("The manifest is not valid: {field} is missing."));
    let format = text_of(&manifest, "fileFormat").ok_or_else(|| missing("fileFormat"))?;
    if &*format != "CSV" {
        return Err(ReadFailure::new(format!("The inventory must be in CSV, but its fileFormat is {format}.")));
    }
    let schema = text_of(&manifest, "fileSchema").ok_or_else(|| missing("fileSchema"))?;
    let bucket = text_of(&manifest, "destinationBucket").ok_or_else(|| missing("destinationBucket"))?;
    let bucket: Arc<str> = bucket.rsplit(':').next().unwrap_or_default().into();
    let files = manifest.get("files").and_then(Value::as_array).ok_or_else(|| missing("files"))?;
    let part = |file: &Value| text_of(file, "key").map(|key| Part { bucket: bucket.clone(), key });
    let parts = files.iter().map(part).collect::<Option<Vec<_>>>().ok_or_else(|| missing("files[].key"))?;
    let config = ReaderConfig {
        input_type: Some(InputType::Csv),
        csv_header_location: Some(CsvHeaderLocation::Given),
        csv_headers: schema.split(',').map(|name| name.trim().into()).collect(),
        ..ReaderConfig::default()
    };
    Ok((parts, config))
}

/// The manifest of an Athena query: a CSV file with the URI of an object in each row.
pub(super) fn athena(source: impl Read, sink: &mut Sink) -> Result<Vec<Part>, ReadFailure> {
    let uris = csv::rows(source, sink)?.into_iter().filter_map(|row| row.into_iter().next());
    let mut parts = Vec::new();
    for uri in uris.filter(|uri| !uri.trim().is_empty()) {
        parts.push(part(uri.trim()).ok_or_else(|| {
            let shown: String = uri.chars().take(100).collect();
            ReadFailure::new(format!("The manifest is not valid: {shown} is no URI of an S3 object."))
        })?);
    }
    Ok(parts)
}

/// The object of `s3://bucket/key`.
fn part(uri: &str) -> Option<Part> {
    let scheme = uri.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("s3://"))?;
    let (bucket, key) = uri[scheme.len()..].split_once('/')?;
    (!bucket.is_empty() && !key.is_empty()).then(|| Part { bucket: bucket.into(), key: key.into() })
}

fn document(source: impl Read, sink: &mut Sink) -> Result<Value, ReadFailure> {
    let bytes = json::all(source, sink)?;
    let text =
        encoding::decode(&bytes).map_err(|error| ReadFailure::new(format!("The manifest is not valid: {error}.")))?;
    value::read(text).map_err(|error| ReadFailure::new(format!("The manifest is not valid: {error}.")))
}
