//! Pane 5: input, variables, context object and data of the branch that is looked at, as trees that fold.

mod known;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::PaneView;
use super::list::List;
use super::note;
use super::parts::{fit, has, keys, no_run, styled, text_of};
use crate::config::Role;
use crate::debug::Query;
use crate::engine::BranchId;
use crate::tui::command::{Command, Focus};
use crate::tui::look::{Look, Request, RunLook};
use crate::tui::panes::found;
use crate::tui::widgets::json_tree::{JsonTree, Mark, Side};
use crate::value::Value;
use crate::value::diff::{Difference, Step, diff};
use known::{Kind, Known, known};

pub(in crate::tui) use known::data_at;

/// Changes that are marked; who changes more changed everything.
const MARKS: usize = 500;
/// Matches that a filter unfolds.
const UNFOLDED: usize = 50;
/// Cells of a row when nobody says how many there are.
const WIDE: usize = 240;

/// The pane of input, variables and context.
#[derive(Debug, Default)]
pub struct ContextPane {
    list: List,
    sections: Vec<Section>,
    /// The rows: section, and row of its tree.
    rows: Vec<(usize, usize)>,
    filter: String,
    seen: Option<Seen>,
    /// The watched expressions of which the sections were made.
    watched: Vec<Arc<str>>,
    /// Whether the rows have to be made anew.
    stale: bool,
}

/// What a value of the pane is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The input of the execution.
    Input,
    /// The variables of a branch; the first step is the name of one.
    Variables(BranchId),
    /// The context object.
    Context,
    /// The data of the moment.
    Data,
}

/// Of what the sections were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    run: u32,
    branch: BranchId,
    inside: Option<BranchId>,
    events: usize,
    step: u64,
    stands: bool,
    /// Whether the run was made again up to the moment.
    is_remade: bool,
}

#[derive(Debug)]
struct Section {
    kind: Kind,
    label: String,
    none: Option<String>,
    tree: JsonTree,
    /// The value at the last stop.
    stop: Option<Value>,
}

impl Section {
    fn new(known: Known) -> Self {
        let mut tree = JsonTree::new(known.value);
        if matches!(known.kind, Kind::Context | Kind::Data) {
            tree.fold(0);
        }
        Self { kind: known.kind, label: known.label, none: known.none, tree, stop: None }
    }

    /// Takes what is known now. What changed since the last stop is marked when the run stands; while it goes on
    /// nothing is, as everything changes all the time.
    fn update(&mut self, known: Known, stands: bool, same_branch: bool) {
        let before = self.stop.take().filter(|_| same_branch);
        let difference = match &before {
            Some(before) if stands => diff(before, &known.value, MARKS),
            _ => Difference::default(),
        };
        self.stop = if stands { Some(known.value.clone()) } else { before };
        (self.label, self.none) = (known.label, known.none);
        self.tree.set_value(known.value);
        if self.tree.has_marks() || !difference.is_empty() {
            self.tree.set_marks(&difference, Side::After);
        }
    }

    fn spans(&self, at: usize, look: &Look<'_>) -> Vec<Span<'static>> {
        let mut spans = self.tree.spans(at, look.styles, look.glyphs);
        if self.tree.has_marks() {
            // The sign of a difference; here it is a star.
            spans.remove(0);
        }
        let row = self.tree.rows().get(at);
        let changed = row.is_some_and(|row| match row.mark {
            Some(Mark::Here(_)) => true,
            // Marked where it is seen: at the thing itself, or at what hides it.
            Some(Mark::Inside) => row.open == Some(false),
            None => false,
        });
        spans.insert(0, styled(if changed { "*" } else { " " }, Role::Changed, look));
        if at == 0 {
            let place = 2.min(spans.len());
            spans.insert(place, styled(format!("{} ", self.label), Role::Title, look));
            if let Some(why) = &self.none {
                spans.truncate(place + 1);
                spans.push(styled(format!("({why})"), Role::Muted, look));
            }
        }
        spans
    }

    /// The path by which expressions reach row `at`.
    fn path(&self, at: usize) -> Option<String> {
        let path = self.tree.json_path(at);
        let rest = path.strip_prefix('$').unwrap_or(&path);
        Some(match self.kind {
            Kind::Input => format!("$$.Execution.Input{rest}"),
            Kind::Context => format!("$${rest}"),
            Kind::Data => path,
            Kind::Watch(_) => format!("{}{rest}", self.label),
            // A variable is named without a dot.
            Kind::Variables(_) => format!("${}", rest.strip_prefix('.')?),
        })
    }
}

impl ContextPane {
    /// An empty pane.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Shows only rows with `text` in them and what these are in; all for an empty text.
    pub fn set_filter(&mut self, text: &str) {
        text.clone_into(&mut self.filter);
        self.stale = true;
        let wanted = text.to_lowercase();
        for section in self.sections.iter_mut().filter(|_| !wanted.is_empty()) {
            for path in section.tree.find(&wanted, UNFOLDED) {
                section.tree.reveal(&path);
            }
        }
    }

