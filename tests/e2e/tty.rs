//! The program in a pseudo-terminal: keys go in as bytes, and the screen is read back by a terminal emulator.
//!
//! Nothing here sleeps for a guessed time: a test waits for what it wants to see, and when that does not come the
//! failure shows the screen instead.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use vt100::Screen;

use crate::home::Home;

/// The longest a test waits for anything.
const LIMIT: Duration = Duration::from_secs(60);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(1);

/// What the terminal was told beside what is on the screen.
#[derive(Default)]
pub(crate) struct Told {
    /// The texts for the clipboard, in base64.
    pub(crate) copied: Vec<String>,
    /// Whether a frame has begun and not ended.
    draws: bool,
}

impl vt100::Callbacks for Told {
    fn copy_to_clipboard(&mut self, _: &mut Screen, _: &[u8], data: &[u8]) {
        self.copied.push(String::from_utf8_lossy(data).into_owned());
    }

    /// Synchronized updates, which the emulator does not know.
    fn unhandled_csi(&mut self, _: &mut Screen, _: Option<u8>, _: Option<u8>, numbers: &[&[u16]], end: char) {
        if numbers == [[2026]] {
            self.draws = end == 'h';
        }
    }
}

type Parser = vt100::Parser<Told>;

/// A running asldb and its terminal.
pub(crate) struct Tty {
    parser: Arc<Mutex<Parser>>,
    child: Box<dyn Child + Send + Sync>,
    ended: Option<ExitStatus>,
    reader: Option<JoinHandle<()>>,
    writer: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
}

fn some(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).expect("a terminal has rows and columns")
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

impl Tty {
    /// Starts asldb with `arguments` in a terminal of `columns` by `rows`; the environment is that of `home` and what
    /// `variables` adds to it.
    pub(crate) fn start(
        home: &Home,
        (columns, rows): (u16, u16),
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_asldb"));
        command.args(arguments);
        command.cwd(home.folder());
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        for (name, value) in variables {
            command.env(name, value);
        }
        Self::spawn(command, columns, rows)
    }

