//! The store in SQLite.

mod analytics;
mod audio;
mod audit;
mod backup;
mod code;
mod migrate;
mod open;
mod page;
mod record;
mod row;
mod schedule;
mod signing;
mod subscriber;
mod token;
mod transcript;
mod trigger;
mod writer;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::SqlitePool;

use self::writer::Writer;
use super::StoreError;

type Result<T> = std::result::Result<T, StoreError>;

/// The connections of a database.
#[derive(Debug, Clone)]
pub(super) struct Database {
    path: Arc<PathBuf>,
    writer: Writer,
    readers: SqlitePool,
    /// Locked while we are the server of this database.
    lock: Option<Arc<File>>,
}
