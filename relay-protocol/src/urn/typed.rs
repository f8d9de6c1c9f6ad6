//! URNs whose kind the compiler knows.

use core::fmt;
use core::ops::Deref;
use core::str::FromStr;

use super::{Urn, UrnError, UrnKind};

/// A newtype over `Urn` that holds one kind only, with the conversions from and to it.
macro_rules! typed_urn {
    ($(#[$doc:meta])* $name:ident, $kind:expr) => {
        $(#[$doc])*
        ///
        /// Dereferences to [`Urn`], for its accessors.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Urn);

        impl TryFrom<Urn> for $name {
            type Error = UrnError;

            fn try_from(urn: Urn) -> Result<Self, UrnError> {
                match urn.kind() {
                    kind if kind == $kind => Ok(Self(urn)),
                    _ => Err(UrnError::WrongKind { found: urn, wanted: $kind }),
                }
            }
        }

        impl FromStr for $name {
            type Err = UrnError;

            fn from_str(text: &str) -> Result<Self, UrnError> {
                Urn::parse(text)?.try_into()
            }
        }

        impl From<$name> for Urn {
            fn from(typed: $name) -> Self {
                typed.0
            }
        }

        impl From<&$name> for Urn {
            fn from(typed: &$name) -> Self {
                typed.0.clone()
            }
        }

        impl Deref for $name {
            type Target = Urn;

            fn deref(&self) -> &Urn {
                &self.0
            }
        }

        impl AsRef<Urn> for $name {
            fn as_ref(&self) -> &Urn {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

typed_urn! {
    /// The URN of one device.
    DeviceUrn, UrnKind::Device
}

typed_urn! {
    /// The URN of a group of devices.
    GroupUrn, UrnKind::Group
}

typed_urn! {
    /// The URN of a device as a member of a group, which is what a membership query asks about. Its id is the
    /// group's.
    GroupMemberUrn, UrnKind::GroupMember
}

typed_urn! {
    /// The URN of an interaction: on every device in it, or on the devices that it names.
    InteractionUrn, UrnKind::Interaction
}

impl DeviceUrn {
    /// The device with this display name.
    ///
    /// # Errors
    ///
    /// [`UrnError::Empty`] if the name is empty.
    pub fn name(name: impl AsRef<str>) -> Result<Self, UrnError> {
        Urn::build(UrnKind::Device, "name", "device", name.as_ref()).map(Self)
    }

    /// The device with this id: its IMEI, or a user id.
    ///
    /// # Errors
    ///
    /// [`UrnError::Empty`] if the id is empty.
    pub fn id(id: impl AsRef<str>) -> Result<Self, UrnError> {
        Urn::build(UrnKind::Device, "id", "device", id.as_ref()).map(Self)
    }
}

impl GroupUrn {
    /// The group with this name.
    ///
    /// # Errors
    ///
    /// [`UrnError::Empty`] if the name is empty.
    pub fn name(name: impl AsRef<str>) -> Result<Self, UrnError> {
        Urn::build(UrnKind::Group, "name", "group", name.as_ref()).map(Self)
    }

    /// The group with this id.
    ///
    /// # Errors
    ///
    /// [`UrnError::Empty`] if the id is empty.
    pub fn id(id: impl AsRef<str>) -> Result<Self, UrnError> {
        Urn::build(UrnKind::Group, "id", "group", id.as_ref()).map(Self)
    }

    /// The device as a member of this group.
    pub fn member(&self, device: &DeviceUrn) -> GroupMemberUrn {
        GroupMemberUrn(self.with_param(UrnKind::GroupMember, "device", device.as_str()))
    }
}

impl InteractionUrn {
    /// The interaction with this name, on every device in it.
    ///
    /// # Errors
    ///
    /// [`UrnError::Empty`] if the name is empty.
    pub fn name(name: impl AsRef<str>) -> Result<Self, UrnError> {
        Urn::build(UrnKind::Interaction, "name", "interaction", name.as_ref()).map(Self)
    }

    /// This interaction on the device, besides those it names already.
    pub fn on(&self, device: &DeviceUrn) -> Self {
        Self(self.with_param(UrnKind::Interaction, "device", device.as_str()))
    }

    /// The devices whose interaction is in this state: `started`, `resumed`, `suspended`, `ended` or `failed`.
    ///
    /// The result stands for devices, no longer for an interaction, hence its type.
    ///
    /// # Errors
    ///
    /// [`UrnError::Empty`] if the status is empty.
    pub fn with_status(&self, status: impl AsRef<str>) -> Result<Urn, UrnError> {
        match status.as_ref() {
            "" => Err(UrnError::Empty { resource: "interaction", part: "status" }),
            status => Ok(self.with_param(UrnKind::InteractionWithStatus, "status", status)),
        }
    }
}
