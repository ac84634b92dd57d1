//! Which fields go together in the parts of a distributed Map.

use super::Reader;
use super::object::{Object, SCHEMA};
use crate::asl::{check, placeholder};
use crate::text::Diagnostic;

/// What reads items, and what writes results.
const READERS: [&str; 2] = ["s3:getObject", "s3:listObjectsV2"];
const WRITERS: [&str; 1] = ["s3:putObject"];

impl<'n> Reader<'n> {
    /// The type of the child executions is named in distributed mode, and only there (reported).
    pub(super) fn mode(&mut self, config: &Object<'n>) {
        match config.text("Mode") {
            Some("DISTRIBUTED") => {
                if !config.has("ExecutionType") {
                    self.fields_required(&["ExecutionType"], config);
                }
                let span = config.get("Mode").map_or(config.node.span, |mode| mode.value.span);
                self.express.push(check::distributed_in_express(&config.at("Mode"), span));
            }
            Some("INLINE") => {
                let help = "remove it: in INLINE mode there are no child executions. Or write Mode DISTRIBUTED";
                self.has_no("ExecutionType", config, help);
            }
            _ => {}
        }
    }

    /// `ItemReader` and its config: the S3 action, and what the type of the file asks for (reported).
    pub(super) fn dataset(&mut self, reader: &Object<'n>, config: Option<&Object<'n>>) {
        self.s3_action(reader, &READERS);
        let Some(config) = config else { return };
        let is_csv = config.text("InputType") == Some("CSV");
        if is_csv && !config.has("CSVHeaderLocation") {
            let message = "The field 'CSVHeaderLocation' is required";
            let fault = Diagnostic::error(SCHEMA, message, self.head(config.node)).located(config.location());
            self.report(fault.with_help("add `CSVHeaderLocation`: FIRST_ROW, or GIVEN together with `CSVHeaders`"));
        }
        if matches!(config.text("InputType"), Some("JSON" | "JSONL")) {
            self.has_no("CSVHeaderLocation", config, "remove it, or write the InputType CSV");
        }
        if config.text("CSVHeaderLocation") == Some("GIVEN") && !config.has("CSVHeaders") {
            self.fields_required(&["CSVHeaders"], config);
        }
    }

    /// `ResultWriter`: the S3 action.
    pub(super) fn results(&mut self, writer: &Object<'n>) {
        self.s3_action(writer, &WRITERS);
    }

    /// `The field 'Resource' does not match any of the allowed values` (reported for readers).
    fn s3_action(&mut self, object: &Object<'n>, actions: &[&str]) {
        let Some((member, text)) = object.get("Resource").zip(object.text("Resource")) else { return };
        let end = text.strip_prefix("arn:").and_then(|rest| rest.split_once(":states:::")).map(|(_, end)| end);
        if placeholder::is_in(text) || end.is_some_and(|end| actions.contains(&end)) {
            return;
        }
        let message = "The field 'Resource' does not match any of the allowed values";
        let fault = Diagnostic::error(SCHEMA, message, member.value.span).located(object.at("Resource"));
        let arns: Vec<String> = actions.iter().map(|action| format!("arn:aws:states:::{action}")).collect();
        self.report(fault.with_help(format!("write {}", arns.join(" or "))));
    }

    /// A field that the others rule out.
    fn has_no(&mut self, name: &str, object: &Object<'n>, help: &str) {
        let Some(member) = object.get(name) else { return };
        let message = format!("Field '{name}' is not supported");
        let fault = Diagnostic::error(SCHEMA, message, member.key_span).located(object.location());
        self.report(fault.with_help(help));
    }
}
