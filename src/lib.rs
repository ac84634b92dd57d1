//! asldb: the debugger for the Amazon States Language.
//!
//! Rooms, in the order data flows; each knows those before it only (`docs/architecture.md`):
//! [`text`] (spans, JSON with places, diagnostics), [`value`] (shared JSON values), [`query`] (paths, intrinsic
//! functions, templates), [`asl`] (the state machine), [`config`] (folders, kept sessions, themes), [`watch`] (files
//! that change), [`tui`] (the terminal interface).

pub mod asl;
pub mod config;
pub mod query;
pub mod text;
pub mod tui;
pub mod value;
pub mod watch;
