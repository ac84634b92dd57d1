//! placeholder
/// x
#[derive(Debug)]
pub struct Code { 
/// x
pub name: &'static str }
/// x
pub const TABLE: &[Code] = &[];
/// x
#[must_use]
pub fn find(name: &str) -> Option<&'static Code> { TABLE.iter().find(|code| code.name == name) }
