//! Codes of asldb about reading: files, YAML, names.

use super::{Code, Origin, code};

const fn own(
    name: &'static str,
    title: &'static str,
    explanation: &'static str,
    examples: (&'static str, &'static str),
) -> Code {
    code(name, Origin::Asldb, title, explanation, examples)
}

const fn without_example(name: &'static str, title: &'static str, explanation: &'static str) -> Code {
    Code { name, origin: Origin::Asldb, title, explanation, examples: None }
}

pub(super) const CODES: &[Code] = &[
    without_example("UNREADABLE_FILE", "A file cannot be read.", "It is not there, or may not be opened."),
    without_example(
        "UNREADABLE_TEXT",
        "A file is no text, or too long.",
        "Definitions are UTF-8 and have 1,048,576 characters at most.",
    ),
    without_example(
        "NO_STATE_MACHINE",
        "A template has no state machine.",
        "In templates of CloudFormation and SAM, and in a serverless.yml, the state machines are looked for. This one has \
         none, or what it says of one cannot be followed from here.",
    ),
    without_example(
        "DEFINITION_ELSEWHERE",
        "The definition of a state machine is not in reach.",
        "It lies in S3 or comes from a function that only a deployment evaluates. Open the definition itself, or name a \
         file with `DefinitionUri`.",
    ),
    without_example(
        "TEMPLATE_TEXT",
        "Text of a template stands here.",
        "Lines such as `%{ if … }` of Terraform or `{% for … %}` of Jinja make a definition when they are filled in. What \
         they decide is not known here; the text around them is read without them.",
    ),
    without_example(
        "JSON_COMMENT",
        "JSON has no comments.",
        "asldb reads over them; CreateStateMachine refuses the text. Put what is to be said into `Comment`.",
    ),
    without_example(
        "JSON_TRAILING_COMMA",
        "A comma stands where nothing follows.",
        "asldb reads over it; CreateStateMachine refuses the text. Remove the comma.",
    ),
    own(
        "INVALID_YAML_DESCRIPTION",
        "The text is no YAML, or holds what JSON cannot.",
        "Files that end in .yaml or .yml are read as YAML 1.2; what they hold must be what JSON can hold. The place is \
         where the text stops making sense; look at the indentation and the colons just before it.",
        (
            "StartAt: Done\nStates:\n  Done:\n    Type: Succeed\n   Comment: out of line",
            "StartAt: Done\nStates:\n  Done:\n    Type: Succeed\n    Comment: in line",
        ),
    ),
    own(
        "DUPLICATE_KEY",
        "A key stands twice in the same object.",
        "Only the last one counts, as for every reader of JSON, and a state can disappear that way.",
        (
            "{\"StartAt\": \"A\", \"States\": {\n  \"A\": {\"Type\": \"Pass\", \"Result\": 1, \"Result\": 2, \"End\": true}\n}}",
            "{\"StartAt\": \"A\", \"States\": {\n  \"A\": {\"Type\": \"Pass\", \"Result\": 2, \"End\": true}\n}}",
        ),
    ),
    own(
        "PLACEHOLDER",
        "A placeholder stands where its value is needed.",
        "What a deployment fills in (${Name}, {{name}}) is not known here. Where a path, a number or a boolean belongs, the \
         field counts as not given; elsewhere placeholders are texts.",
        (
            "Call:\n  Type: Task\n  Resource: ${Function}\n  TimeoutSeconds: ${Timeout}\n  End: true",
            "Call:\n  Type: Task\n  Resource: ${Function}\n  TimeoutSeconds: 30\n  End: true",
        ),
    ),
    own(
        "UNKNOWN_ERROR_NAME",
        "An error name that begins with `States.` is misspelled.",
        "Names that begin with `States.` are the service's own. A misspelled one never matches.",
        (
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Retry: [{ErrorEquals: [States.TimeOut]}]\n  End: true",
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Retry: [{ErrorEquals: [States.Timeout]}]\n  End: true",
        ),
    ),
    own(
        "UNKNOWN_CODE",
        "A comment switches off a code that there is not.",
        "`asldb: allow CODE` in a Comment or in a comment of YAML switches warnings off: in the Comment of the state \
         machine for the whole file, in that of a state for the state and what it holds; in a comment of YAML for what \
         begins in its line, or in the next one when the line holds nothing else. Several codes are separated by commas. \
         `asldb explain` lists the codes.",
        (
            "Done:\n  Type: Succeed\n  Comment: \"asldb: allow NO_DEFALUT\"",
            "Done:\n  Type: Succeed\n  Comment: \"asldb: allow NO_DEFAULT\"",
        ),
    ),
    own(
        "ASLDB_UNSUPPORTED",
        "asldb does not run this.",
        "The definition may be right, but this version of asldb cannot run all of it, and says so before the run.",
        (
            "Each:\n  Type: Map\n  End: true\n  ItemReader: {Resource: \"arn:aws:states:::s3:getObject\", Parameters: {Bucket: b, Key: k}}\n  ItemProcessor:\n    StartAt: X\n    States: {X: {Type: Succeed}}",
            "Each:\n  Type: Map\n  End: true\n  ItemReader: {Resource: \"arn:aws:states:::s3:getObject\", ReaderConfig: {InputType: JSON}, Parameters: {Bucket: b, Key: k}}\n  ItemProcessor:\n    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}\n    StartAt: X\n    States: {X: {Type: Succeed}}",
        ),
    ),
];
