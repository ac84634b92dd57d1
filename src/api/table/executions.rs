//! Executions.

use super::shapes::{
    ARN, INCLUDED_DATA, LONG_ARN, NAME, PAGE_SIZE, REDRIVE_COUNT, SENSITIVE_CAUSE, SENSITIVE_DATA, SENSITIVE_ERROR,
    TIMESTAMP, UNSIGNED_INTEGER,
};
use crate::api::shape::{
    Description, List, Member, Paging, Pattern, Range, Shape, Structure, Text, UNLIMITED, optional, required,
};

pub(super) static START_EXECUTION: Description = Description {
    summary: "Starts an execution of a state machine.",
    input: Structure {
        name: "StartExecutionInput",
        members: &[
            required("stateMachineArn", &ARN, "ARN of the state machine, of a version, or of an alias."),
            optional("name", &NAME, "Name of the execution; made up when it is left out."),
            optional("input", &SENSITIVE_DATA, "Input, JSON text; {} when it is left out."),
            optional("traceHeader", &TRACE_HEADER, "X-Ray trace header."),
        ],
    },
    output: Structure {
        name: "StartExecutionOutput",
        members: &[
            required("executionArn", &ARN, "ARN of the execution."),
            required("startDate", &TIMESTAMP, "When it started."),
        ],
    },
    errors: &[
        "ExecutionLimitExceeded",
        "ExecutionAlreadyExists",
        "InvalidArn",
        "InvalidExecutionInput",
        "InvalidName",
        "StateMachineDoesNotExist",
        "StateMachineDeleting",
        "ValidationException",
        "KmsAccessDeniedException",
        "KmsInvalidStateException",
        "KmsThrottlingException",
    ],
    paging: None,
};

pub(super) static START_SYNC_EXECUTION: Description = Description {
    summary: "Runs an execution of an Express state machine and waits for its end.",
    input: Structure {
        name: "StartSyncExecutionInput",
        members: &[
            required(
                "stateMachineArn",
                &ARN,
                "ARN of the state machine, of a version, or of an alias; the type must be EXPRESS.",
            ),
            optional("name", &NAME, "Name of the execution; made up when it is left out."),
            optional("input", &SENSITIVE_DATA, "Input, JSON text; {} when it is left out."),
            optional("traceHeader", &TRACE_HEADER, "X-Ray trace header."),
            optional("includedData", &INCLUDED_DATA, "ALL_DATA, or METADATA_ONLY to leave out what may be encrypted."),
        ],
    },
    output: Structure {
        name: "StartSyncExecutionOutput",
        members: &[
            required("executionArn", &ARN, "ARN of the execution."),
            optional("stateMachineArn", &ARN, "ARN of the state machine."),
            optional("name", &NAME, "Name."),
            required("startDate", &TIMESTAMP, "When it started."),
            required("stopDate", &TIMESTAMP, "When it ended."),
            required("status", &SYNC_EXECUTION_STATUS, "SUCCEEDED, FAILED or TIMED_OUT."),
            optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
            optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
            optional("input", &SENSITIVE_DATA, "Input, JSON text."),
            optional("inputDetails", &CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS, "Whether the input is complete."),
            optional("output", &SENSITIVE_DATA, "Output, JSON text."),
            optional("outputDetails", &CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS, "Whether the output is complete."),
            optional("traceHeader", &TRACE_HEADER, "X-Ray trace header."),
            optional("billingDetails", &BILLING_DETAILS, "What it costs: time and memory."),
        ],
    },
    errors: &[
        "InvalidArn",
        "InvalidExecutionInput",
        "InvalidName",
        "StateMachineDoesNotExist",
        "StateMachineDeleting",
        "StateMachineTypeNotSupported",
        "KmsAccessDeniedException",
        "KmsInvalidStateException",
        "KmsThrottlingException",
    ],
    paging: None,
};

pub(super) static STOP_EXECUTION: Description = Description {
    summary: "Stops an execution.",
    input: Structure {
        name: "StopExecutionInput",
        members: &[
            required("executionArn", &ARN, "ARN of the execution."),
            optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
            optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
        ],
    },
    output: Structure { name: "StopExecutionOutput", members: &[required("stopDate", &TIMESTAMP, "When it ended.")] },
    errors: &[
        "ExecutionDoesNotExist",
        "InvalidArn",
        "ValidationException",
        "KmsAccessDeniedException",
        "KmsInvalidStateException",
        "KmsThrottlingException",
    ],
    paging: None,
};

