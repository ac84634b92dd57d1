//! Tests of single states.

use super::shapes::{ARN, DEFINITION, SENSITIVE_CAUSE, SENSITIVE_DATA, SENSITIVE_ERROR, STATE_NAME};
use crate::api::shape::{Description, Range, Shape, Structure, Text, optional, required};

pub(super) static TEST_STATE: Description = Description {
    summary: "Runs a single state and tells what it does.",
    input: Structure {
        name: "TestStateInput",
        members: &[
            required("definition", &DEFINITION, "Definition of a state; of a state machine if stateName is given."),
            optional("roleArn", &ARN, "ARN of the role for the call of the task."),
            optional("input", &SENSITIVE_DATA, "Input of the state, JSON text."),
            optional("inspectionLevel", &INSPECTION_LEVEL, "How much to tell: INFO, DEBUG or TRACE."),
            optional("revealSecrets", &REVEAL_SECRETS, "Whether secrets of HTTP tasks are shown; only with TRACE."),
            optional("variables", &SENSITIVE_DATA, "Variables that the state sees: a JSON object as text."),
            optional("stateName", &TEST_STATE_STATE_NAME, "Which state of the definition to test."),
            optional("mock", &MOCK_INPUT, "What the call returns or fails with, instead of calling."),
            optional("context", &SENSITIVE_DATA, "The context object as JSON text."),
            optional(
                "stateConfiguration",
                &TEST_STATE_CONFIGURATION,
                "The situation of the state: retries so far, failed iterations.",
            ),
        ],
    },
    output: Structure {
        name: "TestStateOutput",
        members: &[
            optional("output", &SENSITIVE_DATA, "Output, JSON text."),
            optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
            optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
            optional("inspectionData", &INSPECTION_DATA, "The data on its way through the state."),
            optional("nextState", &STATE_NAME, "Name of the next state."),
            optional("status", &TEST_EXECUTION_STATUS, "SUCCEEDED, FAILED, RETRIABLE or CAUGHT_ERROR."),
        ],
    },
    errors: &["InvalidArn", "InvalidDefinition", "InvalidExecutionInput", "ValidationException"],
    paging: None,
};

static EXCEPTION_HANDLER_INDEX: Shape = Shape::Integer(Range { min: Some(0), ..Range::ANY });

static HTTP_BODY: Shape = Shape::String(Text::ANY);

static HTTP_HEADERS: Shape = Shape::String(Text::ANY);

static HTTP_METHOD: Shape = Shape::String(Text::ANY);

static HTTP_PROTOCOL: Shape = Shape::String(Text::ANY);

static HTTP_STATUS_CODE: Shape = Shape::String(Text::ANY);

static HTTP_STATUS_MESSAGE: Shape = Shape::String(Text::ANY);

static INSPECTION_DATA: Shape = Shape::Structure(&Structure {
    name: "InspectionData",
    members: &[
        optional("input", &SENSITIVE_DATA, "Input of the state."),
        optional("afterArguments", &SENSITIVE_DATA, "After Arguments."),
        optional("afterInputPath", &SENSITIVE_DATA, "After InputPath."),
        optional("afterParameters", &SENSITIVE_DATA, "After Parameters."),
        optional("result", &SENSITIVE_DATA, "Raw result of the state."),
        optional("afterResultSelector", &SENSITIVE_DATA, "After ResultSelector."),
        optional("afterResultPath", &SENSITIVE_DATA, "After ResultPath."),
        optional("request", &INSPECTION_DATA_REQUEST, "The HTTP request of an HTTP task."),
        optional("response", &INSPECTION_DATA_RESPONSE, "The HTTP response of an HTTP task."),
        optional("variables", &SENSITIVE_DATA, "Variables after the state, JSON text."),
        optional("errorDetails", &INSPECTION_ERROR_DETAILS, "Who handled the error."),
        optional("afterItemsPath", &SENSITIVE_DATA, "After ItemsPath."),
        optional("afterItemSelector", &SENSITIVE_DATA, "After ItemSelector: the inputs of all iterations."),
        optional("afterItemBatcher", &SENSITIVE_DATA, "After ItemBatcher."),
        optional("afterItemsPointer", &SENSITIVE_DATA, "After ItemsPointer."),
        optional(
            "toleratedFailureCount",
            &INSPECTION_TOLERATED_FAILURE_COUNT,
            "ToleratedFailureCount of the Map state.",
        ),
        optional(
            "toleratedFailurePercentage",
            &INSPECTION_TOLERATED_FAILURE_PERCENTAGE,
            "ToleratedFailurePercentage of the Map state.",
        ),
        optional("maxConcurrency", &INSPECTION_MAX_CONCURRENCY, "MaxConcurrency of the Map state."),
    ],
});

