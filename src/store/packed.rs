//! How the texts of histories are kept: compressed where that makes them smaller. Events repeat the same keys, so that
//! they take a fifth of their size, and less is written.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// A text as a column holds it: as text, or as bytes in the Snappy format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Packed {
    Text(String),
    Snappy(Vec<u8>),
}

impl Packed {
    /// Compresses `text` if that makes it smaller.
    pub(super) fn new(text: String) -> Self {
        match snap::raw::Encoder::new().compress_vec(text.as_bytes()) {
            Ok(bytes) if bytes.len() < text.len() => Self::Snappy(bytes),
            // It fails only where a text has more than 4 GiB, which those here have not.
            _ => Self::Text(text),
        }
    }
}

impl ToSql for Packed {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(text) => text.to_sql(),
            Self::Snappy(bytes) => bytes.to_sql(),
        }
    }
}

/// The text that a column holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unpacked(pub(super) String);

impl FromSql for Unpacked {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Blob(bytes) => {
                let text = snap::raw::Decoder::new().decompress_vec(bytes).map_err(FromSqlError::other)?;
                String::from_utf8(text).map(Self).map_err(FromSqlError::other)
            }
            // As stores of format 2 have all of them.
            value => String::column_result(value).map(Self),
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    fn through_a_table(packed: &Packed) -> rusqlite::Result<Unpacked> {
        let connection = Connection::open_in_memory()?;
        connection.query_row("SELECT ?", [packed], |row| row.get(0))
    }

    #[test]
    fn what_is_kept_is_read_again() {
        for text in
            [String::new(), "[]".to_owned(), "äöü €".repeat(3), r#"{"type": "PassStateEntered"},"#.repeat(10_000)]
        {
            let packed = Packed::new(text.clone());
            assert_eq!(through_a_table(&packed).unwrap(), Unpacked(text.clone()));
            assert_eq!(through_a_table(&Packed::Text(text.clone())).unwrap(), Unpacked(text));
        }
    }

    #[test]
    fn what_repeats_takes_less_and_what_is_short_stays_text() {
        assert_eq!(Packed::new("[]".to_owned()), Packed::Text("[]".to_owned()));
        let Packed::Snappy(bytes) = Packed::new("0123456789".repeat(100)) else { panic!("it is compressed") };
        assert!(bytes.len() < 200, "{}", bytes.len());
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        assert!(through_a_table(&Packed::Snappy(vec![255; 40])).is_err());
        let no_text = snap::raw::Encoder::new().compress_vec(&[0xff; 40]).unwrap();
        assert!(through_a_table(&Packed::Snappy(no_text)).is_err());
    }
}
