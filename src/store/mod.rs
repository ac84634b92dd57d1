//! What the service keeps: state machines, activities, executions and their histories, in one SQLite database.
//!
//! One thread writes, many calls at a time in one transaction; whoever must acknowledge something waits for its commit.
//! The write-ahead log is not synced at each commit: what was committed survives a killed process, and a crash of the
//! whole computer costs at most the last moments, never the database.

mod catalogue;
mod executions;
mod lock;
mod lookups;
mod packed;
mod rows;
mod schema;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use rusqlite::Connection;

pub use catalogue::Catalogue;
pub use executions::{Chunk, Finished, Inserted, Leftover, RedriveRow};
pub use lock::owner;
pub use lookups::Filter;
pub use rows::{
    ActivityRow, AliasRow, Ending, ExecutionRow, MachineRow, MapRunRow, Publication, RevisionRow, TagRow, VersionRow,
};
pub use writer::Written;

use writer::Writer;

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the store is in use by another process{}", .url.as_ref().map(|url| format!(", which serves {url}")).unwrap_or_default())]
    InUse {
        /// Where that process serves, as far as it said.
        url: Option<String>,
    },
    /// Its files cannot be made or locked.
    #[error("{}: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no database, or a damaged one.
    #[error("not a store of asldb: {0}")]
    Database(#[from] rusqlite::Error),
    /// A later release wrote it.
    #[error(
        "the store has format {found}, and this release of asldb reads up to {known}; use the release that wrote it"
    )]
    Newer {
        /// The format of the store.
        found: i64,
        /// The newest format this release knows.
        known: i64,
    },
}

/// Why something could not be read or written.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the store failed: {0}")]
pub struct StoreError(pub Arc<str>);

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string().into())
    }
}

/// The store of a service. Dropping it writes what is queued and closes it.
pub struct Store {
    writer: Writer,
    reader: Arc<Mutex<Connection>>,
    lock: Option<lock::Lock>,
    /// Dropped after the others: a store that is no longer alive can be opened by others.
    alive: Arc<()>,
}

impl Store {
    /// Opens the store in `file`, which is made if it does not exist; none: a store in memory that ends with the process.
    ///
    /// # Errors
    /// Another process uses it, or it cannot be opened.
    pub fn open(file: Option<&Path>) -> Result<Self, OpenError> {
        let Some(file) = file else {
            let connection = Connection::open_in_memory()?;
            schema::prepare(&connection)?;
            let shared = Arc::new(Mutex::new(connection));
            return Ok(Self {
                writer: Writer::start(Arc::clone(&shared))?,
                reader: shared,
                lock: None,
                alive: Arc::default(),
            });
        };
        let lock = lock::Lock::take(file)?;
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        schema::prepare(&connection)?;
        let reader = Connection::open(file)?;
        Ok(Self {
            writer: Writer::start(Arc::new(Mutex::new(connection)))?,
            reader: Arc::new(Mutex::new(reader)),
            lock: Some(lock),
            alive: Arc::default(),
        })
    }

    /// Can be upgraded until the store is closed, which is not before its last holder has dropped all of it.
    #[must_use]
    pub fn alive(&self) -> Weak<()> {
        Arc::downgrade(&self.alive)
    }

    /// Leaves word where this process serves, for those who find the store in use.
    ///
    /// # Errors
    /// The file beside the store cannot be written.
    pub fn announce(&self, url: &str) -> std::io::Result<()> {
        self.lock.as_ref().map_or(Ok(()), |lock| lock.announce(url))
    }

    /// Waits until everything written so far is committed.
    ///
    /// # Errors
    /// It could not be written.
    pub async fn settled(&self) -> Result<(), StoreError> {
        if self.writer.is_idle() { Ok(()) } else { self.write(|_| Ok(())).committed().await }
    }

    /// Queues `job` for the next transaction.
    fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Written<T> {
        self.writer.write(job)
    }

    /// Reads off the async threads.
    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let reader = Arc::clone(&self.reader);
        let read = move || query(&reader.lock().unwrap_or_else(PoisonError::into_inner));
        match tokio::task::spawn_blocking(read).await {
            Ok(found) => Ok(found?),
            Err(error) => Err(StoreError(error.to_string().into())),
        }
    }

    /// Reads at once: for the time before anything is served.
    fn read_now<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        Ok(query(&self.reader.lock().unwrap_or_else(PoisonError::into_inner))?)
    }
}
