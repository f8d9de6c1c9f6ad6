//! From fingers to taps: what is pressed and released becomes one tap, two, three, or a long press.

use core::time::Duration;

use relay_protocol::session::Timestamp;
use relay_protocol::types::{ButtonName, Taps};

use crate::deadlines::{Deadline, DeadlineKey};
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::key::DeviceKey;

/// A press that lasts at least so long is no tap. Our choice, as are the others: that the device tells single from
/// double taps is documented, and not how.
const LONG: Duration = Duration::from_millis(700);
/// Within what time the next tap must begin to belong to those before.
const NEXT: Duration = Duration::from_millis(300);
/// What comes sooner after a release than people can press is the contact of the button, which bounces.
const BOUNCE: Duration = Duration::from_millis(20);
/// More taps than this are none that a workflow knows.
const MOST: u8 = 3;

/// What a finger has done with one button so far.
#[derive(Debug, Default)]
pub(crate) struct Press {
    /// Since when it is down.
    down: Option<Timestamp>,
    up: Option<Timestamp>,
    taps: u8,
    /// When it is clear that no further tap belongs to these.
    over: Option<DeadlineKey>,
}

/// The two buttons of a device that workflows know.
#[derive(Debug, Default)]
pub(crate) struct Presses {
    talk: Press,
    assistant: Press,
}

impl Presses {
    fn of(&mut self, button: &ButtonName) -> Option<&mut Press> {
        match button {
            ButtonName::Action => Some(&mut self.talk),
            ButtonName::Channel => Some(&mut self.assistant),
            _ => None,
        }
    }

    /// What was said while Talk was held makes it no press.
    pub(crate) fn spoken(&mut self) {
        self.talk.down = None;
    }

    /// The deadlines that a removed device leaves behind.
    pub(crate) fn deadlines(&self) -> impl Iterator<Item = DeadlineKey> + use<> {
        [self.talk.over, self.assistant.over].into_iter().flatten()
    }
}

impl Engine {
    /// The person presses a button and holds it. For who has raw buttons: presses and releases become
    /// [taps](Self::tap), up to three of which belong together when they follow within 300 ms, and long presses, from
    /// 700 ms on. A press during which the person [speaks](Self::speak) is none.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has happened. What comes of the press is not told.
    pub fn button_down(
        &mut self,
        now: Timestamp,
        key: DeviceKey,
        button: &ButtonName,
    ) -> Result<(), DeviceError> {
        let Some(press) = self.device_mut(key)?.presses.of(button) else { return Ok(()) };
        let bounces = |at: Option<Timestamp>| at.is_some_and(|at| now - at < BOUNCE);
        if bounces(press.down) || bounces(press.up) {
            return Ok(());
        }
        press.down = Some(now);
        if let Some(over) = press.over.take() {
            self.deadlines.cancel(over);
        }
        Ok(())
    }

    /// The person lets go of a button.
    ///
    /// # Errors
    ///
    /// [`DeviceError::Unknown`]: nothing has happened.
    pub fn button_up(
        &mut self,
        now: Timestamp,
        key: DeviceKey,
        button: &ButtonName,
    ) -> Result<(), DeviceError> {
        let Some(press) = self.device_mut(key)?.presses.of(button) else { return Ok(()) };
        press.up = Some(now);
        let Some(down) = press.down.take() else { return Ok(()) };
        let long = now - down >= LONG;
        press.taps += u8::from(!long);
        let (taps, complete) = (press.taps, press.taps >= MOST);
        if !long && !complete {
            let over = self.deadlines.set(now + NEXT, Deadline::Taps(key, button.clone()));
            if let Some(press) = self.device_mut(key)?.presses.of(button) {
                press.over = Some(over);
            }
            return Ok(());
        }
        if taps > 0 {
            self.taps_over(now, key, button);
        }
        if long {
            let _ = self.tap(now, key, button.clone(), Taps::Long);
        }
        Ok(())
    }

    /// No further tap belongs to these.
    pub(crate) fn taps_over(&mut self, now: Timestamp, key: DeviceKey, button: &ButtonName) {
        let Ok(device) = self.device_mut(key) else { return };
        let Some(press) = device.presses.of(button) else { return };
        press.over = None;
        let taps = match core::mem::take(&mut press.taps) {
            0 => return,
            1 => Taps::Single,
            2 => Taps::Double,
            _ => Taps::Triple,
        };
        let _ = self.tap(now, key, button.clone(), taps); // dead buttons are part of life
    }
}
