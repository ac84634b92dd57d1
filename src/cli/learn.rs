//! `asldb learn`: the course in the debugger.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use super::args::LearnArgs;
use super::debugger;
use crate::config::{Folders, Progress, replace_file};
use crate::tui::learn::{Course, LESSONS, find};

/// Opens a lesson, or lists them.
///
/// # Errors
/// There is no such lesson, no terminal, or no folder to put lessons in.
pub fn learn(args: &LearnArgs) -> anyhow::Result<ExitCode> {
    let folders = Folders::from_environment()?;
    let progress = Progress::load(&folders.progress());
    if args.list {
        list(&progress, &mut std::io::stdout().lock())?;
        return Ok(ExitCode::SUCCESS);
    }
    let lesson = match &args.lesson {
        Some(name) => {
            find(name).ok_or_else(|| anyhow!("there is no lesson {name}; `asldb learn --list` lists them"))?
        }
        None => first_open(&progress),
    };
    debugger::lesson(args, &folders, lesson)
}

/// The first lesson that is not done; when all are, the first.
fn first_open(progress: &Progress) -> usize {
    let is_open = |id: &str| !progress.done.iter().any(|done| done == id);
    LESSONS.iter().position(|lesson| is_open(lesson.id)).unwrap_or(0)
}

fn list(progress: &Progress, out: &mut impl Write) -> std::io::Result<()> {
    for (at, lesson) in LESSONS.iter().enumerate() {
        let done = if progress.done.iter().any(|done| done == lesson.id) { "done" } else { "" };
        writeln!(out, "{:>2}  {:<16} {:<4}  {}", at + 1, lesson.id, done, lesson.title)?;
    }
    Ok(())
}

/// Puts the files of a lesson into `folder`, as they are at its start, and gives its state in the course.
///
/// # Errors
/// A file cannot be written.
pub fn prepare(folder: &Path, lesson: usize, progress: Progress) -> anyhow::Result<Course> {
    let Some(text) = LESSONS.get(lesson) else { return Err(anyhow!("there is no lesson {}", lesson + 1)) };
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = |ending: &str| folder.join(format!("{}.{ending}", text.id));
    let files = [
        (file("asl.json"), Some(text.definition)),
        (file("input.json"), Some(text.input)),
        (file("mock.json"), text.mocks),
    ];
    for (path, content) in files {
        match content {
            Some(content) => {
                replace_file(&path, content.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
            }
            // One that an answer was kept in.
            None => drop(std::fs::remove_file(&path)),
        }
    }
    Ok(Course::new(folder.to_owned(), lesson, progress))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_as_they_were_whenever_they_are_opened() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = find("wait").expect("a lesson");
        for name in ["wait.asl.json", "wait.mock.json"] {
            std::fs::write(folder.path().join(name), "changed").expect("written");
        }
        let course = prepare(folder.path(), at, Progress::default()).expect("written");
        let text = std::fs::read_to_string(folder.path().join("wait.asl.json")).expect("there");
        assert_eq!((course.lesson().id, text.as_str()), ("wait", LESSONS[at].definition));
        assert!(!folder.path().join("wait.mock.json").exists());
        assert!(prepare(folder.path(), 99, Progress::default()).is_err());
    }

    #[test]
    fn the_course_goes_on_where_it_was_left() {
        let progress = Progress { done: vec!["first-steps".into(), "stages".into()], ..Progress::default() };
        assert_eq!((first_open(&Progress::default()), first_open(&progress)), (0, 2));
        let mut out = Vec::new();
        list(&progress, &mut out).expect("written");
        let text = String::from_utf8(out).expect("text");
        assert!(
            text.lines().next().is_some_and(|line| line.contains("first-steps") && line.contains("done")),
            "{text}"
        );
        assert_eq!(text.lines().count(), LESSONS.len());
    }
}
