//! What somebody does who debugs a run.

use proptest::prelude::*;

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// The next stage, in whatever begins there.
    Step,
    /// The next state, over what it starts.
    Over,
    /// Out of the branch, iteration or child execution.
    Out,
    /// To the state under the cursor.
    RunTo,
    Continue,
    Pause,
    /// A breakpoint more: plain, with a condition, a count, a text to log, on a failure, on a value that changes.
    Break,
    /// A breakpoint less.
    Clear,
    /// Another thread is stepped from now on.
    Focus,
    /// This branch only; picks of 0: all again.
    Lock,
    /// A branch only, and all again before anybody made a step; or the execution's own with all that it starts.
    LockAll,
    /// Back and forth in what was, without touching it.
    Look,
    /// Back to a moment, and on from there.
    GoBack,
    /// The clock goes at another rate.
    Rate,
    /// The wait is over.
    Skip,
    Detach,
    Attach,
    /// The data is edited, and edited back.
    EditData,
    /// A variable is edited, and edited back.
    EditVariable,
    /// Something is changed by hand; the run goes on, and then back to before the change.
    EditAndGoBack,
    /// The file is saved as it was, or in other lines: on with what it says.
    Reload,
}

/// What leaves the order of the steps as it is.
pub(super) const NEUTRAL: [Deed; 20] = {
    use Deed::*;
    [
        Step,
        Over,
        Out,
        RunTo,
        Continue,
        Pause,
        Break,
        Clear,
        Focus,
        Look,
        GoBack,
        Rate,
        Skip,
        Detach,
        Attach,
        EditData,
        EditVariable,
        EditAndGoBack,
        Reload,
        LockAll,
    ]
};

/// What leaves the values as they are.
pub(super) const WITH_LOCKS: [Deed; 9] = {
    use Deed::*;
    [Lock, Lock, Step, Over, Out, Continue, Break, Clear, Focus]
};

/// A deed, and the number that picks.
pub(super) type Deeds = Vec<(Deed, u16)>;

pub(super) fn deeds<const N: usize>(of: [Deed; N], most: usize) -> impl Strategy<Value = Deeds> {
    prop::collection::vec((prop::sample::select(of.to_vec()), any::<u16>()), 1..most)
}