    /// What the rows are filtered by.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The name and value of the variable under the cursor.
    pub fn variable_under_cursor(&self, look: &Look<'_>) -> Option<(Arc<str>, Value)> {
        look.run.as_ref()?;
        let (number, row) = self.place();
        let section = self.sections.get(number).filter(|section| matches!(section.kind, Kind::Variables(_)))?;
        let path = section.tree.path(row);
        let Step::Key(name) = path.first()? else { return None };
        let value = section.tree.value(0)?.get(name)?.clone();
        Some((Arc::clone(name), value))
    }

    /// What the value under the cursor is in, and the steps to it there; none for a watched expression.
    #[must_use]
    pub fn place_under_cursor(&self) -> Option<(Source, Vec<Step>)> {
        let (number, row) = self.place();
        let section = self.sections.get(number)?;
        let path = section.tree.path(row);
        let source = match section.kind {
            Kind::Input => Source::Input,
            Kind::Context => Source::Context,
            Kind::Data => Source::Data,
            Kind::Variables(branch) => Source::Variables(branch),
            Kind::Watch(_) => return None,
        };
        Some((source, path))
    }

    fn read(&mut self, run: &RunLook<'_>, watches: &[Query]) {
        let now = Seen {
            run: run.run.number,
            branch: run.focus,
            inside: run.inside.last().copied(),
            events: run.moment.events,
            step: if run.live { run.view.steps } else { run.moment.step },
            stands: !run.live || run.view.machine.is_some(),
            is_remade: run.stood.is_some(),
        };
        let watched = watches.iter().map(Query::text).eq(self.watched.iter().map(|text| &**text));
        if self.seen == Some(now) && watched {
            return;
        }
        let same_branch =
            self.seen.is_some_and(|seen| (seen.run, seen.branch, seen.inside) == (now.run, now.branch, now.inside));
        let mut old = std::mem::take(&mut self.sections);
        self.watched = watches.iter().map(|watch| watch.text().into()).collect();
        for known in known(run, watches) {
            let is_it = |section: &Section| match known.kind {
                Kind::Watch(_) => matches!(section.kind, Kind::Watch(_)) && section.label == known.label,
                kind => section.kind == kind,
            };
            let kept = old.iter().position(is_it);
            let mut section = match kept {
                Some(at) => old.swap_remove(at),
                None => Section::new(known.again()),
            };
            section.kind = known.kind;
            let stands = now.stands && known.is_whole;
            section.update(known, stands, same_branch);
            self.sections.push(section);
        }
        self.seen = Some(now);
        self.stale = true;
    }

    /// Lists the rows of all sections, or those that pass the filter.
    fn list_rows(&mut self, look: &Look<'_>) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        let cursor = self.place();
        self.rows.clear();
        let wanted = self.filter.to_lowercase();
        for (number, section) in self.sections.iter().enumerate() {
            let shown = shown(section, &wanted, look);
            self.rows.extend(shown.into_iter().map(|row| (number, row)));
        }
        self.list.set_len(self.rows.len());
        self.select(cursor);
    }

    /// The section and row under the cursor.
    fn place(&self) -> (usize, usize) {
        self.rows.get(self.list.cursor()).copied().unwrap_or_default()
    }

    fn select(&mut self, place: (usize, usize)) {
        let row = self.rows.partition_point(|known| *known < place);
        self.list.select(row);
    }

    fn change(&mut self, look: &Look<'_>, change: impl FnOnce(&mut JsonTree, usize) -> usize) {
        let (number, row) = self.place();
        let Some(section) = self.sections.get_mut(number) else { return };
        let to = change(&mut section.tree, row);
        self.stale = true;
        self.list_rows(look);
        self.select((number, to));
    }

