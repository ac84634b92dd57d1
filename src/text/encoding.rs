//! Bytes to text: UTF-8, with or without a byte order mark.

/// The mark that some editors put before UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotUtf8 {
    /// Another encoding, by its mark or by the zeros between the letters.
    #[error("The text is in UTF-16, not in UTF-8")]
    Utf16,
    /// A byte that cannot stand where it does.
    #[error("The byte 0x{byte:02X} at offset {at} is no UTF-8")]
    Byte {
        /// The byte.
        byte: u8,
        /// Where it stands, from the start of the file.
        at: usize,
    },
}

/// The text that `bytes` hold, without the byte order mark.
///
/// # Errors
/// What is not UTF-8.
pub fn decode(bytes: &[u8]) -> Result<&str, NotUtf8> {
    if is_utf16(bytes) {
        return Err(NotUtf8::Utf16);
    }
    let content = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    std::str::from_utf8(content).map_err(|error| {
        let byte = content.get(error.valid_up_to()).copied().unwrap_or_default();
        NotUtf8::Byte { byte, at: error.valid_up_to() + bytes.len() - content.len() }
    })
}

/// A mark at the start says so, or every other of the first bytes is zero.
fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        [a, b, c, d, ..] => (*a == 0) != (*b == 0) && (*a == 0) == (*c == 0) && (*b == 0) == (*d == 0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_text_and_what_is_not() {
        let utf16 = |mark: &[u8], text: &str| {
            [mark, &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat()
        };
        for (bytes, decoded) in [
            (b"".to_vec(), Ok("")),
            ("é".as_bytes().to_vec(), Ok("é")),
            (b"\xEF\xBB\xBF{}".to_vec(), Ok("{}")),
            (b"a\0b\0".to_vec(), Err(NotUtf8::Utf16)),
            (utf16(b"\xFF\xFE", "{}"), Err(NotUtf8::Utf16)),
            (utf16(b"", "{}"), Err(NotUtf8::Utf16)),
            (b"caf\xE9".to_vec(), Err(NotUtf8::Byte { byte: 0xE9, at: 3 })),
            (b"\xEF\xBB\xBFcaf\xE9".to_vec(), Err(NotUtf8::Byte { byte: 0xE9, at: 6 })),
        ] {
            assert_eq!(decode(&bytes), decoded, "{bytes:?}");
        }
    }
}
