//! Devices and groups, found by key, name or id.

mod device;
mod group;
mod index;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};

use relay_protocol::urn::{DeviceUrn, ResourceId};
use slotmap::SlotMap;

pub use device::{Device, DeviceInfo, Location};
pub use group::Group;
use index::Index;
pub(crate) use index::fold;

use crate::error::{DirectoryError, Resource};
use crate::key::{DeviceKey, GroupKey};

/// Everything on the account that workflows can name.
///
/// Names are matched without regard to case and given back as they were written; ids are matched exactly.
#[derive(Debug, Default)]
pub struct Directory {
    devices: SlotMap<DeviceKey, Device>,
    groups: SlotMap<GroupKey, Group>,
    /// Who uses which device.
    users: BTreeMap<String, DeviceKey>,
    device_index: Index<DeviceKey>,
    group_index: Index<GroupKey>,
}

impl Directory {
    // Getters.

    /// A device.
    pub fn device(&self, key: DeviceKey) -> Option<&Device> {
        self.devices.get(key)
    }

    /// The device of this name.
    pub fn device_named(&self, name: &str) -> Option<DeviceKey> {
        self.device_index.named(name)
    }

    /// The device with this id.
    pub fn device_with_id(&self, id: &str) -> Option<DeviceKey> {
        self.device_index.with_id(id)
    }

    /// The device that a URN names.
    pub fn device_of(&self, urn: &DeviceUrn) -> Option<DeviceKey> {
        self.device_index.get(&urn.id()?)
    }

    /// The device that this person uses.
    pub fn device_used_by(&self, user: &str) -> Option<DeviceKey> {
        self.users.get(&fold(user)).copied()
    }

    /// All devices.
    pub fn devices(&self) -> impl Iterator<Item = (DeviceKey, &Device)> {
        self.devices.iter()
    }

    /// A group.
    pub fn group(&self, key: GroupKey) -> Option<&Group> {
        self.groups.get(key)
    }

    /// The group of this name.
    pub fn group_named(&self, name: &str) -> Option<GroupKey> {
        self.group_index.named(name)
    }

    /// The group with this id.
    pub fn group_with_id(&self, id: &str) -> Option<GroupKey> {
        self.group_index.with_id(id)
    }

    /// All groups.
    pub fn groups(&self) -> impl Iterator<Item = (GroupKey, &Group)> {
        self.groups.iter()
    }

    pub(crate) fn group_by(&self, id: &ResourceId<'_>) -> Option<GroupKey> {
        self.group_index.get(id)
    }

    pub(crate) fn devices_mut(&mut self) -> impl Iterator<Item = &mut Device> {
        self.devices.values_mut()
    }

    pub(crate) fn device_mut(&mut self, key: DeviceKey) -> Option<&mut Device> {
        self.devices.get_mut(key)
    }

    // Changes. Whatever touches a running workflow goes through the engine.

    pub(crate) fn add_device(&mut self, info: DeviceInfo) -> Result<DeviceKey, DirectoryError> {
        self.device_index.free(Resource::Device, &info.name, &info.id)?;
        if let Some(user) = &info.user {
            self.free_user(user)?;
        }
        let key = self.devices.insert(Device::new(info));
        let info = &self.devices[key].info;
        self.device_index.insert(&info.name, &info.id, key);
        self.users.extend(info.user.as_deref().map(|user| (fold(user), key)));
        Ok(key)
    }

    pub(crate) fn rename_device(&mut self, key: DeviceKey, name: &str) -> Result<(), DirectoryError> {
        let Some(device) = self.devices.get_mut(key) else {
            return Err(DirectoryError::Unknown { resource: Resource::Device });
        };
        self.device_index.rename(Resource::Device, &device.info.name, name, key)?;
        device.info.name = name.to_string();
        Ok(())
    }

    /// Makes somebody the user of a device, or nobody.
    pub(crate) fn set_user(&mut self, key: DeviceKey, user: Option<String>) -> Result<(), DirectoryError> {
        if let Some(user) = user.as_deref().filter(|user| self.device_used_by(user) != Some(key)) {
            self.free_user(user)?;
        }
        let Some(device) = self.devices.get_mut(key) else {
            return Err(DirectoryError::Unknown { resource: Resource::Device });
        };
        let before = core::mem::replace(&mut device.info.user, user);
        if let Some(before) = before {
            self.users.remove(&fold(&before));
        }
        self.users.extend(device.info.user.as_deref().map(|user| (fold(user), key)));
        Ok(())
    }

    fn free_user(&self, user: &str) -> Result<(), DirectoryError> {
        match self.device_used_by(user) {
            None => Ok(()),
            Some(_) => Err(DirectoryError::NameTaken { resource: Resource::User, name: user.to_string() }),
        }
    }

    pub(crate) fn remove_device(&mut self, key: DeviceKey) -> Option<Device> {
        let device = self.devices.remove(key)?;
        self.device_index.remove(&device.info.name, &device.info.id);
        if let Some(user) = &device.info.user {
            self.users.remove(&fold(user));
        }
        for group in &device.groups {
            if let Some(group) = self.groups.get_mut(*group) {
                group.members.remove(&key);
            }
        }
        Some(device)
    }

    pub(crate) fn add_group(&mut self, name: String, id: String) -> Result<GroupKey, DirectoryError> {
        self.group_index.free(Resource::Group, &name, &id)?;
        let key = self.groups.insert(Group { name, id, members: BTreeSet::new() });
        let group = &self.groups[key];
        self.group_index.insert(&group.name, &group.id, key);
        Ok(key)
    }

    pub(crate) fn remove_group(&mut self, key: GroupKey) -> Option<Group> {
        let group = self.groups.remove(key)?;
        self.group_index.remove(&group.name, &group.id);
        for member in &group.members {
            if let Some(device) = self.devices.get_mut(*member) {
                device.groups.remove(&key);
            }
        }
        Some(group)
    }

    pub(crate) fn add_member(&mut self, group: GroupKey, device: DeviceKey) -> Result<(), DirectoryError> {
        let (group_key, device_key) = (group, device);
        let unknown = |resource| DirectoryError::Unknown { resource };
        let group = self.groups.get_mut(group).ok_or(unknown(Resource::Group))?;
        let device = self.devices.get_mut(device).ok_or(unknown(Resource::Device))?;
        group.members.insert(device_key);
        device.groups.insert(group_key);
        Ok(())
    }

    pub(crate) fn remove_member(&mut self, group: GroupKey, device: DeviceKey) {
        if let Some(group) = self.groups.get_mut(group) {
            group.members.remove(&device);
        }
        if let Some(device) = self.devices.get_mut(device) {
            device.groups.remove(&group);
        }
    }
}
