//! How the parameters and answers of the API are described: shapes as the service model has them.

/// An operation: what it takes and what it answers.
#[derive(Debug)]
pub struct Description {
    /// One sentence: what it does.
    pub summary: &'static str,
    /// Its parameters.
    pub input: Structure,
    /// Its answer.
    pub output: Structure,
    /// The exceptions of the service model. `ValidationException` and `SerializationException` can come from any
    /// operation (recorded).
    pub errors: &'static [&'static str],
    /// For operations that answer in pages.
    pub paging: Option<Paging>,
}

/// How an operation answers in pages: with `nextToken` in the answer, and `nextToken` and `maxResults` as parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// The member of the answer that holds the results.
    pub results: &'static str,
    /// Whether clients put the pages together by themselves (the paginators of the SDKs).
    pub is_automatic: bool,
}

/// Results a page when `maxResults` is 0 or absent (API reference).
pub const DEFAULT_PAGE: usize = 100;

/// An object with known members.
#[derive(Debug)]
pub struct Structure {
    /// Its name in the service model.
    pub name: &'static str,
    /// Its members, in the order of the service model.
    pub members: &'static [Member],
}

impl Structure {
    /// The member `name`.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name: `stateMachineArn`.
    pub name: &'static str,
    /// What it may be.
    pub shape: &'static Shape,
    /// Whether it must be there.
    pub is_required: bool,
    /// Whether clients make up a value when there is none (service model: `idempotencyToken`).
    pub is_token: bool,
    /// What it is, in one sentence.
    pub doc: &'static str,
}

pub(super) const fn required(name: &'static str, shape: &'static Shape, doc: &'static str) -> Member {
    Member { name, shape, is_required: true, is_token: false, doc }
}

pub(super) const fn optional(name: &'static str, shape: &'static Shape, doc: &'static str) -> Member {
    Member { name, shape, is_required: false, is_token: false, doc }
}

/// What a value may be.
#[derive(Debug)]
pub enum Shape {
    /// A string.
    String(Text),
    /// A whole number of 32 bits.
    Integer(Range),
    /// A whole number of 64 bits.
    Long(Range),
    /// A number of 32 bits.
    Float(Range),
    /// `true` or `false`.
    Boolean,
    /// A moment: on the wire seconds since 1970, with a fraction.
    Timestamp,
    /// An array.
    List(List),
    /// An object with any keys, its values of this shape.
    Map(&'static Self),
    /// An object with known members.
    Structure(&'static Structure),
}

impl Shape {
    /// The word of the service model: `string`, `integer`, `list`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::String(_) => "string",
            Self::Integer(_) => "integer",
            Self::Long(_) => "long",
            Self::Float(_) => "float",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Structure(_) => "structure",
        }
    }

    /// The values a string may have; empty where any will do.
    #[must_use]
    pub fn values(&self) -> &'static [&'static str] {
        match self {
            Self::String(text) => text.values,
            _ => &[],
        }
    }

    /// Whether the service keeps such values out of logs and messages.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        matches!(self, Self::String(text) if text.is_sensitive)
    }

    /// Whether it is a string that holds JSON text.
    #[must_use]
    pub fn is_json(&self) -> bool {
        matches!(self, Self::String(text) if text.is_json)
    }
}

/// Constraints of a string.
#[derive(Debug)]
pub struct Text {
    /// Least number of characters.
    pub min: usize,
    /// Greatest number of characters.
    pub max: usize,
    /// What it must look like.
    pub pattern: Option<&'static Pattern>,
    /// The values of an enumeration, in the order of the service model; empty for any string.
    pub values: &'static [&'static str],
    /// The same in the order in which the service lists them in messages, where that is recorded.
    pub listed: Option<&'static [&'static str]>,
    /// Whether it is kept out of logs and messages.
    pub is_sensitive: bool,
    /// Whether it holds JSON text.
    pub is_json: bool,
}

/// No limit.
pub const UNLIMITED: usize = usize::MAX;

impl Text {
    /// Any string.
    pub const ANY: Self =
        Self { min: 0, max: UNLIMITED, pattern: None, values: &[], listed: None, is_sensitive: false, is_json: false };
}

/// A pattern of strings.
#[derive(Debug)]
pub struct Pattern {
    /// The regular expression, as messages show it.
    pub expression: &'static str,
    /// Whether a string satisfies it.
    pub matches: fn(&str) -> bool,
}

/// Limits of a number, both ends included.
#[derive(Debug)]
pub struct Range {
    /// The least value.
    pub min: Option<i64>,
    /// The greatest value.
    pub max: Option<i64>,
}

impl Range {
    /// Any number.
    pub const ANY: Self = Self { min: None, max: None };
}

/// Constraints of an array.
#[derive(Debug)]
pub struct List {
    /// What its items are.
    pub item: &'static Shape,
    /// The name of their shape in the service model.
    pub item_name: &'static str,
    /// Least number of items.
    pub min: usize,
    /// Greatest number of items.
    pub max: usize,
}
