//! What the application starts with.

use std::path::PathBuf;
use std::sync::Arc;

use crate::asl::Definition;
use crate::config::Session;
use crate::debug::SharedBreakpoints;
use crate::debug::replay::Replay;
use crate::runtime::Asking;
use crate::runtime::mock::Mocks;
use crate::tui::glyph::Glyphs;
use crate::tui::learn::Course;
use crate::tui::style::Styles;

/// What the application starts with.
pub struct Setup {
    /// The definition, if one was named.
    pub definition: Option<Arc<Definition>>,
    /// Its file.
    pub file: Option<PathBuf>,
    /// The name of the state machine: that of the file.
    pub machine_name: String,
    /// The text of the input.
    pub input: String,
    /// Answers for tasks.
    pub mocks: Option<MockChoice>,
    /// Where unanswered tasks go.
    pub asking: Arc<Asking>,
    /// What was kept from the last time.
    pub session: Session,
    /// What can be opened, for when there is no definition yet: samples and recent files, or the machines of a template.
    pub offers: Vec<Offer>,
    /// Where the definition is read again.
    pub source: Option<Source>,
    /// Whether runs are Express ones at first.
    pub is_express: bool,
    /// The known themes.
    pub themes: Vec<String>,
    /// The theme in use.
    pub theme: String,
    /// Its styles.
    pub styles: Styles,
    /// The signs.
    pub glyphs: Glyphs,
    /// For screen readers and logs: one pane at a time, words for signs, no lines.
    pub plain: bool,
    /// The lesson of the course that this is.
    pub course: Option<Course>,
    /// The seed of the first run; the next ones count up.
    pub seed: u64,
    /// Where runs that others start read the breakpoints.
    pub shared_breakpoints: SharedBreakpoints,
    /// A recorded history that is shown.
    pub history: Option<Arc<Replay>>,
}

/// Something that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub about: String,
    /// Its file.
    pub file: PathBuf,
    /// The state machine of the file, where it has several.
    pub machine: Option<String>,
}

/// Where a definition is read again when a file changes.
#[derive(Clone)]
pub struct Source {
    /// Under which name its session is kept.
    pub kept_as: PathBuf,
    /// The files that were read beside the one that was named.
    pub beside: Vec<PathBuf>,
    /// Reads the definition, and tells what it read beside the file; or why it cannot.
    pub read: Arc<ReadAgain>,
}

/// Reads a definition again; with it the files that were read beside.
pub type ReadAgain = dyn Fn() -> Result<(Definition, Vec<PathBuf>), String> + Send + Sync;

/// The mock file in use and the test case that answers.
#[derive(Clone)]
pub struct MockChoice {
    /// The file, as it is now.
    pub mocks: Arc<Mocks>,
    /// Where it is.
    pub path: PathBuf,
    /// The state machine in it.
    pub machine: String,
    /// The test case.
    pub case: String,
}
