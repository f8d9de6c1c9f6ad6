//! What is kept as one document each, found by its id.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The kinds of record, by which they are told apart in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// [`Workflow`](super::Workflow)
    Workflow,
    /// [`Device`](super::Device)
    Device,
    /// [`User`](super::User)
    User,
    /// [`Group`](super::Group)
    Group,
    /// [`Venue`](super::Venue), with its positions.
    Venue,
    /// [`Geofence`](super::Geofence)
    Geofence,
    /// [`Tag`](super::Tag)
    Tag,
    /// [`Audio`](super::Audio), without its sound.
    Audio,
}

impl Kind {
    /// In one word, for the store and for messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Device => "device",
            Self::User => "user",
            Self::Group => "group",
            Self::Venue => "venue",
            Self::Geofence => "geofence",
            Self::Tag => "tag",
            Self::Audio => "audio",
        }
    }
}

/// A thing of the registry: one document, in one piece, found by id and perhaps by name.
///
/// The store never looks into documents. What the server does with them it does in memory, in the engine.
pub trait Record: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What it is.
    const KIND: Kind;

    /// Its id, unique among those of its kind and subscriber.
    fn id(&self) -> &str;

    /// Its name, if no other of its kind and subscriber may have the same.
    fn unique_name(&self) -> Option<&str>;
}

macro_rules! records {
    ($($kind:ident: $name:expr;)*) => {$(
        impl Record for super::$kind {
            const KIND: Kind = Kind::$kind;

            fn id(&self) -> &str {
                self.id.as_str()
            }

            fn unique_name(&self) -> Option<&str> {
                let name: fn(&Self) -> Option<&str> = $name;
                name(self)
            }
        }
    )*};
}

records! {
    Workflow: |it| Some(&it.name);
    Device: |it| Some(&it.name);
    User: |_| None;
    Group: |it| Some(&it.name);
    Venue: |_| None;
    Geofence: |_| None;
    Tag: |_| None;
    Audio: |it| Some(&it.name);
}
