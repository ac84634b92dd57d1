//! What an evaluation may use: steps (for time), memory, depth.

use std::cell::Cell;
use std::rc::Rc;

use super::error::{Fault, Outcome, Spent};

/// The limits of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How deep evaluations may be nested; never more than [`Limits::DEEPEST`].
    pub depth: usize,
    /// Bytes of arrays and objects that are held at the same time, 8 for an item and 16 for a member.
    pub memory: usize,
    /// Steps: evaluated nodes and items that built-in functions look at.
    pub steps: u64,
}

impl Limits {
    /// The depth that the stack of any thread takes.
    pub const DEEPEST: usize = 500;

    /// The service: 1 second, a depth and a memory as observed (200 additions in a row are too deep, an array of
    /// 900,000 numbers is too large), told apart from the clock so that a replay ends the same way.
    pub const SERVICE: Self = Self { depth: 100, memory: 7_000_000, steps: 5_000_000 };

    /// Stock JSONata: whatever this machine takes.
    pub const STOCK: Self = Self { depth: Self::DEEPEST, memory: 256 << 20, steps: 1 << 40 };
}

/// Text that may be made for every byte of memory: texts are not followed to their end, only counted.
const TEXT_FACTOR: usize = 16;
/// The deepest nesting of data, as everywhere in asldb.
pub(super) const MAX_DATA_DEPTH: u32 = 1000;

/// Counts the bytes that are held.
#[derive(Debug)]
struct Meter {
    held: Cell<usize>,
}

/// Bytes that are held until this goes.
#[derive(Debug)]
pub(super) struct Charge(Option<(Rc<Meter>, usize)>);

impl Charge {
    /// Nothing.
    pub(super) fn none() -> Self {
        Self(None)
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        if let Some((meter, bytes)) = &self.0 {
            meter.held.set(meter.held.get().saturating_sub(*bytes));
        }
    }
}

/// What is used of the limits.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Limits,
    depth: usize,
    steps: u64,
    text: usize,
    meter: Rc<Meter>,
    /// Where the stack was when the evaluation began.
    base: usize,
}

/// Depth and steps at some moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    depth: usize,
    steps: u64,
}

/// Bytes of stack that an evaluation may take; with what walks over data at the end, well below the 2 MiB that threads
/// have.
const MAX_STACK: usize = 1200 << 10;

/// About where the stack is.
#[inline(never)]
fn stack_pointer() -> usize {
    let here = 0u8;
    (&raw const here).addr()
}

/// Bytes of an item and of a member, as counted.
const ITEM: usize = 8;
const MEMBER: usize = 16;

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        let depth = limits.depth.min(Limits::DEEPEST);
        let limits = Limits { depth, ..limits };
        Self {
            limits,
            depth: 0,
            steps: 0,
            text: 0,
            meter: Rc::new(Meter { held: Cell::new(0) }),
            base: stack_pointer(),
        }
    }

    /// Goes one level deeper.
    pub(super) fn enter(&mut self) -> Outcome<()> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(Fault::spent(Spent::Depth));
        }
        self.check_stack()
    }

    /// Whether there is stack left. Calls between built-in functions and functions of the expression are no levels in
    /// the terms of the reference, but need room as well.
    pub(super) fn check_stack(&self) -> Outcome<()> {
        if self.base.abs_diff(stack_pointer()) > MAX_STACK { Err(Fault::spent(Spent::Depth)) } else { Ok(()) }
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Takes `count` steps; whether it is time to look at the clock, too.
    pub(super) fn step(&mut self, count: usize) -> Outcome<bool> {
        let before = self.steps;
        self.steps = self.steps.saturating_add(count as u64);
        if self.steps > self.limits.steps {
            return Err(Fault::spent(Spent::Time));
        }
        Ok(before >> 10 != self.steps >> 10)
    }

    /// Steps taken so far.
    pub(super) fn taken(&self) -> u64 {
        self.steps
    }

    /// What was used so far, for [`Self::go_back`].
    pub(super) fn mark(&self) -> Mark {
        Mark { depth: self.depth, steps: self.steps }
    }

    /// Forgets what was used since, to do the same in another way.
    pub(super) fn go_back(&mut self, mark: Mark) {
        (self.depth, self.steps) = (mark.depth, mark.steps);
    }

    /// Makes room for an array of `count` items.
    pub(super) fn items(&self, count: usize) -> Outcome<Charge> {
        self.hold(count.saturating_mul(ITEM))
    }

    /// Makes room for an object of `count` members.
    pub(super) fn members(&self, count: usize) -> Outcome<Charge> {
        self.hold(count.saturating_mul(MEMBER))
    }

    fn hold(&self, bytes: usize) -> Outcome<Charge> {
        let held = self.meter.held.get().saturating_add(bytes);
        if held > self.limits.memory {
            return Err(Fault::spent(Spent::Memory));
        }
        self.meter.held.set(held);
        Ok(Charge(Some((self.meter.clone(), bytes))))
    }

    /// Whether a text under way may be `length` bytes long.
    pub(super) fn fits(&self, length: usize) -> Outcome<()> {
        if length > self.limits.memory { Err(Fault::spent(Spent::Memory)) } else { Ok(()) }
    }

    /// Makes room for a text of `length` bytes.
    pub(super) fn text(&mut self, length: usize) -> Outcome<()> {
        self.text = self.text.saturating_add(length);
        self.fits(length)?;
        self.fits(self.text / TEXT_FACTOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_given_back() {
        let budget = Budget::new(Limits { memory: 80, ..Limits::SERVICE });
        let first = budget.items(6).expect("room");
        assert!(budget.items(6).is_err());
        drop(first);
        assert!(budget.items(10).is_ok());
    }

    #[test]
    fn depth_and_steps_end() {
        let mut budget = Budget::new(Limits { depth: 2, memory: 0, steps: 10 });
        assert!(budget.enter().is_ok() && budget.enter().is_ok() && budget.enter().is_err());
        assert!(budget.step(10).is_ok() && budget.step(1).is_err());
    }
}
