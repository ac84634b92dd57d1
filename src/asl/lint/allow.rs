//! Warnings that a definition switches off: `asldb: allow CODE` in a `Comment` or in a comment of YAML.

use crate::asl::definition::Definition;
use crate::asl::read::outline::Outline;
use crate::asl::{codes, suggest};
use crate::text::{Diagnostic, Node, Span};

/// What precedes the codes.
const MARK: &str = "asldb: allow ";
/// The code about codes.
const UNKNOWN: &str = "UNKNOWN_CODE";
/// How many comments are followed: each is looked up in the tree.
const MOST: usize = 1000;

/// The warnings that are switched off in a definition, each in a part of its text.
#[derive(Debug, Default)]
pub struct Allowed {
    parts: Vec<(Span, &'static str)>,
    faults: Vec<Diagnostic>,
}

impl Allowed {
    /// Reads the comments of `definition`.
    #[must_use]
    pub fn of(definition: &Definition) -> Self {
        let mut allowed = Self::default();
        let Some(root) = definition.root.as_ref().filter(|_| definition.text.contains(MARK)) else { return allowed };
        allowed.comment_fields(root);
        allowed.text_comments(definition, root);
        allowed
    }

    /// Whether `found` is a warning that is switched off where it stands.
    #[must_use]
    pub fn covers(&self, found: &Diagnostic) -> bool {
        let is_here = |part: &Span| part.start <= found.span.start && found.span.start <= part.end;
        !found.is_error() && self.parts.iter().any(|(part, code)| *code == found.code && is_here(part))
    }

    /// Warnings about codes that there are not.
    #[must_use]
    pub fn into_faults(self) -> Vec<Diagnostic> {
        self.faults
    }

    /// `Comment` of the machine counts for all of the file, that of a state for the state and what it holds.
    fn comment_fields(&mut self, root: &Node) {
        if let Some(comment) = root.get("Comment") {
            self.comment(&comment.value, comment.value.span, Span { start: 0, end: u32::MAX });
        }
        for state in &Outline::of(root).states {
            if let Some(comment) = state.member.value.get("Comment") {
                let part = state.member.key_span.to(state.member.value.span);
                self.comment(&comment.value, comment.value.span, part);
            }
        }
    }

    fn comment(&mut self, node: &Node, at: Span, part: Span) {
        let Some((_, list)) = node.as_str().and_then(|text| text.split_once(MARK)) else { return };
        self.list(list, part, at);
    }

    fn list(&mut self, list: &str, part: Span, at: Span) {
        for word in words(list) {
            match codes::find(word) {
                Some(code) => self.parts.push((part, code.name)),
                None => self.faults.push(unknown(word, at)),
            }
        }
    }

    /// Comments of YAML: behind something for what begins in that line, on a line of their own for what begins in the
    /// next, before everything for the whole file.
    fn text_comments(&mut self, definition: &Definition, root: &Node) {
        let text: &str = &definition.text;
        let mut start = 0;
        let mut is_before_all = true;
        let mut waiting: Vec<(&str, Span)> = Vec::new();
        for line in text.split_inclusive('\n') {
            let here = Span::new(start, start + line.len());
            start += line.len();
            let comment =
                comment_in(line).map(|(at, list)| (list, Span::new(here.start as usize + at, here.end as usize)));
            let content = line.trim_start();
            let is_bare = content.is_empty() || content.starts_with(['#', '-']) && content.trim_end() == "---";
            if content.starts_with('#') || is_bare {
                waiting.extend(comment.filter(|_| self.parts.len() < MOST));
                continue;
            }
            let waited = std::mem::take(&mut waiting);
            for (list, at) in waited {
                let part =
                    if is_before_all { Some(Span { start: 0, end: u32::MAX }) } else { beginning_in(root, here) };
                self.list(list, part.unwrap_or(here), at);
            }
            is_before_all = false;
            if let Some((list, at)) = comment.filter(|_| self.parts.len() < MOST) {
                self.list(list, beginning_in(root, here).unwrap_or(here), at);
            }
        }
    }
}

/// Where in `line` a comment with codes begins, and what follows the mark.
fn comment_in(line: &str) -> Option<(usize, &str)> {
    let mark = line.find(MARK)?;
    let (before, list) = (line.get(..mark)?, line.get(mark + MARK.len()..)?);
    let sign = before.trim_end();
    let at = sign.len().checked_sub(1).filter(|_| sign.ends_with('#'))?;
    let is_comment = sign.get(..at).is_some_and(|front| front.is_empty() || front.ends_with(char::is_whitespace));
    is_comment.then_some((mark, list))
}

/// The codes at the beginning of `list`: what follows them is a remark.
fn words(list: &str) -> impl Iterator<Item = &str> {
    let words = list.split([',', ' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    let is_code = |word: &str| word.contains('_') && word.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    words.take_while(move |word| is_code(word) || codes::find(word).is_some_and(|code| code.name == *word))
}

/// The outermost part of `node` that begins in `line`.
fn beginning_in(node: &Node, line: Span) -> Option<Span> {
    let begins = |part: Span| (line.start..line.end).contains(&part.start);
    let holds = |part: Span| part.start < line.end && line.start <= part.end;
    let mut node = node;
    loop {
        if let Some(members) = node.members() {
            if let Some(member) = members.iter().find(|member| begins(member.key_span)) {
                return Some(member.key_span.to(member.value.span));
            }
            node = members.iter().map(|member| &member.value).find(|value| holds(value.span))?;
        } else {
            let items = node.items()?;
            if let Some(item) = items.iter().find(|item| begins(item.span)) {
                return Some(item.span);
            }
            node = items.iter().find(|item| holds(item.span))?;
        }
    }
}

fn unknown(word: &str, at: Span) -> Diagnostic {
    let fault = Diagnostic::warning(UNKNOWN, format!("There is no code {word} to be switched off"), at);
    let help = match suggest::nearest(word, codes::all().map(|code| code.name)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`asldb explain` lists the codes".to_owned(),
    };
    fault.with_help(help)
}
