//! Requests that no official SDK offers.

use relay_protocol::request::{DevicePowerOff, SetDeviceInfo, SetDeviceMode};
use relay_protocol::types::{DeviceInfoField, DeviceMode};

use super::Device;
use crate::context::Action;

/// Requests that every official SDK carries commented out, with the note that they do not work: from [`Device::danger`].
///
/// Relay knows their names. Whether it does anything, and whether it answers, is not known; a workflow must not count on
/// either.
#[derive(Debug, Clone)]
pub struct Danger(Device);

impl Device {
    /// What official SDKs leave out. See [`Danger`] before use.
    pub fn danger(&self) -> Danger {
        Danger(self.clone())
    }
}

impl Danger {
    /// Sets the emergency mode. This may raise an alarm, or end one.
    pub fn set_mode(&self, mode: DeviceMode) -> Action<SetDeviceMode> {
        self.0.action(SetDeviceMode::new().mode(mode))
    }

    /// Switches the device off. Nobody but the person who holds it can switch it on again.
    pub fn power_off(&self) -> Action<DevicePowerOff> {
        self.0.action(DevicePowerOff::new().restart(false))
    }

    /// Restarts the device. Its interactions do not survive that.
    pub fn restart(&self) -> Action<DevicePowerOff> {
        self.0.action(DevicePowerOff::new().restart(true))
    }

    /// Sets the channel as a property of the device. [`Device::set_channel`] is what works.
    pub fn set_channel_field(&self, channel: impl Into<String>) -> Action<SetDeviceInfo> {
        self.0.action(SetDeviceInfo::new(DeviceInfoField::Channel, channel))
    }
}
