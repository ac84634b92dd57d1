//! What the tables hold, one row a struct. Times are in the service's clock, payloads JSON text.

use std::sync::Arc;

use crate::value::Timestamp;

/// A state machine. Revisions, versions, aliases and tags have rows of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineRow {
    /// Unique, also among machines that were deleted.
    pub id: i64,
    /// Its name.
    pub name: Arc<str>,
    /// Whether it is EXPRESS.
    pub express: bool,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it is DELETING.
    pub deleting: bool,
    /// The current revision.
    pub revision: i64,
    /// The number that the next version gets; those of deleted versions are not used again.
    pub next_version: u32,
    /// How it was published when it was made; none in stores of releases that did not keep it.
    pub publication: Option<Publication>,
}

/// What CreateStateMachine was told to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// `publish`
    pub publish: bool,
    /// `versionDescription`
    pub description: Option<Arc<str>>,
}

/// What a state machine was at some time. Revisions are never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRow {
    /// Unique.
    pub id: i64,
    /// Whose.
    pub machine: i64,
    /// `revisionId`; the first revision has none.
    pub uuid: Option<Arc<str>>,
    /// `updateDate`
    pub created: Timestamp,
    /// `roleArn`
    pub role: Arc<str>,
    /// `loggingConfiguration`, `tracingConfiguration` and `encryptionConfiguration` in one JSON object.
    pub settings: String,
    /// The definition.
    pub definition: Arc<str>,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// Whose.
    pub machine: i64,
    /// From 1.
    pub number: u32,
    /// What it is a version of.
    pub revision: i64,
    /// When it was published.
    pub created: Timestamp,
    /// Its description.
    pub description: Option<Arc<str>>,
}

/// An alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasRow {
    /// Unique.
    pub id: i64,
    /// Whose.
    pub machine: i64,
    /// Its name.
    pub name: Arc<str>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Its description.
    pub description: Option<Arc<str>>,
    /// Versions and their weights.
    pub routes: Vec<(u32, u32)>,
}

/// A tag of the resource with this ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRow {
    /// The ARN.
    pub resource: Arc<str>,
    /// Its key.
    pub key: Arc<str>,
    /// Its value.
    pub value: Arc<str>,
}

/// An activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityRow {
    /// Unique.
    pub id: i64,
    /// Its name.
    pub name: Arc<str>,
    /// When it was made.
    pub created: Timestamp,
    /// `encryptionConfiguration`
    pub encryption: String,
}

/// An execution: how it was started, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutionRow {
    /// Unique; grows with time.
    pub id: i64,
    /// Its ARN. Names are free again some day, so that older executions may have had the same.
    pub arn: Arc<str>,
    /// The state machine.
    pub machine: i64,
    /// The revision that runs.
    pub revision: i64,
    /// The version it was started with.
    pub version: Option<u32>,
    /// The alias it was started with.
    pub alias: Option<Arc<str>>,
    /// Its name.
    pub name: Arc<str>,
    /// Whether it is EXPRESS: kept only while it runs.
    pub express: bool,
    /// When it was started.
    pub started: Timestamp,
    /// The input, as given.
    pub input: Arc<str>,
    /// `traceHeader`
    pub trace: Option<Arc<str>>,
    /// The seed of its random numbers.
    pub seed: u64,
    /// The test case of the mock file that answers its tasks.
    pub case: Option<Arc<str>>,
    /// The task that started it, in words unique to that task.
    pub starter: Option<Arc<str>>,
    /// The map run that it is a child of.
    pub map_run: Option<Arc<str>>,
    /// How often it was redriven.
    pub redrives: u32,
    /// When it was last redriven.
    pub redriven: Option<Timestamp>,
    /// Whether its journal is there, from which it can be gone on with.
    pub has_journal: bool,
    /// How it ended; none while it runs.
    pub ending: Option<Ending>,
}

/// A map run of an execution that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapRunRow {
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its number among the map runs of its execution.
    pub number: u32,
    /// What DescribeMapRun answers, as JSON.
    pub description: String,
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// SUCCEEDED, FAILED, TIMED_OUT or ABORTED.
    pub status: Arc<str>,
    /// When.
    pub stopped: Timestamp,
    /// The output.
    pub output: Option<Arc<str>>,
    /// The error.
    pub error: Option<Arc<str>>,
    /// The cause.
    pub cause: Option<Arc<str>>,
    /// The number of events of its history.
    pub events: u32,
}
