//! Reading: which objects, in which format, into the items.

use std::io::Read;
use std::sync::Arc;

use super::decode::Unpacked;
use super::folder::Folder;
use super::lines::unreadable;
use super::manifest::{self, Part};
use super::reader::optional_text;
use super::sink::Sink;
use super::{
    Buckets, InputType, Limits, ManifestType, ReadFailure, ReadItems, ReadRequest, ReaderConfig, Transformation, csv,
    json, listing,
};
use crate::value::Value;

impl Buckets {
    /// What the call of an `ItemReader` gives: the items of an object, of the objects that a manifest names, of all
    /// objects below a prefix, or the listing of those.
    ///
    /// # Errors
    /// `States.ItemReaderFailed`: no such bucket or key, a key that leads out of the folder, content that is not in
    /// the format, items beyond the limits.
    pub fn read(&self, request: &ReadRequest) -> Result<ReadItems, ReadFailure> {
        let bucket = argument(&request.arguments, "Bucket")?;
        let sink = Sink::new(request.config.max_items, self.limits);
        match request.resource.rsplit(':').next() {
            Some("getObject") => {
                let key = argument(&request.arguments, "Key")?;
                let source = source(&bucket, &key);
                self.object(request, &Part { bucket, key }, sink).map(|sink| sink.finish(source))
            }
            Some("listObjectsV2") => {
                let source: Arc<str> = format!("S3://{bucket}").into();
                self.objects(request, &bucket, sink).map(|sink| sink.finish(source))
            }
            _ => Err(ReadFailure::new(format!(
                "The Resource {} of an ItemReader must be arn:aws:states:::s3:getObject or \
                 arn:aws:states:::s3:listObjectsV2.",
                request.resource
            ))),
        }
    }

    /// `getObject`: the object's items, or those of the objects that it names.
    fn object(&self, request: &ReadRequest, part: &Part, mut sink: Sink) -> Result<Sink, ReadFailure> {
        let config = &request.config;
        let is_inventory = config.manifest_type == Some(ManifestType::S3Inventory)
            || config.manifest_type.is_none() && config.input_type == Some(InputType::Manifest);
        if config.input_type == Some(InputType::Parquet) && !missing(&request.arguments, "VersionId") {
            return Err(ReadFailure::new("field VersionId is not supported for InputType PARQUET"));
        }
        if is_inventory {
            let (parts, config) = self.with_object(part, &mut sink, |file, sink| manifest::inventory(file, sink))?;
            self.parts(&parts, &config, &mut sink)?;
        } else if config.manifest_type == Some(ManifestType::AthenaData) {
            let parts = self.with_object(part, &mut sink, |file, sink| manifest::athena(file, sink))?;
            if !matches!(config.input_type, Some(InputType::Csv | InputType::Jsonl | InputType::Parquet)) {
                return Err(ReadFailure::new("field InputType must be one of CSV, JSONL, PARQUET for ATHENA_DATA"));
            }
            self.parts(&parts, config, &mut sink)?;
        } else {
            self.with_object(part, &mut sink, |file, sink| items(file, config, sink))?;
        }
        Ok(sink)
    }

    /// `listObjectsV2`: what is known of the objects, or the items in all of them.
    fn objects(&self, request: &ReadRequest, bucket: &Arc<str>, mut sink: Sink) -> Result<Sink, ReadFailure> {
        let prefix = optional_text(&request.arguments, "Prefix")?.unwrap_or_default();
        let folder = self.folder(bucket)?;
        if request.config.transformation == Transformation::None {
            listing::read(folder, &prefix, &mut sink)?;
            return Ok(sink);
        }
        if matches!(request.config.input_type, None | Some(InputType::Manifest)) {
            let cause =
                "field InputType must be one of CSV, JSON, JSONL, PARQUET when Transformation is LOAD_AND_FLATTEN";
            return Err(ReadFailure::new(cause));
        }
        let keys = listing::keys(folder, &prefix, &mut sink)?;
        let part = |key: String| Part { bucket: bucket.clone(), key: key.into() };
        let parts: Vec<Part> = keys.into_iter().map(part).collect();
        self.parts(&parts, &request.config, &mut sink)?;
        Ok(sink)
    }

