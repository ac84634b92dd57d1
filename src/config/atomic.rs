//! Replacing a file as a whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes `bytes` to `path` so that a reader, or a crash, sees the old file or the new one and never a part.
///
/// # Errors
/// When the folder cannot be made or the file cannot be written; the old file is then untouched.
pub fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let draft = draft_path(path);
    let written = write_through(&draft, bytes).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The error that matters is the first one; a draft left behind does no harm.
        drop(fs::remove_file(&draft));
    }
    written
}

/// A name beside `path`, as a rename is atomic only inside one file system; no two drafts share it.
fn draft_path(path: &Path) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{}.new", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    path.with_file_name(name)
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_folders_replaces_and_leaves_nothing_beside() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a/b/kept.json");
        replace_file(&path, b"one").expect("written");
        replace_file(&path, b"two").expect("replaced");
        assert_eq!(fs::read(&path).expect("readable"), b"two");
        let names: Vec<_> = fs::read_dir(path.parent().expect("a parent")).expect("a folder").collect();
        assert_eq!(names.len(), 1);
    }

    #[test]
    fn a_failure_leaves_no_draft() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("taken");
        fs::create_dir_all(target.join("inside")).expect("a folder in the way");
        assert!(replace_file(&target, b"x").is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
