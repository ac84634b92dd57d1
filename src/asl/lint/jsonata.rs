//! JSONata that compiles, and can only fail.

use super::subject::Subject;
use super::uses::{Use, What};
use crate::asl::suggest;
use crate::query::jsonata::{Jsonata, Read};
use crate::text::Diagnostic;

const UNKNOWN_FUNCTION: &str = "UNKNOWN_FUNCTION";
const UNDEFINED: &str = "ALWAYS_UNDEFINED";
const FAILS: &str = "FAILING_EXPRESSION";

pub(super) fn find(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, _) in subject.states() {
        for used in subject.uses(id) {
            match &used.what {
                What::Jsonata(jsonata) => {
                    unknown_functions(subject, used, jsonata, found);
                    undefined(subject, used, jsonata, found);
                }
                What::Path(expression) => {
                    for remark in expression.remarks() {
                        let warning = subject.at_use(FAILS, used, remark.span, remark.message);
                        found
                            .push(warning.with_help("the state fails here with States.Runtime, which nothing catches"));
                    }
                }
            }
        }
    }
}

fn unknown_functions(subject: &Subject<'_>, used: &Use<'_>, jsonata: &Jsonata, found: &mut Vec<Diagnostic>) {
    for call in jsonata.unknown_calls() {
        let message = format!("There is no function `${}`: the state fails here", call.name);
        let help = match suggest::nearest(&call.name, Jsonata::function_names()) {
            Some(meant) if *meant != *call.name => format!("did you mean `${meant}`?"),
            _ if &*call.name == "eval" => {
                "use `$parse` to read JSON; Step Functions does not evaluate texts".to_owned()
            }
            _ => "define it in the expression, or use a function of JSONata or Step Functions".to_owned(),
        };
        found.push(subject.at_use(UNKNOWN_FUNCTION, used, call.span, message).with_help(help));
    }
}

/// The error output has two members (recorded); what asks for another gets nothing.
fn undefined(subject: &Subject<'_>, used: &Use<'_>, jsonata: &Jsonata, found: &mut Vec<Diagnostic>) {
    for read in jsonata.reads() {
        let Some(field) = error_field(&read).filter(|field| !["Error", "Cause"].contains(field)) else { continue };
        let message = format!("The error output has `Error` and `Cause`, and no `{field}`");
        let help = match suggest::nearest(field, ["Error", "Cause"]) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`Cause` is often JSON text: {% $parse($states.errorOutput.Cause) %}".to_owned(),
        };
        found.push(subject.at_use(UNDEFINED, used, read.span, message).with_help(help));
    }
}

fn error_field(read: &Read) -> Option<&str> {
    match &read.names[..] {
        [states, output, field, ..] if &**states == "states" && &**output == "errorOutput" => Some(field),
        _ => None,
    }
}
