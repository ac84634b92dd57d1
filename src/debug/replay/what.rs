//! What the `type` of an event says.

/// What an event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    ExecutionStarted,
    ExecutionSucceeded,
    ExecutionFailed,
    ExecutionAborted,
    ExecutionTimedOut,
    ExecutionRedriven,
    Entered(Type),
    Exited(Type),
    Aborted(Type),
    /// Branches or iterations begin.
    Begun(Type),
    /// All branches or iterations have ended.
    Done(Type),
    /// A branch or iteration failed.
    Broken(Type),
    Iteration(Turn),
    MapRunStarted,
    MapRunSucceeded,
    MapRunFailed,
    MapRunRedriven,
    Task(Family, Progress),
    EvaluationFailed,
    Other,
}

/// The type of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Type {
    Pass,
    Task,
    Choice,
    Wait,
    Succeed,
    Fail,
    Parallel,
    Map,
}

/// What becomes of an iteration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Started,
    Succeeded,
    Failed,
    Aborted,
}

/// The family of the events of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Family {
    Service,
    Function,
    Activity,
}

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Scheduled,
    Started,
    Submitted,
    Succeeded,
    Failed,
    TimedOut,
}

impl Type {
    const ALL: [(&'static str, Self); 8] = [
        ("Pass", Self::Pass),
        ("Task", Self::Task),
        ("Choice", Self::Choice),
        ("Wait", Self::Wait),
        ("Succeed", Self::Succeed),
        ("Fail", Self::Fail),
        ("Parallel", Self::Parallel),
        ("Map", Self::Map),
    ];

    /// The type that is called so in a definition.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }
}

impl What {
    /// Reads a `type`.
    pub(super) fn of(name: &str) -> Self {
        let state = |suffix: &str| name.strip_suffix(suffix).and_then(Type::named);
        match name {
            "ExecutionStarted" => Self::ExecutionStarted,
            "ExecutionSucceeded" => Self::ExecutionSucceeded,
            "ExecutionFailed" => Self::ExecutionFailed,
            "ExecutionAborted" => Self::ExecutionAborted,
            "ExecutionTimedOut" => Self::ExecutionTimedOut,
            "ExecutionRedriven" => Self::ExecutionRedriven,
            "ParallelStateStarted" => Self::Begun(Type::Parallel),
            "ParallelStateSucceeded" => Self::Done(Type::Parallel),
            "ParallelStateFailed" => Self::Broken(Type::Parallel),
            "MapStateStarted" => Self::Begun(Type::Map),
            "MapStateSucceeded" => Self::Done(Type::Map),
            "MapStateFailed" => Self::Broken(Type::Map),
            "MapIterationStarted" => Self::Iteration(Turn::Started),
            "MapIterationSucceeded" => Self::Iteration(Turn::Succeeded),
            "MapIterationFailed" => Self::Iteration(Turn::Failed),
            "MapIterationAborted" => Self::Iteration(Turn::Aborted),
            "MapRunStarted" => Self::MapRunStarted,
            "MapRunSucceeded" => Self::MapRunSucceeded,
            "MapRunFailed" => Self::MapRunFailed,
            "MapRunRedriven" => Self::MapRunRedriven,
            "EvaluationFailed" => Self::EvaluationFailed,
            _ => {
                let entered = state("StateEntered").map(Self::Entered);
                let left = || state("StateExited").map(Self::Exited);
                let aborted = || state("StateAborted").map(Self::Aborted);
                entered.or_else(left).or_else(aborted).or_else(|| task(name)).unwrap_or(Self::Other)
            }
        }
    }
}

fn task(name: &str) -> Option<What> {
    let families = [("LambdaFunction", Family::Function), ("Activity", Family::Activity), ("Task", Family::Service)];
    let (rest, family) = families.iter().find_map(|(prefix, family)| Some((name.strip_prefix(prefix)?, *family)))?;
    let progress = match rest {
        "Scheduled" => Progress::Scheduled,
        "Started" => Progress::Started,
        "Submitted" if family == Family::Service => Progress::Submitted,
        "Succeeded" => Progress::Succeeded,
        "Failed" => Progress::Failed,
        "TimedOut" => Progress::TimedOut,
        _ => return None,
    };
    Some(What::Task(family, progress))
}
