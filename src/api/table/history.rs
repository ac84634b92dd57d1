//! The history of executions: events and their details.

use super::shapes::{
    ARN, LONG_ARN, NAME, PAGE_SIZE, PAGE_TOKEN, REDRIVE_COUNT, SENSITIVE_CAUSE, SENSITIVE_DATA, SENSITIVE_ERROR,
    STATE_NAME, TIMESTAMP, UNSIGNED_INTEGER,
};
use crate::api::shape::{Description, List, Paging, Range, Shape, Structure, Text, UNLIMITED, optional, required};

pub(super) static GET_EXECUTION_HISTORY: Description = Description {
    summary: "Lists the events of an execution.",
    input: Structure {
        name: "GetExecutionHistoryInput",
        members: &[
            required("executionArn", &ARN, "ARN of the execution."),
            optional("maxResults", &PAGE_SIZE, "Most results of one answer; 0 for the default of 100."),
            optional("reverseOrder", &REVERSE_ORDER, "Newest first."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
            optional(
                "includeExecutionData",
                &INCLUDE_EXECUTION_DATA_GET_EXECUTION_HISTORY,
                "Whether inputs and outputs are in the events.",
            ),
        ],
    },
    output: Structure {
        name: "GetExecutionHistoryOutput",
        members: &[
            required("events", &HISTORY_EVENT_LIST, "The events."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
        ],
    },
    errors: &[
        "ExecutionDoesNotExist",
        "InvalidArn",
        "InvalidToken",
        "KmsAccessDeniedException",
        "KmsInvalidStateException",
        "KmsThrottlingException",
    ],
    paging: Some(Paging { results: "events", is_automatic: true }),
};

static ACTIVITY_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ActivityFailedEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static ACTIVITY_SCHEDULE_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ActivityScheduleFailedEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static ACTIVITY_SCHEDULED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ActivityScheduledEventDetails",
    members: &[
        required("resource", &ARN, "ARN of the activity."),
        optional("input", &SENSITIVE_DATA, "Input, JSON text."),
        optional("inputDetails", &HISTORY_EVENT_EXECUTION_DATA_DETAILS, "Whether the input is complete."),
        optional("timeoutInSeconds", &TIMEOUT_IN_SECONDS, "Seconds until it times out."),
        optional("heartbeatInSeconds", &TIMEOUT_IN_SECONDS, "Seconds allowed between two heartbeats."),
    ],
});

static ACTIVITY_STARTED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ActivityStartedEventDetails",
    members: &[optional("workerName", &IDENTITY, "Name of the worker.")],
});

static ACTIVITY_SUCCEEDED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ActivitySucceededEventDetails",
    members: &[
        optional("output", &SENSITIVE_DATA, "Output, JSON text."),
        optional("outputDetails", &HISTORY_EVENT_EXECUTION_DATA_DETAILS, "Whether the output is complete."),
    ],
});

static ACTIVITY_TIMED_OUT_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ActivityTimedOutEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static ASSIGNED_VARIABLES: Shape = Shape::Map(&VARIABLE_VALUE);

static ASSIGNED_VARIABLES_DETAILS: Shape = Shape::Structure(&Structure {
    name: "AssignedVariablesDetails",
    members: &[optional("truncated", &TRUNCATED, "Whether the variables were cut.")],
});

static CONNECTOR_PARAMETERS: Shape =
    Shape::String(Text { max: 262_144, is_sensitive: true, is_json: true, ..Text::ANY });

static EVALUATION_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "EvaluationFailedEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
        optional("location", &EVALUATION_FAILURE_LOCATION, "The field whose evaluation failed."),
        required("state", &STATE_NAME, "Name of the state."),
    ],
});

static EVALUATION_FAILURE_LOCATION: Shape = Shape::String(Text { max: 256, is_sensitive: true, ..Text::ANY });

static EVENT_ID: Shape = Shape::Long(Range::ANY);

static EXECUTION_ABORTED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ExecutionAbortedEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static EXECUTION_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ExecutionFailedEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static EXECUTION_REDRIVEN_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ExecutionRedrivenEventDetails",
    members: &[optional("redriveCount", &REDRIVE_COUNT, "How often it was redriven.")],
});

