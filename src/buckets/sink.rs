//! Where items are collected: up to `MaxItems`, within the limits.

use std::sync::Arc;

use super::{Limits, ReadFailure, ReadItems};
use crate::value::Value;

/// The service's own limit of `MaxItems`; larger numbers count as this one (recorded).
const MAX_ITEMS: u64 = 100_000_000;

/// What the parts of a value take, in bytes, with the slack of growing lists.
pub(super) const NODE: u64 = 120;
pub(super) const MEMBER: u64 = 40;
pub(super) const TEXT: u64 = 32;

/// Collects the items of one read, which may come from several objects.
#[derive(Debug)]
pub(super) struct Sink {
    items: Vec<Value>,
    keys: Vec<Arc<str>>,
    sources: Vec<(usize, Arc<str>)>,
    most: usize,
    limits: Limits,
    memory_left: u64,
    bytes_left: u64,
}

impl Sink {
    pub(super) fn new(max_items: Option<u64>, limits: Limits) -> Self {
        let most = max_items.filter(|most| *most > 0).map_or(MAX_ITEMS, |most| most.min(MAX_ITEMS));
        Self {
            items: Vec::new(),
            keys: Vec::new(),
            sources: Vec::new(),
            most: usize::try_from(most).unwrap_or(usize::MAX),
            limits,
            memory_left: limits.memory,
            bytes_left: limits.bytes,
        }
    }

    /// How many more items are wanted.
    pub(super) fn wanted(&self) -> usize {
        self.most.saturating_sub(self.items.len())
    }

    /// Adds an item whose memory was claimed.
    pub(super) fn push(&mut self, item: Value) {
        self.items.push(item);
    }

    /// Adds an entry of an object, as an object of that entry.
    pub(super) fn push_entry(&mut self, key: &Arc<str>, value: &Value) {
        // Entries and other items do not mix: objects are read one way or the other in one read.
        self.keys.resize(self.items.len(), Arc::default());
        self.keys.push(key.clone());
        self.items.push(Value::Object([(key.clone(), value.clone())].into_iter().collect()));
    }

    /// Says that the items from here on are those of `source`.
    pub(super) fn begin(&mut self, source: Arc<str>) {
        self.sources.push((self.items.len(), source));
    }

    /// Memory that is not claimed yet, in bytes.
    pub(super) fn memory_left(&self) -> u64 {
        self.memory_left
    }

    /// Sets `bytes` of memory aside.
    pub(super) fn claim(&mut self, bytes: u64) -> Result<(), ReadFailure> {
        self.memory_left = self.memory_left.checked_sub(bytes).ok_or_else(|| self.too_large())?;
        Ok(())
    }

    /// Gives back what was set aside for a text that is no longer there.
    pub(super) fn release(&mut self, bytes: u64) {
        self.memory_left = self.memory_left.saturating_add(bytes).min(self.limits.memory);
    }

    /// Bytes of objects that may still be read.
    pub(super) fn bytes_left(&self) -> u64 {
        self.bytes_left
    }

    /// Notes how many bytes may be read after an object.
    pub(super) fn set_bytes_left(&mut self, bytes: u64) {
        self.bytes_left = bytes;
    }

    pub(super) fn too_large(&self) -> ReadFailure {
        let Limits { memory, bytes, .. } = self.limits;
        let cause = "The items are too large to be held in memory.";
        ReadFailure::new(cause).with_hint(format!(
            "a read may take {} MiB of memory and {} MB of unpacked objects here; set MaxItems to read fewer items",
            memory >> 20,
            bytes / 1_000_000
        ))
    }

    pub(super) fn finish(mut self, source: Arc<str>) -> ReadItems {
        self.keys.resize(if self.keys.is_empty() { 0 } else { self.items.len() }, Arc::default());
        let keys = (!self.keys.is_empty()).then_some(self.keys);
        ReadItems { items: self.items, source, sources: self.sources, keys }
    }
}
