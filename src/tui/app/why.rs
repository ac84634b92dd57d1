//! What is found out on demand: expressions explained, where values come from, expressions tried and written back.

use std::sync::Arc;

use super::child::child;
use super::sight::{Seen, Sight, data_row_before, fields_of, newest_data, row_of_field, setting_of};
use super::{Action, App, Message, Rewrite};
use crate::asl::{Definition, Language, StateId, StateKind};
use crate::config::Role;
use crate::debug::provenance::{End, LinkKind, World};
use crate::debug::written::{expression_at, expressions, rewritten};
use crate::debug::{Link, Moment, Place, Provenance, RowKind, Run, Tried, Visit, Written};
use crate::engine::{BranchId, Execution, Log};
use crate::load;
use crate::runtime::View;
use crate::text::Diagnostic;
use crate::tui::layers::{Finding, FindingsLayer, Layer, Outcome, PlaygroundLayer};
use crate::tui::layout::Pane;
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::context::Source;
use crate::tui::panes::data::rules_of;
use crate::tui::panes::preview;
use crate::value::Timestamp;
use crate::value::diff::Step;

/// Expressions that are explained at once.
const MOST: usize = 40;
/// Bytes of a value in a row, and of one that is shown whole.
const SHORT: usize = 120;
const LONG: usize = 1500;

/// What the cursor stands on.
struct Subject {
    /// The expressions there, each with what it sees: one in the source, those of a field in the data, else all of the
    /// state.
    written: Vec<(Written, Sight)>,
    /// The rules of a Choice, each with whether it is true, and its place.
    rules: Vec<(String, Option<usize>)>,
    /// There is no result for what is made of one: the state has not come so far, or it failed.
    lacks_result: bool,
    /// `Parameters of Charge`
    title: String,
}

impl Subject {
    fn new(title: String, written: Vec<(Written, Sight)>, run: &RunLook<'_>, visit: &Visit) -> Self {
        let lacks = |sight: &Sight| sight.setting().result.is_none();
        let lacks_result = has_result(run, visit.state) && written.iter().all(|(_, sight)| lacks(sight));
        Self { written, rules: Vec::new(), lacks_result, title }
    }
}

impl App {
    // ---- why

    /// Explains the expressions under the cursor.
    pub(super) fn explain(&mut self) -> Vec<Action> {
        let subject = match self.subject() {
            Ok(subject) => subject,
            Err(why) => return self.refuse(why),
        };
        if subject.written.is_empty() {
            return self.refuse(format!("{}: there is no expression here.", subject.title));
        }
        vec![Action::FindOut(Box::new(move || {
            let mut findings = rules_found(&subject.rules);
            let mut known = Seen::default();
            for (written, sight) in subject.written.into_iter().take(MOST) {
                let setting = known.exactly(sight);
                findings.extend(match subject.lacks_result && is_made_of_result(&written) {
                    true => not_reached(&written),
                    false => explained(&written, &setting.evaluate(&written.text)),
                });
            }
            let about = "Each expression with its parts, inner ones first. Enter goes to the line.".to_owned();
            Message::Found(Box::new(FindingsLayer::new(format!("Why: {}", subject.title), about, findings)))
        }))]
    }

    /// What the cursor is on, and what expressions see there at the moment that is looked at.
    fn subject(&self) -> Result<Subject, String> {
        let look = self.scene.look();
        let run = look.run.as_ref().ok_or("No run yet; s starts one.")?;
        let definition = look.definition.ok_or("No definition.")?;
        let nothing = "The run has not entered a state yet.";
        match self.focus {
            Pane::Source => {
                let place = self.panes.source.offset(&look);
                let written = place.and_then(|(offset, line)| expression_at(definition, offset, line));
                let state = written.as_ref().map(|written| written.state);
                let state = state.or_else(|| self.panes.source.state_under_cursor(&look));
                let state = state.ok_or("No expression here: the cursor belongs on a path, a call, or JSONata.")?;
                let visit = visit_to(run, state).ok_or("The run has not come to this state yet.")?;
                Ok(match written {
                    Some(written) => {
                        let title = format!("{} of {}", written.label, name(run, state));
                        let setting = setting_of(run, &visit, row_of_field(&visit, &written.field));
                        Subject::new(title, vec![(written, setting)], run, &visit)
                    }
                    None => all_of(definition, run, &visit, &look),
                })
            }
            Pane::Data => {
                let visit = run.visit.ok_or(nothing)?;
                let (at, _, path) = self.panes.data.place_under_cursor(&look).ok_or(nothing)?;
                let row = visit.rows.get(at).ok_or(nothing)?;
                let fields = fields_of(row.kind, run, visit);
                let all = fields.iter().flat_map(|field| expressions(definition, visit.state, Some(field)));
                let mut written: Vec<_> = all.collect();
                // On a member of a template its own expression says it all.
                let wanted = label_of(&path);
                if let Some(own) = written.iter().position(|written| is_at(&written.label, &wanted)) {
                    written = vec![written.swap_remove(own)];
                }
                let title = format!("{} of {}", row.label, name(run, visit.state));
                let setting = setting_of(run, visit, Some(at));
                let written = written.into_iter().map(|written| (written, setting.clone())).collect();
                let rules = if row.kind == RowKind::Result { rules_of(run, visit, &look) } else { Vec::new() };
                Ok(Subject { rules, ..Subject::new(title, written, run, visit) })
            }
            _ => Ok(all_of(definition, run, run.visit.ok_or(nothing)?, &look)),
        }
    }

