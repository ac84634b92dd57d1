//! The lines of the console.

use std::collections::VecDeque;

/// Lines that are kept.
const MOST: usize = 1000;

/// What was said, the oldest line first.
#[derive(Debug, Default)]
pub(super) struct Console {
    lines: VecDeque<String>,
    /// The first line that was drawn.
    top: usize,
}

impl Console {
    /// Adds the lines of `text`; how many old ones were dropped.
    pub(super) fn push(&mut self, text: String) -> usize {
        if text.contains('\n') {
            self.lines.extend(text.lines().take(MOST).map(str::to_owned));
        } else {
            self.lines.push_back(text);
        }
        let dropped = self.lines.len().saturating_sub(MOST);
        self.lines.drain(..dropped);
        self.top = self.top.saturating_sub(dropped);
        dropped
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn line(&self, at: usize) -> &str {
        self.lines.get(at).map_or("", String::as_str)
    }

    /// The first line to draw in `height` rows: with the cursor in sight, else so that the newest is.
    pub(super) fn top(&mut self, cursor: Option<usize>, height: usize) -> usize {
        let newest = self.lines.len().saturating_sub(height);
        self.top = match cursor {
            Some(at) => self.top.max((at + 1).saturating_sub(height)).min(at).min(newest),
            None => newest,
        };
        self.top
    }

    /// The first line that was drawn.
    pub(super) fn drawn_from(&self) -> usize {
        self.top
    }
}
