//! Tags.

use super::shapes::{ARN, TAG_KEY, TAG_LIST};
use crate::api::shape::{Description, List, Shape, Structure, UNLIMITED, optional, required};

pub(super) static TAG_RESOURCE: Description = Description {
    summary: "Adds tags to a state machine or an activity.",
    input: Structure {
        name: "TagResourceInput",
        members: &[
            required("resourceArn", &ARN, "ARN of the state machine or activity."),
            required("tags", &TAG_LIST, "Tags to add; a key that is there gets the new value."),
        ],
    },
    output: Structure { name: "TagResourceOutput", members: &[] },
    errors: &["InvalidArn", "ResourceNotFound", "TooManyTags"],
    paging: None,
};

pub(super) static UNTAG_RESOURCE: Description = Description {
    summary: "Takes tags from a state machine or an activity.",
    input: Structure {
        name: "UntagResourceInput",
        members: &[
            required("resourceArn", &ARN, "ARN of the state machine or activity."),
            required("tagKeys", &TAG_KEY_LIST, "Keys of the tags to take away."),
        ],
    },
    output: Structure { name: "UntagResourceOutput", members: &[] },
    errors: &["InvalidArn", "ResourceNotFound"],
    paging: None,
};

pub(super) static LIST_TAGS_FOR_RESOURCE: Description = Description {
    summary: "Lists the tags of a state machine or an activity.",
    input: Structure {
        name: "ListTagsForResourceInput",
        members: &[required("resourceArn", &ARN, "ARN of the state machine or activity.")],
    },
    output: Structure {
        name: "ListTagsForResourceOutput",
        members: &[optional("tags", &TAG_LIST, "Tags: keys and values.")],
    },
    errors: &["InvalidArn", "ResourceNotFound"],
    paging: None,
};

static TAG_KEY_LIST: Shape = Shape::List(List { item: &TAG_KEY, item_name: "TagKey", min: 0, max: UNLIMITED });
