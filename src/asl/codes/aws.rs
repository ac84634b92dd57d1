//! The codes of the service.

use super::{Code, Origin, code};

const fn aws(
    name: &'static str,
    title: &'static str,
    explanation: &'static str,
    examples: (&'static str, &'static str),
) -> Code {
    code(name, Origin::Aws, title, explanation, examples)
}

pub(super) const CODES: &[Code] = &[
    aws(
        "INVALID_JSON_DESCRIPTION",
        "The text is no JSON.",
        "The service takes definitions as JSON. The place is where the text stops making sense; what is missing is often \
         a comma, a quote or a bracket just before it.",
        (
            "{\n  \"StartAt\": \"Done\"\n  \"States\": {\"Done\": {\"Type\": \"Succeed\"}}\n}",
            "{\n  \"StartAt\": \"Done\",\n  \"States\": {\"Done\": {\"Type\": \"Succeed\"}}\n}",
        ),
    ),
    aws(
        "SCHEMA_VALIDATION_FAILED",
        "A field is missing, unknown, of the wrong type or out of range.",
        "Each state type has its own fields, and some fields belong to one query language only. CreateStateMachine refuses \
         a definition with such a fault; the message says which.",
        (
            "Fetch:\n  Type: Task\n  Ressource: arn:aws:states:::lambda:invoke\n  End: true",
            "Fetch:\n  Type: Task\n  Resource: arn:aws:states:::lambda:invoke\n  Parameters: {FunctionName: fetch}\n  End: true",
        ),
    ),
    aws(
        "INVALID_RESOURCE",
        "A Resource is no ARN that a Task can have.",
        "A Task calls a Lambda function, an activity or an integration, by ARN: arn:aws:lambda:…:function:NAME, \
         arn:aws:states:…:activity:NAME, arn:aws:states:::SERVICE:ACTION.",
        (
            "Fetch:\n  Type: Task\n  Resource: arn:aws:states:::lamda:invoke\n  End: true",
            "Fetch:\n  Type: Task\n  Resource: arn:aws:states:::lambda:invoke\n  Parameters: {FunctionName: fetch}\n  End: true",
        ),
    ),
    aws(
        "MISSING_END_STATE",
        "No state ends the execution.",
        "At least one state of the top level must have \"End\": true or be a Succeed or Fail state. While none has, the \
         service does not look whether all states can be reached.",
        (
            "Ping:\n  Type: Pass\n  Next: Pong\nPong:\n  Type: Pass\n  Next: Ping",
            "Ping:\n  Type: Pass\n  Next: Pong\nPong:\n  Type: Pass\n  End: true",
        ),
    ),
    aws(
        "MISSING_TRANSITION_TARGET",
        "A transition leads to no state, or no transition leads to a state.",
        "`StartAt`, `Next` and `Default` name states of the same `States`, letter by letter; a branch or an item processor \
         cannot be entered or left by them. Each state must be reached by one.",
        (
            "First:\n  Type: Pass\n  Next: Secnod\nSecond:\n  Type: Succeed",
            "First:\n  Type: Pass\n  Next: Second\nSecond:\n  Type: Succeed",
        ),
    ),
    aws(
        "DUPLICATE_STATE_NAME",
        "Two states have the same name.",
        "Names of states are unique in the whole state machine, also across branches and item processors.",
        (
            "Both:\n  Type: Parallel\n  End: true\n  Branches:\n    - {StartAt: Work, States: {Work: {Type: Succeed}}}\n    - {StartAt: Work, States: {Work: {Type: Succeed}}}",
            "Both:\n  Type: Parallel\n  End: true\n  Branches:\n    - {StartAt: Work 1, States: {Work 1: {Type: Succeed}}}\n    - {StartAt: Work 2, States: {Work 2: {Type: Succeed}}}",
        ),
    ),
    aws(
        "INVALID_STATE_NAME",
        "The name of a state is too long.",
        "A name has 80 characters at most.",
        (
            "Wait until the customer has confirmed the order by mail or the order has been cancelled:\n  Type: Succeed",
            "Wait for confirmation:\n  Type: Succeed",
        ),
    ),
    aws(
        "DUPLICATE_LABEL_NAME",
        "Two distributed Maps have the same Label.",
        "The Label names the Map Runs of a state, so it is unique in the state machine.",
        (
            "A:\n  Type: Map\n  Label: items\n  Next: B\n  ItemProcessor:\n    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}\n    StartAt: X\n    States: {X: {Type: Succeed}}\nB:\n  Type: Map\n  Label: items\n  End: true\n  ItemProcessor:\n    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}\n    StartAt: Y\n    States: {Y: {Type: Succeed}}",
            "A:\n  Type: Map\n  Label: orders\n  Next: B\n  ItemProcessor:\n    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}\n    StartAt: X\n    States: {X: {Type: Succeed}}\nB:\n  Type: Map\n  Label: refunds\n  End: true\n  ItemProcessor:\n    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}\n    StartAt: Y\n    States: {Y: {Type: Succeed}}",
        ),
    ),
    aws(
        "INVALID_LABEL_NAME",
        "The Label of a Map is too long or has characters that it may not have.",
        "A Label has 1 to 40 characters, and no white space or any of ? * < > { } [ ] : ; , \\ | ^ ~ $ # % & ` \".",
        (
            "Each:\n  Type: Map\n  Label: all orders\n  End: true\n  ItemProcessor:\n    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}\n    StartAt: X\n    States: {X: {Type: Succeed}}",
            "Each:\n  Type: Map\n  Label: all-orders\n  End: true\n  ItemProcessor:\n    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}\n    StartAt: X\n    States: {X: {Type: Succeed}}",
        ),
    ),
    aws(
        "INVALID_JSONATA_EXPRESSION",
        "A JSONata expression does not parse.",
        "In a JSONata state a string between {% and %} is an expression. It must be one as a whole: text goes into it in \
         quotes, and nothing stands outside of the delimiters.",
        (
            "Sum:\n  Type: Pass\n  QueryLanguage: JSONata\n  Output: \"{% $states.input.a + %}\"\n  End: true",
            "Sum:\n  Type: Pass\n  QueryLanguage: JSONata\n  Output: \"{% $states.input.a + 1 %}\"\n  End: true",
        ),
    ),
    aws(
        "UNSUPPORTED_JSONATA_EXPRESSION",
        "A JSONata expression starts from nothing.",
        "There is no input document: expressions start from $states.input, $states.context, a variable, and where they are \
         there $states.result and $states.errorOutput. `$`, `$$` and bare names are refused.",
        (
            "Price:\n  Type: Pass\n  QueryLanguage: JSONata\n  Output: \"{% order.price %}\"\n  End: true",
            "Price:\n  Type: Pass\n  QueryLanguage: JSONata\n  Output: \"{% $states.input.order.price %}\"\n  End: true",
        ),
    ),
    aws(
        "DUPLICATE_VARIABLE_NAME",
        "A variable is assigned inside that is assigned outside, too.",
        "A state in a Map or Parallel reads the variables around it, but may not assign one with the same name.",
        (
            "Set:\n  Type: Pass\n  Assign: {limit: 1}\n  Next: Each\nEach:\n  Type: Map\n  End: true\n  ItemProcessor:\n    StartAt: X\n    States: {X: {Type: Pass, Assign: {limit: 2}, Next: Y}, Y: {Type: Pass, Parameters: {l.$: $limit}, End: true}}",
            "Set:\n  Type: Pass\n  Assign: {limit: 1}\n  Next: Each\nEach:\n  Type: Map\n  End: true\n  ItemProcessor:\n    StartAt: X\n    States: {X: {Type: Pass, Assign: {own: 2}, Next: Y}, Y: {Type: Pass, Parameters: {l.$: $limit, o.$: $own}, End: true}}",
        ),
    ),
    aws(
        "INVALID_VARIABLE_NAME",
        "A variable has a name that it may not have.",
        "A name starts with a letter, goes on with letters, digits and `_`, and has 80 characters at most.",
        (
            "Set:\n  Type: Pass\n  Assign: {max-items: 1}\n  End: true",
            "Set:\n  Type: Pass\n  Assign: {maxItems: 1}\n  Next: Use\nUse:\n  Type: Pass\n  Parameters: {max.$: $maxItems}\n  End: true",
        ),
    ),
    aws(
        "RESERVED_VARIABLE_NAME",
        "A variable is called `states`.",
        "`$states` holds what JSONata expressions start from: input, context, result and errorOutput.",
        (
            "Set:\n  Type: Pass\n  Assign: {states: 1}\n  End: true",
            "Set:\n  Type: Pass\n  Assign: {state: 1}\n  Next: Use\nUse:\n  Type: Pass\n  Parameters: {max.$: $state}\n  End: true",
        ),
    ),
    aws(
        "NO_DOLLAR",
        "A path stands under a key that does not end in `.$`.",
        "Only the values of keys that end in `.$` are evaluated; others are taken as they stand.",
        (
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Parameters: {id: $.order.id}\n  End: true",
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Parameters: {id.$: $.order.id}\n  End: true",
        ),
    ),
    aws(
        "NO_PATH",
        "A path stands in a field that takes a text.",
        "The field with the same name and `Path` at the end looks the value up.",
        ("Failed:\n  Type: Fail\n  Cause: $.why", "Failed:\n  Type: Fail\n  CausePath: $.why"),
    ),
    aws(
        "PASS_RESULT_IS_STATIC",
        "A path stands in the Result of a Pass state.",
        "`Result` is taken as it stands; `Parameters` are evaluated.",
        (
            "Keep:\n  Type: Pass\n  Result: {id.$: $.order.id}\n  End: true",
            "Keep:\n  Type: Pass\n  Parameters: {id.$: $.order.id}\n  End: true",
        ),
    ),
];
