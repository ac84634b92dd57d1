//! Buckets of real files in temporary folders.

mod folders;
mod formats;
mod listings;
#[cfg(feature = "parquet")]
mod parquet;
mod properties;
mod recorded;
mod results;

use std::io::Write;
use std::path::Path;

use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::*;
use crate::value::{self, Value};

/// A bucket named `data` with files, in a folder of its own.
struct Bucket {
    dir: TempDir,
    buckets: Buckets,
}

impl Bucket {
    fn with(files: &[(&str, &[u8])]) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        for (key, content) in files {
            put(dir.path(), key, content);
        }
        let mut buckets = Buckets::new();
        buckets.add("data", dir.path()).expect("the folder is there");
        Self { dir, buckets }
    }

    fn read(&self, resource: &str, arguments: &str, config: &str) -> Result<ReadItems, ReadFailure> {
        self.buckets.read(&ReadRequest {
            resource: format!("arn:aws:states:::s3:{resource}").into(),
            arguments: json(arguments),
            config: ReaderConfig::from_value(&json(config))?,
        })
    }

    /// The items of the object `key` as JSON text, or the cause why not.
    fn get(&self, key: &str, config: &str) -> Result<String, String> {
        let arguments =
            Value::Object([("Bucket", Value::from("data")), ("Key", Value::from(key))].into_iter().collect());
        shown(self.read("getObject", &arguments.to_json(), config))
    }
}

fn put(dir: &Path, key: &str, content: &[u8]) {
    let path = dir.join(key);
    std::fs::create_dir_all(path.parent().expect("a key is below a folder")).expect("a folder");
    std::fs::write(path, content).expect("a file");
}

fn json(text: &str) -> Value {
    value::read(text).expect("JSON")
}

fn shown(read: Result<ReadItems, ReadFailure>) -> Result<String, String> {
    read.map(|read| Value::from(read.items).to_json()).map_err(|failure| failure.cause)
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(content).expect("memory");
    packed.finish().expect("memory")
}

fn zstd(content: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(content, ruzstd::encoding::CompressionLevel::Fastest)
}
