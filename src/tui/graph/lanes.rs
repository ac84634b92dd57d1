//! Lanes at the left of a scope for transitions that skip states.

use std::collections::BTreeMap;

/// A lane: from its first source down to its target, which all of its transitions share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lane {
    /// Columns away from the states, from 0.
    pub(super) column: usize,
    /// Positions of the sources, rising.
    pub(super) sources: Vec<usize>,
    /// Position of the target, below all sources.
    pub(super) target: usize,
}

impl Lane {
    fn start(&self) -> usize {
        self.sources.first().copied().unwrap_or(self.target)
    }

    /// Whether the lane goes on below position `at`.
    pub(super) fn runs_below(&self, at: usize) -> bool {
        self.start() <= at && at < self.target
    }
}

/// What a lane column shows at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// The lane passes.
    Passes,
    /// It begins here.
    Starts,
    /// Another transition joins it here.
    Joins,
    /// It ends here.
    Ends,
}

/// The lanes of a scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lanes {
    lanes: Vec<Lane>,
    /// How many columns they take.
    pub(super) width: usize,
}

impl Lanes {
    /// Lanes for `edges`, pairs of positions of which the second is further down; those that end early or begin late
    /// share columns.
    pub(super) fn new(edges: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut sources: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (from, to) in edges {
            sources.entry(to).or_default().push(from);
        }
        let mut lanes: Vec<Lane> = Vec::new();
        for (target, mut sources) in sources {
            sources.sort_unstable();
            sources.dedup();
            lanes.push(Lane { column: 0, sources, target });
        }
        lanes.sort_by_key(|lane| (lane.start(), lane.target));
        // The target of the last lane in each column.
        let mut ends: Vec<usize> = Vec::new();
        for lane in &mut lanes {
            let free = ends.iter().position(|end| *end < lane.start());
            lane.column = free.unwrap_or(ends.len());
            match ends.get_mut(lane.column) {
                Some(end) => *end = lane.target,
                None => ends.push(lane.target),
            }
        }
        Self { lanes, width: ends.len() }
    }

    /// What each column shows at position `at`, the outermost first.
    pub(super) fn cells(&self, at: usize) -> Vec<Cell> {
        let mut cells = vec![Cell::Empty; self.width];
        for lane in self.lanes.iter().filter(|lane| lane.start() <= at && at <= lane.target) {
            let cell = if lane.start() == at {
                Cell::Starts
            } else if lane.target == at {
                Cell::Ends
            } else if lane.sources.contains(&at) {
                Cell::Joins
            } else {
                Cell::Passes
            };
            if let Some(place) = cells.get_mut(self.width - 1 - lane.column) {
                *place = cell;
            }
        }
        cells
    }

    /// Which columns go on below position `at`, the outermost first.
    pub(super) fn below(&self, at: usize) -> Vec<bool> {
        let mut cells = vec![false; self.width];
        for lane in self.lanes.iter().filter(|lane| lane.runs_below(at)) {
            if let Some(place) = cells.get_mut(self.width - 1 - lane.column) {
                *place = true;
            }
        }
        cells
    }
}
