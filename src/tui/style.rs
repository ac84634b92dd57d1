//! Roles and tokens to terminal styles: the theme, brought down to the colours the terminal has.

use ratatui::style::{Color, Modifier, Style};
use syntect::highlighting::{FontStyle, Highlighter};
use syntect::parsing::ScopeStack;

use super::highlight::Token;
use crate::config::{Colour, Letters, Role, RoleStyle, Theme, ThemeError};

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Depth {
    /// None: everything that matters must differ by bold, underline, reverse, or by a sign.
    None,
    /// The sixteen of the terminal's palette.
    Sixteen,
    /// The 6 × 6 × 6 cube and the greys of xterm.
    Cube,
    /// 24 bit.
    True,
}

impl Depth {
    /// What the environment says: `NO_COLOR` (no-color.org: when not empty), `COLORTERM`, `TERM`.
    #[must_use]
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name| variable(name).unwrap_or_default();
        let term = value("TERM");
        if !value("NO_COLOR").is_empty() || term == "dumb" {
            Self::None
        } else if matches!(value("COLORTERM").as_str(), "truecolor" | "24bit") || term.ends_with("-direct") {
            Self::True
        } else if term.contains("256color") {
            Self::Cube
        } else {
            Self::Sixteen
        }
    }

    /// The nearest colour of this depth.
    #[must_use]
    pub fn colour(self, colour: Colour) -> Color {
        match (colour, self) {
            (Colour::Default, _) | (_, Self::None) => Color::Reset,
            (Colour::Ansi(index), _) => Color::Indexed(index),
            (Colour::Rgb(r, g, b), Self::True) => Color::Rgb(r, g, b),
            (Colour::Rgb(r, g, b), Self::Cube) => Color::Indexed(nearest(cube(), [r, g, b])),
            (Colour::Rgb(r, g, b), Self::Sixteen) => {
                let palette = (0..).zip(SIXTEEN);
                Color::Indexed(nearest(palette, [r, g, b]))
            }
        }
    }
}

