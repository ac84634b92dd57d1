//! A list of fixed length that is filled in any order and whose clones share what did not change: the results of a Map
//! while it runs.

use std::sync::Arc;

/// Slots a chunk; filling one copies at most this many.
const CHUNK: usize = 256;

/// A list of slots. A clone shares all chunks; filling a slot copies its chunk if a clone still holds it.
#[derive(Debug, Clone)]
pub(super) struct Slots<T> {
    // Empty at the end: the slots beyond are as at the start.
    chunks: Vec<Arc<Vec<Option<T>>>>,
    len: usize,
}

impl<T: Clone> Slots<T> {
    /// `len` empty slots.
    pub(super) fn new(len: usize) -> Self {
        Self { chunks: Vec::new(), len }
    }

    /// Fills the slot `at`; without effect behind the last one.
    pub(super) fn set(&mut self, at: usize, item: T) {
        if at >= self.len {
            return;
        }
        let number = at / CHUNK;
        while self.chunks.len() <= number {
            let size = (self.len - self.chunks.len() * CHUNK).min(CHUNK);
            self.chunks.push(Arc::new(vec![None; size]));
        }
        if let Some(slot) = self.chunks.get_mut(number).and_then(|chunk| Arc::make_mut(chunk).get_mut(at % CHUNK)) {
            *slot = Some(item);
        }
    }

    /// What was filled in, in the order of the slots.
    pub(super) fn into_filled(self) -> Vec<T> {
        let mut filled = Vec::with_capacity(self.len);
        for chunk in self.chunks {
            filled.extend(Arc::unwrap_or_clone(chunk).into_iter().flatten());
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_filled_in_any_order() {
        let mut slots = Slots::new(600);
        for at in (0..600).rev().filter(|at| at % 7 != 0) {
            slots.set(at, at);
        }
        slots.set(600, 0);
        assert!(slots.into_filled().into_iter().eq((0..600).filter(|at| at % 7 != 0)));
    }

    #[test]
    fn a_clone_keeps_what_it_was_made_of() {
        let mut slots = Slots::new(300);
        slots.set(299, 'a');
        let before = slots.clone();
        slots.set(0, 'b');
        slots.set(299, 'c');
        assert_eq!(before.into_filled(), ['a']);
        assert_eq!(slots.into_filled(), ['b', 'c']);
    }
}
