//! What a Task hands over to the integration that it calls.

use super::Reader;
use super::object::{Object, SCHEMA};
use crate::asl::fields::Language;
use crate::asl::model::{Resource, ResourceKind};
use crate::asl::{placeholder, suggest};
use crate::text::{Diagnostic, Member};

/// What integrations ask for, by service and action (reported).
const REQUIRED: &[(&str, &str, &[&str])] = &[
    ("lambda", "invoke", &["FunctionName"]),
    ("sqs", "sendMessage", &["QueueUrl", "MessageBody"]),
    ("sns", "publish", &["Message"]),
    ("dynamodb", "putItem", &["TableName", "Item"]),
    ("dynamodb", "getItem", &["TableName", "Key"]),
    ("states", "startExecution", &["StateMachineArn"]),
    ("events", "putEvents", &["Entries"]),
    ("ecs", "runTask", &["TaskDefinition"]),
    ("glue", "startJobRun", &["JobName"]),
];

impl<'n> Reader<'n> {
    /// Whether an integration gets the fields that it asks for. AWS was seen to refuse what gives it nothing at all, and
    /// to take it; so what is missing is a warning, and the definition can be run with mocks.
    pub(super) fn call(&mut self, resource: &Resource, object: &Object<'n>) {
        let ResourceKind::Service { service, action, .. } = &resource.kind else { return };
        let name = match object.language {
            Language::JsonPath => "Parameters",
            Language::Jsonata => "Arguments",
        };
        let Some(given) = object.get(name) else {
            self.without_parameters(name, resource, object);
            return;
        };
        let action = action.split('.').next().unwrap_or(action);
        let required = REQUIRED.iter().find(|(known, of, _)| *known == &**service && *of == action);
        let members = given.value.members().filter(|members| !members.iter().any(is_generated));
        if let (Some((_, _, fields)), Some(members)) = (required, members) {
            let absent = fields.iter().filter(|field| !members.iter().any(|m| is_named(m, field, object.language)));
            for field in absent {
                self.absent(field, given, members, &object.at(name));
            }
        }
    }

    /// `Parameters field is required for resource ARN: …` (reported).
    fn without_parameters(&mut self, name: &str, resource: &Resource, object: &Object<'n>) {
        let Some(member) = object.get("Resource").filter(|_| !placeholder::is_in(&resource.text)) else { return };
        let message = format!("{name} field is required for resource ARN: {}", resource.text);
        let warning = Diagnostic::warning(SCHEMA, message, member.value.span).located(object.at("Resource"));
        self.report(warning.with_help(format!("add `{name}` with what the service is called with")));
    }

    /// `The field 'FunctionName' is required but was missing` (reported).
    fn absent(&mut self, field: &str, given: &Member, members: &[Member], place: &str) {
        let message = format!("The field '{field}' is required but was missing");
        let warning = Diagnostic::warning(SCHEMA, message, self.head(&given.value)).located(place);
        let keys = members.iter().map(|member| &*member.key);
        let help = match suggest::nearest(field, keys) {
            Some(key) => format!("`{key}` should be `{field}`"),
            None => format!("add `{field}`"),
        };
        self.report(warning.with_help(help));
    }
}

/// Whether `member` gives `field`, as it is or as an expression.
fn is_named(member: &Member, field: &str, language: Language) -> bool {
    let key = match language {
        Language::JsonPath => member.key.strip_suffix(".$").unwrap_or(&member.key),
        Language::Jsonata => &member.key,
    };
    key == field
}

/// Whether the deployment makes more members of this one.
fn is_generated(member: &Member) -> bool {
    member.key.starts_with("Fn::") || &*member.key == "Ref" || placeholder::is_in(&member.key)
}
