//! What may be a name.

use crate::api::Exception;
use crate::runtime::names::{new_seed, uuid};

/// The longest name of a state machine, an execution or an activity, in characters (API reference).
const LONGEST: usize = 80;

/// Checks the name of a state machine, an execution or an activity (API reference, CreateStateMachine).
///
/// # Errors
/// `InvalidName` (recorded).
pub(super) fn check(name: &str) -> Result<(), Exception> {
    if !name.is_empty() && name.chars().count() <= LONGEST && !name.chars().any(is_forbidden) {
        return Ok(());
    }
    Err(Exception::new("InvalidName", format!("Invalid Name: '{name}'")))
}

fn is_forbidden(c: char) -> bool {
    // Rust's `char` is never a surrogate.
    c.is_whitespace()
        || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c)
        || matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// A name that nobody else has.
#[must_use]
pub(super) fn fresh() -> String {
    uuid(new_seed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_rules() {
        for name in ["a", "HelloWorld", "with.dots-and_more(1)", "ünï", &"x".repeat(80), &"ü".repeat(80)] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in ["", "a b", "a/b", "a:b", "a\u{0}", "a\u{85}", "a\u{ffff}", "a\"b", &"x".repeat(81)] {
            let error = check(name).expect_err(name);
            assert_eq!((error.name, error.message), ("InvalidName", format!("Invalid Name: '{name}'")));
        }
    }

    #[test]
    fn fresh_names_differ() {
        let names: std::collections::HashSet<String> = (0..1000).map(|_| fresh()).collect();
        assert_eq!(names.len(), 1000);
    }
}
