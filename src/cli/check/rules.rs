//! What the codes of findings mean, for lists of rules.

/// A code, what it is about, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    /// One sentence.
    pub(super) short: &'static str,
    /// What it means and what helps.
    pub(super) help: &'static str,
}

/// The rule of `code`; every code has one.
pub(super) fn rule(code: &str) -> Rule {
    let (short, help) = RULES.iter().find(|(known, ..)| *known == code).map_or(OTHER, |(_, short, help)| (short, help));
    Rule { short, help }
}

const OTHER: (&str, &str) = (
    "The state machine will not work as meant.",
    "The message says what was found, and the place in the definition where it was.",
);

/// The codes of ValidateStateMachineDefinition (API reference), those that the service gives beside them, and our own.
const RULES: &[(&str, &str, &str)] = &[
    (
        "SCHEMA_VALIDATION_FAILED",
        "A field is missing, not known, or has a value that it cannot have.",
        "Compare the state with the fields of its type in the Amazon States Language, and with those of its query \
         language: JSONPath and JSONata states have different ones.",
    ),
    (
        "INVALID_JSON_DESCRIPTION",
        "The definition is no JSON.",
        "Mend the JSON at the place of the finding: a missing comma, quote or bracket is the usual cause.",
    ),
    (
        "INVALID_YAML_DESCRIPTION",
        "The definition is no YAML.",
        "Mend the YAML at the place of the finding: indentation by blanks, and quotes around texts with a colon.",
    ),
    ("MISSING_DESCRIPTION", "The definition is empty.", "Write a state machine with StartAt and States."),
    (
        "INVALID_RESOURCE",
        "The Resource of a task is not one that Step Functions can call.",
        "Give the ARN of a function, an activity or a service integration, spelled as in its documentation.",
    ),
    (
        "MISSING_END_STATE",
        "No state ends the execution.",
        "Give at least one state End: true, or add a Succeed or Fail state.",
    ),
    (
        "DUPLICATE_STATE_NAME",
        "Two states have the same name.",
        "Names are unique in the whole state machine, also in branches and processors. Rename one of them.",
    ),
    ("INVALID_STATE_NAME", "A state has a name that is too long.", "Names of states have at most 80 characters."),
    ("DUPLICATE_LABEL_NAME", "Two Map states have the same Label.", "Give each Map state a Label of its own."),
    (
        "INVALID_LABEL_NAME",
        "The Label of a Map state has signs that it cannot have, or is too long.",
        "Labels have at most 40 characters, and no blanks, wildcards or brackets.",
    ),
    (
        "MISSING_TRANSITION_TARGET",
        "A transition leads to a state that does not exist, or no transition leads to a state.",
        "Next, Default and StartAt name states of their own scope: a branch or processor cannot be left or entered by \
         them. Mend the name, or lead a transition to the state.",
    ),
    ("TOO_DEEPLY_NESTED", "The definition is nested too deeply.", "Move inner parts into state machines of their own."),
    (
        "UNSUPPORTED_JSONATA_EXPRESSION",
        "A JSONata expression uses what Step Functions does not have.",
        "Expressions start from $states or from variables, and have no $eval.",
    ),
    (
        "INVALID_JSONATA_EXPRESSION",
        "A JSONata expression cannot be read.",
        "Mend the expression at the place of the finding.",
    ),
    (
        "DUPLICATE_KEY",
        "An object has the same key twice.",
        "Only the last one counts. Take the others out, or rename them.",
    ),
    (
        "UNKNOWN_ERROR_NAME",
        "The name of an error begins with States. and is none that the language has.",
        "Names that begin with States. are those of the language; another spelling never matches.",
    ),
    (
        "ASLDB_UNSUPPORTED",
        "asldb cannot run this, though AWS accepts it.",
        "The definition is valid. The help of the finding says what can be done.",
    ),
    ("UNREADABLE_TEXT", "The file is no text that can be read.", "Save it as UTF-8, and keep it below 1 MB."),
    ("NO_PATH", "A payload field ends in .$ and its value is no path.", "Take the .$ away, or give a path."),
    (
        "NO_DOLLAR",
        "A value looks like a path, and its field does not end in .$, so that it is just text.",
        "Add .$ to the name of the field if the value is meant to be replaced.",
    ),
    (
        "PASS_RESULT_IS_STATIC",
        "The Result of a Pass state holds what looks like a path; it is not replaced.",
        "Use Parameters with a field that ends in .$ instead.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words() {
        for (code, short, help) in RULES {
            assert_eq!(rule(code), Rule { short, help });
            assert!(short.ends_with('.') && help.ends_with('.'), "{code}");
        }
        assert_eq!(rule("SOMETHING_NEW").short, OTHER.0);
    }
}
