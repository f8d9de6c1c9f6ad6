//! Who uses devices, and how they are put together.

use serde::{Deserialize, Serialize};

use super::{GroupId, Rest, UserId};

/// Somebody who uses devices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Never changed.
    pub id: UserId,
    /// For people.
    pub name: String,
    /// What else is known; told to clients as it is.
    #[serde(flatten)]
    pub rest: Rest,
}

/// Devices that talk together. Install rules name it as a tag of people, with the same id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Never changed.
    pub id: GroupId,
    /// Unique in the account: workflows know groups by it.
    pub name: String,
    /// Ids of devices and users. One that does not exist, or no longer, is no member.
    #[serde(default)]
    pub members: Vec<String>,
    /// What else is known; told to clients as it is.
    #[serde(flatten)]
    pub rest: Rest,
}
