//! How long the screen takes: frames, keys and ways back with large runs and large values, and what a run keeps in memory.
//!
//! `cargo bench --bench screen` prints a table; a frame may take 16 ms.

#![expect(clippy::print_stdout, reason = "the numbers are the result")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use asldb::asl::Definition;
use asldb::config::{Session, Theme};
use asldb::debug::{Breakpoints, Mode, Run, RunSpec, StepSize};
use asldb::engine::Names;
use asldb::runtime::{Asking, Clock};
use asldb::tui::app::{Action, App, Message, Setup};
use asldb::tui::glyph::Glyphs;
use asldb::tui::style::{Depth, Styles};
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;

const FRAME: Duration = Duration::from_millis(16);
const BACK: Duration = Duration::from_millis(100);
const ROUNDS: usize = 25;
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// Two transitions a round; `$.most` rounds.
const LOOP: &str = r#"{"StartAt": "Check", "States": {
    "Check": {"Type": "Choice", "Default": "Done",
        "Choices": [{"Variable": "$.n", "NumericLessThanPath": "$.most", "Next": "Add"}]},
    "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "most.$": "$.most"}, "Next": "Check"},
    "Done": {"Type": "Succeed"}}}"#;
const PASS: &str = r#"{"StartAt": "Keep", "States": {
    "Keep": {"Type": "Pass", "Result": 1, "ResultPath": "$.one", "Next": "Done"}, "Done": {"Type": "Succeed"}}}"#;

struct Screen {
    app: App,
    run: Option<Run>,
    area: Rect,
}

impl Screen {
    fn new(definition: &str, input: String) -> Self {
        let theme = Theme::load("terminal", None).expect("a theme");
        let (asking, _) = Asking::new();
        let setup = Setup {
            shared_breakpoints: Default::default(),
            definition: Some(Arc::new(Definition::read("bench.asl.json", definition))),
            file: Some(PathBuf::from("bench.asl.json")),
            machine_name: "bench".to_owned(),
            input,
            mocks: None,
            asking,
            session: Session::default(),
            offers: Vec::new(),
            source: None,
            is_express: true,
            themes: Vec::new(),
            theme: theme.name.clone(),
            styles: Styles::new(&theme, Depth::Sixteen).expect("styles"),
            glyphs: Glyphs::UNICODE,
            seed: 1,
            plain: false,
            course: None,
            history: None,
        };
        Self { app: App::new(setup).expect("keys with one meaning each"), run: None, area: Rect::new(0, 0, 120, 40) }
    }

    fn give(&mut self, message: Message) {
        for action in self.app.update(message) {
            if let Action::Start(start) = action {
                let run = Run::start(start.spec, &start.breakpoints, Clock::real(), start.tasks).expect("it can run");
                self.run = Some(run.clone());
                self.give(Message::Started(run));
            }
        }
    }

    /// Starts a run with more than an execution takes.
    fn start(&mut self, input: &str) {
        let name: Arc<str> = "bench".into();
        let names = Names {
            execution_arn: name.clone(),
            execution_name: name.clone(),
            machine_arn: name.clone(),
            machine_name: name.clone(),
            role_arn: name.clone(),
            region: name,
        };
        let spec = RunSpec {
            number: 1,
            definition: Arc::new(Definition::read("bench.asl.json", PASS)),
            input: asldb::value::read(input).expect("JSON"),
            mode: Mode::Sync,
            size: StepSize::Stage,
            names,
            seed: 1,
        };
        let (asking, _) = Asking::new();
        let run = Run::start(spec, &Breakpoints::default(), Clock::real(), asking).expect("it can run");
        self.run = Some(run.clone());
        self.give(Message::Started(run));
    }

    fn draw(&mut self) {
        let mut buffer = Buffer::empty(self.area);
        self.app.draw(&mut buffer);
    }

