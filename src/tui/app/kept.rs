//! Breakpoints and watches as they are kept from one start to the next.

use crate::config::{KeptBreakpoint, Session};
use crate::debug::spec::{FAILURES, STAGES};
use crate::debug::{Breakpoint, Breakpoints, LogText, On, Query, StatePath};

/// The breakpoints of `session`; what cannot be read any more is left out.
pub(super) fn kept_breakpoints(session: &Session) -> Breakpoints {
    session.breakpoints.iter().filter_map(read).collect()
}

/// The watched expressions of `session`.
pub(super) fn kept_watches(session: &Session) -> Vec<Query> {
    session.watches.iter().filter_map(|text| Query::compile(text).ok()).collect()
}

/// `breakpoint` to be kept; those that stop once are not.
pub(super) fn keep(breakpoint: &Breakpoint) -> Option<KeptBreakpoint> {
    let names = |state: &StatePath| state.0.iter().map(ToString::to_string).collect();
    let on = match &breakpoint.on {
        On::Entry | On::Change(_) => None,
        On::Exit => Some("exit"),
        On::Stage(stage) => STAGES.iter().find(|(_, known)| known == stage).map(|(name, _)| *name),
        failure => FAILURES.iter().find(|(_, known)| known == failure).map(|(name, _)| *name),
    };
    (!breakpoint.once).then(|| KeptBreakpoint {
        state: breakpoint.state.as_ref().map(names).unwrap_or_default(),
        disabled: breakpoint.disabled,
        condition: breakpoint.condition.as_ref().map(|condition| condition.text().to_owned()),
        after: (breakpoint.after > 1).then_some(breakpoint.after),
        log: breakpoint.log.as_ref().map(|log| log.text().to_owned()),
        on: on.map(str::to_owned),
        change: match &breakpoint.on {
            On::Change(query) => Some(query.text().to_owned()),
            _ => None,
        },
        only: breakpoint.only.clone(),
    })
}

fn read(kept: &KeptBreakpoint) -> Option<Breakpoint> {
    let state = StatePath(kept.state.iter().map(|name| name.as_str().into()).collect());
    let on = match (&kept.change, kept.on.as_deref()) {
        (Some(change), _) => On::Change(Query::compile(change).ok()?),
        (None, None) => On::Entry,
        (None, Some("exit")) => On::Exit,
        (None, Some(name)) => {
            let failure = FAILURES.iter().find(|(known, _)| *known == name).map(|(_, on)| on.clone());
            let stage = || STAGES.iter().find(|(known, _)| *known == name).map(|(_, stage)| On::Stage(*stage));
            failure.or_else(stage)?
        }
    };
    let state = (!state.0.is_empty()).then_some(state);
    if state.is_none() && matches!(on, On::Entry | On::Exit | On::Stage(_)) {
        return None;
    }
    let condition = kept.condition.as_deref().map(Query::compile).transpose().ok()?;
    let log = kept.log.as_deref().map(LogText::compile).transpose().ok()?;
    Some(Breakpoint {
        only: kept.only.clone(),
        condition,
        log,
        after: kept.after.unwrap_or(0),
        disabled: kept.disabled,
        ..Breakpoint::new(on, state)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::Definition;

    #[test]
    fn what_is_kept_comes_back() {
        let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "OutputPath": "$.a", "End": true}}}"#;
        let machine = Definition::read("x", text).machine.expect("a machine");
        let break_ = |text: &str| Breakpoint::parse(text, None, &machine).expect(text);
        let all = [
            break_("A"),
            break_("A at exit in 2 after 3 if $.a > 1 log now {$.a}"),
            break_("A at OutputPath"),
            Breakpoint::parse_catch("caught A", &machine).expect("catch"),
            Breakpoint::parse_catch("timeout", &machine).expect("catch"),
            Breakpoint { disabled: true, ..Breakpoint::parse_change("$.a").expect("watchpoint") },
        ];
        let set: Breakpoints = all.into_iter().collect();
        let session = Session { breakpoints: set.iter().filter_map(keep).collect(), ..Session::default() };
        assert_eq!(kept_breakpoints(&session), set);
        assert_eq!(keep(&break_("A once")), None);
        let gone =
            KeptBreakpoint { condition: Some("$.a >".into()), state: vec!["A".into()], ..KeptBreakpoint::default() };
        assert!(kept_breakpoints(&Session { breakpoints: vec![gone], ..Session::default() }).is_empty());
    }
}
