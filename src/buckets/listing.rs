//! What is in a bucket: the objects below a prefix, as `ListObjectsV2` gives them.

use std::fs::{self, Metadata};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use md5::{Digest, Md5};

use super::folder::Folder;
use super::sink::{NODE, Sink, TEXT};
use super::{ReadFailure, key};
use crate::value::{Object, Value};

/// Up to this many bytes an object's ETag is the MD5 of its content, as where it was put in one piece. Larger ones are
/// usually put in parts, of which the ETag tells nothing; theirs depends on name, size and time.
const ONE_PIECE: u64 = 8 << 20;

/// The keys below `prefix`, in S3's order: by the bytes of UTF-8. Symbolic links to folders are not followed, those to
/// files are objects when they stay inside; files whose names are no UTF-8 have no keys.
pub(super) fn keys(folder: &Folder, prefix: &str, sink: &mut Sink) -> Result<Vec<String>, ReadFailure> {
    let mut found = Vec::new();
    let mut folders = vec![start(prefix)];
    while let Some(below) = folders.pop() {
        let path = if below.is_empty() { folder.root().to_owned() } else { folder.root().join(local(&below)) };
        let Ok(entries) = fs::read_dir(&path) else { continue };
        // The prefix itself may lead through a link.
        if !fs::canonicalize(&path).is_ok_and(|real| real.starts_with(folder.root())) {
            continue;
        }
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let Ok(kind) = entry.file_type() else { continue };
            let key = format!("{below}{name}");
            if kind.is_dir() {
                folders.extend(may_begin(&key, prefix).then(|| format!("{key}/")));
            } else if key.starts_with(prefix) && (kind.is_file() || is_link_inside(&entry.path(), folder.root())) {
                sink.claim(TEXT + 2 * key.len() as u64)?;
                found.push(key);
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The folder in which keys with `prefix` lie, with a slash at its end; none that a key could not name.
fn start(prefix: &str) -> String {
    match prefix.rfind('/') {
        Some(end) if key::path(&prefix[..end]).is_ok() => prefix[..=end].to_owned(),
        _ => String::new(),
    }
}

fn local(below: &str) -> std::path::PathBuf {
    below.trim_end_matches('/').split('/').collect()
}

/// Whether keys in the folder `key` may begin with `prefix`.
fn may_begin(key: &str, prefix: &str) -> bool {
    let len = prefix.len().min(key.len());
    key.as_bytes()[..len] == prefix.as_bytes()[..len]
}

fn is_link_inside(path: &Path, root: &Path) -> bool {
    fs::canonicalize(path).is_ok_and(|real| real.starts_with(root) && real.is_file())
}

/// The items of a listing: what S3 knows of each object, in the order of members that was recorded.
pub(super) fn read(folder: &Folder, prefix: &str, sink: &mut Sink) -> Result<(), ReadFailure> {
    let names = ["Etag", "LastModified", "Key", "Size", "StorageClass"].map(Arc::<str>::from);
    let standard = Value::string("STANDARD");
    for key in keys(folder, prefix, sink)?.into_iter().take(sink.wanted()) {
        // One that went away since it was found is not in the bucket any more.
        let Ok(file) = folder.file(&key) else { continue };
        let Ok(data) = file.metadata() else { continue };
        sink.claim(NODE * 3 + 2 * key.len() as u64)?;
        let values = [
            Value::from(etag(&key, file, &data)),
            Value::from(last_modified(&data)),
            Value::from(key),
            Value::from(i64::try_from(data.len()).unwrap_or(i64::MAX)),
            standard.clone(),
        ];
        sink.push(Value::Object(Object::from_distinct(names.iter().cloned().zip(values).collect())));
    }
    Ok(())
}

/// Seconds since 1970, as the service's items have it.
fn last_modified(data: &Metadata) -> i64 {
    let since = data.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or_default()
}

fn etag(key: &str, file: impl Read, data: &Metadata) -> String {
    let mut md5 = Md5::new();
    let mut content = Vec::new();
    if data.len() <= ONE_PIECE && file.take(ONE_PIECE).read_to_end(&mut content).is_ok() {
        md5.update(&content);
        return format!("\"{:x}\"", md5.finalize());
    }
    md5.update(format!("{key} {} {}", data.len(), last_modified(data)));
    format!("\"{:x}-{}\"", md5.finalize(), data.len().div_ceil(ONE_PIECE))
}
