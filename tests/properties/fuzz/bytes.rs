//! Texts spoilt: bytes changed, parts taken out, doubled, put into one another.

use super::Random;

/// Pieces that mean something to one reader or the other.
const SCRAPS: [&str; 60] = [
    "\"",
    "'",
    "`",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ":",
    ";",
    ".",
    "..",
    "*",
    "**",
    "%",
    "\\",
    "/",
    "?",
    "@",
    "#",
    "&",
    "|",
    "$",
    "$$",
    "~>",
    ":=",
    "-",
    "+",
    "=",
    "!=",
    "<",
    ">",
    "^",
    "\u{0}",
    "\u{feff}",
    "\u{2028}",
    "ä",
    "😀",
    "\n",
    "\t",
    " ",
    "\r\n",
    "\\u0000",
    "\\ud800",
    "\\udc00",
    "1e999999999",
    "-0",
    "0x1F",
    "99999999999999999999",
    "1e-400",
    "null",
    "true",
    "&a",
    "*a",
    "<<: ",
    "--- ",
    "!!str ",
    "States.",
];

/// The text as it is, or, less often, spoilt in a few places; `other` is what it may be mixed with.
pub(super) fn spoilt(random: &mut Random, text: String, other: impl FnOnce(&mut Random) -> String) -> String {
    if !random.once_in(3) {
        return text;
    }
    let mut bytes = text.into_bytes();
    if random.once_in(6) {
        let other = other(random);
        splice(random, &mut bytes, other.as_bytes());
    }
    for _ in 0..random.between(1, 4) {
        change(random, &mut bytes);
    }
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}

/// The beginning of one and the end of the other.
fn splice(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    bytes.truncate(random.below(bytes.len() + 1));
    bytes.extend(&other[random.below(other.len() + 1)..]);
}

fn change(random: &mut Random, bytes: &mut Vec<u8>) {
    let at = random.below(bytes.len() + 1);
    let end = (at + random.between(1, 12)).min(bytes.len());
    match random.below(7) {
        0 | 1 => drop(bytes.splice(at..at, random.pick(&SCRAPS).bytes())),
        2 => drop(bytes.drain(at..end)),
        3 => bytes.truncate(at),
        4 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        5 => {
            // Few of many, many of few.
            let part = bytes[at..end].to_vec();
            let times = if random.once_in(8) { random.between(50, 1200) } else { random.between(1, 4) };
            drop(bytes.splice(at..at, part.repeat(times)));
        }
        _ => {
            let from = random.below(bytes.len() + 1);
            let part = bytes[from..(from + random.between(1, 20)).min(bytes.len())].to_vec();
            drop(bytes.splice(at..end, part));
        }
    }
}