    // ---- where from

    /// Tells where the value under the cursor comes from.
    pub(super) fn where_from(&mut self) -> Vec<Action> {
        let look = self.scene.look();
        let Some(run) = look.run.as_ref() else { return self.say("No run yet; s starts one.") };
        let Some(place) = self.value_under_cursor(run) else {
            return self.refuse("No value here: the cursor belongs on one in the data (3) or the context (5).");
        };
        let (log, execution) = (run.log().clone(), run.run.handle().execution().clone());
        let (definition, started, moment) = (run.run.definition.clone(), run.view.started, run.moment);
        let (around, inside) = (around(run), run.inside.to_vec());
        let others = self.other_runs(run);
        vec![Action::FindOut(Box::new(move || {
            let provenance = Provenance::new(&definition, &execution, &log, started, moment);
            let around = around.iter().map(Elsewhere::world).collect();
            let others = others.iter().map(Elsewhere::world).collect();
            let links = provenance.inside_of(around, inside).beside(others).trace(place);
            let title = links.first().map_or_else(String::new, |link| format!("Where from: {}", link.label));
            let about = match links.is_empty() {
                true => "There is nothing at this place.".to_owned(),
                false => "Newest first, what was computed from what is indented. Enter goes there.".to_owned(),
            };
            Message::Found(Box::new(FindingsLayer::new(title, about, links.iter().map(found).collect())))
        }))]
    }

    /// The other runs, which tasks of this one may have started, and the other way round.
    fn other_runs(&self, run: &RunLook<'_>) -> Vec<Elsewhere> {
        let others = self.runs.iter().filter(|other| other.number != run.run.number);
        others.map(|other| Elsewhere::of(other, &other.view(), Vec::new())).collect()
    }

    fn value_under_cursor(&self, run: &RunLook<'_>) -> Option<Place> {
        let look = self.scene.look();
        let visit = run.visit?;
        match self.focus {
            Pane::Context => {
                let (source, path) = self.panes.context.place_under_cursor()?;
                Some(match source {
                    Source::Input => Place::Input(path),
                    Source::Context => Place::Context(visit.entered, visit.branch, path),
                    Source::Data => Place::Row(visit.entered, newest_data(run, visit), path),
                    Source::Variables(branch) => {
                        let Some((Step::Key(name), rest)) = path.split_first() else { return None };
                        Place::Variable(branch, run.moment.events, name.clone(), rest.to_vec())
                    }
                })
            }
            Pane::Data => {
                let (at, before, path) = self.panes.data.place_under_cursor(&look)?;
                let row = if before { data_row_before(run, visit, at) } else { at };
                Some(Place::Row(visit.entered, row, path))
            }
            _ => Some(Place::Row(visit.entered, newest_data(run, visit), Vec::new())),
        }
    }

    /// Goes to the moment and place of the row under the cursor.
    pub(super) fn look_at_finding(&mut self) -> Vec<Action> {
        let Some(Layer::Findings(layer)) = self.layers.pop() else { return Vec::new() };
        let Some(finding) = layer.selected().cloned() else { return Vec::new() };
        if let (Some((moment, visit)), Some(run)) = (finding.moment, &mut self.scene.run) {
            if let Some(inside) = finding.inside.filter(|inside| *inside != run.inside) {
                run.look_inside(inside);
                run.refresh();
            }
            run.look_at(moment);
            run.pinned = visit;
        }
        self.refresh();
        if let Some(offset) = finding.offset {
            self.panes.source.show(offset, &self.scene.look());
        }
        Vec::new()
    }

    // ---- the playground

