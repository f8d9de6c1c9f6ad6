//! What SQLite's error codes mean to us.

use sqlx::Error;

use crate::store::StoreError;

// https://www.sqlite.org/rescode.html
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READONLY: u32 = 8;
const IOERR: u32 = 10;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANTOPEN: u32 = 14;
const NOTADB: u32 = 26;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let Some(code) = code(&error) else {
            return match error {
                Error::PoolClosed | Error::WorkerCrashed => Self::Closed,
                Error::ColumnDecode { .. } | Error::Decode(_) => Self::Damaged(error.to_string()),
                error => Self::Database(error),
            };
        };
        match code & 0xff {
            FULL => Self::Full,
            IOERR => Self::Disk(error.to_string()),
            READONLY => Self::ReadOnly,
            BUSY | LOCKED => Self::Locked,
            CORRUPT | NOTADB => Self::Damaged(error.to_string()),
            CANTOPEN => Self::ReadOnly,
            _ => Self::Database(error),
        }
    }
}

/// Whether the error concerns the transaction, and with it all others that are in it.
pub(super) fn is_of_transaction(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Full
            | StoreError::ReadOnly
            | StoreError::Locked
            | StoreError::Disk(_)
            | StoreError::Damaged(_)
            | StoreError::Closed
            | StoreError::Database(_)
    )
}

/// The extended result code.
fn code(error: &Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse().ok()
}

/// The error, but for a violated `UNIQUE` or `PRIMARY KEY`, which is this.
pub(super) fn unless_unique(error: Error, taken: impl FnOnce() -> StoreError) -> StoreError {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() => taken(),
        _ => error.into(),
    }
}

/// The error, but for a violated `FOREIGN KEY`, which is this.
pub(super) fn unless_dangling(error: Error, missing: impl FnOnce() -> StoreError) -> StoreError {
    match error.as_database_error() {
        Some(database) if database.is_foreign_key_violation() => missing(),
        _ => error.into(),
    }
}
