//! What asldb keeps between runs and what its user may change: folders, recent files, kept sessions, themes.
//!
//! Losing any of it must never stop the debugger: reading falls back to defaults, writing replaces files as a whole.

mod atomic;
mod paths;
mod plist;
mod progress;
mod recent;
mod session;
pub mod theme;

pub use atomic::replace_file;
pub use paths::{Folders, NoHome};
pub use progress::Progress;
pub use recent::Recent;
pub use session::{KeptBreakpoint, KeptLayout, Session};
pub use theme::{Colour, Letters, Role, RoleStyle, Theme, ThemeError};
