//! Two requests that every official SDK has in its code, commented out as not working: the emergency mode of a device,
//! and switching it off. What they do here is what their names say.

use alloc::format;

use relay_protocol::session::Timestamp;
use relay_protocol::types::DeviceMode;
use relay_protocol::{request, response};

use crate::action::Change;
use crate::deadlines::Deadline;
use crate::engine::Engine;
use crate::instance::Ask;
use crate::key::DeviceKey;
use crate::refusal::Refusal;

impl Engine {
    pub(crate) fn set_device_mode(
        &mut self,
        ask: &Ask,
        set: request::SetDeviceMode,
    ) -> Result<response::SetDeviceMode, Refusal> {
        self.check_dormant(ask)?;
        if let DeviceMode::Unknown(word) = &set.mode {
            return Err(Refusal::invalid_value(format!(
                "{word:?} is no mode, which are panic, alarm and none"
            )));
        }
        let key = self.one_device(ask)?;
        if let Some(device) = self.directory.device_mut(key) {
            device.info.mode = set.mode;
        }
        self.changed(Change::Device(key));
        Ok(response::SetDeviceMode::new())
    }

    pub(crate) fn device_power_off(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        off: &request::DevicePowerOff,
    ) -> Result<response::DevicePowerOff, Refusal> {
        self.check_dormant(ask)?;
        let key = self.one_device(ask)?;
        self.reachable(key).map_err(Refusal::unavailable)?;
        let _ = self.set_online(now, key, false); // it is there
        if off.restart {
            let due = self.deadlines.set(now + self.config.restart_time, Deadline::Restart(key));
            if let Some(device) = self.directory.device_mut(key) {
                device.restarts = Some(due);
            }
        }
        Ok(response::DevicePowerOff::new())
    }

    pub(crate) fn restart_due(&mut self, now: Timestamp, key: DeviceKey) {
        if let Some(device) = self.directory.device_mut(key) {
            device.restarts = None;
        }
        let _ = self.set_online(now, key, true); // a removed device has no such deadline
    }

    fn check_dormant(&self, ask: &Ask) -> Result<(), Refusal> {
        match self.config.strict() {
            true => Err(Refusal::unavailable(format!(
                "{} does not work on the real platform: every official SDK has it commented out",
                ask.request
            ))),
            false => Ok(()),
        }
    }
}
