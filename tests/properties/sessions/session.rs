//! A run and somebody who debugs it: what is done next is decided by numbers, which pick among what there is then.

use std::sync::Arc;

use asldb::asl::Definition;
use asldb::debug::past::Past;
use asldb::debug::timeline::{self, Direction};
use asldb::debug::{
    Breakpoint, Breakpoints, Fork, Moment, Plan, Query, Run, SharedBreakpoints, StepSize, Tally, Thread, Visit,
    resumable_step,
};
use asldb::engine::{BranchId, Change, ChangeKind, Execution, Machine, Outcome};
use asldb::runtime::{Clock, Rate, Start, Tasks, View};
use asldb::value::Value;

use super::deeds::Deed;

/// More pauses than any session has breakpoints and steps typed ahead.
const MANY: usize = 1000;

/// A run that is debugged.
pub(super) struct Session {
    pub(super) run: Run,
    tasks: Arc<dyn Tasks>,
    /// The clock of a run that is made of this one.
    clock: fn() -> Clock,
    rate: Rate,
    breakpoints: Breakpoints,
    tally: Tally,
    /// It was made of another one and stands where that was: its tasks are asked for again when it goes on.
    is_fresh: bool,
    /// Something was done that counts as a step of the machine.
    pub(super) has_more_steps: bool,
}

impl Session {
    /// Stands before the first step.
    pub(super) async fn begin(
        (definition, made): &(Arc<Definition>, Execution),
        tasks: Arc<dyn Tasks>,
        clock: fn() -> Clock,
    ) -> Self {
        let at = clock().now();
        let start = Start::new(made.clone(), at, clock(), Arc::clone(&tasks));
        let (run, driver) = Run::adopt(start, Arc::clone(definition), &SharedBreakpoints::default());
        run.pause();
        tokio::spawn(driver.run(false));
        let (rate, breakpoints) = (Rate::REAL, Breakpoints::default());
        let (tally, is_fresh, has_more_steps) = (Tally::default(), false, false);
        let session = Self { run, tasks, clock, rate, breakpoints, tally, is_fresh, has_more_steps };
        session.settled().await;
        session
    }

    /// Waits until it stands, waits or has ended.
    async fn settled(&self) -> Arc<View> {
        let mut views = self.run.handle().views();
        let view = views.wait_for(|view| is_settled(view)).await.expect("the run is held");
        Arc::clone(&view)
    }

    /// Gives an order and waits for what comes of it.
    async fn order(&self, give: impl FnOnce(&Run)) -> Arc<View> {
        let mut views = self.run.handle().views();
        views.mark_unchanged();
        give(&self.run);
        loop {
            views.changed().await.expect("the run is held");
            let view = views.borrow_and_update().clone();
            if is_settled(&view) {
                return view;
            }
        }
    }

