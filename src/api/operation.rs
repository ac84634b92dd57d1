//! The operations of the Step Functions API.

/// An operation of the Step Functions API (service model `states-2016-11-23`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub enum Operation {
    CreateStateMachine,
    UpdateStateMachine,
    DescribeStateMachine,
    DeleteStateMachine,
    ListStateMachines,
    ValidateStateMachineDefinition,
    StartExecution,
    StartSyncExecution,
    StopExecution,
    DescribeExecution,
    ListExecutions,
    GetExecutionHistory,
    DescribeStateMachineForExecution,
    RedriveExecution,
    TestState,
    SendTaskSuccess,
    SendTaskFailure,
    SendTaskHeartbeat,
    CreateActivity,
    DescribeActivity,
    ListActivities,
    DeleteActivity,
    GetActivityTask,
    PublishStateMachineVersion,
    ListStateMachineVersions,
    DeleteStateMachineVersion,
    CreateStateMachineAlias,
    DescribeStateMachineAlias,
    UpdateStateMachineAlias,
    DeleteStateMachineAlias,
    ListStateMachineAliases,
    DescribeMapRun,
    ListMapRuns,
    UpdateMapRun,
    TagResource,
    UntagResource,
    ListTagsForResource,
}

impl Operation {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::CreateStateMachine,
        Self::UpdateStateMachine,
        Self::DescribeStateMachine,
        Self::DeleteStateMachine,
        Self::ListStateMachines,
        Self::ValidateStateMachineDefinition,
        Self::StartExecution,
        Self::StartSyncExecution,
        Self::StopExecution,
        Self::DescribeExecution,
        Self::ListExecutions,
        Self::GetExecutionHistory,
        Self::DescribeStateMachineForExecution,
        Self::RedriveExecution,
        Self::TestState,
        Self::SendTaskSuccess,
        Self::SendTaskFailure,
        Self::SendTaskHeartbeat,
        Self::CreateActivity,
        Self::DescribeActivity,
        Self::ListActivities,
        Self::DeleteActivity,
        Self::GetActivityTask,
        Self::PublishStateMachineVersion,
        Self::ListStateMachineVersions,
        Self::DeleteStateMachineVersion,
        Self::CreateStateMachineAlias,
        Self::DescribeStateMachineAlias,
        Self::UpdateStateMachineAlias,
        Self::DeleteStateMachineAlias,
        Self::ListStateMachineAliases,
        Self::DescribeMapRun,
        Self::ListMapRuns,
        Self::UpdateMapRun,
        Self::TagResource,
        Self::UntagResource,
        Self::ListTagsForResource,
    ];

    /// The name as the API writes it: `StartExecution`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CreateStateMachine => "CreateStateMachine",
            Self::UpdateStateMachine => "UpdateStateMachine",
            Self::DescribeStateMachine => "DescribeStateMachine",
            Self::DeleteStateMachine => "DeleteStateMachine",
            Self::ListStateMachines => "ListStateMachines",
            Self::ValidateStateMachineDefinition => "ValidateStateMachineDefinition",
            Self::StartExecution => "StartExecution",
            Self::StartSyncExecution => "StartSyncExecution",
            Self::StopExecution => "StopExecution",
            Self::DescribeExecution => "DescribeExecution",
            Self::ListExecutions => "ListExecutions",
            Self::GetExecutionHistory => "GetExecutionHistory",
            Self::DescribeStateMachineForExecution => "DescribeStateMachineForExecution",
            Self::RedriveExecution => "RedriveExecution",
            Self::TestState => "TestState",
            Self::SendTaskSuccess => "SendTaskSuccess",
            Self::SendTaskFailure => "SendTaskFailure",
            Self::SendTaskHeartbeat => "SendTaskHeartbeat",
            Self::CreateActivity => "CreateActivity",
            Self::DescribeActivity => "DescribeActivity",
            Self::ListActivities => "ListActivities",
            Self::DeleteActivity => "DeleteActivity",
            Self::GetActivityTask => "GetActivityTask",
            Self::PublishStateMachineVersion => "PublishStateMachineVersion",
            Self::ListStateMachineVersions => "ListStateMachineVersions",
            Self::DeleteStateMachineVersion => "DeleteStateMachineVersion",
            Self::CreateStateMachineAlias => "CreateStateMachineAlias",
            Self::DescribeStateMachineAlias => "DescribeStateMachineAlias",
            Self::UpdateStateMachineAlias => "UpdateStateMachineAlias",
            Self::DeleteStateMachineAlias => "DeleteStateMachineAlias",
            Self::ListStateMachineAliases => "ListStateMachineAliases",
            Self::DescribeMapRun => "DescribeMapRun",
            Self::ListMapRuns => "ListMapRuns",
            Self::UpdateMapRun => "UpdateMapRun",
            Self::TagResource => "TagResource",
            Self::UntagResource => "UntagResource",
            Self::ListTagsForResource => "ListTagsForResource",
        }
    }

    /// The operation of this name, as in the `X-Amz-Target` header after `AWSStepFunctions.`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.name() == name)
    }

    /// What clients put before the host name of this operation (service model: `hostPrefix`).
    #[must_use]
    pub fn host_prefix(self) -> Option<&'static str> {
        match self {
            Self::StartSyncExecution | Self::TestState => Some("sync-"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_is_found_by_its_name_and_no_other() {
        assert_eq!(Operation::ALL.len(), 37);
        for operation in Operation::ALL {
            assert_eq!(Operation::named(operation.name()), Some(*operation));
        }
        assert_eq!(Operation::named("startExecution"), None);
    }
}
