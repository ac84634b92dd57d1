//! What makes a part of a payload: a literal, an expression, or several of both.

use crate::value::diff::Step;

/// What makes the part of a payload that some steps lead to.
#[derive(Debug)]
pub enum Piece<E> {
    /// It is written out.
    Fixed,
    /// An expression; so many of the steps lead to it, the rest leads into its value.
    Expression(E, usize),
    /// It holds several, each with the steps to it from here.
    Parts(Vec<(Vec<Step>, E)>),
}

/// The part of an array or object to which `step` leads.
pub(super) fn member<'p, P, K: AsRef<str>>(
    items: Option<&'p [P]>,
    members: Option<&'p [(K, P)]>,
    step: &Step,
) -> Option<&'p P> {
    match step {
        Step::Index(at) => items?.get(*at),
        Step::Key(key) => members?.iter().rev().find(|(known, _)| known.as_ref() == &**key).map(|(_, part)| part),
    }
}
