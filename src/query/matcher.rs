//! Regular expressions whose work is bounded.

use std::sync::OnceLock;

use fancy_regex::{Captures, Error, Regex, RegexBuilder, RuntimeError};

/// Steps back that matching may take: few at first, as nearly all matches need no more, then more. What takes longer
/// than the last is given up (some 50 ms).
const ATTEMPTS: [usize; 3] = [500, 20_000, 1_000_000];
/// Bytes that a compiled part may take.
const SIZE: usize = 4 << 20;
/// Characters of classes for which the compiler may look for the other case: about 0.2 s.
const FOLDED: usize = 24 * ALL_CHARACTERS;
const ALL_CHARACTERS: usize = 0x11_0000;

/// How a regular expression is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flavour {
    pub(super) case_insensitive: bool,
    pub(super) multi_line: bool,
    /// With the syntax of Oniguruma where it differs from that of Perl.
    pub(super) oniguruma: bool,
}

/// A compiled regular expression.
#[derive(Debug)]
pub(super) struct Matcher {
    source: String,
    flavour: Flavour,
    states: usize,
    first: Regex,
    /// For the other attempts, once they are needed.
    others: [OnceLock<Option<Regex>>; ATTEMPTS.len() - 1],
}

/// Matching was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GivenUp;

impl Matcher {
    /// Compiles `source`; the error is a sentence.
    pub(super) fn compile(source: String, flavour: Flavour) -> Result<Self, String> {
        if (flavour.case_insensitive || sets_case(&source)) && folded(&source) > FOLDED {
            return Err("Too many large character classes in a regular expression without regard to case".to_owned());
        }
        let first = build(&source, flavour, ATTEMPTS[0])?;
        Ok(Self { states: states(&source), source, flavour, first, others: Default::default() })
    }

    /// About how many states matching may be in at once: the length of the expression with everything counted (`{2,5}`)
    /// written out. At worst matching takes as long as the text times this.
    pub(super) fn states(&self) -> usize {
        self.states
    }

    /// The first match from byte `from` on. Each attempt asks `may_take` for as many steps back as it may need.
    pub(super) fn find<'t>(
        &self,
        text: &'t str,
        from: usize,
        mut may_take: impl FnMut(usize) -> bool,
    ) -> Result<Option<Captures<'t>>, GivenUp> {
        for (attempt, steps) in ATTEMPTS.into_iter().enumerate() {
            if !may_take(steps) {
                return Err(GivenUp);
            }
            match self.attempt(attempt).ok_or(GivenUp)?.captures_from_pos(text, from) {
                Ok(found) => return Ok(found),
                Err(Error::RuntimeError(RuntimeError::BacktrackLimitExceeded)) => {}
                Err(_) => return Err(GivenUp),
            }
        }
        Err(GivenUp)
    }

    fn attempt(&self, attempt: usize) -> Option<&Regex> {
        match attempt.checked_sub(1) {
            None => Some(&self.first),
            Some(other) => {
                let build = || build(&self.source, self.flavour, *ATTEMPTS.get(attempt)?).ok();
                self.others.get(other)?.get_or_init(build).as_ref()
            }
        }
    }
}

/// An estimate that takes escapes and classes for what they are and nothing else for more than it is.
fn states(source: &str) -> usize {
    // What is open, outermost first: the states so far, and those of the last part, which a count may follow.
    let mut open = vec![(0usize, 0usize)];
    let mut rest = source;
    while let Some(next) = rest.chars().next() {
        let mut length = next.len_utf8();
        let part = match next {
            '\\' => {
                length += rest.chars().nth(1).map_or(0, char::len_utf8);
                1
            }
            '[' => {
                length = class_length(rest);
                1
            }
            '(' => {
                open.push((0, 0));
                rest = &rest[length..];
                continue;
            }
            ')' => {
                let (before, last) = open.pop().unwrap_or_default();
                open.last_mut().map_or(0, |_| before.saturating_add(last))
            }
            '{' => {
                let (most, read) = count(rest);
                if let Some((_, last)) = open.last_mut() {
                    *last = last.saturating_mul(most);
                }
                rest = &rest[read..];
                continue;
            }
            _ => 1,
        };
        match open.last_mut() {
            Some((before, last)) => {
                *before = before.saturating_add(*last);
                *last = part;
            }
            // A parenthesis too many; it does not compile.
            None => open.push((0, 0)),
        }
        rest = &rest[length..];
    }
    open.into_iter().fold(0, |sum: usize, (before, last)| sum.saturating_add(before).saturating_add(last))
}

