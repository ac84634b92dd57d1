//! Placeholders in texts, and the values that take their place.

use std::sync::Arc;

use crate::text::{Span, Tracked};

/// The value of a placeholder by its name.
pub(super) type Lookup<'l> = dyn Fn(&str) -> Option<Arc<str>> + 'l;

/// A placeholder in a text: its bytes, and what stands between its braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found<'t> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) name: &'t str,
}

/// The longest placeholder that is taken for one.
const MAX_LENGTH: usize = 2000;

/// The placeholder `${…}` or `{{…}}` that starts at byte `at`. One that holds quotes (`${a ? "b" : "c"}`) has them in
/// pairs.
pub(super) fn placeholder_at(text: &str, at: usize) -> Option<Found<'_>> {
    let rest = text.get(at..)?;
    let (open, depth) = match rest.as_bytes() {
        [b'$', b'{', ..] => (2, 1),
        [b'{', b'{', ..] => (2, 2),
        _ => return None,
    };
    let len = end_of(&rest[open..], depth)?;
    let name = rest[open..open + len].strip_suffix(if depth == 2 { "}}" } else { "}" })?;
    Some(Found { start: at, end: at + open + len, name: name.trim() })
}

/// Behind the brace that closes the last of `depth` open ones.
fn end_of(text: &str, mut depth: usize) -> Option<usize> {
    let mut in_quotes = false;
    for (at, c) in text.char_indices().take(MAX_LENGTH) {
        match c {
            '\n' => return None,
            '"' => in_quotes = !in_quotes,
            '{' if !in_quotes => depth += 1,
            '}' if !in_quotes => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The next placeholder from byte `from` on.
pub(super) fn next_placeholder(text: &str, from: usize) -> Option<Found<'_>> {
    let mut at = from;
    loop {
        at += text.get(at..)?.find("{")?;
        let start = if at > from && text.as_bytes().get(at - 1) == Some(&b'$') { at - 1 } else { at };
        if let Some(found) = placeholder_at(text, start) {
            return Some(found);
        }
        at += 1;
    }
}

/// `text` with the values of the placeholders that have one.
pub(super) fn fill(text: &Tracked, lookup: &Lookup<'_>) -> Tracked {
    let mut out = Tracked::default();
    let mut done = 0;
    while let Some(found) = next_placeholder(text.text(), done) {
        out.push_part(text, done, found.start);
        let place = text.place(Span::new(found.start, found.end));
        match lookup(found.name) {
            Some(value) => out.push(&value, place),
            None => out.push_part(text, found.start, found.end),
        }
        done = found.end;
    }
    out.push_part(text, done, text.text().len());
    out
}

/// The argument of `Fn::Sub`, filled in: `${!Name}` is the text `${Name}`.
pub(super) fn substitute(text: &Tracked, lookup: &Lookup<'_>) -> Tracked {
    let mut out = Tracked::default();
    let mut done = 0;
    while let Some(at) = text.text().get(done..).and_then(|rest| rest.find("${")).map(|at| done + at) {
        out.push_part(text, done, at);
        let Some(end) = text.text()[at..].find('}').map(|len| at + len + 1) else {
            done = at;
            break;
        };
        let name = &text.text()[at + 2..end - 1];
        if name.starts_with('!') {
            out.push_part(text, at, at + 2);
            out.push_part(text, at + 3, end);
        } else {
            match lookup(name.trim()) {
                Some(value) => out.push(&value, text.place(Span::new(at, end))),
                None => out.push_part(text, at, end),
            }
        }
        done = end;
    }
    out.push_part(text, done, text.text().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<Arc<str>> {
        match name {
            "a" | "A.Arn" => Some("1".into()),
            "b" => Some("${a}".into()),
            _ => None,
        }
    }

    #[test]
    fn values_take_the_place_of_placeholders() {
        for (text, filled) in [
            ("x${a}y", "x1y"),
            ("${ a }{{a}}{{ a }}", "111"),
            ("${b}", "${a}"),
            ("${c}-${a}", "${c}-1"),
            ("${x ? \"}\" : \"b\"}${a}", "${x ? \"}\" : \"b\"}1"),
            ("${a", "${a"),
            ("{a} {{a}", "{a} {{a}"),
            ("$${a}é${a}", "$1é1"),
            ("${A.Arn}", "1"),
        ] {
            assert_eq!(fill(&Tracked::exact(text, 0), &value).text(), filled, "{text}");
        }
    }

    #[test]
    fn sub_has_literals() {
        for (text, filled) in [("${a}${!a}${x}", "1${a}${x}"), ("${", "${"), ("${a}b${c", "1b${c"), ("{{a}}", "{{a}}")]
        {
            assert_eq!(substitute(&Tracked::exact(text, 0), &value).text(), filled, "{text}");
        }
        let text = Tracked::exact("say ${!a} ${a}.", 10);
        let filled = substitute(&text, &value);
        assert_eq!(filled.place(Span::new(4, 8)), Span::new(14, 19));
        assert_eq!(filled.place(Span::new(9, 10)), Span::new(20, 24));
    }
}
