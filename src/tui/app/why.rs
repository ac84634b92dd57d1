//! What is found out on demand: expressions explained, where values come from, expressions tried and written back.

use std::sync::Arc;

use super::{Action, App, Message, Rewrite};
use crate::asl::{Definition, Language, StateId, StateKind};
use crate::config::Role;
use crate::debug::facts::{partial_context, variables_at};
use crate::debug::provenance::LinkKind;
use crate::debug::written::{expression_at, expressions, rewritten};
use crate::debug::{Link, Moment, Place, Provenance, RowKind, Setting, Tried, Visit, Written};
use crate::tui::layers::{Finding, FindingsLayer, Layer, Outcome, PlaygroundLayer};
use crate::tui::layout::Pane;
use crate::tui::look::{Look, RunLook};
use crate::tui::panes::context::{Source, context_at, data_at};
use crate::tui::panes::data::rules_of;
use crate::tui::panes::preview;
use crate::value::diff::Step;
use crate::value::{Object, Value};

/// Expressions that are explained at once.
const MOST: usize = 40;
/// Bytes of a value in a row, and of one that is shown whole.
const SHORT: usize = 120;
const LONG: usize = 1500;

/// What the cursor stands on.
struct Subject {
    /// The expressions there, each with what it sees: one in the source, those of a field in the data, else all of the
    /// state.
    written: Vec<(Written, Setting)>,
    /// The rules of a Choice, each with whether it is true, and its place.
    rules: Vec<(String, Option<usize>)>,
    /// There is no result for what is made of one: the state has not come so far, or it failed.
    lacks_result: bool,
    /// `Parameters of Charge`
    title: String,
}

