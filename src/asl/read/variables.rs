//! Variables: which names they may have, and in which scopes.

use std::collections::HashSet;

use super::object::Object;
use super::{Reader, StateOutline};
use crate::asl::fields::{Language, Owner};
use crate::asl::model::ScopeId;
use crate::asl::{placeholder, unsupported};
use crate::text::{Diagnostic, Member, Node};

/// The longest name in characters (developer guide, Variables).
const MAX_NAME: usize = 80;

impl<'n> Reader<'n> {
    /// A key of `Assign` (the codes and messages for the reserved name and for bad characters are reported).
    pub(super) fn variable_name(&mut self, member: &Member, object: &Object<'_>) {
        let name = variable(&member.key, object.language);
        let (code, message, help) = if placeholder::is_in(name) || is_variable(name) {
            return;
        } else if name == "states" {
            let message = "Cannot assign to reserved variable '$states'.".to_owned();
            ("RESERVED_VARIABLE_NAME", message, "give the variable another name; `$states` holds input and context")
        } else if name.chars().count() > MAX_NAME {
            let message = format!("Invalid variable name '{name}': the variable name exceeds 80 characters.");
            ("INVALID_VARIABLE_NAME", message, "write a name of 80 characters at most")
        } else {
            let message = format!("Invalid variable name '{name}': the variable name contains invalid characters.");
            ("INVALID_VARIABLE_NAME", message, "a name starts with a letter and goes on with letters, digits and `_`")
        };
        let fault = Diagnostic::error(code, message, member.key_span).located(object.at("Assign"));
        self.report(fault.with_help(help));
    }

    /// What a scope assigns, the scopes inside of it may not assign (developer guide, Variables). Those of a
    /// distributed Map see nothing of what is around them.
    pub(super) fn unique_variables(&mut self) {
        let assigned: Vec<Vec<Assigned<'n>>> = self.outline.states.iter().map(|state| self.assigned(state)).collect();
        for (state, variables) in self.outline.states.iter().zip(&assigned).filter(|(_, found)| !found.is_empty()) {
            let outer = self.outer_names(state.scope, &assigned);
            for variable in variables.iter().filter(|variable| outer.contains(variable.name)) {
                let message = format!("The variable name '{}' was already defined in a parent scope.", variable.name);
                let fault = Diagnostic::error("DUPLICATE_VARIABLE_NAME", message, variable.member.key_span);
                let help = "give it another name: what is assigned in here is not seen outside";
                self.report(fault.located(&*variable.place).with_help(help));
            }
        }
    }

    /// The names that the scopes around `scope` assign.
    fn outer_names(&self, scope: ScopeId, assigned: &[Vec<Assigned<'n>>]) -> HashSet<&'n str> {
        let mut names = HashSet::new();
        let mut here = self.outline.scope_of(scope);
        while let Some(owner) = here.owner.map(|owner| self.outline.state(owner)) {
            if here.kind == Owner::Processor && unsupported::distributed_mode(&owner.member.value).is_some() {
                break;
            }
            here = self.outline.scope_of(owner.scope);
            let states = here.states.iter().filter_map(|state| assigned.get(state.0 as usize));
            names.extend(states.flatten().map(|variable| variable.name));
        }
        names
    }

    /// The variables that a state assigns: itself, in its rules and in its catchers.
    fn assigned(&self, state: &StateOutline<'n>) -> Vec<Assigned<'n>> {
        let node = &state.member.value;
        let own = node.get("QueryLanguage").map(|member| member.value.as_str().unwrap_or_default());
        let language = own.map_or(self.language, super::language_of);
        let mut found = Vec::new();
        collect(node, &state.place, language, &mut found);
        for list in ["Choices", "Catch"] {
            let items = node.get(list).and_then(|member| member.value.items()).unwrap_or_default();
            for (at, item) in items.iter().enumerate() {
                collect(item, &format!("{}/{list}[{at}]", state.place), language, &mut found);
            }
        }
        found
    }
}

/// A variable that is assigned somewhere.
#[derive(Debug)]
struct Assigned<'n> {
    name: &'n str,
    member: &'n Member,
    place: String,
}

fn collect<'n>(node: &'n Node, place: &str, language: Language, found: &mut Vec<Assigned<'n>>) {
    let members = node.get("Assign").and_then(|assign| assign.value.members()).unwrap_or_default();
    found.extend(members.iter().map(|member| Assigned {
        name: variable(&member.key, language),
        member,
        place: format!("{place}/Assign"),
    }));
}

/// The variable that a key of `Assign` names.
fn variable(key: &str, language: Language) -> &str {
    match language {
        Language::JsonPath => key.strip_suffix(".$").unwrap_or(key),
        Language::Jsonata => key,
    }
}

fn is_variable(name: &str) -> bool {
    let mut chars = name.chars();
    let starts_well = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    starts_well
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && name.chars().count() <= MAX_NAME
        && name != "states"
}
