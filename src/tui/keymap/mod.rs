//! Keys to commands: a trie of key sequences, made from the command table.

mod key;

use super::command::{COMMANDS, Command, CommandRow, Focus, FocusSet, Mode, ModeSet};

pub use key::{Key, KeyError, KeySequence};

/// What a sequence of keys means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// A command.
    Match(Command),
    /// The start of something: what may follow, each with what it leads to.
    Prefix(Vec<(Key, String)>),
    /// Nothing.
    None,
}

/// Why a keymap cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// A key is spelled wrong.
    #[error("`{name}`: {error}")]
    Key {
        /// The command.
        name: &'static str,
        /// What is wrong.
        error: KeyError,
    },
    /// One sequence means two things in one place.
    #[error("`{keys}` is both `{first}` and `{second}`")]
    Twice {
        /// The sequence.
        keys: &'static str,
        /// The command that had it.
        first: &'static str,
        /// The command that wants it too.
        second: &'static str,
    },
    /// One sequence is the start of another in one place.
    #[error("`{short}` ({name}) is the start of a longer sequence, which could then never be typed")]
    Hidden {
        /// The shorter sequence.
        short: &'static str,
        /// Its command.
        name: &'static str,
    },
}

/// The keys of the program.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    next: Vec<(Key, usize)>,
    bound: Vec<Bound>,
}

#[derive(Debug, Clone, Copy)]
struct Bound {
    command: Command,
    name: &'static str,
    keys: &'static str,
    focus: FocusSet,
    modes: ModeSet,
}

impl Bound {
    fn collides(&self, other: &Self) -> bool {
        self.focus.meets(other.focus) && self.modes.meets(other.modes)
    }
}

impl Keymap {
    /// The keys of the command table.
    ///
    /// # Errors
    /// When the table contradicts itself; a test keeps it from that.
    pub fn new() -> Result<Self, KeymapError> {
        Self::of(COMMANDS)
    }

    fn of(rows: &[CommandRow]) -> Result<Self, KeymapError> {
        let mut map = Self { nodes: vec![Node::default()] };
        for row in rows {
            for (keys, focus) in row.keys {
                let sequence = KeySequence::parse(keys).map_err(|error| KeymapError::Key { name: row.name, error })?;
                let bound = Bound { command: row.command, name: row.name, keys, focus: *focus, modes: row.modes };
                map.bind(&sequence, bound)?;
            }
        }
        map.check_hidden()?;
        Ok(map)
    }

    fn bind(&mut self, sequence: &KeySequence, bound: Bound) -> Result<(), KeymapError> {
        let mut at = 0;
        for key in sequence.keys() {
            at = self.step(at, *key).unwrap_or_else(|| {
                let new = self.nodes.len();
                self.nodes.push(Node::default());
                if let Some(node) = self.nodes.get_mut(at) {
                    node.next.push((*key, new));
                }
                new
            });
        }
        let Some(node) = self.nodes.get_mut(at) else {
            return Ok(());
        };
        if let Some(other) = node.bound.iter().find(|other| other.collides(&bound)) {
            return Err(KeymapError::Twice { keys: bound.keys, first: other.name, second: bound.name });
        }
        node.bound.push(bound);
        Ok(())
    }

    fn step(&self, at: usize, key: Key) -> Option<usize> {
        self.nodes.get(at)?.next.iter().find(|(known, _)| *known == key).map(|(_, next)| *next)
    }

    fn check_hidden(&self) -> Result<(), KeymapError> {
        for node in &self.nodes {
            for bound in &node.bound {
                let longer = node.next.iter().flat_map(|(_, next)| self.below(*next));
                if longer.into_iter().any(|other| other.collides(bound)) {
                    return Err(KeymapError::Hidden { short: bound.keys, name: bound.name });
                }
            }
        }
        Ok(())
    }

    /// What is bound at `at` and under it; sequences are short, so this recursion is.
    fn below(&self, at: usize) -> Vec<&Bound> {
        let Some(node) = self.nodes.get(at) else {
            return Vec::new();
        };
        node.bound.iter().chain(node.next.iter().flat_map(|(_, next)| self.below(*next))).collect()
    }

    /// What `keys` mean in `focus` and `mode`.
    #[must_use]
    pub fn lookup(&self, keys: &[Key], focus: Focus, mode: Mode) -> Lookup {
        let applies = |bound: &&Bound| bound.focus.has(focus) && bound.modes.has(mode);
        let Some(at) = keys.iter().try_fold(0, |at, key| self.step(at, *key)) else {
            return Lookup::None;
        };
        let Some(node) = self.nodes.get(at).filter(|_| !keys.is_empty()) else {
            return Lookup::None;
        };
        if let Some(bound) = node.bound.iter().find(applies) {
            return Lookup::Match(bound.command);
        }
        let label = |next: &usize| {
            let names: Vec<_> = self.below(*next).into_iter().filter(applies).map(|bound| bound.name).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let follow: Vec<_> = node.next.iter().filter_map(|(key, next)| Some((*key, label(next)?))).collect();
        if follow.is_empty() { Lookup::None } else { Lookup::Prefix(follow) }
    }
}

impl Keymap {
    /// The command that `keys` stand for in `focus`, whether it does something now or not.
    #[must_use]
    pub fn command_of(&self, keys: &[Key], focus: Focus) -> Option<Command> {
        let at = keys.iter().try_fold(0, |at, key| self.step(at, *key))?;
        self.nodes.get(at)?.bound.iter().find(|bound| bound.focus.has(focus)).map(|bound| bound.command)
    }
}

#[cfg(test)]
mod tests {
    use super::super::command::Chapter;
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        KeySequence::parse(text).expect("keys").keys().to_vec()
    }

