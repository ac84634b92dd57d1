//! What services answer: the shapes of the results that mocks stand for most often, from the API models of the services.
//! A result that is not in the table is not checked.

use super::schema::{Field, Shape};

/// The shape of the result of `action`, with its pattern, of `service`, as they stand in the resource of a task.
pub(super) fn of(service: &str, action: &str) -> Option<&'static Shape> {
    let found = |(services, known, _): &&Row| services.contains(&service) && *known == action;
    RESULTS.iter().find(found).map(|(_, _, shape)| *shape)
}

type Row = (&'static [&'static str], &'static str, &'static Shape);

/// The results of `.sync` tasks are those of the call that asks for the state of the job (developer guide).
static RESULTS: &[Row] = &[
    (&["lambda"], "invoke", &LAMBDA_INVOKE),
    (&["aws-sdk:lambda"], "invoke", &SDK_LAMBDA_INVOKE),
    (&["aws-sdk:lambda"], "getFunction", &LAMBDA_GET_FUNCTION),
    (&["dynamodb", "aws-sdk:dynamodb"], "getItem", &DYNAMODB_GET),
    (&["dynamodb", "aws-sdk:dynamodb"], "putItem", &DYNAMODB_CHANGE),
    (&["dynamodb", "aws-sdk:dynamodb"], "updateItem", &DYNAMODB_CHANGE),
    (&["dynamodb", "aws-sdk:dynamodb"], "deleteItem", &DYNAMODB_CHANGE),
    (&["aws-sdk:dynamodb"], "query", &DYNAMODB_FIND),
    (&["aws-sdk:dynamodb"], "scan", &DYNAMODB_FIND),
    (&["events", "aws-sdk:eventbridge"], "putEvents", &PUT_EVENTS),
    (&["sqs", "aws-sdk:sqs"], "sendMessage", &SEND_MESSAGE),
    (&["sns", "aws-sdk:sns"], "publish", &PUBLISH),
    (&["states", "aws-sdk:sfn"], "startExecution", &START_EXECUTION),
    (&["states"], "startExecution.sync", &DESCRIBE_EXECUTION),
    (&["states"], "startExecution.sync:2", &EXECUTION_AS_JSON),
    (&["aws-sdk:sfn"], "describeExecution", &DESCRIBE_EXECUTION),
    (&["aws-sdk:sfn"], "startSyncExecution", &START_SYNC_EXECUTION),
    (&["aws-sdk:kms"], "encrypt", &KMS_ENCRYPT),
    (&["aws-sdk:kms"], "decrypt", &KMS_DECRYPT),
    (&["aws-sdk:s3"], "getObject", &S3_GET_OBJECT),
    (&["aws-sdk:s3"], "putObject", &S3_PUT_OBJECT),
    (&["aws-sdk:s3"], "listObjectsV2", &S3_LIST_OBJECTS),
    (&["aws-sdk:secretsmanager"], "getSecretValue", &GET_SECRET_VALUE),
    (&["aws-sdk:ssm"], "getParameter", &GET_PARAMETER),
];

const fn required(name: &'static str, shape: &'static Shape) -> Field {
    Field { name, is_required: true, shape }
}

const fn optional(name: &'static str, shape: &'static Shape) -> Field {
    Field { name, is_required: false, shape }
}

static TEXT: Shape = Shape::Text(0, usize::MAX);
static SOME_TEXT: Shape = Shape::Text(1, usize::MAX);
static TEXTS: Shape = Shape::List(&TEXT);
static TEXT_MAP: Shape = Shape::Map(&TEXT);
/// Times are texts in results of tasks.
static TIME: Shape = Shape::Text(0, usize::MAX);
static NUMBER: Shape = Shape::Number(f64::NEG_INFINITY, f64::INFINITY);
static COUNT: Shape = Shape::Number(0.0, f64::INFINITY);
static FLAG: Shape = Shape::Flag;
static ANY: Shape = Shape::Any;

