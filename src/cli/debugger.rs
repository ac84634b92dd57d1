//! `asldb [FILE]`: the terminal interface.

use std::process::ExitCode;

use super::args::DebuggerArgs;

/// Opens the debugger.
///
/// # Errors
/// No terminal, or a file or argument that cannot be used.
pub fn debug(args: &DebuggerArgs) -> anyhow::Result<ExitCode> {
    let _ = args;
    Ok(ExitCode::SUCCESS)
}
