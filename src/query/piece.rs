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

impl<E> Piece<E> {
    /// The same with other expressions.
    pub(super) fn map<F>(self, mut change: impl FnMut(E) -> F) -> Piece<F> {
        match self {
            Self::Fixed => Piece::Fixed,
            Self::Expression(expression, used) => Piece::Expression(change(expression), used),
            Self::Parts(parts) => Piece::Parts(parts.into_iter().map(|(path, part)| (path, change(part))).collect()),
        }
    }
}
