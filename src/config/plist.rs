//! The XML property lists that `.tmTheme` files are, as far as themes use them.
//!
//! syntect reads the same files for its own keys and drops those it does not know; asldb's roles are among those.

/// Levels of nesting that are read; themes have five.
const MAX_DEPTH: usize = 16;

/// A value of a property list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plist {
    /// `<dict>`
    Dict(Vec<(String, Plist)>),
    /// `<array>`
    Array(Vec<Plist>),
    /// `<string>`, and the text of any other element.
    Text(String),
}

impl Plist {
    /// The value of the property list in `text`; none where the text is no such list.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        loop {
            match reader.next()? {
                Part::Open("plist") => return reader.value(0)?,
                Part::Open("dict") => return reader.dict(0),
                _ => {}
            }
        }
    }

    /// The value under `key` of a dictionary.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.members().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The members of a dictionary; nothing for another value.
    pub(super) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Dict(members) => members,
            _ => &[],
        }
    }

    /// The items of an array; nothing for another value.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

enum Part<'t> {
    Open(&'t str),
    Empty,
    Close,
    Text(&'t str),
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    /// The next tag or text; comments and declarations are skipped.
    fn next(&mut self) -> Option<Part<'t>> {
        loop {
            let Some(tag) = self.rest.strip_prefix('<') else {
                let end = self.rest.find('<')?;
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(Part::Text(text));
            };
            let comment = tag.strip_prefix("!--");
            let (body, end) = comment.map_or((tag, ">"), |body| (body, "-->"));
            let (inside, rest) = body.split_once(end)?;
            self.rest = rest;
            if comment.is_none() && !inside.starts_with(['!', '?']) {
                return Some(tag_of(inside));
            }
        }
    }

    /// The next value; none inside at the end of what surrounds it, none outside where the list is broken.
    fn value(&mut self, depth: usize) -> Option<Option<Plist>> {
        loop {
            match self.next()? {
                Part::Open("dict") => return self.dict(depth + 1).map(Some),
                Part::Open("array") => return self.array(depth + 1).map(Some),
                Part::Open(_) => return self.text().map(Plist::Text).map(Some),
                Part::Empty => return Some(Some(Plist::Text(String::new()))),
                Part::Close => return Some(None),
                Part::Text(_) => {}
            }
        }
    }

    fn dict(&mut self, depth: usize) -> Option<Plist> {
        let mut members = Vec::new();
        loop {
            match self.next()? {
                Part::Open("key") if depth < MAX_DEPTH => {
                    let key = self.text()?;
                    members.push((key, self.value(depth)??));
                }
                Part::Close => return Some(Plist::Dict(members)),
                Part::Open(_) => return None,
                Part::Text(_) | Part::Empty => {}
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Plist> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let mut items = Vec::new();
        loop {
            match self.value(depth)? {
                Some(item) => items.push(item),
                None => return Some(Plist::Array(items)),
            }
        }
    }

    /// The text up to the end of the element just opened.
    fn text(&mut self) -> Option<String> {
        let mut out = String::new();
        loop {
            match self.next()? {
                Part::Text(text) => out.push_str(&unescape(text)),
                Part::Close => return Some(out),
                Part::Open(_) | Part::Empty => return None,
            }
        }
    }
}

fn tag_of(inside: &str) -> Part<'_> {
    if inside.starts_with('/') {
        Part::Close
    } else if inside.ends_with('/') {
        Part::Empty
    } else {
        Part::Open(inside.split_ascii_whitespace().next().unwrap_or(""))
    }
}

fn unescape(text: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    named.iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_themes_are_made_of() {
        let text = "<?xml version=\"1.0\"?>\n<!DOCTYPE plist PUBLIC \"x\">\n<!-- a > b -->\n<plist version=\"1.0\">\
            <dict><key>a</key><string>1 &amp; 2</string><key>b</key>\n<array><dict/><string/><integer>3</integer>\
            </array><key>c</key><true/></dict></plist>";
        let plist = Plist::read(text).expect("a property list");
        assert_eq!(plist.get("a").and_then(Plist::as_text), Some("1 & 2"));
        assert_eq!(plist.get("b").map(|items| items.items().len()), Some(3));
        assert_eq!(plist.get("d"), None);
    }

    #[test]
    fn other_texts_and_bottomless_ones_are_none() {
        for text in ["", "{}", "<plist>", "<plist><dict><key>a</key>", "<plist><dict><string>a</string></dict></plist>"]
        {
            assert_eq!(Plist::read(text), None, "{text}");
        }
        let deep = "<array>".repeat(100_000) + &"</array>".repeat(100_000);
        assert_eq!(Plist::read(&format!("<plist>{deep}</plist>")), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(parts in proptest::collection::vec(
            prop_oneof!["<plist>", "<dict>", "<key>", "</key>", "<array>", "</", "<!--", "-->", ">", "&amp;", ".{0,4}"],
            0..20,
        )) {
            drop(Plist::read(&parts.concat()));
        }
    }
}
