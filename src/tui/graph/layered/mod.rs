//! A layered drawing: what follows stands below, transitions lead from layer to layer and cross as little as may be.
//!
//! After Sugiyama: ranks by the longest way, transitions over several ranks broken at points of their own, ranks ordered
//! by the mean of their neighbours, columns by least squares under the order.

mod columns;

/// Something that is drawn: width and height.
pub(crate) type Size = (f64, f64);
/// Where something is.
pub(crate) type Point = (f64, f64);

/// A transition between things, which are given in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Link {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// The room for its words.
    pub(crate) label: Size,
}

/// Where everything is; the upper left corner is 0, 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Drawing {
    pub(crate) size: Size,
    /// The middle of each thing.
    pub(crate) centres: Vec<Point>,
    /// The way of each link, from its source to its target.
    pub(crate) ways: Vec<Vec<Point>>,
    /// The middle of the words of each link.
    pub(crate) labels: Vec<Point>,
}

/// The room between what is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spacing {
    /// Between two layers; there is one of words between any two of things.
    pub(crate) gap: f64,
    /// At the right of a thing for a transition to itself.
    pub(crate) own: f64,
    /// Between two ends of ways at the same thing.
    pub(crate) port: f64,
    /// Between two things, and between a thing or words and the point of a way.
    pub(crate) between: f64,
    pub(crate) between_points: f64,
}

/// More points on the ways of links than this are not worth the wait: links go straight then.
const MOST_POINTS: usize = 20_000;

/// A thing, or a point of a link, on its rank.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vertex {
    pub(crate) rank: usize,
    pub(crate) size: Size,
    pub(crate) is_point: bool,
    /// Neighbours on the rank above and on the one below.
    pub(crate) above: Vec<usize>,
    pub(crate) below: Vec<usize>,
}

/// Things and the points of links on their ranks, with their places on them.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    /// The things, then the points.
    pub(crate) vertices: Vec<Vertex>,
    /// The vertices of each rank from left to right.
    pub(crate) layers: Vec<Vec<usize>>,
    /// The middle of each vertex; the leftmost edge is 0.
    pub(crate) xs: Vec<f64>,
    /// The points of each link, from the upper end to the lower one.
    pub(crate) chains: Vec<Vec<usize>>,
    /// The width of all.
    pub(crate) width: f64,
}

/// Puts `sizes` on ranks and in columns; links must lead from and to them.
pub(crate) fn placed(sizes: &[Size], links: &[Link], spacing: &Spacing) -> Placed {
    let ranks = ranks(sizes.len(), links);
    let mut vertices: Vec<Vertex> =
        sizes.iter().zip(&ranks).map(|(size, rank)| Vertex { rank: *rank, size: *size, ..Vertex::default() }).collect();
    for link in links.iter().filter(|link| link.from == link.to) {
        if let Some(vertex) = vertices.get_mut(link.from) {
            // As much at the left, so that it stays in the middle.
            vertex.size.0 = vertex.size.0.max(sizes[link.from].0 + 2.0 * (spacing.own + link.label.0));
        }
    }
    let chains = chains(links, &mut vertices);
    let layers = columns::ordered(&vertices);
    let mut xs = columns::place(&vertices, &layers, spacing);
    let edge = |at: usize, side: f64| xs[at] + side * vertices[at].size.0 / 2.0;
    let left = (0..xs.len()).map(|at| edge(at, -1.0)).fold(f64::INFINITY, f64::min);
    let right = (0..xs.len()).map(|at| edge(at, 1.0)).fold(f64::NEG_INFINITY, f64::max);
    let left = if left.is_finite() { left } else { 0.0 };
    xs.iter_mut().for_each(|x| *x -= left);
    Placed { vertices, layers, xs, chains, width: (right - left).max(0.0) }
}

/// Draws `sizes` and the links between them.
pub(crate) fn layered(sizes: &[Size], links: &[Link], spacing: &Spacing) -> Drawing {
    let links: Vec<Link> = links.iter().copied().filter(|link| link.from.max(link.to) < sizes.len()).collect();
    let Placed { vertices, layers, xs, chains, width } = placed(sizes, &links, spacing);
    let (ys, heights) = rows(&vertices, &layers, spacing.gap);
    let bottom = (0..ys.len()).map(|at| ys[at] + vertices[at].size.1 / 2.0).fold(0.0, f64::max);
    let points: Vec<Point> = xs.into_iter().zip(ys).collect();
    let (ways, labels) = ways(sizes, (&links, &chains), &points, &heights, spacing);
    Drawing { size: (width, bottom), centres: points.into_iter().take(sizes.len()).collect(), ways, labels }
}

/// The even ranks of the things; what leads back has no say in it.
pub(crate) fn ranks(count: usize, links: &[Link]) -> Vec<usize> {
    let mut ranks = vec![0; count];
    let mut forward: Vec<&Link> = links.iter().filter(|link| link.from < link.to).collect();
    forward.sort_by_key(|link| link.from);
    for link in forward {
        ranks[link.to] = ranks[link.to].max(ranks[link.from] + 2);
    }
    ranks
}

