//! What the panes look at: one moment of one run, and the things around it.

use std::sync::Arc;

use super::glyph::Glyphs;
use super::style::Styles;
use crate::asl::{Definition, StateId, StateMachine};
use crate::debug::expression::Facts;
use crate::debug::past::with_facts_at;
use crate::debug::stood::last_inside;
use crate::debug::{Breakpoints, Moment, Past, Query, Run, Stop, Tally, Visit};
use crate::engine::{Branch, BranchId, Log, Machine, Stage};
use crate::runtime::View;
use crate::value::Value;

/// Everything a pane may read when it draws or takes a command. Made anew for each frame from shared parts.
pub struct Look<'a> {
    /// The definition that is shown: of the run that is looked at, or the newest one.
    pub definition: Option<&'a Arc<Definition>>,
    /// Its machine; none when the definition has errors.
    pub machine: Option<&'a Arc<StateMachine>>,
    /// While that has errors: the machine of the last version without.
    pub last_good: Option<&'a Arc<StateMachine>>,
    /// The run that is looked at.
    pub run: Option<RunLook<'a>>,
    /// The watched expressions.
    pub watches: &'a [Query],
    /// The breakpoints of the definition.
    pub breakpoints: &'a Breakpoints,
    /// Styles of roles and tokens.
    pub styles: &'a Styles,
    /// Signs.
    pub glyphs: &'a Glyphs,
}

/// The run that is looked at, at the moment that is looked at.
pub struct RunLook<'a> {
    /// The run.
    pub run: &'a Run,
    /// The newest view of it.
    pub view: &'a View,
    /// Where and why it stands still.
    pub stop: Option<Stop>,
    /// The moment that is looked at.
    pub moment: Moment,
    /// Whether that is the newest moment, so that what is shown follows the run.
    pub live: bool,
    /// What became of each state up to the moment.
    pub tally: &'a Tally,
    /// The branch that is looked at.
    pub focus: BranchId,
    /// The view of the run as a whole, where a child execution of it is looked at.
    pub root: &'a View,
    /// The branches that stand for the child executions that are looked into, outermost first.
    pub inside: &'a [BranchId],
    /// Whether only the branch that is stepped makes steps.
    pub is_locked: bool,
    /// The state in which the focus is at the moment; none before the first.
    pub here: Option<StateId>,
    /// The visit that the data pane shows.
    pub visit: Option<&'a Visit>,
    /// The run made again, as it stood.
    pub stood: Option<&'a Stood>,
}

/// A run made again up to a moment.
#[derive(Debug)]
pub struct Stood {
    /// What it was made for.
    pub of: StoodOf,
    /// As it stood at the moment; none at the newest one, or if it cannot be made again.
    pub now: Option<Machine>,
    /// As it stood when the branch that is looked at was last in a state, if that was before.
    pub inside: Option<Machine>,
}

/// The moment up to which a run is made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoodOf {
    /// The number of the run.
    pub run: u32,
    /// The branches that stand for the child executions that are looked into.
    pub inside: Vec<BranchId>,
    /// The step that is looked at; none: the newest.
    pub now: Option<u64>,
    /// The branch that is asked for its context object, and when it was last in a state, if that was before.
    pub seen: (BranchId, Option<u64>),
}

impl RunLook<'_> {
    /// What was written.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.view.log
    }

    /// The branch that is looked at, as it stands or stood at the moment; none if it was not under way, or as long as
    /// that is not known.
    #[must_use]
    pub fn branch(&self) -> Option<&Branch> {
        if self.live {
            return self.view.branches.iter().find(|branch| branch.id == self.focus);
        }
        self.stood?.now.as_ref()?.branch(self.focus)
    }

    /// The context object that the branch sees, or saw when it was last in a state, exactly; none as long as that is not
    /// known.
    #[must_use]
    pub fn exact_context(&self) -> Option<Value> {
        let (branch, before) = last_inside(self.log(), self.focus, self.moment);
        let machine = match before {
            Some(_) => self.stood?.inside.as_ref()?,
            None if self.live => self.view.machine.as_deref()?,
            None => self.stood?.now.as_ref()?,
        };
        Some(machine.context(machine.branch(branch)?))
    }

    /// The same, from the log as long as it is not known otherwise.
    #[must_use]
    pub fn context(&self) -> Value {
        self.exact_context().unwrap_or_else(|| self.past().context(self.focus, self.moment))
    }

    fn past(&self) -> Past<'_> {
        Past { log: self.log(), execution: self.run.handle().execution(), started: self.view.started }
    }

    /// Shows `look` what expressions see in the branch and at the moment that are looked at; none before the first state.
    pub fn with_facts<T>(&self, look: impl FnOnce(&Facts<'_>) -> T) -> Option<T> {
        let context = || self.context();
        let is_known = !self.live || self.view.machine.is_some();
        // Between two states a branch has no input of its own yet.
        let Some(branch) = self.branch().filter(|branch| branch.stage != Stage::Enter && is_known) else {
            return with_facts_at(self.past(), self.focus, self.moment, &context, look);
        };
        let now = match self.stood {
            Some(Stood { now: Some(machine), .. }) if !self.live => machine.now(),
            _ => self.view.now,
        };
        Some(look(&Facts {
            input: &|| branch.input.clone(),
            data: &branch.data,
            variable: &|name| branch.variables.get(name).cloned(),
            context: &context,
            now,
        }))
    }
}

impl Look<'_> {
    /// The state where the run stands, if there is a run.
    #[must_use]
    pub fn here(&self) -> Option<StateId> {
        self.run.as_ref()?.here
    }
}

/// What a pane wants done that it cannot do itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Look at the run as it was after event `.0` (from 1).
    LookAtEvent(usize),
    /// Look at the last visit to this state, in all panes.
    LookAtState(StateId),
    /// Look at this branch.
    LookAtBranch(BranchId),
    /// Look into the child executions that these branches stand for; at the run itself, if there are none.
    LookInside(Vec<BranchId>),
    /// Show this byte of the definition in the source pane.
    ShowSource(usize),
    /// Set or take away the breakpoint on this state.
    ToggleBreakpoint(StateId),
    /// Put this text into the clipboard; `.0` says what it is.
    Copy(&'static str, String),
    /// Say this in the status line.
    Say(String),
}
