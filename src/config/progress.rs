//! How far the user is in the course.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::atomic::replace_file;

/// Progress in the course. Lessons that are no longer there do no harm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// The lessons whose tasks are all done.
    pub done: Vec<String>,
    /// The lesson that was looked at last.
    pub last: String,
}

impl Progress {
    /// Reads the progress kept at `path`; one that is missing or broken is none.
    #[must_use]
    pub fn load(path: &Path) -> Self {
        fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Keeps the progress at `path`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        replace_file(path, &serde_json::to_vec_pretty(self)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_from_its_file_and_fails_softly() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state/learn.json");
        assert_eq!(Progress::load(&path), Progress::default());
        let progress = Progress { done: vec!["stages".into()], last: "choice".into() };
        progress.save(&path).expect("written");
        assert_eq!(Progress::load(&path), progress);
        fs::write(&path, "{").expect("written");
        assert_eq!(Progress::load(&path), Progress::default());
    }
}
