//! The rail view of the debugger, on paper.

use crate::asl::{StateId, StateMachine};
use crate::tui::glyph::Glyphs;
use crate::tui::graph::machine::{about, graph};
use crate::tui::graph::rail::rows;
use crate::tui::widgets::text::width;

/// Columns of the type.
const KIND: usize = 8;

/// A row for each state.
pub(super) fn render(machine: &StateMachine, glyphs: &Glyphs) -> String {
    let mut graph = graph(machine, |_| false);
    for (node, id) in graph.nodes.iter_mut().zip(machine.ids()) {
        node.name = super::chart::plain(&node.name);
        node.detail = detail(machine, id, glyphs);
    }
    let rows = rows(&graph, None, glyphs);
    let wide = rows.iter().map(|row| width(&row.text(), glyphs)).max().unwrap_or(0);
    let line = |row: &crate::tui::graph::rail::Row| {
        let text = row.text();
        let gap = " ".repeat(wide - width(&text, glyphs));
        format!("{text}{gap}  {:<KIND$} {}", row.kind, row.detail).trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// What a state is about, and where its catchers lead.
fn detail(machine: &StateMachine, id: StateId, glyphs: &Glyphs) -> String {
    let state = machine.state(id);
    let mut parts = vec![about(&state.kind)];
    let mut seen = Vec::new();
    for catcher in state.catch.iter().filter(|catcher| catcher.next != id) {
        if !seen.contains(&catcher.next) {
            seen.push(catcher.next);
            parts.push(format!("{} {}", glyphs.catch, machine.state(catcher.next).name));
        }
    }
    parts.retain(|part| !part.is_empty());
    super::chart::plain(&parts.join("  "))
}
