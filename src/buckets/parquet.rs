//! Items in Parquet: each row an object.
//!
//! Values keep their kind where JSON has it. Points in time, dates and times are strings in ISO 8601, decimals are
//! numbers, bytes are a string when they are UTF-8 and Base64 when not, what is no number is null.

use std::collections::HashSet;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use parquet::basic::{Compression, ConvertedType, Type};
use parquet::data_type::Decimal;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use parquet::schema::types::ColumnDescriptor;

use super::sink::{MEMBER, NODE, Sink, TEXT};
use super::{ReadFailure, json};
use crate::value::{Number, Object, Timestamp, Value};

/// The service's limits, in bytes.
const MAX_ROW_GROUP: i64 = 256 << 20;
const MAX_FOOTER: u32 = 5 << 20;

/// Reads the rows of a Parquet file.
pub(super) fn read(source: impl Read, sink: &mut Sink) -> Result<(), ReadFailure> {
    let bytes = json::all(source, sink)?;
    let size = bytes.len() as u64;
    check_footer(&bytes)?;
    // The crate panics on some damaged files. Nothing that it had in hand is used after that, but for the items so far,
    // which go with the failure.
    let rows = AssertUnwindSafe(|| rows(bytes, sink));
    catch_unwind(rows).unwrap_or_else(|_| Err(ReadFailure::new("Unable to read Parquet: the file is damaged.")))?;
    sink.release(size);
    Ok(())
}

fn rows(bytes: Vec<u8>, sink: &mut Sink) -> Result<(), ReadFailure> {
    let file = SerializedFileReader::new(Bytes::from(bytes)).map_err(|error| unreadable(&error))?;
    if file.metadata().row_groups().iter().any(|group| group.total_byte_size() > MAX_ROW_GROUP) {
        return Err(ReadFailure::new("Row groups of Parquet files cannot exceed 256 MB."));
    }
    for column in file.metadata().file_metadata().schema_descr().columns() {
        check_column(column)?;
    }
    let columns = file.metadata().row_groups().iter().flat_map(|group| group.columns());
    columns.into_iter().try_for_each(|column| check_compression(column.compression()))?;
    let mut names = Names::default();
    for row in file.get_row_iter(None).map_err(|error| unreadable(&error))?.take(sink.wanted()) {
        let (item, memory) = names.object(&row.map_err(|error| unreadable(&error))?);
        sink.claim(memory)?;
        sink.push(item);
    }
    Ok(())
}

/// The last eight bytes are the length of the footer and a mark.
fn check_footer(bytes: &[u8]) -> Result<(), ReadFailure> {
    let tail = bytes.last_chunk::<8>().filter(|tail| tail.ends_with(b"PAR1"));
    let [a, b, c, d, ..] =
        *tail.ok_or_else(|| ReadFailure::new("Unable to read Parquet: the file is no Parquet file."))?;
    if u32::from_le_bytes([a, b, c, d]) > MAX_FOOTER {
        return Err(ReadFailure::new("Footers of Parquet files cannot exceed 5 MB."));
    }
    Ok(())
}

/// The annotations of columns that the crate reads; it gives up on others, where there should be an error.
fn check_column(column: &ColumnDescriptor) -> Result<(), ReadFailure> {
    use ConvertedType as T;
    let annotation = column.converted_type();
    let is_readable = match column.physical_type() {
        Type::INT32 => matches!(
            annotation,
            T::NONE
                | T::INT_8
                | T::INT_16
                | T::INT_32
                | T::UINT_8
                | T::UINT_16
                | T::UINT_32
                | T::DATE
                | T::TIME_MILLIS
                | T::DECIMAL
        ),
        Type::INT64 => matches!(
            annotation,
            T::NONE | T::INT_64 | T::UINT_64 | T::TIME_MICROS | T::TIMESTAMP_MILLIS | T::TIMESTAMP_MICROS | T::DECIMAL
        ),
        Type::BYTE_ARRAY => {
            matches!(annotation, T::NONE | T::UTF8 | T::ENUM | T::JSON | T::BSON | T::DECIMAL)
        }
        Type::FIXED_LEN_BYTE_ARRAY => matches!(annotation, T::NONE | T::DECIMAL),
        Type::BOOLEAN | Type::INT96 | Type::FLOAT | Type::DOUBLE => true,
    };
    let name = column.path().string();
    let cause =
        || format!("Unable to read Parquet: the column {name} is of the type {annotation}, which is not supported.");
    if is_readable { Ok(()) } else { Err(ReadFailure::new(cause())) }
}

fn check_compression(compression: Compression) -> Result<(), ReadFailure> {
    match compression {
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) => Ok(()),
        Compression::ZSTD(_) if cfg!(feature = "parquet-zstd") => Ok(()),
        Compression::ZSTD(_) => Err(ReadFailure::new("Unable to read Parquet: the pages are compressed with ZSTD.")
            .with_hint("this build of asldb has no ZSTD inside of Parquet; build it with the feature `parquet-zstd`")),
        other => Err(ReadFailure::new(format!("Unable to read Parquet: {other} compression is not supported."))),
    }
}

