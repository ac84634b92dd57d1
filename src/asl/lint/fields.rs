//! Fields without effect.

use super::subject::Subject;
use crate::asl::fields::Language;
use crate::asl::model::{Choice, Map, PathField, ResultPath, State, StateKind};
use crate::text::Diagnostic;

const UNUSED: &str = "UNUSED_FIELD";

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, state) in subject.states() {
        for (field, why, help) in unused_in(state) {
            if state.field(field).is_some() {
                let message = format!("`{field}` has no effect: {why}");
                found.push(subject.at_field(UNUSED, id, field, message).with_help(help));
            }
        }
    }
}

/// A field, why it has no effect, and what to do.
type Unused = (&'static str, &'static str, &'static str);

fn unused_in(state: &State) -> Vec<Unused> {
    let mut unused = Vec::new();
    match &state.kind {
        StateKind::Pass { result } => unused.extend(in_pass(state, result.is_some())),
        StateKind::Choice(choice) => unused.extend(in_choice(state, choice)),
        StateKind::Map(map) => unused.extend(in_map(map)),
        _ => {}
    }
    let is_dropped = matches!(state.result_path, ResultPath::Discard);
    if state.language == Language::JsonPath && is_dropped {
        const WHY: &str = "\"ResultPath\": null drops the result";
        const HELP: &str = "give a `ResultPath` to keep the result, or remove the field";
        unused.push(("ResultSelector", WHY, HELP));
        unused.push(("Result", WHY, HELP));
    }
    if matches!(state.output_path, PathField::Null) {
        const WHY: &str = "\"OutputPath\": null makes the output an empty object";
        const HELP: &str = "remove one of them";
        if matches!(state.result_path, ResultPath::Path(_)) {
            unused.push(("ResultPath", WHY, HELP));
        }
        if state.assign.is_none() {
            unused.push(("Result", WHY, HELP));
        }
    }
    unused
}

/// `Result` wins (recorded).
fn in_pass(state: &State, has_result: bool) -> Vec<Unused> {
    const HELP: &str = "remove `Result` to have the others used, or the others";
    let drops = matches!(state.result_path, ResultPath::Discard) && state.assign.is_none();
    match (has_result, drops) {
        (true, _) => vec![
            ("Parameters", "the result is what `Result` says", HELP),
            ("InputPath", "the result is what `Result` says", HELP),
        ],
        (false, true) => vec![(
            "Parameters",
            "\"ResultPath\": null drops the result",
            "give a `ResultPath` to keep the result, or remove the field",
        )],
        _ => Vec::new(),
    }
}

/// What a Choice itself assigns and puts out counts when no rule applies (States Language, Choice State).
fn in_choice(state: &State, choice: &Choice) -> Vec<Unused> {
    if choice.default.is_some() {
        return Vec::new();
    }
    let why = "it counts where no rule applies, and there is no `Default`";
    let mut unused = vec![("Assign", why, "move it into the rules, or add a `Default`")];
    if state.language == Language::Jsonata {
        unused.push(("Output", why, "move it into the rules, or add a `Default`"));
    }
    unused
}

/// Fields that only a Map Run looks at (recorded: tolerated failures are not counted inline).
fn in_map(map: &Map) -> Vec<Unused> {
    const FIELDS: [&str; 5] = [
        "ToleratedFailureCount",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath",
        "Label",
    ];
    if map.distributed.is_mode {
        return Vec::new();
    }
    let help = "remove it, or let the Map run distributed: \"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", …}";
    FIELDS.map(|field| (field, "the Map is not distributed", help)).to_vec()
}
