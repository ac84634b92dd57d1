//! JMESPath on [`Value`]s, for `--query`.
//!
//! The crate `jmespath` reads the expressions. They are evaluated here, because that crate sorts the keys of objects while
//! the AWS CLI keeps their order, and because values are shared instead of converted.

mod functions;

use jmespath::ast::{Ast, Comparator};
use jmespath::{ErrorReason, Variable};

use crate::value::{Number, Object, Value};

/// A query.
#[derive(Debug, Clone)]
pub struct Query(Ast);

/// Longer ones, and those with more of the signs that open something, could nest too deeply for the stack.
const MAX_LENGTH: usize = 2000;
const MAX_OPEN: usize = 150;

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(text: &str) -> Result<Self, String> {
        if text.len() > MAX_LENGTH || text.matches(['(', '[', '{', '!', '&']).count() > MAX_OPEN {
            return Err("Bad value for --query: the expression is too long".to_owned());
        }
        jmespath::parse(text).map(Self).map_err(|error| {
            let ErrorReason::Parse(reason) = &error.reason else { return error.to_string() };
            let mark = " ".repeat(error.column + 1);
            format!("Bad value for --query {text}: {}:\n\"{text}\"\n{mark}^", reason.trim_end())
        })
    }

    /// What it finds in `value`.
    ///
    /// # Errors
    /// A function that does not exist or cannot take its arguments.
    pub fn search(&self, value: &Value) -> Result<Value, String> {
        evaluate(&self.0, value)
    }
}

type Found = Result<Value, String>;

/// An argument of a function.
enum Argument<'a> {
    Value(Value),
    /// `&expression`
    Expression(&'a Ast),
}

fn evaluate(ast: &Ast, data: &Value) -> Found {
    match ast {
        Ast::Identity { .. } => Ok(data.clone()),
        Ast::Field { name, .. } => Ok(data.get(name).cloned().unwrap_or_default()),
        Ast::Index { idx, .. } => Ok(index(data, *idx)),
        Ast::Literal { value, .. } => Ok(literal(value)),
        Ast::Subexpr { lhs, rhs, .. } => evaluate(rhs, &evaluate(lhs, data)?),
        Ast::Or { lhs, rhs, .. } => either(lhs, rhs, data, false),
        Ast::And { lhs, rhs, .. } => either(lhs, rhs, data, true),
        Ast::Not { node, .. } => Ok((!is_true(&evaluate(node, data)?)).into()),
        Ast::Condition { predicate, then, .. } => {
            if is_true(&evaluate(predicate, data)?) {
                evaluate(then, data)
            } else {
                Ok(Value::Null)
            }
        }
        Ast::Comparison { comparator, lhs, rhs, .. } => {
            Ok(compare(comparator, &evaluate(lhs, data)?, &evaluate(rhs, data)?))
        }
        Ast::ObjectValues { node, .. } => {
            let found = evaluate(node, data)?;
            Ok(found.as_object().map_or(Value::Null, |object| object.values().cloned().collect::<Vec<_>>().into()))
        }
        Ast::Projection { lhs, rhs, .. } => project(&evaluate(lhs, data)?, rhs),
        Ast::Flatten { node, .. } => Ok(flatten(&evaluate(node, data)?)),
        Ast::Slice { start, stop, step, .. } => slice(data, *start, *stop, *step),
        Ast::MultiList { .. } | Ast::MultiHash { .. } if data.is_null() => Ok(Value::Null),
        Ast::MultiList { elements, .. } => {
            let items: Result<Vec<Value>, String> = elements.iter().map(|item| evaluate(item, data)).collect();
            items.map(Value::from)
        }
        Ast::MultiHash { elements, .. } => {
            let members = elements.iter().map(|pair| Ok((pair.key.as_str(), evaluate(&pair.value, data)?)));
            // A key that is given twice has the last value.
            members.collect::<Result<Vec<_>, String>>().map(|members| {
                let mut object = Object::new();
                members.into_iter().for_each(|(key, value)| object.insert(key, value));
                object.into()
            })
        }
        Ast::Function { name, args, .. } => functions::call(name, arguments(args, data)?),
        Ast::Expref { .. } => Ok(Value::Null),
    }
}

