//! The thread that writes: takes what is queued, performs it in one transaction, and only then says so.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::{OpenError, StoreError};

/// The most jobs of one transaction: those who wait for it should not wait long.
const MOST_JOBS: usize = 2000;

/// What is to be done, and then how to say that it is done.
type Job = Box<dyn FnOnce(&Connection) -> rusqlite::Result<Acknowledgement> + Send>;
type Acknowledgement = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Shared {
    queued: AtomicU64,
    done: AtomicU64,
    /// Why nothing can be written any more.
    broken: OnceLock<Arc<str>>,
}

pub(super) struct Writer {
    jobs: Option<Sender<Job>>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// Something that is queued to be written.
#[must_use = "whoever acknowledges it waits for the commit"]
pub struct Written<T> {
    answer: oneshot::Receiver<T>,
    shared: Arc<Shared>,
}

impl<T> Written<T> {
    /// Waits for the commit.
    ///
    /// # Errors
    /// It could not be written; nothing can be any more.
    pub async fn committed(self) -> Result<T, StoreError> {
        self.answer.await.map_err(|_| {
            let why = self.shared.broken.get().cloned();
            StoreError(why.unwrap_or_else(|| "it is closed".into()))
        })
    }

    /// Does not wait: what is written later is committed later.
    pub fn behind(self) {}
}

impl Writer {
    pub(super) fn start(connection: Arc<Mutex<Connection>>) -> Result<Self, OpenError> {
        let (jobs, queue) = mpsc::channel();
        let shared = Arc::new(Shared::default());
        let work = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("asldb-store".to_owned());
        let thread = thread.spawn(move || write_all(&queue, &connection, &work));
        let thread = thread.map_err(|source| OpenError::File { path: "the writing thread".into(), source })?;
        Ok(Self { jobs: Some(jobs), shared, thread: Some(thread) })
    }

    pub(super) fn is_idle(&self) -> bool {
        let done = self.shared.done.load(Ordering::Acquire);
        self.shared.broken.get().is_none() && done == self.shared.queued.load(Ordering::Acquire)
    }

    pub(super) fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Written<T> {
        let (tell, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = job(connection)?;
            Ok(Box::new(move || {
                // Not everybody waits.
                let _ = tell.send(result);
            }))
        });
        self.shared.queued.fetch_add(1, Ordering::AcqRel);
        if let Some(jobs) = &self.jobs {
            // If the thread is gone the job is dropped, and with it the sender of the answer.
            drop(jobs.send(job));
        }
        Written { answer, shared: Arc::clone(&self.shared) }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic in it was told on stderr by the hook.
            drop(thread.join());
        }
    }
}

fn write_all(queue: &Receiver<Job>, connection: &Mutex<Connection>, shared: &Shared) {
    while let Ok(first) = queue.recv() {
        let jobs = std::iter::once(first).chain(queue.try_iter().take(MOST_JOBS - 1));
        let mut count = 0;
        let jobs = jobs.inspect(|_| count += 1);
        let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        match commit(jobs, &mut connection) {
            Ok(acknowledgements) => {
                drop(connection);
                shared.done.fetch_add(count, Ordering::AcqRel);
                acknowledgements.into_iter().for_each(|acknowledge| acknowledge());
            }
            Err(error) => {
                // What callers hold in memory is ahead of the store now: going on would make that worse.
                let _ = shared.broken.set(error.to_string().into());
                return;
            }
        }
    }
}

fn commit(jobs: impl Iterator<Item = Job>, connection: &mut Connection) -> rusqlite::Result<Vec<Acknowledgement>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let acknowledgements = jobs.map(|job| job(&transaction)).collect::<rusqlite::Result<Vec<_>>>()?;
    transaction.commit()?;
    Ok(acknowledgements)
}
