//! What all states have, and the state types with little beside: Pass, Wait, Succeed, Fail.

use super::object::{Object, SCHEMA};
use super::value::PathRule;
use super::{Reader, StateOutline, language_of, text};
use crate::asl::fields::{self, Language, Owner};
use crate::asl::model::{Fail, FieldSpan, State, StateId, StateKind, Text, Transition, Wait};
use crate::asl::unsupported;
use crate::query::jsonata::StatesFields;
use crate::text::{Diagnostic, Member, Node};
use crate::value::{self, Timestamp};

/// The longest name of a state in characters (States Language, States).
const MAX_NAME: usize = 80;

impl<'n> Reader<'n> {
    pub(super) fn state(&mut self, id: StateId) -> Option<State> {
        let outline = self.outline.state(id);
        self.state_name(outline);
        let node = &outline.member.value;
        let Some(owner) = self.state_type(outline) else {
            self.links.unsure(outline.scope);
            return None;
        };
        let language = self.state_language(node, &outline.place);
        self.here.clone_from(&outline.place);
        self.diagnostics.extend(unsupported::state(node, &outline.place));
        let object = self.object(owner, node, language, outline.place.clone())?;
        let transition = self.transition(id, owner, &object);
        let retry = self.retriers(&object);
        let catch = self.catchers(id, &object);
        let kind = self.kind(id, owner, &object);
        let has_result = matches!(owner, Owner::Task | Owner::Parallel | Owner::Map);
        let allowed = StatesFields { result: has_result, error_output: false };
        Some(State {
            name: outline.name.clone(),
            name_span: outline.member.key_span,
            span: node.span,
            scope: outline.scope,
            comment: text(node, "Comment"),
            language,
            input_path: self.path_field(&object, "InputPath"),
            // The old Parameters of a Map is its ItemSelector.
            parameters: if owner == Owner::Map { None } else { self.template(&object, "Parameters") },
            result_selector: self.template(&object, "ResultSelector"),
            result_path: self.result_path(&object),
            output_path: self.path_field(&object, "OutputPath"),
            arguments: self.payload(&object, "Arguments", StatesFields::default()),
            output: self.payload(&object, "Output", allowed),
            assign: self.assign(&object, allowed),
            retry,
            catch,
            kind: kind?,
            transition: transition?,
            fields: field_spans(node),
            is_former: false,
        })
    }

    fn state_name(&mut self, state: &StateOutline<'_>) {
        if state.name.chars().count() > MAX_NAME {
            let message = "Invalid State name: State exceeds the 80-character limit allowed by the service";
            let fault = Diagnostic::error("INVALID_STATE_NAME", message, state.member.key_span).located(&*state.place);
            let help = format!("it has {} characters; shorten it by {}", state.name.chars().count(), over(&state.name));
            self.report(fault.with_help(help));
        }
    }

    fn state_type(&mut self, state: &'n StateOutline<'n>) -> Option<Owner> {
        let node = &state.member.value;
        if node.members().is_none() {
            self.expected("OBJECT", node, &state.place);
            return None;
        }
        let Some(member) = node.get("Type") else {
            let object = Object { node, language: Language::default(), place: state.place.clone() };
            self.fields_required(&["Type"], &object);
            return None;
        };
        let place = format!("{}/Type", state.place);
        let Some(name) = member.value.as_str() else {
            self.expected("STRING", &member.value, &place);
            return None;
        };
        let owner = Owner::of_state_type(name);
        if owner.is_none() {
            self.unknown_type(name, &member.value, &place);
        }
        owner
    }

