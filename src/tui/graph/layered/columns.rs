//! Who stands beside whom on a rank, and where.

use super::{Spacing, Vertex, count};

/// Rounds of ordering; more change little.
const ROUNDS: usize = 8;
/// How much more a way wants to be straight than a thing wants to stand amid its neighbours.
const STRAIGHT: f64 = 4.0;

/// The vertices of each rank from left to right, in the order with the fewest crossings that was found.
pub(super) fn ordered(vertices: &[Vertex]) -> Vec<Vec<usize>> {
    let ranks = vertices.iter().map(|vertex| vertex.rank + 1).max().unwrap_or(0);
    let mut layers = vec![Vec::new(); ranks];
    for (at, vertex) in vertices.iter().enumerate() {
        layers[vertex.rank].push(at);
    }
    let mut best = (crossings(vertices, &layers), layers.clone());
    for round in 0..ROUNDS {
        if best.0 == 0 {
            break;
        }
        let down = round % 2 == 0;
        let mut positions = vec![0.0; vertices.len()];
        let ranks: Vec<usize> = if down { (0..layers.len()).collect() } else { (0..layers.len()).rev().collect() };
        for rank in ranks {
            sort(&mut layers[rank], vertices, down, &positions);
            for (place, at) in layers[rank].iter().enumerate() {
                positions[*at] = count(place);
            }
        }
        let crossings = crossings(vertices, &layers);
        if crossings < best.0 {
            best = (crossings, layers.clone());
        }
    }
    best.1
}

/// Sorts a rank by the mean place of the neighbours; who has none keeps its place.
fn sort(layer: &mut [usize], vertices: &[Vertex], down: bool, positions: &[f64]) {
    let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(layer.len());
    for (place, at) in layer.iter().enumerate() {
        let neighbours = if down { &vertices[*at].above } else { &vertices[*at].below };
        keyed.push((mean(neighbours, positions).unwrap_or(count(place)), *at));
    }
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (place, (_, at)) in layer.iter_mut().zip(keyed) {
        *place = at;
    }
}

fn mean(all: &[usize], of: &[f64]) -> Option<f64> {
    (!all.is_empty()).then(|| all.iter().map(|at| of[*at]).sum::<f64>() / count(all.len()))
}

/// How many pairs of ways cross between neighbouring ranks.
fn crossings(vertices: &[Vertex], layers: &[Vec<usize>]) -> usize {
    let mut places = vec![0; vertices.len()];
    for layer in layers {
        layer.iter().enumerate().for_each(|(place, at)| places[*at] = place);
    }
    let mut crossings = 0;
    for layer in layers {
        let mut seen: Vec<usize> = Vec::new();
        for at in layer {
            let mut ends: Vec<usize> = vertices[*at].below.iter().map(|below| places[*below]).collect();
            ends.sort_unstable();
            crossings += ends.iter().map(|end| seen.len() - seen.partition_point(|other| other <= end)).sum::<usize>();
            for end in ends {
                seen.insert(seen.partition_point(|other| *other <= end), end);
            }
        }
    }
    crossings
}

/// The middle of each vertex from the left: near its neighbours, without touching those beside it.
pub(super) fn place(vertices: &[Vertex], layers: &[Vec<usize>], spacing: &Spacing) -> Vec<f64> {
    let mut xs = vec![0.0; vertices.len()];
    for layer in layers {
        settle(layer, (vertices, spacing), &mut xs, |_| None);
    }
    for round in 0..=ROUNDS {
        let both = round == ROUNDS;
        let down = round % 2 == 0;
        let order: Vec<usize> = if down { (0..layers.len()).collect() } else { (0..layers.len()).rev().collect() };
        for rank in order {
            let now = xs.clone();
            settle(&layers[rank], (vertices, spacing), &mut xs, |at| {
                let vertex = &vertices[at];
                let wanted: Vec<usize> = match (both, down) {
                    (true, _) => vertex.above.iter().chain(&vertex.below).copied().collect(),
                    (false, true) => vertex.above.clone(),
                    (false, false) => vertex.below.clone(),
                };
                mean(&wanted, &now)
            });
        }
    }
    xs
}

/// Puts a rank where it wants to be, as near as its order allows: the least squares of the distances, by pooling
/// neighbours that are in each other's way.
fn settle(
    layer: &[usize],
    (vertices, spacing): (&[Vertex], &Spacing),
    xs: &mut [f64],
    wanted: impl Fn(usize) -> Option<f64>,
) {
    // Places without the room between: these must not fall.
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(layer.len());
    // Of each pool: the sum of the weights, of the weighted places, and how many are in it.
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (place, at) in layer.iter().enumerate() {
        if let Some(before) = place.checked_sub(1).and_then(|before| layer.get(before)) {
            offset += distance(&vertices[*before], &vertices[*at], spacing);
        }
        offsets.push(offset);
        let weight = if vertices[*at].is_point { STRAIGHT } else { 1.0 };
        let mut pool = (weight, weight * (wanted(*at).unwrap_or(xs[*at]) - offset), 1);
        while let Some(last) = pools.pop_if(|last| last.1 / last.0 > pool.1 / pool.0) {
            pool = (pool.0 + last.0, pool.1 + last.1, pool.2 + last.2);
        }
        pools.push(pool);
    }
    let places = pools.iter().flat_map(|(weights, sum, count)| std::iter::repeat_n(sum / weights, *count));
    for ((at, offset), place) in layer.iter().zip(offsets).zip(places) {
        xs[*at] = place + offset;
    }
}

fn distance(left: &Vertex, right: &Vertex, spacing: &Spacing) -> f64 {
    let between = if left.is_point || right.is_point { spacing.between_points } else { spacing.between };
    (left.size.0 + right.size.0) / 2.0 + between
}
