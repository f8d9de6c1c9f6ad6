//! What outlives the process: one SQLite database.
//!
//! [`Store`] is all that the rest of the server sees: no SQL, no rows, no connections. Its methods lie beside their SQL,
//! below `sqlite/`, a file for each subject. Another database would bring a folder of its own, and has to pass the same
//! tests.
//!
//! Writes go to one thread, which puts all that wait into one transaction and answers when that is on disk. What one
//! write did wrong does not concern its neighbours. Reads have connections of their own and wait for nobody.
//!
//! All methods are safe to cancel: a write that was handed over is made all the same.

mod error;
mod insist;
mod sqlite;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use error::StoreError;
pub(crate) use insist::insist;
use sqlite::Database;

/// Where the database is, and how to open it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StoreOptions {
    /// Its file. SQLite puts two more beside it.
    pub path: PathBuf,
    /// Whether to make it, and its directory, if there is none. Default: true.
    pub create: bool,
    /// Whether to be the one server of this database. Tools such as the token commands are not. Default: true.
    pub serve: bool,
    /// How many bytes it may grow to. What does not fit is refused with [`StoreError::Full`]. Default: no limit.
    pub max_bytes: Option<u64>,
    /// How long to wait for other programs that write, such as the token commands. Default: 5 seconds.
    pub patience: Duration,
}

impl StoreOptions {
    /// For a server with its database in this file.
    pub fn new(path: impl AsRef<Path>) -> Self {
        let patience = Duration::from_secs(5);
        Self { path: path.as_ref().into(), create: true, serve: true, max_bytes: None, patience }
    }
}

/// The database. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
}

/// Sizes and counts, for those who run the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct StoreMetrics {
    /// The bytes of the database.
    pub bytes: u64,
    /// The writes that were made since the start.
    pub writes: u64,
    /// The transactions that they were made in.
    pub commits: u64,
    /// The writes that wait.
    pub waiting: u64,
}
