//! What the operations of the Step Functions API do.

pub mod test_state;
