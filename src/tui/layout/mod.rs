//! Which pane is where: a pure function of size, focus, zoom and what the user moved.

use ratatui::layout::{Position, Rect};

/// The panes; their numbers focus them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pane {
    /// 1: the definition.
    Source,
    /// 2: the graph.
    States,
    /// 3: the stages of a visit.
    Data,
    /// 4: the events.
    History,
    /// 5: input, variables, watches.
    Context,
    /// 6: branches and executions.
    Stack,
    /// 7: diagnostics and console.
    Problems,
}

impl Pane {
    /// Every pane in the order of the numbers.
    pub const ALL: [Self; 7] =
        [Self::Source, Self::States, Self::Data, Self::History, Self::Context, Self::Stack, Self::Problems];

    /// Its number, from 1.
    #[must_use]
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The pane with this number.
    #[must_use]
    pub fn numbered(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// The pane `by` places further, round the end.
    #[must_use]
    pub fn cycle(self, by: isize) -> Self {
        let count = Self::ALL.len();
        let at = (self as usize).checked_add_signed(by.rem_euclid(7)).unwrap_or(0) % count;
        Self::ALL[at]
    }
}

/// A place on the screen with a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A pane.
    Pane(Pane),
    /// Data of the selected stage: where there are two, before and after side by side or one above the other.
    Detail(u8),
}

impl Slot {
    fn index(self) -> usize {
        match self {
            Self::Pane(pane) => pane as usize,
            Self::Detail(which) => Pane::ALL.len() + usize::from(which.min(1)),
        }
    }
}

/// What the user added to or took from the sizes, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Splits {
    /// Per column, from the left.
    pub widths: [i16; 3],
    /// Per slot: the panes by number, then the two details.
    pub heights: [i16; 9],
}

/// A rule that can be dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divider {
    /// The vertical rule after this column.
    Column(usize),
    /// The horizontal rule between two slots.
    Rows {
        /// What is above.
        above: Slot,
        /// What is below, whose title the rule carries.
        below: Slot,
    },
}

impl Splits {
    /// The furthest anything is moved; what does not fit is cut when the screen is laid out.
    const LIMIT: i16 = 300;

    /// What was kept from the last time; numbers that are missing or out of all bounds do no harm.
    #[must_use]
    pub fn kept(widths: &[i16], heights: &[i16]) -> Self {
        let mut splits = Self::default();
        for (size, kept) in splits.widths.iter_mut().zip(widths).chain(splits.heights.iter_mut().zip(heights)) {
            Self::add(Some(size), *kept);
        }
        splits
    }

    /// Moves `divider` by so many columns to the right or rows down.
    pub fn drag(&mut self, divider: Divider, columns: i16, rows: i16) {
        match divider {
            Divider::Column(at) => {
                Self::add(self.widths.get_mut(at), columns);
                Self::add(self.widths.get_mut(at + 1), columns.saturating_neg());
            }
            Divider::Rows { above, below } => {
                Self::add(self.heights.get_mut(above.index()), rows);
                Self::add(self.heights.get_mut(below.index()), rows.saturating_neg());
            }
        }
    }

    fn add(to: Option<&mut i16>, by: i16) {
        if let Some(size) = to {
            *size = size.saturating_add(by).clamp(-Self::LIMIT, Self::LIMIT);
        }
    }

    fn height(&self, slot: Slot) -> i16 {
        self.heights.get(slot.index()).copied().unwrap_or(0)
    }
}

/// How much fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Under 40 × 10: only a sentence that says so.
    Sentence,
    /// Under 60 × 16, or zoomed: the focused pane.
    Single,
    /// From 60 × 16: source, states, and data or what is focused instead.
    Three,
    /// Narrow but high: the same, and context and history below.
    Tall,
    /// From 100 × 30: six panes in two columns.
    Six,
    /// From 180 × 50: all panes in three columns.
    Wide,
}

impl Kind {
    /// What fits into `area`.
    #[must_use]
    pub fn of(area: Rect, zoom: bool) -> Self {
        match (area.width, area.height) {
            (..40, _) | (_, ..10) => Self::Sentence,
            (..60, _) | (_, ..16) => Self::Single,
            _ if zoom => Self::Single,
            (180.., 50..) => Self::Wide,
            (100.., 30..) => Self::Six,
            (_, 36..) => Self::Tall,
            _ => Self::Three,
        }
    }
}

/// A slot and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// What is shown.
    pub slot: Slot,
    /// The rule above it, which carries its title.
    pub title: Rect,
    /// Where its content goes.
    pub body: Rect,
    /// Its column, from the left.
    pub column: usize,
}

