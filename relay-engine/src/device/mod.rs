//! What people and hardware do to devices.

mod info;
mod power;

use alloc::string::String;
use alloc::vec::Vec;

use relay_protocol::session::Timestamp;
use relay_protocol::types::DeviceType;

use crate::action::{Action, Change, Observation, Perception};
use crate::directory::{Device, Location};
use crate::engine::Engine;
use crate::error::{DeviceError, DirectoryError};
use crate::key::{DeviceKey, LegKey};
use crate::speech::Cut;

impl Engine {
    /// The device is reachable from now on, or not any more. Its interactions are resumed or suspended accordingly.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has changed.
    pub fn set_online(&mut self, now: Timestamp, device: DeviceKey, online: bool) -> Result<(), DeviceError> {
        let entry = self.device_mut(device)?;
        entry.info.online = online;
        if let Some(restarts) = entry.restarts.take() {
            self.deadlines.cancel(restarts);
        }
        if !online {
            self.lose_call(now, device);
            self.lose_sounds(now, device);
        }
        self.settle_device(now, device);
        Ok(())
    }

    /// The battery is at this level, in percent, and is being charged or not.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has changed.
    pub fn set_battery(
        &mut self,
        now: Timestamp,
        device: DeviceKey,
        battery: u8,
        charging: bool,
    ) -> Result<(), DeviceError> {
        let info = &mut self.device_mut(device)?.info;
        let before = core::mem::replace(&mut info.battery, battery.min(100));
        info.charging = charging;
        self.battery_moved(now, device, before);
        Ok(())
    }

    /// The person sets the volume, in percent.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has changed.
    pub fn set_volume(&mut self, device: DeviceKey, volume: u8) -> Result<(), DeviceError> {
        self.device_mut(device)?.info.volume = volume.min(100);
        Ok(())
    }

    /// The person wants to be left alone from now on, or not any more.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has changed.
    pub fn set_do_not_disturb(&mut self, device: DeviceKey, on: bool) -> Result<(), DeviceError> {
        self.device_mut(device)?.info.do_not_disturb = on;
        Ok(())
    }

    /// The device is somewhere else. What is `None` is not known any more.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has changed.
    pub fn set_location(
        &mut self,
        now: Timestamp,
        device: DeviceKey,
        location: Location,
    ) -> Result<(), DeviceError> {
        self.device_mut(device)?.info.location = location;
        self.moved(now, device);
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

    /// Somebody uses the device from now on, or nobody. Whoever used another one keeps it.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] if they use another device, or there is no such device.
    pub fn set_user(&mut self, device: DeviceKey, user: Option<String>) -> Result<(), DirectoryError> {
        self.directory.set_user(device, user)
    }

    /// The device turns out to be of another model.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has changed.
    pub fn set_kind(&mut self, device: DeviceKey, kind: DeviceType) -> Result<(), DeviceError> {
        self.device_mut(device)?.info.kind = kind;
        Ok(())
    }

    /// The device tells where it is from now on, or not any more.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has changed.
    pub fn set_location_enabled(&mut self, device: DeviceKey, enabled: bool) -> Result<(), DeviceError> {
        self.device_mut(device)?.info.location_enabled = enabled;
        Ok(())
    }

    /// Removes a device; its interactions end.
    pub fn remove_device(&mut self, now: Timestamp, key: DeviceKey) {
        let Some(device) = self.directory.device(key) else { return };
        let legs: Vec<LegKey> = device.channels.stack().to_vec();
        for leg in legs {
            self.close_leg(now, leg);
        }
        self.lose_call(now, key);
        self.lose_recipient(now, key);
        self.cut_off(now, key, Cut::Lost, |_| true);
        let Some(device) = self.directory.remove_device(key) else { return };
        let presses = device.presses.deadlines();
        for deadline in device.channels.falls_back().into_iter().chain(device.restarts).chain(presses) {
            self.deadlines.cancel(deadline);
        }
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

    /// The device, if its buttons do something.
    pub(crate) fn at_hand(&self, key: DeviceKey) -> Result<&Device, DeviceError> {
        let device = self.reachable(key)?;
        match device.info.do_not_disturb {
            true => Err(DeviceError::DoNotDisturb),
            false => Ok(device),
        }
    }

    pub(crate) fn changed(&mut self, change: Change) {
        self.actions.push_back(Action::Observed(Observation::Directory(change)));
    }

    pub(crate) fn perceive(&mut self, device: DeviceKey, what: Perception) {
        self.actions.push_back(Action::Observed(Observation::Device { device, what }));
    }
}
