//! The table. Its order is that of the footer: most used first.

use super::Chapter::{self, Data, Debug, Move, Program, Run, Screen};
use super::{CommandRow, Focus, FocusSet, Mode, ModeSet};

/// The panes.
pub(super) const PANES: FocusSet = FocusSet::of(&[
    Focus::Source,
    Focus::States,
    Focus::Data,
    Focus::History,
    Focus::Context,
    Focus::Stack,
    Focus::Problems,
]);
const ALL: FocusSet = FocusSet::ALL;
const ANSWER: FocusSet = FocusSet::of(&[Focus::Answer, Focus::Value, Focus::Try]);
const DATA: FocusSet = FocusSet::of(&[Focus::Data]);
const INPUT: FocusSet = FocusSet::of(&[Focus::Input]);
const RUNS: FocusSet = FocusSet::of(&[Focus::Runs]);
const RESUME: FocusSet = FocusSet::of(&[Focus::Resume]);
const COMPARE: FocusSet = FocusSet::of(&[Focus::Compare]);
const LESSON: FocusSet = FocusSet::of(&[Focus::Lesson]);
const TIMELINE: FocusSet = FocusSet::of(&[Focus::Timeline]);
const SOURCE: FocusSet = FocusSet::of(&[Focus::Source]);
const EDITORS: FocusSet = INPUT.or(ANSWER);
const PANES_AND_EDITORS: FocusSet = PANES.or(EDITORS);
const ALL_BUT_PICKER: FocusSet = PANES_AND_EDITORS.or(FocusSet::of(&[
    Focus::Runs,
    Focus::Prompt,
    Focus::Help,
    Focus::Resume,
    Focus::Compare,
    Focus::Timeline,
    Focus::Explain,
    Focus::Lesson,
]));
/// Where the cursor stands on a state.
const PLACES: FocusSet = FocusSet::of(&[Focus::Source, Focus::States, Focus::History]);
/// Rows that fold.
const TREES: FocusSet = FocusSet::of(&[Focus::States, Focus::Data, Focus::History, Focus::Context, Focus::Stack]);
/// Lines that may be wider than the pane.
const WIDE: FocusSet = FocusSet::of(&[Focus::Source, Focus::Problems, Focus::Timeline]);
/// Rows that Enter opens.
const OPENABLE: FocusSet =
    FocusSet::of(&[Focus::States, Focus::Data, Focus::History, Focus::Context, Focus::Stack, Focus::Problems]);
const FILTERED: FocusSet = FocusSet::of(&[Focus::History, Focus::Context]);
/// Where text is found.
const SEARCHED: FocusSet = PANES.or(FocusSet::of(&[Focus::Help]));
/// Where one goes from match to match; in a comparison from difference to difference.
const MATCHED: FocusSet = SEARCHED.or(COMPARE);
/// Where a cursor moves over rows and no text is typed.
const MOVING: FocusSet = PANES.or(FocusSet::of(&[
    Focus::Runs,
    Focus::Help,
    Focus::Resume,
    Focus::Compare,
    Focus::Explain,
    Focus::Lesson,
    Focus::Timeline,
]));
const MOVING_BUT_HELP: FocusSet = PANES.or(FocusSet::of(&[Focus::Runs]));
const MOVING_AND_PICKER: FocusSet = MOVING.or(FocusSet::of(&[Focus::Picker]));
/// Layers in which Enter chooses.
const CHOOSING: FocusSet = FocusSet::of(&[
    Focus::Runs,
    Focus::Picker,
    Focus::Prompt,
    Focus::Resume,
    Focus::Compare,
    Focus::Explain,
    Focus::Lesson,
    Focus::Timeline,
]);
/// Layers that are only read.
const READING: FocusSet = FocusSet::of(&[
    Focus::Runs,
    Focus::Help,
    Focus::Resume,
    Focus::Compare,
    Focus::Explain,
    Focus::Lesson,
    Focus::Timeline,
]);

const ANY: ModeSet = ModeSet::ALL;
/// There is a definition.
const LOADED: ModeSet = ModeSet::of(&[Mode::Ready, Mode::Paused, Mode::Running, Mode::Ended]);
const RUNNING: ModeSet = ModeSet::of(&[Mode::Running]);
/// A run is under way, standing or going.
const LIVE: ModeSet = ModeSet::of(&[Mode::Paused, Mode::Running]);
/// There is something to look back at.
const HAPPENED: ModeSet = ModeSet::of(&[Mode::Paused, Mode::Running, Mode::Ended]);

