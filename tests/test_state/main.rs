//! TestState, by tables of the facts and by the recordings.

mod compare;
mod recorded;
