//! Versions and aliases.

use super::shapes::{ARN, LONG_ARN, NAME, PAGE_SIZE, PAGE_TOKEN, REVISION_ID, TIMESTAMP, VERSION_DESCRIPTION};
use crate::api::shape::{
    Description, List, Paging, Pattern, Range, Shape, Structure, Text, UNLIMITED, optional, required,
};

pub(super) static PUBLISH_STATE_MACHINE_VERSION: Description = Description {
    summary: "Publishes the current revision of a state machine as a version.",
    input: Structure {
        name: "PublishStateMachineVersionInput",
        members: &[
            required("stateMachineArn", &ARN, "ARN of the state machine."),
            optional("revisionId", &REVISION_ID, "Publish only if this is the current revision."),
            optional("description", &VERSION_DESCRIPTION, "Description."),
        ],
    },
    output: Structure {
        name: "PublishStateMachineVersionOutput",
        members: &[
            required("creationDate", &TIMESTAMP, "When it was created."),
            required("stateMachineVersionArn", &ARN, "ARN of the version."),
        ],
    },
    errors: &[
        "ValidationException",
        "StateMachineDeleting",
        "StateMachineDoesNotExist",
        "ServiceQuotaExceededException",
        "ConflictException",
        "InvalidArn",
    ],
    paging: None,
};

