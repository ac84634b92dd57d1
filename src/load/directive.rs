//! Directives of template engines: `%{ if … }` of Terraform, `{% if … %}` of Jinja, `{{#if …}}` of Handlebars.

use crate::text::{Diagnostic, Span};

/// The code of template text.
pub const CODE: &str = "TEMPLATE_TEXT";

/// A directive at the start of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive<'t> {
    /// Its bytes.
    pub(super) len: usize,
    /// All of it.
    text: &'t str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Begin,
    Otherwise,
    End,
    Other,
}

impl<'t> Directive<'t> {
    /// The directive that `text` starts with.
    pub(super) fn at(text: &'t str) -> Option<Self> {
        let (close, inner, is_comment) = match text.as_bytes() {
            [b'%', b'{', ..] => ("}", 2, false),
            [b'{', b'%', ..] => ("%}", 2, false),
            [b'{', b'#', ..] => ("#}", 2, true),
            [b'{', b'{', b'#' | b'/' | b'^' | b'!' | b'>', ..] => ("}}", 2, false),
            [b'{', b'{', ..] => ("}}", 2, false),
            _ => return None,
        };
        let len = text[inner..].find(close)? + inner + close.len();
        let words = text[inner..len - close.len()].trim_matches(['-', '~']).trim();
        let kind = if is_comment { Kind::Other } else { kind_of(words) };
        let is_value = text.starts_with("{{") && kind == Kind::Other && !words.starts_with(['!', '>']);
        // `{{ name }}` is a value.
        (!is_value).then(|| Self { len, text: &text[..len], kind })
    }

    /// Whether `line` holds nothing else. What ends with `%}` may be JSONata in a block of text.
    pub(super) fn is_all_of(&self, line: &str) -> bool {
        let word = line.trim_start_matches(['{', '%', '-']).split_whitespace().next().unwrap_or_default();
        let is_known = self.kind != Kind::Other || !line.starts_with("{%") || STATEMENTS.contains(&word);
        self.len == line.len() && is_known
    }
}

/// Statements of Jinja that have no alternatives.
const STATEMENTS: [&str; 9] = ["set", "include", "import", "from", "extends", "macro", "block", "raw", "filter"];

fn kind_of(words: &str) -> Kind {
    if words.starts_with('/') {
        return Kind::End;
    }
    let marked = words.starts_with(['#', '^']);
    let word = words.trim_start_matches(['#', '^']).split_whitespace().next().unwrap_or_default();
    match word {
        "if" | "for" | "unless" | "each" | "with" | "range" => Kind::Begin,
        "else" | "elseif" | "elsif" | "elif" => Kind::Otherwise,
        "end" | "endif" | "endfor" | "endunless" => Kind::End,
        _ if marked => Kind::Begin,
        _ => Kind::Other,
    }
}

/// The directives of a text as they are met: of alternatives the first is read.
#[derive(Debug, Default)]
pub(super) struct Directives {
    /// For each that is open whether its first part is over.
    open: Vec<bool>,
    met: bool,
}

impl Directives {
    /// Whether what stands here belongs to an alternative that is not read.
    pub(super) fn is_skipping(&self) -> bool {
        self.open.contains(&true)
    }

    /// Whether there were any.
    pub(super) fn were_met(&self) -> bool {
        self.met
    }

    /// Goes on behind `directive`, which stands at `place`; what to say about it.
    pub(super) fn meet(&mut self, directive: &Directive<'_>, place: Span) -> Option<Diagnostic> {
        self.met = true;
        match directive.kind {
            Kind::Begin => self.open.push(false),
            Kind::Otherwise => self.open.last_mut().into_iter().for_each(|over| *over = true),
            Kind::End => drop(self.open.pop()),
            Kind::Other => {}
        }
        let shown: String = directive.text.chars().take(60).collect();
        let message = match directive.kind {
            Kind::Begin => format!("Template text here: `{shown}`. It is not evaluated; what it encloses is read"),
            Kind::Otherwise => format!("Template text here: `{shown}`. What follows it is not read"),
            Kind::End => return None,
            Kind::Other => format!("Template text here: `{shown}`. It is left out"),
        };
        let help = "render the template and open what comes out to see exactly that";
        Some(Diagnostic::warning(CODE, message, place).with_help(help))
    }
}
