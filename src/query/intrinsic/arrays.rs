//! Functions on arrays.

use super::math::truncated;
use super::{Outcome, java, refuse, text_of};
use crate::value::{Array, Number, Value};

/// The most elements that `States.ArrayRange` makes.
const LONGEST_RANGE: i64 = 1000;

/// Compares texts: the number 1 is found as `"1"`, and members of objects have to stand in the same order (observed).
pub(super) fn contains(arguments: &[Value]) -> Outcome {
    let [Value::Array(items), wanted] = arguments else { return no_array(arguments) };
    let text = text_of(wanted);
    let is_wanted = |item: &Value| match (item, wanted) {
        (Value::String(item), _) => **item == *text,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(Number::Int(a)), Value::Number(Number::Int(b))) => a == b,
        _ => item.is_same(wanted) || text_of(item) == text,
    };
    Ok(Value::Bool(items.iter().any(is_wanted)))
}

/// Fractions are cut off; an empty array gives `null` for any index (observed).
pub(super) fn get_item(arguments: &[Value]) -> Outcome {
    let [Value::Array(items), index] = arguments else { return no_array(arguments) };
    let Some(index) = truncated(index) else { return refuse("the index must be a number") };
    match usize::try_from(index) {
        Ok(_) if items.is_empty() => Ok(Value::Null),
        Ok(at) if at < items.len() => Ok(items.get(at).cloned().unwrap_or_default()),
        _ => refuse(format!("there is no index {index}; the array has {} elements", items.len())),
    }
}

pub(super) fn length(arguments: &[Value]) -> Outcome {
    let [Value::Array(items)] = arguments else { return no_array(arguments) };
    Ok(Value::from(items.len()))
}

/// A fraction of the size is cut off (observed).
pub(super) fn partition(arguments: &[Value]) -> Outcome {
    let [Value::Array(items), size] = arguments else { return no_array(arguments) };
    let size = truncated(size).and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
    let Some(size) = size else { return refuse("the size of the parts must be a number of at least 1") };
    let parts = items.chunks(size).map(|part| Value::Array(Array::new(part.to_vec())));
    Ok(parts.collect::<Vec<_>>().into())
}

/// The end is included when a step lands on it; fractions are cut off (observed).
pub(super) fn range(arguments: &[Value]) -> Outcome {
    let numbers: Option<Vec<i64>> = arguments.iter().map(truncated).collect();
    let Some(&[start, end, step]) = numbers.as_deref() else { return refuse("all arguments must be numbers") };
    let Some(last) = end.saturating_sub(start).checked_div(step) else { return refuse("the step is 0") };
    let is_forward = (step > 0) == (start < end) || start == end;
    if !is_forward {
        return Ok(Vec::new().into());
    }
    if last >= LONGEST_RANGE {
        return refuse(format!("the range has more than {LONGEST_RANGE} elements"));
    }
    Ok((0..=last).map(|n| Value::from(start.saturating_add(step.saturating_mul(n)))).collect::<Vec<_>>().into())
}

/// The order is that of a hash set in Java (observed: `[true,false,true]` gives `[false,true]`).
pub(super) fn unique(arguments: &[Value]) -> Outcome {
    let [Value::Array(items)] = arguments else { return no_array(arguments) };
    Ok(java::hash_set(items).into())
}

fn no_array(arguments: &[Value]) -> Outcome {
    let kind = arguments.first().map_or("nothing", Value::type_name);
    refuse(format!("the first argument is of type {kind}, not an array"))
}
