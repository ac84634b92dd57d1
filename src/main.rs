//! The `asldb` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    asldb::cli::main()
}