    /// Opens the playground on the expression under the cursor, or on the data of the moment.
    pub(super) fn try_out(&mut self) -> Vec<Action> {
        let path = if self.focus == Pane::Context { self.path_under_cursor() } else { None };
        let look = self.scene.look();
        let Some(run) = look.run.as_ref() else { return self.say("No run yet; s starts one.") };
        let definition = look.definition.cloned();
        // Elsewhere the cursor is on data, not on an expression.
        let is_on_expressions = matches!(self.focus, Pane::Source | Pane::Data);
        let (layer, sight) = match self.subject() {
            Ok(Subject { mut written, title, .. }) if written.len() == 1 && is_on_expressions => {
                let (written, sight) = written.remove(0);
                let text = written.text.clone();
                let target = definition.map(|definition| (written, definition));
                let setting = Arc::new(sight.setting().clone());
                (PlaygroundLayer::new(setting, format!("Try: {title}"), target, text), sight)
            }
            _ => {
                let Some(visit) = run.visit else { return self.say("The run has not entered a state yet.") };
                let sight = setting_of(run, visit, None);
                let setting = sight.setting().clone();
                let text = match setting.language {
                    Language::JsonPath => path.unwrap_or_else(|| "$".to_owned()),
                    Language::Jsonata => "$states.input".to_owned(),
                };
                let title = format!("Try: the data in {}", name(run, visit.state));
                (PlaygroundLayer::new(Arc::new(setting), title, None, text), sight)
            }
        };
        let mut actions = self.open_layer(Layer::Playground(Box::new(layer)));
        if sight.is_open() {
            actions.push(Action::FindOut(Box::new(move || Message::Sighted(Box::new(Seen::default().exactly(sight))))));
        }
        actions
    }

    /// What the playground in front sees was found out exactly.
    pub(super) fn sighted(&mut self, setting: crate::debug::Setting) {
        if let Some(Layer::Playground(layer)) = self.layers.last_mut() {
            layer.see(Arc::new(setting));
        }
    }

    /// The evaluation that the playground in front waits for.
    pub(super) fn next_trial(&mut self) -> Option<Action> {
        let Some(Layer::Playground(layer)) = self.layers.last_mut() else { return None };
        let (setting, text) = layer.order()?;
        Some(Action::FindOut(Box::new(move || Message::Tried(Box::new(Outcome::of(setting, &text))))))
    }

    pub(super) fn tried(&mut self, outcome: Outcome) {
        let playground = self.layers.iter_mut().rev().find_map(|layer| match layer {
            Layer::Playground(playground) => Some(playground),
            _ => None,
        });
        if let Some(playground) = playground {
            playground.take(outcome);
        }
    }

    /// Writes the expression of the playground into the file.
    pub(super) fn write_back(&mut self) -> Vec<Action> {
        let Some(Layer::Playground(layer)) = self.layers.last() else { return Vec::new() };
        match self.rewrite(layer) {
            Ok(rewrite) => {
                self.layers.pop();
                vec![Action::WriteDefinition(Box::new(rewrite))]
            }
            Err(why) => {
                if let Some(Layer::Playground(layer)) = self.layers.last_mut() {
                    layer.refuse(why);
                }
                Vec::new()
            }
        }
    }

    fn rewrite(&self, layer: &PlaygroundLayer) -> Result<Rewrite, String> {
        let Some((written, definition)) = layer.target() else {
            return Err("There is no place for it: open it (T) with the cursor on an expression.".to_owned());
        };
        let newest = self.newest.as_ref().ok_or("The definition has no file.")?;
        let path = self.edited_file().filter(|_| self.file.is_some()).ok_or("The definition has no file.")?;
        let written = match newest.text == definition.text {
            true => written.clone(),
            false => counterpart(written, definition, newest)
                .ok_or("The file says something else there by now: r starts a run that shows it.")?,
        };
        let text = layer.text().trim();
        let is_jsonata = written.text.starts_with("{%");
        let text = if is_jsonata && !text.starts_with("{%") { format!("{{% {text} %}}") } else { text.to_owned() };
        let new = rewritten(newest, &written, &text)?;
        let known = faults(&newest.name, &newest.text);
        match faults(&newest.name, &new).into_iter().find(|fault| !known.contains(fault)) {
            Some(fault) => Err(format!("Not written, as it would be an error: {fault}.")),
            None => Ok(Rewrite { path, old: newest.text.clone(), new }),
        }
    }
}

/// Another execution that a way back may lead into.
struct Elsewhere {
    log: Log,
    execution: Arc<Execution>,
    started: Timestamp,
    inside: Vec<BranchId>,
}

