//! Items in CSV: each row an object of strings, by the names of the columns.
//!
//! The dialect is the service's own: quotes as in RFC 4180, also doubled ones outside of quoted fields; a backslash
//! takes the next quote, backslash or delimiter as it is and goes away before everything else (AWS's documentation,
//! "How Step Functions parses input CSV files"). No crate reads that, so the reader is here.

use std::collections::HashSet;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr_iter, memchr2, memchr3};

use super::lines::{Ends, Lines};
use super::sink::{MEMBER, NODE, Sink, TEXT};
use super::{CsvHeaderLocation, ReadFailure, ReaderConfig};
use crate::value::{Object, Value};

const QUOTE: u8 = b'"';
const ESCAPE: u8 = b'\\';

/// The service's limit of all names of columns together, in bytes.
const MAX_HEADERS: usize = 10 * 1024;

/// Reads rows of CSV.
pub(super) fn read(source: impl Read, config: &ReaderConfig, sink: &mut Sink) -> Result<(), ReadFailure> {
    let delimiter = delimiter(config)?;
    let mut rows = Rows::new(Lines::new(source, Ends::Any, sink.memory_left()), delimiter);
    let names = match config.csv_header_location {
        Some(CsvHeaderLocation::Given) => given(config)?,
        None if !config.csv_headers.is_empty() => given(config)?,
        _ => match rows.next()? {
            Some(header) => header.iter().map(Arc::from).collect(),
            None => return Ok(()),
        },
    };
    let mut columns = Columns::new(names)?;
    while sink.wanted() > 0 {
        let Some(row) = rows.next()? else { break };
        let (item, new_bytes) = columns.item(&row);
        sink.claim(columns.memory + new_bytes)?;
        sink.push(item);
    }
    Ok(())
}

/// Reads the rows as they are, without names.
pub(super) fn rows(source: impl Read, sink: &mut Sink) -> Result<Vec<Vec<String>>, ReadFailure> {
    let mut rows = Rows::new(Lines::new(source, Ends::Any, sink.memory_left()), b',');
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let row: Vec<String> = row.iter().map(str::to_owned).collect();
        sink.claim(NODE + row.iter().map(|field| TEXT + field.len() as u64).sum::<u64>())?;
        found.push(row);
    }
    Ok(found)
}

fn delimiter(config: &ReaderConfig) -> Result<u8, ReadFailure> {
    let delimiter = u8::try_from(config.csv_delimiter.unwrap_or(',')).ok();
    delimiter
        .filter(|delimiter| delimiter.is_ascii() && !b"\"\\\r\n".contains(delimiter))
        .ok_or_else(|| ReadFailure::new("field CSVDelimiter must be one of COMMA, PIPE, SEMICOLON, SPACE, TAB"))
}

fn given(config: &ReaderConfig) -> Result<Vec<Arc<str>>, ReadFailure> {
    if config.csv_headers.is_empty() {
        return Err(ReadFailure::new("field CSVHeaders must be given when CSVHeaderLocation is GIVEN"));
    }
    Ok(config.csv_headers.clone())
}

/// The fields of one row: parts of a line, or texts that quotes and escapes were taken out of.
enum Row<'r> {
    Plain { line: &'r str, fields: &'r [Range<usize>] },
    Quoted(&'r [String]),
}

impl<'r> Row<'r> {
    fn get(&self, column: usize) -> Option<&'r str> {
        match self {
            Self::Plain { line, fields } => fields.get(column).map(|field| &line[field.clone()]),
            Self::Quoted(fields) => fields.get(column).map(String::as_str),
        }
    }

    fn iter(&self) -> impl Iterator<Item = &'r str> {
        (0..).map_while(|column| self.get(column))
    }
}

/// Reads row after row.
struct Rows<R> {
    lines: Lines<R>,
    delimiter: u8,
    line: String,
    plain: Vec<Range<usize>>,
    quoted: Quoted,
}

impl<R: Read> Rows<R> {
    fn new(lines: Lines<R>, delimiter: u8) -> Self {
        Self { lines, delimiter, line: String::new(), plain: Vec::new(), quoted: Quoted::default() }
    }

    fn next(&mut self) -> Result<Option<Row<'_>>, ReadFailure> {
        let Some(line) = self.lines.next()? else { return Ok(None) };
        // Most lines hold nothing but fields and delimiters.
        if memchr2(QUOTE, ESCAPE, line.as_bytes()).is_none() {
            line.clone_into(&mut self.line);
            split(&self.line, self.delimiter, &mut self.plain);
            return Ok(Some(Row::Plain { line: &self.line, fields: &self.plain }));
        }
        self.quoted.begin();
        let mut is_complete = self.quoted.line(line, self.delimiter);
        let first = self.lines.number();
        while !is_complete {
            is_complete = match self.lines.next()? {
                Some(line) => self.quoted.line(line, self.delimiter),
                None => return Err(unterminated(first, &self.quoted.field)),
            };
        }
        Ok(Some(Row::Quoted(&self.quoted.fields)))
    }
}

