//! Regular expressions of JavaScript's flavour.

use crate::query::matcher::{Flavour, GivenUp, Matcher};

/// A compiled regular expression.
#[derive(Debug)]
pub(super) struct Pattern {
    matcher: Matcher,
    /// Where the literal ends in the expression.
    pub(super) position: u32,
}

/// A match: its place in bytes and the groups.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) groups: Vec<Option<(usize, usize)>>,
}

impl Pattern {
    pub(super) fn compile(source: &str, flags: &str, position: u32) -> Result<Self, String> {
        let flavour =
            Flavour { case_insensitive: flags.contains('i'), multi_line: flags.contains('m'), ..Flavour::default() };
        let matcher = Matcher::compile(translate(source), flavour)
            .map_err(|error| error.lines().last().unwrap_or("").to_owned())?;
        Ok(Self { matcher, position })
    }

    /// About how many states matching may be in at once.
    pub(super) fn states(&self) -> usize {
        self.matcher.states()
    }

    /// The first match from byte `from` on; an error when matching takes too long. Steps back are asked for.
    pub(super) fn find(
        &self,
        text: &str,
        from: usize,
        may_take: impl FnMut(usize) -> bool,
    ) -> Result<Option<Found>, GivenUp> {
        if from > text.len() {
            return Ok(None);
        }
        let captures = self.matcher.find(text, from, may_take)?;
        Ok(captures.and_then(|captures| {
            let whole = captures.get(0)?;
            let group = |at: usize| captures.get(at).map(|group| (group.start(), group.end()));
            let groups = (1..captures.len()).map(group).collect();
            Some(Found { start: whole.start(), end: whole.end(), groups })
        }))
    }
}

/// Writes a pattern of JavaScript (without its `u` flag) in the syntax of the regex crates: the classes are ASCII ones,
/// brackets and set operators inside a class are plain characters, and so are braces that count nothing.
///
/// Classes of nearly all characters know no case: folding them takes the compiler milliseconds.
fn translate(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    let mut rest = source;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '\\' => escape(rest, false, &mut out),
            '[' => class(rest, &mut out),
            '.' => plain(character, r"(?-i:[^\n\r\u{2028}\u{2029}])", &mut out),
            '{' if !is_quantifier(rest) => plain(character, r"\{", &mut out),
            '}' if !closes_quantifier(source, rest) => plain(character, r"\}", &mut out),
            ']' => plain(character, r"\]", &mut out),
            other => plain(other, other.encode_utf8(&mut [0; 4]), &mut out),
        };
        rest = rest.get(length..).unwrap_or("");
    }
    out
}

fn plain(character: char, text: &str, out: &mut String) -> usize {
    out.push_str(text);
    character.len_utf8()
}

