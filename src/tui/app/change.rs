//! Runs changed by hand: data, variables, ways past a state; other runs out of one; runs side by side.

use std::sync::Arc;

use super::scene::RunScene;
use super::{Action, App, CompareOrder, ForkOrder};
use crate::asl::aligned;
use crate::debug::{Fork, Side, compare, resumable_step};
use crate::engine::{BranchId, Change, ChangeKind};
use crate::tui::layers::{CompareLayer, Compared, Layer, ResumeLayer, ValueLayer, ValuePurpose};
use crate::tui::look::Request;
use crate::tui::panes::context::data_at;
use crate::value::{self, Value};

/// Where a change is made.
struct Target {
    /// The branch, behind those that stand for the child executions around it.
    branches: Vec<BranchId>,
    /// The steps made until the moment.
    at: u64,
    /// The run stands there now, so that it is changed itself; else another run is made of it.
    is_live: bool,
    /// It stands at a failure, which a change takes back.
    is_failing: bool,
    /// The state.
    state: String,
}

impl App {
    /// Where the user looks: the branch and moment that a change is about.
    fn target(&self) -> Result<Target, String> {
        let Some(scene) = &self.scene.run else { return Err("No run yet; s starts one.".to_owned()) };
        let is_done = scene.view.status.is_done();
        if scene.past.is_none() && !is_done && !scene.view.paused {
            return Err("The run goes on: Space pauses it.".to_owned());
        }
        if !scene.inside.is_empty() && (scene.past.is_some() || is_done) {
            // Its moments are counted in steps of its own.
            return Err("What a child execution did is changed from the run around it: u goes there.".to_owned());
        }
        let machine = &scene.run.handle().execution().machine;
        let state = scene.here.and_then(|state| machine.states.get(state.0 as usize));
        Ok(Target {
            branches: scene.inside.iter().copied().chain([scene.focus]).collect(),
            at: steps_at(scene),
            is_live: scene.past.is_none() && !is_done,
            is_failing: scene.past.is_none() && scene.failure().is_some(),
            state: state.map_or_else(|| "the start".to_owned(), |state| state.name.to_string()),
        })
    }

    /// Opens the editor of the data, or of the variable under the cursor of the context pane.
    pub(super) fn edit_data(&mut self) -> Vec<Action> {
        let target = match self.target() {
            Ok(target) => target,
            Err(why) => return self.say(why),
        };
        let look = self.scene.look();
        let variable = match self.focus {
            crate::tui::layout::Pane::Context => self.panes.context.variable_under_cursor(&look),
            _ => None,
        };
        let layer = if let Some((name, value)) = variable {
            let title = format!("Variable ${name} in {}", target.state);
            ValueLayer::new(ValuePurpose::Variable(name), title, about(&target), &value)
        } else {
            let data = look.run.as_ref().and_then(data_at).unwrap_or(Value::Null);
            ValueLayer::new(ValuePurpose::Data, format!("Data in {}", target.state), about(&target), &data)
        };
        self.open_layer(Layer::Value(Box::new(layer)))
    }

    /// Changes the data to `text`, or a variable if it begins with `$NAME =`.
    pub(super) fn set_data(&mut self, text: &str) -> Vec<Action> {
        let named = text.strip_prefix('$').and_then(|rest| rest.split_once('='));
        let (name, json) = named.map_or((None, text), |(name, json)| (Some(name.trim()), json));
        let value = match value::read(json.trim()) {
            Ok(value) => value,
            Err(error) => return self.refuse(format!("No JSON: {error}.")),
        };
        self.change(match name {
            Some(name) => ChangeKind::Variable { name: name.into(), value },
            None => ChangeKind::Data(value),
        })
    }

    /// Leaves the state with `text` as its output.
    pub(super) fn leave_with(&mut self, text: &str) -> Vec<Action> {
        match value::read(text) {
            Ok(output) => self.change(ChangeKind::Leave { output, to: None }),
            Err(error) => self.refuse(format!("No JSON: {error}.")),
        }
    }

    /// Opens the editor of the output with which the state is left.
    pub(super) fn skip_state(&mut self) -> Vec<Action> {
        let target = match self.target() {
            Ok(target) => target,
            Err(why) => return self.say(why),
        };
        let data = self.scene.look().run.as_ref().and_then(data_at).unwrap_or(Value::Null);
        let title = format!("Output of {}, which is left with it", target.state);
        let layer = ValueLayer::new(ValuePurpose::Output, title, about(&Target { is_failing: false, ..target }), &data);
        self.open_layer(Layer::Value(Box::new(layer)))
    }