pub(super) static LIST_STATE_MACHINE_VERSIONS: Description = Description {
    summary: "Lists the versions of a state machine, newest first.",
    input: Structure {
        name: "ListStateMachineVersionsInput",
        members: &[
            required("stateMachineArn", &ARN, "ARN of the state machine."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
            optional("maxResults", &PAGE_SIZE, "Most results of one answer; 0 for the default of 100."),
        ],
    },
    output: Structure {
        name: "ListStateMachineVersionsOutput",
        members: &[
            required("stateMachineVersions", &STATE_MACHINE_VERSION_LIST, "The versions."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
        ],
    },
    errors: &["ValidationException", "InvalidArn", "InvalidToken"],
    paging: Some(Paging { results: "stateMachineVersions", is_automatic: false }),
};

pub(super) static DELETE_STATE_MACHINE_VERSION: Description = Description {
    summary: "Deletes a version that no alias points to.",
    input: Structure {
        name: "DeleteStateMachineVersionInput",
        members: &[required("stateMachineVersionArn", &LONG_ARN, "ARN of the version.")],
    },
    output: Structure { name: "DeleteStateMachineVersionOutput", members: &[] },
    errors: &["ValidationException", "InvalidArn", "ConflictException"],
    paging: None,
};

pub(super) static CREATE_STATE_MACHINE_ALIAS: Description = Description {
    summary: "Creates an alias that points to one or two versions of a state machine.",
    input: Structure {
        name: "CreateStateMachineAliasInput",
        members: &[
            optional("description", &ALIAS_DESCRIPTION, "Description."),
            required("name", &CHARACTER_RESTRICTED_NAME, "Name, unique for the state machine; not digits alone."),
            required(
                "routingConfiguration",
                &ROUTING_CONFIGURATION_LIST,
                "One or two versions and their shares of the executions, 100 in all.",
            ),
        ],
    },
    output: Structure {
        name: "CreateStateMachineAliasOutput",
        members: &[
            required("stateMachineAliasArn", &ARN, "ARN of the alias."),
            required("creationDate", &TIMESTAMP, "When it was created."),
        ],
    },
    errors: &[
        "InvalidArn",
        "InvalidName",
        "ValidationException",
        "StateMachineDeleting",
        "ResourceNotFound",
        "ConflictException",
        "ServiceQuotaExceededException",
    ],
    paging: None,
};

pub(super) static DESCRIBE_STATE_MACHINE_ALIAS: Description = Description {
    summary: "Tells about an alias.",
    input: Structure {
        name: "DescribeStateMachineAliasInput",
        members: &[required("stateMachineAliasArn", &ARN, "ARN of the alias.")],
    },
    output: Structure {
        name: "DescribeStateMachineAliasOutput",
        members: &[
            optional("stateMachineAliasArn", &ARN, "ARN of the alias."),
            optional("name", &NAME, "Name."),
            optional("description", &ALIAS_DESCRIPTION, "Description."),
            optional(
                "routingConfiguration",
                &ROUTING_CONFIGURATION_LIST,
                "One or two versions and their shares of the executions, 100 in all.",
            ),
            optional("creationDate", &TIMESTAMP, "When it was created."),
            optional("updateDate", &TIMESTAMP, "When it was last changed."),
        ],
    },
    errors: &["ValidationException", "InvalidArn", "ResourceNotFound"],
    paging: None,
};

pub(super) static UPDATE_STATE_MACHINE_ALIAS: Description = Description {
    summary: "Changes description or routing of an alias.",
    input: Structure {
        name: "UpdateStateMachineAliasInput",
        members: &[
            required("stateMachineAliasArn", &ARN, "ARN of the alias."),
            optional("description", &ALIAS_DESCRIPTION, "Description."),
            optional(
                "routingConfiguration",
                &ROUTING_CONFIGURATION_LIST,
                "One or two versions and their shares of the executions, 100 in all.",
            ),
        ],
    },
    output: Structure {
        name: "UpdateStateMachineAliasOutput",
        members: &[required("updateDate", &TIMESTAMP, "When it was last changed.")],
    },
    errors: &["ValidationException", "InvalidArn", "ResourceNotFound", "ConflictException", "StateMachineDeleting"],
    paging: None,
};

pub(super) static DELETE_STATE_MACHINE_ALIAS: Description = Description {
    summary: "Deletes an alias.",
    input: Structure {
        name: "DeleteStateMachineAliasInput",
        members: &[required("stateMachineAliasArn", &ARN, "ARN of the alias.")],
    },
    output: Structure { name: "DeleteStateMachineAliasOutput", members: &[] },
    errors: &["ValidationException", "InvalidArn", "ResourceNotFound", "ConflictException"],
    paging: None,
};

pub(super) static LIST_STATE_MACHINE_ALIASES: Description = Description {
    summary: "Lists the aliases of a state machine.",
    input: Structure {
        name: "ListStateMachineAliasesInput",
        members: &[
            required(
                "stateMachineArn",
                &ARN,
                "ARN of the state machine, or of a version to list the aliases that point to it.",
            ),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
            optional("maxResults", &PAGE_SIZE, "Most results of one answer; 0 for the default of 100."),
        ],
    },
    output: Structure {
        name: "ListStateMachineAliasesOutput",
        members: &[
            required("stateMachineAliases", &STATE_MACHINE_ALIAS_LIST, "The aliases."),
            optional("nextToken", &PAGE_TOKEN, "Where to go on, from the answer before; valid for 24 hours."),
        ],
    },
    errors: &["InvalidArn", "InvalidToken", "ResourceNotFound", "StateMachineDoesNotExist", "StateMachineDeleting"],
    paging: Some(Paging { results: "stateMachineAliases", is_automatic: false }),
};

static ALIAS_DESCRIPTION: Shape = Shape::String(Text { max: 256, is_sensitive: true, ..Text::ANY });

static CHARACTER_RESTRICTED_NAME: Shape =
    Shape::String(Text { min: 1, max: 80, pattern: Some(&ALIAS_NAME), ..Text::ANY });

static ROUTING_CONFIGURATION_LIST: Shape = Shape::List(List {
    item: &ROUTING_CONFIGURATION_LIST_ITEM,
    item_name: "RoutingConfigurationListItem",
    min: 1,
    max: 2,
});

static ROUTING_CONFIGURATION_LIST_ITEM: Shape = Shape::Structure(&Structure {
    name: "RoutingConfigurationListItem",
    members: &[
        required("stateMachineVersionArn", &ARN, "ARN of the version."),
        required("weight", &VERSION_WEIGHT, "Share of the executions in percent."),
    ],
});

static STATE_MACHINE_ALIAS_LIST: Shape = Shape::List(List {
    item: &STATE_MACHINE_ALIAS_LIST_ITEM,
    item_name: "StateMachineAliasListItem",
    min: 0,
    max: UNLIMITED,
});

static STATE_MACHINE_ALIAS_LIST_ITEM: Shape = Shape::Structure(&Structure {
    name: "StateMachineAliasListItem",
    members: &[
        required("stateMachineAliasArn", &LONG_ARN, "ARN of the alias."),
        required("creationDate", &TIMESTAMP, "When it was created."),
    ],
});

static STATE_MACHINE_VERSION_LIST: Shape = Shape::List(List {
    item: &STATE_MACHINE_VERSION_LIST_ITEM,
    item_name: "StateMachineVersionListItem",
    min: 0,
    max: UNLIMITED,
});

static STATE_MACHINE_VERSION_LIST_ITEM: Shape = Shape::Structure(&Structure {
    name: "StateMachineVersionListItem",
    members: &[
        required("stateMachineVersionArn", &LONG_ARN, "ARN of the version."),
        required("creationDate", &TIMESTAMP, "When it was created."),
    ],
});

static VERSION_WEIGHT: Shape = Shape::Integer(Range { min: Some(0), max: Some(100) });

static ALIAS_NAME: Pattern = Pattern {
    expression: r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$",
    matches: |text| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        text.bytes().all(is_allowed) && text.bytes().any(|byte| !byte.is_ascii_digit())
    },
};
