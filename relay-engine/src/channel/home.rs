//! Falling back to the home channel when nobody does anything.

use alloc::string::ToString;

use relay_protocol::session::Timestamp;
use relay_protocol::types::HomeChannel;

use super::Channel;
use crate::deadlines::Deadline;
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::key::DeviceKey;

impl Engine {
    /// The device falls back to this channel from now on. One that is on the old one goes along.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has changed.
    pub fn set_home_channel(
        &mut self,
        now: Timestamp,
        device: DeviceKey,
        name: &str,
    ) -> Result<(), DeviceError> {
        let entry = self.device_mut(device)?;
        let before = Channel::Talk(core::mem::replace(&mut entry.info.home_channel, name.to_string()));
        if entry.channels.base == before {
            entry.channels.base = Channel::Talk(name.to_string());
        }
        self.settle_device(now, device);
        Ok(())
    }

    /// Starts the time anew after which a device falls back, if it may and if it is elsewhere: to be called after
    /// everything that counts as activity.
    pub(crate) fn watch_home(&mut self, now: Timestamp, key: DeviceKey) {
        let Some(device) = self.directory.device_mut(key) else { return };
        if let Some(falls_back) = device.channels.falls_back.take() {
            self.deadlines.cancel(falls_back);
        }
        let Some(after) = self.config.home_channel_timeout else { return };
        let channels = &device.channels;
        let legs = &self.legs;
        let holds = |leg| legs.get(leg).is_some_and(|leg| leg.home_channel != HomeChannel::Normal);
        let held = channels.stack.iter().copied().any(holds);
        let at_home = channels.active.is_none()
            && matches!(&channels.base, Channel::Talk(name) if *name == device.info.home_channel);
        if device.info.online && channels.home_enabled && !held && !at_home {
            device.channels.falls_back = Some(self.deadlines.set(now + after, Deadline::HomeChannel(key)));
        }
    }

    pub(crate) fn home_due(&mut self, now: Timestamp, key: DeviceKey) {
        let Some(device) = self.directory.device_mut(key) else { return };
        device.channels.falls_back = None;
        let home = Channel::Talk(device.info.home_channel.clone());
        let _ = self.turn(now, key, home); // it is there, and this is no interaction
    }
}
