//! A group of devices.

use alloc::collections::BTreeSet;
use alloc::string::String;

use crate::key::DeviceKey;

/// A group of devices, which is also a channel that they talk on.
#[derive(Debug)]
pub struct Group {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) members: BTreeSet<DeviceKey>,
}

impl Group {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id, which never changes.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its members.
    pub fn members(&self) -> impl ExactSizeIterator<Item = DeviceKey> {
        self.members.iter().copied()
    }

    /// Whether the device is one of them.
    pub fn contains(&self, device: DeviceKey) -> bool {
        self.members.contains(&device)
    }
}
