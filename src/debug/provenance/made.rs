//! How the value of a place was made: one step back.

use std::sync::Arc;

use super::{End, Place, Provenance};
use crate::asl::{Catcher, Filling, PathField, ResultPath, State, StateKind};
use crate::debug::inspect::{RowKind, Visit};
use crate::engine::{BranchId, ChangeKind, EventId, Fault};
use crate::query::{JsonPath, Payload, Places, Template};
use crate::text::Span;
use crate::value::Value;
use crate::value::diff::Step;

/// How a value was made.
#[derive(Debug)]
pub(super) enum Made {
    /// It is the value at another place.
    From { next: Place, how: String, span: Option<Span> },
    /// It was computed from, or put together of, the values at other places.
    Of { parts: Vec<Place>, how: String, span: Option<Span> },
    /// Here the way ends.
    End { end: End, how: String, span: Option<Span> },
}

impl Made {
    pub(super) fn end(end: End) -> Self {
        Self::End { end, how: String::new(), span: None }
    }

    /// It passed on as it was.
    pub(super) fn same(next: Place) -> Self {
        Self::From { next, how: String::new(), span: None }
    }
}

/// Where an expression of a visit stands, and what it sees.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) visit: EventId,
    /// The branch whose variables and item it sees.
    pub(super) branch: BranchId,
    /// `$` of a JSONPath state.
    pub(super) dollar: Place,
    /// `$states.input`
    pub(super) input: Place,
    /// `$states.result` or `$states.errorOutput`, where there is one.
    pub(super) result: Option<Place>,
    /// The item of a Map Run that it is about, which no branch stands for.
    pub(super) item: Option<usize>,
    /// The events that were written when it was evaluated.
    pub(super) events: usize,
    /// The field, for its place in the definition.
    pub(super) span: Option<Span>,
}

impl<'l> Provenance<'l> {
    /// How the value at `place` was made.
    pub(super) fn made(&mut self, place: &Place) -> Made {
        let made = match place {
            Place::Row(visit, row, path) => self.visit(*visit).and_then(|visit| self.made_in(&visit, *row, path)),
            Place::Item(branch, path) => self.made_for_iteration(*branch, path),
            Place::Variable(branch, events, name, path) => {
                let path = [vec![Step::Key(name.clone())], path.clone()].concat();
                let assigned = self.assigned(*branch, *events, name);
                assigned.map(|(visit, row)| Made::same(Place::Row(visit, row, path)))
            }
            Place::Context(_, branch, path) => Some(self.made_in_context(*branch, path)),
            Place::RunItem(visit, item, path) => self.made_in_run_item(*visit, *item, path),
            Place::Input(path) => Some(self.given(path)),
            Place::Within(world, place) => {
                let made = self.within(*world, |own| own.made(place));
                return self.wrapped(made, *world);
            }
        };
        made.unwrap_or_else(|| Made::end(End::Unknown))
    }