fn unreadable(error: &ParquetError) -> ReadFailure {
    ReadFailure::new(format!("Unable to read Parquet: {error}"))
}

/// The names of columns, each once in memory.
#[derive(Default)]
struct Names(HashSet<Arc<str>>);

impl Names {
    fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return known.clone();
        }
        let new: Arc<str> = name.into();
        self.0.insert(new.clone());
        new
    }

    /// The object of a row and the memory that it takes.
    fn object(&mut self, row: &Row) -> (Value, u64) {
        let mut memory = NODE;
        let mut object = Object::new();
        for (name, field) in row.get_column_iter() {
            let (value, bytes) = self.value(field);
            memory += MEMBER + bytes;
            object.insert(self.name(name), value);
        }
        (Value::Object(object), memory)
    }

    fn value(&mut self, field: &Field) -> (Value, u64) {
        match field {
            Field::Group(row) => self.object(row),
            Field::ListInternal(list) => {
                let items: Vec<_> = list.elements().iter().map(|field| self.value(field)).collect();
                let memory = items.iter().map(|(_, memory)| MEMBER + memory).sum::<u64>();
                (items.into_iter().map(|(value, _)| value).collect::<Vec<_>>().into(), NODE + memory)
            }
            Field::MapInternal(map) => {
                let mut memory = NODE;
                let mut object = Object::new();
                for (key, field) in map.entries() {
                    let (value, bytes) = self.value(field);
                    let key = text(&scalar(key));
                    memory += MEMBER + TEXT + key.len() as u64 + bytes;
                    object.insert(key, value);
                }
                (Value::Object(object), memory)
            }
            field => {
                let value = scalar(field);
                let memory = value.as_str().map_or(0, |text| TEXT + text.len() as u64);
                (value, memory)
            }
        }
    }
}

/// A scalar as the key of an object.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json(), str::to_owned)
}

fn scalar(field: &Field) -> Value {
    let int = |int: i64| Value::Number(Number::Int(int));
    match field {
        Field::Bool(value) => Value::Bool(*value),
        Field::Byte(value) => int((*value).into()),
        Field::Short(value) => int((*value).into()),
        Field::Int(value) => int((*value).into()),
        Field::Long(value) => int(*value),
        Field::UByte(value) => int((*value).into()),
        Field::UShort(value) => int((*value).into()),
        Field::UInt(value) => int((*value).into()),
        Field::ULong(value) => Value::Number(Number::parse(&value.to_string())),
        Field::Float16(value) => float(value.to_f64()),
        // The shortest decimal that is this float, not all digits of the double.
        Field::Float(value) => float(value.to_string().parse().unwrap_or(f64::NAN)),
        Field::Double(value) => float(*value),
        Field::Decimal(value) => decimal(value),
        Field::Str(value) => Value::from(value.as_str()),
        Field::Bytes(value) => {
            let bytes = value.data();
            std::str::from_utf8(bytes).map_or_else(|_| Value::from(BASE64_STANDARD.encode(bytes)), Value::from)
        }
        Field::Date(days) => Value::from(date(i64::from(*days))),
        Field::TimeMillis(millis) => Value::from(time(i64::from(*millis) * 1000)),
        Field::TimeMicros(micros) => Value::from(time(*micros)),
        Field::TimestampMillis(millis) => Value::from(Timestamp(*millis).to_iso()),
        Field::TimestampMicros(micros) => Value::from(timestamp(*micros)),
        Field::Null | Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => Value::Null,
    }
}

fn float(value: f64) -> Value {
    if value.is_finite() { Value::from(value) } else { Value::Null }
}

const DAY_MICROS: i64 = 86_400_000_000;

fn date(days: i64) -> String {
    let midnight = Timestamp(days.saturating_mul(86_400_000)).to_iso();
    midnight.split('T').next().unwrap_or_default().to_owned()
}

fn time(micros: i64) -> String {
    let micros = micros.rem_euclid(DAY_MICROS);
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:06}") };
    let fraction = fraction.trim_end_matches('0');
    format!("{:02}:{:02}:{:02}{fraction}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn timestamp(micros: i64) -> String {
    format!("{}T{}Z", date(micros.div_euclid(DAY_MICROS)), time(micros))
}

/// A decimal as the number that its digits spell; one of more than 38 digits as its bytes.
fn decimal(decimal: &Decimal) -> Value {
    let bytes = decimal.data();
    let (Some(value), Ok(scale)) = (signed(bytes), usize::try_from(decimal.scale())) else {
        return Value::from(BASE64_STANDARD.encode(bytes));
    };
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale.min(MAX_SCALE) + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale.min(MAX_SCALE));
    let point = if fraction.is_empty() { "" } else { "." };
    Value::Number(Number::parse(&format!("{sign}{whole}{point}{fraction}")))
}

/// More digits no decimal of 16 bytes has.
const MAX_SCALE: usize = 38;

/// The whole number in two's complement, highest byte first.
fn signed(bytes: &[u8]) -> Option<i128> {
    let first = *bytes.first()?;
    let mut whole = [if first >= 0x80 { 0xFF } else { 0 }; 16];
    whole.get_mut(16_usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
    Some(i128::from_be_bytes(whole))
}
