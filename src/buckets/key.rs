//! Keys of objects as paths below a folder.

use std::path::PathBuf;

/// S3's limit of a key, in bytes.
const MAX_KEY: usize = 1024;

/// Why a key names no file below the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadKey {
    #[error("is empty")]
    Empty,
    #[error("is longer than 1024 bytes")]
    TooLong,
    #[error("begins or ends with `/`, or has two in a row, for which a folder has no place")]
    EmptyPart,
    #[error("has `.` or `..` between its slashes, which would lead through the file system")]
    Dots,
    #[error("holds a NUL character, which no name of a file can have")]
    Nul,
    #[error("holds `\\`, `:` or another character that names of files on Windows cannot have")]
    WindowsCharacter,
    #[error("has a part that is the name of a device or ends with a dot or blank, which Windows takes otherwise")]
    WindowsName,
}

/// The path from the folder to the file that `key` names. Nothing that it has can lead out of the folder: no empty
/// parts, no dots, no roots, no drives.
pub(super) fn path(key: &str) -> Result<PathBuf, BadKey> {
    check(key, cfg!(windows))?;
    Ok(key.split('/').collect())
}

fn check(key: &str, on_windows: bool) -> Result<(), BadKey> {
    if key.is_empty() {
        return Err(BadKey::Empty);
    }
    if key.len() > MAX_KEY {
        return Err(BadKey::TooLong);
    }
    if key.contains('\0') {
        return Err(BadKey::Nul);
    }
    for part in key.split('/') {
        match part {
            "" => return Err(BadKey::EmptyPart),
            "." | ".." => return Err(BadKey::Dots),
            _ if on_windows => check_windows(part)?,
            _ => {}
        }
    }
    Ok(())
}

fn check_windows(part: &str) -> Result<(), BadKey> {
    if part.contains(|c: char| c.is_control() || "\\:*?\"<>|".contains(c)) {
        return Err(BadKey::WindowsCharacter);
    }
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let is_numbered = |name: &str| {
        stem.strip_prefix(name)
            .is_some_and(|rest| rest.chars().count() == 1 && rest.contains(|c| "0123456789¹²³".contains(c)))
    };
    let is_device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || is_numbered("COM")
        || is_numbered("LPT");
    if is_device || part.ends_with(['.', ' ']) { Err(BadKey::WindowsName) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_name_a_file() {
        for key in ["a", "a/b.csv", "a b/ä.json", ".hidden", "...", "a..b/c..", "con", "x:y", "a\\b"] {
            assert_eq!(check(key, false), Ok(()), "{key}");
        }
        for key in ["a", "a/b.csv", "console", "com", "com10", "lpt", "nulls.txt", ".hidden"] {
            assert_eq!(check(key, true), Ok(()), "{key}");
        }
    }

    #[test]
    fn keys_that_would_lead_elsewhere() {
        for (key, why) in [
            ("", BadKey::Empty),
            ("/etc/passwd", BadKey::EmptyPart),
            ("a//b", BadKey::EmptyPart),
            ("a/", BadKey::EmptyPart),
            ("..", BadKey::Dots),
            ("../x", BadKey::Dots),
            ("a/../../x", BadKey::Dots),
            ("a/./b", BadKey::Dots),
            ("a\0b", BadKey::Nul),
        ] {
            assert_eq!(check(key, false), Err(why), "{key:?}");
        }
        assert_eq!(check(&"x".repeat(1025), false), Err(BadKey::TooLong));
    }

    #[test]
    fn on_windows_more_names_are_taken() {
        for key in ["..\\x", "C:\\x", "C:x", "a/b:stream", "a?", "a\u{1}"] {
            assert_eq!(check(key, true), Err(BadKey::WindowsCharacter), "{key:?}");
        }
        for key in ["NUL", "a/con", "Aux.txt", "com1", "LPT9.csv", "COM¹", "nul .txt", "a.", "a /b"] {
            assert_eq!(check(key, true), Err(BadKey::WindowsName), "{key:?}");
        }
    }
}
