//! The definitions opened lately.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::atomic::replace_file;
use super::paths::canonical;

/// How many files are remembered.
const LIMIT: usize = 20;

/// The list of recent files, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent {
    files: Vec<PathBuf>,
}

impl Recent {
    /// Reads the list from `path`; a list that is missing or broken is empty, as it is no one's work.
    #[must_use]
    pub fn load(path: &Path) -> Self {
        let read = fs::read(path).ok().and_then(|bytes| serde_json::from_slice::<Vec<PathBuf>>(&bytes).ok());
        let mut files = read.unwrap_or_default();
        files.truncate(LIMIT);
        Self { files }
    }

    /// The files, newest first; some may be gone by now.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Puts `file` on top.
    pub fn push(&mut self, file: &Path) {
        let file = canonical(file);
        self.files.retain(|known| *known != file);
        self.files.insert(0, file);
        self.files.truncate(LIMIT);
    }

    /// Writes the list to `path`.
    ///
    /// # Errors
    /// When the file cannot be written; the caller may go on without.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        // Paths that are no Unicode have no JSON spelling; they are left out rather than losing the others.
        let files: Vec<_> = self.files.iter().filter(|file| file.to_str().is_some()).collect();
        replace_file(path, &serde_json::to_vec_pretty(&files)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_first_without_repeats_and_at_most_twenty() {
        let mut recent = Recent::default();
        for n in 0..30 {
            recent.push(Path::new(&format!("/none/{n}.json")));
        }
        recent.push(Path::new("/none/15.json"));
        assert_eq!(recent.files().len(), LIMIT);
        assert_eq!(recent.files()[0], Path::new("/none/15.json"));
        assert_eq!(recent.files()[1], Path::new("/none/29.json"));
        assert_eq!(recent.files().iter().filter(|file| file.ends_with("15.json")).count(), 1);
    }

    #[test]
    fn comes_back_from_its_file_and_fails_softly() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state/recent.json");
        assert_eq!(Recent::load(&path), Recent::default());
        let mut recent = Recent::default();
        recent.push(Path::new("/none/a.json"));
        recent.save(&path).expect("written");
        assert_eq!(Recent::load(&path), recent);
        fs::write(&path, "[1, {").expect("written");
        assert_eq!(Recent::load(&path), Recent::default());
    }
}
