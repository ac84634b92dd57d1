//! What an `ItemReader` asks for, and what it gets.

use std::sync::Arc;

use super::ReadFailure;
use crate::value::{Number, Value};

/// A call of an `ItemReader`.
#[derive(Debug, Clone, Default)]
pub struct ReadRequest {
    /// `Resource`: `arn:aws:states:::s3:getObject` or `arn:aws:states:::s3:listObjectsV2`.
    pub resource: Arc<str>,
    /// `Parameters` or `Arguments`, evaluated: `Bucket`, `Key`, `Prefix`. A folder keeps one version of each object,
    /// which is the one any `VersionId` means.
    pub arguments: Value,
    /// `ReaderConfig`
    pub config: ReaderConfig,
}

/// `ReaderConfig`, evaluated.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReaderConfig {
    /// `InputType`
    pub input_type: Option<InputType>,
    /// `Transformation`; none is `NONE`.
    pub transformation: Transformation,
    /// `ManifestType`
    pub manifest_type: Option<ManifestType>,
    /// `CSVHeaderLocation`
    pub csv_header_location: Option<CsvHeaderLocation>,
    /// `CSVHeaders`
    pub csv_headers: Vec<Arc<str>>,
    /// The character of `CSVDelimiter`; none is `COMMA`.
    pub csv_delimiter: Option<char>,
    /// `ItemsPointer`: a JSON Pointer (RFC 6901).
    pub items_pointer: Option<Arc<str>>,
    /// `MaxItems`; 0 is no limit, and more than 100,000,000 is that (both recorded).
    pub max_items: Option<u64>,
    /// `ExpectedBucketOwner`: kept, not checked, as folders have no owner's account.
    pub expected_bucket_owner: Option<Arc<str>>,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* #[doc = concat!("`", $word, "`")] $variant,)*
        }

        impl $name {
            /// All words of the language for it.
            pub const WORDS: &[&str] = &[$($word),*];

            /// What `word` stands for.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}
pub(super) use words;

words! {
    /// `InputType`: the format of the objects.
    InputType: Csv = "CSV", Json = "JSON", Jsonl = "JSONL", Parquet = "PARQUET", Manifest = "MANIFEST",
}
words! {
    /// `Transformation` of an `ItemReader`.
    Transformation: None = "NONE", LoadAndFlatten = "LOAD_AND_FLATTEN",
}
words! {
    /// `ManifestType`
    ManifestType: AthenaData = "ATHENA_DATA", S3Inventory = "S3_INVENTORY",
}
words! {
    /// `CSVHeaderLocation`
    CsvHeaderLocation: FirstRow = "FIRST_ROW", Given = "GIVEN",
}

#[expect(clippy::derivable_impls, reason = "the enum comes from a macro that knows no default")]
impl Default for Transformation {
    fn default() -> Self {
        Self::None
    }
}

/// The items of a read.
#[derive(Debug, Clone, Default)]
pub struct ReadItems {
    /// The items, in order.
    pub items: Vec<Value>,
    /// `Map.Item.Source` of the context object: `S3://bucket/key`, or `S3://bucket` for a listing.
    pub source: Arc<str>,
    /// Where items of several objects were read: from which item on which object is the source.
    pub sources: Vec<(usize, Arc<str>)>,
    /// `Map.Item.Key` of each item, when they are the entries of a JSON object.
    pub keys: Option<Vec<Arc<str>>>,
}

impl ReadItems {
    /// `Map.Item.Source` of the item at `index`.
    #[must_use]
    pub fn source_of(&self, index: usize) -> &Arc<str> {
        let after = self.sources.partition_point(|(first, _)| *first <= index);
        after.checked_sub(1).and_then(|at| self.sources.get(at)).map_or(&self.source, |(_, source)| source)
    }

    /// `Map.Item.Key` of the item at `index`.
    #[must_use]
    pub fn key_of(&self, index: usize) -> Option<&Arc<str>> {
        self.keys.as_ref()?.get(index)
    }
}

impl ReaderConfig {
    /// The config that an evaluated `ReaderConfig` holds; `null` is none. Members that it does not know are passed
    /// over: the definition was checked when it was read.
    ///
    /// # Errors
    /// A word or number that the field does not take.
    pub fn from_value(config: &Value) -> Result<Self, ReadFailure> {
        let text = |field: &str| optional_text(config, field);
        let headers = match config.get("CSVHeaders") {
            None | Some(Value::Null) => Vec::new(),
            Some(given) => texts(given).ok_or_else(|| wrong("CSVHeaders", "an array of strings"))?,
        };
        Ok(Self {
            input_type: word(config, "InputType", InputType::parse, InputType::WORDS)?,
            transformation: word(config, "Transformation", Transformation::parse, Transformation::WORDS)?
                .unwrap_or_default(),
            manifest_type: word(config, "ManifestType", ManifestType::parse, ManifestType::WORDS)?,
            csv_header_location: word(config, "CSVHeaderLocation", CsvHeaderLocation::parse, CsvHeaderLocation::WORDS)?,
            csv_headers: headers,
            csv_delimiter: word(config, "CSVDelimiter", delimiter, DELIMITERS)?,
            items_pointer: text("ItemsPointer")?,
            max_items: config.get("MaxItems").filter(|given| !given.is_null()).map(max_items).transpose()?,
            expected_bucket_owner: text("ExpectedBucketOwner")?,
        })
    }
}

const DELIMITERS: &[&str] = &["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"];

/// The character that a word of `CSVDelimiter` stands for.
fn delimiter(word: &str) -> Option<char> {
    match word {
        "COMMA" => Some(','),
        "PIPE" => Some('|'),
        "SEMICOLON" => Some(';'),
        "SPACE" => Some(' '),
        "TAB" => Some('\t'),
        _ => None,
    }
}

/// `MaxItems` may also be a string of digits (recorded for `MaxItemsPath`).
fn max_items(given: &Value) -> Result<u64, ReadFailure> {
    let number = match given {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => Some(Number::parse(text)).filter(Number::is_int).and_then(|number| number.as_i64()),
        _ => None,
    };
    let number = number.ok_or_else(|| wrong("MaxItems", "an integer"))?;
    // The wording is recorded.
    u64::try_from(number).map_err(|_| ReadFailure::new("field MaxItems must be positive"))
}

fn texts(given: &Value) -> Option<Vec<Arc<str>>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    given.as_array()?.iter().map(text).collect()
}

/// The string under `field`, if there is one.
pub(super) fn optional_text(object: &Value, field: &str) -> Result<Option<Arc<str>>, ReadFailure> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(field, "a string")),
    }
}

/// What the word under `field` stands for, if there is one.
pub(super) fn word<T>(
    object: &Value,
    field: &str,
    parse: impl Fn(&str) -> Option<T>,
    words: &[&str],
) -> Result<Option<T>, ReadFailure> {
    let Some(text) = optional_text(object, field)? else { return Ok(None) };
    parse(&text).map(Some).ok_or_else(|| wrong(field, &format!("one of {}", words.join(", "))))
}

fn wrong(field: &str, expected: &str) -> ReadFailure {
    ReadFailure::new(format!("field {field} must be {expected}"))
}
