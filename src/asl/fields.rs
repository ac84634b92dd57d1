//! The table of fields: what has it, in which query language, of which type, and what it is for.
//!
//! One source for the reader's checks, for completion and for help. Sources: States Language, sections "State types"
//! and "Fields"; AWS Step Functions developer guide for the fields of the distributed Map; recordings where they differ.

/// What can have fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The definition itself.
    Machine,
    /// An item of `Branches`.
    Branch,
    /// `ItemProcessor` or `Iterator`.
    Processor,
    /// A Pass state.
    Pass,
    /// A Task state.
    Task,
    /// A Choice state.
    Choice,
    /// A Wait state.
    Wait,
    /// A Succeed state.
    Succeed,
    /// A Fail state.
    Fail,
    /// A Parallel state.
    Parallel,
    /// A Map state.
    Map,
    /// An item of `Choices`.
    Rule,
    /// A rule inside `And`, `Or` or `Not`.
    Condition,
    /// An item of `Retry`.
    Retrier,
    /// An item of `Catch`.
    Catcher,
    /// `ProcessorConfig`
    ProcessorConfig,
    /// `ItemReader`
    ItemReader,
    /// `ReaderConfig`
    ReaderConfig,
    /// `ItemBatcher`
    ItemBatcher,
    /// `ResultWriter`
    ResultWriter,
    /// `WriterConfig`
    WriterConfig,
}

impl Owner {
    /// The state types in the order in which AWS lists them.
    pub const STATE_TYPES: [(&'static str, Self); 8] = [
        ("Task", Self::Task),
        ("Wait", Self::Wait),
        ("Pass", Self::Pass),
        ("Succeed", Self::Succeed),
        ("Fail", Self::Fail),
        ("Choice", Self::Choice),
        ("Parallel", Self::Parallel),
        ("Map", Self::Map),
    ];

    /// The state type named `name`, exactly as written.
    #[must_use]
    pub fn of_state_type(name: &str) -> Option<Self> {
        Self::STATE_TYPES.iter().find(|(known, _)| *known == name).map(|(_, owner)| *owner)
    }

    /// What people call it: `a Pass state`, `a retrier` …
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Machine => "a state machine",
            Self::Branch => "a branch",
            Self::Processor => "an item processor",
            Self::Pass => "a Pass state",
            Self::Task => "a Task state",
            Self::Choice => "a Choice state",
            Self::Wait => "a Wait state",
            Self::Succeed => "a Succeed state",
            Self::Fail => "a Fail state",
            Self::Parallel => "a Parallel state",
            Self::Map => "a Map state",
            Self::Rule => "a Choice rule",
            Self::Condition => "a rule inside And, Or or Not",
            Self::Retrier => "a retrier",
            Self::Catcher => "a catcher",
            Self::ProcessorConfig => "ProcessorConfig",
            Self::ItemReader => "ItemReader",
            Self::ReaderConfig => "ReaderConfig",
            Self::ItemBatcher => "ItemBatcher",
            Self::ResultWriter => "ResultWriter",
            Self::WriterConfig => "WriterConfig",
        }
    }

    /// The fields that must be there, in the order in which AWS names them.
    #[must_use]
    pub fn required(self) -> &'static [&'static str] {
        match self {
            Self::Machine | Self::Branch | Self::Processor => &["States", "StartAt"],
            Self::Task | Self::ItemReader => &["Resource"],
            Self::Choice => &["Choices"],
            Self::Parallel => &["Branches"],
            Self::Rule => &["Next"],
            Self::Retrier => &["ErrorEquals"],
            Self::Catcher => &["ErrorEquals", "Next"],
            Self::WriterConfig => &["OutputType"],
            _ => &[],
        }
    }
}

/// `QueryLanguage`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// `JSONPath`, the default.
    #[default]
    JsonPath,
    /// `JSONata`
    Jsonata,
}

impl Language {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonPath => "JSONPath",
            Self::Jsonata => "JSONata",
        }
    }

    /// What AWS takes a `QueryLanguage` for: anything but exactly `JSONPath` counts as JSONata (reported).
    #[must_use]
    pub fn of(name: &str) -> Self {
        if name == "JSONPath" { Self::JsonPath } else { Self::Jsonata }
    }
}