fn arguments<'a>(args: &'a [Ast], data: &Value) -> Result<Vec<Argument<'a>>, String> {
    let argument = |arg: &'a Ast| match arg {
        Ast::Expref { ast, .. } => Ok(Argument::Expression(ast)),
        other => evaluate(other, data).map(Argument::Value),
    };
    args.iter().map(argument).collect()
}

/// The left side if it decides, else the right one.
fn either(left: &Ast, right: &Ast, data: &Value, goes_on_if: bool) -> Found {
    let left = evaluate(left, data)?;
    if is_true(&left) == goes_on_if { evaluate(right, data) } else { Ok(left) }
}

/// What is empty is false; numbers are true.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(object) => !object.is_empty(),
    }
}

/// Order is for numbers; others give null.
fn compare(comparator: &Comparator, left: &Value, right: &Value) -> Value {
    let order = left.as_number().zip(right.as_number()).and_then(|(left, right)| left.partial_cmp(right));
    let ordered = |test: fn(std::cmp::Ordering) -> bool| order.map_or(Value::Null, |order| test(order).into());
    match comparator {
        Comparator::Equal => (left == right).into(),
        Comparator::NotEqual => (left != right).into(),
        Comparator::LessThan => ordered(std::cmp::Ordering::is_lt),
        Comparator::LessThanEqual => ordered(std::cmp::Ordering::is_le),
        Comparator::GreaterThan => ordered(std::cmp::Ordering::is_gt),
        Comparator::GreaterThanEqual => ordered(std::cmp::Ordering::is_ge),
    }
}

fn index(data: &Value, at: i32) -> Value {
    let Some(items) = data.as_array() else { return Value::Null };
    let distance = usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX);
    let at = if at < 0 { items.len().checked_sub(distance) } else { Some(distance) };
    at.and_then(|at| items.get(at)).cloned().unwrap_or_default()
}

fn project(found: &Value, rhs: &Ast) -> Found {
    let Some(items) = found.as_array() else { return Ok(Value::Null) };
    let mut kept = Vec::new();
    for item in items.iter() {
        let value = evaluate(rhs, item)?;
        if !value.is_null() {
            kept.push(value);
        }
    }
    Ok(kept.into())
}

fn flatten(found: &Value) -> Value {
    let Some(items) = found.as_array() else { return Value::Null };
    let mut flat = Vec::new();
    for item in items.iter() {
        match item {
            Value::Array(inner) => flat.extend(inner.iter().cloned()),
            other => flat.push(other.clone()),
        }
    }
    flat.into()
}

fn slice(data: &Value, start: Option<i32>, stop: Option<i32>, step: i32) -> Found {
    let Some(items) = data.as_array() else { return Ok(Value::Null) };
    if step == 0 {
        return Err("Invalid slice, step cannot be 0".to_owned());
    }
    let (len, step) = (i64::try_from(items.len()).unwrap_or(i64::MAX), i64::from(step));
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let end = |end: Option<i32>, default: i64| {
        end.map_or(default, |end| {
            let end = i64::from(end);
            (if end < 0 { end + len } else { end }).clamp(low, high)
        })
    };
    let (first, last) = if step > 0 { (end(start, 0), end(stop, len)) } else { (end(start, len - 1), end(stop, -1)) };
    let mut at = first;
    let mut kept = Vec::new();
    while if step > 0 { at < last } else { at > last } {
        kept.extend(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned());
        at += step;
    }
    Ok(kept.into())
}

