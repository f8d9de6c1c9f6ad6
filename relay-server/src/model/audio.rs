//! Uploaded sounds.

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
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}
