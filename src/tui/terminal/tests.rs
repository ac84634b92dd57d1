use super::*;

fn screen() -> vt100::Parser {
    let mut parser = vt100::Parser::default();
    parser.process(b"prompt $ ");
    parser
}

#[test]
fn leaving_undoes_everything_that_entering_does() {
    let mut parser = screen();
    let mut out = Vec::new();
    write_enter(&mut out, true).expect("written");
    parser.process(&out);
    assert!(parser.screen().alternate_screen() && parser.screen().bracketed_paste());
    assert_ne!(parser.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);

    let mut out = Vec::new();
    queue!(out, BeginSynchronizedUpdate, ratatui::crossterm::cursor::Hide).expect("written");
    write_leave(&mut out).expect("written");
    parser.process(&out);
    let screen = parser.screen();
    assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    assert_eq!(screen.contents(), "prompt $ ");
    assert!(out.windows(8).any(|part| part == b"\x1b[?2026l"), "the synchronized update is ended");
}

#[test]
fn without_the_mouse_it_is_not_touched() {
    let mut parser = screen();
    let mut out = Vec::new();
    write_enter(&mut out, false).expect("written");
    parser.process(&out);
    assert_eq!(parser.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
}

/// The real thing in a pseudo-terminal: this test binary runs itself, with a screen read back by a terminal emulator.
#[cfg(target_os = "linux")]
mod in_a_terminal {
    use std::io::Read;
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, Instant};

    use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

    use super::super::*;

    const ACT: &str = "ASLDB_TEST_ACT";

    fn show(screen: &mut Screen, text: &'static str) {
        screen.draw(|frame| frame.render_widget(ratatui::widgets::Paragraph::new(text), frame.area())).expect("drawn");
    }

    /// What runs inside; does nothing when it is not asked to.
    #[test]
    fn inside() {
        let Ok(act) = std::env::var(ACT) else { return };
        install_panic_hook();
        let mut screen = Screen::enter(true).expect("a terminal");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut input = runtime.block_on(async { Input::start() });
        show(&mut screen, "first frame");
        match act.as_str() {
            "suspend" => runtime.block_on(screen.suspend(&mut input)).expect("stopped and continued"),
            "run" => {
                let mut command = Command::new("sh");
                command.args(["-c", "echo outside; read line; test \"$line\" = typed"]);
                assert!(screen.run(&mut input, &mut command).expect("started").success());
            }
            _ => {
                drop(thread::spawn(|| panic!("in another thread")).join());
                assert!(take_panics().concat().contains("in another thread"));
                show(&mut screen, "still here");
                panic!("on the screen's own thread");
            }
        }
        show(&mut screen, "second frame");
        let key = runtime.block_on(input.next());
        assert!(matches!(key, Some(Ok(Event::Key(_)))), "{key:?}");
    }

    struct Tty {
        parser: Arc<Mutex<vt100::Parser>>,
        child: Box<dyn Child + Send + Sync>,
        writer: Box<dyn Write + Send>,
        _master: Box<dyn MasterPty + Send>,
    }

    impl Tty {
        fn start(act: &str) -> Self {
            let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
            let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
            let mut command = CommandBuilder::new(std::env::current_exe().expect("this binary"));
            command.args(["--exact", "tui::terminal::tests::in_a_terminal::inside", "--nocapture", "--test-threads=1"]);
            command.env(ACT, act);
            command.env("RUST_BACKTRACE", "0");
            let child = pair.slave.spawn_command(command).expect("started");
            let parser = Arc::new(Mutex::new(vt100::Parser::default()));
            let mut reader = pair.master.try_clone_reader().expect("a reader");
            let screen = parser.clone();
            thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(count @ 1..) = reader.read(&mut bytes) {
                    screen.lock().expect("no panic").process(&bytes[..count]);
                }
            });
            let writer = pair.master.take_writer().expect("a writer");
            Self { parser, child, writer, _master: pair.master }
        }

        #[track_caller]
        fn wait(&self, what: &str, done: impl Fn(&vt100::Screen) -> bool) {
            let start = Instant::now();
            while !done(self.parser.lock().expect("no panic").screen()) {
                let contents = || self.parser.lock().expect("no panic").screen().contents();
                assert!(
                    start.elapsed() < Duration::from_secs(20),
                    "waiting for {what}; the screen is:\n{}",
                    contents()
                );
                thread::sleep(Duration::from_millis(1));
            }
        }

        fn wait_text(&self, text: &str, alternate: bool) {
            self.wait(text, |screen| screen.contents().contains(text) && screen.alternate_screen() == alternate);
        }

        fn send(&mut self, text: &str) {
            self.writer.write_all(text.as_bytes()).expect("written");
            self.writer.flush().expect("written");
        }

        fn ends(&mut self) -> bool {
            self.child.wait().expect("ended").success()
        }
    }

    fn is_restored(screen: &vt100::Screen) -> bool {
        let mouse = screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None;
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste() && mouse
    }

    #[test]
    fn a_panic_leaves_the_screen_before_it_is_printed() {
        let mut tty = Tty::start("panic");
        tty.wait_text("on the screen's own thread", false);
        tty.wait("the terminal as it was", is_restored);
        assert!(!tty.ends());
        assert!(!tty.parser.lock().expect("no panic").screen().contents().contains("in another thread"));
    }

    #[test]
    fn stopped_and_continued() {
        use rustix::process::{Pid, Signal, kill_process};
        let mut tty = Tty::start("suspend");
        let pid = tty.child.process_id().expect("a process");
        let is_stopped = || {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('T'))
        };
        tty.wait("being stopped with the terminal as it was", |screen| is_stopped() && is_restored(screen));
        let pid = Pid::from_raw(i32::try_from(pid).expect("a process id")).expect("a process id");
        kill_process(pid, Signal::CONT).expect("continued");
        tty.wait_text("second frame", true);
        tty.send("x");
        assert!(tty.ends());
        tty.wait("the terminal as it was", is_restored);
    }

    #[test]
    fn another_program_gets_the_keys() {
        let mut tty = Tty::start("run");
        tty.wait_text("outside", false);
        tty.send("typed\n");
        tty.wait_text("second frame", true);
        tty.send("x");
        assert!(tty.ends());
    }
}
