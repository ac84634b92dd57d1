//! Arrays and objects that an expression makes, and one view of them and of those in the data.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::ast::Sym;
use super::budget::Charge;
use super::item::Item;
use crate::value::{Array, Number, Object, Value};

/// An array made by an expression.
#[derive(Debug)]
pub(super) struct List {
    pub(super) items: Vec<Item>,
    flags: Cell<Flags>,
    extent: Extent,
    /// Given back when the list goes.
    _charge: Charge,
}

/// How deep and how large something is. Parts that are shared count as often as they are there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    /// Levels of arrays and objects.
    pub(super) depth: u32,
    /// About how many bytes the JSON text has.
    pub(super) weight: usize,
}

impl Extent {
    fn beside(self, other: Self) -> Self {
        Self { depth: self.depth.max(other.depth), weight: self.weight.saturating_add(other.weight) }
    }

    fn enclosed(self, count: usize) -> Self {
        Self { depth: self.depth.saturating_add(1), weight: self.weight.saturating_add(count).saturating_add(2) }
    }
}

/// What the reference remembers about an array.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flags {
    /// The result of a path: single values lose the array around them.
    pub(super) sequence: bool,
    /// But not this one.
    pub(super) keep_singleton: bool,
    /// Written as an array constructor in a path, and not flattened there.
    pub(super) cons: bool,
    /// Holds the input document, which is an array.
    pub(super) outer_wrapper: bool,
}

impl Flags {
    pub(super) const SEQUENCE: Self = Self { sequence: true, keep_singleton: false, cons: false, outer_wrapper: false };
}

/// An object made by an expression.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) entries: Vec<(Arc<str>, Item)>,
    index: OnceCell<HashMap<Arc<str>, usize>>,
    extent: Extent,
    _charge: Charge,
}

/// A context item and the names bound on the way to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Tuple {
    pub(super) context: Item,
    pub(super) names: Vec<(Sym, Item)>,
}

impl Tuple {
    pub(super) fn bind(&mut self, name: Sym, item: Item) {
        match self.names.iter_mut().find(|(known, _)| *known == name) {
            Some(entry) => entry.1 = item,
            None => self.names.push((name, item)),
        }
    }
}

impl List {
    pub(super) fn new(items: Vec<Item>, flags: Flags, charge: Charge) -> Self {
        let inner = items.iter().map(Item::extent).fold(Extent::default(), Extent::beside);
        Self { extent: inner.enclosed(items.len()), items, flags: Cell::new(flags), _charge: charge }
    }

    pub(super) fn flags(&self) -> Flags {
        self.flags.get()
    }

    /// Changes an item.
    pub(super) fn change(&mut self, at: usize, change: impl FnOnce(&mut Item)) {
        if let Some(item) = self.items.get_mut(at) {
            change(item);
            self.extent = self.extent.beside(item.extent().enclosed(0));
        }
    }

    pub(super) fn set_keep_singleton(&self) {
        self.flags.set(Flags { keep_singleton: true, ..self.flags.get() });
    }

    pub(super) fn extent(&self) -> Extent {
        self.extent
    }
}

/// The whole number that a key spells as JavaScript would.
fn array_index(key: &str) -> Option<u32> {
    let first = *key.as_bytes().first()?;
    let canonical = first.is_ascii_digit() && (first != b'0' || key.len() == 1);
    key.parse().ok().filter(|index| canonical && *index < u32::MAX)
}

/// JavaScript keeps whole numbers among the keys of an object before all others, in their order.
pub(super) fn key_order(key: &Arc<str>) -> u64 {
    array_index(key).map_or(u64::MAX, u64::from)
}

/// The places of the members in JavaScript's order, where it is not that of the data.
pub(super) fn js_order(object: &Object) -> Option<Vec<usize>> {
    if !object.keys().any(|key| array_index(key).is_some()) {
        return None;
    }
    let mut order: Vec<(u64, usize)> = object.keys().enumerate().map(|(at, key)| (key_order(key), at)).collect();
    order.sort_unstable();
    Some(order.into_iter().map(|(_, at)| at).collect())
}

/// Up to this many members a scan beats a hash table.
const SCAN: usize = 12;

impl Record {
    pub(super) fn new(mut entries: Vec<(Arc<str>, Item)>, charge: Charge) -> Self {
        if entries.iter().any(|(key, _)| array_index(key).is_some()) {
            entries.sort_by_key(|(key, _)| key_order(key));
        }
        let members = entries.iter().map(|(key, item)| item.extent().beside(Extent { depth: 0, weight: key.len() }));
        let extent = members.fold(Extent::default(), Extent::beside).enclosed(entries.len());
        Self { entries, index: OnceCell::new(), extent, _charge: charge }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Item> {
        let found = if self.entries.len() <= SCAN {
            self.entries.iter().find(|(known, _)| &**known == key)
        } else {
            let index = self
                .index
                .get_or_init(|| self.entries.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect());
            index.get(key).and_then(|at| self.entries.get(*at))
        };
        found.map(|(_, item)| item)
    }

    /// Changes the value of a member.
    pub(super) fn change(&mut self, key: &str, change: impl FnOnce(&mut Item)) {
        if let Some((_, item)) = self.entries.iter_mut().find(|(known, _)| &**known == key) {
            change(item);
            self.extent = self.extent.beside(item.extent().enclosed(0));
        }
    }

    pub(super) fn extent(&self) -> Extent {
        self.extent
    }
}

/// The items of an array, wherever it comes from.
#[derive(Debug, Clone)]
pub(super) enum Elements {
    Data(Array),
    Made(Rc<List>),
    /// An item that stands for an array of itself alone.
    One(Item),
}

impl Elements {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Data(array) => array.len(),
            Self::Made(list) => list.items.len(),
            Self::One(_) => 1,
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<Item> {
        match self {
            Self::Data(array) => array.get(at).cloned().map(Item::Value),
            Self::Made(list) => list.items.get(at).cloned(),
            Self::One(item) => (at == 0).then(|| item.clone()),
        }
    }

