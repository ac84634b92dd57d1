//! `asldb run` as its users meet it: the built program, its arguments, its output, its exit status.

mod batch;
mod command;
mod files;
mod options;
mod samples;
#[cfg(target_os = "linux")]
mod signals;
