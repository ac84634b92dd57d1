//! The embedded service, operation by operation, in the terms of the API.

mod support;

mod starts;
