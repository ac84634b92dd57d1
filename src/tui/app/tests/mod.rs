//! The application driven as the loop drives it, without a terminal: keys in, screen and actions out.

mod bench;
mod changes;
mod commands;
mod failures;
mod flows;
mod learn;
mod mistakes;
mod moments;
mod mouse;
mod picture;
mod plain;
mod replay;
mod see;
mod shots;
mod stops;
mod tour;
mod why;
