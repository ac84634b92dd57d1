//! Shapes that several operations use.

use crate::api::shape::{List, Range, Shape, Structure, Text, UNLIMITED, optional, required};

pub(super) static ARN: Shape = Shape::String(Text { min: 1, max: 256, ..Text::ANY });

pub(super) static DEFINITION: Shape =
    Shape::String(Text { min: 1, max: 1_048_576, is_sensitive: true, is_json: true, ..Text::ANY });

pub(super) static ENCRYPTION_TYPE: Shape =
    Shape::String(Text { values: &["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"], ..Text::ANY });

pub(super) static INCLUDED_DATA: Shape = Shape::String(Text { values: &["ALL_DATA", "METADATA_ONLY"], ..Text::ANY });

pub(super) static KMS_DATA_KEY_REUSE_PERIOD_SECONDS: Shape = Shape::Integer(Range { min: Some(60), max: Some(900) });

pub(super) static KMS_KEY_ID: Shape = Shape::String(Text { min: 1, max: 2_048, ..Text::ANY });

pub(super) static LONG_ARN: Shape = Shape::String(Text { min: 1, max: 2_000, ..Text::ANY });

pub(super) static NAME: Shape = Shape::String(Text { min: 1, max: 80, ..Text::ANY });

pub(super) static PAGE_SIZE: Shape = Shape::Integer(Range { min: Some(0), max: Some(1_000) });

pub(super) static PAGE_TOKEN: Shape = Shape::String(Text { min: 1, max: 1_024, ..Text::ANY });

pub(super) static REDRIVE_COUNT: Shape = Shape::Integer(Range::ANY);

pub(super) static REVISION_ID: Shape = Shape::String(Text::ANY);

pub(super) static SENSITIVE_CAUSE: Shape = Shape::String(Text { max: 32_768, is_sensitive: true, ..Text::ANY });

pub(super) static SENSITIVE_DATA: Shape =
    Shape::String(Text { max: 262_144, is_sensitive: true, is_json: true, ..Text::ANY });

pub(super) static SENSITIVE_ERROR: Shape = Shape::String(Text { max: 256, is_sensitive: true, ..Text::ANY });

pub(super) static STATE_NAME: Shape = Shape::String(Text { min: 1, max: 80, ..Text::ANY });

pub(super) static TAG_KEY: Shape = Shape::String(Text { min: 1, max: 128, ..Text::ANY });

pub(super) static TAG_VALUE: Shape = Shape::String(Text { max: 256, ..Text::ANY });

pub(super) static TIMESTAMP: Shape = Shape::Timestamp;

pub(super) static UNSIGNED_INTEGER: Shape = Shape::Integer(Range { min: Some(0), ..Range::ANY });

pub(super) static VERSION_DESCRIPTION: Shape = Shape::String(Text { max: 256, is_sensitive: true, ..Text::ANY });

pub(super) static ENCRYPTION_CONFIGURATION: Shape = Shape::Structure(&Structure {
    name: "EncryptionConfiguration",
    members: &[
        optional("kmsKeyId", &KMS_KEY_ID, "Alias, id or ARN of the key; only with CUSTOMER_MANAGED_KMS_KEY."),
        optional(
            "kmsDataKeyReusePeriodSeconds",
            &KMS_DATA_KEY_REUSE_PERIOD_SECONDS,
            "Seconds for which a data key is used again.",
        ),
        required("type", &ENCRYPTION_TYPE, "AWS_OWNED_KEY or CUSTOMER_MANAGED_KMS_KEY."),
    ],
});

pub(super) static TAG: Shape = Shape::Structure(&Structure {
    name: "Tag",
    members: &[optional("key", &TAG_KEY, "Key."), optional("value", &TAG_VALUE, "Value.")],
});

pub(super) static TAG_LIST: Shape = Shape::List(List { item: &TAG, item_name: "Tag", min: 0, max: UNLIMITED });
