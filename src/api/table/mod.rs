//! The table of all operations, after the service model `states-2016-11-23`.

mod executions;
mod history;
mod machines;
mod map_runs;
mod shapes;
mod tags;
mod tasks;
mod test_state;
mod versions;

use super::Operation;
use super::shape::Description;

impl Operation {
    /// What it takes and what it answers.
    #[must_use]
    pub fn description(self) -> &'static Description {
        match self {
            Self::CreateStateMachine => &machines::CREATE_STATE_MACHINE,
            Self::UpdateStateMachine => &machines::UPDATE_STATE_MACHINE,
            Self::DescribeStateMachine => &machines::DESCRIBE_STATE_MACHINE,
            Self::DeleteStateMachine => &machines::DELETE_STATE_MACHINE,
            Self::ListStateMachines => &machines::LIST_STATE_MACHINES,
            Self::ValidateStateMachineDefinition => &machines::VALIDATE_STATE_MACHINE_DEFINITION,
            Self::StartExecution => &executions::START_EXECUTION,
            Self::StartSyncExecution => &executions::START_SYNC_EXECUTION,
            Self::StopExecution => &executions::STOP_EXECUTION,
            Self::DescribeExecution => &executions::DESCRIBE_EXECUTION,
            Self::ListExecutions => &executions::LIST_EXECUTIONS,
            Self::GetExecutionHistory => &history::GET_EXECUTION_HISTORY,
            Self::DescribeStateMachineForExecution => &machines::DESCRIBE_STATE_MACHINE_FOR_EXECUTION,
            Self::RedriveExecution => &executions::REDRIVE_EXECUTION,
            Self::TestState => &test_state::TEST_STATE,
            Self::SendTaskSuccess => &tasks::SEND_TASK_SUCCESS,
            Self::SendTaskFailure => &tasks::SEND_TASK_FAILURE,
            Self::SendTaskHeartbeat => &tasks::SEND_TASK_HEARTBEAT,
            Self::CreateActivity => &tasks::CREATE_ACTIVITY,
            Self::DescribeActivity => &tasks::DESCRIBE_ACTIVITY,
            Self::ListActivities => &tasks::LIST_ACTIVITIES,
            Self::DeleteActivity => &tasks::DELETE_ACTIVITY,
            Self::GetActivityTask => &tasks::GET_ACTIVITY_TASK,
            Self::PublishStateMachineVersion => &versions::PUBLISH_STATE_MACHINE_VERSION,
            Self::ListStateMachineVersions => &versions::LIST_STATE_MACHINE_VERSIONS,
            Self::DeleteStateMachineVersion => &versions::DELETE_STATE_MACHINE_VERSION,
            Self::CreateStateMachineAlias => &versions::CREATE_STATE_MACHINE_ALIAS,
            Self::DescribeStateMachineAlias => &versions::DESCRIBE_STATE_MACHINE_ALIAS,
            Self::UpdateStateMachineAlias => &versions::UPDATE_STATE_MACHINE_ALIAS,
            Self::DeleteStateMachineAlias => &versions::DELETE_STATE_MACHINE_ALIAS,
            Self::ListStateMachineAliases => &versions::LIST_STATE_MACHINE_ALIASES,
            Self::DescribeMapRun => &map_runs::DESCRIBE_MAP_RUN,
            Self::ListMapRuns => &map_runs::LIST_MAP_RUNS,
            Self::UpdateMapRun => &map_runs::UPDATE_MAP_RUN,
            Self::TagResource => &tags::TAG_RESOURCE,
            Self::UntagResource => &tags::UNTAG_RESOURCE,
            Self::ListTagsForResource => &tags::LIST_TAGS_FOR_RESOURCE,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::api::Operation;
    use crate::api::shape::{Shape, Structure};

    /// Calls `look` with each structure below `structure`, itself included.
    fn walk(structure: &'static Structure, look: &mut dyn FnMut(&'static Structure)) {
        look(structure);
        for member in structure.members {
            let mut shape = member.shape;
            while let Shape::List(_) | Shape::Map(_) = shape {
                shape = match shape {
                    Shape::List(list) => list.item,
                    Shape::Map(inner) => inner,
                    other => other,
                };
            }
            if let Shape::Structure(inner) = shape {
                walk(inner, look);
            }
        }
    }

    #[test]
    fn members_have_names_of_their_own_and_a_sentence_each() {
        let mut count = 0;
        let mut look = |structure: &'static Structure| {
            let names: BTreeSet<&str> = structure.members.iter().map(|member| member.name).collect();
            assert_eq!(names.len(), structure.members.len(), "{}", structure.name);
            for member in structure.members {
                assert!(member.doc.ends_with('.'), "{}.{}: {}", structure.name, member.name, member.doc);
                count += 1;
            }
        };
        for operation in Operation::ALL {
            let description = operation.description();
            assert!(description.summary.ends_with('.'), "{operation:?}");
            walk(&description.input, &mut look);
            walk(&description.output, &mut look);
        }
        assert!(count > 400, "{count}");
    }

    #[test]
    fn structures_are_named_after_their_operation() {
        for operation in Operation::ALL {
            let description = operation.description();
            assert_eq!(description.input.name, format!("{}Input", operation.name()));
            assert_eq!(description.output.name, format!("{}Output", operation.name()));
        }
    }

    #[test]
    fn pages_have_tokens_and_results() {
        for operation in Operation::ALL {
            let description = operation.description();
            let has_token = |structure: &Structure| structure.member("nextToken").is_some();
            assert_eq!(has_token(&description.output), description.paging.is_some(), "{operation:?}");
            assert_eq!(has_token(&description.input), description.paging.is_some(), "{operation:?}");
            if let Some(paging) = description.paging {
                let results = description.output.member(paging.results).expect("the results are a member");
                assert!(matches!(results.shape, Shape::List(_)), "{operation:?}");
            }
        }
    }

    #[test]
    fn each_type_of_event_with_details_has_a_member_for_them() {
        let events = Operation::GetExecutionHistory.description().output.member("events").expect("events");
        let Shape::List(list) = events.shape else { panic!("events are a list") };
        let Shape::Structure(event) = list.item else { panic!("an event is a structure") };
        let types = event.member("type").expect("a type").shape.values();
        assert_eq!(types.len(), 62);
        for member in event.members.iter().filter(|member| member.name.ends_with("EventDetails")) {
            let name = member.name.trim_end_matches("EventDetails");
            let is_of = |kind: &&&str| kind.to_ascii_lowercase().ends_with(&name.to_ascii_lowercase());
            assert!(types.iter().any(|kind| is_of(&kind)), "{name}");
        }
    }
}
