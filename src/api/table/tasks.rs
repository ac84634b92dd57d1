//! Tasks that answer with a token, and activities.

use super::shapes::{
    ARN, ENCRYPTION_CONFIGURATION, NAME, PAGE_SIZE, PAGE_TOKEN, SENSITIVE_CAUSE, SENSITIVE_DATA, SENSITIVE_ERROR,
    TAG_LIST, TIMESTAMP,
};
use crate::api::shape::{Description, List, Paging, Shape, Structure, Text, UNLIMITED, optional, required};

pub(super) static SEND_TASK_SUCCESS: Description = Description {
    summary: "Reports the result of the task of a token.",
    input: Structure {
        name: "SendTaskSuccessInput",
        members: &[
            required("taskToken", &TASK_TOKEN, "Token of the task."),
            required("output", &SENSITIVE_DATA, "Result of the task, JSON text."),
        ],
    },
    output: Structure { name: "SendTaskSuccessOutput", members: &[] },
    errors: &[
        "TaskDoesNotExist",
        "InvalidOutput",
        "InvalidToken",
        "TaskTimedOut",
        "KmsAccessDeniedException",
        "KmsInvalidStateException",
        "KmsThrottlingException",
    ],
    paging: None,
};

pub(super) static SEND_TASK_FAILURE: Description = Description {
    summary: "Reports that the task of a token failed.",
    input: Structure {
        name: "SendTaskFailureInput",
        members: &[
            required("taskToken", &TASK_TOKEN, "Token of the task."),
            optional("error", &SENSITIVE_ERROR, "Error name of the failure."),
            optional("cause", &SENSITIVE_CAUSE, "Explanation of the failure."),
        ],
    },
    output: Structure { name: "SendTaskFailureOutput", members: &[] },
    errors: &[
        "TaskDoesNotExist",
        "InvalidToken",
        "TaskTimedOut",
        "KmsAccessDeniedException",
        "KmsInvalidStateException",
        "KmsThrottlingException",
    ],
    paging: None,
};

pub(super) static SEND_TASK_HEARTBEAT: Description = Description {
    summary: "Reports that the task of a token is still at work.",
    input: Structure {
        name: "SendTaskHeartbeatInput",
        members: &[required("taskToken", &TASK_TOKEN, "Token of the task.")],
    },
    output: Structure { name: "SendTaskHeartbeatOutput", members: &[] },
    errors: &["TaskDoesNotExist", "InvalidToken", "TaskTimedOut"],
    paging: None,
};

pub(super) static CREATE_ACTIVITY: Description = Description {
    summary: "Creates an activity: a task that workers ask for.",
    input: Structure {
        name: "CreateActivityInput",
        members: &[
            required("name", &NAME, "Name, unique in account and region."),
            optional("tags", &TAG_LIST, "Tags: keys and values."),
            optional("encryptionConfiguration", &ENCRYPTION_CONFIGURATION, "Encryption at rest."),
        ],
    },
    output: Structure {
        name: "CreateActivityOutput",
        members: &[
            required("activityArn", &ARN, "ARN of the activity."),
            required("creationDate", &TIMESTAMP, "When it was created."),
        ],
    },
    errors: &[
        "ActivityLimitExceeded",
        "ActivityAlreadyExists",
        "InvalidName",
        "TooManyTags",
        "InvalidEncryptionConfiguration",
        "KmsAccessDeniedException",
        "KmsThrottlingException",
    ],
    paging: None,
};

pub(super) static DESCRIBE_ACTIVITY: Description = Description {
    summary: "Tells about an activity.",
    input: Structure {
        name: "DescribeActivityInput",
        members: &[required("activityArn", &ARN, "ARN of the activity.")],
    },
    output: Structure {
        name: "DescribeActivityOutput",
        members: &[
            required("activityArn", &ARN, "ARN of the activity."),
            required("name", &NAME, "Name."),
            required("creationDate", &TIMESTAMP, "When it was created."),
            optional("encryptionConfiguration", &ENCRYPTION_CONFIGURATION, "Encryption at rest."),
        ],
    },
    errors: &["ActivityDoesNotExist", "InvalidArn"],
    paging: None,
};

pub(super) static LIST_ACTIVITIES: Description = Description {
    summary: "Lists the activities.",
    input: Structure {
        name: "ListActivitiesInput",
        members: &[
            optional("maxResults", &PAGE_SIZE, "Most results of one answer; 0 for the default of 100."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
        ],
    },
    output: Structure {
        name: "ListActivitiesOutput",
        members: &[
            required("activities", &ACTIVITY_LIST, "The activities."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
        ],
    },
    errors: &["InvalidToken"],
    paging: Some(Paging { results: "activities", is_automatic: true }),
};

pub(super) static DELETE_ACTIVITY: Description = Description {
    summary: "Deletes an activity.",
    input: Structure { name: "DeleteActivityInput", members: &[required("activityArn", &ARN, "ARN of the activity.")] },
    output: Structure { name: "DeleteActivityOutput", members: &[] },
    errors: &["InvalidArn"],
    paging: None,
};

pub(super) static GET_ACTIVITY_TASK: Description = Description {
    summary: "Waits up to 60 seconds for a task of an activity.",
    input: Structure {
        name: "GetActivityTaskInput",
        members: &[
            required("activityArn", &ARN, "ARN of the activity."),
            optional("workerName", &NAME, "A name for the worker, shown in the history."),
        ],
    },
    output: Structure {
        name: "GetActivityTaskOutput",
        members: &[
            optional(
                "taskToken",
                &TASK_TOKEN,
                "Token for SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat; null when there was no task.",
            ),
            optional("input", &SENSITIVE_DATA_JOB_INPUT, "Input, JSON text."),
        ],
    },
    errors: &[
        "ActivityDoesNotExist",
        "ActivityWorkerLimitExceeded",
        "InvalidArn",
        "KmsAccessDeniedException",
        "KmsInvalidStateException",
        "KmsThrottlingException",
    ],
    paging: None,
};

static ACTIVITY_LIST: Shape =
    Shape::List(List { item: &ACTIVITY_LIST_ITEM, item_name: "ActivityListItem", min: 0, max: UNLIMITED });

static ACTIVITY_LIST_ITEM: Shape = Shape::Structure(&Structure {
    name: "ActivityListItem",
    members: &[
        required("activityArn", &ARN, "ARN of the activity."),
        required("name", &NAME, "Name."),
        required("creationDate", &TIMESTAMP, "When it was created."),
    ],
});

static SENSITIVE_DATA_JOB_INPUT: Shape =
    Shape::String(Text { max: 1_048_576, is_sensitive: true, is_json: true, ..Text::ANY });

static TASK_TOKEN: Shape = Shape::String(Text { min: 1, max: 2_048, ..Text::ANY });
