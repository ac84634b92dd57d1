//! One bucket: a folder, its files opened by key.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{BucketError, ReadFailure, key};

/// A folder that stands for a bucket.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    bucket: Arc<str>,
    given: PathBuf,
    /// Absolute and without symbolic links: what every file must lie below.
    root: PathBuf,
}

impl Folder {
    pub(super) fn open(bucket: &Arc<str>, dir: &Path) -> Result<Self, BucketError> {
        let failed = |source| BucketError::Folder { name: bucket.to_string(), dir: dir.to_owned(), source };
        let root = fs::canonicalize(dir).map_err(failed)?;
        if !root.is_dir() {
            return Err(BucketError::NoFolder { name: bucket.to_string(), dir: dir.to_owned() });
        }
        Ok(Self { bucket: bucket.clone(), given: dir.to_owned(), root })
    }

    /// The folder as it was given.
    pub(super) fn given(&self) -> &Path {
        &self.given
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The file that is the object `key`.
    pub(super) fn file(&self, key: &str) -> Result<File, ReadFailure> {
        let place = || format!("looked for {}", self.given.join(key).display());
        let path = key::path(key).map_err(|why| self.refused(key, &why.to_string()))?;
        let real = fs::canonicalize(self.root.join(&path)).map_err(|error| no_key(&error, &place()))?;
        let Ok(below) = real.strip_prefix(&self.root) else {
            return Err(self.refused(key, "is a symbolic link that leads out of the bucket's folder"));
        };
        if is_case_clash(below, &path) {
            let hint = format!("there is {}; keys tell upper from lower case", self.given.join(below).display());
            return Err(ReadFailure::new(NO_SUCH_KEY).with_hint(hint));
        }
        if !real.is_file() {
            return Err(ReadFailure::new(NO_SUCH_KEY).with_hint(format!("{}, which is no file", place())));
        }
        File::open(&real).map_err(|error| no_key(&error, &place()))
    }

    /// Makes the folder for objects whose keys begin with `prefix`, which is a valid key. Every step on the way is
    /// looked at before the next is made, so that nothing comes to be outside.
    pub(super) fn make(&self, prefix: &str) -> Result<PathBuf, ReadFailure> {
        let path = key::path(prefix).map_err(|why| self.refused(prefix, &why.to_string()))?;
        let mut at = self.root.clone();
        for part in &path {
            let next = at.join(part);
            match fs::create_dir(&next) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(not_written(&error, &next));
                }
                _ => {}
            }
            at = fs::canonicalize(&next).map_err(|error| not_written(&error, &next))?;
            if !at.starts_with(&self.root) {
                return Err(self.refused(prefix, "leads through a symbolic link out of the bucket's folder"));
            }
        }
        match at.strip_prefix(&self.root) {
            Ok(below) if is_case_clash(below, &path) => {
                Err(self.refused(prefix, "differs from a folder only by upper and lower case, which is one here"))
            }
            _ => Ok(at),
        }
    }

    fn refused(&self, key: &str, why: &str) -> ReadFailure {
        let cause = format!("The specified key is not valid. (Service: S3, Status Code: 400, Key: {key})");
        let folder = self.given.display();
        ReadFailure::new(cause).with_hint(format!("the key {why}; the bucket `{}` is the folder {folder}", self.bucket))
    }
}

const NO_SUCH_KEY: &str = "The specified key does not exist. (Service: S3, Status Code: 404)";

fn no_key(error: &io::Error, place: &str) -> ReadFailure {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            ReadFailure::new("Access Denied (Service: S3, Status Code: 403)").with_hint(format!("{place}: {error}"))
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            ReadFailure::new(NO_SUCH_KEY).with_hint(format!("{place}, which is not there"))
        }
        _ => ReadFailure::new(NO_SUCH_KEY).with_hint(format!("{place}: {error}")),
    }
}

pub(super) fn not_written(error: &io::Error, path: &Path) -> ReadFailure {
    let cause = match error.kind() {
        io::ErrorKind::PermissionDenied => "Access Denied (Service: S3, Status Code: 403)",
        _ => "We encountered an internal error. Please try again. (Service: S3, Status Code: 500)",
    };
    ReadFailure::new(cause).with_hint(format!("writing {}: {error}", path.display()))
}

/// Whether a file system that does not tell upper from lower case found another name than the one asked for. What
/// differs otherwise was reached by a symbolic link or spelled with other code points for the same letters.
fn is_case_clash(found: &Path, asked: &Path) -> bool {
    found != asked && found.to_string_lossy().to_lowercase() == asked.to_string_lossy().to_lowercase()
}

/// A file that appears under its name only when it is complete, in the place of whatever was there; a symbolic link
/// of that name is replaced, not followed.
pub(super) struct NewFile {
    out: io::BufWriter<File>,
    temporary: PathBuf,
    path: PathBuf,
    written: u64,
}

impl NewFile {
    pub(super) fn create(folder: &Path, name: &str) -> Result<Self, ReadFailure> {
        let path = folder.join(name);
        let temporary = folder.join(format!(".{name}.part"));
        // One that was left behind by a run that was killed.
        drop(fs::remove_file(&temporary));
        let file = File::options().write(true).create_new(true).open(&temporary);
        let file = file.map_err(|error| not_written(&error, &path))?;
        Ok(Self { out: io::BufWriter::with_capacity(1 << 16, file), temporary, path, written: 0 })
    }

    pub(super) fn push(&mut self, text: &str) -> Result<(), ReadFailure> {
        self.written += text.len() as u64;
        self.out.write_all(text.as_bytes()).map_err(|error| not_written(&error, &self.path))
    }

    /// Puts the file in its place; its size in bytes.
    pub(super) fn finish(mut self) -> Result<u64, ReadFailure> {
        let done = self.out.flush().and_then(|()| fs::rename(&self.temporary, &self.path));
        done.map_err(|error| not_written(&error, &self.path))?;
        Ok(self.written)
    }
}

/// What was not finished leaves nothing behind.
impl Drop for NewFile {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.temporary));
    }
}