/// Whether a group makes the expression case-insensitive.
fn sets_case(source: &str) -> bool {
    source.match_indices("(?").any(|(at, _)| {
        let flags = source[at + 2..].split([':', ')', '-']).next().unwrap_or("");
        flags.contains('i') && flags.bytes().all(|flag| flag.is_ascii_alphabetic())
    })
}

/// The characters of all classes, but for those in groups that regard the case.
fn folded(source: &str) -> usize {
    let mut sum = 0usize;
    let mut rest = source;
    while let Some(next) = rest.chars().next() {
        let exact = rest.starts_with("(?-i:[");
        let length = match next {
            '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            '(' if exact => "(?-i:".len() + class_length(&rest["(?-i:".len()..]),
            '[' => {
                let length = class_length(rest);
                sum = sum.saturating_add(class_size(&rest[1..length]));
                length
            }
            _ => next.len_utf8(),
        };
        rest = &rest[length..];
    }
    sum
}

/// About how many characters the inside of a class names before it is negated.
fn class_size(inside: &str) -> usize {
    let (mut sum, mut range_from, mut last) = (0usize, None, 0);
    let mut rest = inside;
    while let Some(next) = rest.chars().next() {
        let (code, length) = match next {
            '\\' => escaped(rest),
            // A class in the class that is negated.
            '[' if rest.starts_with("[^") => (None, 2),
            _ => (Some(u32::from(next) as usize), next.len_utf8()),
        };
        rest = &rest[length..];
        sum = sum.saturating_add(match (code, range_from.take()) {
            (None, _) => ALL_CHARACTERS,
            (Some(to), Some(from)) => to.saturating_sub(from),
            (Some(_), None) if next == '-' && length == 1 && !rest.is_empty() => {
                range_from = Some(last);
                0
            }
            (Some(_), None) => 1,
        });
        last = code.unwrap_or(0);
    }
    sum
}

/// The character of the escape at the start of `text`, none for a class of nearly all characters, and its bytes.
fn escaped(text: &str) -> (Option<usize>, usize) {
    let Some(letter) = text.chars().nth(1) else { return (Some(0), text.len()) };
    let length = 1 + letter.len_utf8();
    let braced = text[length..].strip_prefix('{').and_then(|code| code.split_once('}'));
    match (letter, braced) {
        ('W' | 'D' | 'S' | 'p' | 'P' | 'H' | 'V' | 'N' | 'R', _) => (None, length),
        ('x' | 'u' | 'U', Some((code, _))) => (usize::from_str_radix(code, 16).ok(), length + code.len() + 2),
        ('x' | 'u', None) => {
            let digits = if letter == 'x' { 2 } else { 4 };
            let code = text.get(length..length + digits).and_then(|code| usize::from_str_radix(code, 16).ok());
            (Some(code.unwrap_or(0)), if code.is_some() { length + digits } else { length })
        }
        _ => (Some(u32::from(letter) as usize), length),
    }
}

/// Bytes of the character class at the start of `text`.
fn class_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(at, character)| {
        let is_end = *character == ']' && !escaped && *at > 1;
        escaped = *character == '\\' && !escaped;
        is_end
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// The larger number of the count at the start of `text`, and its bytes; 1 for a brace that counts nothing.
fn count(text: &str) -> (usize, usize) {
    let Some((inside, _)) = text[1..].split_once('}') else { return (1, 1) };
    let numbers: Vec<Option<usize>> = inside.split(',').map(|number| number.trim().parse().ok()).collect();
    match numbers.iter().flatten().max() {
        Some(most) if inside.bytes().all(|byte| byte.is_ascii_digit() || byte == b',') => {
            ((*most).max(1), inside.len() + 2)
        }
        _ => (1, 1),
    }
}

fn build(source: &str, flavour: Flavour, backtracks: usize) -> Result<Regex, String> {
    RegexBuilder::new(source)
        .case_insensitive(flavour.case_insensitive)
        .multi_line(flavour.multi_line)
        .oniguruma_mode(flavour.oniguruma)
        .backtrack_limit(backtracks)
        .delegate_size_limit(SIZE)
        .build()
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(source: &str, text: &str, most: usize) -> (Result<Option<String>, GivenUp>, usize) {
        let matcher = Matcher::compile(source.to_owned(), Flavour::default()).expect("it compiles");
        let mut taken = 0;
        let found = matcher.find(text, 0, |steps| {
            taken += steps;
            taken <= most
        });
        (found.map(|found| found.and_then(|found| Some(found.get(0)?.as_str().to_owned()))), taken)
    }

    #[test]
    fn what_is_counted_is_that_many_states() {
        for (source, wanted) in [
            ("abc", 3),
            (r"\d{3}", 3),
            ("[a-z{9}]{2,40}x", 41),
            ("((a{10}b){10}c){3,5}", 555),
            ("a{,}{x}", 5),
            ("[]a]{4}", 4),
            ("", 0),
        ] {
            assert_eq!(states(source), wanted, "{source}");
        }
    }

    #[test]
    fn classes_are_as_large_as_what_they_name() {
        for (source, wanted) in [
            ("[a-z]", 25..=28),
            (r"x[\x{100}-\x{FFFF}]y\[a-z\]", 0xFE00..=0x1_0000),
            (r"[\u0100-\uFFFF]", 0xFE00..=0x1_0000),
            (r"[\W_]", ALL_CHARACTERS..=ALL_CHARACTERS + 4),
            ("[^a]", 1..=4),
            (r"(?-i:[\s\S])(?-i:[\s\S])", 0..=0),
            ("a-z", 0..=0),
        ] {
            let found = folded(source);
            assert!(wanted.contains(&found), "{source}: {found}");
        }
    }

    #[test]
    fn what_takes_long_to_compile_is_refused() {
        const LARGE: &str = r"[b-\x{10FFFF}]";
        let compiles = |source: &str, count: usize, case_insensitive: bool| {
            let flavour = Flavour { case_insensitive, ..Flavour::default() };
            Matcher::compile(source.repeat(count), flavour).is_ok()
        };
        assert!(compiles(LARGE, 3, true) && compiles(LARGE, 100, false));
        assert!(!compiles(LARGE, 100, true) && !compiles(&format!("(?i){LARGE}"), 100, false));
        assert!(compiles("[a-z]", 1000, true));
    }

    #[test]
    fn easy_matches_take_one_attempt() {
        assert_eq!(find("a(?=b)", "aab", usize::MAX), (Ok(Some("a".to_owned())), ATTEMPTS[0]));
        assert_eq!(find("x", "aab", usize::MAX), (Ok(None), ATTEMPTS[0]));
    }

    #[test]
    fn hard_ones_take_more_as_far_as_they_may() {
        let text = format!("{}c", "a".repeat(12));
        let (found, taken) = find(r"^(a|aa)+(?=b)\1$", &text, usize::MAX);
        assert!(found == Ok(None) && taken > ATTEMPTS[0], "{found:?} {taken}");
        let endless = "a".repeat(60);
        assert_eq!(find(r"^(a+)+(?=b)\1$", &endless, usize::MAX), (Err(GivenUp), ATTEMPTS.iter().sum()));
        assert_eq!(find(r"^(a+)+(?=b)\1$", &endless, 600).0, Err(GivenUp));
    }
}
