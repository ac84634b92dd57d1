//! Lines of a text that is read piece by piece.

use std::io::{self, Read};

use memchr::{memchr, memchr2};

use super::ReadFailure;
use crate::text::encoding;

const CHUNK: usize = 1 << 18;

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// A line feed, or carriage return and line feed.
    LineFeed,
    /// Either of them, or both, as readers in Java take lines.
    Any,
}

/// The lines of `source`, without their ends.
pub(super) struct Lines<R> {
    source: R,
    ends: Ends,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    is_done: bool,
    /// No line may be longer: it would not fit the memory.
    longest: usize,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(source: R, ends: Ends, longest: u64) -> Self {
        let longest = usize::try_from(longest).unwrap_or(usize::MAX);
        Self { source, ends, buffer: Vec::new(), start: 0, end: 0, is_done: false, longest, number: 0 }
    }

    /// The number of the line that was last given, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line; none at the end. A line end at the end of the text begins no further line.
    pub(super) fn next(&mut self) -> Result<Option<&str>, ReadFailure> {
        let Some(range) = self.next_range().map_err(|error| unreadable(&error))? else { return Ok(None) };
        self.number += 1;
        let line = &self.buffer[range];
        let text = match self.number {
            1 => encoding::decode(line).map_err(|error| error.to_string()),
            _ => std::str::from_utf8(line).map_err(|_| "The text is not in UTF-8".to_owned()),
        };
        let number = self.number;
        text.map(Some).map_err(|why| ReadFailure::new(format!("Unable to read line {number}: {why}.")))
    }

    fn next_range(&mut self) -> io::Result<Option<std::ops::Range<usize>>> {
        let mut searched = self.start;
        loop {
            let rest = &self.buffer[searched..self.end];
            let found = match self.ends {
                Ends::LineFeed => memchr(b'\n', rest),
                Ends::Any => memchr2(b'\n', b'\r', rest),
            };
            match found.map(|at| searched + at) {
                // Whether a line feed follows is not known yet.
                Some(at) if self.buffer[at] == b'\r' && at + 1 == self.end && !self.is_done => searched = at,
                Some(at) => return Ok(Some(self.take(at))),
                None if self.is_done && self.start == self.end => return Ok(None),
                None if self.is_done => {
                    let line = self.start..self.end;
                    self.start = self.end;
                    return Ok(Some(line));
                }
                None => searched = self.end,
            }
            searched -= self.start;
            self.fill()?;
            searched += self.start;
        }
    }

    /// The line that ends at `at`.
    fn take(&mut self, at: usize) -> std::ops::Range<usize> {
        let is_pair = self.buffer[at] == b'\r' && at + 1 < self.end && self.buffer[at + 1] == b'\n';
        let start = std::mem::replace(&mut self.start, at + 1 + usize::from(is_pair));
        let is_before = self.ends == Ends::LineFeed && at > start && self.buffer[at - 1] == b'\r';
        start..at - usize::from(is_before)
    }

    /// Reads more, after moving what is left to the front.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end > self.longest {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if self.buffer.len() < self.end + CHUNK {
            self.buffer.resize((self.buffer.len() * 2).max(CHUNK * 2), 0);
        }
        let len = self.source.read(&mut self.buffer[self.end..])?;
        self.is_done = len == 0;
        self.end += len;
        Ok(())
    }
}

/// The failure of a read from a file or from what unpacks it.
pub(super) fn unreadable(error: &io::Error) -> ReadFailure {
    match error.kind() {
        io::ErrorKind::FileTooLarge => ReadFailure::new("The object is too large to be read.")
            .with_hint("objects of one read are limited in size and memory here; set MaxItems to read fewer items"),
        _ => ReadFailure::new(format!("Unable to read the object: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its text a few bytes at a time.
    struct Drops<'t>(&'t [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let len = self.1.min(self.0.len()).min(buffer.len());
            buffer[..len].copy_from_slice(&self.0[..len]);
            self.0 = &self.0[len..];
            Ok(len)
        }
    }

    fn lines(text: &str, ends: Ends, step: usize) -> Vec<String> {
        let mut lines = Lines::new(Drops(text.as_bytes(), step), ends, 1 << 20);
        let mut found = Vec::new();
        while let Some(line) = lines.next().expect("text") {
            found.push(line.to_owned());
        }
        found
    }

    #[test]
    fn what_ends_a_line() {
        for step in [1, 2, 3, 100] {
            for (text, any, line_feed) in [
                ("", vec![], vec![]),
                ("a", vec!["a"], vec!["a"]),
                ("a\n", vec!["a"], vec!["a"]),
                ("a\n\nb", vec!["a", "", "b"], vec!["a", "", "b"]),
                ("a\r\nb\r\n", vec!["a", "b"], vec!["a", "b"]),
                ("a\rb\r", vec!["a", "b"], vec!["a\rb\r"]),
                ("\r\n\r", vec!["", ""], vec!["", "\r"]),
                ("\u{feff}a\nb", vec!["a", "b"], vec!["a", "b"]),
            ] {
                assert_eq!(lines(text, Ends::Any, step), any, "{text:?} by {step}");
                assert_eq!(lines(text, Ends::LineFeed, step), line_feed, "{text:?} by {step}");
            }
        }
    }

    #[test]
    fn a_line_that_does_not_fit_is_refused() {
        let text = "x".repeat(CHUNK * 4);
        let mut lines = Lines::new(text.as_bytes(), Ends::Any, 1000);
        assert!(lines.next().is_err());
    }
}
