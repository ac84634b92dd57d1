//! The tour of the README: every key that it names is pressed, and does what the tour says.

use std::collections::BTreeSet;
use std::path::Path;

use super::bench::Bench;
use Do::{Keys, Save, Shown, Write};

/// What the user of the tour does, and then sees.
enum Do {
    Keys(&'static str),
    Write(&'static str),
    Save(&'static str),
    Shown(&'static str),
}

const ERRAND: &str = r#"{
  "StartAt": "Fetch",
  "States": {
    "Fetch": { "Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:Fetch", "Next": "Bring" },
    "Bring": { "Type": "Pass", "Next": "Rest" },
    "Rest": { "Type": "Succeed" }
  }
}"#;
const BROKEN: &str = r#"{ "StartAt": "Fetch", "States": { "Fetch": { "Type": "Pass", "Next": "Bing" } } }"#;
const MENDED: &str = r#"{
  "StartAt": "Fetch",
  "States": {
    "Fetch": { "Type": "Pass", "Next": "Bring" },
    "Bring": { "Type": "Pass", "Result": 1, "Next": "Rest" },
    "Rest": { "Type": "Succeed" }
  }
}"#;

/// For each number of the tour (0: what follows it), on the sample or on a task that nobody answers.
#[rustfmt::skip]
const STEPS: &[(usize, Option<&str>, &[Do])] = &[
    (2, None, &[
        Keys("n"), Shown("paused at Validate order"), Keys("n"), Shown("paused at Valid?"), Keys("n s s"),
        Keys("3 i"), Shown("before"), Keys("o"), Shown("after"), Keys("="),
    ]),
    (3, None, &[
        Keys("2 1 j k 2 j j j j b"), Shown("Breakpoint on"), Keys("c"), Shown("(breakpoint 1)"),
        Keys("s 1 @ D e l i v e r e d Enter t"), Shown("paused at Delivered"), Keys("c"), Shown("SUCCEEDED"),
    ]),
    (3, None, &[Keys("n n n s s s f"), Shown("paused at Charge card")]),
    (4, None, &[
        Keys("n n n n N"), Shown("looking back"), Keys("S C"), Shown("looking back"), Keys("4 k j"), Keys("Esc"),
        Shown("paused at"),
    ]),
    (5, None, &[
        Keys("I F5"), Shown("run 1"), Keys("I F6"), Shown("run 2"), Keys("I Ctrl-s"), Shown("run 3"), Keys("g r"),
        Shown("─ Runs ─"),
    ]),
    (6, Some(ERRAND), &[
        Keys("c a"), Shown("Answer for Fetch"), Keys("Tab Down Up Tab Tab Ctrl-k F5"), Keys("c"),
    ]),
    (7, Some(ERRAND), &[
        Keys("n g n"), Shown("Output of Fetch"), Write("{\"tea\": 1}"), Keys("F5"), Keys("n E"), Shown("Data in"),
        Write("{\"tea\": 2}"), Keys("F5 A @ R e s t Enter g j c"), Shown("SUCCEEDED"), Keys("N N F"), Shown("run 2"),
        Keys("c g ="), Shown("Run 1 and run 2"),
    ]),
    (8, Some(ERRAND), &[
        Keys("n e"), Save(BROKEN), Keys("] d [ d 7"), Shown("7 Problems"), Save(MENDED), Keys("F"), Shown("Go on with"),
        Keys("Enter c"), Shown("SUCCEEDED"),
    ]),
    (0, None, &[
        Keys("?"), Shown("Here:"), Keys("Esc Ctrl-p"), Shown("─ Commands ─"), Keys("Esc : Up Tab Esc"),
    ]),
];

/// The keys that a text names: those in backticks, and those that are written out.
fn keys_of(text: &str) -> BTreeSet<String> {
    let quoted = text.split('`').skip(1).step_by(2).flat_map(str::split_whitespace);
    let bare = text.split(|c: char| !c.is_alphanumeric() && c != '-');
    let is_named = |word: &&str| {
        matches!(*word, "Tab" | "Esc" | "Enter" | "Up" | "Space")
            || word.strip_prefix("Ctrl-").is_some_and(|letter| letter.len() == 1)
    };
    let is_key = |word: &&str| {
        word.chars().count() == 1 || is_named(word) || word.starts_with('F') && word[1..].parse::<u8>().is_ok()
    };
    quoted.filter(is_key).chain(bare.filter(is_named)).map(str::to_owned).collect()
}

/// The numbered parts of the tour; what follows the last is number 0.
fn parts() -> Vec<(usize, String)> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).expect("README.md");
    let tour = readme.split_once("## Five minutes\n").expect("the tour").1;
    let tour = tour.split_once("\n## ").expect("what follows the tour").0;
    let mut parts: Vec<(usize, String)> = Vec::new();
    for line in tour.lines() {
        let number = line.split_once(". ").and_then(|(number, _)| number.parse().ok());
        match (number, parts.last_mut()) {
            (Some(number), _) => parts.push((number, line.to_owned())),
            (None, Some((_, text))) if line.starts_with("   ") => text.push_str(line),
            (None, Some((0, text))) => text.push_str(line),
            (None, _) if line.is_empty() => {}
            (None, _) => parts.push((0, line.to_owned())),
        }
    }
    parts
}

#[test]
fn every_key_of_the_tour_is_pressed() {
    for (number, text) in parts() {
        let pressed: BTreeSet<&str> = STEPS
            .iter()
            .filter(|(step, ..)| *step == number)
            .flat_map(|(.., what)| *what)
            .flat_map(|what| match what {
                Keys(keys) => keys.split_whitespace().collect(),
                _ => Vec::new(),
            })
            .collect();
        let left: Vec<_> = keys_of(&text).into_iter().filter(|key| !pressed.contains(key.as_str())).collect();
        assert!(left.is_empty(), "step {number} of the tour names {left:?}: {text}");
    }
}

#[tokio::test]
async fn the_tour_shows_what_it_says() {
    let mut wrong = Vec::new();
    for (number, text, what) in STEPS {
        let mut bench = text.map_or_else(|| Bench::sample("order"), |text| Bench::new(text, "{}")).sized(120, 40);
        for (at, what) in what.iter().enumerate() {
            match what {
                Keys(keys) => bench.keys(keys).await,
                Write(text) => bench.write(text).await,
                Save(text) => bench.saved(text).await,
                Shown(text) if bench.screen().contains(text) => {}
                Shown(text) => {
                    wrong.push(format!("step {number}.{at}: `{text}`\n{}", bench.screen()));
                    break;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
