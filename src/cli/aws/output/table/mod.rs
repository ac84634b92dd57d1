//! Tables in a frame.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::Screen;
use crate::cli::aws::python;
use crate::value::{Object, Value};

/// The table, titled `title`; nothing for an empty value.
pub(super) fn render(title: &str, value: &Value, screen: Screen) -> String {
    let mut table = Table::default();
    if !table.add(Some(title), value, 0) {
        return String::new();
    }
    table.render(screen)
}

#[derive(Default)]
struct Table {
    sections: Vec<Section>,
}

#[derive(Default)]
struct Section {
    title: String,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Frames around it.
    indent: usize,
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == 0.0,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(true) => false,
    }
}

impl Table {
    fn add(&mut self, title: Option<&str>, value: &Value, indent: usize) -> bool {
        if is_nothing(value) {
            return false;
        }
        if let Some(title) = title {
            self.open(title, indent);
        }
        match value {
            Value::Array(items) if matches!(items.first(), Some(Value::Object(_))) => {
                self.add_objects(title.unwrap_or_default(), items, indent);
            }
            Value::Array(items) => items.iter().for_each(|item| self.add_item(item)),
            Value::Object(object) => self.add_object(object, indent),
            scalar => self.add_row(vec![python::text(scalar)]),
        }
        true
    }

    fn add_item(&mut self, item: &Value) {
        match item {
            Value::Array(cells) if cells.iter().all(is_scalar) => {
                self.add_row(cells.iter().map(python::text).collect());
            }
            inner @ (Value::Array(_) | Value::Object(_)) => {
                self.add(None, inner, 0);
            }
            scalar => self.add_row(vec![python::text(scalar)]),
        }
    }

    fn add_object(&mut self, object: &Object, indent: usize) {
        let (scalars, others) = keys([object].into_iter());
        let cell = |key: &&str| object.get(key).map_or_else(String::new, python::text);
        match scalars.iter().copied().collect::<Vec<_>>()[..] {
            [] => {}
            [only] => self.add_row(vec![only.to_owned(), cell(&only)]),
            ref all => {
                self.add_headers(all);
                self.add_row(all.iter().map(cell).collect());
            }
        }
        for key in others {
            if let Some(inner) = object.get(key) {
                self.add(Some(key), inner, indent + 1);
            }
        }
    }

    fn add_objects(&mut self, title: &str, items: &[Value], indent: usize) {
        let objects: Vec<&Object> = items.iter().filter_map(Value::as_object).collect();
        let (scalars, others) = keys(objects.iter().copied());
        let headers: Vec<&str> = scalars.into_iter().collect();
        self.add_headers(&headers);
        for (at, object) in objects.into_iter().enumerate() {
            if at > 0 && !others.is_empty() {
                self.open(title, indent);
                self.add_headers(&headers);
            }
            let cell = |key: &&str| object.get(key).map_or_else(String::new, python::text);
            self.add_row(headers.iter().map(cell).collect());
            for key in &others {
                if let Some(inner) = object.get(key) {
                    self.add(Some(key), inner, indent + 1);
                }
            }
        }
    }

    fn open(&mut self, title: &str, indent: usize) {
        self.sections.push(Section { title: title.to_owned(), indent, ..Section::default() });
    }

    fn add_headers(&mut self, headers: &[&str]) {
        if let Some(section) = self.sections.last_mut() {
            section.headers = headers.iter().map(|header| (*header).to_owned()).collect();
        }
    }

    fn add_row(&mut self, mut row: Vec<String>) {
        if let Some(section) = self.sections.last_mut() {
            // Rows of other lengths get as many cells as the section has columns, or widen it.
            row.resize(row.len().max(section.columns()), String::new());
            section.rows.push(row);
        }
    }

    fn render(mut self, screen: Screen) -> String {
        let width = |sections: &[Section]| sections.iter().map(Section::outer_width).max().unwrap_or(0);
        let mut full = width(&self.sections);
        if full > screen.width {
            self.sections.iter_mut().for_each(Section::turn);
            full = width(&self.sections);
        }
        let mut out = "-".repeat(full) + "\n";
        for section in &self.sections {
            section.render(full.saturating_sub(section.indent * 2), screen.color, &mut out);
        }
        out
    }
}

/// The names of scalar members and of the others.
fn keys<'a>(objects: impl Iterator<Item = &'a Object>) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
    let (mut scalars, mut others) = (BTreeSet::new(), BTreeSet::new());
    for (key, value) in objects.flat_map(Object::iter) {
        if is_scalar(value) {
            scalars.insert(&**key)
        } else {
            others.insert(&**key)
        };
    }
    (scalars, others)
}