impl Subject {
    fn new(title: String, written: Vec<(Written, Setting)>, run: &RunLook<'_>, visit: &Visit) -> Self {
        let lacks_result = has_result(run, visit.state) && written.iter().all(|(_, setting)| setting.result.is_none());
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
            for (written, setting) in subject.written.iter().take(MOST) {
                findings.extend(match subject.lacks_result && is_made_of_result(written) {
                    true => not_reached(written),
                    false => explained(written, &setting.evaluate(&written.text)),
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
        vec![Action::FindOut(Box::new(move || {
            let links = Provenance::new(&definition, &execution, &log, started, moment).trace(place);
            let title = links.first().map_or_else(String::new, |link| format!("Where from: {}", link.label));
            let about = match links.is_empty() {
                true => "There is nothing at this place.".to_owned(),
                false => "Newest first, what was computed from what is indented. Enter goes there.".to_owned(),
            };
            Message::Found(Box::new(FindingsLayer::new(title, about, links.iter().map(found).collect())))
        }))]
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
        let layer = match self.subject() {
            Ok(Subject { mut written, title, .. }) if written.len() == 1 && is_on_expressions => {
                let (written, setting) = written.remove(0);
                let text = written.text.clone();
                let target = definition.map(|definition| (written, definition));
                PlaygroundLayer::new(Arc::new(setting), format!("Try: {title}"), target, text)
            }
            _ => {
                let Some(visit) = run.visit else { return self.say("The run has not entered a state yet.") };
                let setting = setting_of(run, visit, None);
                let text = match setting.language {
                    Language::JsonPath => path.unwrap_or_else(|| "$".to_owned()),
                    Language::Jsonata => "$states.input".to_owned(),
                };
                let title = format!("Try: the data in {}", name(run, visit.state));
                PlaygroundLayer::new(Arc::new(setting), title, None, text)
            }
        };
        self.open_layer(Layer::Playground(Box::new(layer)))
    }

    /// The evaluation that the playground in front waits for.
    pub(super) fn next_trial(&mut self) -> Option<Action> {
        let Some(Layer::Playground(layer)) = self.layers.last_mut() else { return None };
        let (setting, text) = layer.order()?;
        Some(Action::FindOut(Box::new(move || Message::Tried(Box::new(Outcome::of(&setting, &text))))))
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
        let path = self.file.clone().ok_or("The definition has no file.")?;
        let newest = self.newest.as_ref().ok_or("The definition has no file.")?;
        if newest.text != definition.text {
            return Err("The file was changed meanwhile: open it again.".to_owned());
        }
        let text = layer.text().trim();
        let is_jsonata = written.text.starts_with("{%");
        let text = if is_jsonata && !text.starts_with("{%") { format!("{{% {text} %}}") } else { text.to_owned() };
        let new = rewritten(definition, written, &text)?;
        let read = Definition::read(&definition.name, &new);
        let is_known =
            |fault: &str| definition.diagnostics.iter().any(|known| known.is_error() && known.message == fault);
        let fault = read.diagnostics.iter().find(|fault| fault.is_error() && !is_known(&fault.message));
        match fault {
            Some(fault) => Err(format!("Not written, as it would be an error: {}.", fault.message)),
            None => Ok(Rewrite { path, old: definition.text.clone(), new }),
        }
    }
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
    [head, rest].map(|parts| Finding { parts, more: more.clone(), offset, moment: None }).into()
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

/// What the expressions of row `row` of `visit` see; of none what those see that come next.
fn setting_of(run: &RunLook<'_>, visit: &Visit, row: Option<usize>) -> Setting {
    let execution = run.run.handle().execution();
    let state = execution.machine.states.get(visit.state.0 as usize);
    let value =
        |kind: RowKind| visit.rows.iter().find(|row| row.kind == kind).and_then(|row| row.outcome.value()).cloned();
    let input = value(RowKind::StateInput).unwrap_or(Value::Null);
    let result = value(RowKind::Result).filter(|_| has_result(run, visit.state));
    let is_newest = run.visit.is_some_and(|shown| shown.entered == visit.entered);
    let data = match row.and_then(|at| visit.rows.get(at).map(|row| (at, row))) {
        // `$` of Assign is the result.
        Some((_, row)) if row.kind == RowKind::Assign && result.is_some() => result.clone(),
        Some((at, _)) => visit.rows.get(data_row_before(run, visit, at)).and_then(|row| row.outcome.value().cloned()),
        None if is_newest => data_at(run),
        None => None,
    };
    let mut variables = Object::new();
    for (_, own) in variables_at(run.log(), visit.branch, visit.entered.0 as usize).iter().rev() {
        own.iter().for_each(|(name, value)| variables.insert(name.clone(), value.clone()));
    }
    let context = match (is_newest, state) {
        (false, Some(state)) => {
            partial_context(execution, run.view.started, Some((state.name.clone(), Some(visit.entered_at))))
        }
        _ => context_at(run),
    };
    let is_caught = value(RowKind::Catch).is_some();
    Setting {
        data: data.unwrap_or_else(|| input.clone()),
        input,
        result,
        error_output: visit.fault.as_ref().filter(|_| is_caught).map(|fault| fault.output()),
        variables,
        context,
        now: run.view.now,
        language: state.map_or(Language::JsonPath, |state| state.language),
    }
}

/// The row whose value is the data before row `at`.
fn data_row_before(run: &RunLook<'_>, visit: &Visit, at: usize) -> usize {
    let states = &run.run.handle().execution().machine.states;
    let is_choice = states.get(visit.state.0 as usize).is_some_and(|state| matches!(state.kind, StateKind::Choice(_)));
    let is_data = |at: &usize| {
        visit.rows.get(*at).is_some_and(|row| {
            let changes = match row.kind {
                RowKind::Assign | RowKind::ItemSelector => false,
                RowKind::Result => !is_choice,
                _ => true,
            };
            changes && row.outcome.value().is_some()
        })
    };
    (0..at).rev().find(is_data).unwrap_or(0)
}

/// The row that shows the data of the moment.
fn newest_data(run: &RunLook<'_>, visit: &Visit) -> usize {
    data_row_before(run, visit, visit.rows.len())
}

/// The fields whose expressions make a row.
fn fields_of(kind: RowKind, run: &RunLook<'_>, visit: &Visit) -> &'static [&'static str] {
    let states = &run.run.handle().execution().machine.states;
    let kind_of_state = states.get(visit.state.0 as usize).map(|state| &state.kind);
    match kind {
        RowKind::InputPath => &["InputPath"],
        RowKind::Parameters => &["Parameters"],
        RowKind::Arguments => &["Arguments"],
        RowKind::ItemsPath => &["ItemsPath"],
        RowKind::Items => &["Items"],
        RowKind::ItemSelector => &["ItemSelector", "Parameters"],
        RowKind::ResultSelector => &["ResultSelector"],
        RowKind::ResultPath => &["ResultPath"],
        RowKind::Catch => &["Catch"],
        RowKind::OutputPath => &["OutputPath"],
        RowKind::Output | RowKind::Assign if matches!(kind_of_state, Some(StateKind::Choice(_))) => &["Choices"],
        RowKind::Output => &["Output"],
        RowKind::Assign => &["Assign"],
        RowKind::Result => match kind_of_state {
            Some(StateKind::Choice(_)) => &["Choices"],
            Some(StateKind::Fail(_)) => &["ErrorPath", "CausePath", "Error", "Cause"],
            Some(StateKind::Map(_)) => &["ItemSelector", "Parameters"],
            _ => &[],
        },
        RowKind::StateInput | RowKind::StateOutput | RowKind::ByHand => &[],
    }
}

/// The row before which the expressions of a field are evaluated.
fn row_of_field(visit: &Visit, field: &str) -> Option<usize> {
    use RowKind as R;
    let kinds: &[R] = match field {
        "InputPath" => &[R::InputPath],
        "Parameters" => &[R::Parameters, R::ItemsPath],
        "Arguments" => &[R::Arguments],
        "Items" => &[R::Items],
        "ItemsPath" | "ItemSelector" | "MaxConcurrencyPath" | "ItemReader" | "ItemBatcher" => &[R::ItemsPath, R::Items],
        "TimeoutSecondsPath" | "HeartbeatSecondsPath" | "Credentials" => &[R::Parameters],
        "ResultSelector" => &[R::ResultSelector],
        "OutputPath" | "SecondsPath" | "TimestampPath" => &[R::OutputPath],
        "Output" => &[R::Output],
        "Assign" => &[R::Assign],
        "Catch" => &[R::Catch],
        "Choices" | "ErrorPath" | "CausePath" => &[R::Result],
        _ => &[],
    };
    kinds.iter().find_map(|kind| visit.rows.iter().position(|row| row.kind == *kind))
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
    let mut findings = vec![Finding { parts: head, more: more.clone(), offset, moment: None }];
    for (span, value) in tried.parts.iter().filter(|(span, _)| span.range() != (0..tried.text.len())) {
        let part = one_line(span.text(&tried.text));
        findings.push(Finding {
            parts: vec![(Role::Accent, format!("    {part}")), (Role::Text, format!("  = {value}"))],
            more: vec![part, value.clone()],
            offset,
            moment: None,
        });
    }
    let wrong = tried.span.map(|span| span.text(&tried.text)).filter(|text| !text.is_empty());
    let place = wrong.map(|wrong| format!("  at {}", one_line(wrong))).unwrap_or_default();
    findings.push(Finding { parts: vec![(role, format!("  = {value}{place}"))], more, offset, moment: None });
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
    let visit = match link.place {
        Place::Row(visit, ..) => Some(visit),
        _ => None,
    };
    Finding {
        parts: vec![(Role::Accent, format!("{indent}{}", link.label)), (Role::Muted, passed), (role, how.clone())],
        more: vec![format!("{}{how}", link.label), value],
        moment: link.moment.map(|moment: Moment| (moment, visit)),
        offset: link.span.map(|span| span.start as usize),
    }
}