    fn spawn(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("asldb starts");
        let parser = Parser::new_with_callbacks(some(rows), some(columns), 0, Told::default());
        let parser = Arc::new(Mutex::new(parser));
        let mut output = pair.master.try_clone_reader().expect("a reader");
        let target = parser.clone();
        let reader = thread::spawn(move || {
            let mut bytes = [0; 16 * 1024];
            // The read fails when the last process has closed the terminal.
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                lock(&target).process(&bytes[..count]);
            }
        });
        let writer = pair.master.take_writer().expect("a writer");
        Self { parser, child, ended: None, reader: Some(reader), writer, master: pair.master }
    }

    /// The process, for signals.
    pub(crate) fn process(&self) -> rustix::process::Pid {
        let id = self.child.process_id().and_then(|id| i32::try_from(id).ok());
        id.and_then(rustix::process::Pid::from_raw).expect("the process runs")
    }

    /// Sends `signal` to the process.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.process(), signal).expect("the process runs");
    }

    // ---- keys

    /// Types `text` as it is.
    pub(crate) fn send(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).expect("the terminal takes input");
        self.writer.flush().expect("the terminal takes input");
    }

    /// Presses keys: single characters, or names as in the help (`Enter`, `Ctrl-s`, `F5`), separated by blanks.
    pub(crate) fn keys(&mut self, keys: &str) {
        let bytes: String = keys.split(' ').map(key_bytes).collect();
        self.send(&bytes);
    }

    /// Pastes `text` as terminals with bracketed paste do.
    pub(crate) fn paste(&mut self, text: &str) {
        self.send(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Clicks the left button at a column and a row, both from 0.
    pub(crate) fn click(&mut self, column: u16, row: u16) {
        let at = format!("0;{};{}", column + 1, row + 1);
        self.send(&format!("\x1b[<{at}M\x1b[<{at}m"));
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        lock(&self.parser).set_size(some(rows), some(columns));
        self.master.resize(size(columns, rows)).expect("the terminal is there");
    }

    // ---- screen

    /// Reads something off the screen, which is shown frame by frame: never one that is half drawn.
    pub(crate) fn screen<T>(&self, read: impl FnOnce(&Screen) -> T) -> T {
        let start = Instant::now();
        loop {
            let parser = lock(&self.parser);
            if !parser.callbacks().draws || start.elapsed() > LIMIT {
                return read(parser.screen());
            }
            drop(parser);
            thread::sleep(LOOK);
        }
    }

    /// The text of the screen, line by line.
    pub(crate) fn text(&self) -> String {
        self.screen(Screen::contents)
    }

    /// The texts that were sent to the clipboard.
    pub(crate) fn copied(&self) -> Vec<String> {
        lock(&self.parser).callbacks().copied.clone()
    }

    /// Waits until `text` is on the screen.
    #[track_caller]
    pub(crate) fn wait_text(&mut self, text: &str) {
        self.wait(&format!("`{text}`"), |screen| screen.contents().contains(text));
    }

    /// Waits until `text` is not on the screen.
    #[track_caller]
    pub(crate) fn wait_gone(&mut self, text: &str) {
        self.wait(&format!("`{text}` to go"), |screen| !screen.contents().contains(text));
    }

    /// Waits until the first line has `text` in it.
    #[track_caller]
    pub(crate) fn wait_header(&mut self, text: &str) {
        self.wait(&format!("`{text}` in the first line"), |screen| row_text(screen, 0).contains(text));
    }

    /// Waits until the last line has `text` in it.
    #[track_caller]
    pub(crate) fn wait_footer(&mut self, text: &str) {
        let last = |screen: &Screen| row_text(screen, screen.size().0.get() - 1);
        self.wait(&format!("`{text}` in the last line"), |screen| last(screen).contains(text));
    }

    /// Waits until `done` says so; returns how long that took. `what` is for the message of the failure.
    #[track_caller]
    pub(crate) fn wait(&mut self, what: &str, done: impl Fn(&Screen) -> bool) -> Duration {
        let start = Instant::now();
        loop {
            if self.screen(&done) {
                return start.elapsed();
            }
            // Once more after the end: the last words may have been read in between.
            let is_over = self.has_ended();
            if (is_over && !self.screen(&done)) || start.elapsed() > LIMIT {
                panic!("waiting for {what}, but the screen is:\n{}", self.picture());
            }
            thread::sleep(LOOK);
        }
    }

    /// The screen in a frame, the cursor, and whether the program has ended.
    fn picture(&self) -> String {
        self.screen(|screen| {
            let (rows, columns) = screen.size();
            let rule = "─".repeat(usize::from(columns.get()));
            let lines: Vec<String> = screen.rows(0, columns.get()).map(|line| format!("│{line}")).collect();
            let cursor = screen.cursor_position();
            let end = self.ended.as_ref().map_or_else(|| "running".to_owned(), |status| format!("ended: {status}"));
            format!("┌{rule}\n{}\n└{rule}\n{columns}x{rows}, cursor at {cursor:?}, {end}", lines.join("\n"))
        })
    }

    // ---- end

    /// Whether the program has ended and all it wrote is on the screen.
    fn has_ended(&mut self) -> bool {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().expect("the process can be asked");
        }
        self.ended.is_some() && self.reader.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits for the end; the exit status.
    #[track_caller]
    pub(crate) fn exit(&mut self) -> u32 {
        let start = Instant::now();
        while !self.has_ended() {
            assert!(start.elapsed() < LIMIT, "waiting for the end, but the screen is:\n{}", self.picture());
            thread::sleep(LOOK);
        }
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reader does not panic");
        }
        self.ended.as_ref().expect("it has ended").exit_code()
    }

    /// Quits with `q`, and checks that the terminal is as it was.
    #[track_caller]
    pub(crate) fn quit(&mut self) {
        self.keys("q");
        assert_eq!(self.exit(), 0, "{}", self.picture());
        self.assert_restored();
    }

    /// Whether the program gave back everything it took from the terminal.
    #[track_caller]
    pub(crate) fn assert_restored(&self) {
        assert!(self.screen(is_restored), "the terminal is not as it was:\n{}", self.picture());
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        if !self.has_ended() {
            // A process that is gone by now needs no ending.
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

fn lock(parser: &Mutex<Parser>) -> MutexGuard<'_, Parser> {
    parser.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the terminal is as programs expect it: main screen, cursor, no mouse, no brackets around what is pasted.
pub(crate) fn is_restored(screen: &Screen) -> bool {
    let mouse = screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None;
    mouse && !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
}

/// The text of row `row`, from 0.
pub(crate) fn row_text(screen: &Screen, row: u16) -> String {
    screen.rows(0, screen.size().1.get()).nth(usize::from(row)).unwrap_or_default()
}

/// The row and column where `text` begins, both from 0, if it is on the screen.
pub(crate) fn place_of(screen: &Screen, text: &str) -> Option<(u16, u16)> {
    let rows = screen.rows(0, screen.size().1.get());
    let (row, (line, byte)) =
        rows.enumerate().find_map(|(row, line)| line.find(text).map(|byte| (row, (line.clone(), byte))))?;
    let column = line.get(..byte)?.chars().count();
    Some((u16::try_from(row).ok()?, u16::try_from(column).ok()?))
}

/// What a terminal sends for a key.
fn key_bytes(key: &str) -> String {
    const NAMED: [(&str, &str); 19] = [
        ("Enter", "\r"),
        ("Esc", "\x1b"),
        ("Tab", "\t"),
        ("Shift-Tab", "\x1b[Z"),
        ("Space", " "),
        ("Backspace", "\x7f"),
        ("Delete", "\x1b[3~"),
        ("Up", "\x1b[A"),
        ("Down", "\x1b[B"),
        ("Right", "\x1b[C"),
        ("Left", "\x1b[D"),
        ("Home", "\x1b[H"),
        ("End", "\x1b[F"),
        ("F1", "\x1bOP"),
        ("F2", "\x1bOQ"),
        ("F5", "\x1b[15~"),
        ("F6", "\x1b[17~"),
        ("F9", "\x1b[20~"),
        ("F10", "\x1b[21~"),
    ];
    if let Some((_, bytes)) = NAMED.iter().find(|(name, _)| *name == key) {
        return (*bytes).to_owned();
    }
    match (key.strip_prefix("Ctrl-").and_then(|letter| letter.chars().next()), key.chars().count()) {
        (Some(letter), _) => char::from(u8::try_from(letter).expect("a letter") & 0x1f).to_string(),
        (None, 1) => key.to_owned(),
        _ => panic!("`{key}` is no key"),
    }
}

/// Asks the system in which state a process is: `T` is stopped (proc(5)).
#[cfg(target_os = "linux")]
pub(crate) fn process_state(process: rustix::process::Pid) -> Option<char> {
    let path = format!("/proc/{}/stat", process.as_raw_nonzero());
    let text = std::fs::read_to_string(Path::new(&path)).ok()?;
    // The name of the program stands in brackets and may hold anything.
    text.rsplit_once(") ")?.1.chars().next()
}
