//! What the next step will do.

use super::rules::{decide, verdict};
use super::{Doing, Point, Sentence, bytes_of, list, preview, seconds, short, size};
use crate::asl::{
    Choice, Fail, Language, MaxConcurrency, PathField, ResourceKind, ResultPath, Seconds, State, StateKind, Text, Wait,
};
use crate::engine::fault::RUNTIME;
use crate::engine::{Blocked, Branch, Stage, due, retry};

/// What the next step of the run will do, and which field or rule of the definition says so.
#[must_use]
pub fn next(point: &Point<'_>) -> Sentence {
    if let Some(doing) = point.recorded() {
        return Sentence::new(will(point, doing, None));
    }
    if point.is_over().is_some() {
        return Sentence::new("nothing follows: the run is over");
    }
    let Some(branch) = point.live else { return Sentence::new("the run goes on") };
    let Some(state) = point.state(branch.state) else { return Sentence::new("the run goes on") };
    Sentence::new(match branch.blocked {
        Blocked::No => {
            let doing = Doing { branch: branch.id, state: branch.state, stage: due(state, branch.stage) };
            will(point, doing, Some(branch))
        }
        blocked => waits(point, branch, state, blocked),
    })
}

fn waits(point: &Point<'_>, branch: &Branch, state: &State, blocked: Blocked) -> String {
    let name = &state.name;
    let left = |until: crate::value::Timestamp| seconds(until.since(point.now));
    match (blocked, &state.kind) {
        (Blocked::Wait(until), _) => format!("{name} waits for another {}; then its data goes on", left(until)),
        (Blocked::Retry(until), _) => {
            format!("{name} is tried again in {}: retry {} of this visit", left(until), branch.retry_count)
        }
        (Blocked::Task(_), StateKind::Task(task)) => {
            let limit = match &task.timeout {
                Seconds::Fixed(seconds) => format!("; TimeoutSeconds gives it {seconds} s"),
                Seconds::None => String::new(),
                Seconds::Path(_) | Seconds::Jsonata(_) => "; its timeout is computed".to_owned(),
            };
            let what = if task.resource.has_token() { "what the task's token is answered with" } else { "its result" };
            format!("{name} waits for {what}{limit}")
        }
        (Blocked::Task(_), _) => format!("{name} waits for its items or results to be read or written"),
        (Blocked::Children, StateKind::Parallel(_)) => format!("{name} waits until all its branches are done"),
        (Blocked::Children, _) => format!("{name} waits until all its iterations are done"),
        (Blocked::No, _) => format!("{name} goes on"),
    }
}

/// What `doing` will do; `branch` is there when it is yet to come and nothing is known of it but the definition.
fn will(point: &Point<'_>, doing: Doing, branch: Option<&Branch>) -> String {
    let Some(state) = point.state(doing.state) else { return "the run goes on".to_owned() };
    let name = &state.name;
    match doing.stage {
        Stage::Enter => enters(state, branch),
        Stage::ItemSelector => {
            let thread = point.thread(doing.branch);
            let input = match state.field("ItemSelector").or_else(|| state.field("Parameters")) {
                Some(field) => format!("{} makes its input {}", field.name, point.made_of(state, &field.name)),
                None => "its item is its input".to_owned(),
            };
            format!("{} begins: {input}", if thread.is_empty() { "an iteration" } else { &thread })
        }
        Stage::InputPath => match &state.input_path {
            PathField::Path(path) => format!("InputPath takes {} out of the input of {name}", short(path.text())),
            PathField::Null => format!("InputPath is null: {name} works on {{}} instead of its input"),
            PathField::Whole => format!("{name} works on its whole input"),
        },
        Stage::Parameters => {
            format!("Parameters builds {} {}", input_of(&state.kind), point.made_of(state, "Parameters"))
        }
        Stage::Arguments => {
            format!("Arguments builds {} {}", input_of(&state.kind), point.made_of(state, "Arguments"))
        }
        Stage::ItemsPath => format!("ItemsPath finds the items of {name} at {}", point.field(state, "ItemsPath")),
        Stage::Items => format!("Items gives the items of {name}: {}", point.field(state, "Items")),
        Stage::Work => works(point, doing, state, branch),
        Stage::ResultSelector => {
            format!("ResultSelector builds the result anew {}", point.made_of(state, "ResultSelector"))
        }
        Stage::ResultPath => match &state.result_path {
            ResultPath::Path(_) => {
                format!("ResultPath puts the result into the input, at {}", point.field(state, "ResultPath"))
            }
            ResultPath::Discard => "ResultPath is null: the result is dropped and the input goes on".to_owned(),
            ResultPath::Whole => "the result replaces the input".to_owned(),
        },
        Stage::Failure => spreads(point, doing, state, branch),
        Stage::Catch => format!("the error goes to the catcher of {name} that names it"),
        Stage::OutputPath => match &state.output_path {
            PathField::Path(path) => format!("OutputPath keeps only {} as the output", short(path.text())),
            PathField::Null => "OutputPath is null: the output is {}".to_owned(),
            PathField::Whole => "all of the data is the output".to_owned(),
        },
        Stage::Output => match state.field("Output") {
            Some(_) => format!("Output builds the output of {name} {}", point.made_of(state, "Output")),
            None => "the rule that was true may build the output of its own".to_owned(),
        },
        Stage::Assign => assigns(point, state),
        Stage::Exit => leaves(point, doing, state),
    }
}

