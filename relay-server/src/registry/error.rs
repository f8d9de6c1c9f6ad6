//! Why a change of the registry is refused.

use std::fmt;

use crate::account::AccountGone;
use crate::store::StoreError;

/// Why a change of the registry is refused. Nothing has changed.
#[derive(Debug)]
#[non_exhaustive]
pub enum RegistryError {
    /// It makes no sense.
    Invalid {
        /// For machines.
        code: &'static str,
        /// What is wrong, and what to do.
        message: String,
    },
    /// What it is about does not exist.
    NotFound {
        /// The kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// Something else stands in the way.
    Conflict {
        /// For machines.
        code: &'static str,
        /// What, and what to do.
        message: String,
    },
    /// It could not be stored.
    Store(StoreError),
    /// The server stops.
    Gone,
}

impl RegistryError {
    pub(super) fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { code, message: message.into() }
    }

    pub(super) fn not_found(what: &'static str, id: impl fmt::Display) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }

    pub(super) fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { code, message: message.into() }
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { message, .. } | Self::Conflict { message, .. } => f.write_str(message),
            Self::NotFound { what, id } => write!(f, "there is no {what} {id}"),
            Self::Store(error) => error.fmt(f),
            Self::Gone => f.write_str("the server is stopping"),
        }
    }
}

impl std::error::Error for RegistryError {}

impl From<StoreError> for RegistryError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { what, id } => Self::NotFound { what, id },
            StoreError::NameTaken { .. } => Self::Conflict { code: "name_taken", message: error.to_string() },
            StoreError::Exists { .. } => Self::Conflict { code: "exists", message: error.to_string() },
            other => Self::Store(other),
        }
    }
}

impl From<AccountGone> for RegistryError {
    fn from(_: AccountGone) -> Self {
        Self::Gone
    }
}