pub(super) static DESCRIBE_EXECUTION: Description = Description {
    summary: "Tells about an execution: status, input, output, times.",
    input: Structure {
        name: "DescribeExecutionInput",
        members: &[
            required("executionArn", &ARN, "ARN of the execution."),
            optional("includedData", &INCLUDED_DATA, "ALL_DATA, or METADATA_ONLY to leave out what may be encrypted."),
        ],
    },
    output: Structure {
        name: "DescribeExecutionOutput",
        members: &[
            required("executionArn", &ARN, "ARN of the execution."),
            required("stateMachineArn", &ARN, "ARN of the state machine."),
            optional("name", &NAME, "Name."),
            required("status", &EXECUTION_STATUS, "Status."),
            required("startDate", &TIMESTAMP, "When it started."),
            optional("stopDate", &TIMESTAMP, "When it ended."),
            optional("input", &SENSITIVE_DATA, "Input, JSON text."),
            optional("inputDetails", &CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS, "Whether the input is complete."),
            optional("output", &SENSITIVE_DATA, "Output, JSON text."),
            optional("outputDetails", &CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS, "Whether the output is complete."),
            optional("traceHeader", &TRACE_HEADER, "X-Ray trace header."),
            optional("mapRunArn", &LONG_ARN, "ARN of the Map Run that started the execution."),
            optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
            optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
            optional("stateMachineVersionArn", &ARN, "ARN of the version."),
            optional("stateMachineAliasArn", &ARN, "ARN of the alias."),
            optional("redriveCount", &REDRIVE_COUNT, "How often it was redriven."),
            optional("redriveDate", &TIMESTAMP, "When it was last redriven."),
            optional("redriveStatus", &EXECUTION_REDRIVE_STATUS, "Whether it can be redriven."),
            optional("redriveStatusReason", &SENSITIVE_TEXT, "Why it cannot be redriven."),
        ],
    },
    errors: &[
        "ExecutionDoesNotExist",
        "InvalidArn",
        "KmsAccessDeniedException",
        "KmsInvalidStateException",
        "KmsThrottlingException",
    ],
    paging: None,
};

pub(super) static LIST_EXECUTIONS: Description = Description {
    summary: "Lists the executions of a state machine or the children of a Map Run, newest first.",
    input: Structure {
        name: "ListExecutionsInput",
        members: &[
            optional("stateMachineArn", &ARN, "ARN of the state machine, version or alias; either this or mapRunArn."),
            optional("statusFilter", &EXECUTION_STATUS, "Only executions of this status."),
            optional("maxResults", &PAGE_SIZE, "Most results of one answer; 0 for the default of 100."),
            optional(
                "nextToken",
                &LIST_EXECUTIONS_PAGE_TOKEN,
                "Where to go on, from the answer before; valid for 24 hours.",
            ),
            optional(
                "mapRunArn",
                &LONG_ARN,
                "ARN of the Map Run whose child executions are listed; either this or stateMachineArn.",
            ),
            optional(
                "redriveFilter",
                &EXECUTION_REDRIVE_FILTER,
                "Only child executions of a Map Run that were, or were not, redriven.",
            ),
        ],
    },
    output: Structure {
        name: "ListExecutionsOutput",
        members: &[
            required("executions", &EXECUTION_LIST, "The executions."),
            optional(
                "nextToken",
                &LIST_EXECUTIONS_PAGE_TOKEN,
                "Where to go on, from the answer before; valid for 24 hours.",
            ),
        ],
    },
    errors: &[
        "InvalidArn",
        "InvalidToken",
        "StateMachineDoesNotExist",
        "StateMachineTypeNotSupported",
        "ValidationException",
        "ResourceNotFound",
    ],
    paging: Some(Paging { results: "executions", is_automatic: true }),
};

