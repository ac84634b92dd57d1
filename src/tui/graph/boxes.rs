//! The box view: states as boxes on layers, transitions as lines between them, nested scopes inside of their states.

use std::collections::HashMap;

use unicode_width::UnicodeWidthStr;

use super::layered::{Link, Placed, Spacing, placed, ranks};
use super::order::order;
use super::route::{Cell, Grid};
use super::{Graph, Scope};

/// More states than this are not drawn as boxes.
pub const MOST: usize = 80;
/// The same for transitions.
const MOST_EDGES: usize = 120;
/// The widest name that is shown in full, and the narrowest box: it has room for counts and times.
const NAME: usize = 30;
const NARROWEST: usize = 16;
/// A box without anything nested: its borders and its name.
const HEIGHT: usize = 3;
/// Between two scopes of a Parallel state.
const BETWEEN: usize = 2;
/// Levels of nesting that are drawn.
const MAX_DEPTH: usize = 12;
/// Lines back leave and arrive beside the middle of boxes, so many columns.
const BESIDE: usize = 2;
/// In cells.
const SPACING: Spacing = Spacing { gap: 1.0, own: 0.0, port: 2.0, between: 3.0, between_points: 2.5 };

/// A machine as boxes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Boxes {
    /// Columns and rows.
    pub size: (usize, usize),
    /// The states; what is nested comes after what it is in.
    pub states: Vec<StateBox>,
    /// Where the lines of `edges` are.
    pub grid: Grid,
    /// The transitions.
    pub edges: Vec<BoxEdge>,
}

/// A state as a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateBox {
    /// The state.
    pub node: usize,
    /// The upper left corner.
    pub at: Cell,
    /// Columns and rows.
    pub size: (usize, usize),
    /// The columns of the lower border that lines leave from.
    pub leaves: Vec<usize>,
    /// Whether it leads to itself.
    pub repeats: bool,
    /// Whether its scope starts with it.
    pub starts: bool,
    /// Whether the execution can end with it.
    pub ends: bool,
    /// The number of its catchers.
    pub catchers: usize,
}

/// A transition that is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoxEdge {
    /// Where it starts.
    pub from: usize,
    /// Where it leads.
    pub to: usize,
    /// Whether it is that of a catcher.
    pub is_catch: bool,
}

/// The boxes of `graph`; the transitions of the catchers of `selected` are drawn like others. None if it has too many
/// states to be read as boxes.
#[must_use]
pub fn boxes(graph: &Graph, selected: Option<usize>) -> Option<Boxes> {
    let leads = graph.nodes.iter().map(|node| node.next.len()).sum::<usize>();
    if graph.nodes.len() > MOST || leads > 2 * MOST_EDGES {
        return None;
    }
    let top = Layout::new(graph, &graph.top, selected, 0);
    let mut boxes = Boxes { size: top.size, ..Boxes::default() };
    top.emit((0, 0), &mut boxes);
    (boxes.edges.len() <= MOST_EDGES).then_some(boxes)
}

/// A scope with everything in its place, from its own upper left corner.
#[derive(Debug, Default)]
struct Layout {
    size: (usize, usize),
    things: Vec<Thing>,
    edges: Vec<(BoxEdge, Vec<Cell>)>,
}

#[derive(Debug)]
struct Thing {
    node: usize,
    at: Cell,
    size: (usize, usize),
    inner: Vec<(Cell, Layout)>,
    leaves: Vec<usize>,
    repeats: bool,
    starts: bool,
    ends: bool,
    catchers: usize,
}

/// A link and what it stands for.
struct Edge {
    link: Link,
    edge: BoxEdge,
    /// The link leads from the target to the source.
    is_turned: bool,
}

impl Layout {
    fn new(graph: &Graph, scope: &Scope, selected: Option<usize>, depth: usize) -> Self {
        if depth > MAX_DEPTH {
            return Self::default();
        }
        let order = order(graph, scope);
        let mut things: Vec<Thing> = order.iter().map(|id| Thing::new(graph, *id, selected, depth)).collect();
        for thing in &mut things {
            thing.starts = thing.node == scope.start;
        }
        let edges = edges(graph, &order, selected);
        for thing in &mut things {
            thing.repeats = graph.nodes.get(thing.node).is_some_and(|node| node.next.contains(&thing.node));
        }
        let sizes: Vec<(f64, f64)> = things.iter().map(|thing| (real(thing.size.0), real(thing.size.1))).collect();
        let links: Vec<Link> = edges.iter().map(|edge| edge.link).collect();
        let placed = placed(&sizes, &links, &SPACING);
        Rows::new(&placed, things, edges).layout()
    }

