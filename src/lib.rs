//! asldb: the debugger for the Amazon States Language.
//!
//! Rooms, in the order data flows; each knows those before it only (`docs/architecture.md`):
//! [`text`] (spans, JSON and YAML with places, diagnostics), [`value`] (shared JSON values), [`query`] (paths,
//! intrinsic functions, templates), [`asl`] (the state machine), [`engine`] (the step machine), [`runtime`] (what
//! drives machines), [`buckets`] (folders that stand for S3 buckets), [`debug`] (breakpoints, steps, inspection), [`config`] (folders, kept sessions, themes), [`watch`]
//! (files that change), [`api`] (the Step Functions API as data), [`store`] (what the service keeps), [`service`] (the
//! embedded Step Functions service), [`endpoint`] (the API over HTTP), [`tui`] (the terminal interface), `cli` (the
//! commands).

pub mod api;
pub mod asl;
pub mod buckets;
pub mod cli;
pub mod config;
pub mod debug;
pub mod endpoint;
pub mod engine;
pub mod load;
pub mod query;
pub mod runtime;
pub mod service;
pub mod store;
pub mod text;
pub mod tui;
pub mod value;
pub mod watch;
