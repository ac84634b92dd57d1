//! Source text to tokens that know the language: what is a state's name, a transition, a path, an expression.
//!
//! No grammar files: a lexer for JSON and one for YAML, which go on after whatever is wrong, since text is looked at
//! while somebody edits it. Pure functions; a definition of some hundred lines takes microseconds.

mod json;
mod place;
mod yaml;

use std::ops::Range;

pub use place::Grammar;

macro_rules! tokens {
    ($($(#[$doc:meta])* $token:ident = $scopes:literal),* $(,)?) => {
        /// What a piece of source text is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Token { $($(#[$doc])* $token),* }

        impl Token {
            /// Every token.
            pub const ALL: &[Self] = &[$(Self::$token),*];

            /// The scopes by which a `.tmTheme` file knows it, the outermost first.
            #[must_use]
            pub fn scopes(self) -> &'static str {
                match self { $(Self::$token => $scopes),* }
            }
        }
    };
}

tokens! {
    /// A key of data.
    Key = "source.json meta.mapping.key.json support.type.property-name.json",
    /// The name of a state where it is defined.
    StateName = "source.json entity.name.function.state.asl",
    /// A field of the language.
    Field = "source.json keyword.other.field.asl",
    /// The name of a state that something leads to.
    Transition = "source.json entity.name.tag.transition.asl",
    /// A JSONPath.
    Path = "source.json variable.parameter.path.asl",
    /// A call of an intrinsic function.
    Intrinsic = "source.json support.function.intrinsic.asl",
    /// A JSONata expression between `{%` and `%}`.
    Expression = "source.json constant.other.expression.jsonata",
    /// A number.
    Number = "source.json constant.numeric.json",
    /// Any other string.
    String = "source.json string.quoted.double.json",
    /// `true`, `false`, `null`, the type of a state, the query language.
    Constant = "source.json constant.language.json",
    /// Braces, brackets, commas, colons, dashes.
    Punctuation = "source.json punctuation.separator.json",
    /// A comment; YAML only.
    Comment = "source.yaml comment.line.number-sign.yaml",
    /// What cannot be right.
    Error = "source.json invalid.illegal.json",
}

/// A piece of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Byte in the line where it starts.
    pub start: u32,
    /// Byte in the line after its end.
    pub end: u32,
    /// What it is.
    pub token: Token,
}

impl Piece {
    /// The bytes of the line, for slicing.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The pieces of a text, line by line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlight {
    pieces: Vec<Piece>,
    /// Where in `pieces` each line ends.
    ends: Vec<usize>,
}

impl Highlight {
    /// The pieces of `text`, read as `grammar`.
    #[must_use]
    pub fn new(text: &str, grammar: Grammar) -> Self {
        match grammar {
            Grammar::Definition | Grammar::Data => json::highlight(text, grammar),
            Grammar::YamlDefinition => yaml::highlight(text),
        }
    }

    /// The pieces of line `line`, from 0, in order and apart; blanks belong to none.
    #[must_use]
    pub fn line(&self, line: usize) -> &[Piece] {
        let start = line.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(line).copied().unwrap_or(start);
        self.pieces.get(start..end).unwrap_or_default()
    }

    /// The number of lines, as `text.split('\n')` counts them.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.ends.len()
    }

    fn push(&mut self, range: Range<usize>, token: Token) {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        if !range.is_empty() {
            self.pieces.push(Piece { start: clamp(range.start), end: clamp(range.end), token });
        }
    }

    fn end_line(&mut self) {
        self.ends.push(self.pieces.len());
    }
}

#[cfg(test)]
mod tests;
