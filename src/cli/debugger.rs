//! `asldb [FILE]`: the terminal interface.

mod listen;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use tokio::sync::mpsc::UnboundedReceiver;

use super::args::{DebuggerArgs, Kind, LearnArgs};
use super::buckets::with_buckets;
use super::open::{self, Source};
use super::{learn, run, samples};
use crate::asl::{self, Definition, MachineType, lint};
use crate::config::{Folders, Progress, Recent, Session, Theme};
use crate::debug::SharedBreakpoints;
use crate::debug::replay::Replay;
use crate::load::Entry;
use crate::runtime::mock::Mocks;
use crate::runtime::tasks::Unanswered;
use crate::runtime::{Asking, Question, names};
use crate::tui::app::{self, MockChoice, Offer, Setup};
use crate::tui::glyph::Glyphs;
use crate::tui::run::{End, Host};
use crate::tui::style::{Depth, Styles};
use crate::tui::terminal;

/// Opens the debugger.
///
/// # Errors
/// No terminal, or a file or argument that cannot be used.
pub fn debug(args: &DebuggerArgs) -> anyhow::Result<ExitCode> {
    if args.input.as_deref() == Some("-") {
        return Err(anyhow!("the debugger reads keys from standard input; give the input as JSON or @FILE"));
    }
    let script = args.command.as_deref().map(|path| read_script(path, args.batch)).transpose()?;
    let opener = Opener::new(args)?;
    if let (Some(script), true) = (&script, args.batch) {
        return batch(&opener, script, args);
    }
    let (setup, questions) = match (&args.file, &args.replay) {
        (Some(file), _) => opener.open(file, args.source.machine.as_deref(), args)?,
        (None, Some(history)) => opener.replay(history)?,
        (None, None) => opener.offer(opener.offers())?,
    };
    show(opener, setup, questions, args, script)
}

/// Opens a lesson of the course.
///
/// # Errors
/// No terminal, or the files of the lesson cannot be written.
pub fn lesson(args: &LearnArgs, folders: &Folders, lesson: usize) -> anyhow::Result<ExitCode> {
    let args = DebuggerArgs { theme: args.theme.clone(), ascii: args.ascii, plain: args.plain, ..Default::default() };
    let opener = Opener { is_course: true, ..Opener::new(&args)? };
    let (setup, questions) = opener.lesson(&folders.lessons(), lesson, &args)?;
    show(opener, setup, questions, &args, None)
}

/// Shows the application until it ends.
fn show(
    opener: Opener,
    setup: Setup,
    questions: UnboundedReceiver<Question>,
    args: &DebuggerArgs,
    script: Option<String>,
) -> anyhow::Result<ExitCode> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(anyhow!("the debugger needs a terminal; `asldb run FILE` runs a definition without one"));
    }
    terminal::install_panic_hook();
    let (folders, depth) = (opener.folders.clone(), opener.depth);
    // What was given for one file does not hold for the next.
    let plain =
        DebuggerArgs { theme: args.theme.clone(), ascii: args.ascii, s3: args.s3.clone(), ..DebuggerArgs::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build();
    let runtime = runtime.context("cannot start")?;
    let listening = args.listen.map(|port| runtime.block_on(listen::start(port, &setup))).transpose()?;
    let given = args.clone();
    let open = move |path: &Path, machine: Option<&str>| {
        let args = if given.file.as_deref() == Some(path) { &given } else { &plain };
        opener.open(path, machine, args)
    };
    let host = Host { folders, depth, open: Box::new(open), listening, script: script.unwrap_or_default() };
    let end = runtime.block_on(crate::tui::run::run(setup, questions, host));
    // A run at full speed must not keep the program from ending.
    runtime.shutdown_background();
    match end? {
        End::Quit | End::Hangup => Ok(ExitCode::SUCCESS),
        End::Signal(number) => Ok(ExitCode::from(128 + u8::try_from(number).unwrap_or(0))),
    }
}