fn literal(value: &Variable) -> Value {
    match value {
        Variable::Null | Variable::Expref(_) => Value::Null,
        Variable::Bool(value) => (*value).into(),
        Variable::String(text) => text.as_str().into(),
        Variable::Number(number) => Number::parse(&number.to_string()).into(),
        Variable::Array(items) => items.iter().map(|item| literal(item)).collect::<Vec<_>>().into(),
        Variable::Object(members) => {
            members.iter().map(|(key, value)| (key.as_str(), literal(value))).collect::<Object>().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::read;

    const DATA: &str = r#"{"z": [{"name": "b", "n": 2, "t": ["x"]}, {"name": "a", "n": 1.5}, {"name": "c"}],
        "a": {"y": 1, "x": [[1, 2], [3], 4]}, "s": "text", "e": []}"#;

    #[track_caller]
    fn finds(query: &str, json: &str) {
        let found = Query::read(query).and_then(|query| query.search(&read(DATA).expect("JSON")));
        assert_eq!(found.map(|found| found.to_json()), Ok(json.to_owned()), "{query}");
    }

    #[track_caller]
    fn fails(query: &str, message: &str) {
        let error =
            Query::read(query).and_then(|query| query.search(&read(DATA).expect("JSON"))).expect_err("it fails");
        assert_eq!(error, message, "{query}");
    }

    /// Compared with the Python library that the AWS CLI uses.
    #[test]
    fn queries() {
        finds("z[0]", r#"{"name":"b","n":2,"t":["x"]}"#);
        finds("z[].name", r#"["b","a","c"]"#);
        finds("z[*].n", "[2,1.5]");
        finds("z[-1].name", r#""c""#);
        finds("z[9]", "null");
        finds("z[::-1].name", r#"["c","a","b"]"#);
        finds("z[1:].{k: name, b: n}", r#"[{"k":"a","b":1.5},{"k":"c","b":null}]"#);
        finds("z[?n > `1.5`].[name, n]", r#"[["b",2]]"#);
        finds("z[?name == 'a' || !n].name | [0]", r#""a""#);
        finds("a.x[]", "[1,2,3,4]");
        finds("a.*", "[1,[[1,2],[3],4]]");
        finds("nope.x", "null");
        finds("nope[].x", "null");
        finds("e && s", "[]");
        finds("e || s", r#""text""#);
        finds("s > `1`", "null");
        finds("`{\"a\": 1.0}`", r#"{"a":1.0}"#);
    }

    #[test]
    fn functions() {
        finds("length(z)", "3");
        finds("length(s)", "4");
        finds("sort_by(z, &name)[0].n", "1.5");
        finds("max_by(z[:2], &n).name", r#""b""#);
        finds("min_by(z[:2], &n).name", r#""a""#);
        finds("keys(z[0])", r#"["name","n","t"]"#);
        finds("values(a)", "[1,[[1,2],[3],4]]");
        finds("join('-', z[].name)", r#""b-a-c""#);
        finds("contains(s, 'ex')", "true");
        finds("contains(z[].name, 'q')", "false");
        finds("starts_with(s, 'te')", "true");
        finds("ends_with(s, 'te')", "false");
        finds("sum(z[].n)", "3.5");
        finds("avg(z[].n)", "1.75");
        finds("avg(e)", "null");
        finds("max(z[].n)", "2");
        finds("min(z[].name)", r#""a""#);
        finds("abs(`-2`)", "2");
        finds("ceil(`1.2`)", "2");
        finds("floor(`1.7`)", "1");
        finds("map(&n, z)", "[2,1.5,null]");
        finds("merge(z[0], {n: `7`, q: s})", r#"{"name":"b","n":7,"t":["x"],"q":"text"}"#);
        finds("not_null(nope, s)", r#""text""#);
        finds("reverse(s)", r#""txet""#);
        finds("reverse(a.x[0])", "[2,1]");
        finds("sort(z[].name)", r#"["a","b","c"]"#);
        finds("to_array(s)", r#"["text"]"#);
        finds("to_number('1.50')", "1.5");
        finds("to_number('x')", "null");
        finds("to_string(a)", r#""{\"y\":1,\"x\":[[1,2],[3],4]}""#);
        finds("to_string(s)", r#""text""#);
        finds("type(a)", r#""object""#);
    }

    #[test]
    fn faults() {
        fails("foo(s)", "Unknown function: foo()");
        fails("length(z, s)", "Expected 1 argument for function length(), received 2");
        fails(
            "length(nope)",
            "In function length(), invalid type for value: None, expected one of: ['string', 'array', 'object'], received: \
             \"null\"",
        );
        fails("z[::0]", "Invalid slice, step cannot be 0");
        assert!(Query::read("a.b[").is_err_and(|error| error.starts_with("Bad value for --query a.b[: ")));
        for deep in ["[", "(", "!", "a.", "a||", "&"] {
            // Whatever becomes of it, it must not end the process.
            for count in [MAX_OPEN, MAX_LENGTH / deep.len()] {
                let text = format!("{}a", deep.repeat(count));
                let _ = Query::read(&text).map(|query| query.search(&Value::Null));
            }
            assert!(Query::read(&deep.repeat(MAX_LENGTH)).is_err());
        }
    }
}