    /// Does one thing, as far as it can be done now.
    pub(super) async fn perform(&mut self, deed: Deed, pick: u16) -> Arc<View> {
        let view = self.run.view();
        let number = usize::from(pick);
        self.is_fresh &=
            !matches!(deed, Deed::Step | Deed::Over | Deed::Out | Deed::RunTo | Deed::Continue | Deed::Detach);
        match deed {
            Deed::Step => self.order(|run| run.go(StepSize::Stage)).await,
            Deed::Over => self.order(|run| run.go(StepSize::Next)).await,
            Deed::Out => self.order(|run| run.go(StepSize::Finish)).await,
            Deed::RunTo => {
                let states = &self.run.handle().execution().machine;
                let state = states.ids().nth(number % states.states.len()).expect("a state");
                self.order(|run| run.go(StepSize::RunTo(state))).await
            }
            Deed::Continue => self.order(|run| run.go(StepSize::Continue)).await,
            Deed::Pause => self.order(Run::pause).await,
            Deed::Break => {
                // Where failures are held, a step more stands between a failure and what becomes of it.
                self.has_more_steps |= number % 8 == 6;
                self.breakpoints.add(self.breakpoint(number));
                self.order(|run| run.set_breakpoints(&self.breakpoints)).await
            }
            Deed::Clear => {
                let some = self.breakpoints.iter().nth(number % 4).map(|breakpoint| breakpoint.number);
                match some {
                    Some(some) => drop(self.breakpoints.remove(some)),
                    None => self.breakpoints.clear(),
                }
                self.order(|run| run.set_breakpoints(&self.breakpoints)).await
            }
            Deed::Focus => {
                let thread = threads(&view).into_iter().cycle().nth(number % 64).unwrap_or(Thread::MAIN);
                self.order(|run| run.focus(thread)).await
            }
            Deed::Lock => {
                self.has_more_steps = true;
                let one = (!number.is_multiple_of(4)).then(|| view.branches.get(number % view.branches.len().max(1)));
                self.order(|run| run.lock(one.flatten().map(|branch| branch.id))).await
            }
            Deed::LockAll => {
                self.has_more_steps = true;
                let branch = view.branches.get(number % view.branches.len().max(1)).map(|branch| branch.id);
                if view.paused {
                    self.order(|run| run.lock(branch)).await;
                }
                self.order(|run| run.lock(Some(BranchId::MAIN))).await
            }
            Deed::Look => {
                self.look(&view, number);
                view
            }
            Deed::GoBack => {
                let moment = self.look(&view, number);
                self.fork(moment.step.min(view.steps), None).await
            }
            Deed::Rate => {
                self.rate = RATES[number % RATES.len()];
                self.order(|run| run.set_rate(self.rate)).await
            }
            Deed::Skip if can_only_wait(&view, self.is_fresh) => self.order(Run::skip_wait).await,
            Deed::Detach => self.order(Run::detach).await,
            Deed::Attach => self.order(Run::attach).await,
            Deed::EditData => self.edit_and_back(&view, number, data_of).await,
            Deed::EditVariable => self.edit_and_back(&view, number, variable_of).await,
            Deed::EditAndGoBack => self.edit_and_go_back(&view, number).await,
            Deed::Reload => {
                let text = self.run.definition.text.clone();
                let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
                let text = if number.is_multiple_of(2) { format!("{json:#}\n") } else { json.to_string() };
                let definition = Definition::read(&self.run.definition.name, &text);
                self.fork(resumable_step(&view), Some(Arc::new(definition))).await
            }
            Deed::Skip => view,
        }
    }

    /// Lets everything go, to its end.
    pub(super) async fn finish(&mut self) -> Arc<View> {
        self.order(|run| run.set_breakpoints(&Breakpoints::default())).await;
        if self.has_more_steps {
            self.order(|run| run.lock(None)).await;
        }
        let mut view = self.order(|run| run.set_rate(Rate::Skips)).await;
        for _ in 0..MANY {
            if view.status.is_done() {
                return view;
            }
            view = if view.paused {
                self.order(|run| run.go(StepSize::Continue)).await
            } else {
                // Somebody is about to answer.
                let mut views = self.run.handle().views();
                let next = views.wait_for(|view| view.paused || view.status.is_done()).await.expect("the run is held");
                Arc::clone(&next)
            };
        }
        panic!("no end after {MANY} pauses");
    }

    // ---- what was

    /// Makes the run again up to `at` and goes on with that one.
    pub(super) async fn fork(&mut self, at: u64, definition: Option<Arc<Definition>>) -> Arc<View> {
        (self.has_more_steps, self.is_fresh) = (true, true);
        let before = self.run.view();
        let fork = Fork { number: 2, at, changes: Vec::new(), definition, size: None };
        let made = self.run.fork(fork, &self.breakpoints, (self.clock)(), Arc::clone(&self.tasks));
        self.run = made.unwrap_or_else(|refused| panic!("{refused}"));
        let view = self.settled().await;
        let events = before.log.events_at(at);
        let ids = |view: &View| view.log.events.range(0, events).map(|e| (e.id, e.at, e.step)).collect::<Vec<_>>();
        assert_eq!(ids(&view), ids(&before), "a moment is what it was");
        assert!(view.log.events.len() == events, "a moment has no more events than it had");
        if self.rate == Rate::REAL { view } else { self.order(|run| run.set_rate(self.rate)).await }
    }

