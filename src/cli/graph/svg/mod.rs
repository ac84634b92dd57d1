//! A picture that stands alone: no script, no font and no other file belongs to it.

#[cfg(test)]
mod tests;

use unicode_width::UnicodeWidthStr;

use super::chart::{Arrow, Chart, plain};
use crate::asl::{ScopeId, StateId, StateKind};
use crate::tui::graph::layered::{Drawing, Link, Point, Size, Spacing, count, layered};

/// Around the picture, and inside of boxes.
const MARGIN: f64 = 16.0;
/// The height of a state, and of the heading of a box.
const HEIGHT: f64 = 42.0;
const HEADING: f64 = 40.0;
/// The heading of a branch.
const BRANCH_HEADING: f64 = 16.0;
/// Columns of names that are shown in full.
const NAME: usize = 40;
/// The width of a column of letters: of names, and of what is smaller.
const COLUMN: f64 = 7.6;
const SMALL_COLUMN: f64 = 6.3;
/// Start and end.
const DOT: Size = (14.0, 14.0);

const SPACING: Spacing = Spacing { gap: 20.0, own: 26.0, port: 14.0, between: 26.0, between_points: 14.0 };

const STYLE: &str = "\
text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;text-anchor:middle;fill:#1c2733}\
.n{font-weight:600}.k,.l{font-size:11px;fill:#55636f}.l{paint-order:stroke;stroke:#fff;stroke-width:4px}\
.s{fill:#f4f5f7;stroke:#7b8794}.Task{fill:#e8f1fd;stroke:#2f6fbd}.Choice{fill:#fff4dc;stroke:#b27a00}\
.Wait{fill:#efe8fb;stroke:#7a55b5}.Succeed{fill:#e5f6e8;stroke:#2c8a3d}.Fail{fill:#fde8e8;stroke:#b83232}\
.Map,.Parallel{fill:#fff;stroke:#7b8794;stroke-width:1.5}.b{fill:none;stroke:#b9c2ca;stroke-dasharray:4 3}\
.e{fill:none;stroke:#55636f;stroke-width:1.3}.c{stroke:#b83232;stroke-dasharray:5 3}.r{stroke-dasharray:2 3}.d{fill:#1c2733}";