    fn emit(&self, (x, y): Cell, boxes: &mut Boxes) {
        for thing in &self.things {
            let at = (x + thing.at.0, y + thing.at.1);
            boxes.states.push(StateBox {
                node: thing.node,
                at,
                size: thing.size,
                leaves: thing.leaves.iter().map(|leave| x + leave).collect(),
                repeats: thing.repeats,
                starts: thing.starts,
                ends: thing.ends,
                catchers: thing.catchers,
            });
            for (inner, layout) in &thing.inner {
                layout.emit((at.0 + inner.0, at.1 + inner.1), boxes);
            }
        }
        for (edge, way) in &self.edges {
            let way: Vec<Cell> = way.iter().map(|cell| (x + cell.0, y + cell.1)).collect();
            boxes.grid.draw(boxes.edges.len(), &way, edge.is_catch);
            boxes.edges.push(*edge);
        }
    }
}

impl Thing {
    fn new(graph: &Graph, id: usize, selected: Option<usize>, depth: usize) -> Self {
        let Some(node) = graph.nodes.get(id) else {
            return Self::sized(id, (0, 0));
        };
        let named = (node.name.width().min(NAME) + 6).max(NARROWEST) | 1;
        let mut inner = Vec::new();
        let mut right = BETWEEN;
        let mut bottom = 1;
        for scope in node.scopes.iter().filter(|_| !node.folded) {
            let layout = Layout::new(graph, scope, selected, depth + 1);
            let (width, height) = layout.size;
            inner.push(((right, 1), layout));
            right += width + BETWEEN;
            bottom = bottom.max(1 + height);
        }
        let size = if inner.is_empty() { (named, HEIGHT) } else { (named.max(right | 1), bottom + 1) };
        let ends = depth == 0 && node.next.is_empty();
        Self { inner, ends, catchers: node.catch.len(), ..Self::sized(id, size) }
    }

    /// Nothing but a node of a size.
    fn sized(node: usize, size: (usize, usize)) -> Self {
        let (inner, leaves) = (Vec::new(), Vec::new());
        Self { node, at: (0, 0), size, inner, leaves, repeats: false, starts: false, ends: false, catchers: 0 }
    }

    fn middle(&self) -> usize {
        self.at.0 + self.size.0 / 2
    }
}

/// The transitions between the states of `order`, each once; loops of one state are no lines.
fn edges(graph: &Graph, order: &[usize], selected: Option<usize>) -> Vec<Edge> {
    let positions: HashMap<usize, usize> = order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut edges: Vec<Edge> = Vec::new();
    for (from, id) in order.iter().enumerate() {
        let Some(node) = graph.nodes.get(*id) else { continue };
        let caught = node.catch.iter().filter(|_| selected == Some(*id)).map(|to| (*to, true));
        for (target, is_catch) in node.next.iter().map(|to| (*to, false)).chain(caught) {
            let Some(to) = positions.get(&target).copied().filter(|to| *to != from) else { continue };
            let edge = BoxEdge { from: *id, to: target, is_catch };
            if !edges.iter().any(|known| (known.edge.from, known.edge.to) == (edge.from, edge.to)) {
                edges.push(Edge { link: Link { from, to, label: (0.0, 0.0) }, edge, is_turned: false });
            }
        }
    }
    turn(&mut edges, order.len());
    edges
}

/// Turns links between states that would stand on the same layer, so that one stands above the other: those back from
/// states that nothing leads to.
fn turn(edges: &mut [Edge], count: usize) {
    loop {
        let links: Vec<Link> = edges.iter().map(|edge| edge.link).collect();
        let ranks = ranks(count, &links);
        let level = |edge: &&mut Edge| ranks[edge.link.from] == ranks[edge.link.to];
        let Some(edge) = edges.iter_mut().find(level) else { return };
        (edge.link.from, edge.link.to) = (edge.link.to, edge.link.from);
        edge.is_turned = !edge.is_turned;
    }
}