    fn made_in_run_item(&mut self, visit: EventId, item: usize, path: &[Step]) -> Option<Made> {
        let visit = self.visit(visit)?;
        let execution = self.execution;
        let StateKind::Map(map) = &execution.machine.states.get(visit.state.0 as usize)?.kind else { return None };
        let key = |step: &'_ Step| match step {
            Step::Key(key) => key.to_string(),
            Step::Index(_) => String::new(),
        };
        let names: Vec<String> = path.iter().take(3).map(key).collect();
        match names.join(".").as_str() {
            "Map.Item.Value" => {
                let rest = path.get(3..)?;
                // The value of an entry stands apart from its key.
                let row = self.data_before(&visit, Self::row(&visit, RowKind::Result)?);
                let items = Place::Row(visit.entered, row, Vec::new());
                if let (None, Some(Value::Object(entries))) = (&map.distributed.reader, self.value(&items)) {
                    let key = entries.nth(item)?.0.clone();
                    return Some(Made::same(items.inside(&[Step::Key(key)]).inside(rest)));
                }
                self.item_at(&visit, map, item, rest)
            }
            _ => Some(self.made_in_context(visit.branch, path)),
        }
    }

    fn made_in_context(&mut self, branch: BranchId, path: &[Step]) -> Made {
        let key = |at: usize| match path.get(at) {
            Some(Step::Key(key)) => &**key,
            _ => "",
        };
        match (key(0), key(1), key(2)) {
            ("Execution", "Input", _) => Made::same(Place::Input(path[2..].to_vec())),
            ("Map", "Item", "Value") => match self.iteration(branch).and_then(|iteration| self.item(iteration)) {
                Some(item) => Made::same(item.inside(&path[3..])),
                None => Made::end(End::Outside),
            },
            _ => Made::end(End::Context),
        }
    }

    fn made_in(&mut self, visit: &Visit, row: usize, path: &[Step]) -> Option<Made> {
        let execution = self.execution;
        let state = execution.machine.states.get(visit.state.0 as usize)?;
        let kind = visit.rows.get(row)?.kind;
        let before = || Place::Row(visit.entered, self.data_before(visit, row), Vec::new());
        let input = Place::Row(visit.entered, 0, Vec::new());
        Some(match kind {
            RowKind::StateInput => return self.entered_with(visit, path),
            RowKind::ByHand => Made::end(End::ByHand),
            RowKind::StateOutput if self.is_left_by_hand(visit) => Made::end(End::ByHand),
            RowKind::StateOutput => Made::same(before().inside(path)),
            RowKind::InputPath => self.path_field(&state.input_path, &self.site(visit, before(), "InputPath"), path),
            RowKind::OutputPath => self.path_field(&state.output_path, &self.site(visit, before(), "OutputPath"), path),
            RowKind::ItemsPath => match &state.kind {
                StateKind::Map(map) => {
                    let site = self.site(visit, before(), "ItemsPath");
                    self.jsonpath(map.items_path.as_ref()?, &site, path)
                }
                _ => return None,
            },
            RowKind::Parameters => {
                self.template(state.parameters.as_ref()?, &self.site(visit, before(), "Parameters"), path)
            }
            RowKind::ResultSelector => {
                let site = self.site(visit, before(), "ResultSelector");
                self.template(state.result_selector.as_ref()?, &site, path)
            }
            RowKind::Arguments => {
                self.payload(state.arguments.as_ref()?, &self.site(visit, before(), "Arguments"), path)
            }
            RowKind::Items => match &state.kind {
                StateKind::Map(map) => self.payload(map.items.as_ref()?, &self.site(visit, before(), "Items"), path),
                _ => return None,
            },
            RowKind::Output => {
                let rule = self.rule(visit);
                let payload = rule.map_or(state.output.as_ref(), |rule| rule.output.as_ref())?;
                let field = if rule.is_some() { "Choices" } else { "Output" };
                let site = Site { result: self.result(visit), ..self.site(visit, before(), field) };
                self.payload(payload, &site, path)
            }
            RowKind::Assign => return self.assigned_in(visit, state, path),
            RowKind::Result => return self.work(visit, state, path),
            RowKind::ResultPath => {
                let how = visit.rows.get(row)?.expression.clone();
                let span = state.field("ResultPath").map(|field| field.value);
                self.merged(&state.result_path, (before(), input), path, (how, span))
            }
            RowKind::Catch => {
                let (_, catcher) = self.catcher(visit, state)?;
                let span = Some(catcher.span);
                match (&catcher.output, &catcher.result_path) {
                    (Some(payload), _) => {
                        let site = Site { span, ..self.site(visit, input, "Catch") };
                        self.payload(payload, &site, path)
                    }
                    (None, ResultPath::Path(target)) => self.caught(target, (input, span), path),
                    (None, ResultPath::Discard) => Made::same(input.inside(path)),
                    (None, ResultPath::Whole) => Made::End { end: End::Error, how: String::new(), span },
                }
            }
            RowKind::ItemSelector => return None,
        })
    }

    /// What the expressions of field `field` see, whose `$` is `dollar`.
    pub(super) fn site(&self, visit: &Visit, dollar: Place, field: &str) -> Site {
        let state = self.execution.machine.states.get(visit.state.0 as usize);
        Site {
            visit: visit.entered,
            branch: visit.branch,
            dollar,
            input: Place::Row(visit.entered, 0, Vec::new()),
            result: None,
            item: None,
            events: visit.entered.0 as usize,
            span: state.and_then(|state| state.field(field)).map(|field| field.value),
        }
    }

    /// The result of the work, for what may read it.
    pub(super) fn result(&self, visit: &Visit) -> Option<Place> {
        let row = Self::row(visit, RowKind::Result)?;
        let is_there = visit.rows.get(row)?.outcome.value().is_some();
        is_there.then(|| Place::Row(visit.entered, row, Vec::new()))
    }

    /// The rule of a Choice that was true.
    fn rule(&self, visit: &Visit) -> Option<&'l crate::asl::ChoiceRule> {
        let execution = self.execution;
        let StateKind::Choice(choice) = &execution.machine.states.get(visit.state.0 as usize)?.kind else {
            return None;
        };
        let number =
            visit.rows.iter().find(|row| row.kind == RowKind::Result)?.outcome.value()?.as_number()?.as_i64()?;
        choice.rules.get(usize::try_from(number).ok()?)
    }

    /// The catcher that took the failure of a visit.
    pub(super) fn catcher<'s>(&self, visit: &Visit, state: &'s State) -> Option<(Option<Arc<Fault>>, &'s Catcher)> {
        let row = visit.rows.iter().find(|row| row.kind == RowKind::Catch)?;
        row.outcome.value()?;
        // Where it is known who failed, that decides; else the only one there is.
        let fault = self.fault(visit);
        let matching = |fault: &Fault| {
            state.catch.iter().find(|catcher| catcher.error_equals.iter().any(|name| fault.matches(name)))
        };
        let only = || if state.catch.len() == 1 { state.catch.first() } else { None };
        let catcher = fault.as_deref().and_then(matching).or_else(only)?;
        Some((fault, catcher))
    }

    /// The failure of a visit, also one that came from inside.
    fn fault(&self, visit: &Visit) -> Option<Arc<Fault>> {
        if let Some(fault) = &visit.fault {
            return Some(fault.clone());
        }
        let records = self.log.stages_of(visit.entered);
        let caught = records.iter().find(|record| record.stage == crate::engine::Stage::Catch)?.step;
        let until = self.log.stages.partition_point(|record| record.step < caught);
        let around = |record: &crate::engine::StageRecord| self.log.branch_path(record.branch).contains(&visit.branch);
        let mut inner = self.log.stages.range(until.saturating_sub(1000), until).rev();
        inner.find_map(|record| record.outcome.as_ref().err().filter(|_| around(record)).cloned())
    }

    fn is_left_by_hand(&self, visit: &Visit) -> bool {
        let exit = self.log.exit_of(visit.entered).map(|exit| exit.step);
        self.log.changes.iter().any(|change| {
            matches!(change.kind, ChangeKind::Leave { .. })
                && change.branch == visit.branch
                && Some(change.step) == exit
        })
    }

    pub(super) fn path_field(&mut self, field: &PathField, site: &Site, path: &[Step]) -> Made {
        match field {
            PathField::Whole => Made::same(site.dollar.inside(path)),
            PathField::Null => Made::End { end: End::Literal, how: "null".to_owned(), span: site.span },
            PathField::Path(field) => self.jsonpath(field, site, path),
        }
    }

    /// The part `rest` of what a path finds.
    pub(super) fn jsonpath(&mut self, path: &JsonPath, site: &Site, rest: &[Step]) -> Made {
        let base = self.root(path, site);
        let (how, span) = (path.text().to_owned(), site.span);
        let places = self.value(&base).and_then(|document| path.places(&document));
        match (places, rest) {
            (Some(Places::One(place)), _) => Made::From { next: base.inside(&place).inside(rest), how, span },
            (Some(Places::Each(places)), [Step::Index(at), rest @ ..]) if *at < places.len() => {
                Made::From { next: base.inside(&places[*at]).inside(rest), how, span }
            }
            (Some(Places::Each(places)), []) if !places.is_empty() => {
                let parts = places.iter().take(super::MOST_PARTS).map(|place| base.inside(place)).collect();
                Made::Of { parts, how, span }
            }
            _ => Made::Of { parts: vec![base], how, span },
        }
    }

    fn assigned_in(&mut self, visit: &Visit, state: &State, path: &[Step]) -> Option<Made> {
        let caught = self.catcher(visit, state);
        let filling = match (&caught, self.rule(visit)) {
            (Some((_, catcher)), _) => catcher.assign.clone()?,
            (None, Some(rule)) => rule.assign.clone()?,
            (None, None) => state.assign.clone()?,
        };
        let result = self.result(visit);
        let work = Self::row(visit, RowKind::Result).unwrap_or_else(|| {
            let is_later = |kind| matches!(kind, RowKind::OutputPath | RowKind::Output | RowKind::Assign);
            visit.rows.iter().position(|row| is_later(row.kind)).unwrap_or(0)
        });
        let dollar = match (&caught, &result) {
            (None, Some(result)) if !matches!(state.kind, StateKind::Choice(_)) => result.clone(),
            _ => Place::Row(visit.entered, self.data_before(visit, work), Vec::new()),
        };
        let field = match (&caught, &state.kind) {
            (Some(_), _) => "Catch",
            (None, StateKind::Choice(_)) => "Choices",
            _ => "Assign",
        };
        let result = result.filter(|_| caught.is_none());
        let site = Site { result, ..self.site(visit, dollar, field) };
        Some(match (&filling, &caught) {
            // `$` is the error output there, which stands in no row.
            (Filling::Template(_), Some((_, catcher))) => {
                Made::End { end: End::Error, how: String::new(), span: Some(catcher.span) }
            }
            (Filling::Template(template), None) => self.template(template, &site, path),
            (Filling::Payload(payload), _) => self.payload(payload, &site, path),
        })
    }

    /// The part `path` of a payload template.
    pub(super) fn template(&mut self, template: &Template, site: &Site, path: &[Step]) -> Made {
        let site = Site { span: self.span_of(site.span, path), ..site.clone() };
        self.templated(template, &site, path)
    }

    /// The part `path` of a payload.
    pub(super) fn payload(&mut self, payload: &Payload, site: &Site, path: &[Step]) -> Made {
        let site = Site { span: self.span_of(site.span, path), ..site.clone() };
        self.paid(payload, &site, path)
    }
}