fn split(line: &str, delimiter: u8, fields: &mut Vec<Range<usize>>) {
    fields.clear();
    let mut start = 0;
    for at in memchr_iter(delimiter, line.as_bytes()) {
        fields.push(start..at);
        start = at + 1;
    }
    fields.push(start..line.len());
}

fn unterminated(line: u64, lost: &str) -> ReadFailure {
    let lost: String = lost.chars().take(100).collect();
    ReadFailure::new(format!("Unterminated quoted field at end of CSV line. Beginning of lost text: [{lost}]"))
        .with_hint(format!("the row that begins in line {line} has a quote that is never closed"))
}

/// A row with quotes or escapes, read line by line.
#[derive(Default)]
struct Quoted {
    fields: Vec<String>,
    field: String,
    is_quoted: bool,
    /// Whether a field has begun, which lets doubled quotes count as one also outside of quotes.
    is_inside: bool,
}

impl Quoted {
    fn begin(&mut self) {
        self.fields.clear();
        self.field.clear();
        (self.is_quoted, self.is_inside) = (false, false);
    }

    /// Takes the next line of the row; whether the row is complete.
    fn line(&mut self, line: &str, delimiter: u8) -> bool {
        let bytes = line.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let run = memchr3(QUOTE, ESCAPE, delimiter, &bytes[at..]).unwrap_or(bytes.len() - at);
            if run > 0 {
                self.text(&line[at..at + run]);
                at += run;
                continue;
            }
            at += match bytes[at] {
                ESCAPE => self.escape(&line[at..], delimiter),
                QUOTE => self.quote(bytes, at, delimiter),
                _ if self.is_quoted => self.text(&line[at..=at]),
                _ => self.end_field(),
            };
        }
        if self.is_quoted {
            self.field.push('\n');
            return false;
        }
        self.end_field();
        true
    }

    /// Text that is as it is; its length.
    fn text(&mut self, text: &str) -> usize {
        self.field.push_str(text);
        self.is_inside = true;
        text.len()
    }

    fn end_field(&mut self) -> usize {
        self.fields.push(std::mem::take(&mut self.field));
        self.is_inside = false;
        1
    }

    fn escape(&mut self, rest: &str, delimiter: u8) -> usize {
        self.is_inside = true;
        match rest.as_bytes().get(1) {
            Some(next) if [QUOTE, ESCAPE, delimiter].contains(next) => 1 + self.text(&rest[1..2]),
            // Before anything else it goes away.
            _ => 1,
        }
    }

    /// The quote at `at`; how many bytes it takes.
    fn quote(&mut self, line: &[u8], at: usize, delimiter: u8) -> usize {
        if (self.is_quoted || self.is_inside) && line.get(at + 1) == Some(&QUOTE) {
            self.field.push('"');
            self.is_inside = !self.is_inside;
            return 2;
        }
        self.is_quoted = !self.is_quoted;
        self.is_inside = !self.is_inside;
        // One in the middle of a field stays; blanks before the first one go.
        let is_edge = at <= 2 || line[at - 1] == delimiter || line.get(at + 1).is_none_or(|next| *next == delimiter);
        if !is_edge {
            if !self.field.is_empty() && self.field.trim().is_empty() {
                self.field.clear();
            } else {
                self.field.push('"');
            }
        }
        1
    }
}

/// The columns: their names, and the texts that were last seen in them.
struct Columns {
    /// In the order in which an item has them.
    columns: Vec<Column>,
    /// What an item takes, without its texts.
    memory: u64,
    empty: Arc<str>,
}

struct Column {
    name: Arc<str>,
    at: usize,
    /// Equal texts below each other share their memory.
    last: Arc<str>,
}

impl Columns {
    fn new(names: Vec<Arc<str>>) -> Result<Self, ReadFailure> {
        if names.iter().map(|name| name.len()).sum::<usize>() + names.len().saturating_sub(1) > MAX_HEADERS {
            return Err(ReadFailure::new("CSV headers cannot exceed 10 KiB."));
        }
        let mut seen = HashSet::new();
        if !names.iter().all(|name| seen.insert(name)) {
            return Err(ReadFailure::new("CSV headers cannot contain duplicates."));
        }
        let empty: Arc<str> = Arc::default();
        let mut columns: Vec<Column> = Vec::with_capacity(names.len());
        for (at, name) in names.into_iter().enumerate() {
            columns.push(Column { name, at, last: empty.clone() });
        }
        in_table_order(&mut columns);
        let memory = NODE + columns.len() as u64 * MEMBER;
        Ok(Self { columns, memory, empty })
    }

