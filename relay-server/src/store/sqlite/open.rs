//! Opening and closing.

use std::fs::{File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};

use super::migrate::migrate;
use super::writer::Writer;
use super::{Database, Result};
use crate::store::{Store, StoreError, StoreMetrics, StoreOptions};

/// Marks a file as ours: "Rlay" in ASCII.
const APPLICATION: i64 = 0x526c_6179;
/// Connections that read.
const READERS: u32 = 4;

impl Store {
    /// Opens the database, makes it if need be, and brings its schema up to date.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: there is no database, or one that is foreign, newer, in use, locked, damaged or not writable.
    pub async fn open(options: StoreOptions) -> Result<Self> {
        let path = options.path;
        let lock = prepare(&path, options.create, options.serve)?;
        let connect = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(options.create)
            .foreign_keys(true)
            .busy_timeout(options.patience);
        let writing = connect
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .statement_cache_capacity(200);
        // Asked before anything is written: the file may be somebody else's.
        let is_new = identify(&path, &connect).await?;
        let mut connection = SqliteConnection::connect_with(&writing).await?;
        if is_new {
            mark(&mut connection).await?;
        }
        migrate(&mut connection).await?;
        // Not even its name may be lost.
        sync_directory(&path).map_err(|source| file(&path, source))?;
        if let Some(bytes) = options.max_bytes {
            limit(&mut connection, bytes).await?;
        }
        let writer = Writer::start(connection).map_err(|source| file(&path, source))?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .connect_with(connect.create_if_missing(false).pragma("query_only", "ON"))
            .await?;
        let database = Database { path: Arc::new(path), writer, readers, lock: lock.map(Arc::new) };
        Ok(Self { database })
    }

    /// Commits what waits and closes the database. Everything after it is refused with [`StoreError::Closed`].
    pub async fn close(&self) {
        self.database.readers.close().await;
        self.database.writer.close().await;
        if let Some(lock) = &self.database.lock {
            let _ = lock.unlock(); // else the last clone does it
        }
    }

    /// Whether the database can be read and written: it does both.
    ///
    /// # Errors
    ///
    /// Why not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.database.readers).await?;
        // Nothing new, and yet a page that has to reach the disk.
        let write = async |tx: &mut SqliteConnection| {
            sqlx::query("PRAGMA user_version = 0").execute(tx).await?;
            Ok(())
        };
        self.database.writer.write(write).await
    }

    /// Sizes and counts.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn metrics(&self) -> Result<StoreMetrics> {
        let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let bytes: i64 = sqlx::query_scalar(sql).fetch_one(&self.database.readers).await?;
        let (writes, commits, waiting) = self.database.writer.counts();
        Ok(StoreMetrics { bytes: bytes.unsigned_abs(), writes, commits, waiting })
    }
}

/// Makes the directory, and sees to it that we are the only server.
fn prepare(path: &Path, create: bool, serve: bool) -> Result<Option<File>> {
    if !create && !path.exists() {
        return Err(StoreError::Missing(path.into()));
    }
    if let Some(directory) = path.parent()
        && create
        && !directory.as_os_str().is_empty()
    {
        let mut private = std::fs::DirBuilder::new();
        private.recursive(true).mode(0o700);
        private.create(directory).map_err(|source| file(directory, source))?;
    }
    if create && !path.exists() {
        // SQLite would make it for everybody to read. The files that it puts beside it are as private as this one.
        private(path)?;
    }
    if !serve {
        return Ok(None);
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let lock = private(&name)?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.into())),
        Err(TryLockError::Error(source)) => Err(file(&name, source)),
    }
}

/// Opens a file that, if it was not there, nobody else may read.
pub(super) fn private(path: &Path) -> Result<File> {
    let opened = File::options().create(true).truncate(false).write(true).mode(0o600).open(path);
    opened.map_err(|source| file(path, source))
}

/// Refuses files of other programs, and says whether there is nothing in it yet.
async fn identify(path: &Path, options: &SqliteConnectOptions) -> Result<bool> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    let sql = "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id";
    let (application, tables): (i64, i64) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
    connection.close().await?;
    match (application, tables) {
        (APPLICATION, _) => Ok(false),
        (0, 0) => Ok(true),
        _ => Err(StoreError::Foreign(path.into())),
    }
}

async fn mark(connection: &mut SqliteConnection) -> Result<()> {
    // A constant as text, since a pragma takes no parameters.
    debug_assert_eq!(APPLICATION, 1_382_834_553);
    sqlx::query("PRAGMA application_id = 1382834553").execute(connection).await?;
    Ok(())
}

async fn limit(connection: &mut SqliteConnection, bytes: u64) -> Result<()> {
    let size: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut *connection).await?;
    let pages = bytes / size.max(1).unsigned_abs();
    let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
    sqlx::query(sql).execute(connection).await?;
    Ok(())
}

/// Makes the names in the directory of a file durable.
pub(super) fn sync_directory(path: &Path) -> std::io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}

pub(super) fn file(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::File { path: path.into(), source }
}
