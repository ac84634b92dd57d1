//! DOT, for Graphviz; Map and Parallel states are clusters.

use super::chart::{Arrow, Chart, plain};
use crate::asl::{ScopeId, StateId, StateKind};

/// The chart as text.
pub(super) fn render(chart: &Chart<'_>) -> String {
    let mut out = format!("digraph {} {{\n", quoted(chart.title));
    out.push_str("  compound=true;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
    out.push_str("  edge [fontname=\"sans-serif\", fontsize=10];\n");
    out.push_str("  start [shape=circle, label=\"\", width=0.2, style=filled, fillcolor=black];\n");
    if chart.arrows(ScopeId::TOP).iter().any(|arrow| arrow.to.is_none()) {
        out.push_str("  end [shape=doublecircle, label=\"\", width=0.15, style=filled, fillcolor=black];\n");
    }
    scope(chart, ScopeId::TOP, 1, &mut out);
    let scopes = (0..chart.machine.scopes.len()).filter_map(|at| u32::try_from(at).ok());
    for arrow in scopes.flat_map(|at| chart.arrows(ScopeId(at))) {
        out.push_str(&line(chart, &arrow));
    }
    out.push_str("}\n");
    out
}

fn scope(chart: &Chart<'_>, id: ScopeId, depth: usize, out: &mut String) {
    for state in chart.states(id) {
        node(chart, state, depth, out);
    }
}

fn node(chart: &Chart<'_>, state: StateId, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let label = format!("{}\n{}", plain(chart.name(state)), chart.kind(state));
    let scopes = chart.scopes(state);
    if scopes.is_empty() {
        let shape = match chart.machine.state(state).kind {
            StateKind::Choice(_) => ", shape=hexagon, style=\"\"",
            StateKind::Succeed | StateKind::Fail(_) => ", shape=box, style=\"rounded,bold\"",
            _ => "",
        };
        out.push_str(&format!("{indent}s{} [label={}{shape}];\n", state.0, quoted(&label)));
        return;
    }
    out.push_str(&format!("{indent}subgraph cluster_s{} {{\n{indent}  label={};\n", state.0, quoted(&label)));
    for (inner, called) in scopes {
        // One scope needs no box of its own.
        if chart.scopes(state).len() == 1 {
            scope(chart, inner, depth + 1, out);
        } else {
            let head =
                format!("subgraph cluster_b{} {{\n{indent}    label={}; style=dashed;\n", inner.0, quoted(&called));
            out.push_str(&format!("{indent}  {head}"));
            scope(chart, inner, depth + 2, out);
            out.push_str(&format!("{indent}  }}\n"));
        }
    }
    out.push_str(&format!("{indent}}}\n"));
}

fn line(chart: &Chart<'_>, arrow: &Arrow) -> String {
    let mut attributes = Vec::new();
    if !arrow.label.is_empty() {
        attributes.push(format!("label={}", quoted(&arrow.label)));
    }
    if arrow.is_catch {
        attributes.push("style=dashed".to_owned());
    }
    // Edges lead between nodes; at the border of a cluster they are cut off.
    let is_within = arrow.from == arrow.to;
    let mut end = |state: Option<StateId>, attribute: &str, otherwise: &str| {
        let Some(state) = state else { return otherwise.to_owned() };
        let anchor = anchor(chart, state);
        if anchor != state && !is_within {
            attributes.push(format!("{attribute}=cluster_s{}", state.0));
        }
        format!("s{}", anchor.0)
    };
    let (from, to) = (end(arrow.from, "ltail", "start"), end(arrow.to, "lhead", "end"));
    let attributes = if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
    format!("  {from} -> {to}{attributes};\n")
}

/// The node that stands for a state: of one that is a cluster, the first inside.
fn anchor(chart: &Chart<'_>, state: StateId) -> StateId {
    let mut state = state;
    while let Some((scope, _)) = chart.scopes(state).first() {
        state = chart.machine.scope(*scope).start;
    }
    state
}

/// `text` as a quoted string.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}
