//! Regular expressions whose work is bounded.

use std::sync::OnceLock;

use fancy_regex::{Captures, Error, Regex, RegexBuilder, RuntimeError};

/// Steps back that matching may take: few at first, as nearly all matches need no more, then more. What takes longer
/// than the last is given up (some 50 ms).
const ATTEMPTS: [usize; 3] = [500, 20_000, 1_000_000];
/// Bytes that a compiled part may take.
const SIZE: usize = 4 << 20;

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
        let first = build(&source, flavour, ATTEMPTS[0]).map_err(|error| error.to_string())?;
        Ok(Self { source, flavour, first, others: Default::default() })
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

fn build(source: &str, flavour: Flavour, backtracks: usize) -> Result<Regex, Error> {
    RegexBuilder::new(source)
        .case_insensitive(flavour.case_insensitive)
        .multi_line(flavour.multi_line)
        .oniguruma_mode(flavour.oniguruma)
        .backtrack_limit(backtracks)
        .delegate_size_limit(SIZE)
        .build()
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
