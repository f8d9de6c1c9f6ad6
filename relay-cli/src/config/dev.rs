//! The file in which a running `relay dev` says where it is.

use serde::Deserialize;

use super::{Paths, files};
use crate::error::Result;

/// A running `relay dev`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Dev {
    /// The REST API.
    pub(crate) host: String,
    /// For the REST API. It is good for this run only.
    pub(crate) token: String,
    /// The account.
    pub(crate) subscriber_id: String,
    /// The development authority that signed the server's certificate, if it has one.
    #[serde(default)]
    pub(crate) ca: Option<String>,
}

impl Dev {
    /// What the file says, if there is one. It may have been left behind by a process that was killed.
    pub(crate) fn read(paths: &Paths) -> Result<Option<Self>> {
        // A damaged file was not written by a process that runs.
        Ok(files::read(&paths.dev())?.and_then(|text| serde_json::from_str(&text).ok()))
    }
}
