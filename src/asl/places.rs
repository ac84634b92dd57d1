//! The places of all parts of a machine, moved from one text to another.

use super::model::{FieldSpan, StateKind, StateMachine, Test};
use crate::text::Span;

/// Replaces each place in `machine`.
pub(super) fn replace(machine: &mut StateMachine, place: &dyn Fn(Span) -> Span) {
    for scope in &mut machine.scopes {
        scope.span = place(scope.span);
    }
    for state in &mut machine.states {
        state.name_span = place(state.name_span);
        state.span = place(state.span);
        for FieldSpan { key, value, .. } in &mut state.fields {
            (*key, *value) = (place(*key), place(*value));
        }
        state.retry.iter_mut().for_each(|retrier| retrier.span = place(retrier.span));
        state.catch.iter_mut().for_each(|catcher| catcher.span = place(catcher.span));
        if let StateKind::Choice(choice) = &mut state.kind {
            for rule in &mut choice.rules {
                rule.span = place(rule.span);
                test(&mut rule.test, place);
            }
        }
    }
}

fn test(found: &mut Test, place: &dyn Fn(Span) -> Span) {
    match found {
        Test::And(tests) | Test::Or(tests) => tests.iter_mut().for_each(|inner| test(inner, place)),
        Test::Not(inner) => test(inner, place),
        Test::Compare { span, .. } => *span = place(*span),
        Test::Literal(_) | Test::Condition(_) => {}
    }
}
