//! Base64 as intrinsic functions and JSONata read it.

/// The bytes that `text` stands for. Characters that do not belong there are passed over, those of URLs are understood, and
/// missing padding is no fault (observed of both).
pub(super) fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for six in text.bytes().take_while(|byte| *byte != b'=').filter_map(six_bits) {
        bits = bits << 6 | six;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.extend((bits >> count).to_le_bytes().first());
        }
    }
    bytes
}

fn six_bits(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_belong_there_is_passed_over() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("YWJj", b"abc"),
            ("YWI=", b"ab"),
            ("YWI", b"ab"),
            ("Y W\nI*=", b"ab"),
            ("YWI=YWI=", b"ab"),
            ("-_-_", b"\xfb\xff\xbf"),
            ("Y", b""),
        ] {
            assert_eq!(decode(text), bytes, "{text:?}");
        }
    }
}
