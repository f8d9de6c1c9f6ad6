//! The alarm that a person raises: with a button of its own, or by tapping Talk fast and often.

use core::time::Duration;

use relay_protocol::session::Timestamp;
use relay_protocol::types::{Taps, TriggerArgs, TriggerType};

use super::Rule;
use crate::button::Taken;
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::key::DeviceKey;

/// Taps on Talk that raise the alarm, as documented.
const ALARM: u8 = 5;
/// Within what time the next tap must follow. Our choice.
const RAPID: Duration = Duration::from_secs(1);

/// How often Talk was tapped without a pause.
#[derive(Debug, Default)]
pub(crate) struct RapidTaps {
    count: u8,
    last: Timestamp,
}

impl RapidTaps {
    /// Whether these taps raise the alarm.
    fn alarm(&mut self, now: Timestamp, taps: &Taps) -> bool {
        if now - self.last > RAPID {
            self.count = 0;
        }
        self.last = now;
        self.count += match taps {
            Taps::Single => 1,
            Taps::Double => 2,
            Taps::Triple => 3,
            _ => 0,
        };
        let alarm = self.count >= ALARM;
        if alarm {
            self.count = 0;
        }
        alarm
    }
}

impl Engine {
    /// The person raises the alarm, which works in do-not-disturb mode too.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: nothing has happened.
    pub fn raise_alarm(&mut self, now: Timestamp, device: DeviceKey) -> Result<Taken, DeviceError> {
        self.reachable(device)?;
        let emergency = |rule: &Rule| *rule == Rule::Emergency;
        let run = self.fire(now, device, TriggerType::Emergency, &TriggerArgs::new(), emergency);
        Ok(run.map_or(Taken::Nobody, Taken::Workflow))
    }

    /// Counts taps on Talk; the one that raises the alarm is nobody else's.
    pub(crate) fn count_taps(
        &mut self,
        now: Timestamp,
        key: DeviceKey,
        taps: &Taps,
    ) -> Result<Option<Taken>, DeviceError> {
        match self.device_mut(key)?.rapid_taps.alarm(now, taps) {
            true => self.raise_alarm(now, key).map(Some),
            false => Ok(None),
        }
    }
}
