//! State machines.

use super::shapes::{
    ARN, DEFINITION, ENCRYPTION_CONFIGURATION, INCLUDED_DATA, LONG_ARN, NAME, PAGE_SIZE, PAGE_TOKEN, REVISION_ID,
    TAG_LIST, TIMESTAMP, VERSION_DESCRIPTION,
};
use crate::api::shape::{Description, List, Paging, Range, Shape, Structure, Text, UNLIMITED, optional, required};

pub(super) static CREATE_STATE_MACHINE: Description = Description {
    summary: "Creates a state machine.",
    input: Structure {
        name: "CreateStateMachineInput",
        members: &[
            required("name", &NAME, "Name, unique in account and region."),
            required("definition", &DEFINITION, "Definition in the Amazon States Language."),
            required("roleArn", &ARN, "ARN of the role that the state machine acts as."),
            optional("type", &STATE_MACHINE_TYPE, "STANDARD or EXPRESS; cannot be changed later."),
            optional("loggingConfiguration", &LOGGING_CONFIGURATION, "What is logged, and where to."),
            optional("tags", &TAG_LIST, "Tags: keys and values."),
            optional("tracingConfiguration", &TRACING_CONFIGURATION, "Whether executions are traced with X-Ray."),
            optional("publish", &PUBLISH, "Whether to publish a version at once."),
            optional(
                "versionDescription",
                &VERSION_DESCRIPTION,
                "Description of the version; only together with publish.",
            ),
            optional("encryptionConfiguration", &ENCRYPTION_CONFIGURATION, "Encryption at rest."),
        ],
    },
    output: Structure {
        name: "CreateStateMachineOutput",
        members: &[
            required("stateMachineArn", &ARN, "ARN of the state machine."),
            required("creationDate", &TIMESTAMP, "When it was created."),
            optional("stateMachineVersionArn", &ARN, "ARN of the published version; only with publish."),
        ],
    },
    errors: &[
        "InvalidArn",
        "InvalidDefinition",
        "InvalidName",
        "InvalidLoggingConfiguration",
        "InvalidTracingConfiguration",
        "StateMachineAlreadyExists",
        "StateMachineDeleting",
        "StateMachineLimitExceeded",
        "StateMachineTypeNotSupported",
        "TooManyTags",
        "ValidationException",
        "ConflictException",
        "InvalidEncryptionConfiguration",
        "KmsAccessDeniedException",
        "KmsThrottlingException",
    ],
    paging: None,
};

pub(super) static UPDATE_STATE_MACHINE: Description = Description {
    summary: "Changes definition, role or configuration of a state machine.",
    input: Structure {
        name: "UpdateStateMachineInput",
        members: &[
            required("stateMachineArn", &ARN, "ARN of the state machine."),
            optional("definition", &DEFINITION, "New definition in the Amazon States Language."),
            optional("roleArn", &ARN, "ARN of the new role."),
            optional("loggingConfiguration", &LOGGING_CONFIGURATION, "What is logged, and where to."),
            optional("tracingConfiguration", &TRACING_CONFIGURATION, "Whether executions are traced with X-Ray."),
            optional("publish", &PUBLISH, "Whether to publish a version at once."),
            optional(
                "versionDescription",
                &VERSION_DESCRIPTION,
                "Description of the version; only together with publish.",
            ),
            optional("encryptionConfiguration", &ENCRYPTION_CONFIGURATION, "Encryption at rest."),
        ],
    },
    output: Structure {
        name: "UpdateStateMachineOutput",
        members: &[
            required("updateDate", &TIMESTAMP, "When it was last changed."),
            optional("revisionId", &REVISION_ID, "The new revision."),
            optional("stateMachineVersionArn", &ARN, "ARN of the published version; only with publish."),
        ],
    },
    errors: &[
        "InvalidArn",
        "InvalidDefinition",
        "InvalidLoggingConfiguration",
        "InvalidTracingConfiguration",
        "MissingRequiredParameter",
        "StateMachineDeleting",
        "StateMachineDoesNotExist",
        "ServiceQuotaExceededException",
        "ConflictException",
        "ValidationException",
        "InvalidEncryptionConfiguration",
        "KmsAccessDeniedException",
        "KmsThrottlingException",
    ],
    paging: None,
};

