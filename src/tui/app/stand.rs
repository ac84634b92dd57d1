//! The run made again up to the moment that is looked at, away from the screen, for what the log does not hold.

use super::{Action, App, Message};
use crate::tui::look::Stood;

impl App {
    /// Makes the run again up to the moment that is looked at, unless that is done or under way.
    pub(super) fn next_stand(&mut self) -> Option<Action> {
        let scene = self.scene.run.as_mut()?;
        let wanted = scene.wanted.clone()?;
        let is_known = scene.stood.as_ref().is_some_and(|stood| stood.of == wanted);
        // One at a time: who holds down the key back wants the last.
        if is_known || scene.asked.is_some() {
            return None;
        }
        scene.asked = Some(wanted.clone());
        let run = scene.run.clone();
        Some(Action::FindOut(Box::new(move || {
            let make = |step: u64| run.stood(&wanted.inside, step).ok();
            let (now, inside) = (wanted.now.and_then(make), wanted.seen.1.and_then(make));
            Message::Stood(Box::new(Stood { of: wanted, now, inside }))
        })))
    }

    /// Takes a run that was made again.
    pub(super) fn stood(&mut self, stood: Box<Stood>) {
        if let Some(scene) = &mut self.scene.run
            && scene.asked.as_ref() == Some(&stood.of)
        {
            scene.asked = None;
            scene.stood = Some(stood);
        }
    }
}