static INSPECTION_DATA_REQUEST: Shape = Shape::Structure(&Structure {
    name: "InspectionDataRequest",
    members: &[
        optional("protocol", &HTTP_PROTOCOL, "Protocol of the message."),
        optional("method", &HTTP_METHOD, "HTTP method."),
        optional("url", &URL, "Address."),
        optional("headers", &HTTP_HEADERS, "Headers."),
        optional("body", &HTTP_BODY, "Body."),
    ],
});

static INSPECTION_DATA_RESPONSE: Shape = Shape::Structure(&Structure {
    name: "InspectionDataResponse",
    members: &[
        optional("protocol", &HTTP_PROTOCOL, "Protocol of the message."),
        optional("statusCode", &HTTP_STATUS_CODE, "HTTP status."),
        optional("statusMessage", &HTTP_STATUS_MESSAGE, "Text of the HTTP status."),
        optional("headers", &HTTP_HEADERS, "Headers."),
        optional("body", &HTTP_BODY, "Body."),
    ],
});

static INSPECTION_ERROR_DETAILS: Shape = Shape::Structure(&Structure {
    name: "InspectionErrorDetails",
    members: &[
        optional("catchIndex", &EXCEPTION_HANDLER_INDEX, "Index of the catcher."),
        optional("retryIndex", &EXCEPTION_HANDLER_INDEX, "Index of the retrier."),
        optional("retryBackoffIntervalSeconds", &RETRY_BACKOFF_INTERVAL_SECONDS, "Seconds until the retry."),
    ],
});

static INSPECTION_LEVEL: Shape = Shape::String(Text { values: &["INFO", "DEBUG", "TRACE"], ..Text::ANY });

static INSPECTION_MAX_CONCURRENCY: Shape = Shape::Integer(Range { min: Some(0), ..Range::ANY });

static INSPECTION_TOLERATED_FAILURE_COUNT: Shape = Shape::Integer(Range { min: Some(0), ..Range::ANY });

static INSPECTION_TOLERATED_FAILURE_PERCENTAGE: Shape = Shape::Float(Range { min: Some(0), max: Some(100) });

static MAP_ITERATION_FAILURE_COUNT: Shape = Shape::Integer(Range { min: Some(0), ..Range::ANY });

static MOCK_ERROR_OUTPUT: Shape = Shape::Structure(&Structure {
    name: "MockErrorOutput",
    members: &[
        optional("error", &SENSITIVE_ERROR, "Error name that the call fails with."),
        optional("cause", &SENSITIVE_CAUSE, "Cause that the call fails with."),
    ],
});

static MOCK_INPUT: Shape = Shape::Structure(&Structure {
    name: "MockInput",
    members: &[
        optional("result", &SENSITIVE_DATA, "Result of the call, JSON text."),
        optional("errorOutput", &MOCK_ERROR_OUTPUT, "Failure of the call."),
        optional(
            "fieldValidationMode",
            &MOCK_RESPONSE_VALIDATION_MODE,
            "How strictly the result is compared with the shapes of the called API: STRICT, PRESENT or NONE.",
        ),
    ],
});

static MOCK_RESPONSE_VALIDATION_MODE: Shape =
    Shape::String(Text { values: &["STRICT", "PRESENT", "NONE"], ..Text::ANY });

static RETRIER_RETRY_COUNT: Shape = Shape::Integer(Range { min: Some(0), ..Range::ANY });

static RETRY_BACKOFF_INTERVAL_SECONDS: Shape = Shape::Integer(Range { min: Some(0), ..Range::ANY });

static REVEAL_SECRETS: Shape = Shape::Boolean;

static TEST_EXECUTION_STATUS: Shape =
    Shape::String(Text { values: &["SUCCEEDED", "FAILED", "RETRIABLE", "CAUGHT_ERROR"], ..Text::ANY });

static TEST_STATE_CONFIGURATION: Shape = Shape::Structure(&Structure {
    name: "TestStateConfiguration",
    members: &[
        optional("retrierRetryCount", &RETRIER_RETRY_COUNT, "Retries that the retrier has used up."),
        optional(
            "errorCausedByState",
            &TEST_STATE_STATE_NAME,
            "Name of the inner state that the mocked error comes from.",
        ),
        optional(
            "mapIterationFailureCount",
            &MAP_ITERATION_FAILURE_COUNT,
            "Number of failed iterations of the Map state.",
        ),
        optional("mapItemReaderData", &SENSITIVE_DATA, "What the ItemReader reads, as in its source."),
    ],
});

static TEST_STATE_STATE_NAME: Shape = Shape::String(Text { min: 1, max: 80, is_sensitive: true, ..Text::ANY });

static URL: Shape = Shape::String(Text::ANY);