    /// Leaves the state for the one under the cursor.
    pub(super) fn jump_to_cursor(&mut self) -> Vec<Action> {
        let Some(to) = self.state_under_cursor() else { return self.say("The cursor is on no state.") };
        let output = self.scene.look().run.as_ref().and_then(data_at).unwrap_or(Value::Null);
        self.change(ChangeKind::Leave { output, to: Some(to) })
    }

    /// Does the state again.
    pub(super) fn do_again(&mut self) -> Vec<Action> {
        self.change(ChangeKind::Again)
    }

    /// Takes what was written in the value editor.
    pub(super) fn value_written(&mut self) -> Vec<Action> {
        let Some(Layer::Value(layer)) = self.layers.last() else { return Vec::new() };
        let Ok(value) = layer.value() else {
            // The line under the editor says where.
            return Vec::new();
        };
        let kind = match layer.purpose() {
            ValuePurpose::Data => ChangeKind::Data(value),
            ValuePurpose::Variable(name) => ChangeKind::Variable { name: Arc::clone(name), value },
            ValuePurpose::Output => ChangeKind::Leave { output: value, to: None },
        };
        let actions = self.change(kind);
        if self.change_was_taken {
            self.layers.pop();
        } else if let (Some(Layer::Value(layer)), Some(why)) = (self.layers.last_mut(), &self.status) {
            layer.refuse(why.clone());
        }
        actions
    }

    /// Changes the run that stands, or makes another one out of a moment of the past.
    fn change(&mut self, kind: ChangeKind) -> Vec<Action> {
        self.change_was_taken = false;
        let target = match self.target() {
            Ok(target) => target,
            Err(why) => return self.refuse(why),
        };
        let change = Change { branches: target.branches.clone(), kind };
        if !target.is_live {
            self.change_was_taken = true;
            return self.fork_with(target.at, vec![change], None);
        }
        let Some(scene) = &self.scene.run else { return Vec::new() };
        if let Some(Err(refused)) = scene.root_view.machine.as_ref().map(|machine| machine.check_change(&change)) {
            return self.refuse(format!("Not possible: {refused}."));
        }
        let to = match change.kind {
            ChangeKind::Leave { to: Some(to), .. } => Some(&scene.run.handle().execution().machine.state(to).name),
            _ => None,
        };
        let words =
            to.map_or_else(|| words(&change.kind, &target), |to| format!("{} was left for {to}.", target.state));
        scene.run.change(change);
        self.change_was_taken = true;
        self.say(format!("{words} g u takes it back."))
    }

    /// Makes another run out of the moment that is looked at; asks first when the definition changed.
    pub(super) fn fork(&mut self) -> Vec<Action> {
        let keeps_old = matches!(self.layers.last(), Some(Layer::Resume(_)));
        if keeps_old {
            self.layers.pop();
        }
        let target = match self.target() {
            Ok(target) => target,
            Err(why) => return self.say(why),
        };
        if !keeps_old && let Some(layer) = self.resume_layer() {
            return self.open_layer(Layer::Resume(Box::new(layer)));
        }
        self.fork_with(target.at, Vec::new(), None)
    }

    /// What going on with the newest definition means, if it is another than that of the run.
    fn resume_layer(&self) -> Option<ResumeLayer> {
        let (scene, newest) = (self.scene.run.as_ref()?, self.good.as_ref()?);
        if newest.text == scene.run.definition.text {
            return None;
        }
        let changes = scene.run.changes_to(newest)?;
        let machine = aligned(newest.machine.as_ref()?, scene.run.definition.machine.as_ref()?);
        Some(ResumeLayer::new(Arc::clone(newest), &machine, &changes, scene.here))
    }

    /// Goes on with the definition that was asked about.
    pub(super) fn resume(&mut self) -> Vec<Action> {
        let Some(Layer::Resume(layer)) = self.layers.pop() else { return Vec::new() };
        match self.target() {
            Ok(target) => self.fork_with(target.at, Vec::new(), Some(Arc::clone(layer.definition()))),
            Err(why) => self.say(why),
        }
    }