    /// Goes back by each of the ways there are; returns where the last one leads.
    fn look(&mut self, view: &View, number: usize) -> Moment {
        let (log, execution) = (&view.log, self.run.handle().execution());
        let newest = Moment::newest(log);
        let branch = log.events.get(number % log.events.len().max(1)).map(|event| event.branch);
        let state = execution.machine.ids().nth(number % execution.machine.states.len()).expect("a state");
        let mut moment = newest;
        for _ in 0..number % 12 {
            let Some(before) = timeline::step(log, moment, Direction::Back) else { break };
            let forth = timeline::step(log, before, Direction::Forward).map(|moment| moment.step);
            let stands_at = if moment == newest { last_seen(view) } else { moment.step };
            assert_eq!(forth, Some(stands_at), "forth again is where it was");
            moment = before;
        }
        let past = Past { log, execution, started: view.started };
        let plan = Plan::new(&self.breakpoints, &execution.machine);
        let found = match number / 12 % 7 {
            0 => timeline::entry(log, moment, Direction::Back, None),
            1 => timeline::entry(log, moment, Direction::Back, branch),
            2 => timeline::entry_of(log, moment, Direction::Back, state),
            3 => past.stop(&plan, moment, Direction::Back).map(|(moment, _)| moment),
            4 => {
                let query = Query::compile("$").expect("a path");
                past.last_change(&query, branch.unwrap_or(BranchId::MAIN), moment).map(|change| change.moment)
            }
            5 => Some(Moment::after_event(log, number % (log.events.len() + 1))),
            _ => None,
        };
        let moment = found.unwrap_or(moment);
        self.tally.seek(&execution.machine, log, moment.events);
        if let Some(visit) = log.last_visit(state, moment.events) {
            Visit::at(&self.run.definition, &execution.machine, log, visit, moment).expect("a visit");
        }
        moment
    }

    // ---- changes by hand

    fn breakpoint(&self, number: usize) -> Breakpoint {
        let machine = &self.run.handle().execution().machine;
        let name = &machine.states[number / 8 % machine.states.len()].name;
        let text = match number % 8 {
            0 | 1 => format!("{name}"),
            2 => format!("{name} at exit if $.a > 1"),
            3 => format!("{name} after 2"),
            4 => format!("{name} at Result in 1 once"),
            5 => format!("{name} log the data is {{$}}"),
            6 => return Breakpoint::parse_catch("error", machine).expect("a breakpoint"),
            _ => return Breakpoint::parse_change("$.a").expect("a breakpoint"),
        };
        // Not each state has a result.
        let plain = |_| Breakpoint::parse(name, None, machine);
        Breakpoint::parse(&text, None, machine).or_else(plain).expect("a breakpoint")
    }

    /// Changes what `of` finds in one of the threads to something else and back.
    async fn edit_and_back(
        &mut self,
        view: &Arc<View>,
        number: usize,
        of: fn(&Machine, &Thread) -> Option<ChangeKind>,
    ) -> Arc<View> {
        let Some(machine) = view.machine.as_ref().filter(|_| view.paused) else { return Arc::clone(view) };
        let all = threads(view);
        let found = all.iter().cycle().skip(number % all.len().max(1)).take(all.len()).find_map(|thread| {
            let change = Change { branches: path_of(thread), kind: of(machine, thread)? };
            machine.check_change(&change).is_ok().then_some(change)
        });
        let Some(back) = found else { return Arc::clone(view) };
        self.has_more_steps = true;
        let mut edit = back.clone();
        match &mut edit.kind {
            ChangeKind::Data(value) | ChangeKind::Variable { value, .. } => *value = Value::from("by hand"),
            _ => {}
        }
        self.order(|run| run.change(edit)).await;
        self.order(|run| run.change(back)).await
    }

