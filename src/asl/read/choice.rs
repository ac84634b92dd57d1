//! Choice states: rules and their conditions.

use super::Reader;
use super::jsonata::is_expression;
use super::object::{Object, SCHEMA};
use super::value::PathRule;
use crate::asl::fields::{self, Language, Owner};
use crate::asl::model::{Choice, ChoiceRule, Operand, Operator, StateId, Test};
use crate::query::jsonata::StatesFields;
use crate::text::{Diagnostic, Member, NodeKind};
use crate::value;

impl<'n> Reader<'n> {
    pub(super) fn choice(&mut self, id: StateId, object: &Object<'n>) -> Option<Choice> {
        let default = self.default(id, object);
        let mut rules = Vec::new();
        for (at, node) in object.items("Choices").iter().enumerate() {
            let place = format!("{}[{at}]", object.at("Choices"));
            let rule = self.object(Owner::Rule, node, object.language, place);
            rules.push(rule.and_then(|rule| self.rule(id, &rule)));
        }
        Some(Choice { rules: rules.into_iter().collect::<Option<_>>()?, default })
    }

    fn default(&mut self, id: StateId, object: &Object<'n>) -> Option<StateId> {
        let scope = self.outline.state(id).scope;
        let default = self.target(scope, object, "Default")?;
        self.links.edge(id, default);
        Some(default)
    }

    fn rule(&mut self, id: StateId, rule: &Object<'n>) -> Option<ChoiceRule> {
        let next = self.next(id, rule);
        let assign = self.assign(rule, StatesFields::default());
        let output = self.payload(rule, "Output", StatesFields::default());
        let test = self.test(rule);
        Some(ChoiceRule { test: test?, next: next?, assign, output, span: rule.node.span })
    }

    /// The one condition of a rule (States Language, Choice State).
    fn test(&mut self, rule: &Object<'n>) -> Option<Test> {
        if rule.language == Language::Jsonata {
            return self.jsonata_condition(rule);
        }
        let conditions: Vec<&Member> = rule.node.members()?.iter().filter(|m| is_condition(&m.key)).collect();
        match conditions.as_slice() {
            [] => self.no_condition(rule),
            [one] => self.condition(one, rule),
            [.., last] => {
                let names: Vec<&str> = conditions.iter().map(|member| &*member.key).collect();
                self.only_one_of(&names, Some(last), rule);
                None
            }
        }
    }

    /// `Condition`: a boolean, or an expression that gives one.
    fn jsonata_condition(&mut self, rule: &Object<'n>) -> Option<Test> {
        let Some(member) = rule.get("Condition") else {
            self.fields_required(&["Condition"], rule);
            return None;
        };
        match &member.value.kind {
            NodeKind::Bool(condition) => return Some(Test::Literal(*condition)),
            NodeKind::String(_) if is_expression(&member.value) => {}
            _ => {
                self.expected("BOOLEAN", &member.value, &rule.at("Condition"));
                return None;
            }
        }
        if let Some(condition) = self.jsonata(rule, "Condition") {
            return Some(Test::Condition(condition));
        }
        // What the placeholder will be is not known: the rule does not apply.
        rule.is_later("Condition").then_some(Test::Literal(false))
    }

    fn no_condition(&mut self, rule: &Object<'n>) -> Option<Test> {
        let members = rule.node.members().unwrap_or_default();
        // A misspelled operator was reported as an unknown field.
        if members.iter().all(|member| fields::find(Owner::Rule, &member.key).is_some()) {
            let message = "A Choice rule must have a comparison operator, And, Or or Not";
            let fault = Diagnostic::error(SCHEMA, message, self.head(rule.node)).located(rule.location());
            self.report(fault.with_help("add an operator such as `StringEquals`, `NumericGreaterThan` or `IsPresent`"));
        }
        None
    }

    fn condition(&mut self, member: &'n Member, rule: &Object<'n>) -> Option<Test> {
        match &*member.key {
            "And" => Some(Test::And(self.conditions(member, rule)?)),
            "Or" => Some(Test::Or(self.conditions(member, rule)?)),
            "Not" => {
                let inner = self.object(Owner::Condition, &member.value, rule.language, rule.at("Not"))?;
                Some(Test::Not(Box::new(self.test(&inner)?)))
            }
            _ => self.comparison(member, rule),
        }
    }

    fn conditions(&mut self, member: &'n Member, rule: &Object<'n>) -> Option<Vec<Test>> {
        let mut tests = Vec::new();
        for (at, node) in member.value.items()?.iter().enumerate() {
            let place = format!("{}[{at}]", rule.at(&member.key));
            let inner = self.object(Owner::Condition, node, rule.language, place);
            tests.push(inner.and_then(|inner| self.test(&inner)));
        }
        tests.into_iter().collect()
    }

    fn comparison(&mut self, member: &'n Member, rule: &Object<'n>) -> Option<Test> {
        if !rule.has("Variable") {
            self.fields_required(&["Variable"], rule);
        }
        let variable = self.path(rule, "Variable", PathRule::Reference);
        let (operator, is_path) = operator(&member.key)?;
        let operand = if is_path {
            Operand::Path(self.path(rule, &member.key, PathRule::Reference)?)
        } else {
            Operand::Value(value::from_node(&member.value))
        };
        Some(Test::Compare { variable: variable?, operator, operand, span: rule.node.span })
    }
}

fn is_condition(key: &str) -> bool {
    matches!(key, "And" | "Or" | "Not") || operator(key).is_some()
}

/// The operator named `key`, and whether it is its `…Path` twin.
fn operator(key: &str) -> Option<(Operator, bool)> {
    let find = |name: &str| OPERATORS.iter().find(|(known, _)| *known == name).map(|(_, operator)| *operator);
    fields::find(Owner::Condition, key)?;
    match find(key) {
        Some(operator) => Some((operator, false)),
        None => Some((find(key.strip_suffix("Path")?)?, true)),
    }
}

const OPERATORS: [(&str, Operator); 23] = [
    ("StringEquals", Operator::StringEquals),
    ("StringLessThan", Operator::StringLessThan),
    ("StringGreaterThan", Operator::StringGreaterThan),
    ("StringLessThanEquals", Operator::StringLessThanEquals),
    ("StringGreaterThanEquals", Operator::StringGreaterThanEquals),
    ("StringMatches", Operator::StringMatches),
    ("NumericEquals", Operator::NumericEquals),
    ("NumericLessThan", Operator::NumericLessThan),
    ("NumericGreaterThan", Operator::NumericGreaterThan),
    ("NumericLessThanEquals", Operator::NumericLessThanEquals),
    ("NumericGreaterThanEquals", Operator::NumericGreaterThanEquals),
    ("TimestampEquals", Operator::TimestampEquals),
    ("TimestampLessThan", Operator::TimestampLessThan),
    ("TimestampGreaterThan", Operator::TimestampGreaterThan),
    ("TimestampLessThanEquals", Operator::TimestampLessThanEquals),
    ("TimestampGreaterThanEquals", Operator::TimestampGreaterThanEquals),
    ("BooleanEquals", Operator::BooleanEquals),
    ("IsNull", Operator::IsNull),
    ("IsPresent", Operator::IsPresent),
    ("IsNumeric", Operator::IsNumeric),
    ("IsString", Operator::IsString),
    ("IsBoolean", Operator::IsBoolean),
    ("IsTimestamp", Operator::IsTimestamp),
];
