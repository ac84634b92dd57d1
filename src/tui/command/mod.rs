//! Everything the user can do, in one table: keys, palette, footer and help are made from it and from nothing else.

mod line;
mod table;

use super::keymap::KeySequence;

pub use line::Usage;
pub use table::COMMANDS;

macro_rules! bits {
    ($(#[$doc:meta])* $set:ident of $(#[$item_doc:meta])* $item:ident { $($(#[$variant_doc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$item_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $item { $($(#[$variant_doc])* $variant),* }

        impl $item {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
        }

        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $set(u32);

        impl $set {
            /// All of them.
            pub const ALL: Self = Self::of($item::ALL);

            /// The set of `items`.
            #[must_use]
            pub const fn of(items: &[$item]) -> Self {
                let (mut bits, mut at) = (0, 0);
                while at < items.len() {
                    bits |= 1 << items[at] as u32;
                    at += 1;
                }
                Self(bits)
            }

            /// What is in either.
            #[must_use]
            pub const fn or(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// Whether `item` is in it.
            #[must_use]
            pub const fn has(self, item: $item) -> bool {
                self.0 & 1 << item as u32 != 0
            }

            /// Whether both have something in common.
            #[must_use]
            pub const fn meets(self, other: Self) -> bool {
                self.0 & other.0 != 0
            }
        }
    };
}

bits! {
    /// Some focuses.
    FocusSet of
    /// What takes the keys: a pane, or the layer over the panes.
    Focus {
        /// Pane 1, the definition.
        Source,
        /// Pane 2, the graph.
        States,
        /// Pane 3, the stages of a visit.
        Data,
        /// Pane 4, the events.
        History,
        /// Pane 5, input, variables and watches.
        Context,
        /// Pane 6, branches and executions.
        Stack,
        /// Pane 7, diagnostics and console.
        Problems,
        /// The editor of the input.
        Input,
        /// The editor of a task's answer.
        Answer,
        /// The editor of a value that a run goes on with.
        Value,
        /// What going on with another definition means.
        Resume,
        /// Two runs side by side.
        Compare,
        /// The run on its clock.
        Timeline,
        /// What was found out: an expression explained, where a value comes from.
        Explain,
        /// The playground of expressions.
        Try,
        /// The list of runs.
        Runs,
        /// A list with a line to narrow it: palette, themes, states, breakpoints.
        Picker,
        /// A line of text: search, filter.
        Prompt,
        /// The help.
        Help,
        /// The text of a lesson.
        Lesson,
    }
}

bits! {
    /// Some modes.
    ModeSet of
    /// How things stand with the run that is looked at.
    Mode {
        /// No definition is loaded.
        Empty,
        /// A definition, and no run yet.
        Ready,
        /// A run that stands.
        Paused,
        /// A run that goes.
        Running,
        /// A run that is over.
        Ended,
    }
}

impl Focus {
    /// Whether keys that no command takes are text for it.
    #[must_use]
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Input | Self::Answer | Self::Value | Self::Try | Self::Picker | Self::Prompt)
    }
}

/// The chapters of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chapter {
    /// Making a run go.
    Run,
    /// Breakpoints, stack, errors.
    Debug,
    /// Looking at data.
    Data,
    /// Getting around.
    Move,
    /// Panes and layers.
    Screen,
    /// The rest.
    Program,
}

impl Chapter {
    /// Every chapter in the order of the help.
    pub const ALL: &[Self] = &[Self::Run, Self::Debug, Self::Data, Self::Move, Self::Screen, Self::Program];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Run => "Running",
            Self::Debug => "Breakpoints, stack, errors",
            Self::Data => "Data",
            Self::Move => "Moving and finding",
            Self::Screen => "Panes and layers",
            Self::Program => "Program",
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandRow {
    /// What it does.
    pub command: Command,
    /// Its name in the palette and in key files.
    pub name: &'static str,
    /// One word for the footer; empty for what never stands there.
    pub label: &'static str,
    /// One line for help and palette.
    pub doc: &'static str,
    /// Its keys, the usual one first, each with where it works.
    pub keys: &'static [(&'static str, FocusSet)],
    /// When it does something.
    pub modes: ModeSet,
    /// Where it stands in the help.
    pub chapter: Chapter,
}

