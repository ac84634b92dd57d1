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
use crate::watch::{FileEvent, FileWatch};

/// How often folders are looked through for new files.
const NEW_FILES: Duration = Duration::from_secs(1);

/// Keeps the state machines and the mocks as the files are.
pub(super) struct Follower {
    registrar: Registrar,
    sources: Sources,
    mocks: Option<(PathBuf, Arc<Mocks>)>,
    /// The definitions that are being watched, by state machine.
    watched: BTreeMap<String, PathBuf>,
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
        let (watch, events) = FileWatch::channel(&paths(&watched, mocks.as_ref()))?;
        let follower = Self { registrar, sources, mocks, watched, events, watch, trouble: None };
        for (name, path) in &follower.watched {
            follower.register(name, path, false).await;
        }
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

    async fn changed(&self, event: FileEvent) {
        let path = match &event {
            FileEvent::Changed { path, .. } | FileEvent::Gone { path } => path,
        };
        if let Some((_, mocks)) = self.mocks.as_ref().filter(|(file, _)| file == path) {
            complain(&reload(mocks, &event));
            return;
        }
        for (name, path) in self.watched.iter().filter(|(_, watched)| *watched == path) {
            match &event {
                FileEvent::Changed { .. } => self.register(name, path, true).await,
                FileEvent::Gone { .. } => {
                    complain(&format!("asldb: {} is gone; state machine {name} stays as it is", path.display()));
                }
            }
        }
    }

    async fn register(&self, name: &str, path: &Path, tells_success: bool) {
        match self.registrar.register(name, path).await {
            Ok(notes) => {
                if !notes.is_empty() {
                    complain(&notes);
                }
                if tells_success {
                    complain(&format!("asldb: state machine {name} is as {} now", path.display()));
                }
            }
            Err(faults) => complain(&format!("{faults}\nasldb: state machine {name} was not changed")),
        }
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
        let (watch, events) = match FileWatch::channel(&paths(&found, self.mocks.as_ref())) {
            Ok(started) => started,
            Err(error) => return self.tell_once(format!("asldb: {error}")),
        };
        (self.watch, self.events) = (watch, events);
        let before = std::mem::replace(&mut self.watched, found);
        for (name, path) in &self.watched {
            // Files that were known may have been saved between the two watches.
            self.register(name, path, before.get(name) != Some(path)).await;
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

fn paths(definitions: &BTreeMap<String, PathBuf>, mocks: Option<&(PathBuf, Arc<Mocks>)>) -> Vec<PathBuf> {
    definitions.values().chain(mocks.map(|(file, _)| file)).cloned().collect()
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
