//! The embedded service, operation by operation, in the terms of the API.

mod support;

mod activities;
mod aliases;
mod executions;
mod history;
mod launcher;
mod machines;
mod map_runs;
mod nested;
mod recovery;
mod redrive;
mod starts;
mod tags;
mod tokens;
mod validate;