impl CommandRow {
    /// The keys that work in `focus`, the usual one first.
    pub fn keys_in(&self, focus: Focus) -> impl Iterator<Item = &'static str> {
        self.keys.iter().filter(move |(_, places)| places.has(focus)).map(|(keys, _)| *keys)
    }

    /// The key to show for `focus`: the first one that works there, in short form (`gd`, `^d`, `S-F11`).
    #[must_use]
    pub fn key_label(&self, focus: Focus) -> Option<String> {
        self.keys_in(focus).next().map(|keys| KeySequence::parse(keys).map_or(keys.to_owned(), |keys| keys.label()))
    }

    /// The word for the footer in `focus`.
    #[must_use]
    pub fn label_in(&self, focus: Focus) -> &'static str {
        match (self.command, focus) {
            (Command::Confirm, Focus::Answer) => "answer",
            (Command::Confirm, Focus::Value) => "take it",
            (Command::Confirm, Focus::Try) => "write",
            (Command::Confirm, Focus::Runs | Focus::Compare | Focus::Timeline) => "look at it",
            (Command::Confirm, Focus::Explain) => "go there",
            (Command::Confirm, Focus::Picker) => "choose",
            (Command::Confirm, Focus::Resume | Focus::Lesson) => "go on",
            (Command::Fork, Focus::Resume) => "keep the old one",
            _ => self.label,
        }
    }

    /// Whether it can do something in `mode` and can be reached with a key in `focus`.
    #[must_use]
    pub fn applies(&self, focus: Focus, mode: Mode) -> bool {
        self.modes.has(mode) && self.keys_in(focus).next().is_some()
    }
}

impl Command {
    /// Its row of the table.
    #[must_use]
    pub fn row(self) -> &'static CommandRow {
        COMMANDS.iter().find(|row| row.command == self).unwrap_or(&COMMANDS[0])
    }

    /// The command called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        COMMANDS.iter().find(|row| row.name == name).map(|row| row.command)
    }
}

/// What the footer says: key and word of what works now, most used first, cut where `width` ends; how to get help
/// always has its place.
#[must_use]
pub fn footer(focus: Focus, mode: Mode, width: usize) -> Vec<(String, &'static str)> {
    footer_after(&[], focus, mode, width)
}

/// The footer where the run stands at a failure: what can be done about that first.
#[must_use]
pub fn footer_at_failure(focus: Focus, width: usize) -> Vec<(String, &'static str)> {
    let helps = [
        (Command::EditData, "mend"),
        (Command::DoAgain, "do again"),
        (Command::SkipState, "leave"),
        (Command::Continue, "let it fail"),
    ];
    footer_after(&helps, focus, Mode::Paused, width)
}

/// The footer with these commands and words before the others: what the run asks for now.
#[must_use]
pub fn footer_after(
    before: &[(Command, &'static str)],
    focus: Focus,
    mode: Mode,
    width: usize,
) -> Vec<(String, &'static str)> {
    let entry = |row: &CommandRow| Some((row.key_label(focus)?, row.label_in(focus)));
    let is_before = |row: &CommandRow| before.iter().any(|(command, _)| *command == row.command);
    let now = COMMANDS
        .iter()
        .filter(|row| !row.label.is_empty() && row.applies(focus, mode) && !is_idle(row, mode) && !is_before(row));
    let (last, first): (Vec<_>, Vec<_>) =
        now.partition(|row| matches!(row.command, Command::CommandLine | Command::Help));
    let before = before.iter().filter_map(|(command, label)| Some((command.row().key_label(focus)?, *label)));
    // A key, a blank, the word, two blanks.
    let wide = |(key, label): &(String, &str)| key.chars().count() + label.len() + 3;
    let last: Vec<_> = last.into_iter().filter_map(entry).collect();
    let mut left = width.saturating_sub(1).saturating_sub(last.iter().map(wide).sum());
    let mut out = Vec::new();
    for entry in before.chain(first.into_iter().filter_map(entry)) {
        if wide(&entry) > left {
            break;
        }
        left -= wide(&entry);
        out.push(entry);
    }
    out.extend(last);
    out
}

/// Whether the row could only say that the run is over, or means a run that is not there yet. Its keys still work: they
/// say what to do instead, or start a run.
fn is_idle(row: &CommandRow, mode: Mode) -> bool {
    let goes_on = [Command::Next, Command::Step, Command::Continue, Command::Finish, Command::RunToCursor];
    let goes_back = [Command::Restart, Command::Finish];
    match mode {
        Mode::Ended => goes_on.contains(&row.command),
        Mode::Ready => goes_back.contains(&row.command),
        _ => false,
    }
}

/// A line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpLine {
    /// The heading of a chapter.
    Heading(String),
    /// A command: its keys, what it does, its name.
    Entry {
        /// All keys that work in the focus asked for, else all keys.
        keys: String,
        /// What it does.
        doc: &'static str,
        /// Its name in the palette.
        name: &'static str,
    },
}

/// The help: what works only in `focus` and its like first, then the rest by chapter.
#[must_use]
pub fn help(focus: Focus) -> Vec<HelpLine> {
    let everywhere = table::PANES;
    let is_own = |row: &&CommandRow| {
        row.keys.iter().any(|(_, places)| places.has(focus) && *places != everywhere && *places != FocusSet::ALL)
    };
    let own: Vec<_> = COMMANDS.iter().filter(is_own).collect();
    let mut lines = vec![HelpLine::Heading(format!("Here: {}", title(focus)))];
    lines.extend(own.iter().map(|row| entry(row, Some(focus))));
    for chapter in Chapter::ALL {
        let rows = COMMANDS.iter().filter(|row| row.chapter == *chapter && !own.contains(row));
        let rows: Vec<_> = rows.map(|row| entry(row, None)).collect();
        if !rows.is_empty() {
            lines.push(HelpLine::Heading(chapter.title().to_owned()));
            lines.extend(rows);
        }
    }
    lines
}

fn entry(row: &CommandRow, focus: Option<Focus>) -> HelpLine {
    let keys = row.keys.iter().filter(|(_, places)| focus.is_none_or(|focus| places.has(focus)));
    let mut labels: Vec<_> =
        keys.map(|(keys, _)| KeySequence::parse(keys).map_or((*keys).to_owned(), |keys| keys.label())).collect();
    labels.dedup();
    HelpLine::Entry { keys: labels.join(" "), doc: row.doc, name: row.name }
}

/// What a focus is called.
#[must_use]
pub fn title(focus: Focus) -> &'static str {
    match focus {
        Focus::Source => "Source",
        Focus::States => "States",
        Focus::Data => "Data",
        Focus::History => "History",
        Focus::Context => "Context",
        Focus::Stack => "Stack",
        Focus::Problems => "Problems",
        Focus::Input => "Input",
        Focus::Answer => "Task answer",
        Focus::Value => "Value",
        Focus::Resume => "Changed definition",
        Focus::Compare => "Comparison",
        Focus::Timeline => "Timeline",
        Focus::Explain => "Findings",
        Focus::Try => "Playground",
        Focus::Runs => "Runs",
        Focus::Picker => "List",
        Focus::Prompt => "Prompt",
        Focus::Help => "Help",
        Focus::Lesson => "Lesson",
    }
}

