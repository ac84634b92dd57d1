//! The HTTP endpoint: AWS JSON 1.0 over HTTP/1.1, for the AWS CLI and the AWS SDKs.
//!
//! Knows how calls travel and nothing of what they do: that is an [`Api`](crate::api::Api). Signatures are not checked;
//! what keeps web pages away from a server on this computer are the checks of [`Policy`].

mod answer;
mod body;
mod call;
mod connection;
mod cors;
mod limits;
mod policy;
mod server;
mod stop;
mod stream;

pub use limits::Limits;
pub use policy::{BadOrigin, Policy};
pub use server::Endpoint;