    fn copy(&self, command: Command, look: &Look<'_>) -> Option<Request> {
        let (number, row) = self.place();
        let section = self.sections.get(number)?;
        Some(match command {
            Command::CopyValue => Request::Copy("value", section.tree.value(row)?.to_json()),
            Command::CopyPath => Request::Copy("path", section.path(row)?),
            _ => Request::Copy("text", self.row_text(look)),
        })
    }
}

/// The rows of `section` that pass the filter, with what they are in.
fn shown(section: &Section, wanted: &str, look: &Look<'_>) -> Vec<usize> {
    let rows = section.tree.rows();
    if wanted.is_empty() {
        return (0..rows.len()).collect();
    }
    let mut shown = vec![false; rows.len()];
    for at in 0..rows.len() {
        if has(&text_of(&section.spans(at, look)), wanted) {
            let mut row = Some(at);
            // What is around a row that is shown is shown already.
            while let Some(at) = row.filter(|at| !shown.get(*at).copied().unwrap_or(true)) {
                shown[at] = true;
                row = rows.get(at).and_then(|row| row.parent);
            }
        }
    }
    (0..rows.len()).filter(|at| shown[*at]).collect()
}

impl PaneView for ContextPane {
    fn title(&self, _: &Look<'_>) -> String {
        if self.filter.is_empty() { String::new() } else { format!("\"{}\"", self.filter) }
    }

    fn draw(&mut self, look: &Look<'_>, area: Rect, focused: bool, buffer: &mut Buffer) -> Option<Position> {
        let Some(run) = &look.run else {
            self.list.clear();
            return note::draw(&no_run(look, Focus::Context).unwrap_or_default(), look, area, buffer);
        };
        self.read(run, look.watches);
        self.list_rows(look);
        if self.rows.is_empty() {
            self.list.clear();
            let keys = keys(&[(Command::Close, "shows everything")], Focus::Context);
            return note::draw(&[format!("Nothing has \"{}\" in it. {keys}.", self.filter)], look, area, buffer);
        }
        let (rows, sections, room) = (&self.rows, &self.sections, usize::from(area.width));
        self.list.draw(look, area, focused, buffer, |row| {
            let place = rows.get(row).and_then(|(number, at)| Some((sections.get(*number)?, *at)));
            place.map_or(Line::default(), |(section, at)| fit(section.spans(at, look), room, look))
        })
    }

    fn command(&mut self, command: Command, look: &Look<'_>) -> Option<Vec<Request>> {
        look.run.as_ref()?;
        if self.list.motion(command).is_some() {
            return Some(Vec::new());
        }
        let toggle = |tree: &mut JsonTree, at| {
            tree.toggle(at);
            at
        };
        match command {
            Command::Open => self.change(look, toggle),
            Command::Fold => self.change(look, JsonTree::fold),
            Command::Unfold => self.change(look, |tree, at| {
                tree.unfold(at);
                at
            }),
            Command::Close if !self.filter.is_empty() => self.set_filter(""),
            Command::CopyValue | Command::CopyPath | Command::CopyText => {
                return Some(self.copy(command, look).into_iter().collect());
            }
            _ => return None,
        }
        Some(Vec::new())
    }

    fn click(&mut self, at: Position, double: bool, look: &Look<'_>) -> Vec<Request> {
        if let Some(row) = self.list.row_at(at) {
            self.list.select(row);
            if double {
                self.command(Command::Open, look);
            }
        }
        Vec::new()
    }

    fn scroll(&mut self, rows: i32, _: &Look<'_>) {
        self.list.scroll(rows);
    }

    fn search(&mut self, text: &str, forward: bool, look: &Look<'_>) -> bool {
        let trees: Vec<_> = self.sections.iter().map(|section| &section.tree).collect();
        let Some((number, path)) = found::next(&trees, text, forward, self.place()) else { return false };
        let Some(section) = self.sections.get_mut(number) else { return false };
        let row = section.tree.reveal(&path);
        self.stale = true;
        self.list_rows(look);
        self.select((number, row));
        true
    }

    fn row_text(&self, look: &Look<'_>) -> String {
        let (number, row) = self.place();
        let spans = self.sections.get(number).map(|section| section.spans(row, look));
        spans.map(|spans| fit(spans, WIDE, look).to_string().trim().to_owned()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
