//! Themes: `.tmTheme` files that colour the source as in other editors, and asldb's own roles in the same file.
//!
//! The roles are members of the first entry's `settings`: `role` is its colour, `roleForeground`, `roleBackground` and
//! `roleStyle` (`bold dim italic underline reverse`) say more. `#NN000000` (alpha 00) is colour NN of the terminal and
//! `#00000001` its default, as in bat. A theme made for another program has no such roles; it gets those of the
//! shipped theme that fits its background.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use syntect::highlighting::{Color, Theme as Syntax, ThemeSet};

use super::plist::Plist;

/// The shipped themes, the default first.
const SHIPPED: [(&str, &[u8]); 5] = [
    ("terminal", include_bytes!("../../themes/terminal.tmTheme")),
    ("dark", include_bytes!("../../themes/dark.tmTheme")),
    ("light", include_bytes!("../../themes/light.tmTheme")),
    ("high-contrast", include_bytes!("../../themes/high-contrast.tmTheme")),
    ("mono", include_bytes!("../../themes/mono.tmTheme")),
];

/// The ending of theme files.
const ENDING: &str = "tmTheme";

/// Why there is no theme.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// No theme has this name.
    #[error("there is no theme `{name}`; known are {}", known.join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that would do.
        known: Vec<String>,
    },
    /// The file cannot be read.
    #[error("the theme {path} cannot be read: {error}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The file is no theme.
    #[error("{place} is no .tmTheme file: {reason}")]
    Invalid {
        /// The file or the name.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// A colour of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Colour {
    /// The terminal's own foreground or background.
    Default,
    /// A colour of the terminal's palette, mostly one of the first sixteen.
    Ansi(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

impl From<Color> for Colour {
    fn from(colour: Color) -> Self {
        match colour.a {
            0 => Self::Ansi(colour.r),
            1 => Self::Default,
            _ => Self::Rgb(colour.r, colour.g, colour.b),
        }
    }
}

impl Colour {
    /// Reads `#RGB`, `#RRGGBB` and `#RRGGBBAA`.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        let wide = if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
        let byte = |at: usize| u8::from_str_radix(wide.get(at..at + 2)?, 16).ok();
        let a = match wide.len() {
            6 => 255,
            8 => byte(6)?,
            _ => return None,
        };
        Some(Color { r: byte(0)?, g: byte(2)?, b: byte(4)?, a }.into())
    }
}

/// How letters are drawn beside their colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Letters(u8);

impl Letters {
    /// The words a theme may use, each with its bit.
    const WORDS: [(&str, Self); 5] = [
        ("bold", Self::BOLD),
        ("dim", Self::DIM),
        ("italic", Self::ITALIC),
        ("underline", Self::UNDERLINE),
        ("reverse", Self::REVERSE),
    ];
    /// Bold.
    pub const BOLD: Self = Self(1);
    /// Fainter than usual.
    pub const DIM: Self = Self(2);
    /// Italic.
    pub const ITALIC: Self = Self(4);
    /// Underlined.
    pub const UNDERLINE: Self = Self(8);
    /// Foreground and background exchanged.
    pub const REVERSE: Self = Self(16);

    /// Whether all of `other` apply.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Words that are not known are no error, as other programs have more of them.
    fn parse(text: &str) -> Self {
        let known = |word: &str| Self::WORDS.iter().find(|(name, _)| *name == word).map_or(0, |(_, bit)| bit.0);
        Self(text.split_ascii_whitespace().map(known).fold(0, |all, bit| all | bit))
    }
}

/// What a theme says about a role; what it does not say is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RoleStyle {
    /// The colour of the letters.
    pub foreground: Option<Colour>,
    /// The colour behind them.
    pub background: Option<Colour>,
    /// Bold and the like.
    pub letters: Letters,
}

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal),* $(,)?) => {
        /// What a part of the screen means; themes give each role its look.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Role { $($(#[$doc])* $role),* }

        impl Role {
            /// Every role.
            pub const ALL: &[Self] = &[$(Self::$role),*];

            /// The name in theme files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$role => $name),* }
            }
        }
    };
}

