//! StartSyncExecution: runs an Express execution and answers what became of it.

use std::sync::Arc;

use super::given::Given;
use super::inner::Inner;
use super::parameters::{Answer, Parameters};
use super::runs::ending;
use super::start::{Beginning, unreadable};
use super::{billing, machines};
use crate::api::{Exception, Reply};
use crate::engine::ExecutionType;
use crate::runtime::Start;
use crate::runtime::names::new_seed;
use crate::value::Value;

impl Inner {
    pub(super) async fn start_sync_execution(
        self: &Arc<Self>,
        parameters: Parameters<'_>,
        trace: Option<&Arc<str>>,
    ) -> Reply {
        let beginning = self.beginning(parameters, trace)?;
        if !beginning.target.row.express {
            return Err(machines::type_not_supported());
        }
        self.run_sync(beginning, parameters.wants_data()).await
    }

    /// Nothing of it is stored: what becomes of it only its caller learns.
    async fn run_sync(self: &Arc<Self>, beginning: Beginning, wants_data: bool) -> Reply {
        let row = self.execution_row(&beginning, new_seed());
        let Beginning { target, value, .. } = beginning;
        let about = self.about(&target, true, false);
        let mut execution = self.execution(&row, &target, value).ok_or_else(|| unreadable(&target.row.name))?;
        execution.kind = ExecutionType::ExpressSync;
        let machine_arn = Arc::clone(&execution.names.machine_arn);
        let start = Start::new(execution, row.started, self.clock(row.started), self.tasks_of(&row));
        let launched = self.config.launcher.launch(start, &about);
        // It goes on when the caller does not wait any longer, and as long as somebody holds it.
        let held = launched.control;
        let run = tokio::spawn(async move {
            let end = launched.run.await;
            drop(held);
            end
        });
        let (machine, log) = run.await.map_err(|error| Exception::new("InternalFailure", error.to_string()))?;
        let given = Given::new(machine.execution(), &row);
        let ending = ending(machine.status(), given.as_ref(), &log, machine.now());
        let fault = machine.status().fault();
        let billing = billing::details(&target.revision.row.definition, &machine, &log);
        let included = || Answer::new().with("included", wants_data);
        let answer = Answer::new()
            .with("executionArn", Arc::clone(&row.arn))
            .with("stateMachineArn", machine_arn)
            .with("name", Arc::clone(&row.name))
            .time("startDate", machine.started())
            .time("stopDate", ending.stopped)
            .with("status", Arc::clone(&ending.status))
            .maybe("error", fault.and_then(|fault| fault.error.clone()))
            .maybe("cause", fault.and_then(|fault| fault.cause.clone()))
            .maybe("input", wants_data.then(|| Arc::clone(&row.input)))
            .with("inputDetails", included())
            .maybe("output", ending.output.filter(|_| wants_data))
            .with("outputDetails", included())
            .maybe("traceHeader", row.trace)
            .with("billingDetails", billing);
        Ok(Value::from(answer))
    }
}