impl Elsewhere {
    fn of(run: &Run, view: &View, inside: Vec<BranchId>) -> Self {
        Self { log: view.log.clone(), execution: run.handle().execution().clone(), started: view.started, inside }
    }

    fn world(&self) -> World<'_> {
        World::new(&self.log, &self.execution, self.started, self.inside.clone())
    }
}

/// The executions around the child execution that is looked at, outermost first.
fn around(run: &RunLook<'_>) -> Vec<Elsewhere> {
    let at = |depth: usize| {
        let inside = run.inside.get(..depth)?;
        if depth == 0 {
            let execution = run.root.machine.as_ref().map(|machine| machine.execution().clone());
            let execution = execution.unwrap_or_else(|| run.run.execution_of_root().clone());
            return Some(Elsewhere {
                log: run.root.log.clone(),
                execution,
                started: run.root.started,
                inside: Vec::new(),
            });
        }
        let (run, view) = child(run.run, run.root, inside)?;
        Some(Elsewhere::of(&run, &view, inside.to_vec()))
    };
    (0..run.inside.len()).map_while(at).collect()
}

/// The same expression of the same state in another version of the definition, as long as nobody changed it.
fn counterpart(written: &Written, definition: &Definition, newest: &Definition) -> Option<Written> {
    let state = definition.machine.as_ref()?.states.get(written.state.0 as usize)?;
    let state = newest.machine.as_ref()?.find(&state.name)?;
    let all = expressions(newest, state, Some(&written.field));
    all.into_iter().find(|other| (&other.label, &other.text) == (&written.label, &written.text))
}

/// What is wrong with the definitions in the file `name` with this text. What it refers to is not read: it stays the same.
fn faults(name: &str, text: &str) -> Vec<String> {
    let loaded = load::file(name, text.as_bytes(), &load::Settings::default(), &|_| Err("not read".to_owned()));
    let all = loaded.entries.into_iter().flat_map(|entry| entry.definition.diagnostics);
    all.filter(Diagnostic::is_error).map(|fault| fault.message).collect()
}

/// All expressions of the state of a visit.
fn all_of(definition: &Definition, run: &RunLook<'_>, visit: &Visit, look: &Look<'_>) -> Subject {
    let setting = |field: &str| setting_of(run, visit, row_of_field(visit, field));
    let all = expressions(definition, visit.state, None).into_iter().take(MOST);
    let written = all.map(|written| (setting(&written.field), written)).map(|(setting, written)| (written, setting));
    let title = name(run, visit.state).to_owned();
    Subject { rules: rules_of(run, visit, look), ..Subject::new(title, written.collect(), run, visit) }
}

/// The findings about the rules of a Choice.
fn rules_found(rules: &[(String, Option<usize>)]) -> Vec<Finding> {
    let row = |(text, offset): &(String, Option<usize>)| Finding {
        more: vec![text.split_whitespace().collect::<Vec<_>>().join(" ")],
        offset: *offset,
        ..Finding::of(Role::Text, text.clone())
    };
    rules.iter().map(row).collect()
}

/// Whether a state of this kind has a result of its own, which the fields after it work on.
fn has_result(run: &RunLook<'_>, state: StateId) -> bool {
    let state = run.run.handle().execution().machine.states.get(state.0 as usize);
    state.is_some_and(|state| matches!(state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)))
}

/// Whether the expression works on the result of its state.
fn is_made_of_result(written: &Written) -> bool {
    matches!(&*written.field, "ResultSelector" | "OutputPath" | "Output" | "Assign")
}

/// The rows about an expression that nothing was there for.
fn not_reached(written: &Written) -> Vec<Finding> {
    let offset = Some(written.span.start as usize);
    let why = "not reached: the state has no result";
    let more = vec![written.text.clone(), why.to_owned()];
    let head = vec![(Role::Title, format!("{}  ", written.label)), (Role::Text, one_line(&written.text))];
    let rest = vec![(Role::Muted, format!("  {why}"))];
    [head, rest].map(|parts| Finding { parts, more: more.clone(), offset, ..Finding::default() }).into()
}

fn name<'r>(run: &'r RunLook<'_>, state: StateId) -> &'r str {
    run.run.handle().execution().machine.states.get(state.0 as usize).map_or("", |state| &*state.name)
}

/// The visit that is looked at, if it is one to `state`, else the last one to it.
fn visit_to(run: &RunLook<'_>, state: StateId) -> Option<Visit> {
    if let Some(visit) = run.visit.filter(|visit| visit.state == state) {
        return Some(visit.clone());
    }
    let entered = run.log().last_visit(state, run.moment.events)?;
    let machine = &run.run.handle().execution().machine;
    Visit::at(&run.run.definition, machine, run.log(), entered, run.moment)
}