roles! {
    /// Text, and the background of the screen.
    Text = "",
    /// Text that matters less.
    Muted = "muted",
    /// What the eye should find first.
    Accent = "accent",
    /// Done, succeeded.
    Ok = "ok",
    /// Under way.
    Running = "running",
    /// Waiting for time, a task or a person.
    Waiting = "waiting",
    /// Failed.
    Failed = "failed",
    /// A warning.
    Warning = "warning",
    /// A breakpoint.
    Breakpoint = "breakpoint",
    /// The line or state where the run stands.
    CurrentLine = "lineHighlight",
    /// The selected row or text.
    Selection = "selection",
    /// Line numbers.
    Gutter = "gutter",
    /// Added by a step or an edit.
    Added = "added",
    /// Removed.
    Removed = "removed",
    /// Changed.
    Changed = "changed",
    /// The rules between panes.
    Border = "border",
    /// The rule of the focused pane.
    FocusedBorder = "borderFocused",
    /// The title of a pane.
    Title = "title",
    /// The first line of the screen.
    Header = "header",
    /// A key in the footer and in help.
    FooterKey = "footerKey",
    /// What a search found.
    Match = "findHighlight",
    /// Values shown beside the source.
    InlineValue = "inlineValue",
}

impl Role {
    /// Roles whose bare name is a background, as in other programs' themes.
    fn is_background(self) -> bool {
        matches!(self, Self::CurrentLine | Self::Selection | Self::Gutter | Self::Match)
    }

    fn read(self, settings: &Plist) -> Option<RoleStyle> {
        let name = self.name();
        let text = |suffix: &str| settings.get(&format!("{name}{suffix}")).and_then(Plist::as_text);
        let colour = |suffix: &str| text(suffix).and_then(Colour::parse);
        let (bare_foreground, bare_background) =
            if self.is_background() { (None, colour("")) } else { (colour(""), None) };
        let style = RoleStyle {
            foreground: colour("Foreground").or(bare_foreground),
            background: colour("Background").or(bare_background),
            letters: text("Style").map(Letters::parse).unwrap_or_default(),
        };
        (style != RoleStyle::default()).then_some(style)
    }
}

/// A theme.
#[derive(Debug, Clone)]
pub struct Theme {
    /// What it is called.
    pub name: String,
    /// The colours of the source, for syntect.
    pub syntax: Syntax,
    roles: Vec<RoleStyle>,
}

impl Theme {
    /// The theme called `name`, or in the file `name` when that is a path. The user's themes come before the shipped
    /// ones, so that a shipped theme can be replaced.
    ///
    /// # Errors
    /// When there is none, or its file is not readable or no theme.
    pub fn load(name: &str, user_themes: Option<&Path>) -> Result<Self, ThemeError> {
        if is_path(name) {
            return Self::from_file(Path::new(name));
        }
        let own = user_themes.map(|folder| folder.join(format!("{name}.{ENDING}")));
        if let Some(path) = own.filter(|path| path.is_file()) {
            return Self::from_file(&path);
        }
        let shipped = SHIPPED.iter().find(|(known, _)| *known == name);
        let unknown = || ThemeError::Unknown { name: name.to_owned(), known: Self::known(user_themes) };
        let (name, bytes) = shipped.ok_or_else(unknown)?;
        Self::read(name, bytes)
    }

    /// The names of all themes: the shipped ones, the default first, then the user's.
    #[must_use]
    pub fn known(user_themes: Option<&Path>) -> Vec<String> {
        let mut names: Vec<String> = SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect();
        let files = user_themes.and_then(|folder| folder.read_dir().ok()).into_iter().flatten().flatten();
        let paths = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|end| end == ENDING));
        let mut own: Vec<_> = paths.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
        own.retain(|name| !names.contains(name));
        own.sort();
        names.extend(own);
        names
    }

    fn from_file(path: &Path) -> Result<Self, ThemeError> {
        let bytes = std::fs::read(path).map_err(|error| ThemeError::Unreadable { path: path.to_owned(), error })?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Self::read(&name, &bytes).map_err(|error| match error {
            ThemeError::Invalid { reason, .. } => ThemeError::Invalid { place: path.display().to_string(), reason },
            other => other,
        })
    }

    fn read(name: &str, bytes: &[u8]) -> Result<Self, ThemeError> {
        let invalid =
            |error: syntect::LoadingError| ThemeError::Invalid { place: name.to_owned(), reason: error.to_string() };
        let mut syntax = ThemeSet::load_from_reader(&mut Cursor::new(bytes)).map_err(invalid)?;
        // syntect takes black on white where a theme says nothing; the terminal's own is the better guess.
        let default = Color { r: 0, g: 0, b: 0, a: 1 };
        syntax.settings.foreground.get_or_insert(default);
        syntax.settings.background.get_or_insert(default);
        let found = read_roles(bytes);
        let fallback = if found.iter().skip(1).flatten().count() < 2 { fallback(&syntax) } else { Vec::new() };
        let or_fallback =
            |(at, style): (usize, Option<RoleStyle>)| style.or(fallback.get(at).copied()).unwrap_or_default();
        let mut roles: Vec<_> = found.into_iter().enumerate().map(or_fallback).collect();
        if let Some(text) = roles.first_mut() {
            text.foreground = syntax.settings.foreground.map(Colour::from);
            text.background = syntax.settings.background.map(Colour::from);
        }
        Ok(Self { name: name.to_owned(), syntax, roles })
    }

    /// The look of `role`.
    #[must_use]
    pub fn role(&self, role: Role) -> RoleStyle {
        self.roles.get(role as usize).copied().unwrap_or_default()
    }
}

fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || Path::new(name).extension().is_some_and(|end| end == ENDING)
}

/// The roles of a theme file in the order of [`Role::ALL`].
fn read_roles(bytes: &[u8]) -> Vec<Option<RoleStyle>> {
    let plist = std::str::from_utf8(bytes).ok().and_then(Plist::read);
    let settings = plist.as_ref().and_then(|plist| plist.get("settings")?.items().first()?.get("settings"));
    Role::ALL.iter().map(|role| role.read(settings?)).collect()
}

/// The roles of the shipped theme for the background of a theme that has none of its own.
fn fallback(syntax: &Syntax) -> Vec<RoleStyle> {
    let name = match syntax.settings.background.map(Colour::from) {
        Some(Colour::Rgb(r, g, b)) if 3 * u32::from(r) + 6 * u32::from(g) + u32::from(b) > 1280 => "light",
        Some(Colour::Rgb(..)) => "dark",
        _ => "terminal",
    };
    let shipped = SHIPPED.iter().find(|(known, _)| *known == name);
    let roles = shipped.map(|(_, bytes)| read_roles(bytes)).unwrap_or_default();
    roles.into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_theme_gives_every_role_a_look() {
        for (name, _) in SHIPPED {
            let theme = Theme::load(name, None).expect("a theme");
            assert_eq!(theme.name, name);
            assert_eq!(theme.syntax.scopes.len(), 13, "{name}: syntect drops entries it cannot read");
            let plain = Role::ALL.iter().filter(|role| theme.role(**role) == RoleStyle::default());
            assert_eq!(plain.collect::<Vec<_>>(), Vec::<&Role>::new(), "{name}");
        }
    }

    #[test]
    fn colours_of_themes() {
        assert_eq!(Colour::parse("#fA0"), Some(Colour::Rgb(255, 170, 0)));
        assert_eq!(Colour::parse("#102030"), Some(Colour::Rgb(16, 32, 48)));
        assert_eq!(Colour::parse("#0B000000"), Some(Colour::Ansi(11)));
        assert_eq!(Colour::parse("#00000001"), Some(Colour::Default));
        for wrong in ["", "#", "red", "#12", "#ääää", "#12345G"] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones_the_users_included() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("own.tmTheme"), SHIPPED[1].1).expect("written");
        let error = Theme::load("drak", Some(folder.path())).expect_err("unknown");
        let message = "there is no theme `drak`; known are terminal, dark, light, high-contrast, mono, own";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn a_users_theme_replaces_a_shipped_one_and_a_path_names_any_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("dark.tmTheme");
        std::fs::write(&path, SHIPPED[2].1).expect("written");
        let light = Theme::load("light", None).expect("a theme").role(Role::Text);
        assert_eq!(Theme::load("dark", Some(folder.path())).expect("a theme").role(Role::Text), light);
        let by_path = Theme::load(path.to_str().expect("Unicode"), None).expect("a theme");
        assert_eq!(by_path.role(Role::Text), light);
        assert!(matches!(Theme::load("./none.tmTheme", None), Err(ThemeError::Unreadable { .. })));
        std::fs::write(&path, "{}").expect("written");
        assert!(matches!(Theme::load("dark", Some(folder.path())), Err(ThemeError::Invalid { .. })));
    }

    #[test]
    fn a_theme_of_another_program_gets_the_roles_for_its_background() {
        let foreign = |background: &str| {
            let text = format!(
                "<plist><dict><key>settings</key><array><dict><key>settings</key><dict>\
                 <key>background</key><string>{background}</string><key>caret</key><string>#fff</string>\
                 <key>selection</key><string>#123456</string></dict></dict></array></dict></plist>"
            );
            Theme::read("foreign", text.as_bytes()).expect("a theme")
        };
        let shipped = |name| Theme::load(name, None).expect("a theme").role(Role::Failed);
        assert_eq!(foreign("#101010").role(Role::Failed), shipped("dark"));
        assert_eq!(foreign("#fafafa").role(Role::Failed), shipped("light"));
        assert_eq!(foreign("#00000001").role(Role::Failed), shipped("terminal"));
        assert_eq!(foreign("#101010").role(Role::Selection).background, Some(Colour::Rgb(0x12, 0x34, 0x56)));
        assert_eq!(foreign("#101010").role(Role::Text).background, Some(Colour::Rgb(16, 16, 16)));
    }
}
