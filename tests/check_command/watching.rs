//! `--watch`: every wait is for a line with a generous limit.

use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use super::command::{BAD, Folder, GOOD, folder};

struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(folder: &Folder, args: &[&str]) -> Self {
        let mut child = folder.command(&[args, &["--watch"]].concat()).spawn().expect("the program starts");
        let stdout = BufReader::new(child.stdout.take().expect("it was piped"));
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// Waits for a summary.
    #[track_caller]
    fn expect(&self, summary: &str) {
        let mut seen = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(20)) {
            if line == summary {
                return;
            }
            seen.push(line);
        }
        panic!("{summary:?} did not come, only {seen:#?}");
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.child.kill().expect("it can be ended");
        self.child.wait().expect("it ends");
    }
}

#[test]
fn each_save_is_checked() {
    let folder = folder(&[("a.asl.json", GOOD)]);
    let watching = Watching::start(&folder, &["a.asl.json"]);
    watching.expect("1 definition: no problems");
    folder.write("a.asl.json", BAD);
    watching.expect("1 definition: 1 error");
    folder.write("a.asl.json", GOOD);
    watching.expect("1 definition: no problems");
}

#[test]
fn new_files_of_a_folder_are_found() {
    let folder = folder(&[("a.asl.json", GOOD)]);
    let watching = Watching::start(&folder, &["."]);
    watching.expect("1 definition: no problems");
    folder.write("sub/b.asl.json", BAD);
    watching.expect("2 definitions: 1 error");
    folder.write("sub/b.asl.json", GOOD);
    watching.expect("2 definitions: no problems");
    std::fs::remove_file(folder.path("sub/b.asl.json")).expect("removed");
    watching.expect("1 definition: no problems");
}