pub(super) static DESCRIBE_STATE_MACHINE: Description = Description {
    summary: "Tells about a state machine: definition, role, configuration.",
    input: Structure {
        name: "DescribeStateMachineInput",
        members: &[
            required(
                "stateMachineArn",
                &ARN,
                "ARN of the state machine, of a version, of an alias, or of a labelled Map state.",
            ),
            optional("includedData", &INCLUDED_DATA, "ALL_DATA, or METADATA_ONLY to leave out what may be encrypted."),
        ],
    },
    output: Structure {
        name: "DescribeStateMachineOutput",
        members: &[
            required("stateMachineArn", &ARN, "ARN of the state machine."),
            required("name", &NAME, "Name."),
            optional("status", &STATE_MACHINE_STATUS, "ACTIVE or DELETING."),
            required("definition", &DEFINITION, "Definition in the Amazon States Language."),
            required("roleArn", &ARN, "ARN of the role that the state machine acts as."),
            required("type", &STATE_MACHINE_TYPE, "STANDARD or EXPRESS."),
            required("creationDate", &TIMESTAMP, "When it was created."),
            optional("loggingConfiguration", &LOGGING_CONFIGURATION, "What is logged, and where to."),
            optional("tracingConfiguration", &TRACING_CONFIGURATION, "Whether executions are traced with X-Ray."),
            optional("label", &MAP_RUN_LABEL, "Label of the Map state in a qualified ARN."),
            optional("revisionId", &REVISION_ID, "Revision of definition and role."),
            optional("description", &VERSION_DESCRIPTION, "Description of the version."),
            optional("encryptionConfiguration", &ENCRYPTION_CONFIGURATION, "Encryption at rest."),
            optional("variableReferences", &VARIABLE_REFERENCES, "The variables that each state refers to."),
        ],
    },
    errors: &[
        "InvalidArn",
        "StateMachineDoesNotExist",
        "KmsAccessDeniedException",
        "KmsInvalidStateException",
        "KmsThrottlingException",
    ],
    paging: None,
};

pub(super) static DELETE_STATE_MACHINE: Description = Description {
    summary: "Deletes a state machine; its executions are ended at their next transition.",
    input: Structure {
        name: "DeleteStateMachineInput",
        members: &[required("stateMachineArn", &ARN, "ARN of the state machine.")],
    },
    output: Structure { name: "DeleteStateMachineOutput", members: &[] },
    errors: &["InvalidArn", "ValidationException"],
    paging: None,
};

