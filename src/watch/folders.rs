//! The folders of the watched files, also those that come and go.

use std::collections::BTreeMap;
use std::path::PathBuf;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Folders and whether each is being watched.
pub(super) struct Folders {
    watcher: RecommendedWatcher,
    watched: BTreeMap<PathBuf, bool>,
}

impl Folders {
    pub(super) fn new(watcher: RecommendedWatcher, folders: impl Iterator<Item = PathBuf>) -> Self {
        Self { watcher, watched: folders.map(|folder| (folder, false)).collect() }
    }

    /// Whether every folder is being watched.
    pub(super) fn is_complete(&self) -> bool {
        self.watched.values().all(|watched| *watched)
    }

    /// Watches the folders that are not watched yet, as far as they exist.
    pub(super) fn watch_missing(&mut self) {
        for (folder, watched) in self.watched.iter_mut().filter(|(_, watched)| !**watched) {
            *watched = self.watcher.watch(folder, RecursiveMode::NonRecursive).is_ok();
        }
    }

    /// Notes a folder that was deleted or moved, as its watch is dead even when one of that name is made again;
    /// whether there was one.
    pub(super) fn note(&mut self, event: &Event) -> bool {
        if !matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(notify::event::ModifyKind::Name(_))) {
            return false;
        }
        let mut lost = false;
        for path in &event.paths {
            if let Some(watched) = self.watched.get_mut(path) {
                // Fails when the system has dropped the watch already, which is what is wanted.
                drop(self.watcher.unwatch(path));
                *watched = false;
                lost = true;
            }
        }
        lost
    }
}
