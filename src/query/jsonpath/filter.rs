//! Conditions in `[?(…)]`, with Jayway's operators and its rules for comparing values of different kinds.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::eval::{Document, Selected};
use super::parse::Step;
use crate::query::jsonpath::Dialect;
use crate::query::matcher::{Flavour, Matcher};
use crate::value::{Number, Value};

/// A condition on an element.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    /// `a || b`
    Any(Vec<Filter>),
    /// `a && b`
    All(Vec<Filter>),
    /// `!a`
    Not(Box<Filter>),
    /// `@.a` alone
    Exists(SubPath),
    /// `@.a == 1`
    Compare { left: Operand, operator: Comparison, right: Operand },
}

/// A path inside a filter.
#[derive(Debug, Clone)]
pub(super) struct SubPath {
    /// Whether it starts at the element (`@`) or at the document (`$`).
    pub(super) from_item: bool,
    pub(super) steps: Vec<Step>,
}

/// One side of a comparison, or an argument of a function.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Path(SubPath),
    Literal(Value),
    Pattern(Arc<Pattern>),
}

/// A regular expression between slashes.
#[derive(Debug)]
pub(super) struct Pattern(Matcher);

impl Pattern {
    /// Compiles `expression` so that it has to match the whole text, as Java's `matches` does.
    pub(super) fn compile(expression: &str, flags: &str) -> Result<Self, String> {
        if let Some(flag) = flags.chars().find(|flag| !"imsxuUd".contains(*flag)) {
            return Err(format!("`{flag}` is no flag of a regular expression; `i`, `m`, `s` and `x` are"));
        }
        let known: String = flags.chars().filter(|flag| "imsx".contains(*flag)).collect();
        let inline = if known.is_empty() { String::new() } else { format!("(?{known})") };
        let whole = format!(r"{inline}\A(?:{expression})\z");
        let flavour = Flavour { oniguruma: true, ..Flavour::default() };
        Matcher::compile(whole, flavour).map(Self).map_err(|error| format!("not a regular expression: {error}"))
    }

    /// What takes too long does not match.
    fn matches(&self, value: &Value, document: Document<'_>) -> bool {
        let is_match = |text: &str| {
            // A byte of a text costs far less than a value, unless the pattern counts far.
            let states = self.0.states();
            let cost = if states < 64 { text.len() / 8 } else { text.len().saturating_mul(states) / 4 };
            document.visit(cost)
                && self.0.find(text, 0, |steps| document.may_take(steps)).is_ok_and(|found| found.is_some())
        };
        match value {
            Value::String(text) => is_match(text),
            Value::Number(_) | Value::Bool(_) => is_match(&value.to_json()),
            _ => is_match(""),
        }
    }
}

macro_rules! comparisons {
    ($($variant:ident $name:literal),* $(,)?) => {
        /// A comparison operator.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Comparison { $($variant),* }

        impl Comparison {
            const TABLE: &'static [(&'static str, Self)] = &[$(($name, Self::$variant)),*];
        }
    };
}

comparisons! {
    Equal "==", NotEqual "!=", Less "<", LessOrEqual "<=", Greater ">", GreaterOrEqual ">=", Matches "=~",
    In "in", NotIn "nin", SubsetOf "subsetof", AnyOf "anyof", NoneOf "noneof", AllOf "all", Contains "contains",
    Size "size", Empty "empty", SameType "===", NotSameType "!==",
}

impl Comparison {
    /// The operator spelled `name`; letters in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, operator)| *operator)
    }

    /// All spellings, for messages.
    pub(super) fn names() -> String {
        Self::TABLE.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
    }

    /// About how many values are compared.
    fn cost(self, left: Option<&Value>, right: Option<&Value>) -> usize {
        let length = |value: Option<&Value>| value.and_then(items).map_or(1, <[Value]>::len);
        match self {
            Self::SubsetOf | Self::AnyOf | Self::NoneOf | Self::AllOf => length(left).saturating_mul(length(right)),
            Self::In | Self::NotIn => length(right),
            Self::Contains => length(left),
            _ => 0,
        }
    }

    /// Whether the comparison holds; `None` is a path that found nothing.
    fn holds(self, left: Option<&Value>, right: Option<&Value>) -> bool {
        match self {
            Self::NotEqual => return !Self::Equal.holds(left, right),
            Self::NotSameType => return !Self::SameType.holds(left, right),
            Self::NotIn => return !Self::In.holds(left, right),
            Self::NoneOf => return !Self::AnyOf.holds(left, right),
            _ => {}
        }
        let (Some(left), Some(right)) = (left, right) else { return false };
        let ordered = |wanted: fn(Ordering) -> bool| order(left, right).is_some_and(wanted);
        match self {
            Self::Equal => equal(left, right),
            Self::SameType => left.type_name() == right.type_name() && equal(left, right),
            Self::Less => ordered(Ordering::is_lt),
            Self::LessOrEqual => ordered(Ordering::is_le),
            Self::Greater => ordered(Ordering::is_gt),
            Self::GreaterOrEqual => ordered(Ordering::is_ge),
            Self::In => items(right).is_some_and(|list| has(list, left)),
            Self::SubsetOf => both(left, right).is_some_and(|(some, all)| some.iter().all(|item| has(all, item))),
            Self::AllOf => both(left, right).is_some_and(|(all, some)| some.iter().all(|item| has(all, item))),
            Self::AnyOf => both(left, right).is_some_and(|(some, all)| some.iter().any(|item| has(all, item))),
            Self::Contains => contains(left, right),
            Self::Size => right.as_number().and_then(Number::as_i64).is_some_and(|size| size_of(left) == Some(size)),
            Self::Empty => right.as_bool().is_some_and(|empty| size_of(left).is_some_and(|size| (size == 0) == empty)),
            _ => false,
        }
    }
}

