//! Files that change, whatever the editor does to them.
//!
//! Editors write in place, rename a new file over the old one, or delete and create; a watch on the file itself goes
//! deaf after most of these. So the folder is watched and the content compared: what counts is what a reader sees.

mod folders;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use folders::Folders;

/// How long nothing may happen before a file is read: a save is several events.
const SETTLE: Duration = Duration::from_millis(80);
/// The longest a busy folder can put a look off.
const PATIENCE: Duration = Duration::from_millis(800);
/// How long a file may be missing before it counts as gone: some editors delete first and write after.
const ABSENCE: Duration = Duration::from_millis(300);
/// How often a folder that went away is looked for.
const RETRY: Duration = Duration::from_millis(500);

/// What happened to a watched file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileEvent {
    /// It has other content than before, or exists again.
    Changed {
        /// The file, as it was named to the watch.
        path: PathBuf,
        /// All of its content.
        bytes: Vec<u8>,
    },
    /// It does not exist any more, or cannot be read.
    Gone {
        /// The file, as it was named to the watch.
        path: PathBuf,
    },
}

/// Why a watch could not start.
#[derive(Debug, thiserror::Error)]
#[error("files cannot be watched: {0}")]
pub struct WatchError(#[from] notify::Error);

/// A watch on some files; it ends when this is dropped.
#[derive(Debug)]
pub struct FileWatch {
    signals: Sender<Signal>,
}

enum Signal {
    Event(notify::Result<Event>),
    Stop,
}

impl FileWatch {
    /// Calls `report` from a thread of its own for every change of content from now on. To miss nothing, start the
    /// watch first and read the files after.
    ///
    /// # Errors
    /// When the system gives no watch at all. A folder that does not exist yet is waited for.
    pub fn start(paths: &[PathBuf], report: impl FnMut(FileEvent) + Send + 'static) -> Result<Self, WatchError> {
        let (signals, inbox) = mpsc::channel();
        let events = signals.clone();
        // Sending fails only when the thread has ended, and then nobody listens.
        let watcher = notify::recommended_watcher(move |event| drop(events.send(Signal::Event(event))))?;
        let files: Vec<_> = paths.iter().map(|path| Watched::new(path)).collect();
        let mut folders = Folders::new(watcher, files.iter().flat_map(|file| file.folders.iter().cloned()));
        folders.watch_missing();
        let mut work = Work { files, folders, report };
        work.remember();
        thread::Builder::new().name("asldb-watch".into()).spawn(move || work.run(&inbox)).map_err(notify::Error::io)?;
        Ok(Self { signals })
    }

    /// The same with a channel.
    ///
    /// # Errors
    /// As [`FileWatch::start`].
    pub fn channel(paths: &[PathBuf]) -> Result<(Self, UnboundedReceiver<FileEvent>), WatchError> {
        let (sender, receiver) = unbounded_channel();
        let watch = Self::start(paths, move |event| drop(sender.send(event)))?;
        Ok((watch, receiver))
    }
}

impl Drop for FileWatch {
    fn drop(&mut self) {
        // Not joined: the thread may be inside the callback, and whoever drops the watch should not wait for it.
        drop(self.signals.send(Signal::Stop));
    }
}

/// A file and what was last seen of it.
struct Watched {
    path: PathBuf,
    /// Where events about it show up: its own folder and, through a symbolic link, that of its target.
    folders: Vec<PathBuf>,
    names: Vec<PathBuf>,
    content: Option<Vec<u8>>,
    /// Since when it has been missing, unless that has been reported.
    missing: Option<Instant>,
}

impl Watched {
    fn new(path: &Path) -> Self {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let mut names = vec![absolute.clone()];
        names.extend(absolute.canonicalize().ok().filter(|target| *target != absolute));
        let folders = names.iter().filter_map(|name| name.parent()).map(Path::to_owned).collect();
        Self { path: path.to_owned(), folders, names, content: None, missing: None }
    }

    /// By name only, as a folder may have several spellings; a look too many costs one read.
    fn is_named(&self, path: &Path) -> bool {
        self.names.iter().any(|name| name.file_name() == path.file_name())
    }

    fn look(&mut self) -> Option<FileEvent> {
        match fs::read(&self.path) {
            Ok(bytes) => {
                self.missing = None;
                if self.content.as_ref() == Some(&bytes) {
                    return None;
                }
                self.content = Some(bytes.clone());
                Some(FileEvent::Changed { path: self.path.clone(), bytes })
            }
            Err(_) => self.look_missing(),
        }
    }

    fn look_missing(&mut self) -> Option<FileEvent> {
        self.content.as_ref()?;
        let since = *self.missing.get_or_insert_with(Instant::now);
        if since.elapsed() < ABSENCE {
            return None;
        }
        (self.content, self.missing) = (None, None);
        Some(FileEvent::Gone { path: self.path.clone() })
    }
}

struct Work<F> {
    files: Vec<Watched>,
    folders: Folders,
    report: F,
}

impl<F: FnMut(FileEvent)> Work<F> {
    fn remember(&mut self) {
        for file in &mut self.files {
            file.content = fs::read(&file.path).ok();
        }
    }

    fn run(&mut self, inbox: &Receiver<Signal>) {
        loop {
            match self.next(inbox) {
                Ok(Signal::Event(event)) if !self.concerns(&event) => continue,
                Ok(Signal::Event(_)) => {
                    if !self.settle(inbox) {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
            self.folders.watch_missing();
            for event in self.files.iter_mut().filter_map(Watched::look) {
                (self.report)(event);
            }
        }
    }

    /// Waits for the next event; with a limit only while something is missing, so that an idle watch costs nothing.
    fn next(&self, inbox: &Receiver<Signal>) -> Result<Signal, RecvTimeoutError> {
        let missing = self.files.iter().any(|file| file.missing.is_some());
        let limit = match (missing, self.folders.is_complete()) {
            (true, _) => ABSENCE,
            (false, false) => RETRY,
            (false, true) => return inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        inbox.recv_timeout(limit)
    }

    /// Swallows events until it is quiet; false when the watch is to stop.
    fn settle(&mut self, inbox: &Receiver<Signal>) -> bool {
        let start = Instant::now();
        let mut quiet = start + SETTLE;
        loop {
            let left = quiet.min(start + PATIENCE).saturating_duration_since(Instant::now());
            match inbox.recv_timeout(left) {
                // Only what concerns the files puts the look off: folders of busy programs never fall silent.
                Ok(Signal::Event(event)) if !self.concerns(&event) => {}
                Ok(Signal::Event(_)) => quiet = Instant::now() + SETTLE,
                Err(RecvTimeoutError::Timeout) => return true,
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    /// Whether an event may mean that a file has other content; notes folders that went away.
    fn concerns(&mut self, event: &notify::Result<Event>) -> bool {
        let Ok(event) = event else {
            return true;
        };
        // Reading a file is an event as well: without this every look would cause the next one.
        let wrote = EventKind::Access(AccessKind::Close(AccessMode::Write));
        if matches!(event.kind, EventKind::Access(_)) && event.kind != wrote {
            return false;
        }
        let lost = self.folders.note(event);
        let named = |path: &PathBuf| self.files.iter().any(|file| file.is_named(path));
        lost || event.paths.is_empty() || event.paths.iter().any(named)
    }
}

#[cfg(test)]
mod tests;