    fn fork_with(
        &mut self,
        at: u64,
        changes: Vec<Change>,
        definition: Option<Arc<crate::asl::Definition>>,
    ) -> Vec<Action> {
        let Some(scene) = &self.scene.run else { return Vec::new() };
        let run = scene.run.clone();
        let number = self.next_number();
        let fork = Fork { number, at, changes, definition, size: None };
        match self.tasks() {
            Ok(tasks) => {
                let breakpoints = self.scene.breakpoints.clone();
                vec![Action::Fork(Box::new(ForkOrder { run, fork, breakpoints, tasks }))]
            }
            Err(why) => self.say(why),
        }
    }

    /// A run that was made out of another.
    pub(super) fn forked(&mut self, run: crate::debug::Run, from: u32) -> Vec<Action> {
        // Others may have been started meanwhile.
        let number = self.next_number();
        let run = run.numbered(number);
        self.current = Some(self.runs.len());
        self.keep_rate(&run);
        self.scene.run = Some(RunScene::new(run.clone()));
        self.runs.push(run);
        self.say(format!("Run {number} goes on from here, run {from} stays as it was; g = compares them."))
    }

    /// Goes back to before the last change by hand, in a new run.
    pub(super) fn undo_change(&mut self) -> Vec<Action> {
        let Some(scene) = &self.scene.run else { return self.say("No run yet; s starts one.") };
        let last = scene.view.log.changes.iter().rev().find(|change| change.step <= scene.moment.step);
        let Some(step) = last.map(|change| change.step.saturating_sub(1)) else {
            return self.say("Nothing was changed by hand up to this moment.");
        };
        self.fork_with(step, Vec::new(), None)
    }

    // ---- side by side

    /// Compares the run under the cursor of the list, or the one that the run was made of, with the current one.
    pub(super) fn compare(&mut self) -> Vec<Action> {
        let current = self.current;
        let other = match self.layers.last() {
            Some(Layer::Runs(layer)) => Some(layer.selected()).filter(|at| Some(*at) != current),
            _ => current.and_then(|at| at.checked_sub(1)),
        };
        let runs = other.zip(current).and_then(|(other, current)| self.runs.get(other).zip(self.runs.get(current)));
        let Some((left, right)) = runs else {
            return self.say("Two runs are needed: g r lists them, = there compares one with the current run.");
        };
        let order = CompareOrder { left: left.clone(), right: right.clone() };
        vec![Action::Compare(Box::new(order))]
    }

    pub(super) fn compared(&mut self, compared: Compared) -> Vec<Action> {
        self.layers.retain(|layer| !matches!(layer, Layer::Runs(_)));
        self.open_layer(Layer::Compare(Box::new(CompareLayer::new(compared))))
    }

    /// Looks at the visit that is chosen in the comparison.
    pub(super) fn look_at_compared(&mut self) -> Vec<Action> {
        let Some(Layer::Compare(layer)) = self.layers.pop() else { return Vec::new() };
        let Some((number, visit)) = layer.selected() else { return Vec::new() };
        if let Some(at) = self.runs.iter().position(|run| run.number == number) {
            self.look_at_run(at);
        }
        self.request(Request::LookAtEvent(visit.0 as usize))
    }
}

/// The steps that the run had made at the moment that is looked at; of one that has ended those before its end.
fn steps_at(scene: &RunScene) -> u64 {
    match scene.past {
        Some(moment) => moment.step,
        None => resumable_step(&scene.root_view),
    }
}

fn about(target: &Target) -> String {
    if target.is_failing {
        "What failed is done again with this, when the run goes on.".to_owned()
    } else if target.is_live {
        "The run goes on with this.".to_owned()
    } else {
        "Another run goes on with this from the moment that is shown.".to_owned()
    }
}

fn words(kind: &ChangeKind, target: &Target) -> String {
    let state = &target.state;
    match kind {
        ChangeKind::Data(_) if target.is_failing => {
            format!("The data in {state} was changed: what failed is done again with it.")
        }
        ChangeKind::Data(_) => format!("The data in {state} was changed."),
        ChangeKind::Variable { name, .. } => format!("${name} was changed."),
        ChangeKind::Leave { .. } => format!("{state} was left."),
        ChangeKind::Again => format!("{state} is done again."),
    }
}

impl CompareOrder {
    /// Compares them as they are now; takes time in proportion to what happened in them.
    #[must_use]
    pub fn compare(self) -> Compared {
        let Self { left, right } = self;
        let logs = (left.view().log.clone(), right.view().log.clone());
        let machines = (&left.handle().execution().machine, &right.handle().execution().machine);
        let comparison =
            compare(Side { log: &logs.0, machine: machines.0 }, Side { log: &logs.1, machine: machines.1 });
        Compared { logs, comparison, left, right }
    }
}
