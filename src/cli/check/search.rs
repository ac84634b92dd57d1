//! Which files are to be checked: those that are named, and what folders hold.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::recognise::{ByName, by_name};

/// What stands for standard input.
pub(super) const STDIN: &str = "-";
/// Folders in which nobody keeps definitions of their own.
const LEFT_OUT: [&str; 2] = ["node_modules", "target"];

/// Something that is to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Candidate {
    /// A file that was named, or whose name says that it is a definition.
    Sure(PathBuf),
    /// A file that may be one.
    Possible(PathBuf),
    /// Standard input.
    Stdin,
    /// What cannot be looked at, and why.
    Trouble(PathBuf, String),
}

impl Candidate {
    /// Its file, if it has one.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::Sure(path) | Self::Possible(path) => Some(path),
            Self::Stdin | Self::Trouble(..) => None,
        }
    }
}

/// What became of one of the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// The folder; none where a file was named.
    pub(super) folder: Option<PathBuf>,
    /// What it is or holds, folders in the order of their names.
    pub(super) candidates: Vec<Candidate>,
}

/// Searches what was named. A file that is met twice counts once. Symbolic links to files are followed, those to folders
/// only where they are named, so that there are no loops.
pub(super) fn search(named: &[PathBuf]) -> Vec<Group> {
    let mut seen = HashSet::new();
    named.iter().map(|path| group(path, &mut seen)).collect()
}

fn group(path: &Path, seen: &mut HashSet<PathBuf>) -> Group {
    if path.as_os_str() == STDIN {
        let first = seen.insert(path.to_owned());
        return Group { folder: None, candidates: first.then_some(Candidate::Stdin).into_iter().collect() };
    }
    if !path.is_dir() {
        let candidate = is_new(path, seen).then(|| Candidate::Sure(path.to_owned()));
        return Group { folder: None, candidates: candidate.into_iter().collect() };
    }
    let mut candidates = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(folder) = open.pop() {
        match entries(&folder) {
            Ok(entries) => sort_out(entries, &mut open, &mut candidates, seen),
            Err(error) => candidates.push(Candidate::Trouble(folder, error.to_string())),
        }
    }
    Group { folder: Some(path.to_owned()), candidates }
}

/// Puts what a folder holds where it belongs.
fn sort_out(
    entries: Vec<PathBuf>,
    open: &mut Vec<PathBuf>,
    candidates: &mut Vec<Candidate>,
    seen: &mut HashSet<PathBuf>,
) {
    let mut folders = Vec::new();
    for path in entries {
        if path.is_dir() {
            if !path.is_symlink() {
                folders.push(path);
            }
        } else if path.is_file() {
            match by_name(&path) {
                ByName::Definition if is_new(&path, seen) => candidates.push(Candidate::Sure(path)),
                ByName::Possible if is_new(&path, seen) => candidates.push(Candidate::Possible(path)),
                _ => {}
            }
        }
    }
    open.extend(folders.into_iter().rev());
}

/// What `folder` holds, sorted, without what is hidden or left out.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = folder.read_dir()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    entries.retain(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let is_left_out = LEFT_OUT.contains(&&*name) && path.is_dir();
        !(name.starts_with('.') || is_left_out)
    });
    entries.sort();
    // People write `.`, and know the files without it.
    Ok(entries.iter().map(|path| path.strip_prefix(".").map_or_else(|_| path.clone(), Path::to_owned)).collect())
}

fn is_new(path: &Path, seen: &mut HashSet<PathBuf>) -> bool {
    seen.insert(path.canonicalize().unwrap_or_else(|_| path.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for name in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, "{}").expect("written");
        }
        folder
    }

    /// The candidates below `folder`; those that are sure with `!`.
    fn found(folder: &Path) -> Vec<String> {
        let groups = search(&[folder.to_owned()]);
        let show = |candidate: &Candidate| {
            let name = candidate.path().and_then(|path| path.strip_prefix(folder).ok()).expect("a file in the folder");
            format!("{}{}", name.display(), if matches!(candidate, Candidate::Sure(_)) { "!" } else { "" })
        };
        groups.iter().flat_map(|group| &group.candidates).map(show).collect()
    }

    #[test]
    fn folders_are_searched() {
        let folder = folder(&[
            "b.asl.json",
            "a.yaml",
            "sub/c.asl.yml",
            "notes.md",
            ".hidden/d.asl.json",
            ".e.asl.json",
            "node_modules/f.asl.json",
            "x/target/g.asl.json",
            "target.json",
        ]);
        assert_eq!(found(folder.path()), ["a.yaml", "b.asl.json!", "target.json", "sub/c.asl.yml!"]);
    }

    #[test]
    fn what_is_named_twice_counts_once_and_names_come_first() {
        let folder = folder(&["a.asl.json", "x.txt"]);
        let (file, other) = (folder.path().join("a.asl.json"), folder.path().join("x.txt"));
        let groups =
            search(&[other.clone(), file.clone(), folder.path().join("./a.asl.json"), folder.path().to_owned()]);
        let candidates: Vec<_> = groups.into_iter().flat_map(|group| group.candidates).collect();
        assert_eq!(candidates, [Candidate::Sure(other), Candidate::Sure(file)]);
        let stdin = search(&[PathBuf::from("-"), PathBuf::from("-")]);
        assert_eq!(stdin.iter().flat_map(|group| &group.candidates).count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_make_no_loops() {
        use std::os::unix::fs::symlink;
        let folder = folder(&["sub/a.asl.json"]);
        symlink(folder.path(), folder.path().join("sub/up")).expect("a link");
        symlink(folder.path().join("sub/a.asl.json"), folder.path().join("z.asl.json")).expect("a link");
        symlink("nowhere", folder.path().join("dead.asl.json")).expect("a link");
        assert_eq!(found(folder.path()), ["z.asl.json!"], "the same file under two names");
        let link = folder.path().join("sub/up");
        assert_eq!(found(&link), ["z.asl.json!"], "a link to a folder that is named");
    }
}