static LAMBDA_INVOKE: Shape = Shape::Object(&[
    optional("StatusCode", &NUMBER),
    optional("FunctionError", &TEXT),
    optional("LogResult", &TEXT),
    // Step Functions reads the payload as JSON.
    optional("Payload", &ANY),
    optional("ExecutedVersion", &SOME_TEXT),
]);
static SDK_LAMBDA_INVOKE: Shape = Shape::Object(&[
    optional("StatusCode", &NUMBER),
    optional("FunctionError", &TEXT),
    optional("LogResult", &TEXT),
    optional("Payload", &TEXT),
    optional("ExecutedVersion", &SOME_TEXT),
]);

static LAMBDA_GET_FUNCTION: Shape = Shape::Object(&[
    optional("Configuration", &FUNCTION_CONFIGURATION),
    optional("Code", &FUNCTION_CODE),
    optional("Tags", &TEXT_MAP),
    optional("Concurrency", &FUNCTION_CONCURRENCY),
]);
static FUNCTION_CONFIGURATION: Shape = Shape::Object(&[
    optional("FunctionName", &SOME_TEXT),
    optional("FunctionArn", &TEXT),
    optional("Runtime", &TEXT),
    optional("Role", &TEXT),
    optional("Handler", &TEXT),
    optional("CodeSize", &NUMBER),
    optional("Description", &TEXT),
    optional("Timeout", &POSITIVE),
    optional("MemorySize", &FUNCTION_MEMORY),
    optional("LastModified", &TIME),
    optional("CodeSha256", &TEXT),
    optional("Version", &SOME_TEXT),
    optional("MasterArn", &TEXT),
    optional("RevisionId", &TEXT),
    optional("State", &FUNCTION_STATE),
    optional("StateReason", &TEXT),
    optional("LastUpdateStatusReason", &TEXT),
    optional("PackageType", &PACKAGE_TYPE),
    optional("Architectures", &ARCHITECTURES),
    optional("EphemeralStorage", &EPHEMERAL_STORAGE),
]);
static POSITIVE: Shape = Shape::Number(1.0, f64::INFINITY);
static FUNCTION_MEMORY: Shape = Shape::Number(128.0, 10_240.0);
static FUNCTION_STATE: Shape = Shape::OneOf(&["Pending", "Active", "Inactive", "Failed"]);
static PACKAGE_TYPE: Shape = Shape::OneOf(&["Zip", "Image"]);
static ARCHITECTURES: Shape = Shape::List(&ARCHITECTURE);
static ARCHITECTURE: Shape = Shape::OneOf(&["x86_64", "arm64"]);
static EPHEMERAL_STORAGE: Shape = Shape::Object(&[required("Size", &STORAGE_SIZE)]);
static STORAGE_SIZE: Shape = Shape::Number(512.0, 10_240.0);
static FUNCTION_CODE: Shape = Shape::Object(&[
    optional("RepositoryType", &TEXT),
    optional("Location", &TEXT),
    optional("ImageUri", &TEXT),
    optional("ResolvedImageUri", &TEXT),
]);
static FUNCTION_CONCURRENCY: Shape = Shape::Object(&[optional("ReservedConcurrentExecutions", &COUNT)]);

static DYNAMODB_GET: Shape =
    Shape::Object(&[optional("Item", &ATTRIBUTES), optional("ConsumedCapacity", &CONSUMED_CAPACITY)]);
