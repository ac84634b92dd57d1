//! Codes of asldb's warnings: what runs, but not as it was meant.

use super::{Code, Origin, code};

const fn own(
    name: &'static str,
    title: &'static str,
    explanation: &'static str,
    examples: (&'static str, &'static str),
) -> Code {
    code(name, Origin::Asldb, title, explanation, examples)
}

pub(super) const CODES: &[Code] = &[
    own(
        "ALWAYS_UNDEFINED",
        "A JSONata expression can only be undefined.",
        "It asks for a key that the data cannot have here, because a state before replaces its input by something of \
         which the keys are known. An undefined expression fails with States.QueryEvaluationError.",
        (
            "Send:\n  Type: Task\n  QueryLanguage: JSONata\n  Resource: arn:aws:states:::sqs:sendMessage\n  Arguments: {QueueUrl: q, MessageBody: b}\n  Next: Keep\nKeep:\n  Type: Pass\n  QueryLanguage: JSONata\n  Output: \"{% $states.input.orderId %}\"\n  End: true",
            "Send:\n  Type: Task\n  QueryLanguage: JSONata\n  Resource: arn:aws:states:::sqs:sendMessage\n  Arguments: {QueueUrl: q, MessageBody: b}\n  Output: \"{% $states.input %}\"\n  Next: Keep\nKeep:\n  Type: Pass\n  QueryLanguage: JSONata\n  Output: \"{% $states.input.orderId %}\"\n  End: true",
        ),
    ),
    own(
        "CHOICE_WITHOUT_EFFECT",
        "All ways out of a Choice lead to the same state.",
        "What the rules ask makes no difference. One of the `Next` is probably not what was meant.",
        (
            "Which:\n  Type: Choice\n  Choices: [{Variable: $.a, IsPresent: true, Next: Done}]\n  Default: Done\nDone:\n  Type: Succeed",
            "Which:\n  Type: Choice\n  Choices: [{Variable: $.a, IsPresent: true, Next: Done}]\n  Default: Failed\nDone:\n  Type: Succeed\nFailed:\n  Type: Fail",
        ),
    ),
    own(
        "DUPLICATE_BRANCH",
        "A branch does the same as another one.",
        "Two branches of a Parallel state are the same but for the names of their states: one was probably copied and not \
         changed.",
        (
            "Both:\n  Type: Parallel\n  End: true\n  Branches:\n    - StartAt: Mail\n      States: {Mail: {Type: Task, Resource: \"${Mail}\", Parameters: {to: a}, End: true}}\n    - StartAt: Text\n      States: {Text: {Type: Task, Resource: \"${Mail}\", Parameters: {to: a}, End: true}}",
            "Both:\n  Type: Parallel\n  End: true\n  Branches:\n    - StartAt: Mail\n      States: {Mail: {Type: Task, Resource: \"${Mail}\", Parameters: {to: a}, End: true}}\n    - StartAt: Text\n      States: {Text: {Type: Task, Resource: \"${Text}\", Parameters: {to: a}, End: true}}",
        ),
    ),
    own(
        "DUPLICATE_RULE",
        "A Choice rule has the condition of an earlier one.",
        "The first rule that applies counts, so the second never does.",
        (
            "Which:\n  Type: Choice\n  Choices:\n    - {Variable: $.kind, StringEquals: a, Next: A}\n    - {Variable: $.kind, StringEquals: a, Next: B}\n  Default: A\nA:\n  Type: Succeed\nB:\n  Type: Succeed",
            "Which:\n  Type: Choice\n  Choices:\n    - {Variable: $.kind, StringEquals: a, Next: A}\n    - {Variable: $.kind, StringEquals: b, Next: B}\n  Default: A\nA:\n  Type: Succeed\nB:\n  Type: Succeed",
        ),
    ),
    own(
        "ENDLESS_LOOP",
        "Nothing leads out of a loop.",
        "Whoever enters the loop stays in it until the execution times out, or its history has 25,000 events.",
        (
            "Start:\n  Type: Choice\n  Choices: [{Variable: $.poll, IsPresent: true, Next: Sleep}]\n  Default: Done\nSleep:\n  Type: Wait\n  Seconds: 5\n  Next: Look\nLook:\n  Type: Task\n  Resource: ${Function}\n  Next: Sleep\nDone:\n  Type: Succeed",
            "Start:\n  Type: Choice\n  Choices: [{Variable: $.poll, IsPresent: true, Next: Sleep}]\n  Default: Done\nSleep:\n  Type: Wait\n  Seconds: 5\n  Next: Look\nLook:\n  Type: Task\n  Resource: ${Function}\n  Next: Start\nDone:\n  Type: Succeed",
        ),
    ),
    own(
        "FAILING_EXPRESSION",
        "A path or an intrinsic call can only fail.",
        "Step Functions does not run functions in paths (`$.list.length()`), and an intrinsic function with a wrong number \
         of arguments fails when it is called: with States.Runtime, which nothing catches. CreateStateMachine takes both.",
        (
            "Count:\n  Type: Pass\n  Parameters: {count.$: \"$.list.length()\"}\n  End: true",
            "Count:\n  Type: Pass\n  Parameters: {count.$: States.ArrayLength($.list)}\n  End: true",
        ),
    ),
    own(
        "IMPOSSIBLE_ERROR",
        "A retrier or catcher names an error that never gets there.",
        "Some errors cannot come from this kind of state, and States.Runtime, which stands for mistakes in the definition, \
         is neither retried nor caught, by whatever name.",
        (
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Catch: [{ErrorEquals: [States.Runtime], Next: Failed}]\n  End: true\nFailed:\n  Type: Fail",
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Catch: [{ErrorEquals: [States.TaskFailed], Next: Failed}]\n  End: true\nFailed:\n  Type: Fail",
        ),
    ),
    own(
        "LONG_RETRY_DELAY",
        "The waits between retries grow beyond a day.",
        "Each wait is BackoffRate times the one before. Without MaxDelaySeconds that becomes days with few retries.",
        (
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Retry: [{ErrorEquals: [States.ALL], IntervalSeconds: 10, BackoffRate: 10, MaxAttempts: 6}]\n  End: true",
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Retry: [{ErrorEquals: [States.ALL], IntervalSeconds: 10, BackoffRate: 10, MaxAttempts: 6, MaxDelaySeconds: 3600}]\n  End: true",
        ),
    ),
    own(
        "LOST_TOKEN",
        "A state waits for its task token and does not pass it on.",
        "With .waitForTaskToken the state waits until somebody calls SendTaskSuccess with its token. Nobody can who has not \
         got it: it must be in the payload.",
        (
            "Ask:\n  Type: Task\n  Resource: arn:aws:states:::sqs:sendMessage.waitForTaskToken\n  TimeoutSeconds: 3600\n  Parameters: {QueueUrl: q, MessageBody: {question: ok?}}\n  End: true",
            "Ask:\n  Type: Task\n  Resource: arn:aws:states:::sqs:sendMessage.waitForTaskToken\n  TimeoutSeconds: 3600\n  Parameters: {QueueUrl: q, MessageBody: {question: ok?, token.$: $$.Task.Token}}\n  End: true",
        ),
    ),
    own(
        "MAP_WITHOUT_ITEMS",
        "A Map goes over what is neither an array nor an object.",
        "A text or a number has no items: the state fails when it is entered.",
        (
            "Each:\n  Type: Map\n  QueryLanguage: JSONata\n  Items: orders\n  End: true\n  ItemProcessor:\n    StartAt: X\n    States: {X: {Type: Succeed}}",
            "Each:\n  Type: Map\n  QueryLanguage: JSONata\n  Items: \"{% $states.input.orders %}\"\n  End: true\n  ItemProcessor:\n    StartAt: X\n    States: {X: {Type: Succeed}}",
        ),
    ),
    own(
        "MAYBE_UNASSIGNED_VARIABLE",
        "A variable is not assigned on all ways to where it is read.",
        "Where an execution comes another way, the state fails. Assign the variable on that way, too, perhaps with a value \
         that stands for nothing. A Choice that asks whether it is there counts as well.",
        (
            "Which:\n  Type: Choice\n  Choices: [{Variable: $.a, IsPresent: true, Next: Set}]\n  Default: Use\nSet:\n  Type: Pass\n  Assign: {a.$: $.a}\n  Next: Use\nUse:\n  Type: Pass\n  Parameters: {a.$: $a}\n  End: true",
            "Which:\n  Type: Choice\n  Choices: [{Variable: $.a, IsPresent: true, Next: Set}]\n  Assign: {a: none}\n  Default: Use\nSet:\n  Type: Pass\n  Assign: {a.$: $.a}\n  Next: Use\nUse:\n  Type: Pass\n  Parameters: {a.$: $a}\n  End: true",
        ),
    ),
    own(
        "NO_DEFAULT",
        "A Choice has no Default.",
        "Where no rule applies, the execution fails with States.Runtime, which nothing catches. A Choice whose rules leave \
         nothing out (true and false, less and not less) needs none.",
        (
            "Which:\n  Type: Choice\n  Choices: [{Variable: $.kind, StringEquals: a, Next: Done}]\nDone:\n  Type: Succeed",
            "Which:\n  Type: Choice\n  Choices: [{Variable: $.kind, StringEquals: a, Next: Done}]\n  Default: Failed\nDone:\n  Type: Succeed\nFailed:\n  Type: Fail\n  Error: UnknownKind",
        ),
    ),
    own(
        "NO_TIMEOUT",
        "A state waits for others without a timeout.",
        "A task token that is never sent back, or an activity without workers, keeps the execution for up to a year. \
         TimeoutSeconds or HeartbeatSeconds end the wait; States.Timeout can be caught.",
        (
            "Ask:\n  Type: Task\n  Resource: arn:aws:states:us-east-1:123456789012:activity:approve\n  End: true",
            "Ask:\n  Type: Task\n  Resource: arn:aws:states:us-east-1:123456789012:activity:approve\n  TimeoutSeconds: 86400\n  End: true",
        ),
    ),
    own(
        "PATH_IN_ARRAY",
        "A path stands in an array, where it is a text.",
        "In Parameters, ResultSelector, ItemSelector and Assign only the values of keys that end in `.$` are evaluated; an \
         item of an array has no key. States.Array makes an array of what paths find.",
        (
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Parameters: {names: [$.first, $.second]}\n  End: true",
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Parameters: {names.$: \"States.Array($.first, $.second)\"}\n  End: true",
        ),
    ),
    own(
        "PATH_NEVER_FOUND",
        "A path finds nothing, whatever the input is.",
        "A state before replaces its input by something of which the keys are known, and the path asks for another. The \
         state fails with States.Runtime, which nothing catches. A `ResultPath` keeps the input beside the result.",
        (
            "Call:\n  Type: Task\n  Resource: arn:aws:states:::lambda:invoke\n  Parameters: {FunctionName: f, Payload.$: $}\n  Next: Use\nUse:\n  Type: Pass\n  Parameters: {id.$: $.orderId}\n  End: true",
            "Call:\n  Type: Task\n  Resource: arn:aws:states:::lambda:invoke\n  Parameters: {FunctionName: f, Payload.$: $}\n  ResultPath: $.called\n  Next: Use\nUse:\n  Type: Pass\n  Parameters: {id.$: $.orderId}\n  End: true",
        ),
    ),
    own(
        "RETRIES_NOTHING",
        "A retrier never retries.",
        "\"MaxAttempts\": 0 keeps errors from a later retrier that would match them. In the last retrier it does nothing.",
        (
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 0}]\n  End: true",
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Retry: [{ErrorEquals: [Hopeless], MaxAttempts: 0}, {ErrorEquals: [States.ALL], MaxAttempts: 2}]\n  End: true",
        ),
    ),
    own(
        "SHADOWED_ERROR",
        "An error name is matched by an item before.",
        "The first retrier or catcher that matches counts. States.TaskFailed matches all errors of tasks but timeouts.",
        (
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Catch:\n    - {ErrorEquals: [States.TaskFailed], Next: Failed}\n    - {ErrorEquals: [OutOfStock], Next: Reorder}\n  End: true\nReorder:\n  Type: Succeed\nFailed:\n  Type: Fail",
            "Call:\n  Type: Task\n  Resource: ${Function}\n  Catch:\n    - {ErrorEquals: [OutOfStock], Next: Reorder}\n    - {ErrorEquals: [States.TaskFailed], Next: Failed}\n  End: true\nReorder:\n  Type: Succeed\nFailed:\n  Type: Fail",
        ),
    ),
    own(
        "UNASSIGNED_VARIABLE",
        "A variable is read that is not assigned before.",
        "No way to the state assigns it. An `Assign` counts from the next state on, a catcher's instead of the state's; what \
         is assigned in a Map or Parallel is gone outside of it, and a distributed Map sees no variables from outside.",
        (
            "Set:\n  Type: Pass\n  Assign: {limit: 3}\n  Next: Use\nUse:\n  Type: Pass\n  Parameters: {max.$: $limits}\n  End: true",
            "Set:\n  Type: Pass\n  Assign: {limit: 3}\n  Next: Use\nUse:\n  Type: Pass\n  Parameters: {max.$: $limit}\n  End: true",
        ),
    ),
    own(
        "UNKNOWN_CONTEXT_FIELD",
        "The context object has no such field.",
        "It has Execution, StateMachine and State; Task.Token where a state waits for a token; Map.Item in a Map. A path to \
         anything else fails with States.Runtime, which nothing catches.",
        (
            "Note:\n  Type: Pass\n  Parameters: {run.$: $$.Execution.Arn}\n  End: true",
            "Note:\n  Type: Pass\n  Parameters: {run.$: $$.Execution.Id}\n  End: true",
        ),
    ),
    own(
        "UNKNOWN_FUNCTION",
        "A JSONata expression calls what is no function.",
        "Step Functions has the functions of JSONata but $eval, and $partition, $range, $hash, $random, $uuid and $parse. A \
         call of anything else fails when it is reached; CreateStateMachine takes it.",
        (
            "Size:\n  Type: Pass\n  QueryLanguage: JSONata\n  Output: \"{% $lenght($states.input.name) %}\"\n  End: true",
            "Size:\n  Type: Pass\n  QueryLanguage: JSONata\n  Output: \"{% $length($states.input.name) %}\"\n  End: true",
        ),
    ),
    own(
        "UNREACHED_TIMEOUT",
        "A timeout never comes.",
        "Something else ends earlier: the execution by its own TimeoutSeconds, or an HTTP Task after 60 seconds.",
        (
            "TimeoutSeconds: 60\nStartAt: Call\nStates:\n  Call:\n    Type: Task\n    Resource: ${Function}\n    TimeoutSeconds: 300\n    End: true",
            "TimeoutSeconds: 600\nStartAt: Call\nStates:\n  Call:\n    Type: Task\n    Resource: ${Function}\n    TimeoutSeconds: 300\n    End: true",
        ),
    ),
    own(
        "UNUSED_FIELD",
        "A field has no effect.",
        "Another field overrides it: `Result` counts before `Parameters`, \"ResultPath\": null drops what `ResultSelector` \
         builds, the `Assign` of a Choice counts with its `Default` only, and tolerated failures in distributed Maps only.",
        (
            "Look:\n  Type: Task\n  Resource: ${Function}\n  ResultSelector: {id.$: $.id}\n  ResultPath: null\n  End: true",
            "Look:\n  Type: Task\n  Resource: ${Function}\n  ResultSelector: {id.$: $.id}\n  ResultPath: $.found\n  End: true",
        ),
    ),
    own(
        "UNUSED_VARIABLE",
        "A variable is assigned and read nowhere.",
        "It is superfluous, or where it should be read another name stands. What catchers assign is not told: it is often \
         there for people who read the history.",
        (
            "Set:\n  Type: Pass\n  Assign: {limit: 3}\n  Next: Done\nDone:\n  Type: Succeed",
            "Set:\n  Type: Pass\n  Assign: {limit: 3}\n  Next: Done\nDone:\n  Type: Pass\n  Parameters: {max.$: $limit}\n  End: true",
        ),
    ),
    own(
        "WAIT_BEYOND_TIMEOUT",
        "The execution times out before a wait is over.",
        "The wait is as long as the TimeoutSeconds of the state machine, or longer.",
        (
            "TimeoutSeconds: 60\nStartAt: Sleep\nStates:\n  Sleep:\n    Type: Wait\n    Seconds: 60\n    End: true",
            "TimeoutSeconds: 600\nStartAt: Sleep\nStates:\n  Sleep:\n    Type: Wait\n    Seconds: 60\n    End: true",
        ),
    ),
    own(
        "WAIT_IN_THE_PAST",
        "A Wait waits for a moment that is past.",
        "The state does not wait at all. A moment that is written in a definition passes one day; `Seconds` or \
         `TimestampPath` do not.",
        (
            "Sleep:\n  Type: Wait\n  Timestamp: \"2016-03-14T01:59:00Z\"\n  End: true",
            "Sleep:\n  Type: Wait\n  TimestampPath: $.due\n  End: true",
        ),
    ),
    own(
        "WRAPPED_PAYLOAD",
        "A function that is called by its own ARN gets FunctionName and Payload as its event.",
        "`FunctionName` and `Payload` belong to arn:aws:states:::lambda:invoke. Where the Resource is the function itself, \
         `Parameters` are its event as they stand.",
        (
            "Call:\n  Type: Task\n  Resource: arn:aws:lambda:us-east-1:123456789012:function:f\n  Parameters: {FunctionName: f, Payload: {a: 1}}\n  End: true",
            "Call:\n  Type: Task\n  Resource: arn:aws:lambda:us-east-1:123456789012:function:f\n  Parameters: {a: 1}\n  End: true",
        ),
    ),
    own(
        "WRONG_LANGUAGE",
        "An expression of one query language stands in a state of the other.",
        "It is taken as a text: JSONata states evaluate strings between {% and %} and nothing else, JSONPath states the \
         values of keys that end in `.$`.",
        (
            "Keep:\n  Type: Pass\n  QueryLanguage: JSONata\n  Output: {id: $.order.id}\n  End: true",
            "Keep:\n  Type: Pass\n  QueryLanguage: JSONata\n  Output: {id: \"{% $states.input.order.id %}\"}\n  End: true",
        ),
    ),
];
