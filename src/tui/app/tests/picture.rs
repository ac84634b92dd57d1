//! The picture of the README, made from the program: `ASLDB_BLESS=1 cargo test --lib picture` writes `docs/screen.svg`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::bench::Bench;

/// The size of a cell and of the letters in it, in pixels.
const CELL: (usize, usize) = (8, 17);
const LETTERS: &str = "13.3px";
/// What a terminal with a dark background has for its own colours.
const OWN: (&str, &str) = ("#d8dee9", "#16191f");

fn colour(colour: Color, own: &str) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => own.to_owned(),
    }
}

/// Foreground and background of a cell.
fn colours(cell: &Cell) -> (String, String) {
    let (front, back) = (colour(cell.fg, OWN.0), colour(cell.bg, OWN.1));
    if cell.modifier.contains(Modifier::REVERSED) { (back, front) } else { (front, back) }
}

/// The attributes of text in the style of a cell.
fn attributes(cell: &Cell) -> String {
    let mut out = format!(" fill=\"{}\"", colours(cell).0);
    for (modifier, text) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::DIM, " opacity=\"0.7\""),
    ] {
        if cell.modifier.contains(modifier) {
            out.push_str(text);
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The sides to which a sign of lines leads: up, right, down, left. Fonts leave gaps between such signs.
fn sides(sign: &str) -> Option<(u8, [bool; 4])> {
    let (wide, sides) = match sign {
        "─" => (1, [false, true, false, true]),
        "│" => (1, [true, false, true, false]),
        "┃" => (3, [true, false, true, false]),
        "┬" => (1, [false, true, true, true]),
        "┴" => (1, [true, true, false, true]),
        "├" => (1, [true, true, true, false]),
        "┤" => (1, [true, false, true, true]),
        "┼" => (1, [true; 4]),
        "╭" => (1, [false, true, true, false]),
        "╮" => (1, [false, false, true, true]),
        "╰" => (1, [true, true, false, false]),
        "╯" => (1, [true, false, false, true]),
        _ => return None,
    };
    Some((wide, sides))
}

/// The lines of a buffer as paths, by their colour and width.
fn lines(buffer: &Buffer) -> BTreeMap<(String, u8), String> {
    let mut paths: BTreeMap<(String, u8), String> = BTreeMap::new();
    let mut add = |cell: &Cell, (from, to): ((usize, usize), (usize, usize))| {
        let Some((wide, _)) = sides(cell.symbol()) else { return };
        let path = paths.entry((colours(cell).0, wide)).or_default();
        write!(path, "M{} {}", from.0, from.1).expect("a text");
        match (from.0 == to.0, from.1 == to.1) {
            (true, _) => write!(path, "V{}", to.1),
            (_, true) => write!(path, "H{}", to.0),
            _ => write!(path, "L{} {}", to.0, to.1),
        }
        .expect("a text");
    };
    for (x, y) in buffer.area.positions().map(|at| (at.x, at.y)) {
        let cell = &buffer[(x, y)];
        let Some((_, [up, right, down, left])) = sides(cell.symbol()) else { continue };
        let (left_edge, top) = (usize::from(x) * CELL.0, usize::from(y) * CELL.1);
        let middle = (left_edge + CELL.0 / 2, top + CELL.1 / 2);
        let ends = [(middle.0, top), (left_edge + CELL.0, middle.1), (middle.0, top + CELL.1), (left_edge, middle.1)];
        for (end, _) in ends.into_iter().zip([up, right, down, left]).filter(|(_, leads)| *leads) {
            add(cell, (middle, end));
        }
    }
    paths
}

/// Neighbouring cells of row `y` for which `alike` gives the same: column, width, that, and their text.
fn runs(buffer: &Buffer, y: u16, alike: impl Fn(&Cell) -> String) -> Vec<(u16, u16, String, String)> {
    let mut found: Vec<(u16, u16, String, String)> = Vec::new();
    for x in 0..buffer.area.width {
        let cell = &buffer[(x, y)];
        let key = alike(cell);
        match found.last_mut() {
            Some((_, wide, last, text)) if *last == key => {
                *wide += 1;
                text.push_str(letters(cell));
            }
            _ => found.push((x, 1, key, letters(cell).to_owned())),
        }
    }
    found
}

/// What a cell shows as text.
fn letters(cell: &Cell) -> &str {
    if sides(cell.symbol()).is_some() { " " } else { cell.symbol() }
}

fn svg(buffer: &Buffer) -> String {
    let (wide, high) = (usize::from(buffer.area.width) * CELL.0, usize::from(buffer.area.height) * CELL.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\" \
         font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"{LETTERS}\">\n\
         <title>asldb: a run that stands in a state, with its data</title>\n<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n",
        OWN.1
    );
    for y in 0..buffer.area.height {
        let top = usize::from(y) * CELL.1;
        for (x, cells, back, _) in runs(buffer, y, |cell| colours(cell).1) {
            if back != OWN.1 {
                let (x, cells) = (usize::from(x) * CELL.0, usize::from(cells) * CELL.0);
                writeln!(out, "<rect x=\"{x}\" y=\"{top}\" width=\"{cells}\" height=\"{}\" fill=\"{back}\"/>", CELL.1)
                    .expect("a text");
            }
        }
        for (x, _, style, text) in runs(buffer, y, attributes) {
            let lead = text.len() - text.trim_start().len();
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let (x, long) = ((usize::from(x) + lead) * CELL.0, text.width() * CELL.0);
            let base = top + 13;
            writeln!(
                out,
                "<text x=\"{x}\" y=\"{base}\" textLength=\"{long}\" xml:space=\"preserve\"{style}>{}</text>",
                escaped(text)
            )
            .expect("a text");
        }
    }
    for ((colour, wide), path) in lines(buffer) {
        writeln!(out, "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"{wide}\" fill=\"none\"/>")
            .expect("a text");
    }
    out.push_str("</svg>\n");
    out
}

#[tokio::test]
async fn the_picture_is_that_of_the_program() {
    let mut bench = Bench::sample("order").sized(120, 40);
    bench.keys("g t d a r k Enter @ C h a r g e Enter b @ F u l f i l Enter b c s s s g i 3 1").await;
    let made = svg(&bench.buffer());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screen.svg");
    if std::env::var_os("ASLDB_BLESS").is_some() {
        std::fs::write(&path, made).expect("written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "docs/screen.svg is stale: run `ASLDB_BLESS=1 cargo test --lib picture`");
    let readme = std::fs::read_to_string(path.with_file_name("../README.md")).expect("README.md");
    assert!(readme.contains("(docs/screen.svg)"), "the README shows the picture");
}

#[test]
fn cells_become_text_and_rectangles() {
    let mut buffer = Buffer::with_lines(["a<b  c"]);
    buffer[(5, 0)].set_bg(Color::Rgb(1, 2, 3));
    let made = svg(&buffer);
    assert!(made.contains("textLength=\"48\"") && made.contains(">a&lt;b  c</text>"), "{made}");
    assert!(made.contains("<rect x=\"40\" y=\"0\" width=\"8\" height=\"17\" fill=\"#010203\"/>"), "{made}");
}