/// The screen, divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// How much fits.
    pub kind: Kind,
    /// The first line.
    pub header: Rect,
    /// The last line; empty where there is no room.
    pub footer: Rect,
    /// The slots that are shown.
    pub areas: Vec<Area>,
    /// The vertical rules, each after the column of its place in the list.
    pub rules: Vec<Rect>,
    /// The rule above the footer, where there is room for one.
    pub closing: Rect,
    /// Lines above the footer: a lesson, what the last step did and the next will do.
    pub strip: Rect,
    /// Where a screen that is too small says so.
    pub sentence: Rect,
}

impl Layout {
    /// Divides `area`.
    #[must_use]
    pub fn new(area: Rect, focus: Pane, zoom: bool, splits: &Splits) -> Self {
        Self::with_strip(area, focus, zoom, splits, 0)
    }

    /// Divides `area` with so many lines above the footer, as far as the panes can spare them.
    #[must_use]
    pub fn with_strip(area: Rect, focus: Pane, zoom: bool, splits: &Splits, lines: u16) -> Self {
        let kind = Kind::of(area, zoom);
        let (header, rest) = take_top(area, 1);
        let none = Rect { height: 0, ..rest };
        let mut layout = Self {
            kind,
            header,
            footer: none,
            areas: vec![],
            rules: vec![],
            closing: none,
            strip: none,
            sentence: none,
        };
        if kind == Kind::Sentence {
            layout.sentence = rest;
            return layout;
        }
        let (rest, footer) = take_bottom(rest, 1);
        // A title and a few rows are left to the panes in any case.
        let (rest, strip) = take_bottom(rest, lines.min(rest.height.saturating_sub(5)));
        layout.strip = strip;
        let closes = kind >= Kind::Six;
        let (rest, closing) = take_bottom(rest, u16::from(closes));
        (layout.footer, layout.closing) = (footer, closing);
        layout.divide(rest, focus, splits);
        layout
    }

    fn divide(&mut self, area: Rect, focus: Pane, splits: &Splits) {
        use Pane::{Context, Data, History, Problems, Source, Stack, States};
        let pane = Slot::Pane;
        let detail = Slot::Detail;
        // Below source and states: the data, or what is focused instead.
        let lower = if matches!(focus, Source | States) { Data } else { focus };
        let lower_row = |pane| if pane == Data { vec![Slot::Pane(Data), detail(0)] } else { vec![Slot::Pane(pane)] };
        let top = vec![pane(Source), pane(States)];
        match self.kind {
            Kind::Sentence => {}
            Kind::Single => self.rows(area, &[(1, vec![pane(focus)])], splits),
            Kind::Three => self.rows(area, &[(13, top), (9, lower_row(lower))], splits),
            Kind::Tall => {
                let beside = if matches!(focus, Stack | Problems) { focus } else { History };
                let bottom = vec![pane(Context), pane(beside)];
                self.rows(area, &[(13, top), (9, lower_row(Data)), (10, bottom)], splits);
            }
            Kind::Six => {
                let left = if focus == Problems {
                    vec![(23, pane(Source)), (14, pane(Problems))]
                } else {
                    vec![(22, pane(Source)), (9, pane(Data)), (6, detail(0))]
                };
                let right = vec![(17, pane(States)), (8, pane(Context)), (9, pane(History)), (4, pane(Stack))];
                self.columns(area, &[(66, left), (53, right)], splits);
            }
            Kind::Wide => {
                let left = vec![(43, pane(Source)), (14, pane(Problems))];
                let middle = vec![(19, pane(Data)), (17, detail(0)), (20, detail(1))];
                let right = vec![(18, pane(States)), (16, pane(Context)), (10, pane(Stack)), (13, pane(History))];
                self.columns(area, &[(72, left), (65, middle), (61, right)], splits);
            }
        }
    }

    /// Rows over the whole width, each with one slot or two side by side.
    fn rows(&mut self, area: Rect, rows: &[(u16, Vec<Slot>)], splits: &Splits) {
        let extra = |slots: &[Slot]| slots.iter().map(|slot| splits.height(*slot)).sum();
        let wanted: Vec<_> = rows.iter().map(|(weight, slots)| (*weight, extra(slots))).collect();
        let mut rest = area;
        for (height, (_, slots)) in share(area.height, &wanted, 2).into_iter().zip(rows) {
            let (row, below) = take_top(rest, height);
            rest = below;
            let weights = [(53, splits.widths[0]), (47, splits.widths[1])];
            let columns = self.split(row, weights.get(..slots.len()).unwrap_or(&weights));
            for (at, (slot, column)) in slots.iter().zip(columns).enumerate() {
                self.place(*slot, column, at);
            }
        }
    }

