//! NFC tags.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Rest, TagId};

/// What a sticker says, and which sticker says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    /// Never changed.
    pub id: TagId,
    /// The serial number of the sticker in hex; empty while there is none.
    #[serde(default)]
    pub uid: String,
    /// How often it was read.
    #[serde(default)]
    pub counter: u64,
    /// What triggers are matched with: `type`, `category`, `label` and anything else.
    #[serde(default)]
    pub content: BTreeMap<String, String>,
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}
