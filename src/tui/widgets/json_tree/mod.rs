//! A value as a tree that folds: a flat list of rows, made for what is unfolded and for nothing else.

mod draw;
mod search;

use std::collections::HashMap;

use crate::value::Value;
use crate::value::diff::{ChangeKind, Difference, Step, json_path};

/// Items of an array or object, and lines of a text, that are opened at once.
pub const PAGE: usize = 1000;
/// Bytes of a string that are shown without being asked.
pub const LONG_TEXT: usize = 4096;
/// Characters in a row of a long text.
const TEXT_ROW: usize = 200;

/// A row of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Levels under the whole value.
    pub depth: usize,
    /// The row this one is in.
    pub parent: Option<usize>,
    /// The next row in the same.
    pub next: Option<usize>,
    /// Its key or index there.
    pub step: Option<Step>,
    /// What it shows.
    pub content: Content,
    /// Whether it is unfolded; none where there is nothing to unfold.
    pub open: Option<bool>,
    /// What happened to it, or that something happened inside.
    pub mark: Option<Mark>,
}

/// What a row shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A value.
    Value(Value),
    /// A part of the long text above.
    Text(String),
    /// How many more there are; opening the row shows the next ones.
    More(usize),
}

/// A mark of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It was added, removed, or changed itself.
    Here(ChangeKind),
    /// Something inside of it.
    Inside,
}

/// Which of the two values of a difference a tree shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first.
    Before,
    /// The second.
    After,
}

/// A value as a tree that folds.
#[derive(Debug, Clone)]
pub struct JsonTree {
    value: Value,
    rows: Vec<Row>,
    /// What is unfolded, each with the number of items shown.
    open: HashMap<Vec<Step>, usize>,
    marks: HashMap<Vec<Step>, Mark>,
}

impl JsonTree {
    /// The tree of `value` with its first level unfolded.
    #[must_use]
    pub fn new(value: Value) -> Self {
        let open = HashMap::from([(Vec::new(), PAGE)]);
        let mut tree = Self { value, rows: Vec::new(), open, marks: HashMap::new() };
        tree.rebuild();
        tree
    }

    /// Shows another value; what was unfolded stays so where it still exists.
    pub fn set_value(&mut self, value: Value) {
        if !self.value.is_same(&value) {
            self.value = value;
            self.rebuild();
        }
    }

    /// Marks the differences as they show in this side; an empty difference takes the marks away.
    pub fn set_marks(&mut self, difference: &Difference, side: Side) {
        let elsewhere = if side == Side::After { ChangeKind::Removed } else { ChangeKind::Added };
        self.marks.clear();
        for change in difference.changes.iter().filter(|change| change.kind != elsewhere) {
            for length in 0..change.path.len() {
                let above = change.path.get(..length).unwrap_or_default().to_vec();
                self.marks.entry(above).or_insert(Mark::Inside);
            }
            self.marks.insert(change.path.clone(), Mark::Here(change.kind));
        }
        self.rebuild();
    }

    /// Whether any row is marked.
    #[must_use]
    pub fn has_marks(&self) -> bool {
        !self.marks.is_empty()
    }

    /// The rows there are now.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The value of row `at`; for a part of a text or a rest, that of the row it is in.
    #[must_use]
    pub fn value(&self, at: usize) -> Option<&Value> {
        let row = self.rows.get(at)?;
        match &row.content {
            Content::Value(value) => Some(value),
            _ => match &self.rows.get(row.parent?)?.content {
                Content::Value(value) => Some(value),
                _ => None,
            },
        }
    }