/// What the value of a field must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldType {
    /// A string.
    Text,
    /// The name of a state of the same `States`.
    StateName,
    /// `true` or `false`.
    Flag,
    /// A whole number in a range, ends included.
    Whole(i64, i64),
    /// A number in a range, ends included.
    Decimal(f64, f64),
    /// A number, whatever its size.
    Number,
    /// A path.
    Path,
    /// A path or `null`.
    PathOrNull,
    /// A path or a call of an intrinsic function.
    Expression,
    /// Any JSON in which keys that end in `.$` hold expressions.
    Template,
    /// Such a template that must be an object.
    ObjectTemplate,
    /// Any JSON, taken as it stands.
    Json,
    /// An object with rows of its own in this table (or, for `States`, the states).
    Object,
    /// An array of such objects, at least one.
    Objects,
    /// An array of such objects; may be empty.
    ObjectsOrNone,
    /// An array of strings, at least one.
    Texts,
    /// One of some words.
    OneOf(&'static [&'static str]),
    /// A point in time, RFC 3339.
    Timestamp,
}

impl FieldType {
    /// The type in AWS's `Expected value of type […]`; whole numbers are told without the brackets (reported).
    #[must_use]
    pub fn expected(self) -> &'static str {
        match self {
            Self::Text | Self::StateName | Self::Path | Self::PathOrNull => "STRING",
            Self::Expression | Self::OneOf(_) | Self::Timestamp => "STRING",
            Self::Flag => "BOOLEAN",
            Self::Whole(..) => "Integer",
            Self::Decimal(..) | Self::Number => "NUMBER",
            Self::Template | Self::Json => "ANY",
            Self::ObjectTemplate | Self::Object => "OBJECT",
            Self::Objects | Self::ObjectsOrNone | Self::Texts => "ARRAY",
        }
    }
}

/// One row of the table.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What has it.
    pub owners: &'static [Owner],
    /// The query language that has it; none: both.
    pub language: Option<Language>,
    /// What its value must be.
    pub kind: FieldType,
    /// What it is for, in one line.
    pub doc: &'static str,
}

/// The row for field `name` of `owner`.
#[must_use]
pub fn find(owner: Owner, name: &str) -> Option<&'static Field> {
    TABLE.iter().find(|field| field.name == name && field.owners.contains(&owner))
}

/// The rows of `owner` in `language`.
pub fn of(owner: Owner, language: Language) -> impl Iterator<Item = &'static Field> {
    TABLE.iter().filter(move |f| f.owners.contains(&owner) && f.language.is_none_or(|only| only == language))
}

/// Fields of JSONata states that are a number or a point in time, or an expression that gives one (States Language,
/// JSONata). Those that hold any JSON or text take expressions anyway; all others are literal.
const COMPUTED: &[&str] = &[
    "HeartbeatSeconds",
    "MaxConcurrency",
    "MaxInputBytesPerBatch",
    "MaxItems",
    "MaxItemsPerBatch",
    "Seconds",
    "TimeoutSeconds",
    "Timestamp",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
];

impl Field {
    /// Whether a JSONata expression may stand for its number or point in time.
    #[must_use]
    pub fn is_computed(&self) -> bool {
        COMPUTED.contains(&self.name) && !self.owners.contains(&Owner::Machine)
    }
}

/// The fields of which a Wait has exactly one, in the order in which AWS names them (reported).
pub const WAITS: &[&str] = &["SecondsPath", "Seconds", "TimestampPath", "Timestamp"];

/// Fields of which at most one may stand in the same object.
pub const EXCLUSIVE: &[(&[Owner], &[&str])] = &[
    (&[Owner::Task], &["TimeoutSeconds", "TimeoutSecondsPath"]),
    (&[Owner::Task], &["HeartbeatSeconds", "HeartbeatSecondsPath"]),
    (&[Owner::Fail], &["Error", "ErrorPath"]),
    (&[Owner::Fail], &["Cause", "CausePath"]),
    (&[Owner::Wait], WAITS),
    (&[Owner::Map], &["ItemProcessor", "Iterator"]),
    (&[Owner::Map], &["ItemSelector", "Parameters"]),
    (&[Owner::Map], &["MaxConcurrency", "MaxConcurrencyPath"]),
    (&[Owner::Map], &["ToleratedFailureCount", "ToleratedFailureCountPath"]),
    (&[Owner::Map], &["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"]),
    (&[Owner::ItemBatcher], &["MaxItemsPerBatch", "MaxItemsPerBatchPath"]),
    (&[Owner::ItemBatcher], &["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"]),
    (&[Owner::ReaderConfig], &["MaxItems", "MaxItemsPath"]),
];

/// The longest time in seconds that AWS takes.
pub const MAX_SECONDS: i64 = 99_999_999;