    fn unknown_type(&mut self, name: &str, node: &Node, place: &str) {
        let types = Owner::STATE_TYPES.map(|(name, _)| name);
        let message = format!("The field 'Type' should have one of these values: [{}]", types.join(", "));
        let fault = Diagnostic::error(SCHEMA, message, node.span).located(place);
        let help = match self.meant(name, types) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "write one of these types, with a capital letter".to_owned(),
        };
        self.report(fault.with_help(help));
    }

    /// The state's own `QueryLanguage`, else the machine's. Only the machine's is inherited (reported).
    fn state_language(&mut self, node: &Node, place: &str) -> Language {
        let Some(member) = node.get("QueryLanguage") else { return self.language };
        // What is no text counts as JSONata, too (reported).
        let own = language_of(member.value.as_str().unwrap_or_default());
        if self.language == Language::Jsonata && own == Language::JsonPath {
            let message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
            let fault = Diagnostic::error(SCHEMA, message, member.value.span).located(place);
            self.report(fault.with_help("remove the `QueryLanguage` of the machine and name JSONata in single states"));
        }
        own
    }

    fn transition(&mut self, id: StateId, owner: Owner, object: &Object<'n>) -> Option<Transition> {
        let scope = self.outline.state(id).scope;
        match owner {
            Owner::Succeed | Owner::Fail => {
                self.links.end(scope);
                return Some(Transition::End);
            }
            // A Choice goes on by its rules.
            Owner::Choice => return Some(Transition::End),
            _ => {}
        }
        let ends = object.is_true("End") || object.is_later("End") && !object.has("Next");
        if ends {
            self.links.end(scope);
        }
        if object.has("Next") && ends {
            self.only_one_of(&["Next", "End"], object.get("Next"), object);
        }
        if object.has("Next") {
            return self.next(id, object).map(Transition::Next);
        }
        if ends {
            return Some(Transition::End);
        }
        self.no_way_on(object);
        self.links.unsure(scope);
        None
    }

    fn no_way_on(&mut self, object: &Object<'n>) {
        let is_flag = |end: &Member| end.value.type_name() == "boolean";
        if object.get("End").is_none_or(is_flag) {
            let help = "add `Next` with the name of the state that follows, or \"End\": true";
            self.one_is_needed(&["Next", "End"], object, help);
        }
    }

    /// `Next` of `object`, a part of state `id`.
    pub(super) fn next(&mut self, id: StateId, object: &Object<'n>) -> Option<StateId> {
        let scope = self.outline.state(id).scope;
        let target = self.target(scope, object, "Next");
        match target {
            Some(target) => self.links.edge(id, target),
            // What is no name was reported as such; a name that is not there leads nowhere, that is sure.
            None if object.text("Next").is_none() => self.links.unsure(scope),
            None => {}
        }
        target
    }

    fn kind(&mut self, id: StateId, owner: Owner, object: &Object<'n>) -> Option<StateKind> {
        if owner == Owner::Pass {
            self.static_result(object);
        }
        Some(match owner {
            Owner::Pass => StateKind::Pass { result: object.get("Result").map(|m| value::from_node(&m.value)) },
            Owner::Task => StateKind::Task(self.task(object)),
            Owner::Choice => StateKind::Choice(self.choice(id, object)?),
            Owner::Wait => StateKind::Wait(self.wait(object)?),
            Owner::Succeed => StateKind::Succeed,
            Owner::Fail => StateKind::Fail(self.fail(object)),
            Owner::Parallel => StateKind::Parallel(self.parallel(id)),
            Owner::Map => StateKind::Map(self.map(id, object)?),
            _ => return None,
        })
    }

    fn wait(&mut self, object: &Object<'n>) -> Option<Wait> {
        if let Some(expression) = self.jsonata(object, "Seconds") {
            return Some(Wait::SecondsJsonata(expression));
        }
        if let Some(expression) = self.jsonata(object, "Timestamp") {
            return Some(Wait::TimestampJsonata(expression));
        }
        if let Some(path) = self.path(object, "SecondsPath", PathRule::Reference) {
            return Some(Wait::SecondsPath(path));
        }
        if let Some(path) = self.path(object, "TimestampPath", PathRule::Reference) {
            return Some(Wait::TimestampPath(path));
        }
        if object.has("Timestamp") {
            // A placeholder is a moment that has passed, so the run goes on.
            let at = object.text("Timestamp").and_then(Timestamp::parse);
            return Some(Wait::Timestamp(at.unwrap_or_default()));
        }
        if object.has("Seconds") {
            return Some(Wait::Seconds(object.whole("Seconds").unwrap_or_default()));
        }
        if !fields::WAITS.iter().any(|name| object.has(name)) {
            let help = "add `Seconds` to wait for a while or `Timestamp` to wait until a moment";
            self.one_is_needed(fields::WAITS, object, help);
        }
        None
    }

    fn fail(&mut self, object: &Object<'n>) -> Fail {
        Fail { error: self.text_or_path(object, "Error"), cause: self.text_or_path(object, "Cause") }
    }

    fn text_or_path(&mut self, object: &Object<'n>, name: &str) -> Option<Text> {
        if let Some(expression) = self.jsonata(object, name) {
            return Some(Text::Jsonata(expression));
        }
        if let Some(text) = object.text(name) {
            return Some(Text::Fixed(text.into()));
        }
        self.expression(object, &format!("{name}Path"))
    }
}

fn over(name: &str) -> usize {
    name.chars().count().saturating_sub(MAX_NAME)
}

fn field_spans(node: &Node) -> Vec<FieldSpan> {
    let members = node.members().unwrap_or_default().iter();
    members.map(|m| FieldSpan { name: m.key.clone(), key: m.key_span, value: m.value.span }).collect()
}
