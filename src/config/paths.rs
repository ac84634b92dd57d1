//! Where asldb keeps its files.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use sha2::{Digest, Sha256};

/// The name of asldb's folders.
const NAME: &str = "asldb";

/// The user has no home folder and names none for asldb.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no home folder to keep settings in; set ASLDB_CONFIG_DIR and ASLDB_STATE_DIR")]
pub struct NoHome;

/// The folders asldb reads and writes; none of them needs to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// What the user writes: themes, settings.
    pub config: PathBuf,
    /// What asldb writes: recent files, kept sessions.
    pub state: PathBuf,
}

impl Folders {
    /// `ASLDB_CONFIG_DIR` and `ASLDB_STATE_DIR`, else the folders of the platform (XDG base directories on Unix).
    ///
    /// # Errors
    /// [`NoHome`], when a folder is named neither by its variable nor by the platform.
    pub fn from_environment() -> Result<Self, NoHome> {
        let platform = etcetera::choose_base_strategy().ok();
        let platform = platform.map(|folders| Self {
            config: folders.config_dir().join(NAME),
            state: folders.state_dir().unwrap_or_else(|| folders.data_dir()).join(NAME),
        });
        Self::resolve(|name| std::env::var_os(name), platform)
    }

    fn resolve(variable: impl Fn(&str) -> Option<OsString>, platform: Option<Self>) -> Result<Self, NoHome> {
        // An empty variable counts as not set, as the XDG rules have it.
        let named = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let (config, state) = platform.map(|folders| (folders.config, folders.state)).unzip();
        Ok(Self {
            config: named("ASLDB_CONFIG_DIR").or(config).ok_or(NoHome)?,
            state: named("ASLDB_STATE_DIR").or(state).ok_or(NoHome)?,
        })
    }

    /// The folder of the user's own themes.
    #[must_use]
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// The store of the embedded service: state machines and executions.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.state.join("service.db")
    }

    /// The list of recent files.
    #[must_use]
    pub fn recent(&self) -> PathBuf {
        self.state.join("recent.json")
    }

    /// The lessons of the course, where they can be edited.
    #[must_use]
    pub fn lessons(&self) -> PathBuf {
        self.state.join("learn")
    }

    /// The progress in the course.
    #[must_use]
    pub fn progress(&self) -> PathBuf {
        self.state.join("learn.json")
    }

    /// The kept session of the definition at `path`: one file for each place, whatever the place is called.
    #[must_use]
    pub fn session(&self, path: &Path) -> PathBuf {
        self.state.join("sessions").join(format!("{}.json", fingerprint(&canonical(path))))
    }
}

/// The one true spelling of `path`; for a file that does not exist, the absolute path.
pub(super) fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// 128 bits of SHA-256: short enough for a file name, too many to collide.
fn fingerprint(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform() -> Option<Folders> {
        Some(Folders { config: "/home/u/.config/asldb".into(), state: "/home/u/.local/state/asldb".into() })
    }

    #[test]
    fn a_variable_wins_over_the_platform_unless_it_is_empty() {
        let variable = |name: &str| match name {
            "ASLDB_CONFIG_DIR" => Some("/c".into()),
            _ => Some(OsString::new()),
        };
        let folders = Folders::resolve(variable, platform()).expect("both known");
        assert_eq!(folders.themes(), Path::new("/c/themes"));
        assert_eq!(folders.recent(), Path::new("/home/u/.local/state/asldb/recent.json"));
    }

    #[test]
    fn without_a_home_both_variables_are_needed() {
        let one = |name: &str| (name == "ASLDB_STATE_DIR").then(|| OsString::from("/s"));
        assert_eq!(Folders::resolve(one, None), Err(NoHome));
        assert!(Folders::resolve(|_| Some("/x".into()), None).is_ok());
    }

    #[test]
    fn one_definition_has_one_session_however_it_is_spelled() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.asl.json");
        std::fs::write(&path, "{}").expect("written");
        let folders = platform().expect("folders");
        let roundabout = folder.path().join(".").join("a.asl.json");
        assert_eq!(folders.session(&path), folders.session(&roundabout));
        assert_ne!(folders.session(&path), folders.session(&folder.path().join("b.asl.json")));
    }
}