/// The chart as a picture.
pub(super) fn render(chart: &Chart<'_>) -> String {
    let top = Scope::new(chart, ScopeId::TOP);
    let (width, height) = (top.drawing.size.0 + 2.0 * MARGIN, top.drawing.size.1 + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\">\n<title>{}</title>\n<style>{STYLE}</style>\n",
        escaped(chart.title)
    );
    out.push_str(&format!("<defs>{}{}</defs>\n", marker("a", "#55636f"), marker("ac", "#b83232")));
    out.push_str("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    top.draw(chart, (MARGIN, MARGIN), &mut out);
    out.push_str("</svg>\n");
    out
}

/// The point of an arrow.
fn marker(id: &str, colour: &str) -> String {
    format!(
        "<marker id=\"{id}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
         orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"{colour}\"/></marker>"
    )
}

/// What is drawn in a scope.
#[derive(Debug, Clone)]
enum Thing {
    Start,
    End,
    State(StateId, Vec<Branch>),
}

/// A scope inside of a state: where, and what it is called.
#[derive(Debug, Clone)]
struct Branch {
    at: Point,
    called: String,
    scope: Scope,
}

/// A scope with everything in its place.
#[derive(Debug, Clone)]
struct Scope {
    things: Vec<Thing>,
    sizes: Vec<Size>,
    arrows: Vec<Arrow>,
    drawing: Drawing,
}

impl Scope {
    fn new(chart: &Chart<'_>, id: ScopeId) -> Self {
        let arrows = chart.arrows(id);
        let states = chart.states(id).into_iter().map(|state| Thing::new(chart, state));
        let mut things: Vec<Thing> =
            arrows.iter().any(|arrow| arrow.from.is_none()).then_some(Thing::Start).into_iter().collect();
        things.extend(states);
        things.extend(arrows.iter().any(|arrow| arrow.to.is_none()).then_some(Thing::End));
        let sizes: Vec<Size> = things.iter().map(|thing| thing.size(chart)).collect();
        let find = |state: Option<StateId>, otherwise: usize| {
            let is_it = |thing: &Thing| matches!(thing, Thing::State(id, _) if Some(*id) == state);
            state.and_then(|_| things.iter().position(is_it)).unwrap_or(otherwise)
        };
        let link = |arrow: &Arrow| Link {
            from: find(arrow.from, 0),
            to: find(arrow.to, things.len() - 1),
            label: label_size(&arrow.label),
        };
        let links: Vec<Link> = arrows.iter().map(link).collect();
        let drawing = layered(&sizes, &links, &SPACING);
        Self { things, sizes, arrows, drawing }
    }

    fn draw(&self, chart: &Chart<'_>, (x, y): Point, out: &mut String) {
        for ((thing, size), centre) in self.things.iter().zip(&self.sizes).zip(&self.drawing.centres) {
            thing.draw(chart, (x + centre.0 - size.0 / 2.0, y + centre.1 - size.1 / 2.0), *size, out);
        }
        for (arrow, way) in self.arrows.iter().zip(&self.drawing.ways) {
            let class = match (arrow.is_catch, arrow.is_return) {
                (true, _) => "e c",
                (false, true) => "e r",
                (false, false) => "e",
            };
            let point = if arrow.is_catch { "ac" } else { "a" };
            let way = curve(way, (x, y));
            out.push_str(&format!("<path class=\"{class}\" marker-end=\"url(#{point})\" d=\"{way}\"/>\n"));
        }
        // Words over all ways, so that none crosses them out.
        for (arrow, at) in self.arrows.iter().zip(&self.drawing.labels).filter(|(arrow, _)| !arrow.label.is_empty()) {
            out.push_str(&text("l", (x + at.0, y + at.1 + 4.0), &arrow.label));
        }
    }
}

impl Thing {
    fn new(chart: &Chart<'_>, state: StateId) -> Self {
        let mut left = MARGIN;
        let scopes = chart.scopes(state);
        let heading = if scopes.len() > 1 { HEADING + BRANCH_HEADING } else { HEADING };
        let mut branches = Vec::new();
        for (id, called) in scopes {
            let scope = Scope::new(chart, id);
            let wide = scope.drawing.size.0.max(small_width(&called));
            branches.push(Branch { at: (left + (wide - scope.drawing.size.0) / 2.0, heading), called, scope });
            left += wide + 2.0 * MARGIN;
        }
        Self::State(state, branches)
    }

    fn size(&self, chart: &Chart<'_>) -> Size {
        let Self::State(state, branches) = self else { return DOT };
        let words = (name(chart, *state).width(), chart.kind(*state).width());
        let words = (count(words.0) * COLUMN).max(count(words.1) * SMALL_COLUMN) + 24.0;
        let Some(last) = branches.last() else { return (words.max(90.0), HEIGHT) };
        let right = last.at.0 + last.scope.drawing.size.0.max(small_width(&last.called)) + MARGIN;
        let bottom = branches.iter().map(|one| one.at.1 + one.scope.drawing.size.1).fold(HEIGHT, f64::max) + MARGIN;
        (words.max(right), bottom)
    }

    fn draw(&self, chart: &Chart<'_>, (x, y): Point, (width, height): Size, out: &mut String) {
        let Self::State(state, branches) = self else {
            let centre = (x + width / 2.0, y + height / 2.0);
            out.push_str(&format!("<circle class=\"d\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\"/>\n", centre.0, centre.1));
            if matches!(self, Self::End) {
                out.push_str(&format!("<circle class=\"e\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"7\"/>\n", centre.0, centre.1));
            }
            return;
        };
        let kind = &chart.machine.state(*state).kind;
        out.push_str(&format!("<g><title>{}</title>\n", escaped(chart.name(*state))));
        out.push_str(&outline(kind, (x, y), (width, height)));
        let middle = x + width / 2.0;
        out.push_str(&text("n", (middle, y + 18.0), &name(chart, *state)));
        out.push_str(&text("k", (middle, y + 33.0), &chart.kind(*state)));
        out.push_str("</g>\n");
        // What is inside stands in the middle of a heading that is wider.
        let inside = branches
            .last()
            .map_or(0.0, |last| last.at.0 + last.scope.drawing.size.0.max(small_width(&last.called)) + MARGIN);
        let shift = ((width - inside) / 2.0).max(0.0);
        for branch in branches {
            let at = (x + shift + branch.at.0, y + branch.at.1);
            if branches.len() > 1 {
                branch.frame(at, y + height, out);
            }
            branch.scope.draw(chart, at, out);
        }
    }
}

impl Branch {
    fn frame(&self, (x, y): Point, bottom: f64, out: &mut String) {
        let inner = self.scope.drawing.size.0;
        let wide = inner.max(small_width(&self.called)) + MARGIN;
        let left = x + inner / 2.0 - wide / 2.0;
        let top = y - BRANCH_HEADING - 4.0;
        let size = (wide, bottom - MARGIN / 2.0 - top);
        out.push_str(&format!("<rect class=\"b\" {}/>\n", rect((left, top), size, 4.0)));
        out.push_str(&text("k", (left + wide / 2.0, y - BRANCH_HEADING + 9.0), &self.called));
    }
}

fn outline(kind: &StateKind, (x, y): Point, (width, height): Size) -> String {
    let class = format!("s {}", kind.type_name());
    match kind {
        StateKind::Choice(_) => {
            let (right, bottom, middle) = (x + width, y + height, y + height / 2.0);
            let points = [
                (x + 10.0, y),
                (right - 10.0, y),
                (right, middle),
                (right - 10.0, bottom),
                (x + 10.0, bottom),
                (x, middle),
            ];
            let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            format!("<polygon class=\"{class}\" points=\"{}\"/>\n", points.join(" "))
        }
        StateKind::Succeed | StateKind::Fail(_) => {
            format!("<rect class=\"{class}\" {}/>\n", rect((x, y), (width, height), height / 2.0))
        }
        _ => format!("<rect class=\"{class}\" {}/>\n", rect((x, y), (width, height), 6.0)),
    }
}

fn rect((x, y): Point, (width, height): Size, round: f64) -> String {
    format!("x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{round:.0}\"")
}

fn text(class: &str, (x, y): Point, text: &str) -> String {
    format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>\n", escaped(text))
}

/// A way as a curve that leaves and arrives upright.
fn curve(way: &[Point], (x, y): Point) -> String {
    let points: Vec<Point> = way.iter().map(|point| (x + point.0, y + point.1)).collect();
    let Some(first) = points.first() else { return String::new() };
    let mut out = format!("M{:.1} {:.1}", first.0, first.1);
    // Two that stand side by side are joined straight, as is a way around a corner.
    let is_upright = points.windows(2).all(|pair| (pair[0].1 - pair[1].1).abs() > 1.0);
    for pair in points.windows(2) {
        let ((from_x, from_y), (to_x, to_y)) = (pair[0], pair[1]);
        if !is_upright || (from_x - to_x).abs() < 0.5 {
            out.push_str(&format!(" L{to_x:.1} {to_y:.1}"));
        } else {
            let middle = (from_y + to_y) / 2.0;
            out.push_str(&format!(" C{from_x:.1} {middle:.1} {to_x:.1} {middle:.1} {to_x:.1} {to_y:.1}"));
        }
    }
    out
}

/// A name as it is shown; all of it is in the title of its group.
fn name(chart: &Chart<'_>, state: StateId) -> String {
    let name = plain(chart.name(state));
    if name.width() <= NAME {
        return name;
    }
    let mut shown = String::new();
    for sign in name.chars() {
        if shown.width() >= NAME - 2 {
            break;
        }
        shown.push(sign);
    }
    shown + "…"
}

fn label_size(label: &str) -> Size {
    if label.is_empty() { (0.0, 0.0) } else { (small_width(label) + 6.0, 14.0) }
}

fn small_width(text: &str) -> f64 {
    count(text.width()) * SMALL_COLUMN
}

/// `text` for XML 1.0, which has no signs but these.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for sign in plain(text).chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            sign => out.push(sign),
        }
    }
    out
}