    fn lookup(text: &str, focus: Focus, mode: Mode) -> Lookup {
        Keymap::new().expect("a keymap").lookup(&keys(text), focus, mode)
    }

    #[test]
    fn the_table_has_no_conflicts() {
        assert_eq!(Keymap::new().err(), None);
    }

    #[test]
    fn keys_mean_what_fits_the_place_and_the_moment() {
        let cases = [
            ("n", Focus::Source, Mode::Paused, Some(Command::Next)),
            ("n", Focus::Source, Mode::Running, Some(Command::Next)),
            ("n", Focus::Input, Mode::Paused, None),
            ("Space", Focus::Data, Mode::Running, Some(Command::Pause)),
            ("l", Focus::Source, Mode::Paused, Some(Command::Right)),
            ("l", Focus::Data, Mode::Paused, Some(Command::Unfold)),
            ("Enter", Focus::Source, Mode::Ready, Some(Command::FollowTransition)),
            ("Enter", Focus::Picker, Mode::Empty, Some(Command::Confirm)),
            ("g d", Focus::Source, Mode::Ready, Some(Command::FollowTransition)),
            ("F5", Focus::Input, Mode::Ready, Some(Command::RunSync)),
            ("F5", Focus::Stack, Mode::Ready, Some(Command::Continue)),
            ("q", Focus::Help, Mode::Ready, Some(Command::Close)),
            ("Ctrl-c Ctrl-c", Focus::Input, Mode::Running, Some(Command::Quit)),
            ("Shift-Tab", Focus::Source, Mode::Empty, Some(Command::PreviousPane)),
            ("Ctrl-x", Focus::Source, Mode::Ready, None),
            ("g g g", Focus::Source, Mode::Ready, None),
        ];
        for (text, focus, mode, command) in cases {
            let expected = command.map_or(Lookup::None, Lookup::Match);
            assert_eq!(lookup(text, focus, mode), expected, "{text} in {focus:?}, {mode:?}");
        }
        assert_eq!(Keymap::new().expect("a keymap").lookup(&[], Focus::Source, Mode::Ready), Lookup::None);
    }

    #[test]
    fn a_prefix_says_what_may_follow_here() {
        let Lookup::Prefix(follow) = lookup("g", Focus::Data, Mode::Ready) else { panic!("no prefix") };
        let labels: Vec<_> = follow.iter().map(|(key, label)| format!("{key} {label}")).collect();
        assert!(labels.contains(&"g home".to_owned()) && labels.contains(&"r runs".to_owned()), "{labels:?}");
        assert!(!labels.iter().any(|label| label.contains("follow")), "only in the source: {labels:?}");
        assert_eq!(lookup("g", Focus::Input, Mode::Ready), Lookup::None);
    }

    #[test]
    fn contradictions_are_found() {
        let row = |command, name, keys| CommandRow {
            command,
            name,
            label: "",
            doc: "",
            keys,
            modes: ModeSet::ALL,
            chapter: Chapter::Run,
        };
        const SOURCE: FocusSet = FocusSet::of(&[Focus::Source]);
        const OTHERS: FocusSet = FocusSet::of(&[Focus::States, Focus::Data]);
        let next = row(Command::Next, "next", &[("n", FocusSet::ALL)]);
        let twice = [next, row(Command::Step, "step", &[("n", SOURCE)])];
        let message = |rows: &[CommandRow]| Keymap::of(rows).expect_err("a conflict").to_string();
        assert_eq!(message(&twice), "`n` is both `next` and `step`");
        let hidden = [next, row(Command::Step, "step", &[("n n", SOURCE)])];
        assert!(message(&hidden).starts_with("`n` (next) is the start"));
        let hidden_before = [row(Command::Step, "step", &[("n n", SOURCE)]), next];
        assert!(message(&hidden_before).starts_with("`n` (next) is the start"));
        let apart = [row(Command::Next, "next", &[("n", OTHERS)]), row(Command::Step, "step", &[("n n", SOURCE)])];
        assert!(Keymap::of(&apart).is_ok());
        assert!(message(&[row(Command::Next, "next", &[("Strg-x", SOURCE)])]).starts_with("`next`: "));
    }
}
