//! Every sign the screen is made of, in Unicode and in ASCII. All are one cell wide.

macro_rules! glyphs {
    ($($(#[$doc:meta])* $name:ident = $unicode:literal | $ascii:literal),* $(,)?) => {
        /// The signs in use. Many of the Unicode ones are two cells wide in some East Asian terminals, and none exist
        /// where the locale is not UTF-8; then the ASCII ones are used.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Glyphs { $($(#[$doc])* pub $name: &'static str),* }

        impl Glyphs {
            /// The Unicode signs.
            pub const UNICODE: Self = Self { $($name: $unicode),* };
            /// The ASCII signs.
            pub const ASCII: Self = Self { $($name: $ascii),* };

            /// Every sign with its name.
            #[must_use]
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}

glyphs! {
    /// Where the run stands: gutter, rail, history.
    here = "▶" | ">",
    /// A breakpoint.
    breakpoint = "●" | "*",
    /// A breakpoint with a condition or a count.
    conditional = "◆" | "?",
    /// A breakpoint that logs and goes on.
    log_point = "◇" | "+",
    /// A breakpoint that fits nowhere.
    unplaceable = "○" | "o",
    /// An error in the definition.
    error = "!" | "!",
    /// A warning.
    warning = "?" | "?",
    /// Beside the lines of the current state.
    bar = "┃" | "|",
    /// Visited.
    visited = "✓" | "v",
    /// Not yet visited.
    pending = "·" | ".",
    /// Failed.
    failed = "✗" | "x",
    /// Waiting.
    waiting = "⧗" | "w",
    /// In front of a number of visits.
    visits = "↻" | "x",
    /// Folded.
    folded = "▸" | ">",
    /// Unfolded.
    unfolded = "▾" | "v",
    /// Something was cut off here.
    ellipsis = "…" | "~",
    /// A horizontal rule.
    horizontal = "─" | "-",
    /// A vertical rule, a rail.
    vertical = "│" | "|",
    /// The same, dashed: a way that only errors take.
    dashed_horizontal = "╌" | "~",
    /// The same upright.
    dashed_vertical = "┆" | ":",
    /// Rules: down from a horizontal one.
    tee_down = "┬" | "+",
    /// Up from a horizontal one.
    tee_up = "┴" | "+",
    /// Right from a vertical one; a branch.
    tee_right = "├" | "+",
    /// Left from a vertical one.
    tee_left = "┤" | "+",
    /// All four ways.
    cross = "┼" | "+",
    /// A corner: right and down.
    down_right = "╭" | ",",
    /// Left and down.
    down_left = "╮" | ".",
    /// Right and up.
    up_right = "╰" | "`",
    /// Left and up.
    up_left = "╯" | "'",
    /// The start of a scope.
    start = "○" | "o",
    /// The end of an execution.
    end = "◉" | "@",
    /// A Choice.
    choice = "◇" | "?",
    /// A transition back.
    back_edge = "↺" | "^",
    /// In front of a number of catchers.
    catch = "↯" | "!",
    /// The end of a line downwards.
    down = "▼" | "v",
    /// The end of a line upwards.
    up = "▲" | "^",
    /// The same of a dashed one.
    hollow_down = "▽" | "V",
    /// The same upwards.
    hollow_up = "△" | "A",
    /// A time that something took.
    full = "█" | "#",
    /// A time that something waited.
    light = "░" | ".",
    /// Leads to, becomes.
    arrow = "→" | ">",
    /// In front of what came of something.
    from = "←" | "<",
    /// The run is paused.
    paused = "‖" | "=",
    /// Earlier in the run.
    earlier = "◂" | "<",
    /// Later in the run.
    later = "▸" | ">",
    /// A control character that has no sign of its own.
    escape = "␛" | "^",
}

impl Glyphs {
    /// Words for signs, blanks for lines: for screen readers and logs. Not all are one cell wide.
    pub const PLAIN: Self = Self {
        here: "now",
        breakpoint: "break",
        conditional: "break if",
        log_point: "log",
        unplaceable: "no break",
        error: "error",
        warning: "warning",
        bar: " ",
        visited: "done",
        pending: "not yet",
        failed: "failed",
        waiting: "waits",
        visits: "visits ",
        folded: "+",
        unfolded: "-",
        ellipsis: "~",
        horizontal: " ",
        vertical: " ",
        dashed_horizontal: " ",
        dashed_vertical: " ",
        tee_down: " ",
        tee_up: " ",
        tee_right: " ",
        tee_left: " ",
        cross: " ",
        down_right: " ",
        down_left: " ",
        up_right: " ",
        up_left: " ",
        start: " ",
        end: " ",
        choice: " ",
        back_edge: "back to",
        catch: "catch ",
        arrow: "to",
        from: "result:",
        paused: "now",
        earlier: "earlier:",
        later: "at",
        ..Self::ASCII
    };

    /// Whether these are words.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::PLAIN
    }

    /// The signs the locale allows: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set decides, as for any
    /// program (POSIX, 8.2).
    #[must_use]
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
        let locale = locale.unwrap_or_default().to_ascii_lowercase();
        if locale.contains("utf-8") || locale.contains("utf8") { Self::UNICODE } else { Self::without_locale(&locale) }
    }

    /// macOS and Windows terminals speak UTF-8 and often set none of these.
    fn without_locale(locale: &str) -> Self {
        let speaks_utf8 = cfg!(any(target_os = "macos", windows));
        if locale.is_empty() && speaks_utf8 { Self::UNICODE } else { Self::ASCII }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn every_sign_is_one_cell_and_the_fallback_is_ascii() {
        for (name, sign) in Glyphs::UNICODE.all().into_iter().chain(Glyphs::ASCII.all()) {
            assert_eq!(sign.width(), 1, "{name}");
        }
        assert!(Glyphs::ASCII.all().iter().all(|(_, sign)| sign.is_ascii()));
    }

    #[test]
    fn signs_that_share_a_column_differ() {
        for signs in [Glyphs::UNICODE, Glyphs::ASCII] {
            let gutter =
                [signs.here, signs.breakpoint, signs.conditional, signs.log_point, signs.unplaceable, signs.error];
            let marks = [signs.here, signs.visited, signs.pending, signs.failed, signs.waiting];
            for column in [&gutter[..], &marks[..]] {
                let mut apart = column.to_vec();
                apart.sort_unstable();
                apart.dedup();
                assert_eq!(apart.len(), column.len(), "{column:?}");
            }
        }
    }

    #[test]
    fn the_locale_decides() {
        let with = |pairs: &'static [(&str, &str)]| {
            Glyphs::from_environment(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(with(&[("LANG", "de_DE.UTF-8")]), Glyphs::UNICODE);
        assert_eq!(with(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")]), Glyphs::ASCII);
        assert_eq!(with(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8")]), Glyphs::UNICODE);
        assert_eq!(with(&[("LANG", "en_US.ISO-8859-1")]), Glyphs::ASCII);
    }
}