impl Filter {
    /// Whether `item` is kept.
    pub(super) fn accepts(&self, item: &Value, document: Document<'_>) -> bool {
        if !document.visit(1) {
            return false;
        }
        match self {
            Self::Any(conditions) => conditions.iter().any(|condition| condition.accepts(item, document)),
            Self::All(conditions) => conditions.iter().all(|condition| condition.accepts(item, document)),
            Self::Not(condition) => !condition.accepts(item, document),
            Self::Exists(path) => path.exists(item, document),
            Self::Compare { left, operator: Comparison::Matches, right } => matches(left, right, item, document),
            Self::Compare { left, operator, right } => {
                let (left, right) = (left.value(item, document), right.value(item, document));
                document.visit(operator.cost(left.as_deref(), right.as_deref()));
                operator.holds(left.as_deref(), right.as_deref())
            }
        }
    }
}

impl SubPath {
    fn select<'v>(&self, item: &'v Value, document: Document<'v>) -> Option<Selected<'v>> {
        let start = if self.from_item { item } else { document.root };
        document.select(&self.steps, start).ok()
    }

    /// In the service a member that is null counts as absent (observed with its local version), in Jayway it exists.
    fn exists(&self, item: &Value, document: Document<'_>) -> bool {
        match self.select(item, document) {
            Some(Selected::One(value)) => document.dialect == Dialect::Jayway || !value.is_null(),
            Some(Selected::List(_)) => true,
            None => false,
        }
    }
}

impl Operand {
    /// The value; `None` when a path finds nothing.
    pub(super) fn value<'v>(&'v self, item: &'v Value, document: Document<'v>) -> Option<Cow<'v, Value>> {
        match self {
            Self::Literal(value) => Some(Cow::Borrowed(value)),
            Self::Path(path) => path.select(item, document).map(Selected::into_cow),
            Self::Pattern(_) => None,
        }
    }
}

fn matches(left: &Operand, right: &Operand, item: &Value, document: Document<'_>) -> bool {
    let (pattern, operand) = match (left, right) {
        (Operand::Pattern(_), Operand::Pattern(_)) => return false,
        (Operand::Pattern(pattern), operand) | (operand, Operand::Pattern(pattern)) => (pattern, operand),
        _ => return false,
    };
    match operand.value(item, document).as_deref() {
        Some(Value::Array(items)) => items.iter().any(|item| pattern.matches(item, document)),
        Some(value) => pattern.matches(value, document),
        None => pattern.matches(&Value::Null, document),
    }
}

/// Numbers and texts are equal when the text spells the number (recorded: `"1999" == 1999`).
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(number), Value::String(text)) => {
            text.parse::<f64>().is_ok_and(|spelled| spelled.is_finite() && *number == Number::parse(text))
        }
        (Value::String(text), Value::Number(number)) => **text == *number.to_string(),
        _ => left == right,
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        // Java compares UTF-16 units.
        (Value::String(left), Value::String(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        _ => None,
    }
}

fn items(value: &Value) -> Option<&[Value]> {
    value.as_array().map(|array| &**array)
}

fn both<'v>(left: &'v Value, right: &'v Value) -> Option<(&'v [Value], &'v [Value])> {
    items(left).zip(items(right))
}

fn has(list: &[Value], wanted: &Value) -> bool {
    list.iter().any(|item| equal(item, wanted))
}

fn contains(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(whole), Value::String(part)) => whole.contains(&**part),
        (Value::Array(list), _) => has(list, right),
        _ => false,
    }
}

fn size_of(value: &Value) -> Option<i64> {
    let size = match value {
        Value::String(text) => text.encode_utf16().count(),
        Value::Array(items) => items.len(),
        Value::Object(object) => object.len(),
        _ => return None,
    };
    i64::try_from(size).ok()
}