    /// Columns over the whole height, each a pile of slots.
    fn columns(&mut self, area: Rect, columns: &[(u16, Vec<(u16, Slot)>)], splits: &Splits) {
        let widths: Vec<_> = columns.iter().zip(splits.widths).map(|((weight, _), extra)| (*weight, extra)).collect();
        let places = self.split(area, &widths);
        for (at, ((_, slots), place)) in columns.iter().zip(places).enumerate() {
            let wanted: Vec<_> = slots.iter().map(|(weight, slot)| (*weight, splits.height(*slot))).collect();
            let mut rest = place;
            for (height, (_, slot)) in share(place.height, &wanted, 2).into_iter().zip(slots) {
                let (taken, below) = take_top(rest, height);
                rest = below;
                self.place(*slot, taken, at);
            }
        }
    }

    /// Columns in `area` with a rule between each two.
    fn split(&mut self, area: Rect, wanted: &[(u16, i16)]) -> Vec<Rect> {
        let rules = u16::try_from(wanted.len().saturating_sub(1)).unwrap_or(0);
        let mut x = area.x;
        let mut out = Vec::new();
        for width in share(area.width.saturating_sub(rules), wanted, 20) {
            if !out.is_empty() {
                self.rules.push(Rect { x, width: 1, ..area });
                x += 1;
            }
            out.push(Rect { x, width, ..area });
            x += width;
        }
        out
    }

    fn place(&mut self, slot: Slot, area: Rect, column: usize) {
        let (title, body) = take_top(area, 1);
        self.areas.push(Area { slot, title, body, column });
    }

    /// The area of `pane`, if it is shown.
    #[must_use]
    pub fn pane(&self, pane: Pane) -> Option<&Area> {
        self.areas.iter().find(|area| area.slot == Slot::Pane(pane))
    }

    /// The slot whose title or body is at `position`.
    #[must_use]
    pub fn at(&self, position: Position) -> Option<&Area> {
        self.areas.iter().find(|area| area.title.contains(position) || area.body.contains(position))
    }

    /// The rule at `position`, if dragging it would do something.
    #[must_use]
    pub fn divider_at(&self, position: Position) -> Option<Divider> {
        if let Some(rule) = self.rules.iter().find(|rule| rule.contains(position)) {
            let left = self.areas.iter().find(|area| area.title.right() == rule.x && area.title.y >= rule.y)?;
            return Some(Divider::Column(left.column));
        }
        let below = self.areas.iter().find(|area| area.title.contains(position))?;
        let above =
            self.areas.iter().find(|area| area.body.bottom() == below.title.y && area.body.x == below.title.x)?;
        Some(Divider::Rows { above: above.slot, below: below.slot })
    }

    /// The rules that make `pane` larger, each with the direction in which it must be moved for that: at its right
    /// side and below it, and where there is none, at its left side and above it.
    #[must_use]
    pub fn rules_around(&self, pane: Pane) -> Vec<(Divider, i16)> {
        let Some(Area { title, body, .. }) = self.pane(pane) else { return Vec::new() };
        let at = |x: u16, y: u16| self.divider_at(Position::new(x, y));
        let right = at(title.right(), title.y).map(|rule| (rule, 1));
        let below = at(title.x, body.bottom()).map(|rule| (rule, 1));
        let beside = right.or_else(|| Some((at(title.x.checked_sub(1)?, title.y)?, -1)));
        let across = below.or_else(|| Some((at(title.x, title.y)?, -1)));
        beside.into_iter().chain(across).collect()
    }
}

fn take_top(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
}

fn take_bottom(area: Rect, height: u16) -> (Rect, Rect) {
    let (rest, taken) = take_top(area, area.height.saturating_sub(height));
    (rest, taken)
}

/// Divides `total` by weight, then adds what the user wants, no part under `least` as long as that is possible.
fn share(total: u16, wanted: &[(u16, i16)], least: u16) -> Vec<u16> {
    let count = u16::try_from(wanted.len()).unwrap_or(1).max(1);
    let least = i32::from(least.min(total / count));
    let weights: i32 = wanted.iter().map(|(weight, _)| i32::from(*weight)).sum::<i32>().max(1);
    let part = |(weight, extra): &(u16, i16)| i32::from(total) * i32::from(*weight) / weights + i32::from(*extra);
    let mut parts: Vec<i32> = wanted.iter().map(|want| part(want).max(least)).collect();
    let mut left = i32::from(total) - parts.iter().sum::<i32>();
    while left != 0 {
        // What is left goes to the first part; what is missing is taken from the largest that can give.
        let at = if left > 0 { Some(0) } else { (0..parts.len()).rev().max_by_key(|at| parts[*at]) };
        let Some(part) = at.and_then(|at| parts.get_mut(at)) else {
            break;
        };
        let by = if left > 0 { left } else { left.max(-((*part - least) / 2).max(1)) };
        *part += by;
        left -= by;
    }
    parts.into_iter().map(|part| u16::try_from(part.max(0)).unwrap_or(u16::MAX)).collect()
}

#[cfg(test)]
mod tests;