    /// Reads one object after the other, until there are enough items.
    fn parts(&self, parts: &[Part], config: &ReaderConfig, sink: &mut Sink) -> Result<(), ReadFailure> {
        for part in parts {
            if sink.wanted() == 0 {
                break;
            }
            sink.begin(source(&part.bucket, &part.key));
            self.with_object(part, sink, |file, sink| items(file, config, sink))?;
        }
        Ok(())
    }

    /// Gives `read` the content of an object, unpacked; a failure is told where it happened.
    fn with_object<T>(
        &self,
        part: &Part,
        sink: &mut Sink,
        read: impl FnOnce(&mut Unpacked<'_>, &mut Sink) -> Result<T, ReadFailure>,
    ) -> Result<T, ReadFailure> {
        let folder = self.folder(&part.bucket)?;
        let file = folder.file(&part.key)?;
        let content = || {
            let mut file = Unpacked::new(file, sink.bytes_left()).map_err(|error| unreadable(&error))?;
            let done = read(&mut file, sink);
            sink.set_bytes_left(file.left());
            done
        };
        content().map_err(|failure| {
            let place = format!("reading {}", folder.given().join(&*part.key).display());
            let hint = failure.hint.as_ref().map_or(place.clone(), |hint| format!("{place}: {hint}"));
            failure.with_hint(hint)
        })
    }

    /// The folder of a bucket that was given; never another one.
    pub(super) fn folder(&self, bucket: &str) -> Result<&Folder, ReadFailure> {
        self.folders.get(bucket).ok_or_else(|| {
            let names: Vec<&str> = self.folders.keys().map(|name| &**name).collect();
            let known =
                if names.is_empty() { "none is given".to_owned() } else { format!("given: {}", names.join(", ")) };
            ReadFailure::new("The specified bucket does not exist (Service: S3, Status Code: 404)").with_hint(format!(
                "no folder stands for the bucket `{bucket}` ({known}); give one with --s3 {bucket}=DIR"
            ))
        })
    }
}

/// The items that `data` holds, which is the content of an object, packed or not.
///
/// # Errors
/// `States.ItemReaderFailed`: content that is not in the format, items beyond the limits, a format that needs other
/// objects.
pub fn items_of(data: &[u8], config: &ReaderConfig) -> Result<ReadItems, ReadFailure> {
    let limits = Limits::default();
    let mut sink = Sink::new(config.max_items, limits);
    let mut content = Unpacked::new(data, limits.bytes).map_err(|error| unreadable(&error))?;
    items(&mut content, config, &mut sink)?;
    Ok(sink.finish(Arc::default()))
}

fn items(source: impl Read, config: &ReaderConfig, sink: &mut Sink) -> Result<(), ReadFailure> {
    match config.input_type {
        Some(InputType::Csv) => csv::read(source, config, sink),
        Some(InputType::Json) => json::document(source, config, sink),
        Some(InputType::Jsonl) => json::lines(source, sink),
        #[cfg(feature = "parquet")]
        Some(InputType::Parquet) => super::parquet::read(source, sink),
        #[cfg(not(feature = "parquet"))]
        Some(InputType::Parquet) => Err(ReadFailure::new("Parquet files cannot be read.")
            .with_hint("this build of asldb has no Parquet; build it with the feature `parquet`")),
        Some(InputType::Manifest) => Err(ReadFailure::new("A manifest cannot name manifests.")),
        None => Err(ReadFailure::new(format!("field InputType must be one of {}", InputType::WORDS.join(", ")))),
    }
}

fn source(bucket: &str, key: &str) -> Arc<str> {
    format!("S3://{bucket}/{key}").into()
}

fn missing(arguments: &Value, field: &str) -> bool {
    arguments.get(field).is_none_or(Value::is_null)
}

/// An argument that must be there.
fn argument(arguments: &Value, field: &str) -> Result<Arc<str>, ReadFailure> {
    let text = optional_text(arguments, field)?;
    text.ok_or_else(|| ReadFailure::new(format!("field {field} must be given in the arguments of the ItemReader")))
}
