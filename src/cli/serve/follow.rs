//! Follows the files: what is saved is registered anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::files::Sources;
use super::machines::{Machine, Registrar};
use crate::api::Exception;
use crate::cli::complain;
use crate::runtime::mock::Mocks;
use crate::text::{LineIndex, encoding};
use crate::watch::{FileEvent, FileWatch, WatchError};

/// How often folders are looked through for new files.
const NEW_FILES: Duration = Duration::from_secs(1);

/// Keeps the state machines and the mocks as the files are.
pub(super) struct Follower {
    registrar: Registrar,
    sources: Sources,
    mocks: Option<(PathBuf, Arc<Mocks>)>,
    /// The definitions that are being watched, by state machine.
    watched: BTreeMap<String, PathBuf>,
    /// The files that were read beside these, by state machine.
    beside: BTreeMap<String, Vec<PathBuf>>,
    events: UnboundedReceiver<FileEvent>,
    watch: FileWatch,
    /// What was wrong with the folders, said once.
    trouble: Option<String>,
}

impl Follower {
    /// Registers all definitions, and tells what is wrong with those that cannot be.
    ///
    /// # Errors
    /// The sources cannot be used, or files not be watched.
    pub(super) async fn start(
        registrar: Registrar,
        sources: Sources,
        mocks: Option<(PathBuf, Arc<Mocks>)>,
    ) -> anyhow::Result<Self> {
        let watched = sources.list()?;
        // Watched before they are read, so that nothing is missed.
        let (watch, events) = FileWatch::channel(&paths(&watched, &BTreeMap::new(), mocks.as_ref()))?;
        let beside = BTreeMap::new();
        let mut follower = Self { registrar, sources, mocks, watched, beside, events, watch, trouble: None };
        for (name, path) in follower.watched.clone() {
            follower.register(&name, &path, false).await;
        }
        follower.watch_beside()?;
        Ok(follower)
    }

    /// All state machines there are.
    pub(super) async fn machines(&self) -> Result<Vec<Machine>, Exception> {
        self.registrar.machines().await
    }

    /// Registers what is saved, for ever.
    pub(super) async fn run(mut self) {
        let mut looks = tokio::time::interval(NEW_FILES);
        loop {
            tokio::select! {
                event = self.events.recv() => match event {
                    Some(event) => self.changed(event).await,
                    // The watch has failed; folders are still looked at.
                    None => std::future::pending().await,
                },
                _ = looks.tick(), if self.sources.has_folders() => self.look_for_new_files().await,
            }
        }
    }

    async fn changed(&mut self, event: FileEvent) {
        let path = match &event {
            FileEvent::Changed { path, .. } | FileEvent::Gone { path } => path,
        };
        if let Some((_, mocks)) = self.mocks.as_ref().filter(|(file, _)| file == path) {
            complain(&reload(mocks, &event));
            return;
        }
        let known = self.beside.clone();
        for (name, watched) in self.watched.clone() {
            let is_beside = self.beside.get(&name).is_some_and(|beside| beside.contains(path));
            match &event {
                FileEvent::Changed { .. } if watched == *path || is_beside => {
                    self.register(&name, &watched, true).await;
                }
                FileEvent::Gone { .. } if watched == *path => {
                    complain(&format!("asldb: {} is gone; state machine {name} stays as it is", path.display()));
                }
                _ => {}
            }
        }
        if self.beside != known
            && let Err(error) = self.watch_beside()
        {
            self.tell_once(format!("asldb: {error}"));
        }
    }

    /// Watches what was read beside the definitions, too.
    fn watch_beside(&mut self) -> Result<(), WatchError> {
        if self.beside.values().any(|beside| !beside.is_empty()) {
            let paths = paths(&self.watched, &self.beside, self.mocks.as_ref());
            (self.watch, self.events) = FileWatch::channel(&paths)?;
        }
        Ok(())
    }

    async fn register(&mut self, name: &str, path: &Path, tells_success: bool) {
        let registered = self.registrar.register(name, path).await;
        registered.notes.iter().for_each(|note| complain(note));
        for machine in registered.machines.iter().filter(|_| tells_success) {
            complain(&format!("asldb: state machine {machine} is as {} now", path.display()));
        }
        for machine in &registered.failed {
            complain(&format!("asldb: state machine {machine} was not changed"));
        }
        self.beside.insert(name.to_owned(), registered.beside);
    }

    async fn look_for_new_files(&mut self) {
        let found = match self.sources.list() {
            Ok(found) => found,
            Err(error) => return self.tell_once(format!("asldb: {error:#}")),
        };
        self.trouble = None;
        if found == self.watched {
            return;
        }
        let (watch, events) = match FileWatch::channel(&paths(&found, &self.beside, self.mocks.as_ref())) {
            Ok(started) => started,
            Err(error) => return self.tell_once(format!("asldb: {error}")),
        };
        (self.watch, self.events) = (watch, events);
        let before = std::mem::replace(&mut self.watched, found);
        for (name, path) in self.watched.clone() {
            // Files that were known may have been saved between the two watches.
            self.register(&name, &path, before.get(&name) != Some(&path)).await;
        }
        for (name, path) in before.iter().filter(|(name, _)| !self.watched.contains_key(*name)) {
            complain(&format!("asldb: {} is gone; state machine {name} stays as it is", path.display()));
        }
    }

    fn tell_once(&mut self, trouble: String) {
        if self.trouble.as_ref() != Some(&trouble) {
            complain(&trouble);
            self.trouble = Some(trouble);
        }
    }
}

fn paths(
    definitions: &BTreeMap<String, PathBuf>,
    beside: &BTreeMap<String, Vec<PathBuf>>,
    mocks: Option<&(PathBuf, Arc<Mocks>)>,
) -> Vec<PathBuf> {
    definitions.values().chain(beside.values().flatten()).chain(mocks.map(|(file, _)| file)).cloned().collect()
}

/// Uses the mock file as it was saved; what there is to say about it.
fn reload(mocks: &Mocks, event: &FileEvent) -> String {
    let FileEvent::Changed { path, bytes } = event else {
        return "asldb: the mock file is gone; its last content stays in use".to_owned();
    };
    let name = path.display().to_string();
    let text = match encoding::decode(bytes) {
        Ok(text) => text,
        Err(error) => return format!("{name}: {error}; its last content stays in use"),
    };
    match mocks.reload(text) {
        Ok(()) => format!("asldb: mocks are as in {name} now"),
        Err(faults) => {
            let lines = LineIndex::new(text);
            let shown: Vec<String> = faults.iter().map(|fault| fault.render(&name, text, &lines)).collect();
            format!("{}\nasldb: the last content of the mock file stays in use", shown.join("\n"))
        }
    }
}