use FieldType as T;
use Owner as O;

const STATES: &[O] = &[O::Pass, O::Task, O::Choice, O::Wait, O::Succeed, O::Fail, O::Parallel, O::Map];
const WITH_IO: &[O] = &[O::Pass, O::Task, O::Choice, O::Wait, O::Succeed, O::Parallel, O::Map];
const WITH_NEXT: &[O] = &[O::Pass, O::Task, O::Wait, O::Parallel, O::Map];
const WITH_RESULT: &[O] = &[O::Pass, O::Task, O::Parallel, O::Map];
const WITH_RETRY: &[O] = &[O::Task, O::Parallel, O::Map];
const SCOPES: &[O] = &[O::Machine, O::Branch, O::Processor];
const RULES: &[O] = &[O::Rule, O::Condition];
const MAP: &[O] = &[O::Map];

const fn both(name: &'static str, owners: &'static [O], kind: T, doc: &'static str) -> Field {
    Field { name, owners, language: None, kind, doc }
}

const fn path(name: &'static str, owners: &'static [O], kind: T, doc: &'static str) -> Field {
    Field { name, owners, language: Some(Language::JsonPath), kind, doc }
}

const fn jsonata(name: &'static str, owners: &'static [O], kind: T, doc: &'static str) -> Field {
    Field { name, owners, language: Some(Language::Jsonata), kind, doc }
}

/// A comparison of a Choice rule.
const fn compare(name: &'static str, kind: T, doc: &'static str) -> Field {
    path(name, RULES, kind, doc)
}

const LANGUAGES: T = T::OneOf(&["JSONPath", "JSONata"]);

