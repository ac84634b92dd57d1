//! The terminal debugger from end to end: the built program in a pseudo-terminal, driven by keys and read off its
//! screen.

#![cfg(unix)]
#![expect(clippy::panic, reason = "a test that waits in vain fails with the screen")]

mod changing;
mod definitions;
mod failing;
mod home;
mod input;
mod learning;
mod listen;
mod looking;
mod open;
mod reload;
mod replay;
mod runs;
mod speed;
mod terminal;
mod tty;
