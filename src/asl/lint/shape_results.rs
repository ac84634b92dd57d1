//! What tasks answer, where that is known whatever they are called with.

use super::shape::Shape;
use crate::asl::model::{Resource, ResourceKind};

/// What the SDK adds to every answer.
const SDK: [&str; 2] = ["SdkHttpMetadata", "SdkResponseMetadata"];

/// The members of the answers of optimized integrations without a pattern (API references of the services; recorded for
/// lambda:invoke, dynamodb, sqs and states).
const ANSWERS: [(&str, &str, &[&str]); 9] = [
    ("lambda", "invoke", &["ExecutedVersion", "FunctionError", "LogResult", "Payload", "StatusCode"]),
    ("dynamodb", "getItem", &["ConsumedCapacity", "Item"]),
    ("dynamodb", "putItem", &["Attributes", "ConsumedCapacity", "ItemCollectionMetrics"]),
    ("dynamodb", "updateItem", &["Attributes", "ConsumedCapacity", "ItemCollectionMetrics"]),
    ("dynamodb", "deleteItem", &["Attributes", "ConsumedCapacity", "ItemCollectionMetrics"]),
    (
        "sqs",
        "sendMessage",
        &["MD5OfMessageAttributes", "MD5OfMessageBody", "MD5OfMessageSystemAttributes", "MessageId", "SequenceNumber"],
    ),
    ("sns", "publish", &["MessageId", "SequenceNumber"]),
    ("events", "putEvents", &["Entries", "FailedEntryCount"]),
    ("states", "startExecution", &["ExecutionArn", "StartDate"]),
];

/// The shape of what `resource` answers.
pub(super) fn of(resource: &Resource) -> Shape {
    let ResourceKind::Service { service, action, .. } = &resource.kind else { return Shape::Unknown };
    let known = ANSWERS.iter().find(|(known, name, _)| *known == &**service && *name == &**action);
    known.map_or(Shape::Unknown, |(_, _, members)| Shape::closed(&[members, &SDK[..]].concat()))
}

/// What a catcher gets (States Language, Catching errors).
pub(super) fn error() -> Shape {
    let error = Shape::closed(&[]).with(&["Error"], Shape::Leaf);
    error.with(&["Cause"], Shape::Leaf)
}