    fn key(&mut self, key: char) {
        let code = if key == '\n' { KeyCode::Enter } else { KeyCode::Char(key) };
        self.give(Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    fn keys(&mut self, keys: &str) {
        for key in keys.chars() {
            self.key(key);
            self.draw();
        }
        self.settle();
    }

    /// Frames until nothing is read any more.
    fn settle(&mut self) {
        self.draw();
        for _ in 0..10_000 {
            if !self.app.wants_frame() {
                break;
            }
            self.draw();
        }
    }

    async fn done(&mut self) {
        let run = self.run.clone().expect("a run");
        while !run.view().status.is_done() && !run.view().paused {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.give(Message::News);
        self.settle();
    }
}

/// The median and the longest of several times.
fn times(mut once: impl FnMut() -> Duration) -> (Duration, Duration) {
    let mut all: Vec<Duration> = (0..ROUNDS).map(|_| once()).collect();
    all.sort_unstable();
    (all[all.len() / 2], all[all.len() - 1])
}

fn timed(what: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    what();
    begun.elapsed()
}

fn show(what: &str, (median, longest): (Duration, Duration), limit: Duration) {
    let over = if median > limit { "  OVER" } else { "" };
    println!(
        "{what:<58} {:>9.3} ms {:>9.3} ms {:>5} ms{over}",
        median.as_secs_f64() * 1000.0,
        longest.as_secs_f64() * 1000.0,
        limit.as_millis()
    );
}

/// The memory that the process holds now, in kilobytes; 0 where the system does not tell.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

async fn events() {
    let before = memory();
    // 100,000 transitions, 200,000 events.
    let mut screen = Screen::new(LOOP, r#"{"n":0,"most":50000}"#.to_owned());
    screen.key('c');
    screen.done().await;
    println!("memory of 100,000 transitions, with stages: {} MB", memory().saturating_sub(before) / 1024);
    let begun = timed(|| screen.keys("4gg"));
    println!("first filtering and drawing of all: {:.1} ms", begun.as_secs_f64() * 1000.0);
    screen.keys("G");
    for (width, height) in SIZES {
        screen.area = Rect::new(0, 0, width, height);
        let frame = times(|| timed(|| screen.draw()));
        show(&format!("frame, 200,000 events, {width}x{height}"), frame, FRAME);
    }
    screen.area = Rect::new(0, 0, 120, 40);
    for (what, key) in
        [("key k to frame in the history", 'k'), ("key N, back a state", 'N'), ("key S, back a stage", 'S')]
    {
        let time = times(|| {
            timed(|| {
                screen.key(key);
                screen.draw();
            })
        });
        show(what, time, FRAME);
    }
    let back = times(|| {
        screen.keys("G");
        timed(|| {
            screen.key('g');
            screen.key('g');
            screen.draw();
        })
    });
    show("back over 100,000 transitions", back, BACK);
    let forth = times(|| {
        screen.keys("gg");
        timed(|| {
            screen.key('G');
            screen.draw();
        })
    });
    show("and forth again", forth, BACK);
    screen.keys("gv");
    show("frame with boxes", times(|| timed(|| screen.draw())), FRAME);
    screen.keys("gvgl");
    show("frame of the timeline", times(|| timed(|| screen.draw())), FRAME);
    let key = times(|| {
        timed(|| {
            screen.key('+');
            screen.key('k');
            screen.draw();
        })
    });
    show("keys + and k in the timeline", key, FRAME);
}

async fn value() {
    let item = |at: usize| format!(r#"{{"id":{at},"name":"item number {at}","tags":["a","b","c"],"price":{at}.5}}"#);
    let items: Vec<String> = (0..280_000).map(item).collect();
    let long = "lorem ipsum ".repeat(200_000);
    let input = format!(r#"{{"items":[{}],"long":"{long}"}}"#, items.join(","));
    println!("value of {} MB", input.len() / 1_000_000);
    let mut screen = Screen::new(PASS, "{}".to_owned());
    screen.start(&input);
    screen.done().await;
    screen.keys("3");
    for (width, height) in SIZES {
        screen.area = Rect::new(0, 0, width, height);
        show(&format!("frame, value, {width}x{height}"), times(|| timed(|| screen.draw())), FRAME);
    }
    screen.area = Rect::new(0, 0, 120, 40);
    let step = times(|| {
        timed(|| {
            screen.key('S');
            screen.draw();
        })
    });
    show("key S with the value", step, FRAME);
    screen.keys("gvgv");
    screen.keys("\nj");
    let unfold = times(|| {
        timed(|| {
            screen.key('l');
            screen.draw();
            screen.key('h');
            screen.draw();
        })
    });
    show("unfold 1,000 of 280,000 items, and fold", unfold, FRAME);
    screen.keys("l");
    let moved = times(|| {
        timed(|| {
            screen.key('j');
            screen.draw();
        })
    });
    show("key j in the value", moved, FRAME);
    screen.keys("/number 279999\n");
    let find = times(|| {
        timed(|| {
            screen.key('.');
            screen.draw();
        })
    });
    show("next match, one in the whole value", find, FRAME);
    screen.keys("/nowhere\n");
    let find = times(|| {
        timed(|| {
            screen.key('.');
            screen.draw();
        })
    });
    show("no match in the whole value", find, FRAME);
}

async fn running() {
    let mut screen = Screen::new(LOOP, r#"{"n":0,"most":2000000}"#.to_owned());
    screen.key('c');
    screen.draw();
    let mut all = Vec::new();
    for at in 0..100 {
        tokio::time::sleep(Duration::from_millis(7)).await;
        screen.give(Message::News);
        all.push(timed(|| {
            screen.key(if at % 2 == 0 { 'j' } else { 'k' });
            screen.draw();
        }));
        let frame = timed(|| {
            screen.give(Message::News);
            screen.draw();
        });
        all.push(frame);
    }
    all.sort_unstable();
    show("key or news to frame while running at full speed", (all[all.len() / 2], all[all.len() - 1]), FRAME);
    println!("{} events by then", screen.run.as_ref().map_or(0, |run| run.view().log.events.len()));
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    println!("{:<58} {:>12} {:>12} {:>8}", "", "median", "longest", "limit");
    runtime.block_on(async {
        events().await;
        value().await;
        running().await;
    });
}