/// The steps as labels of expressions are written: `/amount`, `/list[0]`.
fn label_of(path: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Key(key) => format!("/{key}"),
        Step::Index(at) => format!("[{at}]"),
    };
    path.iter().map(step).collect()
}

/// Whether the label is that of the member, or of what the member is in.
fn is_at(label: &str, wanted: &str) -> bool {
    let member = label.find(['/', '[']).map_or("", |at| &label[at..]);
    let member = member.strip_suffix(".$").unwrap_or(member);
    let rest = wanted.strip_prefix(member);
    !member.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '[']))
}

/// The rows about an expression.
fn explained(written: &Written, tried: &Tried) -> Vec<Finding> {
    let (role, value) = match &tried.value {
        Ok(Some(value)) => (Role::Ok, preview(value, SHORT)),
        Ok(None) => (Role::Failed, "nothing (undefined)".to_owned()),
        Err(why) => (Role::Failed, why.clone()),
    };
    let text = one_line(&tried.text);
    if written.label.ends_with("ResultPath") {
        let offset = Some(written.span.start as usize);
        let parts = vec![
            (Role::Title, format!("{}  ", written.label)),
            (Role::Text, text),
            (Role::Muted, "  names the place in the input that the result is written to".to_owned()),
        ];
        return vec![Finding { parts, offset, ..Finding::default() }];
    }
    let full = match &tried.value {
        Ok(Some(value)) => preview(value, LONG),
        _ => value.clone(),
    };
    let offset = Some(written.span.start as usize);
    let more = [vec![tried.text.clone(), full], tried.hint.iter().cloned().collect()].concat();
    let head = vec![(Role::Title, format!("{}  ", written.label)), (Role::Text, text)];
    let mut findings = vec![Finding { parts: head, more: more.clone(), offset, ..Finding::default() }];
    for (span, value) in tried.parts.iter().filter(|(span, _)| span.range() != (0..tried.text.len())) {
        let part = one_line(span.text(&tried.text));
        findings.push(Finding {
            parts: vec![(Role::Accent, format!("    {part}")), (Role::Text, format!("  = {value}"))],
            more: vec![part, value.clone()],
            offset,
            ..Finding::default()
        });
    }
    let wrong = tried.span.map(|span| span.text(&tried.text)).filter(|text| !text.is_empty());
    let place = wrong.map(|wrong| format!("  at {}", one_line(wrong))).unwrap_or_default();
    findings.push(Finding { parts: vec![(role, format!("  = {value}{place}"))], more, offset, ..Finding::default() });
    let hints = tried.hint.iter().map(|hint| Finding { offset, ..Finding::of(Role::Text, format!("    {hint}")) });
    findings.extend(hints);
    findings
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The row about a link.
fn found(link: &Link) -> Finding {
    let indent = "  ".repeat(link.depth);
    let (role, how) = match link.kind {
        LinkKind::From if link.how.is_empty() => (Role::Muted, String::new()),
        LinkKind::From => (Role::Text, format!("  = {}", one_line(&link.how))),
        LinkKind::Computed => (Role::Changed, format!("  computed: {}", one_line(&link.how))),
        // Where outside it was says all, and must not be cut.
        LinkKind::End(End::Outside) if !link.how.is_empty() => (Role::Ok, format!("  {}", one_line(&link.how))),
        LinkKind::End(end) => {
            let how = if link.how.is_empty() { String::new() } else { format!(": {}", one_line(&link.how)) };
            (Role::Ok, format!("  {}{how}", end.words()))
        }
    };
    let passed = match link.passed {
        0 => String::new(),
        1 => "  (through 1 state)".to_owned(),
        many => format!("  (through {many} states)"),
    };
    let value = link.value.as_ref().map(|value| preview(value, LONG)).unwrap_or_default();
    let place = match &link.place {
        Place::Within(_, place) => place,
        place => place,
    };
    let visit = match place {
        Place::Row(visit, ..) => Some(*visit),
        _ => None,
    };
    Finding {
        parts: vec![(Role::Accent, format!("{indent}{}", link.label)), (Role::Muted, passed), (role, how.clone())],
        more: vec![format!("{}{how}", link.label), value],
        moment: link.moment.filter(|_| link.inside.is_some()).map(|moment: Moment| (moment, visit)),
        inside: link.inside.clone(),
        offset: link.span.map(|span| span.start as usize),
    }
}