fn read_script(path: &Path, batch: bool) -> anyhow::Result<String> {
    if path.as_os_str() == "-" {
        if !batch {
            return Err(anyhow!(
                "keys are read from standard input; commands can be read from there with --batch only"
            ));
        }
        return std::io::read_to_string(std::io::stdin()).context("standard input cannot be read");
    }
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Runs a script of commands and prints the transcript.
fn batch(opener: &Opener, script: &str, args: &DebuggerArgs) -> anyhow::Result<ExitCode> {
    let (setup, questions) = match (&args.file, &args.replay) {
        (Some(file), _) => opener.open_with(file, Source::of(&args.source)?, args, |_| Session::default())?,
        (None, Some(history)) => opener.replay(history)?,
        (None, None) => return Err(anyhow!("commands need a FILE or a --replay HISTORY that they are about")),
    };
    // The transcript has no signs, which only the Unicode ones tell from words.
    let setup = Setup { seed: 0, glyphs: Glyphs::UNICODE, ..setup };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let mut out = std::io::stdout().lock();
    let is_right = runtime.block_on(crate::tui::batch::run(setup, questions, script, &mut out))?;
    runtime.shutdown_background();
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Brings up the application for a file.
struct Opener {
    folders: Option<Folders>,
    depth: Depth,
    glyphs: Glyphs,
    plain: bool,
    /// Whether lessons of the course are opened.
    is_course: bool,
    theme: Theme,
}

impl Opener {
    fn new(args: &DebuggerArgs) -> anyhow::Result<Self> {
        let variable = |name: &str| std::env::var(name).ok();
        let folders = Folders::from_environment().ok();
        let themes = folders.as_ref().map(Folders::themes);
        let theme = Theme::load(&args.theme, themes.as_deref())?;
        let glyphs = if args.ascii { Glyphs::ASCII } else { Glyphs::from_environment(variable) };
        let plain = args.plain || variable("ASLDB_PLAIN").is_some_and(|value| !value.is_empty() && value != "0");
        Ok(Self { folders, depth: Depth::from_environment(variable), glyphs, plain, is_course: false, theme })
    }

    /// The application for `file`, or for the state machine of it that is named; to choose one where there are several.
    fn open(
        &self,
        file: &Path,
        machine: Option<&str>,
        args: &DebuggerArgs,
    ) -> anyhow::Result<(Setup, UnboundedReceiver<Question>)> {
        if let Some((folders, lesson)) = self.folders.as_ref().filter(|_| self.is_course).zip(lesson_of(file)) {
            return self.lesson(&folders.lessons(), lesson, args);
        }
        let source = Source { machine: machine.map(str::to_owned), ..Source::of(&args.source)? };
        if machine.is_none() && args.listen.is_none() {
            let entries = open::entries(file, &source.settings)?.entries;
            if entries.len() > 1 {
                return self.offer(machines(file, &entries));
            }
        }
        let load = |kept_as: &Path| {
            self.folders.as_ref().map(|folders| Session::load(&folders.session(kept_as))).unwrap_or_default()
        };
        self.open_with(file, source, args, load)
    }

    /// The application for the definition of `file` that `source` means; `session` gives what was kept of it.
    fn open_with(
        &self,
        file: &Path,
        source: Source,
        args: &DebuggerArgs,
        session: impl Fn(&Path) -> Session,
    ) -> anyhow::Result<(Setup, UnboundedReceiver<Question>)> {
        let opened = open::definition(file, &source)?;
        let Entry { definition, kind, logical_id } = opened.entry;
        let kept_as = logical_id.as_ref().map_or_else(|| file.to_owned(), |id| kept_as(file, id));
        let session = session(&kept_as);
        let machine_name = logical_id.unwrap_or_else(|| names::machine_name(file));
        let input = self.input(file, &machine_name, &session, args)?;
        let mocks = mock_choice(file, &machine_name, args)?;
        let (asking, questions) = Asking::with_parts(with_buckets(Arc::new(Unanswered), &args.s3, None)?);
        let definition = Arc::new(judged(definition, kind));
        let history = args.replay.as_deref().map(|path| history_of(path, Some(&definition))).transpose()?;
        let input = match &history {
            Some(history) if args.input.is_none() => history.execution.input.to_pretty_json(),
            _ => input,
        };
        let setup = Setup {
            history: history.map(Arc::new),
            definition: Some(definition),
            file: Some(file.to_owned()),
            machine_name,
            input,
            mocks,
            source: Some(app::Source { kept_as, beside: opened.beside, read: read_again(file, source) }),
            is_express: Kind::or(args.kind, kind) == Kind::Express,
            ..self.setup(asking, session)?
        };
        Ok((setup, questions))
    }

    /// The application on a lesson of the course, as it is at its start.
    fn lesson(
        &self,
        folder: &Path,
        lesson: usize,
        args: &DebuggerArgs,
    ) -> anyhow::Result<(Setup, UnboundedReceiver<Question>)> {
        let progress = self.folders.as_ref().map(|folders| Progress::load(&folders.progress())).unwrap_or_default();
        let course = learn::prepare(folder, lesson, progress)?;
        let file = folder.join(format!("{}.asl.json", course.lesson().id));
        let (setup, questions) = self.open_with(&file, Source::of(&args.source)?, args, |_| Session::default())?;
        Ok((Setup { course: Some(course), ..setup }, questions))
    }

    /// The application on a history alone.
    fn replay(&self, path: &Path) -> anyhow::Result<(Setup, UnboundedReceiver<Question>)> {
        let (asking, questions) = Asking::new();
        let history = Some(Arc::new(history_of(path, None)?));
        Ok((Setup { history, ..self.setup(asking, Session::default())? }, questions))
    }

    /// The application without a definition: what can be opened.
    fn offer(&self, offers: Vec<Offer>) -> anyhow::Result<(Setup, UnboundedReceiver<Question>)> {
        let (asking, questions) = Asking::new();
        Ok((Setup { offers, ..self.setup(asking, Session::default())? }, questions))
    }

    fn setup(&self, asking: Arc<Asking>, session: Session) -> anyhow::Result<Setup> {
        let themes = self.folders.as_ref().map(Folders::themes);
        Ok(Setup {
            definition: None,
            file: None,
            machine_name: String::new(),
            input: String::new(),
            mocks: None,
            asking,
            session,
            offers: Vec::new(),
            source: None,
            is_express: false,
            themes: Theme::known(themes.as_deref()),
            theme: self.theme.name.clone(),
            styles: Styles::new(&self.theme, self.depth)?,
            glyphs: self.glyphs,
            plain: self.plain,
            course: None,
            seed: names::new_seed(),
            shared_breakpoints: SharedBreakpoints::default(),
            history: None,
        })
    }

    /// Recent files first, then the samples, which are put where they can be edited.
    fn offers(&self) -> Vec<Offer> {
        let mut offers = Vec::new();
        if let Some(folders) = &self.folders {
            let recent = Recent::load(&folders.recent());
            for file in recent.files().iter().filter(|file| file.exists()).take(8) {
                let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                offers.push(Offer { name, about: file.display().to_string(), file: file.clone(), machine: None });
            }
            let samples = samples::unpack(&folders.state.join("samples")).into_iter();
            offers.extend(samples.map(|(name, about, file)| Offer { name, about, file, machine: None }));
        }
        offers
    }

    /// The input: as given, as kept, as it stands beside the definition, or empty.
    fn input(&self, file: &Path, name: &str, session: &Session, args: &DebuggerArgs) -> anyhow::Result<String> {
        if let Some(argument) = &args.input {
            return Ok(open::input(Some(argument))?.to_pretty_json());
        }
        if let Some(kept) = &session.input {
            return Ok(kept.clone());
        }
        let beside = std::fs::read_to_string(file.with_file_name(format!("{name}.input.json")));
        Ok(beside.unwrap_or_else(|_| "{}".to_owned()))
    }
}

/// A history of so many bytes takes a moment, in which the screen is not taken yet.
const LARGE: u64 = 20 << 20;

/// The history in `path`. That a large one is being read is said, unless standard error goes elsewhere.
fn history_of(path: &Path, definition: Option<&Arc<Definition>>) -> anyhow::Result<Replay> {
    let size = std::fs::metadata(path).map_or(0, |file| file.len());
    if size >= LARGE && std::io::stderr().is_terminal() {
        super::complain(&format!("Reading {} ({} MB) ...", path.display(), size >> 20));
    }
    open::history(path, definition)
}

/// The lesson that has its definition in this file.
fn lesson_of(file: &Path) -> Option<usize> {
    let name = file.file_name()?.to_str()?;
    crate::tui::learn::find(name.strip_suffix(".asl.json")?)
}

/// The state machines of a template.
fn machines(file: &Path, entries: &[Entry]) -> Vec<Offer> {
    let offer = |entry: &Entry| {
        let kind = match entry.kind {
            Some(MachineType::Express) => "Express  ",
            _ => "Standard ",
        };
        let errors = entry.definition.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let errors = if errors > 0 { format!("  errors: {errors}") } else { String::new() };
        let about = format!("{kind} {}{errors}", entry.definition.name);
        Offer {
            name: entry.logical_id.clone().unwrap_or_default(),
            about,
            file: file.to_owned(),
            machine: entry.logical_id.clone(),
        }
    };
    entries.iter().map(offer).collect()
}

/// Under which name the session of a machine of a template is kept.
fn kept_as(file: &Path, id: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("#");
    name.push(id);
    name.into()
}

/// The definition with all that is known about it: what its type forbids, and what is likely not meant.
fn judged(definition: Definition, kind: Option<MachineType>) -> Definition {
    let mut diagnostics = asl::for_type(&definition, kind.unwrap_or_default());
    lint::complete(&definition, &[], &mut diagnostics);
    Definition { diagnostics, ..definition }
}

/// Reads the definition again when a file changes.
fn read_again(file: &Path, source: Source) -> Arc<app::ReadAgain> {
    let file = file.to_owned();
    Arc::new(move || {
        let opened = open::definition(&file, &source).map_err(|error| format!("{error:#}"))?;
        let Entry { definition, kind, .. } = opened.entry;
        Ok((judged(definition, kind), opened.beside))
    })
}

/// The mock file that was named, or the one beside the definition.
fn mock_choice(file: &Path, machine: &str, args: &DebuggerArgs) -> anyhow::Result<Option<MockChoice>> {
    let (path, case) = match &args.mocks {
        Some(path) => (path.clone(), args.case.clone()),
        None => {
            let beside = file.with_file_name(format!("{machine}.mock.json"));
            if !beside.exists() {
                return Ok(None);
            }
            // Nobody asked for this file, so nothing has to be chosen either: the first case answers.
            let mocks = run::read_mocks(&beside)?;
            let first = mocks.cases(machine).next().map(ToString::to_string);
            if first.is_none() {
                return Ok(None);
            }
            (beside, first)
        }
    };
    let mocks = run::read_mocks(&path)?;
    let chosen = run::choose_case(&mocks, machine, case.as_deref());
    let (machine, case) = chosen.map_err(|error| error.context(path.display().to_string()))?;
    Ok(Some(MockChoice { mocks: Mocks::new(mocks), path, machine, case }))
}
