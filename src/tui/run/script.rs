//! Commands that are run before the user has the word.

use std::time::Duration;

use tokio::time::Instant;

use crate::tui::app::App;
use crate::tui::command::Mode;

/// Commands that are run one after the other, each when the run has come to rest after the one before.
pub(super) struct Script {
    lines: std::collections::VecDeque<String>,
    last: Instant,
}

/// How long a run stands before it is taken to be at rest.
pub(super) const REST: Duration = Duration::from_millis(60);

impl Script {
    pub(super) fn new(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self { lines: lines.map(str::to_owned).collect(), last: Instant::now() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn is_due(&self, app: &App) -> bool {
        let is_busy = app.mode() == Mode::Running && !app.is_asked();
        !self.is_empty() && !is_busy && self.last.elapsed() >= REST
    }

    pub(super) fn next(&mut self) -> Option<String> {
        self.last = Instant::now();
        self.lines.pop_front()
    }
}