    /// The steps to row `at` from the whole value.
    #[must_use]
    pub fn path(&self, at: usize) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let mut row = self.rows.get(at);
        while let Some(here) = row {
            steps.extend(here.step.clone());
            row = here.parent.and_then(|parent| self.rows.get(parent));
        }
        steps.reverse();
        steps
    }

    /// The path of row `at` as JSONPath.
    #[must_use]
    pub fn json_path(&self, at: usize) -> String {
        json_path(&self.path(at))
    }

    /// Unfolds row `at`, or shows more where that is what it says.
    pub fn unfold(&mut self, at: usize) {
        let path = self.path(at);
        match self.rows.get(at).map(|row| (&row.content, row.open)) {
            Some((Content::More(_), _)) => *self.open.entry(path).or_insert(0) += PAGE,
            Some((_, Some(false))) => drop(self.open.insert(path, PAGE)),
            _ => return,
        }
        self.rebuild();
    }

    /// Folds row `at`, or when there is nothing to fold the row it is in; the row where the cursor belongs then.
    pub fn fold(&mut self, at: usize) -> usize {
        let Some(row) = self.rows.get(at) else {
            return at;
        };
        if row.open != Some(true) {
            return row.parent.unwrap_or(at);
        }
        self.open.remove(&self.path(at));
        self.rebuild();
        at
    }

    /// Folds what is unfolded and unfolds what is folded.
    pub fn toggle(&mut self, at: usize) {
        match self.rows.get(at).and_then(|row| row.open) {
            Some(true) => {
                self.fold(at);
            }
            _ => self.unfold(at),
        }
    }

    /// Unfolds what is needed to show the value at `path`; its row, or that of the last part that exists.
    pub fn reveal(&mut self, path: &[Step]) -> usize {
        for length in 0..path.len() {
            let (above, step) = (path.get(..length).unwrap_or_default(), path.get(length));
            let needed = self.position(above, step).map_or(PAGE, |position| position / PAGE * PAGE + PAGE);
            let shown = self.open.entry(above.to_vec()).or_insert(PAGE);
            *shown = needed.max(*shown);
        }
        self.rebuild();
        self.row_of(path)
    }

    /// The place of `step` among its siblings.
    fn position(&self, above: &[Step], step: Option<&Step>) -> Option<usize> {
        match (search::at(&self.value, above)?, step?) {
            (Value::Object(object), Step::Key(key)) => object.keys().position(|known| known == key),
            (Value::Array(_), Step::Index(index)) => Some(*index),
            _ => None,
        }
    }

    fn row_of(&self, path: &[Step]) -> usize {
        let mut at = 0;
        for step in path {
            let mut child = self.rows.get(at + 1).filter(|row| row.parent == Some(at)).map(|_| at + 1);
            while let Some(here) =
                child.filter(|here| self.rows.get(*here).is_some_and(|row| row.step.as_ref() != Some(step)))
            {
                child = self.rows.get(here).and_then(|row| row.next);
            }
            match child {
                Some(child) => at = child,
                None => break,
            }
        }
        at
    }

    fn rebuild(&mut self) {
        let mut build = Build { open: &self.open, marks: &self.marks, rows: Vec::new(), path: Vec::new() };
        build.value(&self.value, None, None);
        self.rows = build.rows;
    }
}

struct Build<'t> {
    open: &'t HashMap<Vec<Step>, usize>,
    marks: &'t HashMap<Vec<Step>, Mark>,
    rows: Vec<Row>,
    path: Vec<Step>,
}

impl Build<'_> {
    /// Adds the rows of `value`; the depth of this recursion is bounded by that of the value.
    fn value(&mut self, value: &Value, step: Option<Step>, parent: Option<usize>) -> usize {
        let shown = self.open.get(self.path.as_slice()).copied();
        let folds = match value {
            Value::Object(object) => !object.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::String(text) => text.len() > LONG_TEXT,
            _ => false,
        };
        let at = self.push(Content::Value(value.clone()), step, parent);
        let mark = self.marks.get(self.path.as_slice()).copied();
        if let Some(row) = self.rows.get_mut(at) {
            row.open = folds.then_some(shown.is_some());
            row.mark = mark;
        }
        if let Some(shown) = shown.filter(|_| folds) {
            self.children(value, at, shown);
        }
        at
    }

    fn children(&mut self, value: &Value, parent: usize, shown: usize) {
        let mut last = None;
        let total = match value {
            Value::Object(object) => {
                for (key, member) in object.iter().take(shown) {
                    self.child(member, Step::Key(key.clone()), parent, &mut last);
                }
                object.len()
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().take(shown) {
                    self.child(item, Step::Index(index), parent, &mut last);
                }
                items.len()
            }
            Value::String(text) => {
                let parts = parts_of(text);
                for part in parts.iter().take(shown) {
                    let at = self.push(Content::Text((*part).to_owned()), None, Some(parent));
                    self.link(&mut last, at);
                }
                parts.len()
            }
            _ => 0,
        };
        if total > shown {
            let at = self.push(Content::More(total - shown), None, Some(parent));
            self.link(&mut last, at);
        }
    }

    fn child(&mut self, value: &Value, step: Step, parent: usize, last: &mut Option<usize>) {
        self.path.push(step.clone());
        let at = self.value(value, Some(step), Some(parent));
        self.path.pop();
        self.link(last, at);
    }

    fn link(&mut self, last: &mut Option<usize>, at: usize) {
        if let Some(before) = last.and_then(|last| self.rows.get_mut(last)) {
            before.next = Some(at);
        }
        *last = Some(at);
    }

    fn push(&mut self, content: Content, step: Option<Step>, parent: Option<usize>) -> usize {
        let depth = parent.and_then(|parent| self.rows.get(parent)).map_or(0, |row| row.depth + 1);
        self.rows.push(Row { depth, parent, next: None, step, content, open: None, mark: None });
        self.rows.len() - 1
    }
}

/// A long text in rows: its lines, and long lines in parts.
fn parts_of(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for line in text.split('\n') {
        let mut rest = line;
        while let Some((end, _)) = rest.char_indices().nth(TEXT_ROW) {
            let (part, after) = rest.split_at(end);
            parts.push(part);
            rest = after;
        }
        parts.push(rest);
    }
    parts
}

#[cfg(test)]
mod tests;
