//! A Mermaid flowchart, as Markdown of GitHub and others shows it; branches and processors are subgraphs.

use super::chart::{Arrow, Chart, plain};
use crate::asl::{ScopeId, StateId, StateKind};

const START: &str = "start";
const END: &str = "finish";

/// The chart as text.
pub(super) fn render(chart: &Chart<'_>) -> String {
    let mut out = format!("---\ntitle: {}\n---\nflowchart TD\n", yaml(chart.title));
    out.push_str(&format!("  {START}([\"start\"])\n"));
    scope(chart, ScopeId::TOP, 1, &mut out);
    if chart.arrows(ScopeId::TOP).iter().any(|arrow| arrow.to.is_none()) {
        out.push_str(&format!("  {END}([\"end\"])\n"));
    }
    let scopes = (0..chart.machine.scopes.len()).filter_map(|at| u32::try_from(at).ok());
    for arrow in scopes.flat_map(|at| chart.arrows(ScopeId(at))) {
        out.push_str(&line(&arrow));
    }
    out
}

fn scope(chart: &Chart<'_>, id: ScopeId, depth: usize, out: &mut String) {
    for state in chart.states(id) {
        node(chart, state, depth, out);
    }
}

fn node(chart: &Chart<'_>, state: StateId, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let label = format!("{}<br/>{}", escaped(chart.name(state)), escaped(&chart.kind(state)));
    let scopes = chart.scopes(state);
    if scopes.is_empty() {
        let (open, close) = match chart.machine.state(state).kind {
            StateKind::Choice(_) => ("{{", "}}"),
            StateKind::Succeed | StateKind::Fail(_) => ("([", "])"),
            _ => ("[", "]"),
        };
        out.push_str(&format!("{indent}{}{open}\"{label}\"{close}\n", name(state)));
        return;
    }
    out.push_str(&format!("{indent}subgraph {}[\"{label}\"]\n", name(state)));
    for (inner, called) in scopes {
        // One scope needs no box of its own.
        if chart.scopes(state).len() == 1 {
            scope(chart, inner, depth + 1, out);
        } else {
            out.push_str(&format!("{indent}  subgraph b{}[\"{called}\"]\n", inner.0));
            scope(chart, inner, depth + 2, out);
            out.push_str(&format!("{indent}  end\n"));
        }
    }
    out.push_str(&format!("{indent}end\n"));
}

fn line(arrow: &Arrow) -> String {
    let from = arrow.from.map_or_else(|| START.to_owned(), name);
    let to = arrow.to.map_or_else(|| END.to_owned(), name);
    let stroke = if arrow.is_catch { "-.->" } else { "-->" };
    let label = if arrow.label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(&arrow.label)) };
    format!("  {from} {stroke}{label} {to}\n")
}

fn name(state: StateId) -> String {
    format!("s{}", state.0)
}

/// `text` for between quotes: all that has a meaning in Mermaid, HTML or Markdown as a number.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    // A list of Markdown begins with digits and a stop, or with a stroke.
    let starts_list = |so_far: &str| so_far.chars().all(|sign| sign.is_ascii_digit());
    for sign in plain(text).chars() {
        let is_safe = match sign {
            '.' | '-' => !starts_list(&out),
            ' ' | ',' | ':' | '/' | '$' | '=' | '?' | '!' => true,
            sign => sign.is_alphanumeric() || !sign.is_ascii(),
        };
        if is_safe {
            out.push(sign);
        } else {
            out.push_str(&format!("#{};", u32::from(sign)));
        }
    }
    out
}

/// `text` as a scalar of YAML, which the block of the title is: a string of JSON is one.
fn yaml(text: &str) -> String {
    serde_json::Value::from(plain(text)).to_string()
}