pub use table::Command;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_command_is_documented_and_within_reach() {
        let helps: Vec<_> = Focus::ALL.iter().map(|focus| help(*focus)).collect();
        for row in COMMANDS {
            assert!(row.doc.len() > 5 && row.doc.ends_with('.'), "{}: one sentence", row.name);
            assert!(row.doc.chars().count() <= 76, "{}: one line under the list of an 80 column palette", row.name);
            assert!(!row.keys.is_empty(), "{} has a key; the palette lists it by name as well", row.name);
            let in_help = |lines: &Vec<HelpLine>| {
                lines.iter().any(|line| matches!(line, HelpLine::Entry { name, .. } if *name == row.name))
            };
            assert!(helps.iter().all(in_help), "{} is in every help", row.name);
        }
    }

    #[test]
    fn names_and_commands_are_there_once() {
        let names: HashSet<_> = COMMANDS.iter().map(|row| row.name).collect();
        let commands: HashSet<_> = COMMANDS.iter().map(|row| row.command).collect();
        assert_eq!((names.len(), commands.len()), (COMMANDS.len(), COMMANDS.len()));
        for command in Command::ALL {
            assert_eq!(command.row().command, *command);
            assert_eq!(Command::named(command.row().name), Some(*command));
        }
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }

    #[test]
    fn the_footer_says_what_works_now_and_drops_from_the_right() {
        let labels =
            |focus, mode, width| footer(focus, mode, width).into_iter().map(|(_, label)| label).collect::<Vec<_>>();
        let wide = labels(Focus::Source, Mode::Paused, 300);
        assert!(wide.starts_with(&["next", "step"]) && wide.ends_with(&["commands", "help"]), "{wide:?}");
        assert!(!wide.contains(&"pause"));
        assert!(labels(Focus::Source, Mode::Running, 300).contains(&"pause"));
        let narrow = labels(Focus::Source, Mode::Paused, 40);
        assert!(narrow.ends_with(&["commands", "help"]) && narrow.len() < wide.len());
        let urgent = [(Command::AnswerTask, "answer")];
        let entries = footer_after(&urgent, Focus::Source, Mode::Running, 80);
        assert_eq!(entries[0], ("a".to_owned(), "answer"));
        assert_eq!(entries.iter().filter(|(_, label)| *label == "answer").count(), 1, "{entries:?}");
        for width in 0..200 {
            let entries = footer(Focus::Data, Mode::Paused, width);
            let needed: usize = entries.iter().map(|(key, label)| key.chars().count() + label.len() + 3).sum();
            assert!(needed <= width.max(30), "{width}: {entries:?}");
        }
    }

    #[test]
    fn help_begins_with_the_focus() {
        let lines = help(Focus::Data);
        assert_eq!(lines[0], HelpLine::Heading("Here: Data".into()));
        let before = lines.iter().position(|line| matches!(line, HelpLine::Entry { name: "before", .. }));
        let quit = lines.iter().position(|line| matches!(line, HelpLine::Entry { name: "quit", .. }));
        assert!(before < quit && before.is_some());
    }

    #[test]
    fn where_text_is_typed_no_plain_letter_is_a_command() {
        for row in COMMANDS {
            for (keys, places) in row.keys {
                let text = Focus::ALL.iter().filter(|focus| focus.takes_text() && places.has(**focus));
                assert!(text.count() == 0 || keys.chars().count() > 1, "{} on {keys}", row.name);
            }
        }
    }
}
