//! Codes of asldb about mock files.

use super::{Code, Origin};

const fn mock(name: &'static str, title: &'static str, explanation: &'static str) -> Code {
    Code { name, origin: Origin::Asldb, title, explanation, examples: None }
}

pub(super) const CODES: &[Code] = &[
    mock(
        "DUPLICATE_RESPONSE",
        "A mock file has a response twice.",
        "It stands in MockedResponses and in MockedResponse; remove one of them.",
    ),
    mock(
        "INVALID_ANSWER",
        "A step of a mock file does not say one thing.",
        "A step has one of Return, Throw and Hang: {\"Return\": {}}, {\"Throw\": {\"Error\": \"States.Timeout\", \"Cause\": \"\"}} or \
         {\"Hang\": true}.",
    ),
    mock("INVALID_JSON", "A mock file is no JSON.", "The place is where the text stops making sense."),
    mock(
        "INVALID_STEP",
        "A step of a mock file has a key that is no number.",
        "Steps are numbered by invocation from 0: \"0\", or \"1-3\" for several.",
    ),
    mock("MISSING_FIELD", "A field of a mock file is missing.", "The message says which."),
    mock(
        "MOCK_NO_SUBMISSION",
        "A mock file answers the submission of a Task that submits nothing.",
        "Only tasks with .sync and .waitForTaskToken submit first and end later.",
    ),
    mock("MOCK_NO_TASK", "A mock file answers for a state that is no Task.", "Only Task states are answered for."),
    mock(
        "MOCK_UNKNOWN_STATE",
        "A mock file answers for a state that the machine has not.",
        "Its answers are never used. Names of states are matched letter by letter.",
    ),
    mock("STEP_GAP", "A mock file leaves out an invocation.", "Steps are numbered by invocation from 0, without gaps."),
    mock("STEP_OVERLAP", "A mock file answers an invocation twice.", "Each invocation belongs to one step."),
    mock(
        "UNKNOWN_FIELD",
        "A mock file has a field that is not known.",
        "It is left alone; where it is misspelled, the message says what was probably meant.",
    ),
    mock(
        "UNKNOWN_RESPONSE",
        "A test case of a mock file names a response that is not there.",
        "Test cases name responses of MockedResponses.",
    ),
    mock("WRONG_TYPE", "A field of a mock file has a value of the wrong type.", "The message says what belongs there."),
];