pub(super) static LIST_STATE_MACHINES: Description = Description {
    summary: "Lists the state machines.",
    input: Structure {
        name: "ListStateMachinesInput",
        members: &[
            optional("maxResults", &PAGE_SIZE, "Most results of one answer; 0 for the default of 100."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
        ],
    },
    output: Structure {
        name: "ListStateMachinesOutput",
        members: &[
            required("stateMachines", &STATE_MACHINE_LIST, "The state machines."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
        ],
    },
    errors: &["InvalidToken"],
    paging: Some(Paging { results: "stateMachines", is_automatic: true }),
};

pub(super) static VALIDATE_STATE_MACHINE_DEFINITION: Description = Description {
    summary: "Checks a definition without creating a state machine.",
    input: Structure {
        name: "ValidateStateMachineDefinitionInput",
        members: &[
            required("definition", &DEFINITION, "Definition in the Amazon States Language."),
            optional(
                "type",
                &STATE_MACHINE_TYPE,
                "The type of state machine that the definition is meant for [default: STANDARD].",
            ),
            optional(
                "severity",
                &VALIDATE_STATE_MACHINE_DEFINITION_SEVERITY,
                "Least severity to report [default: ERROR].",
            ),
            optional(
                "maxResults",
                &VALIDATE_STATE_MACHINE_DEFINITION_MAX_RESULT,
                "Most diagnostics of one answer; 0 for the default of 100.",
            ),
        ],
    },
    output: Structure {
        name: "ValidateStateMachineDefinitionOutput",
        members: &[
            required("result", &VALIDATE_STATE_MACHINE_DEFINITION_RESULT_CODE, "OK or FAIL."),
            required("diagnostics", &VALIDATE_STATE_MACHINE_DEFINITION_DIAGNOSTIC_LIST, "What was found."),
            optional(
                "truncated",
                &VALIDATE_STATE_MACHINE_DEFINITION_TRUNCATED,
                "Whether there are more than maxResults.",
            ),
        ],
    },
    errors: &["ValidationException"],
    paging: None,
};

pub(super) static DESCRIBE_STATE_MACHINE_FOR_EXECUTION: Description = Description {
    summary: "Tells about the state machine as an execution uses it.",
    input: Structure {
        name: "DescribeStateMachineForExecutionInput",
        members: &[
            required("executionArn", &ARN, "ARN of the execution."),
            optional("includedData", &INCLUDED_DATA, "ALL_DATA, or METADATA_ONLY to leave out what may be encrypted."),
        ],
    },
    output: Structure {
        name: "DescribeStateMachineForExecutionOutput",
        members: &[
            required("stateMachineArn", &ARN, "ARN of the state machine."),
            required("name", &NAME, "Name."),
            required("definition", &DEFINITION, "The definition that the execution uses."),
            required("roleArn", &ARN, "ARN of the role that the state machine acts as."),
            required("updateDate", &TIMESTAMP, "When the definition was made."),
            optional("loggingConfiguration", &LOGGING_CONFIGURATION, "What is logged, and where to."),
            optional("tracingConfiguration", &TRACING_CONFIGURATION, "Whether executions are traced with X-Ray."),
            optional("mapRunArn", &LONG_ARN, "ARN of the Map Run that started the execution."),
            optional("label", &MAP_RUN_LABEL, "Label of the Map state in a qualified ARN."),
            optional("revisionId", &REVISION_ID, "Revision of definition and role."),
            optional("encryptionConfiguration", &ENCRYPTION_CONFIGURATION, "Encryption at rest."),
            optional("variableReferences", &VARIABLE_REFERENCES, "The variables that each state refers to."),
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

static CLOUD_WATCH_LOGS_LOG_GROUP: Shape = Shape::Structure(&Structure {
    name: "CloudWatchLogsLogGroup",
    members: &[optional("logGroupArn", &ARN, "ARN of the log group, ending in `:*`.")],
});

static ENABLED: Shape = Shape::Boolean;

static INCLUDE_EXECUTION_DATA: Shape = Shape::Boolean;

static LOG_DESTINATION: Shape = Shape::Structure(&Structure {
    name: "LogDestination",
    members: &[optional("cloudWatchLogsLogGroup", &CLOUD_WATCH_LOGS_LOG_GROUP, "A log group of CloudWatch Logs.")],
});

static LOG_DESTINATION_LIST: Shape =
    Shape::List(List { item: &LOG_DESTINATION, item_name: "LogDestination", min: 0, max: UNLIMITED });

static LOG_LEVEL: Shape = Shape::String(Text { values: &["ALL", "ERROR", "FATAL", "OFF"], ..Text::ANY });

static LOGGING_CONFIGURATION: Shape = Shape::Structure(&Structure {
    name: "LoggingConfiguration",
    members: &[
        optional("level", &LOG_LEVEL, "Which events are logged: ALL, ERROR, FATAL or OFF."),
        optional("includeExecutionData", &INCLUDE_EXECUTION_DATA, "Whether inputs, outputs and the like are logged."),
        optional("destinations", &LOG_DESTINATION_LIST, "Where to; one at most."),
    ],
});

static MAP_RUN_LABEL: Shape = Shape::String(Text::ANY);

static PUBLISH: Shape = Shape::Boolean;

static STATE_MACHINE_LIST: Shape =
    Shape::List(List { item: &STATE_MACHINE_LIST_ITEM, item_name: "StateMachineListItem", min: 0, max: UNLIMITED });

static STATE_MACHINE_LIST_ITEM: Shape = Shape::Structure(&Structure {
    name: "StateMachineListItem",
    members: &[
        required("stateMachineArn", &ARN, "ARN of the state machine."),
        required("name", &NAME, "Name."),
        required("type", &STATE_MACHINE_TYPE, "STANDARD or EXPRESS."),
        required("creationDate", &TIMESTAMP, "When it was created."),
    ],
});

static STATE_MACHINE_STATUS: Shape = Shape::String(Text { values: &["ACTIVE", "DELETING"], ..Text::ANY });

static STATE_MACHINE_TYPE: Shape = Shape::String(Text { values: &["STANDARD", "EXPRESS"], ..Text::ANY });

static TRACING_CONFIGURATION: Shape = Shape::Structure(&Structure {
    name: "TracingConfiguration",
    members: &[optional("enabled", &ENABLED, "Whether tracing is on.")],
});

static VALIDATE_STATE_MACHINE_DEFINITION_CODE: Shape = Shape::String(Text { is_sensitive: true, ..Text::ANY });

static VALIDATE_STATE_MACHINE_DEFINITION_DIAGNOSTIC: Shape = Shape::Structure(&Structure {
    name: "ValidateStateMachineDefinitionDiagnostic",
    members: &[
        required(
            "severity",
            &VALIDATE_STATE_MACHINE_DEFINITION_SEVERITY,
            "ERROR: refused at creation; WARNING: may fail at run time.",
        ),
        required("code", &VALIDATE_STATE_MACHINE_DEFINITION_CODE, "Kind of the diagnostic."),
        required("message", &VALIDATE_STATE_MACHINE_DEFINITION_MESSAGE, "What is wrong."),
        optional("location", &VALIDATE_STATE_MACHINE_DEFINITION_LOCATION, "Path of the field in the definition."),
    ],
});

static VALIDATE_STATE_MACHINE_DEFINITION_DIAGNOSTIC_LIST: Shape = Shape::List(List {
    item: &VALIDATE_STATE_MACHINE_DEFINITION_DIAGNOSTIC,
    item_name: "ValidateStateMachineDefinitionDiagnostic",
    min: 0,
    max: UNLIMITED,
});

static VALIDATE_STATE_MACHINE_DEFINITION_LOCATION: Shape = Shape::String(Text { is_sensitive: true, ..Text::ANY });

static VALIDATE_STATE_MACHINE_DEFINITION_MAX_RESULT: Shape = Shape::Integer(Range { min: Some(0), max: Some(100) });

static VALIDATE_STATE_MACHINE_DEFINITION_MESSAGE: Shape = Shape::String(Text { is_sensitive: true, ..Text::ANY });

static VALIDATE_STATE_MACHINE_DEFINITION_RESULT_CODE: Shape =
    Shape::String(Text { values: &["OK", "FAIL"], ..Text::ANY });

static VALIDATE_STATE_MACHINE_DEFINITION_SEVERITY: Shape =
    Shape::String(Text { values: &["ERROR", "WARNING"], ..Text::ANY });

static VALIDATE_STATE_MACHINE_DEFINITION_TRUNCATED: Shape = Shape::Boolean;

static VARIABLE_NAME: Shape = Shape::String(Text { is_sensitive: true, ..Text::ANY });

static VARIABLE_NAME_LIST: Shape =
    Shape::List(List { item: &VARIABLE_NAME, item_name: "VariableName", min: 0, max: UNLIMITED });

static VARIABLE_REFERENCES: Shape = Shape::Map(&VARIABLE_NAME_LIST);