/// A part of a line between two neighbouring layers.
#[derive(Debug, Clone, Copy)]
struct Part {
    edge: usize,
    top: usize,
    bottom: usize,
    /// Lines of the same one may lie on each other: where they begin, and whether they lead back.
    net: (usize, bool),
}

/// The row of each line that moves sideways between two layers, by its number, and how many rows there are.
type Tracks = (HashMap<usize, usize>, usize);

/// The layers of a scope as they are brought into rows.
struct Rows<'p> {
    placed: &'p Placed,
    things: Vec<Thing>,
    edges: Vec<Edge>,
}

impl<'p> Rows<'p> {
    fn new(placed: &'p Placed, mut things: Vec<Thing>, edges: Vec<Edge>) -> Self {
        for (at, thing) in things.iter_mut().enumerate() {
            thing.at.0 = cells(placed.xs[at] - real(thing.size.0) / 2.0);
        }
        Self { placed, things, edges }
    }

    fn level(&self, vertex: usize) -> usize {
        self.placed.vertices[vertex].rank / 2
    }

    /// The column of a thing or point at which line `edge` passes.
    fn column(&self, vertex: usize, is_back: bool) -> usize {
        match self.things.get(vertex) {
            Some(thing) => thing.middle() + if is_back { BESIDE } else { 0 },
            // As the middle of a box, whose width is odd.
            None => cells(self.placed.xs[vertex] - 0.5),
        }
    }

    /// The vertices of line `edge` from top to bottom, one a level.
    fn stops(&self, edge: usize) -> (Vec<usize>, bool) {
        let Link { from, to, .. } = self.edges[edge].link;
        let is_up = self.level(from) > self.level(to);
        let (upper, lower) = if is_up { (to, from) } else { (from, to) };
        let is_back = is_up != self.edges[edge].is_turned;
        let on_levels = |at: &usize| self.placed.vertices[*at].rank.is_multiple_of(2);
        let mut stops = vec![upper];
        stops.extend(self.placed.chains[edge].iter().copied().filter(on_levels));
        stops.push(lower);
        (stops, is_back)
    }

    fn layout(mut self) -> Layout {
        let levels = self.things.iter().enumerate().map(|(at, _)| self.level(at) + 1).max().unwrap_or(0);
        let mut parts: Vec<Vec<Part>> = vec![Vec::new(); levels];
        let mut heads = vec![0; levels];
        let ways: Vec<(Vec<usize>, bool)> = (0..self.edges.len()).map(|edge| self.stops(edge)).collect();
        for (edge, (stops, is_back)) in ways.iter().enumerate() {
            for (number, pair) in stops.windows(2).enumerate() {
                let level = self.level(pair[0]);
                let (top, bottom) = (self.column(pair[0], *is_back), self.column(pair[1], *is_back));
                parts[level].push(Part { edge, top, bottom, net: (stops[0], *is_back) });
                if number == 0 && *is_back {
                    heads[level] = 1;
                }
            }
        }
        let tracks: Vec<Tracks> = parts.iter().map(|parts| tracks(parts)).collect();
        let mut tops = vec![0; levels + 1];
        for level in 0..levels {
            let on_it = self.things.iter().enumerate().filter(|(at, _)| self.level(*at) == level);
            let height = on_it.map(|(_, thing)| thing.size.1).max().unwrap_or(0);
            let channel = if level + 1 < levels { heads[level] + tracks[level].1 + 1 } else { 0 };
            tops[level + 1] = tops[level] + height + channel;
        }
        let levels_of: Vec<usize> = (0..self.things.len()).map(|at| self.level(at)).collect();
        for (thing, level) in self.things.iter_mut().zip(levels_of) {
            thing.at.1 = tops[level];
        }
        let mut edges = Vec::new();
        for (edge, (stops, is_back)) in ways.into_iter().enumerate() {
            let way = self.way(edge, &stops, is_back, (&tops, &tracks));
            if let Some(thing) = self.things.get_mut(stops[0]).filter(|_| !is_back) {
                thing.leaves.push(way[0].0);
            }
            edges.push((self.edges[edge].edge, if is_back { way.into_iter().rev().collect() } else { way }));
        }
        let right = self.things.iter().map(|thing| thing.at.0 + thing.size.0);
        let bent = edges.iter().flat_map(|(_, way)| way.iter().map(|cell| cell.0 + 1));
        let width = right.chain(bent).max().unwrap_or(0);
        Layout { size: (width, tops.last().copied().unwrap_or(0)), things: self.things, edges }
    }

