//! Keys as text: `Ctrl-d`, `g g`, `Shift-F11`, `Esc`.

use std::fmt;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key with its modifiers, as terminals of all kinds report it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Keys typed one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeySequence(Vec<Key>);

/// A key that is spelled wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no key; keys are written as `n`, `g g`, `Ctrl-d`, `Shift-F11`, `Esc`, `Space`, `Enter`, `Tab`, `Up`")]
pub struct KeyError(String);

const NAMED: [(&str, KeyCode); 16] = [
    ("Esc", KeyCode::Esc),
    ("Enter", KeyCode::Enter),
    ("Space", KeyCode::Char(' ')),
    ("Tab", KeyCode::Tab),
    ("Backspace", KeyCode::Backspace),
    ("Delete", KeyCode::Delete),
    ("Insert", KeyCode::Insert),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("PageUp", KeyCode::PageUp),
    ("PageDown", KeyCode::PageDown),
    ("Null", KeyCode::Null),
];

const MODIFIERS: [(&str, &str, KeyModifiers); 3] =
    [("Ctrl-", "^", KeyModifiers::CONTROL), ("Alt-", "A-", KeyModifiers::ALT), ("Shift-", "S-", KeyModifiers::SHIFT)];

impl Key {
    /// The key of an event; none for the release of a key.
    #[must_use]
    pub fn from_event(event: &KeyEvent) -> Option<Self> {
        (event.kind != KeyEventKind::Release).then(|| Self::new(event.code, event.modifiers))
    }

    /// The key, one spelling for what terminals report in several: a letter says itself whether it is a capital,
    /// `BackTab` is `Shift-Tab`, and capitals and digits make no difference to Ctrl.
    #[must_use]
    pub fn new(code: KeyCode, modifiers: KeyModifiers) -> Self {
        let modifiers = modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        match code {
            KeyCode::BackTab => Self { code: KeyCode::Tab, modifiers: modifiers | KeyModifiers::SHIFT },
            KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => {
                Self { code: KeyCode::Char(c.to_ascii_lowercase()), modifiers: modifiers - KeyModifiers::SHIFT }
            }
            KeyCode::Char(c) if modifiers.contains(KeyModifiers::SHIFT) => {
                let c = if c.is_ascii() { c.to_ascii_uppercase() } else { c };
                Self { code: KeyCode::Char(c), modifiers: modifiers - KeyModifiers::SHIFT }
            }
            _ => Self { code, modifiers },
        }
    }

    /// The character it types, if it types one.
    #[must_use]
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => Some(c),
            _ => None,
        }
    }

    /// Reads one key.
    ///
    /// # Errors
    /// When it is spelled wrong.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut rest = text;
        let mut modifiers = KeyModifiers::NONE;
        while let Some((after, bit)) = MODIFIERS.iter().find_map(|(name, _, bit)| {
            // `Ctrl--` is Ctrl with a dash.
            rest.strip_prefix(name).filter(|after| !after.is_empty()).map(|after| (after, *bit))
        }) {
            modifiers |= bit;
            rest = after;
        }
        let code = code_of(rest).ok_or_else(|| KeyError(text.to_owned()))?;
        Ok(Self::new(code, modifiers))
    }

    fn spell(self, short: bool) -> String {
        let mut out = String::new();
        for (long, brief, _) in MODIFIERS.iter().filter(|(.., bit)| self.modifiers.contains(*bit)) {
            out.push_str(if short { brief } else { long });
        }
        match (NAMED.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => out.push_str(name),
            (None, KeyCode::Char(c)) => out.push(c),
            (None, KeyCode::F(n)) => out.push_str(&format!("F{n}")),
            (None, other) => out.push_str(&other.to_string()),
        }
        out
    }
}

fn code_of(text: &str) -> Option<KeyCode> {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(KeyCode::Char(c)).filter(|_| !c.is_whitespace() && !c.is_control());
    }
    if let Some((_, code)) = NAMED.iter().find(|(name, _)| *name == text) {
        return Some(*code);
    }
    let number = text.strip_prefix('F')?.parse().ok()?;
    (1..=24).contains(&number).then_some(KeyCode::F(number))
}

/// As [`Key::parse`] reads it.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spell(false))
    }
}

impl KeySequence {
    /// Reads keys with blanks between them.
    ///
    /// # Errors
    /// When there is none, or one is spelled wrong.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let keys: Vec<_> = text.split_ascii_whitespace().map(Key::parse).collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(KeyError(text.to_owned())) } else { Ok(Self(keys)) }
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// The short form for footer and help: `gg`, `^d`, `S-F11`.
    #[must_use]
    pub fn label(&self) -> String {
        self.0.iter().map(|key| key.spell(true)).collect()
    }
}

/// As [`KeySequence::parse`] reads it.
impl fmt::Display for KeySequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.0.iter().map(Key::to_string).collect();
        f.write_str(&keys.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        for text in
            ["n", "N", "g g", "Ctrl-d", "Shift-F11", "Esc", "Space", "] d", "Ctrl-Alt-x", "Ctrl--", "-", "Shift-Tab"]
        {
            assert_eq!(KeySequence::parse(text).expect("keys").to_string(), text);
        }
        for wrong in ["", " ", "Ctrl-", "F0", "F25", "gg", "Escape", "ctrl-d"] {
            assert!(KeySequence::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn short_forms() {
        for (text, label) in [("g g", "gg"), ("Ctrl-d", "^d"), ("Shift-F11", "S-F11"), ("Ctrl-c Ctrl-c", "^c^c")] {
            assert_eq!(KeySequence::parse(text).expect("keys").label(), label);
        }
    }

    #[test]
    fn terminals_report_one_key_in_several_ways() {
        let same = [
            (KeyCode::BackTab, KeyModifiers::NONE, "Shift-Tab"),
            (KeyCode::BackTab, KeyModifiers::SHIFT, "Shift-Tab"),
            (KeyCode::Char('n'), KeyModifiers::SHIFT, "N"),
            (KeyCode::Char('N'), KeyModifiers::SHIFT, "N"),
            (KeyCode::Char('N'), KeyModifiers::NONE, "N"),
            (KeyCode::Char('?'), KeyModifiers::SHIFT, "?"),
            (KeyCode::Char('D'), KeyModifiers::CONTROL | KeyModifiers::SHIFT, "Ctrl-d"),
        ];
        for (code, modifiers, text) in same {
            assert_eq!(Key::new(code, modifiers), Key::parse(text).expect("a key"), "{text}");
        }
        let event = KeyEvent::new_with_kind(KeyCode::Char('n'), KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(Key::from_event(&event), None);
    }

    #[test]
    fn what_is_typed() {
        assert_eq!(Key::parse("Space").expect("a key").typed(), Some(' '));
        assert_eq!(Key::parse("Ctrl-a").expect("a key").typed(), None);
    }
}