/// What becomes of the failure that `branch` stands at.
fn spreads(point: &Point<'_>, doing: Doing, state: &State, branch: Option<&Branch>) -> String {
    let name = &state.name;
    let Some(fault) = branch.and_then(Branch::failure) else { return format!("the failure of {name} goes on") };
    let error = if fault.name().is_empty() { "the failure".to_owned() } else { short(fault.name()) };
    if fault.name() == RUNTIME {
        return format!("{error} ends the run as failed: nothing catches it");
    }
    let is_retried = retry::retrier(&state.retry, fault).is_some();
    match (is_retried, retry::catcher(&state.catch, fault).is_some(), point.thread(doing.branch)) {
        (true, true, _) => format!("{error} goes to the Retry of {name}, after its attempts to its Catch"),
        (true, false, _) => format!("{error} goes to the Retry of {name}"),
        (false, true, _) => format!("{error} goes to the Catch of {name}"),
        (false, false, thread) if thread.is_empty() => format!("{error} ends the run as failed: nothing catches it"),
        (false, false, thread) => format!("{error} lets {thread} fail: {name} does not catch it"),
    }
}

fn enters(state: &State, branch: Option<&Branch>) -> String {
    let name = &state.name;
    let kind = state.kind.type_name();
    let article = if kind.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    let language = match state.language {
        Language::JsonPath => "JSONPath",
        Language::Jsonata => "JSONata",
    };
    match branch {
        Some(branch) => {
            format!("{name} is entered, {article} {kind} state in {language}, with {} of input", size(&branch.input))
        }
        None => format!("{name} is entered, {article} {kind} state in {language}"),
    }
}

/// What the fields before the work make.
fn input_of(kind: &StateKind) -> &'static str {
    match kind {
        StateKind::Task(_) => "the task's input",
        StateKind::Parallel(_) => "the input of each branch",
        StateKind::Map(_) => "the input of each iteration",
        StateKind::Pass { .. } => "the result",
        StateKind::Choice(_) | StateKind::Wait(_) | StateKind::Succeed | StateKind::Fail(_) => "the data",
    }
}

fn assigns(point: &Point<'_>, state: &State) -> String {
    match point.fields_of(state, "Assign") {
        Some(count) => format!("Assign sets {} for the states that follow", bytes_of(count, "variable")),
        None if state.assign.is_some() => format!("Assign sets variables {}", point.made_of(state, "Assign")),
        None => "the variables of the rule or catcher that applied are set, if it has any".to_owned(),
    }
}

fn leaves(point: &Point<'_>, doing: Doing, state: &State) -> String {
    let name = &state.name;
    // What was chosen is in the record of the work, or of the catcher.
    let chosen = point.chosen(doing);
    match chosen {
        Some(chosen) => format!("{name} is left with its output: {chosen}"),
        None if matches!(state.kind, StateKind::Choice(_)) => format!("{name} is left with its output"),
        None => format!("{name} is left with its output: {}", point.transition(state.transition, doing.branch)),
    }
}