    /// The object for a row, and the memory of the texts that are new: missing fields are empty, fields without a
    /// column are left out (recorded).
    fn item(&mut self, row: &Row<'_>) -> (Value, u64) {
        let mut new_bytes = 0;
        let mut members = Vec::with_capacity(self.columns.len());
        for column in &mut self.columns {
            let text = row.get(column.at).unwrap_or_default();
            let text = if text.is_empty() {
                self.empty.clone()
            } else if *column.last == *text {
                column.last.clone()
            } else {
                new_bytes += TEXT + text.len() as u64;
                column.last = text.into();
                column.last.clone()
            };
            members.push((column.name.clone(), Value::String(text)));
        }
        (Value::Object(Object::from_distinct(members)), new_bytes)
    }
}

/// Puts the columns into the order in which the service's items have them (recorded): that of a Java hash table which
/// grew with its keys.
fn in_table_order(columns: &mut [Column]) {
    let slots = (columns.len() * 4).div_ceil(3).next_power_of_two().max(16);
    let mask = u32::try_from(slots - 1).unwrap_or(u32::MAX);
    columns.sort_by_key(|column| {
        let hash = column.name.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(unit.into()));
        (hash ^ (hash >> 16)) & mask
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str, delimiter: u8) -> Result<Vec<Vec<String>>, String> {
        let mut rows = Rows::new(Lines::new(text.as_bytes(), Ends::Any, 1 << 20), delimiter);
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(|failure| failure.cause)? {
            found.push(row.iter().map(str::to_owned).collect());
        }
        Ok(found)
    }

    macro_rules! reads {
        ($($text:expr => $([$($cell:expr),*])*;)*) => {
            $(assert_eq!(cells($text, b','), Ok(vec![$(vec![$($cell.to_owned()),*]),*]), "{:?}", $text);)*
        };
    }

    #[test]
    fn fields_and_rows() {
        reads! {
            "" => ;
            "a" => ["a"];
            "a,b\nc,d\n" => ["a", "b"] ["c", "d"];
            "a,b\r\nc,d\r\n" => ["a", "b"] ["c", "d"];
            "a,b\rc,d" => ["a", "b"] ["c", "d"];
            ",," => ["", "", ""];
            "a\n\nb" => ["a"] [""] ["b"];
            " a , b " => [" a ", " b "];
            "\u{feff}a,b" => ["a", "b"];
            "ä,→" => ["ä", "→"];
        }
    }

    #[test]
    fn quotes() {
        reads! {
            "\"a\",\"b\"" => ["a", "b"];
            "\"a,b\",c" => ["a,b", "c"];
            "\"a\nb\",c\nd" => ["a\nb", "c"] ["d"];
            "\"a\r\n\r\nb\",c" => ["a\n\nb", "c"];
            "\"\",\"\"" => ["", ""];
            "\"a\"\"b\",\"\"\"\"" => ["a\"b", "\""];
            "\"\"\"a\"\"\"" => ["\"a\""];
            "x,{\"\"k\"\":\"\"v\"\"}" => ["x", "{\"k\":\"v\"}"];
            "x,y,ab\"cd\"ef" => ["x", "y", "ab\"cd\"ef"];
            "x,y,  \"cd\"" => ["x", "y", "cd"];
            "x,'a" => ["x", "'a"];
        }
        assert_eq!(
            cells("a,\"b\nc", b','),
            Err("Unterminated quoted field at end of CSV line. Beginning of lost text: [b\nc\n]".to_owned())
        );
    }

    #[test]
    fn backslashes() {
        reads! {
            r"C:\\Program Files\\App.exe,1" => [r"C:\Program Files\App.exe", "1"];
            r"a\,b,c" => ["a,b", "c"];
            r"a\nb" => ["anb"];
            "\"a\\\"b\",c" => ["a\"b", "c"];
            "a\\" => ["a"];
            "\\ä" => ["ä"];
        }
    }

    #[test]
    fn delimiters() {
        for delimiter in *b",|; \t" {
            let d = char::from(delimiter);
            let text = format!("a{d}\"b{d}c\"{d}d\\{d}e");
            let expected = vec!["a".to_owned(), format!("b{d}c"), format!("d{d}e")];
            assert_eq!(cells(&text, delimiter), Ok(vec![expected]), "{d:?}");
        }
    }

    #[test]
    fn the_order_of_keys_is_that_of_a_hash_table() {
        let order = |names: &[&str]| {
            let columns = Columns::new(names.iter().map(|name| (*name).into()).collect()).expect("distinct");
            columns.columns.iter().map(|column| column.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(order(&["b", "a", "c"]), ["a", "b", "c"]);
        assert_eq!(order(&["id", "name", "price"]), ["price", "name", "id"]);
        // Thirteen keys need a table of 32, in which "a" (97) and "A" (65) collide and "P" (80) does not with either.
        let many = ["a", "A", "P", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];
        assert_eq!(order(&many).join(""), "aAP0123456789");
    }
}
