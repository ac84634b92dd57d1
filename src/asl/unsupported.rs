//! What this version of asldb cannot run. Told when a definition is read, never in the middle of a run.

use super::fields::Language;
use crate::text::{Diagnostic, Member, Node};

/// The code of these diagnostics.
pub const CODE: &str = "ASLDB_UNSUPPORTED";

/// Whether `node` is a string that JSONata states take for an expression.
#[must_use]
pub fn is_jsonata(node: &Node) -> bool {
    node.as_str().is_some_and(|text| text.starts_with("{%"))
}

/// JSONata as the language of the whole machine.
#[must_use]
pub fn machine(root: &Node) -> Option<Diagnostic> {
    jsonata(root).map(|diagnostic| diagnostic.located("/QueryLanguage"))
}

/// What the state `node` at `place` asks for: JSONata, unless the machine has it already, and the distributed Map.
#[must_use]
pub fn state(node: &Node, machine: Language, place: &str) -> Vec<Diagnostic> {
    let language = jsonata(node).filter(|_| machine == Language::JsonPath);
    let language = language.map(|diagnostic| diagnostic.located(format!("{place}/QueryLanguage")));
    let is_map = node.get("Type").and_then(|kind| kind.value.as_str()) == Some("Map");
    language.into_iter().chain(is_map.then(|| distributed(node, place)).flatten()).collect()
}

fn jsonata(node: &Node) -> Option<Diagnostic> {
    let member = node.get("QueryLanguage").filter(|member| member.value.as_str() == Some("JSONata"))?;
    let message = "JSONata is not run by this version of asldb";
    let help = "states in JSONPath, the default query language, can be run";
    Some(Diagnostic::error(CODE, message, member.value.span).with_help(help))
}

/// The fields that only a distributed Map has.
const DISTRIBUTED: &[&str] = &[
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
];

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