static EXECUTION_STARTED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ExecutionStartedEventDetails",
    members: &[
        optional("input", &SENSITIVE_DATA, "Input, JSON text."),
        optional("inputDetails", &HISTORY_EVENT_EXECUTION_DATA_DETAILS, "Whether the input is complete."),
        optional("roleArn", &ARN, "ARN of the role of the execution."),
        optional("stateMachineAliasArn", &ARN, "ARN of the alias."),
        optional("stateMachineVersionArn", &ARN, "ARN of the version."),
    ],
});

static EXECUTION_SUCCEEDED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ExecutionSucceededEventDetails",
    members: &[
        optional("output", &SENSITIVE_DATA, "Output, JSON text."),
        optional("outputDetails", &HISTORY_EVENT_EXECUTION_DATA_DETAILS, "Whether the output is complete."),
    ],
});

static EXECUTION_TIMED_OUT_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "ExecutionTimedOutEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static HISTORY_EVENT: Shape = Shape::Structure(&Structure {
    name: "HistoryEvent",
    members: &[
        required("timestamp", &TIMESTAMP, "When it happened."),
        required("type", &HISTORY_EVENT_TYPE, "Type of the event."),
        required("id", &EVENT_ID, "Number of the event, from 1."),
        optional("previousEventId", &EVENT_ID, "The event that it follows from; 0 for none."),
        optional("activityFailedEventDetails", &ACTIVITY_FAILED_EVENT_DETAILS, "Details of ActivityFailed."),
        optional(
            "activityScheduleFailedEventDetails",
            &ACTIVITY_SCHEDULE_FAILED_EVENT_DETAILS,
            "Details of ActivityScheduleFailed.",
        ),
        optional("activityScheduledEventDetails", &ACTIVITY_SCHEDULED_EVENT_DETAILS, "Details of ActivityScheduled."),
        optional("activityStartedEventDetails", &ACTIVITY_STARTED_EVENT_DETAILS, "Details of ActivityStarted."),
        optional("activitySucceededEventDetails", &ACTIVITY_SUCCEEDED_EVENT_DETAILS, "Details of ActivitySucceeded."),
        optional("activityTimedOutEventDetails", &ACTIVITY_TIMED_OUT_EVENT_DETAILS, "Details of ActivityTimedOut."),
        optional("taskFailedEventDetails", &TASK_FAILED_EVENT_DETAILS, "Details of TaskFailed."),
        optional("taskScheduledEventDetails", &TASK_SCHEDULED_EVENT_DETAILS, "Details of TaskScheduled."),
        optional("taskStartFailedEventDetails", &TASK_START_FAILED_EVENT_DETAILS, "Details of TaskStartFailed."),
        optional("taskStartedEventDetails", &TASK_STARTED_EVENT_DETAILS, "Details of TaskStarted."),
        optional("taskSubmitFailedEventDetails", &TASK_SUBMIT_FAILED_EVENT_DETAILS, "Details of TaskSubmitFailed."),
        optional("taskSubmittedEventDetails", &TASK_SUBMITTED_EVENT_DETAILS, "Details of TaskSubmitted."),
        optional("taskSucceededEventDetails", &TASK_SUCCEEDED_EVENT_DETAILS, "Details of TaskSucceeded."),
        optional("taskTimedOutEventDetails", &TASK_TIMED_OUT_EVENT_DETAILS, "Details of TaskTimedOut."),
        optional("executionFailedEventDetails", &EXECUTION_FAILED_EVENT_DETAILS, "Details of ExecutionFailed."),
        optional("executionStartedEventDetails", &EXECUTION_STARTED_EVENT_DETAILS, "Details of ExecutionStarted."),
        optional(
            "executionSucceededEventDetails",
            &EXECUTION_SUCCEEDED_EVENT_DETAILS,
            "Details of ExecutionSucceeded.",
        ),
        optional("executionAbortedEventDetails", &EXECUTION_ABORTED_EVENT_DETAILS, "Details of ExecutionAborted."),
        optional("executionTimedOutEventDetails", &EXECUTION_TIMED_OUT_EVENT_DETAILS, "Details of ExecutionTimedOut."),
        optional("executionRedrivenEventDetails", &EXECUTION_REDRIVEN_EVENT_DETAILS, "Details of ExecutionRedriven."),
        optional("mapStateStartedEventDetails", &MAP_STATE_STARTED_EVENT_DETAILS, "Details of MapStateStarted."),
        optional("mapIterationStartedEventDetails", &MAP_ITERATION_EVENT_DETAILS, "Details of MapIterationStarted."),
        optional(
            "mapIterationSucceededEventDetails",
            &MAP_ITERATION_EVENT_DETAILS,
            "Details of MapIterationSucceeded.",
        ),
        optional("mapIterationFailedEventDetails", &MAP_ITERATION_EVENT_DETAILS, "Details of MapIterationFailed."),
        optional("mapIterationAbortedEventDetails", &MAP_ITERATION_EVENT_DETAILS, "Details of MapIterationAborted."),
        optional(
            "lambdaFunctionFailedEventDetails",
            &LAMBDA_FUNCTION_FAILED_EVENT_DETAILS,
            "Details of LambdaFunctionFailed.",
        ),
        optional(
            "lambdaFunctionScheduleFailedEventDetails",
            &LAMBDA_FUNCTION_SCHEDULE_FAILED_EVENT_DETAILS,
            "Details of LambdaFunctionScheduleFailed.",
        ),
        optional(
            "lambdaFunctionScheduledEventDetails",
            &LAMBDA_FUNCTION_SCHEDULED_EVENT_DETAILS,
            "Details of LambdaFunctionScheduled.",
        ),
        optional(
            "lambdaFunctionStartFailedEventDetails",
            &LAMBDA_FUNCTION_START_FAILED_EVENT_DETAILS,
            "Details of LambdaFunctionStartFailed.",
        ),
        optional(
            "lambdaFunctionSucceededEventDetails",
            &LAMBDA_FUNCTION_SUCCEEDED_EVENT_DETAILS,
            "Details of LambdaFunctionSucceeded.",
        ),
        optional(
            "lambdaFunctionTimedOutEventDetails",
            &LAMBDA_FUNCTION_TIMED_OUT_EVENT_DETAILS,
            "Details of LambdaFunctionTimedOut.",
        ),
        optional("stateEnteredEventDetails", &STATE_ENTERED_EVENT_DETAILS, "Details of …StateEntered."),
        optional("stateExitedEventDetails", &STATE_EXITED_EVENT_DETAILS, "Details of …StateExited."),
        optional("mapRunStartedEventDetails", &MAP_RUN_STARTED_EVENT_DETAILS, "Details of MapRunStarted."),
        optional("mapRunFailedEventDetails", &MAP_RUN_FAILED_EVENT_DETAILS, "Details of MapRunFailed."),
        optional("mapRunRedrivenEventDetails", &MAP_RUN_REDRIVEN_EVENT_DETAILS, "Details of MapRunRedriven."),
        optional("evaluationFailedEventDetails", &EVALUATION_FAILED_EVENT_DETAILS, "Details of EvaluationFailed."),
    ],
});

