//! What goes wrong in an expression: codes, message templates, and the error that callers see.

use std::sync::Arc;

use super::number::js_text;
use crate::text::Span;
use crate::value::escape_into;

/// A failure of an expression, in the codes and words of the reference implementation (jsonata 2.0.6).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JsonataError {
    /// The code (`T2001`); `U1001` where a budget is used up; empty where a function that Step Functions adds fails.
    pub code: &'static str,
    /// The message, without the code.
    pub message: String,
    /// The offset in bytes that the reference reports: for most codes just after the token at fault.
    pub position: Option<usize>,
    /// The offending part, in bytes from the start of the expression.
    pub span: Span,
    /// The token that the message is about, if it is about one.
    pub token: Option<String>,
}

impl JsonataError {
    /// What follows `threw an error during evaluation` in the words of the service: failures of JSONata itself come
    /// with their code, used-up budgets without one (recorded).
    #[must_use]
    pub fn service_text(&self) -> String {
        let has_code = !self.is_budget() && !self.code.is_empty();
        if !has_code { format!(": {}", self.message) } else { format!(". {}: {}", self.code, self.message) }
    }

    /// Whether the evaluation was given up because a budget was used up.
    #[must_use]
    pub fn is_budget(&self) -> bool {
        self.code == BUDGET
    }
}

/// The code of used-up budgets.
pub(super) const BUDGET: &str = "U1001";
/// The code of a regular expression that does not compile; the reference has none for it.
pub(super) const BAD_REGEX: &str = "S0303";

/// The budgets of the service.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spent {
    Time,
    Memory,
    Depth,
    Nesting,
}

/// A token as messages show it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Text(Arc<str>),
    Number(f64),
    Bool(bool),
    Null,
    Other,
}

impl Token {
    fn json(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Other => "{}".to_owned(),
            other => other.text(),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Number(number) => js_text(*number),
            Self::Bool(value) => value.to_string(),
            Self::Null => "null".to_owned(),
            Self::Other => String::new(),
        }
    }
}

impl From<&str> for Token {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// `text` as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    escape_into(text, &mut out);
    out
}

/// A failure on its way up: position and token may still be filled in by the calls it passes through.
#[derive(Debug, Default)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) position: Option<u32>,
    pub(super) token: Option<Token>,
    /// What the message inserts, as JSON text.
    pub(super) value: Option<String>,
    pub(super) value2: Option<String>,
    pub(super) index: Option<usize>,
    /// The type (`numbers`) or the function that the message names.
    pub(super) name: Option<&'static str>,
    /// A message instead of the template.
    pub(super) message: Option<String>,
    /// A better place than the token before the position.
    pub(super) span: Option<Span>,
}

/// The result of evaluating something.
pub(super) type Outcome<T> = Result<T, Box<Fault>>;

/// A failure with `code`.
pub(super) fn fault(code: &'static str) -> Box<Fault> {
    Box::new(Fault { code, ..Fault::default() })
}

impl Fault {
    pub(super) fn at(mut self: Box<Self>, position: impl Into<Option<u32>>) -> Box<Self> {
        self.position = position.into();
        self
    }

    pub(super) fn token(mut self: Box<Self>, token: impl Into<Token>) -> Box<Self> {
        self.token = Some(token.into());
        self
    }

    pub(super) fn span(mut self: Box<Self>, span: Span) -> Box<Self> {
        self.span = Some(span);
        self
    }

    pub(super) fn value(mut self: Box<Self>, json: impl Into<String>) -> Box<Self> {
        self.value = Some(json.into());
        self
    }

    pub(super) fn second(mut self: Box<Self>, json: impl Into<String>) -> Box<Self> {
        self.value2 = Some(json.into());
        self
    }

    pub(super) fn index(mut self: Box<Self>, index: usize) -> Box<Self> {
        self.index = Some(index);
        self
    }

    pub(super) fn name(mut self: Box<Self>, name: &'static str) -> Box<Self> {
        self.name = Some(name);
        self
    }

    pub(super) fn message(mut self: Box<Self>, message: impl Into<String>) -> Box<Self> {
        self.message = Some(message.into());
        self
    }

    /// A used-up budget.
    pub(super) fn spent(what: Spent) -> Box<Self> {
        fault(BUDGET).message(match what {
            Spent::Time => "Expression evaluation timeout: Check for infinite loop",
            Spent::Memory => "Expression evaluation memory limit exceeded: Check for excessive memory usage",
            Spent::Depth => {
                "Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive."
            }
            Spent::Nesting => "Stack overflow error: The expression is nested too deeply.",
        })
    }

