//! What all operations share.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::activities::Queues;
use super::config::{ServiceConfig, ServiceError};
use super::registry::{Registry, Target};
use super::runs::Runs;
use super::tokens::Tokens;
use super::{arn, registry};
use crate::api::Exception;
use crate::runtime::names::new_seed;
use crate::store::{Leftover, Store, StoreError};
use crate::value::Timestamp;

pub(super) struct Inner {
    pub(super) config: ServiceConfig,
    pub(super) store: Arc<Store>,
    pub(super) runs: Runs,
    pub(super) tokens: Tokens,
    pub(super) queues: Queues,
    // Held for the time of a look or a change, and never while something is awaited.
    registry: Mutex<Registry>,
    last_execution: AtomicI64,
    /// Held by whoever redrives an execution.
    pub(super) redriving: tokio::sync::Mutex<()>,
}

/// How long closed task tokens are remembered.
const TOKENS_MILLIS: i64 = 90 * 86_400_000;

impl Inner {
    /// Reads what the store has; also what an earlier process left running.
    pub(super) fn load(config: ServiceConfig, store: Store) -> Result<(Self, Vec<Leftover>), ServiceError> {
        let catalogue = store.catalogue()?;
        let leftovers = store.leftovers()?;
        store.forget_tokens((config.now)().plus_millis(-TOKENS_MILLIS)).behind();
        store.forget_journals((config.now)().plus_millis(-super::redrive::PERIOD_MILLIS)).behind();
        let inner = Self {
            config,
            store: Arc::new(store),
            runs: Runs::default(),
            tokens: Tokens::default(),
            queues: Queues::default(),
            last_execution: AtomicI64::new(catalogue.last_execution),
            registry: Mutex::new(Registry::new(catalogue)),
            redriving: tokio::sync::Mutex::default(),
        };
        Ok((inner, leftovers))
    }

    pub(super) fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.config.now)()
    }

    pub(super) fn next_execution(&self) -> i64 {
        self.next_executions(1)
    }

    /// The first of `count` ids in a row.
    pub(super) fn next_executions(&self, count: i64) -> i64 {
        self.last_execution.fetch_add(count, Ordering::Relaxed) + 1
    }

    /// `arn:aws:states:REGION:ACCOUNT`
    pub(super) fn arn_prefix(&self) -> String {
        format!("arn:aws:states:{}:{}", self.config.region, self.config.account)
    }

    /// The ARN of the state machine `name`.
    pub(super) fn machine_arn(&self, name: &str) -> String {
        format!("{}:stateMachine:{name}", self.arn_prefix())
    }

    /// The ARN of the activity `name`.
    pub(super) fn activity_arn(&self, name: &str) -> String {
        format!("{}:activity:{name}", self.arn_prefix())
    }

    /// Whether an ARN is of this account and region.
    pub(super) fn is_ours(&self, arn: &arn::Arn<'_>) -> bool {
        arn.prefix == self.arn_prefix()
    }

    /// What the ARN of a state machine, a version or an alias leads to.
    ///
    /// # Errors
    /// `InvalidArn`, `StateMachineDoesNotExist`
    pub(super) fn target(&self, text: &str) -> Result<Target, Exception> {
        let arn = arn::Arn::parse(text)?;
        if !matches!(arn.resource, arn::Resource::StateMachine { .. } | arn::Resource::Labelled { .. }) {
            return Err(arn::misplaced(arn.kind()));
        }
        if !self.is_ours(&arn) {
            return Err(registry::does_not_exist(text));
        }
        let draw = |below: u32| u32::try_from(new_seed() % u64::from(below.max(1))).unwrap_or(0);
        self.registry().target(&arn, draw)
    }
}

impl From<StoreError> for Exception {
    fn from(error: StoreError) -> Self {
        Self::new("InternalFailure", error.to_string())
    }
}
