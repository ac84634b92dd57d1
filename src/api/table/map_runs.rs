//! Map Runs.

use super::shapes::{ARN, LONG_ARN, PAGE_SIZE, PAGE_TOKEN, REDRIVE_COUNT, TIMESTAMP};
use crate::api::shape::{Description, List, Paging, Range, Shape, Structure, Text, UNLIMITED, optional, required};

pub(super) static DESCRIBE_MAP_RUN: Description = Description {
    summary: "Tells about a Map Run: progress, limits, results.",
    input: Structure {
        name: "DescribeMapRunInput",
        members: &[required("mapRunArn", &LONG_ARN, "ARN of the Map Run.")],
    },
    output: Structure {
        name: "DescribeMapRunOutput",
        members: &[
            required("mapRunArn", &LONG_ARN, "ARN of the Map Run."),
            required("executionArn", &ARN, "ARN of the execution."),
            required("status", &MAP_RUN_STATUS, "Status."),
            required("startDate", &TIMESTAMP, "When it started."),
            optional("stopDate", &TIMESTAMP, "When it ended."),
            required(
                "maxConcurrency",
                &MAX_CONCURRENCY,
                "How many child executions run at the same time; 0 for no limit.",
            ),
            required(
                "toleratedFailurePercentage",
                &TOLERATED_FAILURE_PERCENTAGE,
                "Share of items in percent that may fail before the Map Run fails.",
            ),
            required(
                "toleratedFailureCount",
                &TOLERATED_FAILURE_COUNT,
                "Number of items that may fail before the Map Run fails.",
            ),
            required("itemCounts", &MAP_RUN_ITEM_COUNTS, "Items by status."),
            required("executionCounts", &MAP_RUN_EXECUTION_COUNTS, "Child executions by status."),
            optional("redriveCount", &REDRIVE_COUNT, "How often it was redriven."),
            optional("redriveDate", &TIMESTAMP, "When it was last redriven."),
        ],
    },
    errors: &["ResourceNotFound", "InvalidArn"],
    paging: None,
};

pub(super) static LIST_MAP_RUNS: Description = Description {
    summary: "Lists the Map Runs of an execution.",
    input: Structure {
        name: "ListMapRunsInput",
        members: &[
            required("executionArn", &ARN, "ARN of the execution."),
            optional("maxResults", &PAGE_SIZE, "Most results of one answer; 0 for the default of 100."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
        ],
    },
    output: Structure {
        name: "ListMapRunsOutput",
        members: &[
            required("mapRuns", &MAP_RUN_LIST, "The Map Runs."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
        ],
    },
    errors: &["ExecutionDoesNotExist", "InvalidArn", "InvalidToken"],
    paging: Some(Paging { results: "mapRuns", is_automatic: true }),
};

pub(super) static UPDATE_MAP_RUN: Description = Description {
    summary: "Changes the limits of a running Map Run.",
    input: Structure {
        name: "UpdateMapRunInput",
        members: &[
            required("mapRunArn", &LONG_ARN, "ARN of the Map Run."),
            optional(
                "maxConcurrency",
                &MAX_CONCURRENCY,
                "How many child executions may run at the same time; 0 for no limit.",
            ),
            optional(
                "toleratedFailurePercentage",
                &TOLERATED_FAILURE_PERCENTAGE,
                "Share of items in percent that may fail before the Map Run fails.",
            ),
            optional(
                "toleratedFailureCount",
                &TOLERATED_FAILURE_COUNT,
                "Number of items that may fail before the Map Run fails.",
            ),
        ],
    },
    output: Structure { name: "UpdateMapRunOutput", members: &[] },
    errors: &["ResourceNotFound", "InvalidArn", "ValidationException"],
    paging: None,
};

static LONG_OBJECT: Shape = Shape::Long(Range::ANY);

static MAP_RUN_EXECUTION_COUNTS: Shape = Shape::Structure(&Structure {
    name: "MapRunExecutionCounts",
    members: &[
        required("pending", &UNSIGNED_LONG, "Not started yet."),
        required("running", &UNSIGNED_LONG, "Running."),
        required("succeeded", &UNSIGNED_LONG, "Succeeded."),
        required("failed", &UNSIGNED_LONG, "Failed."),
        required("timedOut", &UNSIGNED_LONG, "Timed out."),
        required("aborted", &UNSIGNED_LONG, "Aborted, or not started when the Map Run ended."),
        required("total", &UNSIGNED_LONG, "All of them."),
        required("resultsWritten", &UNSIGNED_LONG, "Results written by the ResultWriter."),
        optional("failuresNotRedrivable", &LONG_OBJECT, "Failed ones that cannot be redriven."),
        optional("pendingRedrive", &LONG_OBJECT, "Waiting to be redriven."),
    ],
});

static MAP_RUN_ITEM_COUNTS: Shape = Shape::Structure(&Structure {
    name: "MapRunItemCounts",
    members: &[
        required("pending", &UNSIGNED_LONG, "Not started yet."),
        required("running", &UNSIGNED_LONG, "Running."),
        required("succeeded", &UNSIGNED_LONG, "Succeeded."),
        required("failed", &UNSIGNED_LONG, "Failed."),
        required("timedOut", &UNSIGNED_LONG, "Timed out."),
        required("aborted", &UNSIGNED_LONG, "Aborted, or not started when the Map Run ended."),
        required("total", &UNSIGNED_LONG, "All of them."),
        required("resultsWritten", &UNSIGNED_LONG, "Results written by the ResultWriter."),
        optional("failuresNotRedrivable", &LONG_OBJECT, "Failed ones that cannot be redriven."),
        optional("pendingRedrive", &LONG_OBJECT, "Waiting to be redriven."),
    ],
});

static MAP_RUN_LIST: Shape =
    Shape::List(List { item: &MAP_RUN_LIST_ITEM, item_name: "MapRunListItem", min: 0, max: UNLIMITED });

static MAP_RUN_LIST_ITEM: Shape = Shape::Structure(&Structure {
    name: "MapRunListItem",
    members: &[
        required("executionArn", &ARN, "ARN of the execution."),
        required("mapRunArn", &LONG_ARN, "ARN of the Map Run."),
        required("stateMachineArn", &ARN, "ARN of the state machine."),
        required("startDate", &TIMESTAMP, "When it started."),
        optional("stopDate", &TIMESTAMP, "When it ended."),
    ],
});

static MAP_RUN_STATUS: Shape =
    Shape::String(Text { values: &["RUNNING", "SUCCEEDED", "FAILED", "ABORTED"], ..Text::ANY });

static MAX_CONCURRENCY: Shape = Shape::Integer(Range { min: Some(0), ..Range::ANY });

static TOLERATED_FAILURE_COUNT: Shape = Shape::Long(Range { min: Some(0), ..Range::ANY });

static TOLERATED_FAILURE_PERCENTAGE: Shape = Shape::Float(Range { min: Some(0), max: Some(100) });

static UNSIGNED_LONG: Shape = Shape::Long(Range { min: Some(0), ..Range::ANY });
