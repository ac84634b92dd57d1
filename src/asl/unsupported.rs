//! What this version of asldb cannot run. Told when a definition is read, never in the middle of a run.

use crate::text::{Diagnostic, Member, Node};

/// The code of these diagnostics.
pub const CODE: &str = "ASLDB_UNSUPPORTED";

/// What the state `node` at `place` asks for: the distributed Map.
#[must_use]
pub fn state(node: &Node, place: &str) -> Option<Diagnostic> {
    let is_map = node.get("Type").and_then(|kind| kind.value.as_str()) == Some("Map");
    is_map.then(|| distributed(node, place)).flatten()
}

/// The fields that a Map in inline mode cannot do without being told of; tolerated failures are just not counted there
/// (recorded).
const DISTRIBUTED: &[&str] = &["ItemReader", "ItemBatcher", "ResultWriter"];

fn distributed(node: &Node, place: &str) -> Option<Diagnostic> {
    let (at, location) = match distributed_mode(node) {
        Some((mode, processor)) => (mode.value.span, format!("{place}/{processor}/ProcessorConfig/Mode")),
        None => {
            let field = DISTRIBUTED.iter().find_map(|name| node.get(name))?;
            (field.key_span, format!("{place}/{}", field.key))
        }
    };
    let help = "a Map in inline mode, without the fields of the distributed one, can be run";
    let fault = Diagnostic::error(CODE, "A distributed Map is not run by this version of asldb", at);
    Some(fault.located(location).with_help(help))
}

/// `Mode` of the processor when it is distributed; `Iterator` counts as well (recorded).
fn distributed_mode(node: &Node) -> Option<(&Member, &'static str)> {
    ["ItemProcessor", "Iterator"].into_iter().find_map(|name| {
        let mode = node.get(name)?.value.get("ProcessorConfig")?.value.get("Mode")?;
        (mode.value.as_str() == Some("DISTRIBUTED")).then_some((mode, name))
    })
}
