//! Group commit: one thread writes, and what waits goes into one transaction.
//!
//! A commit costs a sync of the disk, however much is in it. So there is never more than one under way, and what comes
//! meanwhile shares the next. Nothing waits for company: alone, a write is committed at once.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::Result;
use super::code::is_of_transaction;
use crate::store::StoreError;

/// Writes that may wait to be taken up; beyond that their callers wait.
const WAITING: usize = 4096;
/// Writes in one transaction.
const BATCH: usize = 1024;

/// The way to the thread that writes.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
    counts: Arc<Counts>,
    /// Wanted, and done.
    closing: CancellationToken,
    closed: CancellationToken,
}

#[derive(Debug, Default)]
struct Counts {
    writes: AtomicU64,
    commits: AtomicU64,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(connection: SqliteConnection) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let counts = Arc::new(Counts::default());
        // A thread, so that the futures of jobs need not move between threads, which no bound could demand of them.
        // Without drivers: it only waits for other threads, and without a socket or a timer that is cheap.
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let (closing, closed) = (CancellationToken::new(), CancellationToken::new());
        let (closing_too, counts_too) = (closing.clone(), Arc::clone(&counts));
        let done = closed.clone().drop_guard(); // also if the thread should panic
        std::thread::Builder::new().name("store-writer".into()).spawn(move || {
            runtime.block_on(run(connection, waiting, counts_too, closing_too));
            drop(done);
        })?;
        Ok(Self { jobs, counts, closing, closed })
    }

    /// Commits what waits, refuses what comes, and closes the connection.
    pub(super) async fn close(&self) {
        self.closing.cancel();
        self.closed.cancelled().await;
    }

    /// Does this in a transaction, and answers when it is on disk. If it fails, nothing of it was done.
    ///
    /// It is done again, from the beginning, if another one failed that was in the same transaction.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFn(&mut SqliteConnection) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (done, result) = oneshot::channel();
        let job = Box::new(Write { work, done, result: None });
        self.jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        result.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Writes, commits, and what waits.
    pub(super) fn counts(&self) -> (u64, u64, u64) {
        let waiting = self.jobs.max_capacity() - self.jobs.capacity();
        let counted = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (counted(&self.counts.writes), counted(&self.counts.commits), waiting as u64)
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("counts", &self.counts).finish_non_exhaustive()
    }
}

/// A write, without its types.
trait Job: Send {
    /// Does it, and says whether it is to be kept. An error concerns the whole transaction.
    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> Run<'a>;

    /// Answers.
    fn answer(self: Box<Self>, committed: Result<()>);
}

type Run<'a> = Pin<Box<dyn Future<Output = Result<bool>> + 'a>>;

struct Write<F, T> {
    work: F,
    done: oneshot::Sender<Result<T>>,
    result: Option<Result<T>>,
}

impl<F, T> Job for Write<F, T>
where
    F: AsyncFn(&mut SqliteConnection) -> Result<T> + Send,
    T: Send,
{
    fn run<'a>(&'a mut self, connection: &'a mut SqliteConnection) -> Run<'a> {
        Box::pin(async move {
            match (self.work)(connection).await {
                Err(error) if is_of_transaction(&error) => Err(error),
                result => Ok(self.result.insert(result).is_ok()),
            }
        })
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let Self { done, result, .. } = *self;
        let result = committed.and_then(|()| result.unwrap_or(Err(StoreError::Closed)));
        let _ = done.send(result); // who asked may be gone
    }
}

async fn run(
    mut connection: SqliteConnection,
    mut waiting: mpsc::Receiver<Box<dyn Job>>,
    counts: Arc<Counts>,
    closing: CancellationToken,
) {
    let mut jobs = Vec::new();
    loop {
        let taken = tokio::select! {
            biased;
            () = closing.cancelled(), if !waiting.is_closed() => {
                waiting.close();
                continue;
            }
            taken = waiting.recv_many(&mut jobs, BATCH) => taken,
        };
        if taken == 0 {
            break;
        }
        counts.writes.fetch_add(jobs.len() as u64, Ordering::Relaxed);
        let mut committed = commit(&mut connection, &mut jobs, &counts).await;
        if committed.is_err() && jobs.len() > 1 {
            // Perhaps one of them was too much; find out which.
            for mut job in jobs.drain(..) {
                let alone = commit(&mut connection, std::slice::from_mut(&mut job), &counts).await;
                job.answer(alone);
            }
            continue;
        }
        for job in jobs.drain(..) {
            job.answer(std::mem::replace(&mut committed, Ok(())));
        }
    }
    let _ = connection.close().await; // everything is committed
}

/// All of them in one transaction, but for what one of them did that failed. An error concerns all.
async fn commit(connection: &mut SqliteConnection, jobs: &mut [Box<dyn Job>], counts: &Counts) -> Result<()> {
    counts.commits.fetch_add(1, Ordering::Relaxed);
    let mut committed = together(connection, jobs).await;
    if let Ok(false) = committed {
        committed = apart(connection, jobs).await.map(|()| true);
    }
    if committed.is_err() {
        // SQLite may have rolled back by itself already.
        let _ = execute(connection, "ROLLBACK").await;
    }
    committed.map(drop)
}

/// Does them one after the other, as long as none fails; else says so, and nothing was done.
async fn together(connection: &mut SqliteConnection, jobs: &mut [Box<dyn Job>]) -> Result<bool> {
    execute(connection, "BEGIN IMMEDIATE").await?;
    for job in jobs {
        if !job.run(connection).await? {
            execute(connection, "ROLLBACK").await?;
            return Ok(false);
        }
    }
    execute(connection, "COMMIT").await?;
    Ok(true)
}

/// Does them so that one which fails can be undone by itself. That is half as fast, since each page that one of them
/// changes is copied before.
async fn apart(connection: &mut SqliteConnection, jobs: &mut [Box<dyn Job>]) -> Result<()> {
    execute(connection, "BEGIN IMMEDIATE").await?;
    for job in jobs {
        execute(connection, "SAVEPOINT job").await?;
        if !job.run(connection).await? {
            execute(connection, "ROLLBACK TO job").await?;
        }
        execute(connection, "RELEASE job").await?;
    }
    execute(connection, "COMMIT").await
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> Result<()> {
    sqlx::query(sql).execute(connection).await?;
    Ok(())
}