type Keys = &'static [(&'static str, FocusSet)];

macro_rules! commands {
    ($($command:ident, $name:literal, $label:literal, $keys:expr, $modes:ident, $chapter:ident, $doc:literal;)*) => {
        /// Everything the user can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Command { $(#[doc = $doc] $command),* }

        impl Command {
            /// Every command.
            pub const ALL: &[Self] = &[$(Self::$command),*];
        }

        /// The commands, most used first.
        pub const COMMANDS: &[CommandRow] =
            &[$(row(Command::$command, ($name, $label, $doc), $keys, $modes, $chapter)),*];
    };
}

const fn row(
    command: Command,
    (name, label, doc): (&'static str, &'static str, &'static str),
    keys: Keys,
    modes: ModeSet,
    chapter: Chapter,
) -> CommandRow {
    CommandRow { command, name, label, doc, keys, modes, chapter }
}

commands! {
    Next, "next", "next", &[("n", PANES), ("F10", PANES)], LOADED, Run,
        "Run to the next state of this scope, over what is nested in this one.";
    Step, "step", "step", &[("s", PANES), ("F11", PANES)], LOADED, Run,
        "Run one data stage; enters Map, Parallel and child executions.";
    Continue, "continue", "continue", &[("c", PANES), ("F5", PANES)], LOADED, Run,
        "Run to the next breakpoint or to the end.";
    Pause, "pause", "pause", &[("Space", PANES), ("F6", PANES)], RUNNING, Run,
        "Stop the run where it is.";
    Restart, "restart", "restart", &[("r", PANES)], LOADED, Run,
        "Run again with the same input.";
    Back, "back", "back", &[("N", PANES)], HAPPENED, Run,
        "Go back to the state before, exactly as it was.";
    ToggleBreakpoint, "toggle-breakpoint", "break", &[("b", PLACES), ("F9", PLACES)], LOADED, Debug,
        "Set or clear a breakpoint on the state under the cursor.";
    Break, "break", "", &[("B", PANES)], LOADED, Debug,
        "Set a breakpoint with a condition, a count, a text: :break STATE if EXPR.";
    Catch, "catch", "", &[("g e", PANES)], LOADED, Debug,
        "Stop on an error, one that is caught, a retry, a timeout: :catch error.";
    Watchpoint, "watchpoint", "", &[("g w", PANES)], LOADED, Debug,
        "Stop when a value changes: :watchpoint $.total.";
    Delete, "delete", "", &[("g x", PANES)], LOADED, Debug,
        "Take a breakpoint away by its number, or all of them.";
    Disable, "disable", "", &[("g -", PANES)], LOADED, Debug,
        "Switch a breakpoint off by its number, or all of them.";
    Enable, "enable", "", &[("g +", PANES)], LOADED, Debug,
        "Switch a breakpoint on again.";
    Watch, "watch", "", &[("w", PANES)], LOADED, Debug,
        "Show the value of an expression in the context pane.";
    Unwatch, "unwatch", "", &[("g W", PANES)], LOADED, Debug,
        "Show it no more.";
    Print, "print", "", &[("p", PANES)], HAPPENED, Debug,
        "Say the value of an expression at this moment.";
    Assert, "assert", "", &[("g ?", PANES)], HAPPENED, Debug,
        "Say whether an expression holds; in a script, fail if it does not.";
    Lock, "lock", "", &[("L", PANES)], HAPPENED, Run,
        "Step only this branch and what it starts, or all branches again.";
    Finish, "finish", "finish", &[("f", PANES), ("Shift-F11", PANES)], LOADED, Run,
        "Run to the end of this scope, branch or execution.";
    Before, "before", "before", &[("i", DATA)], HAPPENED, Data,
        "Show the data before the selected stage.";
    After, "after", "after", &[("o", DATA)], HAPPENED, Data,
        "Show the data after the selected stage.";
    Difference, "difference", "diff", &[("=", DATA)], HAPPENED, Data,
        "Show what the selected stage changed.";
    RunToCursor, "run-to-cursor", "to cursor", &[("t", PLACES)], LOADED, Run,
        "Run to the state under the cursor.";
    InputEditor, "input", "input", &[("I", PANES), ("F2", PANES)], LOADED, Run,
        "Edit the input of the next run.";
    RunSync, "run-sync", "run", &[("F5", INPUT), ("Ctrl-s", INPUT), ("g s", PANES)], LOADED, Run,
        "Start a run with this input and follow it to the end.";
    RunAsync, "run-async", "in background", &[("F6", INPUT), ("g a", PANES)], LOADED, Run,
        "Start a run with this input in the background.";
    AnswerTask, "answer", "answer", &[("a", PANES)], LIVE, Run,
        "Answer the task that waits: with a result, or with an error.";
    EditData, "edit-data", "edit data", &[("E", PANES)], HAPPENED, Debug,
        "Change the data of this moment, or the variable under the cursor.";
    Fork, "what-if", "what if", &[("F", PANES.or(RESUME))], HAPPENED, Debug,
        "Make another run from this moment on; of a changed definition if you like.";
    Edit, "edit", "edit", &[("e", PANES), ("Ctrl-e", PANES)], LOADED, Program,
        "Open the file at this place in $VISUAL or $EDITOR.";
    RestartEdited, "restart-edited", "", &[("R", PANES)], LOADED, Run,
        "Run again with an edited input.";
    StopRun, "stop", "stop", &[("X", PANES.or(RUNS))], HAPPENED, Run,
        "Stop the run for good; in the list, also take one that has ended off it.";
    SkipWait, "skip-wait", "skip wait", &[("W", PANES)], LIVE, Run,
        "Let the wait that is under way be over; without one, the next timeout comes.";
    FasterClock, "faster-clock", "", &[("g .", PANES)], LOADED, Run,
        "Let the clock of the run go faster: 1x, 10x, 100x, 1000x, skip all waits.";
    SlowerClock, "slower-clock", "", &[("g ,", PANES)], LOADED, Run,
        "Let the clock of the run go slower, in the end stand.";
    HoldClock, "hold-clock", "", &[("g k", PANES)], LOADED, Run,
        "Let the clock stand, so that W steps from wait to wait; again, let it go.";
    StepBack, "step-back", "", &[("S", PANES)], HAPPENED, Run,
        "Go back one data stage.";
    ContinueBack, "continue-back", "", &[("C", PANES)], HAPPENED, Run,
        "Go back to the breakpoint before, or to the start.";
    BackToChange, "back-to-change", "", &[("g c", PANES)], HAPPENED, Run,
        "Go back to where the value under the cursor last changed.";
    Earlier, "earlier", "", &[("(", PANES)], HAPPENED, Run,
        "Go back by a twentieth of the run.";
    Later, "later", "", &[(")", PANES)], HAPPENED, Run,
        "Go ahead by a twentieth of the run.";
    GoToEvent, "go-to-event", "", &[("g h", PANES)], HAPPENED, Run,
        "Look at the moment after an event, by its number.";
    ListBreakpoints, "breakpoints", "", &[("g b", PANES)], LOADED, Debug,
        "List the breakpoints and go to one of them.";
    StackUp, "up-stack", "", &[("u", PANES)], HAPPENED, Debug,
        "Look at the caller: the state that started this branch or execution.";
    StackDown, "down-stack", "", &[("d", PANES)], HAPPENED, Debug,
        "Look one level down the stack again.";
    ShowError, "show-error", "error", &[("x", PANES)], HAPPENED, Debug,
        "Show the error again, and why nothing caught it.";
    Explain, "explain", "why", &[("K", PANES)], HAPPENED, Debug,
        "Explain the expression under the cursor: each part of it with its value.";
    Provenance, "where-from", "", &[("g p", PANES)], HAPPENED, Debug,
        "Tell where the value under the cursor comes from, step by step back.";
    TryOut, "try", "try", &[("T", PANES)], HAPPENED, Debug,
        "Try expressions on the data of this moment, and write one into the file.";
    SkipState, "skip-state", "", &[("g n", PANES)], HAPPENED, Debug,
        "Leave this state with an output of yours, as if it were done.";
    JumpToCursor, "jump", "", &[("g j", PLACES)], HAPPENED, Debug,
        "Leave this state for the one under the cursor, with the data as it is.";
    DoAgain, "do-again", "", &[("A", PANES)], HAPPENED, Debug,
        "Do this state again from its input, now: also a retry that waits.";
    UndoChange, "undo-change", "", &[("g u", PANES)], HAPPENED, Debug,
        "Go back to before the last change by hand, in a new run.";
    Compare, "compare", "compare", &[("=", RUNS), ("g =", PANES)], HAPPENED, Debug,
        "Put two runs side by side, aligned by state, with the first difference.";
    RunAgain, "local", "local", &[("g y", PANES)], HAPPENED, Debug,
        "Run the recorded history here, on its results, and show where both part.";
    Detach, "detach", "", &[("D", PANES)], LIVE, Run,
        "Let the run go on without the debugger, or attach to it again.";
    Timeline, "timeline", "timeline", &[("g l", PANES)], HAPPENED, Debug,
        "Show the run on its clock: states, attempts, delays and waits as bars.";
    ZoomIn, "zoom-in", "", &[("+", TIMELINE)], ANY, Screen,
        "Show less time, in more detail.";
    ZoomOut, "zoom-out", "", &[("-", TIMELINE)], ANY, Screen,
        "Show more time.";
    NextDiagnostic, "next-diagnostic", "", &[("] d", PANES)], LOADED, Debug,
        "Go to the next problem of the definition.";
    PreviousDiagnostic, "previous-diagnostic", "", &[("[ d", PANES)], LOADED, Debug,
        "Go to the problem before.";
    Open, "open", "open", &[("Enter", OPENABLE)], ANY, Move,
        "Open what is under the cursor, or go to it.";
    FollowTransition, "follow", "follow", &[("g d", SOURCE), ("Enter", SOURCE)], LOADED, Move,
        "Go to the state that is named under the cursor.";
    Fold, "fold", "", &[("h", TREES), ("Left", TREES), ("-", TREES)], ANY, Move,
        "Fold the value or scope, or go to what it is in.";
    Unfold, "unfold", "", &[("l", TREES), ("Right", TREES)], ANY, Move,
        "Unfold the value or scope.";
    CopyValue, "copy-value", "copy", &[("y v", PANES)], LOADED, Data,
        "Copy the value under the cursor as JSON.";
    CopyPath, "copy-path", "", &[("y p", PANES)], LOADED, Data,
        "Copy the path of the value or state under the cursor.";
    CopyText, "copy-text", "", &[("y y", PANES)], LOADED, Data,
        "Copy the line under the cursor as text.";
    Up, "up", "", &[("k", MOVING), ("Up", MOVING_AND_PICKER)], ANY, Move,
        "Move up.";
    Down, "down", "", &[("j", MOVING), ("Down", MOVING_AND_PICKER)], ANY, Move,
        "Move down.";
    Left, "left", "", &[("h", WIDE), ("Left", WIDE)], ANY, Move,
        "Move left, or scroll left.";
    Right, "right", "", &[("l", WIDE), ("Right", WIDE)], ANY, Move,
        "Move right, or scroll right.";
    PageUp, "page-up", "", &[("Ctrl-u", MOVING), ("PageUp", MOVING_AND_PICKER)], ANY, Move,
        "Move up half a page.";
    PageDown, "page-down", "", &[("Ctrl-d", MOVING), ("PageDown", MOVING_AND_PICKER)], ANY, Move,
        "Move down half a page.";
    Home, "home", "", &[("g g", MOVING), ("Home", MOVING)], ANY, Move,
        "Go to the first row.";
    End, "end", "", &[("G", MOVING), ("End", MOVING)], ANY, Move,
        "Go to the last row; in the history, follow it.";
    Search, "search", "find", &[("/", SEARCHED)], ANY, Move,
        "Find text in this pane.";
    NextMatch, "next-match", "", &[(".", MATCHED)], ANY, Move,
        "Go to the next match.";
    PreviousMatch, "previous-match", "", &[(",", MATCHED)], ANY, Move,
        "Go to the match before.";
    Filter, "filter", "filter", &[("&", FILTERED)], ANY, Move,
        "Show only the rows that match.";
    GoToState, "go-to-state", "", &[("@", PANES)], LOADED, Move,
        "Choose a state by name and go to it.";
    FocusSource, "source", "", &[("1", PANES)], ANY, Screen,
        "Focus the source; again, to let it fill the screen.";
    FocusStates, "states", "", &[("2", PANES)], ANY, Screen,
        "Focus the states; again, to let them fill the screen.";
    FocusData, "data", "", &[("3", PANES)], ANY, Screen,
        "Focus the data; again, to let it fill the screen.";
    FocusHistory, "history", "", &[("4", PANES)], ANY, Screen,
        "Focus the history; again, to let it fill the screen.";
    FocusContext, "context", "", &[("5", PANES)], ANY, Screen,
        "Focus the context; again, to let it fill the screen.";
    FocusStack, "stack", "", &[("6", PANES)], ANY, Screen,
        "Focus the stack; again, to let it fill the screen.";
    FocusProblems, "problems", "", &[("7", PANES)], ANY, Screen,
        "Focus problems and console; again, to let them fill the screen.";
    NextPane, "next-pane", "", &[("Tab", PANES)], ANY, Screen,
        "Focus the next pane.";
    PreviousPane, "previous-pane", "", &[("Shift-Tab", PANES)], ANY, Screen,
        "Focus the pane before.";
    Zoom, "zoom", "zoom", &[("z", PANES)], ANY, Screen,
        "Let the focused pane fill the screen, or give it back its size.";
    Boxes, "boxes", "", &[("g v", PANES)], LOADED, Screen,
        "Draw the states as boxes, or as rails again.";
    Grow, "grow", "", &[(">", PANES)], ANY, Screen,
        "Make the focused pane larger.";
    Shrink, "shrink", "", &[("<", PANES)], ANY, Screen,
        "Make the focused pane smaller.";
    Confirm, "confirm", "ok", &[("Enter", CHOOSING), ("F5", ANSWER), ("Ctrl-s", ANSWER)], ANY, Screen,
        "Take what is chosen or written.";
    Close, "close", "close", &[("Esc", ALL), ("q", READING)], ANY, Screen,
        "Close this layer; in a pane, end the search, the filter or the zoom.";
    Undo, "undo", "", &[("Ctrl-u", EDITORS)], ANY, Screen,
        "Take back the last change of the text.";
    Redo, "redo", "", &[("Ctrl-r", EDITORS)], ANY, Screen,
        "Make the change again that was taken back.";
    Runs, "runs", "runs", &[("g r", PANES)], LOADED, Screen,
        "List the runs: look at one, compare two.";
    MockCase, "mock-case", "", &[("g m", PANES)], LOADED, Program,
        "Choose the test case of the mock file that answers tasks.";
    Reload, "reload", "", &[("Ctrl-r", PANES)], LOADED, Program,
        "Read the definition and its mocks again.";
    ThemePicker, "theme", "", &[("g t", PANES)], ANY, Program,
        "Choose another theme.";
    Words, "words", "", &[("g i", PANES)], ANY, Program,
        "Say in words what the last step did and what the next will do, or stop it.";
    Lesson, "lesson", "", &[("g L", PANES)], ANY, Program,
        "Show the text of the lesson (`asldb learn`), with its tasks and a hint.";
    NextLesson, "next-lesson", "", &[("] l", PANES.or(LESSON)), ("Right", LESSON)], ANY, Program,
        "Go on to the next lesson.";
    PreviousLesson, "previous-lesson", "", &[("[ l", PANES.or(LESSON)), ("Left", LESSON)], ANY, Program,
        "Go back to the lesson before.";
    Hint, "hint", "", &[("g H", PANES), ("h", LESSON)], ANY, Program,
        "Give a hint for the task of the lesson.";
    ToggleMouse, "mouse", "", &[("g M", PANES)], ANY, Program,
        "Give the mouse to the terminal, or take it back.";
    CommandLine, "command-line", "commands", &[(":", MOVING)], ANY, Program,
        "Type a command: Tab completes, Up recalls; :break STATE if EXPR.";
    Palette, "palette", "", &[("Ctrl-p", ALL_BUT_PICKER)], ANY, Program,
        "Choose a command by name.";
    Help, "help", "help", &[("?", MOVING_BUT_HELP), ("F1", ALL)], ANY, Program,
        "Show what can be done here.";
    Suspend, "suspend", "", &[("Ctrl-z", ALL)], ANY, Program,
        "Leave the screen to the shell; `fg` comes back.";
    Quit, "quit", "quit", &[("q", PANES), ("Z Z", PANES), ("Ctrl-c Ctrl-c", ALL)], ANY, Program,
        "End asldb; runs under way are stopped.";
}
