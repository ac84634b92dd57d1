//! Task states.

use super::Reader;
use super::object::{Object, SCHEMA};
use super::value::PathRule;
use crate::asl::fields::Language;
use crate::asl::model::{Filling, Resource, ResourceKind, Seconds, Task};
use crate::asl::resource::{self, Doubt, INTEGRATIONS};
use crate::asl::{check, suggest};
use crate::query::jsonata::StatesFields;
use crate::text::{Diagnostic, Node, Span};
use crate::value;

impl<'n> Reader<'n> {
    pub(super) fn task(&mut self, object: &Object<'n>) -> Task {
        self.heartbeat_within_timeout(object);
        Task {
            resource: self.resource(object),
            timeout: self.seconds(object, "TimeoutSeconds"),
            heartbeat: self.seconds(object, "HeartbeatSeconds"),
            credentials: self.credentials(object),
        }
    }

    fn resource(&mut self, object: &Object<'n>) -> Resource {
        let Some(text) = object.text("Resource") else {
            // Absent or no text: reported. A function of CloudFormation counts as a placeholder.
            let function = object.get("Resource").map(|member| value::from_node(&member.value).to_json());
            return Resource { text: function.unwrap_or_default().into(), kind: ResourceKind::LambdaFunction };
        };
        let (resource, doubt) = resource::parse(text);
        let span = object.get("Resource").map_or(object.node.span, |member| member.value.span);
        match doubt {
            Some(doubt) => self.report(resource_fault(&doubt, text, span).located(object.at("Resource"))),
            None => self.call(&resource, object),
        }
        self.express.extend(check::not_for_express(&resource.kind, &object.at("Resource"), span));
        resource
    }

    /// A number of seconds, the path to it, or an expression.
    fn seconds(&mut self, object: &Object<'n>, name: &str) -> Seconds {
        if let Some(seconds) = object.whole(name) {
            return Seconds::Fixed(seconds);
        }
        if let Some(path) = self.path(object, &format!("{name}Path"), PathRule::Reference) {
            return Seconds::Path(path);
        }
        self.jsonata(object, name).map_or(Seconds::None, Seconds::Jsonata)
    }

    /// The heartbeat is smaller than the timeout (States Language, Task State).
    fn heartbeat_within_timeout(&mut self, object: &Object<'n>) {
        let (Some(heartbeat), Some(timeout)) = (object.whole("HeartbeatSeconds"), object.whole("TimeoutSeconds"))
        else {
            return;
        };
        if let Some(member) = object.get("HeartbeatSeconds").filter(|_| heartbeat >= timeout) {
            let message = "HeartbeatSeconds must be smaller than TimeoutSeconds";
            let fault = Diagnostic::error(SCHEMA, message, member.value.span).located(object.at("HeartbeatSeconds"));
            self.report(fault.with_help(format!("write less than {timeout}")));
        }
    }

    fn credentials(&mut self, object: &Object<'n>) -> Option<Filling> {
        let member = object.get("Credentials").filter(|member| member.value.members().is_some())?;
        let node = &member.value;
        let is_role = |key: &str| key == "RoleArn" || key == "RoleArn.$" && object.language == Language::JsonPath;
        let keys = || node.members().unwrap_or_default().iter().map(|member| &*member.key);
        if object.text("Resource").is_some_and(|text| resource::parse(text).0.kind == ResourceKind::Activity) {
            let message = "The field 'Credentials' is not supported for activities";
            let fault = Diagnostic::error(SCHEMA, message, member.key_span).located(object.at("Credentials"));
            self.report(fault.with_help("remove it; a worker of the activity has credentials of its own"));
        }
        if !keys().any(is_role) {
            self.no_role(node, keys().find(|key| key.eq_ignore_ascii_case("RoleArn")), &object.at("Credentials"));
        }
        self.filling(object, "Credentials", StatesFields::default())
    }

    /// `The field 'RoleArn' is required but was missing` (recorded).
    fn no_role(&mut self, node: &Node, misspelled: Option<&str>, place: &str) {
        let message = "The field 'RoleArn' is required but was missing";
        let span = self.head(node);
        let fault = match misspelled {
            Some(key) => {
                let help = format!("`{key}` is read as `RoleArn` by some tools only; write `RoleArn`");
                Diagnostic::warning(SCHEMA, message, span).with_help(help)
            }
            None => Diagnostic::error(SCHEMA, message, span).with_help("add `RoleArn`, or `RoleArn.$` with a path"),
        };
        self.report(fault.located(place));
    }
}

fn resource_fault(doubt: &Doubt, text: &str, span: Span) -> Diagnostic {
    const NOT_AN_ARN: &str = "Value is not a valid resource ARN";
    const ARNS: &str =
        "AWS takes ARNs of Lambda functions, activities and integrations: arn:aws:states:::SERVICE:ACTION";
    match doubt {
        Doubt::NotAUri => Diagnostic::error(SCHEMA, NOT_AN_ARN, span).with_help(ARNS),
        Doubt::NotAnArn => Diagnostic::warning("INVALID_RESOURCE", NOT_AN_ARN, span).with_help(ARNS),
        Doubt::BadQualifier => Diagnostic::error(SCHEMA, NOT_AN_ARN, span)
            .with_help("after the function's name comes nothing, `:$LATEST`, or a colon and a version or alias"),
        Doubt::OpenPlaceholder => Diagnostic::error(SCHEMA, NOT_AN_ARN, span)
            .with_help("the placeholder that starts with `${` is not closed; add `}`"),
        Doubt::UnknownAction(integration) => Diagnostic::error(SCHEMA, not_recognized(text), span)
            .with_help(action_help(text, integration.service, integration.actions)),
        Doubt::NoSuchPattern(service) => {
            Diagnostic::error(SCHEMA, not_recognized(text), span).with_help(pattern_help(service, text))
        }
        Doubt::UnknownService(service) => {
            Diagnostic::warning("INVALID_RESOURCE", not_recognized(text), span).with_help(service_help(service))
        }
    }
}

fn pattern_help(service: &str, text: &str) -> String {
    let without =
        text.split_once(".sync").or_else(|| text.split_once(".waitForTaskToken")).map_or(text, |(arn, _)| arn);
    let what = if text.ends_with(".waitForTaskToken") { "wait for a task token" } else { "wait for the end of a job" };
    match text.ends_with(".sync:2") && !resource::lacks_sync(service) {
        true => format!("only states:startExecution has `.sync:2`; write {without}.sync"),
        false => format!("{service} cannot {what}; write {without}"),
    }
}

fn action_help(text: &str, service: &str, actions: &[&str]) -> String {
    let action = text.rsplit(':').next().unwrap_or(text);
    let action = action.split('.').next().unwrap_or(action);
    if let Some(meant) = suggest::nearest(action, actions.iter().copied()) {
        return format!("did you mean `{meant}`?");
    }
    let actions = actions.join(", ");
    format!("{service} has {actions}; other actions are called by arn:aws:states:::aws-sdk:{service}:ACTION")
}

fn service_help(service: &str) -> String {
    match suggest::nearest(service, INTEGRATIONS.iter().map(|integration| integration.service)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("actions of most services are called by arn:aws:states:::aws-sdk:{service}:ACTION"),
    }
}

/// AWS's words (recorded).
fn not_recognized(text: &str) -> String {
    format!(
        "The resource provided {text} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region."
    )
}
