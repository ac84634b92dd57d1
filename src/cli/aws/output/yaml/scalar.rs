//! How YAML writes strings: plain where that reads back as the same string, else in single quotes, else in double ones.

use std::sync::OnceLock;

use fancy_regex::Regex;

/// Columns after which a line is broken at the next blank.
const WIDTH: usize = 80;

/// Writes `text`; says whether it is plain.
pub(super) fn write(text: &str, indent: usize, is_key: bool, out: &mut String) -> bool {
    let allowed = Allowed::of(text);
    let chars: Vec<char> = text.chars().collect();
    let mut pen = Pen { column: column(out), out, indent, breaks: !is_key };
    if allowed.plain && !text.is_empty() && !is_other_type(text) {
        pen.plain(&chars);
        return true;
    }
    let is_multiline_key = is_key && text.contains('\n');
    if allowed.single && !is_multiline_key {
        pen.single(&chars);
    } else {
        pen.double(&chars);
    }
    false
}

fn column(out: &str) -> usize {
    out.rsplit('\n').next().map_or(0, |line| line.chars().count())
}

/// Whether the plain text would be read as a number, a time, a boolean or null.
fn is_other_type(text: &str) -> bool {
    static OTHER: OnceLock<Regex> = OnceLock::new();
    let other = OTHER.get_or_init(|| {
        Regex::new(
            r"(?x)^(?: true|True|TRUE|false|False|FALSE | ~|null|Null|NULL | <<|=
            | [-+]?0b[01_]+ | [-+]?0o?[0-7_]+ | [-+]?[0-9][0-9_]* | [-+][0-9_]+ | [-+]?0x[0-9a-fA-F_]+
            | [-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)? | [-+]?[0-9][0-9_]*[eE][-+]?[0-9]+
            | [-+]?\.[0-9_]+(?:[eE][-+][0-9]+)? | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN)
            | [0-9]{4}-[0-9]{2}-[0-9]{2}
            | [0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[\ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
              (?:[\ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?
            )$",
        )
        .expect("the pattern is well-formed")
    });
    other.is_match(text).unwrap_or(true)
}

/// The styles that keep a text as it is.
struct Allowed {
    plain: bool,
    single: bool,
}

impl Allowed {
    fn of(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let begins_or_ends =
            |test: fn(char) -> bool| chars.first().is_some_and(|c| test(*c)) || chars.last().is_some_and(|c| test(*c));
        let follows = |a: fn(char) -> bool, b: fn(char) -> bool| chars.windows(2).any(|pair| a(pair[0]) && b(pair[1]));
        let space: fn(char) -> bool = |c| c == ' ';
        let special = chars.iter().any(|c| !is_printable(*c));
        let breaks = chars.iter().any(|c| is_break(*c));
        let single = !special && !follows(is_break, space) && !follows(space, is_break);
        let plain = single && !breaks && !begins_or_ends(space) && !has_indicator(text, &chars);
        Self { plain, single }
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Characters that need no escape. The emitter takes those beyond the first plane for unprintable.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Whether a part of the text would mean something in YAML.
fn has_indicator(text: &str, chars: &[char]) -> bool {
    if text.starts_with("---") || text.starts_with("...") {
        return true;
    }
    let is_blank = |at: usize| chars.get(at).is_none_or(|c| *c == ' ' || *c == '\t' || is_break(*c));
    chars.iter().enumerate().any(|(at, c)| match (at, *c) {
        (0, '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`') => true,
        (0, '?' | '-') | (_, ':') => is_blank(at + 1),
        (_, '#') => at > 0 && is_blank(at - 1),
        _ => false,
    })
}

struct Pen<'a> {
    out: &'a mut String,
    column: usize,
    indent: usize,
    /// Whether lines may be broken.
    breaks: bool,
}

impl Pen<'_> {
    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', self.indent));
        self.column = self.indent;
    }

    fn plain(&mut self, chars: &[char]) {
        self.folded(chars, |at| chars.get(at + 1) != Some(&' '), |pen, c| pen.put(c));
    }

    fn single(&mut self, chars: &[char]) {
        self.put('\'');
        let can_fold = |at: usize| at > 0 && at + 1 < chars.len() && chars[at + 1] != ' ';
        self.folded(chars, can_fold, |pen, c| {
            if c == '\'' {
                pen.put('\'');
            }
            pen.put(c);
        });
        self.put('\'');
    }

    /// Writes characters, breaking lines at single blanks once they are too long; a line break is written twice.
    fn folded(&mut self, chars: &[char], can_fold: impl Fn(usize) -> bool, put: impl Fn(&mut Self, char)) {
        let mut after_space = false;
        let mut after_break = false;
        for (at, c) in chars.iter().copied().enumerate() {
            if is_break(c) {
                if !after_break {
                    self.out.push('\n');
                }
                self.out.push(c);
                self.column = 0;
                after_break = true;
                continue;
            }
            if std::mem::take(&mut after_break) {
                self.out.extend(std::iter::repeat_n(' ', self.indent));
                self.column = self.indent;
            }
            if c == ' ' && self.breaks && !after_space && self.column > WIDTH && can_fold(at) {
                self.new_line();
            } else {
                put(self, c);
            }
            after_space = c == ' ';
        }
        if after_break {
            self.out.extend(std::iter::repeat_n(' ', self.indent));
            self.column = self.indent;
        }
    }

    fn double(&mut self, chars: &[char]) {
        self.put('"');
        let mut after_space = false;
        for (at, c) in chars.iter().copied().enumerate() {
            let is_inside = at > 0 && at + 1 < chars.len();
            if c == ' ' && self.breaks && !after_space && self.column > WIDTH && is_inside {
                self.new_line();
                if chars[at + 1] == ' ' {
                    self.put('\\');
                }
            } else if c == ' ' || is_printable(c) && !is_break(c) && c != '"' && c != '\\' {
                self.put(c);
            } else {
                escape(c).chars().for_each(|c| self.put(c));
            }
            after_space = c == ' ';
        }
        self.put('"');
    }
}

fn escape(c: char) -> String {
    let short = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            return match u32::from(c) {
                code @ ..=0xff => format!("\\x{code:02X}"),
                code @ ..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}