/// The points of each link, from the upper end to the lower one; adds them to `vertices`. The one beside the source has
/// room for the words.
fn chains(links: &[Link], vertices: &mut Vec<Vertex>) -> Vec<Vec<usize>> {
    let span = |link: &Link| vertices[link.from].rank.abs_diff(vertices[link.to].rank);
    let is_too_much = links.iter().map(span).sum::<usize>() > MOST_POINTS;
    let mut chains = Vec::with_capacity(links.len());
    for link in links {
        let (first, last) = (vertices[link.from].rank, vertices[link.to].rank);
        let (upper, lower) = if first <= last { (link.from, link.to) } else { (link.to, link.from) };
        let (top, bottom) = (first.min(last), first.max(last));
        let mut chain = Vec::new();
        if top < bottom && !(is_too_much && bottom - top > 2) {
            let labelled = if first < last { top + 1 } else { bottom - 1 };
            let mut before = upper;
            for rank in top + 1..bottom {
                let size = if rank == labelled { link.label } else { (0.0, 0.0) };
                let at = vertices.len();
                vertices.push(Vertex { rank, size, is_point: true, above: vec![before], below: Vec::new() });
                vertices[before].below.push(at);
                chain.push(at);
                before = at;
            }
            vertices[before].below.push(lower);
            vertices[lower].above.push(before);
        }
        chains.push(chain);
    }
    chains
}

/// The middle of each vertex from the top, and the height of its rank.
fn rows(vertices: &[Vertex], layers: &[Vec<usize>], gap: f64) -> (Vec<f64>, Vec<f64>) {
    let mut ys = vec![0.0; vertices.len()];
    let mut heights = vec![0.0; vertices.len()];
    let mut top = 0.0;
    for layer in layers {
        let height = layer.iter().map(|at| vertices[*at].size.1).fold(0.0, f64::max);
        for at in layer {
            ys[*at] = top + height / 2.0;
            heights[*at] = height;
        }
        top += height + gap;
    }
    (ys, heights)
}

/// The ways of all links and the places of their words.
fn ways(
    sizes: &[Size],
    (links, chains): (&[Link], &[Vec<usize>]),
    points: &[Point],
    heights: &[f64],
    spacing: &Spacing,
) -> (Vec<Vec<Point>>, Vec<Point>) {
    let ports = ports(sizes, (links, chains), points, spacing.port);
    let mut ways = Vec::with_capacity(links.len());
    let mut labels = Vec::with_capacity(links.len());
    for ((link, chain), (upper, lower)) in links.iter().zip(chains).zip(ports) {
        if link.from == link.to {
            let (way, label) = own_loop(sizes[link.from], points[link.from], link.label, spacing.own);
            ways.push(way);
            labels.push(label);
            continue;
        }
        let goes_down = points[link.from].1 <= points[link.to].1;
        let mut way = vec![upper];
        // Through a rank a way leads upright, so that it does not touch what stands there.
        way.extend(chain.iter().flat_map(|at| {
            let ((x, y), half) = (points[*at], heights[*at] / 2.0);
            if half > 0.0 { vec![(x, y - half), (x, y + half)] } else { vec![(x, y)] }
        }));
        way.push(lower);
        if !goes_down {
            way.reverse();
        }
        let middle = ((upper.0 + lower.0) / 2.0, (upper.1 + lower.1) / 2.0);
        let beside_source = if goes_down { chain.first() } else { chain.last() };
        labels.push(beside_source.map_or(middle, |at| points[*at]));
        ways.push(way);
    }
    (ways, labels)
}

fn own_loop(size: Size, (x, y): Point, label: Size, room: f64) -> (Vec<Point>, Point) {
    let (side, out) = (x + size.0 / 2.0, x + size.0 / 2.0 + room * 0.7);
    let rise = size.1 / 4.0;
    (vec![(side, y + rise), (out, y + rise), (out, y - rise), (side, y - rise)], (out + 4.0 + label.0 / 2.0, y))
}

/// Where each link meets its upper and its lower end, beside the others that do.
fn ports(
    sizes: &[Size],
    (links, chains): (&[Link], &[Vec<usize>]),
    points: &[Point],
    port: f64,
) -> Vec<(Point, Point)> {
    let is_down = |link: &Link| points[link.from].1 <= points[link.to].1;
    let ends = |link: &Link| if is_down(link) { (link.from, link.to) } else { (link.to, link.from) };
    // Of each end: the thing, its lower side or not, where the way goes on, the link.
    let mut all: Vec<(usize, bool, f64, usize)> = Vec::new();
    for (at, (link, chain)) in links.iter().zip(chains).enumerate().filter(|(_, (link, _))| link.from != link.to) {
        let (upper, lower) = ends(link);
        all.push((upper, true, points[*chain.first().unwrap_or(&lower)].0, at));
        all.push((lower, false, points[*chain.last().unwrap_or(&upper)].0, at));
    }
    all.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)).then(a.3.cmp(&b.3)));
    let mut ports = vec![((0.0, 0.0), (0.0, 0.0)); links.len()];
    for side in all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let Some((thing, is_lower_side, ..)) = side.first() else { continue };
        let ((x, y), (width, height)) = (points[*thing], sizes[*thing]);
        let between = count(side.len() - 1);
        let wide = (between * port).min(width * 0.7);
        for (number, (.., link)) in side.iter().enumerate() {
            let shift = if side.len() > 1 { wide * (count(number) / between - 0.5) } else { 0.0 };
            if *is_lower_side {
                ports[*link].0 = (x + shift, y + height / 2.0);
            } else {
                ports[*link].1 = (x + shift, y - height / 2.0);
            }
        }
    }
    ports
}

/// A small number of things.
pub(crate) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
