//! The files of the loop: opened, watched, written.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use super::Loop;
use crate::config::{Folders, Recent, Theme};
use crate::text::encoding::BYTE_ORDER_MARK;
use crate::tui::app::{App, Message, Rewrite};
use crate::tui::style::Styles;
use crate::tui::terminal::{Editor, Input, Screen};
use crate::watch::{FileEvent, FileWatch};

impl Loop {
    pub(super) fn open(&mut self, path: &Path, machine: Option<&str>) {
        match (self.host.open)(path, machine) {
            Ok((setup, questions)) => {
                self.mocks = setup.mocks.as_ref().map(|choice| choice.mocks.clone());
                self.source.clone_from(&setup.source);
                self.file.clone_from(&setup.file);
                self.mocks_path = setup.mocks.as_ref().map(|choice| choice.path.clone());
                match App::new(setup) {
                    Ok(app) => self.app = app,
                    Err(error) => return self.say(error.to_string()),
                }
                self.forward_questions(questions);
                self.watch_files();
                self.remember();
            }
            Err(error) => self.say(format!("{error:#}")),
        }
    }

    /// Adds the file to the recent ones.
    pub(super) fn remember(&self) {
        if let (Some(folders), Some(file)) = (&self.host.folders, &self.file) {
            let list = folders.recent();
            let mut recent = Recent::load(&list);
            recent.push(file);
            // A list that cannot be kept is no reason to bother anybody.
            drop(recent.save(&list));
        }
    }

    /// Watches the definition, what was read beside it, and the mock file.
    pub(super) fn watch_files(&mut self) {
        self.watch = None;
        let beside = self.source.as_ref().map(|source| source.beside.clone()).unwrap_or_default();
        // One that is not there yet may come.
        let mocks_path = self.mocks_path.clone().or_else(|| self.app.mock_path());
        let paths: Vec<PathBuf> = self.file.iter().chain(&beside).chain(&mocks_path).cloned().collect();
        *self.beside.lock().unwrap_or_else(PoisonError::into_inner) = beside;
        if paths.is_empty() {
            return;
        }
        let (sender, file, mocks) = (self.sender.clone(), self.file.clone(), self.mocks.clone());
        let rereader = self.rereader();
        let report = move |event: FileEvent| {
            let message = match event {
                FileEvent::Changed { path, bytes } if Some(&path) == mocks_path.as_ref() => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    Some(match &mocks {
                        Some(mocks) => Message::MocksReloaded(mocks.reload(&text).err().unwrap_or_default()),
                        None => Message::MocksAppeared(text),
                    })
                }
                FileEvent::Gone { path } if Some(&path) == file.as_ref() => Some(Message::DefinitionGone),
                FileEvent::Gone { path } if Some(&path) == mocks_path.as_ref() => None,
                // Read here, on the thread of the watch: the screen does not wait for it.
                FileEvent::Changed { .. } | FileEvent::Gone { .. } => rereader.as_ref().map(|read| read()),
            };
            if let Some(message) = message {
                drop(sender.send(message));
            }
        };
        match FileWatch::start(&paths, report) {
            Ok(watch) => self.watch = Some(watch),
            Err(error) => self.say(format!("{error}; Ctrl-r reads the file again.")),
        }
    }

    /// Watches other files than before, if other ones were read beside the definition.
    pub(super) fn follow_beside(&mut self) {
        let beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(source) = self.source.as_mut().filter(|source| source.beside != beside) else { return };
        source.beside = beside;
        self.watch_files();
    }

    /// What reads the definition again, on whatever thread.
    pub(super) fn rereader(&self) -> Option<impl Fn() -> Message + Send + use<>> {
        let (source, known) = (self.source.clone()?, self.beside.clone());
        Some(move || match (source.read)() {
            Ok((definition, beside)) => {
                *known.lock().unwrap_or_else(PoisonError::into_inner) = beside;
                Message::Definition(Arc::new(definition))
            }
            Err(why) => Message::Say(why),
        })
    }

    pub(super) fn reload(&self) {
        let Some(read) = self.rereader() else { return };
        let sender = self.sender.clone();
        tokio::task::spawn_blocking(move || drop(sender.send(read())));
    }

    pub(super) fn edit(&mut self, line: usize, column: usize, screen: &mut Screen, input: &mut Input) {
        let Some(file) = self.app.edited_file() else { return };
        let editor = Editor::from_environment(|name| std::env::var(name).ok());
        match screen.run(input, &mut editor.command(&file, line, column)) {
            Ok(status) if status.success() => {}
            Ok(status) => self.say(format!("{} ended with {status}.", editor.program())),
            Err(error) => self.say(format!("{} cannot be started: {error}. Set VISUAL or EDITOR.", editor.program())),
        }
        self.reload();
    }

    pub(super) fn write_mocks(&mut self, path: &Path, text: &str) {
        match crate::config::replace_file(path, text.as_bytes()) {
            Ok(()) => self.say(format!("Kept in {}.", path.display())),
            Err(error) => self.say(format!("{} cannot be written: {error}", path.display())),
        }
    }

    /// Writes the definition, unless its file says something else by now.
    pub(super) fn write_definition(&self, rewrite: &Rewrite) {
        match rewritten_file(rewrite) {
            Ok(()) => {
                self.say(format!("Written to {}.", rewrite.path.display()));
                self.reload();
            }
            Err(error) => self.say(format!("{} was not written: {error}", rewrite.path.display())),
        }
    }

    pub(super) fn keep(&self, session: &crate::config::Session) {
        if let (Some(folders), Some(source)) = (&self.host.folders, &self.source)
            && let Err(error) = session.save(&folders.session(&source.kept_as))
        {
            self.say(format!("Breakpoints and input cannot be kept: {error}"));
        }
    }

    pub(super) fn load_theme(&self, name: &str) {
        let themes = self.host.folders.as_ref().map(Folders::themes);
        let loaded = Theme::load(name, themes.as_deref());
        let message = loaded.and_then(|theme| {
            let styles = Styles::new(&theme, self.host.depth)?;
            Ok(Message::Theme(Box::new(theme), styles))
        });
        drop(self.sender.send(message.unwrap_or_else(|error| Message::Say(error.to_string()))));
    }
}

/// Replaces what a definition's file says; links, permissions and a byte order mark stay.
fn rewritten_file(rewrite: &Rewrite) -> io::Result<()> {
    let path = std::fs::canonicalize(&rewrite.path)?;
    let (bytes, permissions) = (std::fs::read(&path)?, std::fs::metadata(&path)?.permissions());
    let content = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    if content != rewrite.old.as_bytes() {
        return Err(io::Error::other("the file was changed by somebody else; its newest text is shown"));
    }
    let mark = &bytes[..bytes.len() - content.len()];
    crate::config::replace_file(&path, &[mark, rewrite.new.as_bytes()].concat())?;
    std::fs::set_permissions(&path, permissions)
}
