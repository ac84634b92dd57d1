//! A mock file answers the tasks of executions.

use std::sync::{Arc, PoisonError, RwLock};

use super::{CASE_GONE, MockFile, NoSuchCase};
use crate::runtime::tasks::{Answer, Coming, MapCall, TaskCall, TaskResult, Tasks};
use crate::text::Diagnostic;

/// A mock file that can be replaced while executions use it.
#[derive(Debug)]
pub struct Mocks {
    // Held for as long as it takes to copy or to swap the pointer, so nobody waits.
    file: RwLock<Arc<MockFile>>,
}

impl Mocks {
    /// Shares `file`.
    #[must_use]
    pub fn new(file: MockFile) -> Arc<Self> {
        Arc::new(Self { file: RwLock::new(Arc::new(file)) })
    }

    /// The file as it is now.
    #[must_use]
    pub fn current(&self) -> Arc<MockFile> {
        Arc::clone(&self.file.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Uses `file` from the next invocation on.
    pub fn replace(&self, file: MockFile) {
        *self.file.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(file);
    }

    /// Reads `text` as the new content of the file and uses it from the next invocation on.
    ///
    /// # Errors
    /// What is wrong with it; the old content stays in use.
    pub fn reload(&self, text: &str) -> Result<(), Vec<Diagnostic>> {
        let name = self.current().name.clone();
        self.replace(MockFile::read(&name, text)?);
        Ok(())
    }
}

/// Answers tasks by a test case of a mock file, and leaves the states that the case does not list to somebody else.
pub struct MockTasks {
    mocks: Arc<Mocks>,
    machine: Arc<str>,
    case: Arc<str>,
    fallback: Arc<dyn Tasks>,
}

impl MockTasks {
    /// Answers by test case `case` of state machine `machine`; `fallback` answers the states it does not list.
    ///
    /// # Errors
    /// If there is no such case.
    pub fn new(mocks: Arc<Mocks>, machine: &str, case: &str, fallback: Arc<dyn Tasks>) -> Result<Self, NoSuchCase> {
        mocks.current().case(machine, case)?;
        Ok(Self { mocks, machine: machine.into(), case: case.into(), fallback })
    }
}

impl Tasks for MockTasks {
    fn invoke(&self, call: &TaskCall) -> Answer {
        let file = self.mocks.current();
        match file.case(&self.machine, &self.case) {
            Ok(case) => {
                let answer = case.answer(&call.state().name, call.number);
                answer.unwrap_or_else(|| self.fallback.invoke(call))
            }
            // The file was replaced by one without the case.
            Err(gone) => Answer::Now(TaskResult::failed(CASE_GONE, &gone.to_string())),
        }
    }

    fn cancel(&self, call: &TaskCall) {
        // Which file answered it may be gone by now; whoever does not know the call has nothing to cancel.
        self.fallback.cancel(call);
    }

    fn map_part(&self, call: MapCall) -> Coming {
        self.fallback.map_part(call)
    }
}