    /// The item at `at`, which need not be copied when the expression made it.
    pub(super) fn item(&self, at: usize) -> Option<Cow<'_, Item>> {
        match self {
            Self::Data(array) => array.get(at).cloned().map(Item::Value).map(Cow::Owned),
            Self::Made(list) => list.items.get(at).map(Cow::Borrowed),
            Self::One(item) => (at == 0).then_some(Cow::Borrowed(item)),
        }
    }

    /// The item at `at`, where it lies.
    pub(super) fn at(&self, at: usize) -> Option<Held<'_>> {
        match self {
            Self::Data(array) => array.get(at).map(Held::Value),
            Self::Made(list) => list.items.get(at).map(Held::of),
            Self::One(item) => (at == 0).then(|| Held::of(item)),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Item> + '_ {
        (0..self.len()).map(|at| self.get(at).unwrap_or_default())
    }

    pub(super) fn to_vec(&self) -> Vec<Item> {
        let mut items = Vec::new();
        self.append_to(&mut items);
        items
    }

    /// Adds all items to `out`.
    pub(super) fn append_to(&self, out: &mut Vec<Item>) {
        match self {
            Self::Data(array) => out.extend(array.iter().cloned().map(Item::Value)),
            Self::Made(list) => out.extend_from_slice(&list.items),
            Self::One(item) => out.push(item.clone()),
        }
    }

    /// Whether all items are as `holds` says, and those of data as `holds_for_data` says.
    pub(super) fn all(&self, holds: impl Fn(&Item) -> bool, holds_for_data: impl Fn(&Value) -> bool) -> bool {
        match self {
            Self::Data(array) => array.iter().all(holds_for_data),
            Self::Made(list) => list.items.iter().all(holds),
            Self::One(item) => holds(item),
        }
    }

    /// The items as numbers, NaN for those that are none.
    pub(super) fn numbers(&self) -> Vec<f64> {
        let of_value = |value: &Value| value.as_number().map_or(f64::NAN, Number::as_f64);
        let of_item = |item: &Item| item.as_f64().unwrap_or(f64::NAN);
        match self {
            Self::Data(array) => array.iter().map(of_value).collect(),
            Self::Made(list) => list.items.iter().map(of_item).collect(),
            Self::One(item) => vec![of_item(item)],
        }
    }
}

/// A value where it lies, in the data or made by the expression.
#[derive(Clone, Copy)]
pub(super) enum Held<'v> {
    Item(&'v Item),
    Value(&'v Value),
}

impl<'v> Held<'v> {
    pub(super) fn of(item: &'v Item) -> Self {
        match item {
            Item::Value(value) => Self::Value(value),
            other => Self::Item(other),
        }
    }

    pub(super) fn member(self, name: &str) -> Option<Self> {
        match self {
            Self::Value(value) => value.get(name).map(Self::Value),
            Self::Item(Item::Object(record)) => record.get(name).map(Self::of).filter(|held| !held.is_undefined()),
            Self::Item(_) => None,
        }
    }

    /// Whether it is an array whose items become those of the step's result.
    pub(super) fn is_flattened(self, by_last_step: bool) -> bool {
        match self {
            Self::Value(value) => !by_last_step && matches!(value, Value::Array(_)),
            Self::Item(item) => item.is_array() && (!by_last_step || item.flags().sequence),
        }
    }

    pub(super) fn is_undefined(self) -> bool {
        matches!(self, Self::Item(Item::Undefined))
    }

    pub(super) fn to_item(self) -> Item {
        match self {
            Self::Item(item) => item.clone(),
            Self::Value(value) => Item::Value(value.clone()),
        }
    }
}

/// The members of an object, wherever it comes from.
#[derive(Debug, Clone)]
pub(super) enum Members {
    Data(Object),
    Made(Rc<Record>),
}

impl Members {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Data(object) => object.len(),
            Self::Made(record) => record.entries.len(),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<Item> {
        match self {
            Self::Data(object) => object.get(key).cloned().map(Item::Value),
            Self::Made(record) => record.get(key).cloned(),
        }
    }

    pub(super) fn nth(&self, at: usize) -> Option<(Arc<str>, Item)> {
        match self {
            Self::Data(object) => object.nth(at).map(|(key, value)| (key.clone(), Item::Value(value.clone()))),
            Self::Made(record) => record.entries.get(at).cloned(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Arc<str>, Item)> + '_ {
        let order = match self {
            Self::Data(object) => js_order(object),
            // Sorted when it was made.
            Self::Made(_) => None,
        };
        (0..self.len()).filter_map(move |at| self.nth(order.as_ref().map_or(at, |order| order[at])))
    }
}
