//! Commands as they are typed: names, short names, arguments.

use super::Command;

/// What a command takes behind its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// As help and messages show it.
    pub arguments: &'static str,
    /// Whether it does nothing without.
    pub required: bool,
}

/// Short names, as users of other debuggers type them.
const SHORT: &[(&str, &str)] = &[
    ("b", "break"),
    ("bp", "break"),
    ("br", "break"),
    ("c", "continue"),
    ("n", "next"),
    ("s", "step"),
    ("f", "finish"),
    ("p", "print"),
    ("r", "restart"),
    ("run", "run-async"),
    ("start", "step"),
    ("u", "up-stack"),
    ("d", "delete"),
    ("q", "quit"),
    ("until", "run-to-cursor"),
    ("to", "run-to-cursor"),
    ("reverse-next", "back"),
    ("reverse-step", "step-back"),
    ("reverse-continue", "continue-back"),
    ("info", "breakpoints"),
    ("case", "mock-case"),
    ("skip", "skip-wait"),
    ("set", "edit-data"),
    ("leave", "skip-state"),
    ("h", "help"),
];

impl Command {
    /// The command that `word` names, in full or in short, and what is put before its arguments.
    #[must_use]
    pub fn typed(word: &str) -> Option<Self> {
        let full = SHORT.iter().find(|(short, _)| *short == word).map_or(word, |(_, name)| name);
        Self::named(full)
    }

    /// What it takes behind its name; none: nothing.
    #[must_use]
    pub fn usage(self) -> Option<Usage> {
        let (arguments, required) = match self {
            Self::Break => ("[STATE] [at entry|exit|STAGE] [in 2] [after 3] [once] [if EXPR] [log TEXT]", false),
            Self::Catch => ("error|caught|retry|timeout [STATE] [in 2] [if EXPR] [log TEXT]", true),
            Self::Watchpoint | Self::Watch | Self::Print | Self::Assert => ("EXPR", true),
            Self::BackToChange => ("[EXPR]", false),
            Self::Unwatch => ("EXPR|all", true),
            Self::Delete | Self::Disable | Self::Enable => ("NUMBER|all", true),
            Self::ToggleBreakpoint | Self::RunToCursor => ("[STATE]", false),
            Self::GoToState => ("[STATE]", false),
            Self::GoToEvent => ("NUMBER", true),
            Self::InputEditor => ("[JSON]", false),
            Self::EditData => ("[JSON | $NAME = JSON]", false),
            Self::SkipState => ("[JSON]", false),
            Self::AnswerTask => ("[JSON | error NAME CAUSE]", false),
            Self::MockCase | Self::ThemePicker => ("[NAME]", false),
            Self::Search | Self::Filter => ("[TEXT]", false),
            _ => return None,
        };
        Some(Usage { arguments, required })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_names_of_commands_and_hide_none() {
        for (short, full) in SHORT {
            assert!(Command::named(full).is_some(), "{full}");
            assert_eq!(Command::named(short), None, "{short}");
            assert_eq!(Command::typed(short), Command::named(full));
        }
        assert_eq!(Command::typed("next"), Some(Command::Next));
        assert_eq!(Command::typed("nonsense"), None);
    }
}
