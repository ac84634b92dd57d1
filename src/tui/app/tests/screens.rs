//! The whole screen at the usual sizes.
