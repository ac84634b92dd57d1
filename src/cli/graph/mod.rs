//! `asldb graph`: the states of a definition and their transitions, as text and for other programs.

mod chart;
mod dot;
mod mermaid;
mod svg;
mod text;

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::anyhow;

use super::args::{GraphArgs, GraphFormat};
use super::open::Source;
use super::{complain, open, print};
use crate::runtime::names;
use crate::tui::glyph::Glyphs;
use chart::Chart;

/// Draws a definition.
///
/// # Errors
/// The definition cannot be used, or the drawing not be written.
pub fn graph(args: &GraphArgs) -> anyhow::Result<ExitCode> {
    let opened = open::definition(&args.file, &Source::of(&args.source)?)?;
    if !opened.note().is_empty() {
        complain(&opened.note());
    }
    let definition = &opened.entry.definition;
    let Some(machine) = &definition.machine else {
        return Err(anyhow!("{}\nThe definition has errors.", definition.render_diagnostics()));
    };
    let title = names::machine_name(&args.file);
    let chart = || Chart::new(machine, &title);
    print(&match args.format {
        GraphFormat::Text => text::render(machine, &glyphs(args.ascii)),
        GraphFormat::Svg => svg::render(&chart()),
        GraphFormat::Mermaid => mermaid::render(&chart()),
        GraphFormat::Dot => dot::render(&chart()),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The signs: in a file always the same ones, on a terminal those that it can show.
fn glyphs(ascii: bool) -> Glyphs {
    match (ascii, std::io::stdout().is_terminal()) {
        (true, _) => Glyphs::ASCII,
        (false, true) => Glyphs::from_environment(|name| std::env::var(name).ok()),
        (false, false) => Glyphs::UNICODE,
    }
}

#[cfg(test)]
mod tests;