    /// The error for callers; `mark` gives the token that ends at a position.
    pub(super) fn into_error(self, mark: impl FnOnce(u32) -> Option<Span>) -> JsonataError {
        let position = self.position.map(|position| position as usize);
        let at_position = || self.position.and_then(mark).or_else(|| position.map(Span::at));
        JsonataError {
            code: self.code,
            message: self.text(),
            position,
            span: self.span.or_else(at_position).unwrap_or_default(),
            token: self.token.as_ref().map(Token::text),
        }
    }

    fn text(&self) -> String {
        if let Some(message) = &self.message {
            return message.clone();
        }
        let mut out = String::new();
        let mut rest = template(self.code);
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            let (field, after) = after.split_once("}}").unwrap_or((after, ""));
            out.push_str(&self.insert(field));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn insert(&self, field: &str) -> String {
        let text = match field {
            "token" => self.token.as_ref().map(Token::json),
            "name" => self.token.as_ref().map(Token::text),
            "value" => self.value.clone(),
            "value2" => self.value2.clone(),
            "index" => self.index.map(|index| index.to_string()),
            "type" => self.name.map(quoted),
            "function" => self.name.map(str::to_owned),
            _ => None,
        };
        text.unwrap_or_else(|| "undefined".to_owned())
    }
}

/// The message template of a code: `{{token}}`, `{{value}}` and so on stand for JSON texts, `{{name}}` and
/// `{{function}}` for plain ones.
fn template(code: &str) -> &'static str {
    TEMPLATES.iter().find(|(known, _)| *known == code).map_or("", |(_, template)| template)
}