    async fn edit_and_go_back(&mut self, view: &Arc<View>, number: usize) -> Arc<View> {
        let Some(machine) = view.machine.as_ref().filter(|_| view.paused) else { return Arc::clone(view) };
        let value = Value::from("by hand");
        let kind = match number % 5 {
            0 => ChangeKind::Data(value),
            1 => ChangeKind::Variable { name: "v1".into(), value },
            2 => ChangeKind::Leave { output: value, to: None },
            3 => ChangeKind::Leave { output: value, to: machine.execution().machine.ids().nth(number % 3) },
            _ => ChangeKind::Again,
        };
        let all = threads(view);
        let found = all.iter().map(|thread| Change { branches: path_of(thread), kind: kind.clone() });
        let Some(change) = found.into_iter().find(|change| machine.check_change(change).is_ok()) else {
            return Arc::clone(view);
        };
        let at = view.steps;
        self.order(|run| run.change(change)).await;
        let size = [StepSize::Stage, StepSize::Next, StepSize::Continue][number / 5 % 3];
        self.order(|run| run.go(size)).await;
        self.fork(at, None).await
    }
}

/// The rates that a user chooses among; at a thousand times, a moment of a busy computer is a timeout.
const RATES: [Rate; 5] = [Rate::Stands, Rate::Times(1), Rate::Times(10), Rate::Times(100), Rate::Skips];

fn is_settled(view: &View) -> bool {
    view.paused || view.waiting || view.status.is_done()
}

/// The step of the newest event or stage.
fn last_seen(view: &View) -> u64 {
    let (event, stage) =
        (view.log.events.last().map(|event| event.step), view.log.stages.last().map(|stage| stage.step));
    event.max(stage).unwrap_or_default()
}

/// Whether nothing but time makes it go on, so that a wait that is skipped is one that it would have come to.
fn can_only_wait(view: &View, is_fresh: bool) -> bool {
    let Some(machine) = view.machine.as_deref() else { return false };
    let waits = matches!(machine.clone().step(&mut view.log.clone()), Outcome::Waiting(_));
    // Tasks that are asked for again are answered at once, before anything that waits.
    waits && !machine.is_held_back() && !(is_fresh && machine.next_resume().is_some())
}

/// The branches that are under way, those of child executions as well.
fn threads(view: &View) -> Vec<Thread> {
    fn of(machine: &Machine, inside: &[BranchId], found: &mut Vec<Thread>) {
        for branch in machine.branches() {
            match branch.child() {
                Some(child) => of(&child.machine, &[inside, &[branch.id]].concat(), found),
                None => found.push(Thread { inside: inside.to_vec(), branch: branch.id }),
            }
        }
    }
    let mut found = Vec::new();
    if let Some(machine) = &view.machine {
        of(machine, &[], &mut found);
    }
    found
}

fn path_of(thread: &Thread) -> Vec<BranchId> {
    thread.inside.iter().copied().chain([thread.branch]).collect()
}

/// The data of a thread as it is; none at a failure, where any change by hand does the failed stage again.
fn data_of(machine: &Machine, thread: &Thread) -> Option<ChangeKind> {
    let branch = machine_of(machine, thread)?.branch(thread.branch)?;
    branch.failure().is_none().then(|| ChangeKind::Data(branch.data.clone()))
}

/// The first variable of a thread as it is, likewise.
fn variable_of(machine: &Machine, thread: &Thread) -> Option<ChangeKind> {
    let branch = machine_of(machine, thread)?.branch(thread.branch)?;
    if branch.failure().is_some() {
        return None;
    }
    let (name, value) = branch.variables.scopes().find_map(|own| own.iter().next())?;
    Some(ChangeKind::Variable { name: Arc::clone(name), value: value.clone() })
}

fn machine_of<'m>(machine: &'m Machine, thread: &Thread) -> Option<&'m Machine> {
    thread.inside.iter().try_fold(machine, |machine, branch| Some(&machine.branch(*branch)?.child()?.machine))
}
