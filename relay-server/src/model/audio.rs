//! Uploaded sounds.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{AudioId, Rest};

/// An uploaded sound, without its bytes. Workflows play it as `relay-static://<name>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Audio {
    /// Never changed.
    pub id: AudioId,
    /// Unique in the account.
    pub name: String,
    /// `wave`.
    pub format: String,
    /// How long it plays, in milliseconds; unknown until its file is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_ms: Option<u64>,
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Audio {
    /// How long it plays, once its file is there.
    pub fn length(&self) -> Option<Duration> {
        self.length_ms.map(Duration::from_millis)
    }
}