static HISTORY_EVENT_EXECUTION_DATA_DETAILS: Shape = Shape::Structure(&Structure {
    name: "HistoryEventExecutionDataDetails",
    members: &[optional("truncated", &TRUNCATED, "Whether it was cut.")],
});

static HISTORY_EVENT_LIST: Shape =
    Shape::List(List { item: &HISTORY_EVENT, item_name: "HistoryEvent", min: 0, max: UNLIMITED });

static HISTORY_EVENT_TYPE: Shape = Shape::String(Text { values: EVENT_TYPES, ..Text::ANY });

static IDENTITY: Shape = Shape::String(Text { max: 256, ..Text::ANY });

static INCLUDE_EXECUTION_DATA_GET_EXECUTION_HISTORY: Shape = Shape::Boolean;

static LAMBDA_FUNCTION_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "LambdaFunctionFailedEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static LAMBDA_FUNCTION_SCHEDULE_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "LambdaFunctionScheduleFailedEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static LAMBDA_FUNCTION_SCHEDULED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "LambdaFunctionScheduledEventDetails",
    members: &[
        required("resource", &ARN, "ARN of the function."),
        optional("input", &SENSITIVE_DATA, "What the function is called with, JSON text."),
        optional("inputDetails", &HISTORY_EVENT_EXECUTION_DATA_DETAILS, "Whether the input is complete."),
        optional("timeoutInSeconds", &TIMEOUT_IN_SECONDS, "Seconds until it times out."),
        optional("taskCredentials", &TASK_CREDENTIALS, "The role that the function is called with."),
    ],
});