const TEMPLATES: &[(&str, &str)] = &[
    ("S0101", "String literal must be terminated by a matching quote"),
    ("S0102", "Number out of range: {{token}}"),
    ("S0103", "Unsupported escape sequence: \\{{token}}"),
    ("S0104", "The escape sequence \\u must be followed by 4 hex digits"),
    ("S0105", "Quoted property name must be terminated with a backquote (`)"),
    ("S0106", "Comment has no closing tag"),
    ("S0201", "Syntax error: {{token}}"),
    ("S0202", "Expected {{value}}, got {{token}}"),
    ("S0203", "Expected {{value}} before end of expression"),
    ("S0204", "Unknown operator: {{token}}"),
    ("S0207", "Unexpected end of expression"),
    ("S0208", "Parameter {{value}} of function definition must be a variable name (start with $)"),
    ("S0209", "A predicate cannot follow a grouping expression in a step"),
    ("S0210", "Each step can only have one grouping expression"),
    ("S0211", "The symbol {{token}} cannot be used as a unary operator"),
    ("S0212", "The left side of := must be a variable name (start with $)"),
    ("S0213", "The literal value {{value}} cannot be used as a step within a path expression"),
    ("S0214", "The right side of {{token}} must be a variable name (start with $)"),
    ("S0215", "A context variable binding must precede any predicates on a step"),
    ("S0216", "A context variable binding must precede the 'order-by' clause on a step"),
    ("S0217", "The object representing the 'parent' cannot be derived from this expression"),
    ("S0301", "Empty regular expressions are not allowed"),
    ("S0302", "No terminating / in regular expression"),
    ("S0401", "Type parameters can only be applied to functions and arrays"),
    ("S0402", "Choice groups containing parameterized types are not supported"),
    ("T0410", "Argument {{index}} of function {{token}} does not match function signature"),
    ("T0411", "Context value is not a compatible type with argument {{index}} of function {{token}}"),
    ("T0412", "Argument {{index}} of function {{token}} must be an array of {{type}}"),
    ("D1001", "Number out of range: {{value}}"),
    ("D1002", "Cannot negate a non-numeric value: {{value}}"),
    ("D1004", "Regular expression matches zero length string"),
    ("D1009", "Multiple key definitions evaluate to same key: {{value}}"),
    ("T1003", "Key in object structure must evaluate to a string; got: {{value}}"),
    ("T1005", "Attempted to invoke a non-function. Did you mean ${{name}}?"),
    ("T1006", "Attempted to invoke a non-function"),
    ("T1007", "Attempted to partially apply a non-function. Did you mean ${{name}}?"),
    ("T1008", "Attempted to partially apply a non-function"),
    (
        "T1010",
        "The matcher function argument passed to function {{token}} does not return the correct object structure",
    ),
    ("T2001", "The left side of the {{token}} operator must evaluate to a number"),
    ("T2002", "The right side of the {{token}} operator must evaluate to a number"),
    ("T2003", "The left side of the range operator (..) must evaluate to an integer"),
    ("T2004", "The right side of the range operator (..) must evaluate to an integer"),
    ("T2006", "The right side of the function application operator ~> must be a function"),
    ("T2007", "Type mismatch when comparing values {{value}} and {{value2}} in order-by clause"),
    ("T2008", "The expressions within an order-by clause must evaluate to numeric or string values"),
    ("T2009", "The values {{value}} and {{value2}} either side of operator {{token}} must be of the same data type"),
    ("T2010", "The expressions either side of operator {{token}} must evaluate to numeric or string values"),
    ("T2011", "The insert/update clause of the transform expression must evaluate to an object: {{value}}"),
    ("T2012", "The delete clause of the transform expression must evaluate to a string or array of strings: {{value}}"),
    (
        "T2013",
        "The transform expression clones the input object using the $clone() function.  This has been overridden in the current scope by a non-function.",
    ),
    (
        "D2014",
        "The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate {{value}}.",
    ),
    ("D3001", "Attempting to invoke string function on Infinity or NaN"),
    ("D3010", "Second argument of replace function cannot be an empty string"),
    ("D3011", "Fourth argument of replace function must evaluate to a positive number"),
    ("D3012", "Attempted to replace a matched string with a non-string value"),
    ("D3020", "Third argument of split function must evaluate to a positive number"),
    ("D3030", "Unable to cast value to a number: {{value}}"),
    ("D3040", "Third argument of match function must evaluate to a positive number"),
    ("D3050", "The second argument of reduce function must be a function with at least two arguments"),
    ("D3060", "The sqrt function cannot be applied to a negative number: {{value}}"),
    (
        "D3061",
        "The power function has resulted in a value that cannot be represented as a JSON number: base={{value}}, exponent={{value2}}",
    ),
    (
        "D3070",
        "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function",
    ),
    ("D3080", "The picture string must only contain a maximum of two sub-pictures"),
    ("D3081", "The sub-picture must not contain more than one instance of the 'decimal-separator' character"),
    ("D3082", "The sub-picture must not contain more than one instance of the 'percent' character"),
    ("D3083", "The sub-picture must not contain more than one instance of the 'per-mille' character"),
    ("D3084", "The sub-picture must not contain both a 'percent' and a 'per-mille' character"),
    (
        "D3085",
        "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'",
    ),
    (
        "D3086",
        "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character",
    ),
    (
        "D3087",
        "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character",
    ),
    ("D3088", "The sub-picture must not contain a 'grouping-separator' at the end of the integer part"),
    ("D3089", "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character"),
    (
        "D3090",
        "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'",
    ),
    (
        "D3091",
        "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'",
    ),
    (
        "D3092",
        "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'",
    ),
    (
        "D3093",
        "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'",
    ),
    ("D3100", "The radix of the formatBase function must be between 2 and 36.  It was given {{value}}"),
    ("D3110", "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {{value}}"),
    (
        "D3130",
        "Formatting or parsing an integer as a sequence starting with {{value}} is not supported by this implementation",
    ),
    ("D3131", "In a decimal digit pattern, all digits must be from the same decimal group"),
    ("D3132", "Unknown component specifier {{value}} in date/time picture string"),
    (
        "D3133",
        "The 'name' modifier can only be applied to months and days in the date/time picture string, not {{value}}",
    ),
    ("D3134", "The timezone integer format specifier cannot have more than four digits"),
    ("D3135", "No matching closing bracket ']' in date/time picture string"),
    ("D3136", "The date/time picture string is missing specifiers required to parse the timestamp"),
    ("D3138", "The $single() function expected exactly 1 matching result.  Instead it matched more."),
    ("D3139", "The $single() function expected exactly 1 matching result.  Instead it matched 0."),
    ("D3140", "Malformed URL passed to ${{function}}(): {{value}}"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_take_their_inserts() {
        let error = fault("T2009").value("\"a\"").token("<").at(6).into_error(|_| None);
        assert_eq!(
            error.message,
            "The values \"a\" and undefined either side of operator \"<\" must be of the same data type"
        );
        assert_eq!((error.position, error.token.as_deref()), (Some(6), Some("<")));
        assert_eq!(fault("T1005").token("sum").into_error(|_| None).message.split("mean ").nth(1), Some("$sum?"));
    }

    #[test]
    fn the_service_shows_codes_but_not_of_budgets() {
        let text = |fault: Box<Fault>| fault.into_error(|_| None).service_text();
        assert_eq!(text(fault("T1006")), ". T1006: Attempted to invoke a non-function");
        assert!(text(Fault::spent(Spent::Memory)).starts_with(": Expression evaluation memory limit exceeded"));
    }
}
