//! The `Resource` of a Task: what its ARN names.

use std::sync::Arc;

use super::model::{Resource, ResourceKind};
use super::placeholder;

/// Why a `Resource` looks wrong. The resource is read all the same; whether it may stand is for the caller to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// It is no URI at all, which the States Language asks for.
    NotAUri,
    /// It is no ARN that a Task can have.
    NotAnArn,
    /// A Lambda function with a qualifier that cannot be one.
    BadQualifier,
    /// A placeholder that is not closed.
    OpenPlaceholder,
    /// The service is integrated, but not this action of it; these are.
    UnknownAction(&'static Integration),
    /// The service is integrated, but neither its jobs nor its tokens can be waited for.
    NoSuchPattern(String),
    /// A service of which no integration is known.
    UnknownService(String),
}

/// A service with integrated actions of its own (an "optimized integration").
#[derive(Debug, PartialEq, Eq)]
pub struct Integration {
    /// As it is written in the ARN.
    pub service: &'static str,
    /// Its actions; empty where the list is open.
    pub actions: &'static [&'static str],
}

const fn closed(service: &'static str, actions: &'static [&'static str]) -> Integration {
    Integration { service, actions }
}

const fn open(service: &'static str) -> Integration {
    Integration { service, actions: &[] }
}

/// The services of the developer guide's list of optimized integrations. Where AWS adds actions now and then, the list
/// of actions is left open.
pub const INTEGRATIONS: &[Integration] = &[
    closed("lambda", &["invoke"]),
    closed("dynamodb", &["getItem", "putItem", "updateItem", "deleteItem"]),
    closed("sqs", &["sendMessage"]),
    closed("sns", &["publish"]),
    closed("events", &["putEvents"]),
    closed("states", &["startExecution"]),
    closed("apigateway", &["invoke"]),
    closed("http", &["invoke"]),
    open("ecs"),
    open("eks"),
    open("batch"),
    open("glue"),
    open("databrew"),
    open("athena"),
    open("codebuild"),
    open("sagemaker"),
    open("elasticmapreduce"),
    open("emr-containers"),
    open("emr-serverless"),
    open("mediaconvert"),
    open("bedrock"),
    open("bedrock-agentcore"),
];

/// Services whose jobs cannot be waited for, whatever the action (reported).
const WITHOUT_SYNC: &[&str] = &["lambda", "sns", "sqs", "dynamodb", "events", "apigateway", "bedrock-agentcore"];

/// Services that pass on no task token, whatever the action (reported).
const WITHOUT_TOKEN: &[&str] = &[
    "athena",
    "batch",
    "codebuild",
    "elasticmapreduce",
    "emr-containers",
    "emr-serverless",
    "glue",
    "databrew",
    "mediaconvert",
    "sagemaker",
    "dynamodb",
    "bedrock-agentcore",
];

/// Whether no job of `service` can be waited for; `aws-sdk:…` counts as one.
#[must_use]
pub fn lacks_sync(service: &str) -> bool {
    WITHOUT_SYNC.contains(&service) || service.starts_with("aws-sdk:")
}

/// Reads a `Resource`.
#[must_use]
pub fn parse(text: &str) -> (Resource, Option<Doubt>) {
    let (kind, doubt) = kind(text);
    (Resource { text: text.into(), kind }, doubt)
}

fn kind(text: &str) -> (ResourceKind, Option<Doubt>) {
    if text.contains("${") && !placeholder::is_in(text) {
        return (ResourceKind::LambdaFunction, Some(Doubt::OpenPlaceholder));
    }
    let parts = placeholder::split_at_colons(text);
    match parts.as_slice() {
        ["arn", _, "states", _, _, "activity", _, ..] => (ResourceKind::Activity, None),
        ["arn", _, "states", _, _, "aws-sdk", service, action, rest @ ..] => {
            let service = format!("aws-sdk:{service}");
            let kind = integration(&service, action, rest);
            let doubt = pattern_doubt(&service, &kind);
            (kind, doubt)
        }
        ["arn", _, "states", _, _, service, action, rest @ ..] if *service != "stateMachine" => {
            let kind = integration(service, action, rest);
            let doubt = doubt(service, action).or_else(|| pattern_doubt(service, &kind));
            (kind, doubt)
        }
        ["arn", _, "lambda", _, _, "function", _, qualifier @ ..] => {
            (ResourceKind::LambdaFunction, (!is_qualifier(qualifier)).then_some(Doubt::BadQualifier))
        }
        // A placeholder stands for the ARN of a function far more often than for anything else.
        _ if placeholder::is_in(text) || text.starts_with('<') => (ResourceKind::LambdaFunction, None),
        _ if !text.contains([':', '$']) => (ResourceKind::LambdaFunction, Some(Doubt::NotAUri)),
        _ => (ResourceKind::LambdaFunction, Some(Doubt::NotAnArn)),
    }
}

/// The kind for `SERVICE:ACTION[.PATTERN]`; the colon of `.sync:2` has split the action.
fn integration(service: &str, action: &str, rest: &[&str]) -> ResourceKind {
    let mut action = action.to_owned();
    for part in rest {
        action.push(':');
        action.push_str(part);
    }
    ResourceKind::Service {
        service: service.into(),
        sync: action.ends_with(".sync") || action.ends_with(".sync:2"),
        task_token: action.ends_with(".waitForTaskToken"),
        action: Arc::from(action),
    }
}

fn doubt(service: &str, action: &str) -> Option<Doubt> {
    if placeholder::is_in(service) {
        return None;
    }
    let Some(known) = INTEGRATIONS.iter().find(|integration| integration.service == service) else {
        return Some(Doubt::UnknownService(service.to_owned()));
    };
    let name = action.split('.').next().unwrap_or(action);
    let fits = known.actions.is_empty() || known.actions.contains(&name) || placeholder::is_in(action);
    (!fits).then_some(Doubt::UnknownAction(known))
}

fn pattern_doubt(service: &str, kind: &ResourceKind) -> Option<Doubt> {
    let ResourceKind::Service { action, sync, task_token, .. } = kind else { return None };
    let wrong = *sync && (lacks_sync(service) || action.ends_with(".sync:2") && service != "states")
        || *task_token && WITHOUT_TOKEN.contains(&service);
    wrong.then(|| Doubt::NoSuchPattern(service.to_owned()))
}

fn is_qualifier(parts: &[&str]) -> bool {
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    match parts {
        [] => true,
        [one] => *one == "$LATEST" || plain(one) || placeholder::is_in(one) || one.contains('<'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(text: &str) -> (String, String, bool, bool) {
        match parse(text).0.kind {
            ResourceKind::Service { service, action, sync, task_token } => {
                (service.to_string(), action.to_string(), sync, task_token)
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn integrations_give_service_action_and_pattern() {
        let own = |s: &str, a: &str, sync, token| (s.to_owned(), a.to_owned(), sync, token);
        for (text, expected) in [
            ("arn:aws:states:::sqs:sendMessage", own("sqs", "sendMessage", false, false)),
            ("arn:aws-cn:states:::sns:publish.waitForTaskToken", own("sns", "publish.waitForTaskToken", false, true)),
            ("arn:aws:states:::states:startExecution.sync:2", own("states", "startExecution.sync:2", true, false)),
            ("arn:${AWS::Partition}:states:::ecs:runTask.sync", own("ecs", "runTask.sync", true, false)),
            ("arn:aws:states:::aws-sdk:s3:getObject", own("aws-sdk:s3", "getObject", false, false)),
        ] {
            assert_eq!(service(text), expected);
            assert_eq!(parse(text).1, None, "{text}");
        }
    }

    #[test]
    fn functions_activities_and_placeholders() {
        for text in [
            "arn:aws:lambda:us-east-1:123456789012:function:name",
            "arn:aws:lambda:us-east-1:123456789012:function:name:$LATEST",
            "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Name}:live",
            "${FunctionArn}",
            "{{function}}",
        ] {
            assert_eq!(parse(text), (Resource { text: text.into(), kind: ResourceKind::LambdaFunction }, None));
        }
        assert_eq!(parse("arn:aws:states:eu-west-1:123456789012:activity:a").0.kind, ResourceKind::Activity);
    }

    #[test]
    fn what_looks_wrong_is_told() {
        let doubt = |text| parse(text).1;
        assert_eq!(doubt("function-name"), Some(Doubt::NotAUri));
        assert_eq!(doubt("swf:task"), Some(Doubt::NotAnArn));
        for (text, service) in [
            ("arn:aws:states:::lambda:invoke.sync", Some("lambda")),
            ("arn:aws:states:::aws-sdk:s3:getObject.sync", Some("aws-sdk:s3")),
            ("arn:aws:states:::glue:startJobRun.sync:2", Some("glue")),
            ("arn:aws:states:::glue:startJobRun.waitForTaskToken", Some("glue")),
            ("arn:aws:states:::glue:startJobRun.sync", None),
            ("arn:aws:states:::states:startExecution.sync:2", None),
            ("arn:aws:states:::aws-sdk:s3:putObject.waitForTaskToken", None),
        ] {
            assert_eq!(doubt(text), service.map(|service| Doubt::NoSuchPattern(service.into())), "{text}");
        }
        assert_eq!(doubt("${Name"), Some(Doubt::OpenPlaceholder));
        assert_eq!(doubt("arn:aws:lambda:us-east-1:1:function:name:"), Some(Doubt::BadQualifier));
        assert_eq!(doubt("arn:aws:states:::lamda:invoke"), Some(Doubt::UnknownService("lamda".into())));
        assert!(
            matches!(doubt("arn:aws:states:::sqs:receiveMessage"), Some(Doubt::UnknownAction(i)) if i.service == "sqs")
        );
    }
}
