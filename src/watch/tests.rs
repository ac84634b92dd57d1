//! Real files, real events. Every wait is for an event with a generous limit; that nothing comes is shown by the next
//! event being that of a later change.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::{FileEvent, FileWatch};

struct Watching {
    folder: tempfile::TempDir,
    events: UnboundedReceiver<FileEvent>,
    _watch: FileWatch,
}

impl Watching {
    /// Watches `names` in a new folder, each with its name as content.
    fn start(names: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let paths: Vec<_> = names.iter().map(|name| folder.path().join(name)).collect();
        for (path, name) in paths.iter().zip(names) {
            fs::write(path, name).expect("written");
        }
        let (watch, events) = FileWatch::channel(&paths).expect("a watch");
        Self { folder, events, _watch: watch }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("renamed");
    }

    fn next(&mut self) -> FileEvent {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let next = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), self.events.recv()).await });
        next.expect("an event within 20 seconds").expect("the watch lives")
    }

    #[track_caller]
    fn expect_changed(&mut self, name: &str, text: &str) {
        let expected = FileEvent::Changed { path: self.path(name), bytes: text.into() };
        assert_eq!(self.next(), expected);
    }
}

#[test]
fn a_write_in_place() {
    let mut watching = Watching::start(&["a"]);
    watching.write("a", "one");
    watching.expect_changed("a", "one");
    watching.write("a", "two");
    watching.expect_changed("a", "two");
}

#[test]
fn a_new_file_renamed_over_it_again_and_again() {
    let mut watching = Watching::start(&["a"]);
    for text in ["one", "two", "three"] {
        watching.write("a.new", text);
        watching.rename("a.new", "a");
        watching.expect_changed("a", text);
    }
}

#[test]
fn deleted_and_created_is_a_change_and_not_gone() {
    let mut watching = Watching::start(&["a"]);
    fs::remove_file(watching.path("a")).expect("removed");
    watching.write("a", "new");
    watching.expect_changed("a", "new");
}

#[test]
fn the_backup_dance_of_vim() {
    let mut watching = Watching::start(&["a"]);
    for text in ["one", "two"] {
        watching.write("4913", "");
        fs::remove_file(watching.path("4913")).expect("removed");
        watching.rename("a", "a~");
        watching.write("a", text);
        fs::remove_file(watching.path("a~")).expect("removed");
        watching.expect_changed("a", text);
    }
}

#[test]
fn deleted_for_good_is_gone_and_may_come_back() {
    let mut watching = Watching::start(&["a"]);
    fs::remove_file(watching.path("a")).expect("removed");
    assert_eq!(watching.next(), FileEvent::Gone { path: watching.path("a") });
    watching.write("a", "back");
    watching.expect_changed("a", "back");
}

#[test]
fn the_same_content_saved_again_is_no_event() {
    let mut watching = Watching::start(&["a", "b"]);
    watching.write("a", "a");
    watching.write("b", "other");
    watching.expect_changed("b", "other");
    watching.write("a", "later");
    watching.expect_changed("a", "later");
}

#[test]
fn two_files_and_a_neighbour_nobody_watches() {
    let mut watching = Watching::start(&["a", "b"]);
    watching.write("c", "ignored");
    watching.write("b", "two");
    watching.expect_changed("b", "two");
    watching.write("a", "one");
    watching.expect_changed("a", "one");
}

#[test]
fn a_folder_that_is_deleted_and_made_again() {
    let outer = tempfile::tempdir().expect("a folder");
    let folder = outer.path().join("inner");
    let file = folder.join("a");
    fs::create_dir(&folder).expect("a folder");
    fs::write(&file, "one").expect("written");
    let (watch, events) = FileWatch::channel(std::slice::from_ref(&file)).expect("a watch");
    let mut watching = Watching { folder: outer, events, _watch: watch };
    fs::remove_dir_all(&folder).expect("removed");
    assert_eq!(watching.next(), FileEvent::Gone { path: file.clone() });
    fs::create_dir(&folder).expect("a folder");
    fs::write(&file, "two").expect("written");
    watching.expect_changed("inner/a", "two");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_follows_its_target() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let target = elsewhere.path().join("target");
    fs::write(&target, "one").expect("written");
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("a");
    std::os::unix::fs::symlink(&target, &link).expect("a link");
    let (watch, events) = FileWatch::channel(&[link]).expect("a watch");
    let mut watching = Watching { folder, events, _watch: watch };
    fs::write(&target, "two").expect("written");
    watching.expect_changed("a", "two");
}

#[test]
fn a_watch_that_is_dropped_ends_its_channel() {
    let Watching { mut events, _watch: watch, folder: _folder } = Watching::start(&["a"]);
    drop(watch);
    assert_eq!(events.blocking_recv(), None);
}