/// xterm's palette; terminals have their own, but the order of brightness and hue is the same.
const SIXTEEN: [[u8; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

/// Colours 16 to 255 of xterm: the cube, then the greys.
fn cube() -> impl Iterator<Item = (u8, [u8; 3])> {
    let step = |level: u8| if level == 0 { 0 } else { 55 + 40 * level };
    let cube = (0..216u8).map(move |n| (16 + n, [step(n / 36), step(n / 6 % 6), step(n % 6)]));
    cube.chain((0..24u8).map(|n| (232 + n, [8 + 10 * n; 3])))
}

fn nearest(palette: impl Iterator<Item = (u8, [u8; 3])>, wanted: [u8; 3]) -> u8 {
    // Green counts most and blue least, roughly as for the eye.
    let distance = |colour: [u8; 3]| {
        let parts = colour.iter().zip(wanted).zip([3, 6, 1]);
        parts.map(|((a, b), weight)| weight * u32::from(a.abs_diff(b)).pow(2)).sum::<u32>()
    };
    palette.min_by_key(|(_, colour)| distance(*colour)).map_or(0, |(index, _)| index)
}

/// The styles of every role and token.
#[derive(Debug, Clone, PartialEq)]
pub struct Styles {
    depth: Depth,
    roles: Vec<Style>,
    tokens: Vec<Style>,
}

impl Styles {
    /// The styles of `theme` in `depth` colours. Without colours it is the theme `mono` whatever was chosen, as a
    /// theme made of colours would show no difference at all.
    ///
    /// # Errors
    /// Only when the shipped theme `mono` were broken.
    pub fn new(theme: &Theme, depth: Depth) -> Result<Self, ThemeError> {
        if depth == Depth::None && theme.name != "mono" {
            return Ok(Self::build(&Theme::load("mono", None)?, depth));
        }
        Ok(Self::build(theme, depth))
    }

    fn build(theme: &Theme, depth: Depth) -> Self {
        let roles = Role::ALL.iter().map(|role| role_style(theme.role(*role), depth)).collect();
        let highlighter = Highlighter::new(&theme.syntax);
        let tokens = Token::ALL.iter().map(|token| token_style(&highlighter, *token, depth)).collect();
        Self { depth, roles, tokens }
    }

    /// How many colours these use.
    #[must_use]
    pub fn depth(&self) -> Depth {
        self.depth
    }

    /// The style of `role`; without a background of its own it is to be laid over that of [`Role::Text`].
    #[must_use]
    pub fn role(&self, role: Role) -> Style {
        self.roles.get(role as usize).copied().unwrap_or_default()
    }

    /// The style of `token`.
    #[must_use]
    pub fn token(&self, token: Token) -> Style {
        self.tokens.get(token as usize).copied().unwrap_or_default()
    }
}

fn role_style(role: RoleStyle, depth: Depth) -> Style {
    let pairs = [
        (Letters::BOLD, Modifier::BOLD),
        (Letters::DIM, Modifier::DIM),
        (Letters::ITALIC, Modifier::ITALIC),
        (Letters::UNDERLINE, Modifier::UNDERLINED),
        (Letters::REVERSE, Modifier::REVERSED),
    ];
    let modifiers = pairs.into_iter().filter(|(letters, _)| role.letters.contains(*letters));
    Style {
        fg: role.foreground.map(|colour| depth.colour(colour)),
        bg: role.background.map(|colour| depth.colour(colour)),
        add_modifier: modifiers.map(|(_, modifier)| modifier).collect(),
        ..Style::default()
    }
}

fn token_style(highlighter: &Highlighter<'_>, token: Token, depth: Depth) -> Style {
    let stack: ScopeStack = token.scopes().parse().unwrap_or_default();
    let found = highlighter.style_for_stack(stack.as_slice());
    let pairs = [
        (FontStyle::BOLD, Modifier::BOLD),
        (FontStyle::ITALIC, Modifier::ITALIC),
        (FontStyle::UNDERLINE, Modifier::UNDERLINED),
    ];
    let modifiers = pairs.into_iter().filter(|(font, _)| found.font_style.contains(*font));
    // No background: the line it stands on has one, and tokens are drawn over it.
    Style::new()
        .fg(depth.colour(found.foreground.into()))
        .add_modifier(modifiers.map(|(_, modifier)| modifier).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styles(name: &str, depth: Depth) -> Styles {
        Styles::new(&Theme::load(name, None).expect("a theme"), depth).expect("styles")
    }

    /// Contrast as WCAG 2 defines it.
    fn contrast(a: Color, b: Color) -> f64 {
        let luminance = |colour| {
            let Color::Rgb(r, g, b) = colour else { panic!("{colour:?} is no RGB colour") };
            let linear = |part: u8| {
                let part = f64::from(part) / 255.0;
                if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn everything_can_be_read_in_every_theme_of_colours() {
        for name in ["dark", "light", "high-contrast"] {
            let styles = styles(name, Depth::True);
            let text = styles.role(Role::Text);
            let under = [text.bg, styles.role(Role::CurrentLine).bg].map(|bg| bg.expect("a background"));
            let roles = Role::ALL.iter().map(|role| (format!("{role:?}"), styles.role(*role)));
            let tokens = Token::ALL.iter().map(|token| (format!("{token:?}"), styles.token(*token)));
            for (what, style) in roles.chain(tokens) {
                let Some(letters) = style.fg else { continue };
                let (backgrounds, least) = match style.bg {
                    Some(own) => (vec![own], 7.0),
                    None => (under.to_vec(), 4.5),
                };
                for background in backgrounds {
                    let ratio = contrast(letters, background);
                    assert!(ratio >= least, "{name}: {what} on {background:?} is {ratio:.2} to 1");
                }
            }
            // What the run does is said in its colour in the header.
            for role in [Role::Ok, Role::Failed, Role::Running, Role::Waiting, Role::Accent] {
                let words = styles.role(Role::Header).patch(styles.role(role));
                let ratio = words.fg.zip(words.bg).map(|(letters, background)| contrast(letters, background));
                assert!(ratio.is_some_and(|ratio| ratio >= 4.5), "{name}: {role:?} in the header is {ratio:?} to 1");
            }
            let letters = text.fg.expect("a foreground");
            assert!(under.iter().all(|bg| contrast(letters, *bg) >= 7.0), "{name}: text");
        }
    }

    #[test]
    fn without_colours_what_matters_still_differs() {
        let styles = styles("dark", Depth::None);
        let strong = Modifier::BOLD | Modifier::UNDERLINED | Modifier::REVERSED;
        let roles = [Role::Text, Role::CurrentLine, Role::Selection, Role::Breakpoint, Role::Failed];
        let roles = roles.into_iter().chain([Role::Added, Role::Removed, Role::Match]);
        let looks: Vec<_> = roles.map(|role| (role, styles.role(role).add_modifier & strong)).collect();
        for (at, (role, look)) in looks.iter().enumerate() {
            for (other, other_look) in &looks[at + 1..] {
                assert_ne!(look, other_look, "{role:?} and {other:?}");
            }
        }
        for role in Role::ALL {
            let style = styles.role(*role);
            assert!([style.fg, style.bg].into_iter().flatten().all(|colour| colour == Color::Reset), "{role:?}");
        }
    }

    #[test]
    fn the_default_theme_uses_only_the_terminals_own_colours() {
        let styles = styles("terminal", Depth::True);
        let all = Role::ALL.iter().map(|role| styles.role(*role)).chain(Token::ALL.iter().map(|t| styles.token(*t)));
        for style in all {
            for colour in [style.fg, style.bg].into_iter().flatten() {
                assert!(matches!(colour, Color::Reset | Color::Indexed(0..=15)), "{colour:?}");
            }
        }
    }

    #[test]
    fn colours_of_lesser_terminals() {
        let red = Colour::Rgb(250, 10, 5);
        assert_eq!(Depth::True.colour(red), Color::Rgb(250, 10, 5));
        assert_eq!(Depth::Cube.colour(red), Color::Indexed(196));
        assert_eq!(Depth::Sixteen.colour(red), Color::Indexed(9));
        assert_eq!(Depth::None.colour(red), Color::Reset);
        assert_eq!(Depth::Cube.colour(Colour::Rgb(8, 8, 8)), Color::Indexed(232));
        assert_eq!(Depth::Cube.colour(Colour::Rgb(95, 135, 175)), Color::Indexed(67));
        assert_eq!(Depth::Cube.colour(Colour::Ansi(3)), Color::Indexed(3));
    }

    #[test]
    fn the_environment_tells_the_depth() {
        let cases: [(&[(&str, &str)], Depth); 7] = [
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::True),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "24bit"), ("NO_COLOR", "1")], Depth::None),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "")], Depth::Cube),
            (&[("TERM", "xterm-direct")], Depth::True),
            (&[("TERM", "linux")], Depth::Sixteen),
            (&[("TERM", "dumb")], Depth::None),
            (&[], Depth::Sixteen),
        ];
        for (pairs, depth) in cases {
            let variable =
                |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(Depth::from_environment(variable), depth, "{pairs:?}");
        }
    }
}
