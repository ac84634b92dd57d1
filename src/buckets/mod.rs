//! Local folders that stand for S3 buckets: what the `ItemReader` of a distributed Map reads, and what its
//! `ResultWriter` writes.
//!
//! A file below the folder is an object; its path from there, with `/`, is the object's key. No key leads out of the
//! folder, by whatever way; a bucket that was not given is an error. Reading is eager, within [`Limits`].

mod csv;
mod decode;
mod failure;
mod folder;
mod json;
mod key;
mod lines;
mod listing;
mod manifest;
#[cfg(feature = "parquet")]
mod parquet;
mod read;
mod reader;
mod result;
mod sink;
mod write;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use folder::Folder;

pub use failure::{ReadFailure, WriteFailure};
pub use read::items_of;
pub use reader::{CsvHeaderLocation, InputType, ManifestType, ReadItems, ReadRequest, ReaderConfig, Transformation};
pub use result::{ChildResult, ChildStatus, Redrive, shape};
pub use writer::{OutputType, ResultTransformation, WriteRequest, WriterConfig, Written};

/// Buckets by name, each a folder.
#[derive(Debug, Clone, Default)]
pub struct Buckets {
    folders: BTreeMap<Arc<str>, Folder>,
    limits: Limits,
}

/// How much one read may take, and how large a result file becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory that the items of one read may take, with the text they are read from; an estimate that is
    /// rather too high.
    pub memory: u64,
    /// Bytes of all objects of one read, unpacked. The service reads objects of up to 10 GB.
    pub bytes: u64,
    /// Bytes of a result file; what is more goes to the next one. The service writes up to 5 GB.
    pub result_file: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 2 << 30, bytes: 10_000_000_000, result_file: 5_000_000_000 }
    }
}

/// Why a folder cannot stand for a bucket.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// Not of the form `BUCKET=DIR`.
    #[error("`{0}` is not of the form BUCKET=DIR, as in orders=./data/orders")]
    Form(String),
    /// A name that no bucket has.
    #[error("`{0}` is no name of a bucket: it may not be empty and holds neither `/` nor control characters")]
    Name(String),
    /// The same bucket twice.
    #[error("the bucket `{name}` is given twice: {} and {}", .first.display(), .second.display())]
    Twice {
        /// The bucket.
        name: String,
        /// The folder given first.
        first: PathBuf,
        /// The folder given after it.
        second: PathBuf,
    },
    /// No such folder, or it cannot be read.
    #[error("the folder {} for the bucket `{name}` cannot be opened: {source}", .dir.display())]
    Folder {
        /// The bucket.
        name: String,
        /// The folder.
        dir: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file where a folder should be.
    #[error("{} for the bucket `{name}` is no folder", .dir.display())]
    NoFolder {
        /// The bucket.
        name: String,
        /// What was given.
        dir: PathBuf,
    },
}

impl Buckets {
    /// No buckets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same buckets with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Lets the folder `dir` stand for the bucket `name`. The name need not keep S3's rules: definitions hold
    /// placeholders.
    ///
    /// # Errors
    /// A name that is none, a bucket given twice, a folder that is not there.
    pub fn add(&mut self, name: &str, dir: &Path) -> Result<(), BucketError> {
        if name.is_empty() || name.contains(|c: char| c == '/' || c.is_control()) {
            return Err(BucketError::Name(name.to_owned()));
        }
        let name: Arc<str> = name.into();
        if let Some(known) = self.folders.get(&name) {
            let (first, second) = (known.given().to_owned(), dir.to_owned());
            return Err(BucketError::Twice { name: name.to_string(), first, second });
        }
        let folder = Folder::open(&name, dir)?;
        self.folders.insert(name, folder);
        Ok(())
    }

    /// The name and the folder of `BUCKET=DIR`; neither is looked at yet.
    ///
    /// # Errors
    /// No `=`, or nothing on one side of it.
    pub fn parse(text: &str) -> Result<(Arc<str>, PathBuf), BucketError> {
        match text.split_once('=') {
            Some((name, dir)) if !name.is_empty() && !dir.is_empty() => Ok((name.into(), dir.into())),
            _ => Err(BucketError::Form(text.to_owned())),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// The names and the folders as they were given, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Path)> {
        self.folders.iter().map(|(name, folder)| (name, folder.given()))
    }
}