static DYNAMODB_CHANGE: Shape = Shape::Object(&[
    optional("Attributes", &ATTRIBUTES),
    optional("ConsumedCapacity", &CONSUMED_CAPACITY),
    optional("ItemCollectionMetrics", &ITEM_COLLECTION_METRICS),
]);
static DYNAMODB_FIND: Shape = Shape::Object(&[
    optional("Items", &ITEMS),
    optional("Count", &NUMBER),
    optional("ScannedCount", &NUMBER),
    optional("LastEvaluatedKey", &ATTRIBUTES),
    optional("ConsumedCapacity", &CONSUMED_CAPACITY),
]);
static ITEMS: Shape = Shape::List(&ATTRIBUTES);
static ATTRIBUTES: Shape = Shape::Map(&ATTRIBUTE);
static ATTRIBUTE: Shape = Shape::Object(&[
    optional("S", &TEXT),
    optional("N", &TEXT),
    optional("B", &TEXT),
    optional("SS", &TEXTS),
    optional("NS", &TEXTS),
    optional("BS", &TEXTS),
    optional("M", &ATTRIBUTES),
    optional("L", &ATTRIBUTE_LIST),
    optional("NULL", &FLAG),
    optional("BOOL", &FLAG),
]);
static ATTRIBUTE_LIST: Shape = Shape::List(&ATTRIBUTE);
static CONSUMED_CAPACITY: Shape = Shape::Object(&[
    optional("TableName", &SOME_TEXT),
    optional("CapacityUnits", &NUMBER),
    optional("ReadCapacityUnits", &NUMBER),
    optional("WriteCapacityUnits", &NUMBER),
    optional("Table", &CAPACITY),
    optional("LocalSecondaryIndexes", &CAPACITIES),
    optional("GlobalSecondaryIndexes", &CAPACITIES),
]);
static CAPACITY: Shape = Shape::Object(&[
    optional("CapacityUnits", &NUMBER),
    optional("ReadCapacityUnits", &NUMBER),
    optional("WriteCapacityUnits", &NUMBER),
]);
static CAPACITIES: Shape = Shape::Map(&CAPACITY);
static ITEM_COLLECTION_METRICS: Shape =
    Shape::Object(&[optional("ItemCollectionKey", &ATTRIBUTES), optional("SizeEstimateRangeGB", &NUMBERS)]);
static NUMBERS: Shape = Shape::List(&NUMBER);

static PUT_EVENTS: Shape =
    Shape::Object(&[optional("FailedEntryCount", &NUMBER), optional("Entries", &PUT_EVENTS_ENTRIES)]);
static PUT_EVENTS_ENTRIES: Shape = Shape::List(&PUT_EVENTS_ENTRY);
static PUT_EVENTS_ENTRY: Shape =
    Shape::Object(&[optional("EventId", &TEXT), optional("ErrorCode", &TEXT), optional("ErrorMessage", &TEXT)]);

static SEND_MESSAGE: Shape = Shape::Object(&[
    optional("MD5OfMessageBody", &TEXT),
    optional("MD5OfMessageAttributes", &TEXT),
    optional("MD5OfMessageSystemAttributes", &TEXT),
    optional("MessageId", &TEXT),
    optional("SequenceNumber", &TEXT),
]);
static PUBLISH: Shape = Shape::Object(&[optional("MessageId", &TEXT), optional("SequenceNumber", &TEXT)]);