impl Section {
    fn columns(&self) -> usize {
        self.headers.len().max(self.rows.first().map_or(0, Vec::len))
    }

    /// The widest cell of each column.
    fn natural_widths(&self) -> Vec<usize> {
        let mut widths = vec![0; self.columns()];
        for row in self.rows.iter().chain([&self.headers]) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width_cjk());
            }
        }
        widths
    }

    fn outer_width(&self) -> usize {
        let columns: usize = self.natural_widths().iter().map(|width| width + 4).sum();
        let around = 2 + self.indent * 2;
        (columns + around).max(self.title.width_cjk() + around)
    }

    /// A single row becomes a column of names and one of values.
    fn turn(&mut self) {
        if let ([row], false) = (&self.rows[..], self.headers.is_empty()) {
            self.rows = self.headers.iter().zip(row).map(|(header, cell)| vec![header.clone(), cell.clone()]).collect();
            self.headers.clear();
        }
    }

    /// Widths of the columns that fill `full`.
    fn widths(&self, full: usize) -> Vec<usize> {
        let natural: Vec<usize> = self.natural_widths().iter().map(|width| width + 4).collect();
        let sum: usize = natural.iter().sum();
        if sum == 0 {
            return Vec::new();
        }
        let mut widths: Vec<usize> = natural.iter().map(|width| scaled(*width, full, sum)).collect();
        let mut total: usize = widths.iter().sum();
        let count = widths.len();
        for at in (0..count).cycle() {
            if total == full {
                break;
            }
            if total > full {
                widths[at] = widths[at].saturating_sub(1);
                total -= 1;
            } else {
                widths[count - 1 - at] += 1;
                total += 1;
            }
        }
        widths
    }

    fn render(&self, full: usize, color: bool, out: &mut String) {
        let mut line = |text: &str| {
            let edge = if color { dim("|") } else { "|".to_owned() }.repeat(self.indent);
            out.push_str(&format!("{edge}{text}{edge}\n"));
        };
        if !self.title.is_empty() {
            line(&centered(&self.title, full, "|"));
            if self.headers.is_empty() && self.rows.is_empty() {
                line(&format!("+{}+", "-".repeat(full.saturating_sub(2))));
            }
        }
        let widths = self.widths(full);
        if !self.headers.is_empty() {
            line(&rule(&widths));
            line(&cells(&self.headers, &widths, centered));
        }
        if self.rows.is_empty() || widths.is_empty() {
            return;
        }
        line(&rule(&widths));
        for row in &self.rows {
            line(&cells(row, &widths, |text, width, edge| left(text, width, edge, color)));
        }
        line(&rule(&widths));
    }
}

/// `width * full / sum`, halves to the even neighbour.
fn scaled(width: usize, full: usize, sum: usize) -> usize {
    let (whole, rest) = (width * full / sum, width * full % sum);
    match (rest * 2).cmp(&sum) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Equal => whole + whole % 2,
        std::cmp::Ordering::Greater => whole + 1,
    }
}

fn cells(row: &[String], widths: &[usize], cell: impl Fn(&str, usize, &str) -> String) -> String {
    let edges = std::iter::once("|").chain(std::iter::repeat(""));
    row.iter().zip(widths).zip(edges).map(|((text, width), edge)| cell(text, *width, edge)).collect()
}

fn rule(widths: &[usize]) -> String {
    let part = |(at, width): (usize, &usize)| {
        if at == 0 {
            format!("+{}+", "-".repeat(width.saturating_sub(2)))
        } else {
            format!("{}+", "-".repeat(width.saturating_sub(1)))
        }
    };
    widths.iter().enumerate().map(part).collect()
}

/// The text in the middle, after the left edge and before the right one.
fn centered(text: &str, width: usize, edge: &str) -> String {
    let before = (width / 2).saturating_sub(text.width_cjk() / 2 + 1);
    let after = width.saturating_sub(1 + edge.len() + before + text.width_cjk());
    format!("{edge}{}{text}{}|", " ".repeat(before), " ".repeat(after))
}

fn left(text: &str, width: usize, edge: &str, color: bool) -> String {
    let taken = text.width_cjk() + edge.len() + 1;
    let before = if width >= taken + 2 { 2 } else { 0 };
    let after = width.saturating_sub(taken + before);
    let text = if color { format!("\u{1b}[1m\u{1b}[34m{text}\u{1b}[0m") } else { text.to_owned() };
    format!("{edge}{}{text}{}|", " ".repeat(before), " ".repeat(after))
}

fn dim(text: &str) -> String {
    format!("\u{1b}[2m\u{1b}[33m{text}\u{1b}[0m")
}

#[cfg(test)]
mod tests;
