//! What an `ItemReader` makes of the data it reads.

use crate::asl::ItemReader;
use crate::engine::Fault;
use crate::engine::fault::ITEM_READER_FAILED;
use crate::value::{self, Array, Object, Value};

/// The items in `data`, in the format that `reader` names.
///
/// # Errors
/// `States.ItemReaderFailed`
pub(super) fn items(data: &str, reader: &ItemReader) -> Result<Array, Fault> {
    let items = match reader.input_type.as_deref() {
        Some("JSONL") => lines(data)?,
        Some("CSV") => rows(data, reader)?,
        Some("PARQUET" | "MANIFEST") => {
            return Err(failed("Only items in JSON, JSONL and CSV can be read here"));
        }
        // A listing of objects is given as JSON, too.
        _ => json(data, reader.items_pointer.as_deref())?,
    };
    Ok(Array::new(items))
}

fn failed(cause: &str) -> Fault {
    Fault::new(ITEM_READER_FAILED, cause)
}

fn json(data: &str, pointer: Option<&str>) -> Result<Vec<Value>, Fault> {
    let whole = value::read(data).map_err(|error| failed(&error.kind.to_string()))?;
    let found = pointed_at(&whole, pointer.unwrap_or_default());
    match found {
        Some(Value::Array(items)) => Ok(items.iter().cloned().collect()),
        // The wording is recorded.
        _ => Err(failed("Attempting to map over non-iterable node.")),
    }
}

/// The value at a JSON Pointer (RFC 6901).
fn pointed_at<'v>(whole: &'v Value, pointer: &str) -> Option<&'v Value> {
    let mut value = whole;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        value = match value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            other => other.get(&step)?,
        };
    }
    Some(value)
}

fn lines(data: &str) -> Result<Vec<Value>, Fault> {
    let lines = data.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| value::read(line).map_err(|error| failed(&error.kind.to_string()))).collect()
}

/// Each row is an object of texts, by the names in the first row or in `CSVHeaders`.
fn rows(data: &str, reader: &ItemReader) -> Result<Vec<Value>, Fault> {
    let mut rows = cells(data, reader.csv_delimiter).into_iter();
    let headers: Vec<String> = match &reader.csv_headers {
        Some(headers) => headers.iter().map(ToString::to_string).collect(),
        None => rows.next().unwrap_or_default(),
    };
    let mut seen = std::collections::HashSet::new();
    if !headers.iter().all(|header| seen.insert(header)) {
        return Err(failed("CSV headers cannot contain duplicates."));
    }
    let row = |cells: Vec<String>| -> Value {
        let cells = cells.into_iter().chain(std::iter::repeat(String::new()));
        let members: Object =
            headers.iter().zip(cells).map(|(key, cell)| (key.as_str(), Value::string(cell))).collect();
        Value::Object(members)
    };
    Ok(rows.map(row).collect())
}

/// The cells of all rows (RFC 4180); empty lines are no rows.
fn cells(data: &str, delimiter: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut chars = data.chars().peekable();
    let mut is_quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' if is_quoted || cell.is_empty() => is_quoted = !is_quoted,
            '\r' if !is_quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !is_quoted => end_row(&mut rows, &mut row, &mut cell),
            c if c == delimiter && !is_quoted => row.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    end_row(&mut rows, &mut row, &mut cell);
    rows
}

fn end_row(rows: &mut Vec<Vec<String>>, row: &mut Vec<String>, cell: &mut String) {
    if !row.is_empty() || !cell.is_empty() {
        row.push(std::mem::take(cell));
        rows.push(std::mem::take(row));
    }
}