static ARN: Shape = Shape::Text(1, 256);
static EXECUTION_NAME: Shape = Shape::Text(1, 80);
static START_EXECUTION: Shape = Shape::Object(&[required("ExecutionArn", &ARN), required("StartDate", &TIME)]);
static DESCRIBE_EXECUTION: Shape = Shape::Object(&[
    required("ExecutionArn", &ARN),
    required("StateMachineArn", &ARN),
    optional("Name", &EXECUTION_NAME),
    required("Status", &EXECUTION_STATUS),
    required("StartDate", &TIME),
    optional("StopDate", &TIME),
    optional("Input", &TEXT),
    optional("Output", &TEXT),
    optional("Error", &TEXT),
    optional("Cause", &TEXT),
]);
/// As the pattern `.sync:2` gives it: with input and output as JSON.
static EXECUTION_AS_JSON: Shape = Shape::Object(&[
    required("ExecutionArn", &ARN),
    required("StateMachineArn", &ARN),
    optional("Name", &EXECUTION_NAME),
    required("Status", &EXECUTION_STATUS),
    required("StartDate", &TIME),
    optional("StopDate", &TIME),
    optional("Error", &TEXT),
    optional("Cause", &TEXT),
]);
static EXECUTION_STATUS: Shape =
    Shape::OneOf(&["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]);
static START_SYNC_EXECUTION: Shape = Shape::Object(&[
    required("ExecutionArn", &ARN),
    optional("StateMachineArn", &ARN),
    optional("Name", &EXECUTION_NAME),
    required("StartDate", &TIME),
    required("StopDate", &TIME),
    required("Status", &SYNC_STATUS),
    optional("Error", &TEXT),
    optional("Cause", &TEXT),
    optional("Input", &TEXT),
    optional("Output", &TEXT),
]);
static SYNC_STATUS: Shape = Shape::OneOf(&["SUCCEEDED", "FAILED", "TIMED_OUT"]);

static KMS_KEY: Shape = Shape::Text(1, 2048);
static KMS_ALGORITHM: Shape = Shape::OneOf(&["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]);
static KMS_ENCRYPT: Shape = Shape::Object(&[
    optional("CiphertextBlob", &SOME_TEXT),
    optional("KeyId", &KMS_KEY),
    optional("EncryptionAlgorithm", &KMS_ALGORITHM),
]);
static KMS_DECRYPT: Shape = Shape::Object(&[
    optional("KeyId", &KMS_KEY),
    optional("Plaintext", &SOME_TEXT),
    optional("EncryptionAlgorithm", &KMS_ALGORITHM),
]);

static S3_GET_OBJECT: Shape = Shape::Object(&[
    optional("Body", &TEXT),
    optional("DeleteMarker", &FLAG),
    optional("AcceptRanges", &TEXT),
    optional("Expiration", &TEXT),
    optional("LastModified", &TIME),
    optional("ContentLength", &NUMBER),
    optional("ETag", &TEXT),
    optional("VersionId", &TEXT),
    optional("CacheControl", &TEXT),
    optional("ContentDisposition", &TEXT),
    optional("ContentEncoding", &TEXT),
    optional("ContentLanguage", &TEXT),
    optional("ContentRange", &TEXT),
    optional("ContentType", &TEXT),
    optional("Metadata", &TEXT_MAP),
    optional("PartsCount", &NUMBER),
    optional("TagCount", &NUMBER),
]);
static S3_PUT_OBJECT: Shape = Shape::Object(&[
    optional("Expiration", &TEXT),
    optional("ETag", &TEXT),
    optional("VersionId", &TEXT),
    optional("BucketKeyEnabled", &FLAG),
]);
static S3_LIST_OBJECTS: Shape = Shape::Object(&[
    optional("IsTruncated", &FLAG),
    optional("Contents", &S3_CONTENTS),
    optional("Name", &TEXT),
    optional("Prefix", &TEXT),
    optional("Delimiter", &TEXT),
    optional("MaxKeys", &NUMBER),
    optional("KeyCount", &NUMBER),
    optional("ContinuationToken", &TEXT),
    optional("NextContinuationToken", &TEXT),
]);
static S3_CONTENTS: Shape = Shape::List(&S3_CONTENT);
static S3_CONTENT: Shape = Shape::Object(&[
    optional("Key", &SOME_TEXT),
    optional("LastModified", &TIME),
    optional("ETag", &TEXT),
    optional("Size", &NUMBER),
    optional("StorageClass", &TEXT),
]);

static GET_SECRET_VALUE: Shape = Shape::Object(&[
    optional("Name", &SECRET_NAME),
    optional("VersionId", &SECRET_VERSION),
    optional("SecretBinary", &TEXT),
    optional("SecretString", &TEXT),
    optional("VersionStages", &TEXTS),
    optional("CreatedDate", &TIME),
]);
static SECRET_NAME: Shape = Shape::Text(1, 256);
static SECRET_VERSION: Shape = Shape::Text(32, 64);

static GET_PARAMETER: Shape = Shape::Object(&[optional("Parameter", &PARAMETER)]);
static PARAMETER: Shape = Shape::Object(&[
    optional("Name", &TEXT),
    optional("Type", &PARAMETER_TYPE),
    optional("Value", &TEXT),
    optional("Version", &NUMBER),
    optional("LastModifiedDate", &TIME),
    optional("DataType", &TEXT),
]);
static PARAMETER_TYPE: Shape = Shape::OneOf(&["String", "StringList", "SecureString"]);