static LAMBDA_FUNCTION_START_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "LambdaFunctionStartFailedEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static LAMBDA_FUNCTION_SUCCEEDED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "LambdaFunctionSucceededEventDetails",
    members: &[
        optional("output", &SENSITIVE_DATA, "Output, JSON text."),
        optional("outputDetails", &HISTORY_EVENT_EXECUTION_DATA_DETAILS, "Whether the output is complete."),
    ],
});

static LAMBDA_FUNCTION_TIMED_OUT_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "LambdaFunctionTimedOutEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static MAP_ITERATION_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "MapIterationEventDetails",
    members: &[
        optional("name", &NAME, "Name of the Map state."),
        optional("index", &UNSIGNED_INTEGER, "Index of the iteration."),
    ],
});

static MAP_RUN_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "MapRunFailedEventDetails",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static MAP_RUN_REDRIVEN_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "MapRunRedrivenEventDetails",
    members: &[
        optional("mapRunArn", &LONG_ARN, "ARN of the Map Run."),
        optional("redriveCount", &REDRIVE_COUNT, "How often it was redriven."),
    ],
});

static MAP_RUN_STARTED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "MapRunStartedEventDetails",
    members: &[optional("mapRunArn", &LONG_ARN, "ARN of the Map Run.")],
});

static MAP_STATE_STARTED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "MapStateStartedEventDetails",
    members: &[optional("length", &UNSIGNED_INTEGER, "Number of items.")],
});

static REVERSE_ORDER: Shape = Shape::Boolean;

static STATE_ENTERED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "StateEnteredEventDetails",
    members: &[
        required("name", &NAME, "Name of the state."),
        optional("input", &SENSITIVE_DATA, "Input, JSON text."),
        optional("inputDetails", &HISTORY_EVENT_EXECUTION_DATA_DETAILS, "Whether the input is complete."),
    ],
});

static STATE_EXITED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "StateExitedEventDetails",
    members: &[
        required("name", &NAME, "Name of the state."),
        optional("output", &SENSITIVE_DATA, "Output, JSON text."),
        optional("outputDetails", &HISTORY_EVENT_EXECUTION_DATA_DETAILS, "Whether the output is complete."),
        optional(
            "assignedVariables",
            &ASSIGNED_VARIABLES,
            "Variables set by the state: names and values as JSON text.",
        ),
        optional("assignedVariablesDetails", &ASSIGNED_VARIABLES_DETAILS, "Whether the variables are complete."),
    ],
});

static TASK_CREDENTIALS: Shape = Shape::Structure(&Structure {
    name: "TaskCredentials",
    members: &[optional("roleArn", &LONG_ARN, "ARN of the role.")],
});

static TASK_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "TaskFailedEventDetails",
    members: &[
        required("resourceType", &NAME, "The service that is called: `lambda`, `sqs`."),
        required("resource", &NAME, "What is called, without the service: `invoke`, `sendMessage.waitForTaskToken`."),
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static TASK_SCHEDULED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "TaskScheduledEventDetails",
    members: &[
        required("resourceType", &NAME, "The service that is called: `lambda`, `sqs`."),
        required("resource", &NAME, "What is called, without the service: `invoke`, `sendMessage.waitForTaskToken`."),
        required("region", &NAME, "Region of the resource."),
        required("parameters", &CONNECTOR_PARAMETERS, "What the resource is called with, JSON text."),
        optional("timeoutInSeconds", &TIMEOUT_IN_SECONDS, "Seconds until it times out."),
        optional("heartbeatInSeconds", &TIMEOUT_IN_SECONDS, "Seconds allowed between two heartbeats."),
        optional("taskCredentials", &TASK_CREDENTIALS, "The role that the task is called with."),
    ],
});

static TASK_START_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "TaskStartFailedEventDetails",
    members: &[
        required("resourceType", &NAME, "The service that is called: `lambda`, `sqs`."),
        required("resource", &NAME, "What is called, without the service: `invoke`, `sendMessage.waitForTaskToken`."),
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static TASK_STARTED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "TaskStartedEventDetails",
    members: &[
        required("resourceType", &NAME, "The service that is called: `lambda`, `sqs`."),
        required("resource", &NAME, "What is called, without the service: `invoke`, `sendMessage.waitForTaskToken`."),
    ],
});

