//! Texts as JavaScript sees them: UTF-16 units where it compares and counts, characters elsewhere.

use std::cmp::Ordering;

/// The order of two texts by UTF-16 units.
pub(super) fn compare_texts(left: &str, right: &str) -> Ordering {
    if left.is_ascii() || right.is_ascii() {
        return left.cmp(right);
    }
    left.encode_utf16().cmp(right.encode_utf16())
}

/// UTF-16 units of `text`.
pub(super) fn units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_beyond_16_bits_come_before_the_last_of_the_others() {
        assert_eq!(compare_texts("\u{1F600}", "\u{FF5E}"), Ordering::Less);
        assert_eq!(compare_texts("ä", "z"), Ordering::Greater);
        assert_eq!(units("a😀"), 3);
    }
}
