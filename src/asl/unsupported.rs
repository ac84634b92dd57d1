//! What this version of asldb leaves out when it runs a definition. Told when the definition is read, as a warning: AWS
//! takes these definitions (reported).

use crate::text::{Diagnostic, Member, Node};

/// The code of these diagnostics.
pub const CODE: &str = "ASLDB_UNSUPPORTED";

/// What the state `node` at `place` asks for: parts of a distributed Map in one that is not.
#[must_use]
pub fn state(node: &Node, place: &str) -> Option<Diagnostic> {
    let is_map = node.get("Type").and_then(|kind| kind.value.as_str()) == Some("Map");
    is_map.then(|| distributed(node, place)).flatten()
}

/// The fields that have no effect in a Map in inline mode without it being told; tolerated failures are just not counted
/// there (recorded).
const DISTRIBUTED: &[&str] = &["ItemReader", "ItemBatcher", "ResultWriter"];

fn distributed(node: &Node, place: &str) -> Option<Diagnostic> {
    if distributed_mode(node).is_some() {
        return None;
    }
    let field = DISTRIBUTED.iter().find_map(|name| node.get(name))?;
    let message = format!("`{}` has no effect: asldb runs a Map that is not distributed without it", field.key);
    let help = "give the processor \"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", \"ExecutionType\": \"STANDARD\"}";
    let warning = Diagnostic::warning(CODE, message, field.key_span);
    Some(warning.located(format!("{place}/{}", field.key)).with_help(help))
}

/// `Mode` of the processor when it is distributed; `Iterator` counts as well (recorded).
pub(super) fn distributed_mode(node: &Node) -> Option<(&Member, &'static str)> {
    ["ItemProcessor", "Iterator"].into_iter().find_map(|name| {
        let mode = node.get(name)?.value.get("ProcessorConfig")?.value.get("Mode")?;
        (mode.value.as_str() == Some("DISTRIBUTED")).then_some((mode, name))
    })
}
