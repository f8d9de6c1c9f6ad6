//! Why a call of the driver is not carried out.

use alloc::string::String;
use core::fmt;

/// What the directory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// A device.
    Device,
    /// A group.
    Group,
    /// A person, as the user of a device.
    User,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Device => "device",
            Self::Group => "group",
            Self::User => "user",
        })
    }
}

/// Why the directory cannot be changed so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DirectoryError {
    /// A name or an id is empty.
    Empty {
        /// Of what.
        resource: Resource,
    },
    /// Another one has the name, in this or another case.
    NameTaken {
        /// Of what.
        resource: Resource,
        /// The name.
        name: String,
    },
    /// Another one has the id.
    IdTaken {
        /// Of what.
        resource: Resource,
        /// The id.
        id: String,
    },
    /// The key names nothing, or nothing any more.
    Unknown {
        /// What was looked for.
        resource: Resource,
    },
}

impl core::error::Error for DirectoryError {}

impl fmt::Display for DirectoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { resource } => write!(f, "the name or the id of the {resource} is empty"),
            Self::NameTaken { resource, name } => write!(f, "there is a {resource} named {name:?} already"),
            Self::IdTaken { resource, id } => write!(f, "there is a {resource} with the id {id:?} already"),
            Self::Unknown { resource } => write!(f, "there is no such {resource}"),
        }
    }
}

/// Why a person cannot do this with a device now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceError {
    /// The key names no device, or none any more.
    Unknown,
    /// The device cannot be reached.
    Offline,
    /// No interaction of that name is open on it.
    NoInteraction,
    /// It is in a call already.
    InCall,
    /// Too many messages wait on it.
    InboxFull,
    /// There is no such position in a venue.
    NoPlace,
    /// The person wants to be left alone, so the buttons are dead.
    DoNotDisturb,
}

impl core::error::Error for DeviceError {}

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "there is no such device",
            Self::Offline => "the device is offline",
            Self::NoInteraction => "no such interaction is open on the device",
            Self::InCall => "the device is in a call",
            Self::InboxFull => "too many messages wait on the device",
            Self::NoPlace => "there is no such position",
            Self::DoNotDisturb => "the device is in do-not-disturb mode",
        })
    }
}

/// Why something cannot be announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnnounceError {
    /// A key names no device, or none any more.
    UnknownDevice,
    /// So many notifications are not over.
    TooMany {
        /// How many there may be.
        limit: usize,
    },
}

impl core::error::Error for AnnounceError {}

impl fmt::Display for AnnounceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownDevice => f.write_str("there is no such device"),
            Self::TooMany { limit } => write!(f, "{limit} notifications are not over"),
        }
    }
}

/// The key names no workflow, or none any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWorkflow;

impl core::error::Error for UnknownWorkflow {}

impl fmt::Display for UnknownWorkflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such workflow")
    }
}

/// There is no such incident, or it is closed already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownIncident;

impl core::error::Error for UnknownIncident {}

impl fmt::Display for UnknownIncident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such open incident")
    }
}
