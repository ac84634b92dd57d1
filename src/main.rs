//! The `asldb` command.

fn main() {}
