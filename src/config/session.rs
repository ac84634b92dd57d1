//! What is kept of a debugging session from one start to the next, per definition.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::atomic::replace_file;

/// The kept state of one definition. Unknown members are ignored and missing ones have defaults, so that files of
/// older and newer versions can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The definition this belongs to, for whoever looks into the file.
    pub definition: String,
    /// The breakpoints.
    pub breakpoints: Vec<KeptBreakpoint>,
    /// The watch expressions.
    pub watches: Vec<String>,
    /// The text of the last input.
    pub input: Option<String>,
    /// What was typed into the command line, the newest last.
    pub commands: Vec<String>,
    /// Sizes of the panes.
    pub layout: KeptLayout,
}

/// A breakpoint as it is kept: by the names of the states around it, as lines move with every edit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptBreakpoint {
    /// The names from the top level down to the state.
    pub state: Vec<String>,
    /// Whether it is switched off.
    pub disabled: bool,
    /// The condition, if it has one.
    pub condition: Option<String>,
    /// The visit at which it stops first, if it counts.
    pub after: Option<u64>,
    /// The text it logs instead of stopping.
    pub log: Option<String>,
    /// What stops if it is not the entry of the state: `exit`, the name of a stage, `error`, `caught`, `retry`, `timeout`.
    pub on: Option<String>,
    /// The expression whose changes stop, if it is a watchpoint.
    pub change: Option<String>,
    /// The numbers of the iterations and branches it is for.
    pub only: Vec<u32>,
}

/// Pane sizes: what the user added to or took from the default, in cells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptLayout {
    /// Per column, from the left.
    pub widths: Vec<i16>,
    /// Per pane, in the order of their numbers.
    pub heights: Vec<i16>,
    /// The number of the focused pane, from 1.
    pub focus: u8,
    /// Whether that pane fills the screen.
    pub zoom: bool,
}

impl Session {
    /// Reads the session kept at `path`; one that is missing or broken is empty, as breakpoints can be set again.
    #[must_use]
    pub fn load(path: &Path) -> Self {
        fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Keeps the session at `path`, replacing what was there as a whole.
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

    fn session() -> Session {
        Session {
            definition: "/d/order.asl.json".into(),
            breakpoints: vec![KeptBreakpoint {
                state: vec!["Fulfil".into(), "Ship".into()],
                condition: Some("$.total > 100".into()),
                ..KeptBreakpoint::default()
            }],
            input: Some("{\"a\": 1}".into()),
            layout: KeptLayout { widths: vec![-3, 2], focus: 3, ..KeptLayout::default() },
            ..Session::default()
        }
    }

    #[test]
    fn what_is_saved_comes_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sessions/x.json");
        session().save(&path).expect("written");
        assert_eq!(Session::load(&path), session());
    }

    #[test]
    fn other_versions_and_broken_files_are_read_as_far_as_they_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.json");
        fs::write(&path, r#"{"input":"1","later":{"x":1},"breakpoints":[{"state":["A"],"new":2}]}"#).expect("written");
        let read = Session::load(&path);
        assert_eq!((read.input.as_deref(), read.breakpoints.len()), (Some("1"), 1));
        fs::write(&path, "{\"input\":").expect("written");
        assert_eq!(Session::load(&path), Session::default());
    }
}
