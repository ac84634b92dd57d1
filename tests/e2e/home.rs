//! A place of its own for every test: definitions, and the folders in which asldb keeps things.

use std::path::{Path, PathBuf};

/// A temporary folder that is the working folder, the home and the settings of a test.
pub(crate) struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// One with these files: names and texts.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let home = Self::new();
        for (name, text) in files {
            home.write(name, text);
        }
        home
    }

    /// One with a sample of the repository, with its input and its mocks.
    pub(crate) fn with_sample(name: &str) -> Self {
        let home = Self::new();
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
        for file in std::fs::read_dir(samples).expect("the samples").flatten() {
            if file.file_name().to_string_lossy().starts_with(&format!("{name}.")) {
                std::fs::copy(file.path(), home.path(&file.file_name().to_string_lossy())).expect("copied");
            }
        }
        home
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).expect("written");
    }

    /// Replaces a file as editors do: a new file takes its name.
    pub(crate) fn replace(&self, name: &str, text: &str) {
        let new = self.path(&format!("{name}.new"));
        std::fs::write(&new, text).expect("written");
        std::fs::rename(&new, self.path(name)).expect("renamed");
    }

    /// The text of a file; none if there is no such file.
    pub(crate) fn read(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.path(name)).ok()
    }

    /// The environment of the program.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let at = |name: &str| self.path(name).display().to_string();
        vec![
            ("TERM", "xterm-256color".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", self.folder().display().to_string()),
            ("ASLDB_CONFIG_DIR", at(".config")),
            ("ASLDB_STATE_DIR", at(".state")),
        ]
    }
}
