//! Choice states: rules and their conditions.

use super::Reader;
use super::jsonata::is_expression;
use super::object::{Object, SCHEMA};
use super::value::PathRule;
use crate::asl::fields::{self, Language, Owner};
use crate::asl::model::{Choice, ChoiceRule, Operand, Operator, StateId, Test};
use crate::query::jsonata::StatesFields;
use crate::text::{Diagnostic, Member, NodeKind, Span};
use crate::value;

impl<'n> Reader<'n> {
    pub(super) fn choice(&mut self, id: StateId, object: &Object<'n>) -> Option<Choice> {
        let default = self.default(id, object);
        let nodes = object.items("Choices");
        if nodes.is_empty() || nodes.iter().any(|node| node.members().is_none()) {
            // Where the rules should lead is not known.
            self.links.unsure(self.outline.state(id).scope);
        }
        let mut rules = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
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
        let found: Vec<&Member> = SELECTORS.iter().filter_map(|name| rule.get(name)).collect();
        let member = match found.as_slice() {
            [one] => *one,
            [] => {
                self.selectors(rule, self.head(rule.node), no_selector(rule));
                return None;
            }
            [_, ..] => {
                let last = found.iter().map(|member| member.key_span).max().unwrap_or(rule.node.span);
                let names: Vec<String> = found.iter().map(|member| format!("`{}`", member.key)).collect();
                let help = format!("keep one of {}, or put each into a rule of its own", names.join(", "));
                self.selectors(rule, last, help);
                return None;
            }
        };
        match (rule.language, &*member.key) {
            (Language::Jsonata, "Condition") => self.jsonata_condition(rule),
            (Language::JsonPath, "Variable") => self.compared(rule),
            (Language::JsonPath, "And" | "Or" | "Not") => self.combined(member, rule),
            // Of the other language, which was reported.
            _ => None,
        }
    }

    /// `The object must have only one of the following fields, […]` (reported).
    fn selectors(&mut self, rule: &Object<'n>, span: Span, help: String) {
        let message = format!("The object must have only one of the following fields, [{}]", SELECTORS.join(", "));
        self.report(Diagnostic::error(SCHEMA, message, span).located(rule.location()).with_help(help));
    }

    /// A rule with `Variable`: it has one operator.
    fn compared(&mut self, rule: &Object<'n>) -> Option<Test> {
        let operators: Vec<&Member> = rule.node.members()?.iter().filter(|m| operator(&m.key).is_some()).collect();
        match operators.as_slice() {
            [] => self.no_operator(rule),
            [one] => self.comparison(one, rule),
            [.., last] => {
                self.only_one_of(&operator_names(), Some(last), rule);
                None
            }
        }
    }

    /// `Condition`: a boolean, or an expression that gives one.
    fn jsonata_condition(&mut self, rule: &Object<'n>) -> Option<Test> {
        let member = rule.get("Condition")?;
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

    fn no_operator(&mut self, rule: &Object<'n>) -> Option<Test> {
        let members = rule.node.members().unwrap_or_default();
        // A misspelled operator was reported as an unknown field.
        if members.iter().all(|member| fields::find(Owner::Rule, &member.key).is_some()) {
            let help = "add an operator such as `StringEquals`, `NumericGreaterThan` or `IsPresent`";
            self.one_is_needed(&operator_names(), rule, help);
        }
        None
    }

    /// `And`, `Or` and `Not`.
    fn combined(&mut self, member: &'n Member, rule: &Object<'n>) -> Option<Test> {
        for stray in rule.node.members()?.iter().filter(|stray| operator(&stray.key).is_some()) {
            let message = format!("Field '{}' is not supported", stray.key);
            let fault = Diagnostic::error(SCHEMA, message, stray.key_span).located(rule.location());
            let help = format!("put it, with its `Variable`, into a rule inside of `{}`", member.key);
            self.report(fault.with_help(help));
        }
        match &*member.key {
            "And" => Some(Test::And(self.conditions(member, rule)?)),
            "Or" => Some(Test::Or(self.conditions(member, rule)?)),
            _ => {
                let inner = self.object(Owner::Condition, &member.value, rule.language, rule.at("Not"))?;
                Some(Test::Not(Box::new(self.test(&inner)?)))
            }
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
        let variable = self.path(rule, "Variable", PathRule::Choice);
        let (operator, is_path) = operator(&member.key)?;
        let operand = if is_path {
            Operand::Path(self.path(rule, &member.key, PathRule::Choice)?)
        } else {
            Operand::Value(value::from_node(&member.value))
        };
        Some(Test::Compare { variable: variable?, operator, operand, span: rule.node.span })
    }
}

/// What makes a rule one of its kinds, in the order in which AWS names it (reported).
const SELECTORS: [&str; 5] = ["And", "Or", "Not", "Variable", "Condition"];

/// All operators, those with a twin each before its twin.
fn operator_names() -> Vec<&'static str> {
    let names = fields::of(Owner::Condition, Language::JsonPath).map(|field| field.name);
    names.filter(|name| operator(name).is_some()).collect()
}

/// What to do about a rule of no kind.
fn no_selector(rule: &Object<'_>) -> String {
    let members = rule.node.members().unwrap_or_default();
    if rule.language == Language::Jsonata {
        return "add `Condition` with an expression such as {% $states.input.a = 1 %}".to_owned();
    }
    match members.iter().find(|member| operator(&member.key).is_some()) {
        Some(member) => format!("add `Variable`, the path to the value that `{}` compares", member.key),
        None => "add `Variable` and an operator such as `StringEquals`, or `And`, `Or` or `Not`".to_owned(),
    }
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
