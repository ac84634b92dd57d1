//! The commands of the Step Functions API, through the built program: usage, skeletons, and calls to an endpoint that
//! answers as a test tells it.

mod calls;
mod configuration;
mod endpoint;
mod pages;
mod program;
mod usage;