pub(super) static REDRIVE_EXECUTION: Description = Description {
    summary: "Goes on with an execution that failed, was aborted or timed out, from where it ended.",
    input: Structure {
        name: "RedriveExecutionInput",
        members: &[
            required("executionArn", &ARN, "ARN of the execution that failed, was aborted or timed out."),
            Member {
                is_token: true,
                ..optional("clientToken", &CLIENT_TOKEN, "Makes the request idempotent; made up when it is left out.")
            },
        ],
    },
    output: Structure {
        name: "RedriveExecutionOutput",
        members: &[required("redriveDate", &TIMESTAMP, "When it was last redriven.")],
    },
    errors: &[
        "ExecutionDoesNotExist",
        "ExecutionNotRedrivable",
        "ExecutionLimitExceeded",
        "InvalidArn",
        "ValidationException",
    ],
    paging: None,
};

static BILLED_DURATION: Shape = Shape::Long(Range { min: Some(0), ..Range::ANY });

static BILLED_MEMORY_USED: Shape = Shape::Long(Range { min: Some(0), ..Range::ANY });

static BILLING_DETAILS: Shape = Shape::Structure(&Structure {
    name: "BillingDetails",
    members: &[
        optional("billedMemoryUsedInMB", &BILLED_MEMORY_USED, "Billed memory in MB, a multiple of 64."),
        optional("billedDurationInMilliseconds", &BILLED_DURATION, "Billed time in milliseconds, a multiple of 100."),
    ],
});

static CLIENT_TOKEN: Shape =
    Shape::String(Text { min: 1, max: 64, pattern: Some(&CLIENT_TOKEN_CHARACTERS), ..Text::ANY });

static CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS: Shape = Shape::Structure(&Structure {
    name: "CloudWatchEventsExecutionDataDetails",
    members: &[optional("included", &INCLUDED_DETAILS, "Whether the data is in the answer.")],
});

static EXECUTION_LIST: Shape =
    Shape::List(List { item: &EXECUTION_LIST_ITEM, item_name: "ExecutionListItem", min: 0, max: UNLIMITED });

static EXECUTION_LIST_ITEM: Shape = Shape::Structure(&Structure {
    name: "ExecutionListItem",
    members: &[
        required("executionArn", &ARN, "ARN of the execution."),
        required("stateMachineArn", &ARN, "ARN of the state machine."),
        required("name", &NAME, "Name."),
        required("status", &EXECUTION_STATUS, "Status."),
        required("startDate", &TIMESTAMP, "When it started."),
        optional("stopDate", &TIMESTAMP, "When it ended."),
        optional("mapRunArn", &LONG_ARN, "ARN of the Map Run that started the execution."),
        optional("itemCount", &UNSIGNED_INTEGER, "Number of items of a child execution."),
        optional("stateMachineVersionArn", &ARN, "ARN of the version."),
        optional("stateMachineAliasArn", &ARN, "ARN of the alias."),
        optional("redriveCount", &REDRIVE_COUNT, "How often it was redriven."),
        optional("redriveDate", &TIMESTAMP, "When it was last redriven."),
    ],
});

static EXECUTION_REDRIVE_FILTER: Shape = Shape::String(Text { values: &["REDRIVEN", "NOT_REDRIVEN"], ..Text::ANY });

static EXECUTION_REDRIVE_STATUS: Shape =
    Shape::String(Text { values: &["REDRIVABLE", "NOT_REDRIVABLE", "REDRIVABLE_BY_MAP_RUN"], ..Text::ANY });

static EXECUTION_STATUS: Shape = Shape::String(Text {
    values: &["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"],
    listed: Some(STATUS_SET),
    ..Text::ANY
});

static LIST_EXECUTIONS_PAGE_TOKEN: Shape = Shape::String(Text { min: 1, max: 3_096, ..Text::ANY });

static SYNC_EXECUTION_STATUS: Shape =
    Shape::String(Text { values: &["SUCCEEDED", "FAILED", "TIMED_OUT"], ..Text::ANY });

static TRACE_HEADER: Shape = Shape::String(Text { max: 256, pattern: Some(&ASCII), ..Text::ANY });

static INCLUDED_DETAILS: Shape = Shape::Boolean;

static SENSITIVE_TEXT: Shape = Shape::String(Text { max: 262_144, is_sensitive: true, ..Text::ANY });

/// The order is recorded.
const STATUS_SET: &[&str] = &["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"];

static CLIENT_TOKEN_CHARACTERS: Pattern = Pattern {
    expression: "[!-~]+",
    matches: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()),
};

static ASCII: Pattern = Pattern { expression: r"\p{ASCII}*", matches: str::is_ascii };
