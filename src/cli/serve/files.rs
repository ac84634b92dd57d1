//! Which files are the definitions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::runtime::names;

/// The endings of definitions in folders.
const ENDINGS: [&str; 3] = [".asl.json", ".asl.yaml", ".asl.yml"];

/// The files and folders that were named.
#[derive(Debug)]
pub(super) struct Sources {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Sources {
    /// `named`: definitions, and folders of them.
    ///
    /// # Errors
    /// One of them does not exist.
    pub(super) fn new(named: &[PathBuf]) -> anyhow::Result<Self> {
        for path in named {
            path.metadata().with_context(|| format!("cannot read {}", path.display()))?;
        }
        let (folders, files) = named.iter().cloned().partition(|path| path.is_dir());
        Ok(Self { files, folders })
    }

    /// Whether there is anything to look at again.
    pub(super) fn has_folders(&self) -> bool {
        !self.folders.is_empty()
    }

    /// The definitions there are now, by the names of their state machines.
    ///
    /// # Errors
    /// A folder cannot be read, or two files would have the same machine; the message says what to do.
    pub(super) fn list(&self) -> anyhow::Result<BTreeMap<String, PathBuf>> {
        let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
        for path in self.paths()? {
            let name = names::machine_name(&path);
            if let Some(other) = found.get(&name).filter(|other| **other != path) {
                return Err(anyhow!(
                    "{} and {} would both be state machine {name}; rename one of them",
                    other.display(),
                    path.display()
                ));
            }
            found.insert(name, path);
        }
        Ok(found)
    }

    fn paths(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut paths = self.files.clone();
        for folder in &self.folders {
            let entries = folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
            paths.extend(entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_definition(path)));
        }
        Ok(paths)
    }
}

fn is_definition(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    // Editors keep hidden copies beside the file.
    !name.starts_with('.') && ENDINGS.iter().any(|ending| name.ends_with(ending)) && path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for name in names {
            std::fs::write(folder.path().join(name), "{}").expect("written");
        }
        folder
    }

    #[test]
    fn definitions_of_a_folder() {
        let folder =
            folder(&["b.asl.json", "a.asl.yaml", "c.asl.yml", "d.json", "a.input.json", ".b.asl.json", "e.asl.json~"]);
        std::fs::create_dir(folder.path().join("f.asl.json")).expect("made");
        let sources = Sources::new(&[folder.path().to_owned()]).expect("usable");
        let names: Vec<String> = sources.list().expect("a list").into_keys().collect();
        assert_eq!(names, ["a", "b", "c"]);
        std::fs::write(folder.path().join("new.asl.json"), "{}").expect("written");
        assert_eq!(sources.list().expect("a list").len(), 4);
    }

    #[test]
    fn files_may_have_any_name_and_be_named_twice() {
        let folder = folder(&["x.json", "y.asl.json"]);
        let named = [folder.path().join("x.json"), folder.path().join("y.asl.json"), folder.path().to_owned()];
        let names: Vec<String> = Sources::new(&named).expect("usable").list().expect("a list").into_keys().collect();
        assert_eq!(names, ["x", "y"]);
    }

    #[test]
    fn two_files_for_one_machine() {
        let folder = folder(&["a.asl.json", "a.asl.yaml"]);
        let error = Sources::new(&[folder.path().to_owned()]).expect("usable").list().expect_err("a clash");
        assert!(error.to_string().contains("both be state machine a"), "{error}");
    }

    #[test]
    fn what_does_not_exist() {
        assert!(Sources::new(&[PathBuf::from("no/such/file")]).is_err());
    }
}
