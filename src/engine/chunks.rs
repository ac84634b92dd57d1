//! An append-only list whose clones share what was there: how a log reaches those who look while it grows.

use std::sync::Arc;

/// Items a chunk; a clone copies at most this many.
const CHUNK: usize = 256;

/// A list that only grows. Full chunks are shared by all clones.
#[derive(Debug)]
pub struct Chunks<T> {
    // Not `Arc<[T]>`: that would copy each chunk when it is full.
    full: Vec<Arc<Vec<T>>>,
    tail: Vec<T>,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { full: Vec::new(), tail: Vec::new() }
    }
}

impl<T: Clone> Clone for Chunks<T> {
    fn clone(&self) -> Self {
        Self { full: self.full.clone(), tail: self.tail.clone() }
    }
}

impl<T> Chunks<T> {
    /// The number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.full.len() * CHUNK + self.tail.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends `item`.
    pub fn push(&mut self, item: T) {
        if self.tail.capacity() == 0 {
            self.tail.reserve_exact(CHUNK);
        }
        self.tail.push(item);
        if self.tail.len() == CHUNK {
            self.full.push(Arc::new(std::mem::take(&mut self.tail)));
        }
    }

    /// The item at `at`.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&T> {
        match self.full.get(at / CHUNK) {
            Some(chunk) => chunk.get(at % CHUNK),
            None => self.tail.get(at.checked_sub(self.full.len() * CHUNK)?),
        }
    }

    /// The last item.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All items.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.full.iter().flat_map(|chunk| chunk.iter()).chain(&self.tail)
    }

    /// The items from `from` to before `to`, as far as there are any.
    pub fn range(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = &T> {
        let to = to.min(self.len());
        (from.min(to)..to).filter_map(|at| self.get(at))
    }

    /// The number of leading items for which `holds` is true, given that those come first.
    pub fn partition_point(&self, mut holds: impl FnMut(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&mut holds) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_finds_over_chunk_borders() {
        let mut list = Chunks::default();
        for n in 0..1000usize {
            assert_eq!(list.get(n), None);
            list.push(n);
            assert_eq!((list.len(), list.last()), (n + 1, Some(&n)));
        }
        assert!(list.iter().copied().eq(0..1000));
        assert!(list.range(250, 520).copied().eq(250..520));
        assert_eq!(list.range(990, 5000).count(), 10);
        assert_eq!(list.partition_point(|n| *n < 700), 700);
    }

    #[test]
    fn a_clone_does_not_see_what_comes_later() {
        let mut list = Chunks::default();
        (0..300).for_each(|n| list.push(n));
        let before = list.clone();
        (300..600).for_each(|n| list.push(n));
        assert_eq!((before.len(), list.len()), (300, 600));
        assert_eq!((before.get(299), before.get(300)), (Some(&299), None));
    }
}
