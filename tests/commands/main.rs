//! The commands of the Step Functions API, through the built program: usage, skeletons, calls to an endpoint that answers as
//! a test tells it, and calls to the embedded service.

mod calls;
mod configuration;
mod embedded;
mod endpoint;
mod pages;
mod program;
mod usage;