    /// The corners of a line from top to bottom.
    fn way(&self, edge: usize, stops: &[usize], is_back: bool, (tops, tracks): (&[usize], &[Tracks])) -> Vec<Cell> {
        let mut way = Vec::new();
        for (number, pair) in stops.windows(2).enumerate() {
            let level = self.level(pair[0]);
            let (from, to) = (self.column(pair[0], is_back), self.column(pair[1], is_back));
            let channel = tops[level + 1] - tracks[level].1 - 1;
            let start = match self.things.get(pair[0]) {
                Some(thing) => thing.at.1 + thing.size.1,
                None => tops[level],
            };
            if number == 0 {
                way.push((from, start));
            }
            if let Some(track) = tracks[level].0.get(&edge) {
                way.push((from, channel + track));
                way.push((to, channel + track));
            }
            way.push((to, tops[level + 1] - 1));
        }
        way
    }
}

/// The row of each line that moves sideways between two layers, and how many rows that takes. Lines of different origin
/// do not lie on each other, and a line that comes down on a column does so below one that leaves it.
fn tracks(parts: &[Part]) -> Tracks {
    let mut nets: Vec<((usize, bool), Vec<Part>)> = Vec::new();
    for part in parts.iter().filter(|part| part.top != part.bottom) {
        match nets.iter_mut().find(|(net, _)| *net == part.net) {
            Some((_, of_net)) => of_net.push(*part),
            None => nets.push((part.net, vec![*part])),
        }
    }
    let leaves_first = |a: &[Part], b: &[Part]| a.iter().any(|a| b.iter().any(|b| a.top == b.bottom));
    let mut found: HashMap<usize, usize> = HashMap::new();
    let mut used: Vec<Vec<usize>> = Vec::new();
    let mut open: Vec<usize> = (0..nets.len()).collect();
    let mut tracks_of: HashMap<usize, usize> = HashMap::new();
    while !open.is_empty() {
        let is_free = |at: &usize| open.iter().all(|other| other == at || !leaves_first(&nets[*other].1, &nets[*at].1));
        // Lines that are in each other's way come in the order of the file.
        let place = open.iter().position(is_free).unwrap_or(0);
        let net = open.remove(place);
        let after = tracks_of.iter().filter(|(other, _)| leaves_first(&nets[**other].1, &nets[net].1));
        let least = after.map(|(_, track)| track + 1).max().unwrap_or(0);
        let fits = |others: &Vec<usize>| others.iter().all(|other| !overlap(&nets[*other].1, &nets[net].1));
        let track = (least..).find(|track| used.get(*track).is_none_or(fits)).unwrap_or(least);
        used.resize_with(used.len().max(track + 1), Vec::new);
        used[track].push(net);
        tracks_of.insert(net, track);
        found.extend(nets[net].1.iter().map(|part| (part.edge, track)));
    }
    (found, used.len())
}

fn overlap(a: &[Part], b: &[Part]) -> bool {
    let span = |parts: &[Part]| {
        let columns = parts.iter().flat_map(|part| [part.top, part.bottom]);
        (columns.clone().min().unwrap_or(0), columns.max().unwrap_or(0))
    };
    let ((a_from, a_to), (b_from, b_to)) = (span(a), span(b));
    let (from, to) = (a_from.max(b_from), a_to.min(b_to));
    // Two that come together above the same state may touch.
    let meet = from == to && [a, b].iter().all(|parts| parts.iter().any(|part| part.bottom == from));
    from <= to && !meet
}

fn real(cells: usize) -> f64 {
    f64::from(u32::try_from(cells).unwrap_or(u32::MAX))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a column; what is below 0 becomes 0")]
fn cells(real: f64) -> usize {
    (real + 0.5).floor() as usize
}

#[cfg(test)]
#[path = "boxes_tests.rs"]
mod tests;