/// All fields. Rows of one name stand together; the first that fits an owner counts.
pub const TABLE: &[Field] = &[
    both("Type", STATES, T::Text, "What kind of state it is."),
    both("Comment", STATES, T::Text, "A remark; has no effect."),
    both("Comment", SCOPES, T::Text, "A remark; has no effect."),
    both("Comment", RULES, T::Text, "A remark; has no effect."),
    both("Comment", &[O::Retrier, O::Catcher], T::Text, "A remark; has no effect."),
    both("QueryLanguage", STATES, LANGUAGES, "The query language of this state; states inside it take the machine's."),
    both("QueryLanguage", &[O::Machine], LANGUAGES, "The query language of all states that name none themselves."),
    both("StartAt", SCOPES, T::StateName, "The name of the first state."),
    both("States", SCOPES, T::Object, "The states by name."),
    both("Version", &[O::Machine], T::OneOf(&["1.0"]), "The version of the States Language: 1.0."),
    both("TimeoutSeconds", &[O::Machine], T::Whole(0, MAX_SECONDS), "The longest an execution may take."),
    both("TimeoutSeconds", &[O::Task], T::Whole(1, MAX_SECONDS), "The longest the task may take; States.Timeout then."),
    path("TimeoutSecondsPath", &[O::Task], T::Path, "Where in the input TimeoutSeconds stands."),
    both("HeartbeatSeconds", &[O::Task], T::Whole(1, MAX_SECONDS), "The longest the task may be silent."),
    path("HeartbeatSecondsPath", &[O::Task], T::Path, "Where in the input HeartbeatSeconds stands."),
    both("Next", WITH_NEXT, T::StateName, "The state that follows."),
    both("Next", &[O::Rule], T::StateName, "The state that follows when the rule applies."),
    both("Next", &[O::Catcher], T::StateName, "The state that follows when the error is caught."),
    both("End", WITH_NEXT, T::Flag, "true: the execution, branch or iteration ends here."),
    path("InputPath", WITH_IO, T::PathOrNull, "Which part of the input the state works on; null: an empty object."),
    path("OutputPath", WITH_IO, T::PathOrNull, "Which part of the result goes on; null: an empty object."),
    path("Parameters", &[O::Map], T::Template, "The old name of ItemSelector."),
    path("Parameters", &[O::Pass], T::Template, "The result of the state, built from its input."),
    path("Parameters", &[O::Task], T::Template, "What the task is called with, built from the input."),
    path("Parameters", &[O::Parallel], T::Template, "The input of each branch, built from the state's input."),
    path("Parameters", &[O::ItemReader, O::ResultWriter], T::Template, "What the service is called with."),
    path("ResultSelector", WITH_RETRY, T::Template, "The result, built anew from the raw result."),
    path("ResultPath", WITH_RESULT, T::PathOrNull, "Where in the input the result is put; null: the input goes on."),
    path("ResultPath", &[O::Catcher], T::PathOrNull, "Where in the input the error is put; null: the input goes on."),
    path("Result", &[O::Pass], T::Json, "The result of the state, as it stands."),
    jsonata("Arguments", &[O::Task, O::Parallel], T::Json, "What the task or the branches are given."),
    jsonata("Arguments", &[O::ItemReader, O::ResultWriter], T::Json, "What the service is called with."),
    jsonata("Output", WITH_IO, T::Json, "The output of the state."),
    jsonata("Output", &[O::Rule], T::Json, "The output of the state when the rule applies."),
    jsonata("Output", &[O::Catcher], T::Json, "The output of the state when the error is caught."),
    both(
        "Assign",
        &[O::Pass, O::Task, O::Choice, O::Wait, O::Parallel, O::Map],
        T::ObjectTemplate,
        "Variables that are set when the state is done.",
    ),
    both("Assign", &[O::Rule], T::ObjectTemplate, "Variables that are set when the rule applies."),
    both("Assign", &[O::Catcher], T::ObjectTemplate, "Variables that are set when the error is caught."),
    both("Retry", WITH_RETRY, T::ObjectsOrNone, "What is tried again after which errors; the first match counts."),
    both("Catch", WITH_RETRY, T::ObjectsOrNone, "Where to go after which errors; the first match counts."),
    both("ErrorEquals", &[O::Retrier, O::Catcher], T::Texts, "Names of errors; States.ALL stands for all."),
    both("IntervalSeconds", &[O::Retrier], T::Whole(0, MAX_SECONDS), "Seconds before the first retry; 1 if absent."),
    both("MaxAttempts", &[O::Retrier], T::Whole(0, MAX_SECONDS), "How many retries; 3 if absent, 0: none."),
    both("BackoffRate", &[O::Retrier], T::Decimal(1.0, f64::MAX), "By what the interval grows; 2.0 if absent."),
    both("MaxDelaySeconds", &[O::Retrier], T::Whole(1, 31_622_400), "The longest interval between two retries."),
    both("JitterStrategy", &[O::Retrier], T::OneOf(&["NONE", "FULL"]), "FULL: a random part of the interval."),
    both("Resource", &[O::Task], T::Text, "What the task calls: an ARN."),
    both("Resource", &[O::ItemReader, O::ResultWriter], T::Text, "The S3 action: an ARN."),
    both("Credentials", &[O::Task], T::ObjectTemplate, "The role that the task takes: RoleArn."),
    both("Choices", &[O::Choice], T::Objects, "The rules; the first that applies counts."),
    both("Default", &[O::Choice], T::StateName, "The state that follows when no rule applies."),
    jsonata("Condition", &[O::Rule], T::Json, "When the rule applies: a boolean or an expression."),
    path("And", RULES, T::Objects, "Applies when all of these rules do."),
    path("Or", RULES, T::Objects, "Applies when one of these rules does."),
    path("Not", RULES, T::Object, "Applies when this rule does not."),
    path("Variable", RULES, T::Path, "The value that is compared."),
    compare("StringEquals", T::Text, "Is this string."),
    compare("StringEqualsPath", T::Path, "Is the string found there."),
    compare("StringLessThan", T::Text, "Sorts before this string."),
    compare("StringLessThanPath", T::Path, "Sorts before the string found there."),
    compare("StringGreaterThan", T::Text, "Sorts after this string."),
    compare("StringGreaterThanPath", T::Path, "Sorts after the string found there."),
    compare("StringLessThanEquals", T::Text, "Is this string or sorts before it."),
    compare("StringLessThanEqualsPath", T::Path, "Is the string found there or sorts before it."),
    compare("StringGreaterThanEquals", T::Text, "Is this string or sorts after it."),
    compare("StringGreaterThanEqualsPath", T::Path, "Is the string found there or sorts after it."),
    compare("StringMatches", T::Text, "Matches this pattern, in which * stands for any characters."),
    compare("NumericEquals", T::Number, "Is this number."),
    compare("NumericEqualsPath", T::Path, "Is the number found there."),
    compare("NumericLessThan", T::Number, "Is less than this number."),
    compare("NumericLessThanPath", T::Path, "Is less than the number found there."),
    compare("NumericGreaterThan", T::Number, "Is greater than this number."),
    compare("NumericGreaterThanPath", T::Path, "Is greater than the number found there."),
    compare("NumericLessThanEquals", T::Number, "Is at most this number."),
    compare("NumericLessThanEqualsPath", T::Path, "Is at most the number found there."),
    compare("NumericGreaterThanEquals", T::Number, "Is at least this number."),
    compare("NumericGreaterThanEqualsPath", T::Path, "Is at least the number found there."),
    compare("BooleanEquals", T::Flag, "Is this boolean."),
    compare("BooleanEqualsPath", T::Path, "Is the boolean found there."),
    compare("TimestampEquals", T::Timestamp, "Is this point in time."),
    compare("TimestampEqualsPath", T::Path, "Is the point in time found there."),
    compare("TimestampLessThan", T::Timestamp, "Is before this point in time."),
    compare("TimestampLessThanPath", T::Path, "Is before the point in time found there."),
    compare("TimestampGreaterThan", T::Timestamp, "Is after this point in time."),
    compare("TimestampGreaterThanPath", T::Path, "Is after the point in time found there."),
    compare("TimestampLessThanEquals", T::Timestamp, "Is this point in time or before it."),
    compare("TimestampLessThanEqualsPath", T::Path, "Is the point in time found there or before it."),
    compare("TimestampGreaterThanEquals", T::Timestamp, "Is this point in time or after it."),
    compare("TimestampGreaterThanEqualsPath", T::Path, "Is the point in time found there or after it."),
    compare("IsNull", T::Flag, "true: is null; false: is not."),
    compare("IsPresent", T::Flag, "true: is there; false: is not."),
    compare("IsNumeric", T::Flag, "true: is a number; false: is not."),
    compare("IsString", T::Flag, "true: is a string; false: is not."),
    compare("IsBoolean", T::Flag, "true: is a boolean; false: is not."),
    compare("IsTimestamp", T::Flag, "true: is a point in time; false: is not."),
    both("Seconds", &[O::Wait], T::Whole(0, MAX_SECONDS), "How long to wait."),
    path("SecondsPath", &[O::Wait], T::Path, "Where in the input the seconds stand."),
    both("Timestamp", &[O::Wait], T::Timestamp, "Until when to wait."),
    path("TimestampPath", &[O::Wait], T::Path, "Where in the input the point in time stands."),
    both("Error", &[O::Fail], T::Text, "The name of the error."),
    path("ErrorPath", &[O::Fail], T::Expression, "Where the name of the error stands."),
    both("Cause", &[O::Fail], T::Text, "What happened, for people."),
    path("CausePath", &[O::Fail], T::Expression, "Where the cause stands."),
    both("Branches", &[O::Parallel], T::Objects, "State machines that run at the same time on the same input."),
    both("ItemProcessor", MAP, T::Object, "The state machine that runs for each item."),
    both("Iterator", MAP, T::Object, "The old name of ItemProcessor."),
    jsonata("Items", MAP, T::Json, "The items: an array, an object or an expression."),
    path("ItemsPath", MAP, T::Path, "Where in the input the items stand."),
    both("ItemSelector", MAP, T::Template, "The input of each iteration."),
    both(
        "MaxConcurrency",
        MAP,
        T::Whole(0, i32::MAX as i64),
        "How many iterations run at once; 0: as many as possible.",
    ),
    path("MaxConcurrencyPath", MAP, T::Path, "Where in the input MaxConcurrency stands."),
    both("ItemReader", MAP, T::Object, "Where a distributed Map reads its items from."),
    both("ItemBatcher", MAP, T::Object, "How a distributed Map puts items together."),
    both("ResultWriter", MAP, T::Object, "Where a distributed Map writes its results."),
    both("Label", MAP, T::Text, "Names the Map Run of a distributed Map."),
    both("ToleratedFailureCount", MAP, T::Whole(0, i64::MAX), "How many items may fail."),
    path("ToleratedFailureCountPath", MAP, T::Path, "Where in the input ToleratedFailureCount stands."),
    both("ToleratedFailurePercentage", MAP, T::Decimal(0.0, 100.0), "What share of the items may fail."),
    path("ToleratedFailurePercentagePath", MAP, T::Path, "Where in the input ToleratedFailurePercentage stands."),
    both("ProcessorConfig", &[O::Processor], T::Object, "How the item processor runs."),
    both("Mode", &[O::ProcessorConfig], T::OneOf(&["INLINE", "DISTRIBUTED"]), "Inside the execution or as a Map Run."),
    both(
        "ExecutionType",
        &[O::ProcessorConfig],
        T::OneOf(&["STANDARD", "EXPRESS"]),
        "The type of the child executions.",
    ),
    both("ReaderConfig", &[O::ItemReader], T::Object, "What kind of file is read, and how."),
    both(
        "InputType",
        &[O::ReaderConfig],
        T::OneOf(&["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"]),
        "What kind of file is read.",
    ),
    both("Transformation", &[O::ReaderConfig], T::OneOf(&["NONE", "LOAD_AND_FLATTEN"]), "What is done with a listing."),
    both("ManifestType", &[O::ReaderConfig], T::OneOf(&["ATHENA_DATA", "S3_INVENTORY"]), "The kind of manifest."),
    both("CSVHeaderLocation", &[O::ReaderConfig], T::OneOf(&["FIRST_ROW", "GIVEN"]), "Where the column names stand."),
    both("CSVHeaders", &[O::ReaderConfig], T::Texts, "The column names."),
    both(
        "CSVDelimiter",
        &[O::ReaderConfig],
        T::OneOf(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]),
        "What stands between two columns.",
    ),
    both("ItemsPointer", &[O::ReaderConfig], T::Text, "Where in a JSON file the items stand: a JSON Pointer."),
    both("ExpectedBucketOwner", &[O::ReaderConfig], T::Text, "The account that must own the bucket."),
    both("MaxItems", &[O::ReaderConfig], T::Whole(0, 100_000_000), "How many items are read at most."),
    path("MaxItemsPath", &[O::ReaderConfig], T::Path, "Where in the input MaxItems stands."),
    both("MaxItemsPerBatch", &[O::ItemBatcher], T::Whole(0, i64::MAX), "How many items make a batch at most."),
    path("MaxItemsPerBatchPath", &[O::ItemBatcher], T::Path, "Where in the input MaxItemsPerBatch stands."),
    both("MaxInputBytesPerBatch", &[O::ItemBatcher], T::Whole(0, i64::MAX), "How large a batch may be."),
    path("MaxInputBytesPerBatchPath", &[O::ItemBatcher], T::Path, "Where in the input MaxInputBytesPerBatch stands."),
    both("BatchInput", &[O::ItemBatcher], T::Template, "What each batch is given beside its items."),
    both("WriterConfig", &[O::ResultWriter], T::Object, "How the results are written."),
    both("OutputType", &[O::WriterConfig], T::OneOf(&["JSON", "JSONL"]), "The kind of file that is written."),
    both(
        "Transformation",
        &[O::WriterConfig],
        T::OneOf(&["NONE", "COMPACT", "FLATTEN"]),
        "What is left of each child execution's description.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_each_state_type_are_those_of_the_specification() {
        let has = |owner, name| find(owner, name).is_some();
        for (_, owner) in Owner::STATE_TYPES {
            assert!(has(owner, "Type") && has(owner, "Comment") && has(owner, "QueryLanguage"), "{owner:?}");
            let retries = matches!(owner, O::Task | O::Parallel | O::Map);
            assert_eq!((has(owner, "Retry"), has(owner, "Catch")), (retries, retries), "{owner:?}");
            assert_eq!(has(owner, "InputPath"), owner != O::Fail, "{owner:?}");
            assert_eq!(has(owner, "TimeoutSeconds"), owner == O::Task, "{owner:?}");
            assert_eq!(has(owner, "Assign"), !matches!(owner, O::Succeed | O::Fail), "{owner:?}");
        }
    }

    #[test]
    fn required_and_exclusive_fields_are_in_the_table() {
        let all = TABLE.iter().flat_map(|field| field.owners.iter());
        for owner in all {
            for name in owner.required() {
                assert!(find(*owner, name).is_some(), "{name} of {owner:?}");
            }
        }
        for (owners, names) in EXCLUSIVE {
            for (owner, name) in owners.iter().flat_map(|o| names.iter().map(move |n| (o, n))) {
                assert!(find(*owner, name).is_some(), "{name} of {owner:?}");
            }
        }
    }

    #[test]
    fn no_row_hides_another() {
        for (at, field) in TABLE.iter().enumerate() {
            for owner in field.owners {
                let first = TABLE.iter().position(|f| f.name == field.name && f.owners.contains(owner));
                assert_eq!(first, Some(at), "{} of {owner:?}", field.name);
            }
        }
    }

    #[test]
    fn each_operator_with_a_twin_has_it_in_the_table() {
        for field in TABLE.iter().filter(|f| f.owners == RULES && f.name.ends_with("Path")) {
            let plain = field.name.trim_end_matches("Path");
            assert!(find(Owner::Rule, plain).is_some(), "{plain}");
        }
    }
}
