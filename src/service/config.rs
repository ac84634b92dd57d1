//! How a service is set up.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::launch::{FullSpeed, Launcher};
use crate::runtime::mock::Mocks;
use crate::runtime::tasks::{Tasks, Unanswered};
use crate::store::{OpenError, StoreError};
use crate::value::Timestamp;

/// Tells the time.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How a service is set up.
#[derive(Clone)]
pub struct ServiceConfig {
    /// The account in ARNs.
    pub account: String,
    /// The region in ARNs.
    pub region: String,
    /// The file of the store; none: in memory.
    pub store: Option<PathBuf>,
    /// The mock file whose test cases answer tasks: those of executions that were started with `#CASE` behind the ARN.
    pub mocks: Option<Arc<Mocks>>,
    /// Whether waits and the delays before retries are skipped.
    pub skip_waits: bool,
    /// Whether Standard executions end at 25,000 events, as on AWS.
    pub history_limit: bool,
    /// Who answers the tasks that neither a test case nor the service itself answers.
    pub tasks: Arc<dyn Tasks>,
    /// Who drives executions: the debugger stands between their steps.
    pub launcher: Arc<dyn Launcher>,
    /// The clock of everything but the executions: what is how old.
    pub now: Now,
}

impl Default for ServiceConfig {
    fn default() -> Self {
        Self {
            account: "123456789012".to_owned(),
            region: "us-east-1".to_owned(),
            store: None,
            mocks: None,
            skip_waits: false,
            history_limit: true,
            tasks: Arc::new(Unanswered),
            launcher: Arc::new(FullSpeed),
            now: Arc::new(wall_clock),
        }
    }
}

fn wall_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Why a service cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Its store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Its store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}
