//! Batteries that sink or rise to a level.

use relay_protocol::session::Timestamp;
use relay_protocol::types::{TriggerArgs, TriggerType};

use super::Rule;
use crate::engine::Engine;
use crate::key::DeviceKey;

impl Engine {
    /// The battery was at the level `before` and has just been found elsewhere. Only a crossing counts: a device that
    /// stays low does not start the workflow again.
    pub(crate) fn battery_moved(&mut self, now: Timestamp, key: DeviceKey, before: u8) {
        let Some(device) = self.directory.device(key) else { return };
        let (after, filling) = (device.info.battery, device.info.charging);
        let args = TriggerArgs::new().battery(u64::from(after)).charging(filling);
        self.fire(now, key, TriggerType::Other, &args, |rule| match *rule {
            Rule::Battery { charging: false, level } => !filling && before > level && after <= level,
            Rule::Battery { charging: true, level } => filling && before < level && after >= level,
            _ => false,
        });
    }
}
