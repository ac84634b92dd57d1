//! What keys and strings mean where they stand.

use super::Token;

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Grammar {
    /// A definition in JSON.
    #[default]
    Definition,
    /// A definition in YAML.
    YamlDefinition,
    /// Input, output and the like: JSON without any meaning of keys.
    Data,
}

impl Grammar {
    /// The grammar of a definition file, by its name.
    #[must_use]
    pub fn of_file(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        if lower.ends_with(".yaml") || lower.ends_with(".yml") { Self::YamlDefinition } else { Self::Definition }
    }
}

/// What the keys of an object are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Fields of the language.
    Language,
    /// Names of states.
    States,
    /// Data: payload templates, results, values to compare with.
    Data,
}

impl Place {
    /// The place of the value under `key`.
    pub(super) fn inside(self, key: &str) -> Self {
        match self {
            Self::Data => Self::Data,
            Self::States => Self::Language,
            Self::Language if key == "States" => Self::States,
            Self::Language if DATA_FIELDS.contains(&key) => Self::Data,
            Self::Language => Self::Language,
        }
    }

    /// What `key` is here.
    pub(super) fn key(self, key: &str) -> Token {
        match self {
            Self::States => Token::StateName,
            Self::Language if is_field(key) => Token::Field,
            _ => Token::Key,
        }
    }

    /// What the string `text` is as the value of `key`, or as an item of an array under it.
    pub(super) fn string(self, key: &str, text: &str) -> Token {
        if text.starts_with("{%") {
            // AWS refuses a half-open expression (developer guide).
            return if text.ends_with("%}") && text.len() >= 4 { Token::Expression } else { Token::Error };
        }
        match self {
            Self::Language if TRANSITIONS.contains(&key) => Token::Transition,
            Self::Language if matches!(key, "Type" | "QueryLanguage") => Token::Constant,
            Self::Language if is_path_field(key) => expression(text),
            Self::Data if key.ends_with(".$") => expression(text),
            _ => Token::String,
        }
    }
}

fn is_path_field(key: &str) -> bool {
    key == "Variable" || key.ends_with("Path")
}

fn expression(text: &str) -> Token {
    if text.starts_with('$') {
        Token::Path
    } else if text.starts_with("States.") {
        Token::Intrinsic
    } else {
        Token::String
    }
}

/// Whether the language knows the field `key`; comparison operators of Choice are recognised by their ending.
fn is_field(key: &str) -> bool {
    let operator = key.strip_suffix("Path").unwrap_or(key);
    let compared = ["String", "Numeric", "Timestamp", "Boolean"].iter().find_map(|kind| operator.strip_prefix(kind));
    compared.is_some_and(|ending| COMPARISONS.contains(&ending)) || FIELDS.contains(&key)
}

/// Fields that name the next state.
const TRANSITIONS: [&str; 3] = ["StartAt", "Next", "Default"];

/// Fields whose value is data.
const DATA_FIELDS: [&str; 11] = [
    "Parameters",
    "Arguments",
    "Output",
    "Assign",
    "ResultSelector",
    "ItemSelector",
    "Result",
    "Items",
    "Credentials",
    "BatchInput",
    "Tags",
];

/// What follows the type in the name of a comparison operator.
const COMPARISONS: [&str; 6] = ["Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals", "Matches"];

/// The other fields (States Language specification; developer guide for Map and JSONata).
const FIELDS: [&str; 87] = [
    "And",
    "Arguments",
    "Assign",
    "BackoffRate",
    "BatchInput",
    "Branches",
    "CSVDelimiter",
    "CSVHeaderLocation",
    "CSVHeaders",
    "Catch",
    "Cause",
    "CausePath",
    "Choices",
    "Comment",
    "Condition",
    "Credentials",
    "Default",
    "End",
    "Error",
    "ErrorEquals",
    "ErrorPath",
    "ExecutionType",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
    "InputPath",
    "InputType",
    "IntervalSeconds",
    "IsBoolean",
    "IsNull",
    "IsNumeric",
    "IsPresent",
    "IsString",
    "IsTimestamp",
    "ItemBatcher",
    "ItemProcessor",
    "ItemReader",
    "ItemSelector",
    "Items",
    "ItemsPath",
    "Iterator",
    "JitterStrategy",
    "Label",
    "ManifestType",
    "MaxAttempts",
    "MaxConcurrency",
    "MaxConcurrencyPath",
    "MaxDelaySeconds",
    "MaxInputBytesPerBatch",
    "MaxInputBytesPerBatchPath",
    "MaxItems",
    "MaxItemsPath",
    "MaxItemsPerBatch",
    "MaxItemsPerBatchPath",
    "Mode",
    "Next",
    "Not",
    "Or",
    "Output",
    "OutputPath",
    "OutputType",
    "Parameters",
    "ProcessorConfig",
    "QueryLanguage",
    "ReaderConfig",
    "Resource",
    "Result",
    "ResultPath",
    "ResultSelector",
    "ResultWriter",
    "Retry",
    "Seconds",
    "SecondsPath",
    "StartAt",
    "States",
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "Timestamp",
    "TimestampPath",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
    "Transformation",
    "Type",
    "Variable",
    "Version",
    "WriterConfig",
];
