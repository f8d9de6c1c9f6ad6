//! What people and hardware do to devices.

use relay_protocol::session::Timestamp;

use crate::action::{Action, Observation, Perception};
use crate::directory::Device;
use crate::engine::Engine;
use crate::error::{DeviceError, DirectoryError};
use crate::key::{DeviceKey, LegKey};

impl Engine {
    /// The device is reachable from now on, or not any more. Its interactions are resumed or suspended accordingly.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has changed.
    pub fn set_online(&mut self, now: Timestamp, device: DeviceKey, online: bool) -> Result<(), DeviceError> {
        self.device_mut(device)?.info.online = online;
        self.settle_device(now, device);
        Ok(())
    }

    /// Gives the device another name. URNs with the old one stay good in the runs that were told them.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] if the name is empty or taken, or there is no such device.
    pub fn rename_device(&mut self, device: DeviceKey, name: &str) -> Result<(), DirectoryError> {
        self.directory.rename_device(device, name)
    }

    /// Removes a device; its interactions end.
    pub fn remove_device(&mut self, now: Timestamp, key: DeviceKey) {
        let Some(device) = self.directory.device(key) else { return };
        let legs: alloc::vec::Vec<LegKey> = device.channels.stack().to_vec();
        for leg in legs {
            self.close_leg(now, leg);
        }
        self.directory.remove_device(key);
    }

    pub(crate) fn device_mut(&mut self, key: DeviceKey) -> Result<&mut Device, DeviceError> {
        self.directory.device_mut(key).ok_or(DeviceError::Unknown)
    }

    /// The device, if the person can do something with it.
    pub(crate) fn reachable(&self, key: DeviceKey) -> Result<&Device, DeviceError> {
        let device = self.directory.device(key).ok_or(DeviceError::Unknown)?;
        match device.info.online {
            true => Ok(device),
            false => Err(DeviceError::Offline),
        }
    }

    pub(crate) fn perceive(&mut self, device: DeviceKey, what: Perception) {
        self.actions.push_back(Action::Observed(Observation::Device { device, what }));
    }
}
