//! What can go wrong with a database.

use std::path::PathBuf;

use crate::model::{Kind, TriggerId, UnixMs};

/// Why the store did not do something. Nothing of it was done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such thing.
    #[error("there is no {what} {id:?}")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// Another one has the name already.
    #[error("there is another {} with the name {name:?}", kind.as_str())]
    NameTaken {
        /// The kind of thing.
        kind: Kind,
        /// The name.
        name: String,
    },
    /// There is such a thing already.
    #[error("there is a {what} {id:?} already")]
    Exists {
        /// The kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// An idempotency key was used for another request before.
    #[error("the idempotency key was used for another request before")]
    KeyReused,
    /// The signing secret was replaced so lately that the one before it still signs.
    #[error(
        "the secret was replaced lately, and the one before it signs as well until {until}: wait till then"
    )]
    Replaced {
        /// Until when it signs.
        until: UnixMs,
    },
    /// Somebody else has the trigger by now, or it has ended.
    #[error("trigger {0} is in other hands, or has ended")]
    Fenced(TriggerId),
    /// A cursor that is none of ours.
    #[error("the cursor {0:?} was not made by this list")]
    Cursor(String),
    /// There is no database, and none was to be made.
    #[error("there is no database at {0}; start the server once to make it")]
    Missing(PathBuf),
    /// There is a database, but of another program.
    #[error("{0} is a file of another program, not a database of the Relay server")]
    Foreign(PathBuf),
    /// The database belongs to a newer server.
    #[error(
        "the database was last used by a newer server (schema {found}, this one knows {known}); use that one"
    )]
    Newer {
        /// The version of its schema.
        found: i64,
        /// The newest version that this server knows.
        known: i64,
    },
    /// Another server runs on the database.
    #[error("another server is running on {0}; stop it first, or choose another data directory")]
    InUse(PathBuf),
    /// Another program holds the database for so long that we gave up.
    #[error("the database is locked by another program")]
    Locked,
    /// There is no room.
    #[error("the disk is full, or the database has its greatest size; make room, nothing was changed")]
    Full,
    /// The database cannot be written.
    #[error("the database cannot be written; check the owner and the permissions of its file and directory")]
    ReadOnly,
    /// The disk failed, or a limit was hit that is not its size.
    #[error("the disk failed: {0}; check its health, the quota, and that it was not made read-only")]
    Disk(String),
    /// What stands in the database makes no sense.
    #[error("the database is damaged: {0}; restore a backup")]
    Damaged(String),
    /// The store was closed, or its thread has died.
    #[error("the store is closed")]
    Closed,
    /// A file could not be used.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database says something else.
    #[error("the database failed: {0}")]
    Database(sqlx::Error),
}

impl StoreError {
    /// Whether the same may go well later, when somebody has made room or mended the disk.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Locked
                | Self::Full
                | Self::ReadOnly
                | Self::Disk(_)
                | Self::Damaged(_)
                | Self::File { .. }
                | Self::Database(_)
        )
    }
}
