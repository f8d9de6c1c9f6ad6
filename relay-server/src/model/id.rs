//! Names of things. Each kind has its own type, so that one is not taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::{NoContext, Timestamp, Uuid};

use super::UnixMs;

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// As it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: Into<String>> From<T> for $name {
            fn from(id: T) -> Self {
                Self(id.into())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    )*};
}

ids! {
    /// An account. Everything else but tokens belongs to one. A UUID on the real platform; any text here.
    SubscriberId;
    /// A registration: `wf_` and the name reduced to letters and digits, `_`, something random.
    WorkflowId;
    /// A device: 15 digits for hardware, `VIRT` and more for an app.
    DeviceId;
    /// A person: begins with `USER` on the real platform.
    UserId;
    /// A group of devices, which is also a tag of people in install rules.
    GroupId;
    /// A building.
    VenueId;
    /// A place in a building.
    PositionId;
    /// A circle on the map.
    GeofenceId;
    /// An NFC tag.
    TagId;
    /// An uploaded sound.
    AudioId;
    /// An API token. Not the secret.
    TokenId;
    /// A trigger and the instance that it starts, which are one: `wfi_` and 32 hex digits. The same over all attempts.
    TriggerId;
    /// A record of the analytics.
    EventId;
    /// An entry of the audit.
    AuditId;
    /// A process that runs triggers. The same before and after a restart.
    NodeId;
}

impl TriggerId {
    /// A new id. Later ones sort after earlier ones, to the millisecond.
    pub fn generate(now: UnixMs) -> Self {
        Self(format!("wfi_{}", v7(now)))
    }
}

impl EventId {
    /// A new id. Later ones sort after earlier ones, to the millisecond.
    pub fn generate(now: UnixMs) -> Self {
        Self(format!("ev_{}", v7(now)))
    }
}

impl AuditId {
    /// A new id. Later ones sort after earlier ones, to the millisecond.
    pub fn generate(now: UnixMs) -> Self {
        Self(format!("aud_{}", v7(now)))
    }
}

impl WorkflowId {
    /// A new id for a workflow of this name, as the real platform makes them.
    pub fn generate(name: &str) -> Self {
        let slug: String = name.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
        let random: String = std::iter::repeat_with(fastrand::alphanumeric).take(22).collect();
        Self(format!("wf_{}_{random}", slug.to_ascii_lowercase()))
    }
}

fn v7(now: UnixMs) -> uuid::fmt::Simple {
    let millis = now.get().max(0).unsigned_abs();
    let nanos = u32::try_from(millis % 1000).unwrap_or(0) * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(NoContext, millis / 1000, nanos)).simple()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_triggers_sort_by_time() {
        let earlier = TriggerId::generate(UnixMs::new(1_800_000_000_000));
        let later = TriggerId::generate(UnixMs::new(1_800_000_000_001));
        assert!(earlier < later, "{earlier} {later}");
        assert_eq!(earlier.as_str().len(), 36);
    }

    #[test]
    fn the_id_of_a_workflow_shows_its_name() {
        let id = WorkflowId::generate("Lobby bell!");
        assert!(id.as_str().starts_with("wf_lobbybell_"), "{id}");
        assert_eq!(id.as_str().len(), "wf_lobbybell_".len() + 22);
    }
}