/// `{2}`, `{2,}`, `{2,3}`
fn is_quantifier(rest: &str) -> bool {
    let Some((inside, _)) = rest.get(1..).and_then(|rest| rest.split_once('}')) else { return false };
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

/// Whether the brace at the start of `rest` ends a quantifier of `source`.
fn closes_quantifier(source: &str, rest: &str) -> bool {
    let before = source.len() - rest.len();
    let open = source.get(..before).and_then(|text| text.rfind('{'));
    open.is_some_and(|open| {
        source.get(open..).is_some_and(is_quantifier)
            && source.get(open..before).is_some_and(|text| !text.contains('}'))
    })
}

/// Translates the escape at the start of `rest`; the bytes read.
fn escape(rest: &str, in_class: bool, out: &mut String) -> usize {
    let Some(character) = rest.chars().nth(1) else {
        out.push('\\');
        return 1;
    };
    let wrapped = |inside: &str| if in_class { inside.to_owned() } else { format!("[{inside}]") };
    let text = match character {
        'd' => wrapped("0-9"),
        'w' => wrapped("0-9A-Za-z_"),
        'D' => "[^0-9]".to_owned(),
        'W' => "[^0-9A-Za-z_]".to_owned(),
        's' | 'S' | 'n' | 'r' | 't' | 'f' | 'v' | '1'..='9' => format!("\\{character}"),
        'B' | 'k' if !in_class => format!("\\{character}"),
        'b' => if in_class { r"\x08" } else { r"\b" }.to_owned(),
        '0' => r"\x00".to_owned(),
        'x' | 'u' => return code_escape(rest, character, out),
        'c' => return control_escape(rest, out),
        other if other.is_ascii_punctuation() || other == ' ' => format!("\\{other}"),
        other => other.to_string(),
    };
    out.push_str(&text);
    1 + character.len_utf8()
}

/// `\xHH` and `\uHHHH`; without enough digits the letter itself. A pair of surrogates is one character.
fn code_escape(rest: &str, letter: char, out: &mut String) -> usize {
    let count = if letter == 'x' { 2 } else { 4 };
    let unit = |from: usize| {
        let digits = rest.get(from..from + count).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        digits.and_then(|digits| u16::from_str_radix(digits, 16).ok())
    };
    let Some(first) = unit(2) else {
        out.push(letter);
        return 2;
    };
    let second = rest.get(6..8).filter(|text| *text == "\\u" && letter == 'u').and_then(|_| unit(8));
    let (code, length) = match char::decode_utf16([first, second.unwrap_or(0)]).next() {
        Some(Ok(character)) if u32::from(character) > 0xFFFF => (u32::from(character), 12),
        Some(Ok(character)) => (u32::from(character), 2 + count),
        _ => (0xFFFD, 2 + count),
    };
    out.push_str(&format!("\\x{{{code:X}}}"));
    length
}

fn control_escape(rest: &str, out: &mut String) -> usize {
    match rest.as_bytes().get(2).filter(|byte| byte.is_ascii_alphabetic()) {
        Some(letter) => {
            out.push_str(&format!("\\x{:02X}", letter % 32));
            3
        }
        None => {
            out.push_str("\\\\c");
            2
        }
    }
}

/// Translates the character class at the start of `rest`; the bytes read.
fn class(rest: &str, out: &mut String) -> usize {
    let negated = rest.starts_with("[^");
    let mut at = if negated { 2 } else { 1 };
    if rest.get(at..).is_some_and(|inside| inside.starts_with(']')) {
        // `[]` matches nothing, `[^]` everything.
        out.push_str(if negated { r"(?-i:[\s\S])" } else { r"(?-i:[^\s\S])" });
        return at + 1;
    }
    if let Some(length) = everything(rest, at) {
        out.push_str(if negated { r"(?-i:[^\s\S])" } else { r"(?-i:[\s\S])" });
        return length;
    }
    out.push_str(if negated { "[^" } else { "[" });
    while let Some(character) = rest.get(at..).and_then(|inside| inside.chars().next()) {
        match character {
            ']' => {
                out.push(']');
                return at + 1;
            }
            '\\' => at += escape(rest.get(at..).unwrap_or(""), true, out),
            '[' | '&' | '~' => {
                out.push('\\');
                at += plain(character, character.encode_utf8(&mut [0; 4]), out);
            }
            '-' if rest.get(at..).is_some_and(|inside| inside.starts_with("--")) => {
                at += plain(character, r"\-", out);
            }
            _ => at += plain(character, character.encode_utf8(&mut [0; 4]), out),
        }
    }
    at
}

/// The bytes of a class of a kind of characters and all others (`[\s\S]`), the usual way to write any character.
fn everything(rest: &str, inside: usize) -> Option<usize> {
    let whole = rest.get(inside..inside + 5)?;
    let kinds = ["\\s\\S]", "\\S\\s]", "\\w\\W]", "\\W\\w]", "\\d\\D]", "\\D\\d]"];
    kinds.contains(&whole).then_some(inside + 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(source: &str, flags: &str, text: &str) -> Option<String> {
        let pattern = Pattern::compile(source, flags, 0).expect(source);
        let found = pattern.find(text, 0, |_| true).expect("in time")?;
        text.get(found.start..found.end).map(str::to_owned)
    }

    #[test]
    fn the_flavour_is_that_of_javascript() {
        for (source, flags, text, found) in [
            (r"\d+", "", "٣12", Some("12")),
            (r"[\w]+", "", "äb_1", Some("b_1")),
            (r"[^\w]+", "", "ab!?c", Some("!?")),
            ("a{", "", "ba{", Some("a{")),
            ("a{1,2}}", "", "aa}", Some("aa}")),
            ("[[&&]+", "", "x[&", Some("[&")),
            ("[^]", "", "\n", Some("\n")),
            ("[]", "", "a", None),
            (r"a[\s\S]*c", "i", "xA\nbCd", Some("A\nbC")),
            (r"a[^\w\W]", "", "ab", None),
            (r"(a)\1", "", "baa", Some("aa")),
            ("(?<!x)y", "", "xyzy", Some("y")),
            ("x(?=y)", "", "xz xy", Some("x")),
            ("HELLO", "i", "say hello", Some("hello")),
            ("^b", "m", "a\nb", Some("b")),
            ("a.b", "", "a\rb", None),
            (r"\u0041\x42", "", "AB", Some("AB")),
            (r"\ud83d\ude00", "", "😀", Some("😀")),
            (r"a\/b\-c", "", "a/b-c", Some("a/b-c")),
            ("]", "", "]", Some("]")),
        ] {
            assert_eq!(first(source, flags, text).as_deref(), found, "{source}");
        }
    }

    #[test]
    fn endless_backtracking_is_stopped() {
        let pattern = Pattern::compile(r"^(a+)+(?=b)\1$", "", 0).expect("compiles");
        assert!(pattern.find(&"a".repeat(40), 0, |_| true).is_err());
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for source in ["(", "a**", "(?<n", "[z-a]"] {
            assert!(Pattern::compile(source, "", 0).is_err(), "{source}");
        }
    }
}
