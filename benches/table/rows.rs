//! The rows of the table: what is measured, and what it may take at most.

use std::collections::HashMap;

use crate::meter::{self, Taken};
use crate::work::Work;

/// A row of the table.
struct Row {
    title: &'static str,
    figure: Figure,
    /// None: it is only told.
    most: Option<f64>,
}

/// A figure of the table.
enum Figure {
    /// Processor time of a work, in milliseconds.
    Time(Work, usize),
    /// The most memory of its process, in megabytes.
    Memory(Work, usize),
    /// How many times the time of the second the first takes.
    Ratio((Work, usize), (Work, usize)),
}

/// A work and its size.
type Measured = (Work, usize);
/// What each took, round by round.
type Rounds = HashMap<(&'static str, usize), Vec<Taken>>;

const fn row(title: &'static str, figure: Figure, most: f64) -> Row {
    Row { title, figure, most: Some(most) }
}

const fn told(title: &'static str, figure: Figure) -> Row {
    Row { title, figure, most: None }
}

const fn growth(title: &'static str, work: Work, from: usize) -> Row {
    row(title, Figure::Ratio((work, from * 10), (work, from)), 11.0)
}

/// The runs of the program that one measurement takes.
const RUNS: usize = 10;

const TABLE: [Row; 23] = [
    row("Choice and Pass, States.MathAdd, 10,000 iterations", Figure::Time(Work::Loop, 10_000), 40.0),
    row("  durable in the store", Figure::Time(Work::Durable, 10_000), 160.0),
    row("  in JSONata: Condition, Assign, Output", Figure::Time(Work::Jsonata, 10_000), 100.0),
    told("  with each stage kept for the debugger", Figure::Time(Work::Stages, 10_000)),
    row("Map, 10,000 items, two intrinsic functions each", Figure::Time(Work::Map, 10_000), 100.0),
    row("  MaxConcurrency 40, beside it", Figure::Ratio((Work::MapOf40, 10_000), (Work::Map, 10_000)), 1.2),
    row("Parallel, 10 branches of 100 Pass", Figure::Time(Work::Parallel, 100), 5.0),
    row("200 KB in an array through 200 states", Figure::Time(Work::Data, 200), 20.0),
    row("  memory", Figure::Memory(Work::Data, 200), 60.0),
    row("200 KB in 4,000 keys through 200 states", Figure::Time(Work::Keys, 200), 20.0),
    row("  memory", Figure::Memory(Work::Keys, 200), 60.0),
    row("asldb run of a small definition, cold", Figure::Time(Work::Cold, RUNS), 8.0),
    row("  memory", Figure::Memory(Work::Cold, RUNS), 15.0),
    growth("growth: loop of 10,000 beside 1,000", Work::Loop, 1_000),
    growth("  100,000 beside 10,000", Work::Loop, 10_000),
    growth("  durable: 10,000 beside 1,000", Work::Durable, 1_000),
    growth("  durable: 100,000 beside 10,000", Work::Durable, 10_000),
    growth("  in JSONata: 10,000 beside 1,000", Work::Jsonata, 1_000),
    growth("  in JSONata: 100,000 beside 10,000", Work::Jsonata, 10_000),
    growth("growth: Map of 10,000 beside 1,000", Work::Map, 1_000),
    growth("  100,000 beside 10,000", Work::Map, 10_000),
    told("memory of 100,000 iterations", Figure::Memory(Work::Loop, 100_000)),
    told("  with each stage kept for the debugger", Figure::Memory(Work::Stages, 100_000)),
];

impl Figure {
    fn measured(&self) -> Vec<Measured> {
        match self {
            Self::Time(work, size) | Self::Memory(work, size) => vec![(*work, *size)],
            Self::Ratio(one, other) => vec![*one, *other],
        }
    }

    /// The figure in each round.
    fn of(&self, rounds: &Rounds) -> Vec<f64> {
        let taken = |(work, size): Measured| &rounds[&(work.name(), size)];
        match self {
            Self::Time(work, size) => taken((*work, *size)).iter().map(|taken| taken.millis).collect(),
            Self::Memory(work, size) => taken((*work, *size)).iter().map(|taken| taken.megabytes).collect(),
            Self::Ratio(one, other) => {
                taken(*one).iter().zip(taken(*other)).map(|(one, other)| one.millis / other.millis).collect()
            }
        }
    }

    fn unit(&self) -> &'static str {
        match self {
            Self::Time(..) => "ms",
            Self::Memory(..) => "MB",
            Self::Ratio(..) => "x ",
        }
    }
}

/// Measures everything in each round, so that what is compared is measured at about the same time.
pub(crate) fn measure(count: usize) -> Rounds {
    let mut rounds = Rounds::new();
    for round in 1..=count.max(1) {
        eprint!("\rround {round} of {count}");
        let mut done = Vec::new();
        for (work, size) in TABLE.iter().flat_map(|row| row.figure.measured()) {
            if !done.contains(&(work, size)) {
                done.push((work, size));
                rounds.entry((work.name(), size)).or_default().push(meter::take(work, size));
            }
        }
    }
    eprintln!();
    rounds
}

/// Prints the table; returns whether everything is within its limit.
pub(crate) fn print(rounds: &Rounds) -> bool {
    println!("{:<52} {:>11}   {:>18}  {:>9}", "work", "median", "least to most", "at most");
    let mut within = true;
    for row in &TABLE {
        let mut found = row.figure.of(rounds);
        found.sort_unstable_by(f64::total_cmp);
        let (median, unit) = (found[found.len() / 2], row.figure.unit());
        let spread = format!("{:.2} to {:.2}", found[0], found[found.len() - 1]);
        let limit = row.most.map(|most| (format!("{most} {unit}"), if median <= most { "ok" } else { "over" }));
        within &= row.most.is_none_or(|most| median <= most);
        let (most, verdict) = limit.unwrap_or_default();
        println!("{:<52} {median:>8.2} {unit}   {spread:>18}  {most:>9}  {verdict}", row.title);
    }
    within
}