static TASK_SUBMIT_FAILED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "TaskSubmitFailedEventDetails",
    members: &[
        required("resourceType", &NAME, "The service that is called: `lambda`, `sqs`."),
        required("resource", &NAME, "What is called, without the service: `invoke`, `sendMessage.waitForTaskToken`."),
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static TASK_SUBMITTED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "TaskSubmittedEventDetails",
    members: &[
        required("resourceType", &NAME, "The service that is called: `lambda`, `sqs`."),
        required("resource", &NAME, "What is called, without the service: `invoke`, `sendMessage.waitForTaskToken`."),
        optional("output", &SENSITIVE_DATA, "Output, JSON text."),
        optional("outputDetails", &HISTORY_EVENT_EXECUTION_DATA_DETAILS, "Whether the output is complete."),
    ],
});

static TASK_SUCCEEDED_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "TaskSucceededEventDetails",
    members: &[
        required("resourceType", &NAME, "The service that is called: `lambda`, `sqs`."),
        required("resource", &NAME, "What is called, without the service: `invoke`, `sendMessage.waitForTaskToken`."),
        optional("output", &SENSITIVE_DATA, "Output, JSON text."),
        optional("outputDetails", &HISTORY_EVENT_EXECUTION_DATA_DETAILS, "Whether the output is complete."),
    ],
});

static TASK_TIMED_OUT_EVENT_DETAILS: Shape = Shape::Structure(&Structure {
    name: "TaskTimedOutEventDetails",
    members: &[
        required("resourceType", &NAME, "The service that is called: `lambda`, `sqs`."),
        required("resource", &NAME, "What is called, without the service: `invoke`, `sendMessage.waitForTaskToken`."),
        optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
        optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
    ],
});

static TIMEOUT_IN_SECONDS: Shape = Shape::Long(Range::ANY);

static VARIABLE_VALUE: Shape = Shape::String(Text { is_sensitive: true, is_json: true, ..Text::ANY });

static TRUNCATED: Shape = Shape::Boolean;

const EVENT_TYPES: &[&str] = &[
    "ActivityFailed",
    "ActivityScheduled",
    "ActivityScheduleFailed",
    "ActivityStarted",
    "ActivitySucceeded",
    "ActivityTimedOut",
    "ChoiceStateEntered",
    "ChoiceStateExited",
    "ExecutionAborted",
    "ExecutionFailed",
    "ExecutionStarted",
    "ExecutionSucceeded",
    "ExecutionTimedOut",
    "FailStateEntered",
    "LambdaFunctionFailed",
    "LambdaFunctionScheduled",
    "LambdaFunctionScheduleFailed",
    "LambdaFunctionStarted",
    "LambdaFunctionStartFailed",
    "LambdaFunctionSucceeded",
    "LambdaFunctionTimedOut",
    "MapIterationAborted",
    "MapIterationFailed",
    "MapIterationStarted",
    "MapIterationSucceeded",
    "MapStateAborted",
    "MapStateEntered",
    "MapStateExited",
    "MapStateFailed",
    "MapStateStarted",
    "MapStateSucceeded",
    "ParallelStateAborted",
    "ParallelStateEntered",
    "ParallelStateExited",
    "ParallelStateFailed",
    "ParallelStateStarted",
    "ParallelStateSucceeded",
    "PassStateEntered",
    "PassStateExited",
    "SucceedStateEntered",
    "SucceedStateExited",
    "TaskFailed",
    "TaskScheduled",
    "TaskStarted",
    "TaskStartFailed",
    "TaskStateAborted",
    "TaskStateEntered",
    "TaskStateExited",
    "TaskSubmitFailed",
    "TaskSubmitted",
    "TaskSucceeded",
    "TaskTimedOut",
    "WaitStateAborted",
    "WaitStateEntered",
    "WaitStateExited",
    "MapRunAborted",
    "MapRunFailed",
    "MapRunStarted",
    "MapRunSucceeded",
    "ExecutionRedriven",
    "MapRunRedriven",
    "EvaluationFailed",
];
