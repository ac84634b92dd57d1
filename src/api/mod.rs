//! The Step Functions API as data: its operations, their parameters, its exceptions.
//!
//! What the operations do is in the service; how they are called is the endpoint's and the command line's affair.

pub mod check;
pub mod exception;
pub mod operation;
pub mod request;
pub mod shape;
pub mod skeleton;
mod table;

pub use check::check;
pub use exception::Exception;
pub use operation::Operation;
pub use request::{Api, Reply, Request};
pub use shape::{Description, Member, Shape, Structure};
