//! The terminal: entered once, left by one function whatever happens.
//!
//! `Terminal::clear` of ratatui is never called: ratatui 0.30.2 asks the terminal where the cursor is, and the answer
//! is eaten by the event stream (ratatui/ratatui#2691). Resizing clears as well.

mod clipboard;
mod editor;

use std::io::{self, BufWriter, Stdout, Write};
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread::{self, ThreadId};
use std::time::Duration;

use futures_util::StreamExt;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, Event, EventStream, poll,
};
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use ratatui::crossterm::{execute, queue};
use ratatui::{Frame, Terminal};

pub use clipboard::{ClipboardError, Copied, Way, copy};
pub use editor::Editor;

/// Bytes of a frame that are gathered before they are written: a frame is then one write, nearly always.
const FRAME_BYTES: usize = 64 * 1024;

static ENTERED: AtomicBool = AtomicBool::new(false);
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static UI_THREAD: OnceLock<ThreadId> = OnceLock::new();

/// The screen, between entering and leaving it.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    mouse: bool,
}

impl Screen {
    /// Takes the screen over: alternate screen, raw mode, bracketed paste, and the mouse if wanted. From here on the
    /// calling thread is the one whose panics end the program.
    ///
    /// # Errors
    /// When there is no terminal; it is then left as it was.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        UI_THREAD.get_or_init(|| thread::current().id());
        enter(mouse)?;
        let out = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        let terminal = Terminal::new(CrosstermBackend::new(out)).inspect_err(|_| leave())?;
        Ok(Self { terminal, mouse })
    }

    /// Draws a frame; the terminal shows it as a whole.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        let drawn = self.terminal.draw(render).map(|_| ());
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        drawn
    }

    /// Forgets what is on the screen, so that the next frame is drawn completely.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn redraw(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Whether the mouse is taken.
    #[must_use]
    pub fn has_mouse(&self) -> bool {
        self.mouse
    }

    /// Takes the mouse, or gives it back to the terminal for selecting text.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn set_mouse(&mut self, mouse: bool) -> io::Result<()> {
        self.mouse = mouse;
        let out = self.terminal.backend_mut();
        if mouse { execute!(out, EnableMouseCapture) } else { execute!(out, DisableMouseCapture) }
    }

    /// Leaves the screen to the shell until it continues the program, then takes it back. Needs a runtime that has
    /// its signals enabled.
    ///
    /// # Errors
    /// When the program cannot be stopped, or the terminal is gone.
    pub async fn suspend(&mut self, input: &mut Input) -> io::Result<()> {
        input.pause();
        leave();
        let stopped = stop().await;
        self.come_back(input)?;
        stopped
    }

    /// Lets `command` have the terminal until it ends.
    ///
    /// # Errors
    /// When it cannot be started, or the terminal is gone.
    pub fn run(&mut self, input: &mut Input, command: &mut Command) -> io::Result<ExitStatus> {
        // The thread that reads the terminal would take keys meant for the other program.
        input.pause();
        leave();
        let status = command.status();
        self.come_back(input)?;
        status
    }

    /// Copies `text`: through the terminal, and by a program where that may not do.
    ///
    /// # Errors
    /// When no way works.
    pub fn copy(&mut self, text: &str) -> Result<Copied, ClipboardError> {
        copy(text, self.terminal.backend_mut(), |name| std::env::var(name).ok())
    }

    fn come_back(&mut self, input: &mut Input) -> io::Result<()> {
        enter(self.mouse)?;
        self.redraw()?;
        input.resume();
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// Stops the program as Ctrl-z does in a shell, until it is continued. SIGSTOP to the own group, as SIGTSTP is
/// discarded where no shell controls the group: session leaders, containers.
#[cfg(unix)]
async fn stop() -> io::Result<()> {
    use rustix::process::{Signal, kill_current_process_group};
    use tokio::signal::unix::{SignalKind, signal};
    // The stop may reach this thread a moment after the call has returned; without waiting for the continuation the
    // screen would be taken back before.
    let mut continued = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
    kill_current_process_group(Signal::STOP)?;
    continued.recv().await;
    Ok(())
}

/// Windows has no stopping of programs.
#[cfg(not(unix))]
async fn stop() -> io::Result<()> {
    Ok(())
}

fn enter(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    write_enter(&mut io::stdout(), mouse).inspect_err(|_| leave())
}

fn write_enter(out: &mut impl Write, mouse: bool) -> io::Result<()> {
    queue!(out, EnterAlternateScreen, EnableBracketedPaste)?;
    if mouse {
        queue!(out, EnableMouseCapture)?;
    }
    out.flush()
}

/// Gives the terminal back as it was. Does nothing when that has been done, so everybody may call it: the end of the
/// program, errors, panics, signals, Ctrl-z.
pub fn leave() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        // Nobody is left to be told when this fails.
        drop(write_leave(&mut io::stdout()));
        drop(disable_raw_mode());
    }
}

fn write_leave(out: &mut impl Write) -> io::Result<()> {
    // A panic while drawing leaves a synchronized update open, and the terminal would show nothing.
    queue!(out, EndSynchronizedUpdate, DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, Show)?;
    out.flush()
}

/// Makes panics leave the screen before the previous hook prints them. A panic on another thread than the one of the
/// screen does not end the program: it is kept for [`take_panics`], as printing it would spoil the screen.
pub fn install_panic_hook() {
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let entered = ENTERED.load(Ordering::SeqCst);
        if entered && UI_THREAD.get().is_some_and(|ui| *ui != thread::current().id()) {
            if let Ok(mut panics) = PANICS.lock() {
                panics.push(info.to_string());
            }
            return;
        }
        leave();
        previous(info);
    }));
}

/// The panics of other threads since the last call.
#[must_use]
pub fn take_panics() -> Vec<String> {
    PANICS.lock().map(|mut panics| std::mem::take(&mut *panics)).unwrap_or_default()
}

/// Keys, mouse, paste, resize; may be paused while another program has the terminal.
#[derive(Debug)]
pub struct Input {
    stream: Option<EventStream>,
}

impl Input {
    /// Starts reading; the screen must have been entered.
    #[must_use]
    pub fn start() -> Self {
        Self { stream: Some(EventStream::new()) }
    }

    /// Stops reading.
    pub fn pause(&mut self) {
        if self.stream.take().is_some() {
            // The end of a stream wakes its reader. Unless somebody takes note of that now, the next stream does, and
            // a key that arrives with it waits unseen for the key after it (crossterm 0.29, edge-triggered polling).
            drop(poll(Duration::ZERO));
        }
    }

    /// Reads again.
    pub fn resume(&mut self) {
        self.stream.get_or_insert_with(EventStream::new);
    }

    /// The next event; none when the terminal is gone. Waits for ever while paused. May be dropped and called again
    /// without losing anything.
    pub async fn next(&mut self) -> Option<io::Result<Event>> {
        match &mut self.stream {
            Some(stream) => stream.next().await,
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests;
