//! Accounts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Rest, SubscriberId};

/// An account, which everything else belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subscriber {
    /// Never changed.
    pub id: SubscriberId,
    /// For people.
    #[serde(default)]
    pub name: String,
    /// What it may do, by the platform's words.
    #[serde(default)]
    pub capabilities: BTreeMap<String, bool>,
    /// What else is known.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Subscriber {
    /// An account that may do what this server can: workflows.
    pub fn new(id: impl Into<SubscriberId>) -> Self {
        Self {
            id: id.into(),
            name: String::new(),
            capabilities: BTreeMap::from([("workflow_sdk".into(), true)]),
            rest: Rest::new(),
        }
    }
}
