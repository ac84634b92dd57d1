//! Whoever drives the executions can stand between their steps.

use std::sync::{Arc, Mutex};

use asldb::engine::{Log, Machine, Step};
use asldb::runtime::{Gate, Handle, Order, Start, Verdict};
use asldb::service::{About, Launched, Launcher, ServiceConfig};

use crate::support::{object, text, with};

/// Stops each execution after its first step, until it is told to go on.
struct Halt;

impl Gate for Halt {
    type Command = ();

    fn wants_steps(&self) -> bool {
        true
    }

    fn after(&mut self, step: &Step, _: &Machine, _: &Log) -> Verdict {
        if step.number == 1 { Verdict::Pause } else { Verdict::Unchanged }
    }

    fn command(&mut self, (): (), _: &Machine, _: &Log) -> Verdict {
        Verdict::Run
    }
}

#[derive(Default)]
struct Halting {
    held: Mutex<Vec<(Handle<()>, About)>>,
}

impl Launcher for Halting {
    fn records_stages(&self) -> bool {
        true
    }

    fn launch(&self, start: Start, about: &About) -> Launched {
        let (driver, handle) = start.drive(Halt);
        self.held.lock().expect("no test panics in it").push((handle.clone(), about.clone()));
        Launched::new(driver, handle)
    }
}

#[test]
fn executions_are_held_and_let_go() {
    let launcher = Arc::new(Halting::default());
    let config = ServiceConfig { launcher: launcher.clone(), ..ServiceConfig::default() };
    with(config, |f| async move {
        let standard = f.machine("s", "STANDARD", "A: {Type: Pass, Result: [1], End: true}").await;
        let express = f.machine("e", "EXPRESS", "A: {Type: Pass, End: true}").await;
        let execution = f.start(&standard, "{}").await;
        let sync = {
            let f = f.clone();
            tokio::spawn(
                async move { f.ok("StartSyncExecution", &object(&[("stateMachineArn", express.into())])).await },
            )
        };
        let held = loop {
            let held = launcher.held.lock().expect("no test panics in it").clone();
            if held.len() == 2 && held.iter().all(|(handle, _)| handle.view().paused) {
                break held;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(text(&f.describe(&execution).await, "status"), "RUNNING");
        assert!(!sync.is_finished());
        assert_eq!(held.iter().map(|(_, about)| about.is_sync).collect::<Vec<_>>(), [false, true]);
        for (handle, _) in &held {
            handle.send(Order::Command(()));
        }
        assert_eq!(text(&f.ended(&execution).await, "status"), "SUCCEEDED");
        assert_eq!(text(&sync.await.expect("an answer"), "status"), "SUCCEEDED");
        assert!(!held[0].0.view().log.stages.is_empty(), "stages are recorded");
    });
}