fn works(point: &Point<'_>, doing: Doing, state: &State, branch: Option<&Branch>) -> String {
    let name = &state.name;
    match &state.kind {
        StateKind::Pass { result: Some(result) } => format!("Result gives {} as the result", preview(result)),
        StateKind::Pass { result: None } | StateKind::Succeed => format!("{name} passes its data on as its result"),
        StateKind::Task(task) => {
            // Of an ARN the name says enough.
            let text = short(task.resource.text.rsplit(':').next().unwrap_or_default());
            let call = match &task.resource.kind {
                ResourceKind::LambdaFunction => format!("the function {text} is invoked"),
                ResourceKind::Activity => format!("the activity {text} waits for a worker"),
                ResourceKind::Service { service, action, .. } => format!("{service}:{action} is called"),
            };
            let waits = match &task.resource.kind {
                ResourceKind::Service { task_token: true, .. } => "; .waitForTaskToken: until its token is answered",
                ResourceKind::Service { sync: true, .. } => "; .sync: until its job is done",
                _ => "",
            };
            format!("{call} with what {name} made of its input{waits}")
        }
        StateKind::Choice(choice) => chooses(point, doing, state, choice, branch),
        StateKind::Wait(wait) => will_wait(point, state, wait),
        StateKind::Fail(fail) => fails(point, doing, state, fail),
        StateKind::Parallel(parallel) => {
            let starts = parallel.branches.iter().filter_map(|scope| {
                let scope = point.machine.scopes.get(scope.0 as usize)?;
                Some(point.name(scope.start))
            });
            let starts: Vec<&str> = starts.collect();
            format!(
                "{name} starts {} at {}, each with the same input",
                branches(parallel.branches.len()),
                list(&starts)
            )
        }
        StateKind::Map(map) if map.distributed.is_mode => {
            format!("{name} starts a Map Run: a child execution for each item or batch")
        }
        StateKind::Map(map) => {
            let most = match &map.max_concurrency {
                MaxConcurrency::Fixed(0) => String::new(),
                MaxConcurrency::Fixed(most) => format!(", MaxConcurrency {most} at a time"),
                MaxConcurrency::Path(_) | MaxConcurrency::Jsonata(_) => {
                    ", as many at a time as MaxConcurrency says".into()
                }
            };
            let items = match branch.map(|branch| &branch.data) {
                Some(crate::value::Value::Array(items)) => format!("each of the {}", bytes_of(items.len(), "item")),
                _ => "each item".to_owned(),
            };
            format!("{name} starts an iteration for {items}{most}")
        }
    }
}

fn branches(count: usize) -> String {
    format!("{count} {}", if count == 1 { "branch" } else { "branches" })
}

fn chooses(point: &Point<'_>, doing: Doing, state: &State, choice: &Choice, branch: Option<&Branch>) -> String {
    let asked = || {
        let count = choice.rules.len();
        let rules =
            if count == 1 { "its rule is asked".into() } else { format!("its {count} rules are asked in order") };
        format!("{}: {rules}; the first that is true names what follows", state.name)
    };
    let Some(branch) = branch else { return asked() };
    let decided = decide(point, choice, &branch.data, (doing.branch, point.moment.events));
    decided.map_or_else(asked, |decided| verdict(point, choice, &decided, "is"))
}

fn will_wait(point: &Point<'_>, state: &State, wait: &Wait) -> String {
    let name = &state.name;
    match wait {
        Wait::Seconds(seconds) => format!("{name} waits for {seconds} s (Seconds)"),
        Wait::Timestamp(until) => format!("{name} waits until {} (Timestamp)", until.to_iso()),
        Wait::SecondsPath(path) => {
            format!("{name} waits for as many seconds as SecondsPath {} says", short(path.text()))
        }
        Wait::TimestampPath(path) => format!("{name} waits until the time at TimestampPath {}", short(path.text())),
        Wait::SecondsJsonata(_) => {
            format!("{name} waits for as many seconds as {} gives", point.field(state, "Seconds"))
        }
        Wait::TimestampJsonata(_) => {
            format!("{name} waits until the time that {} gives", point.field(state, "Timestamp"))
        }
    }
}

fn fails(point: &Point<'_>, doing: Doing, state: &State, fail: &Fail) -> String {
    let error = match &fail.error {
        Some(Text::Fixed(error)) => format!("the error {}", short(error)),
        Some(Text::Expression(error)) => format!("the error at {}", short(error.text())),
        Some(Text::Jsonata(error)) => format!("the error that {} gives", short(error.text())),
        None => "no error name".to_owned(),
    };
    match point.thread(doing.branch) {
        thread if thread.is_empty() => format!("{} ends the run as failed, with {error}", state.name),
        thread => format!("{} lets {thread} fail, with {error}", state.name),
    }
}
