//! Buttons.

mod press;

pub(crate) use press::Presses;

use relay_protocol::event;
use relay_protocol::session::Timestamp;
use relay_protocol::types::{ButtonName, InputType, Taps};

use crate::channel::Channel;
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::interaction::Leg;
use crate::key::{DeviceKey, InstanceKey};

/// Who reacted to what a person did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "nothing happens if nobody reacts"]
pub enum Taken {
    /// The workflow of this run was told.
    Workflow(InstanceKey),
    /// The platform itself.
    Platform,
    /// Nobody.
    Nobody,
}

impl Engine {
    /// The person presses a button. The workflow of the active interaction is told, unless its
    /// [`input_types`](relay_protocol::types::InteractionOptions::input_types) leave the press out. On the Assistant's
    /// channel, taps on Talk start the workflows registered for them.
    ///
    /// Some taps are the platform's. On Talk: the fifth in quick succession raises the alarm, the first after an alert
    /// acknowledges it, the first while a call rings answers it. On Assistant: two hang up; one leaves the interactions
    /// and comes back to them, or plays missed messages where there are none.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: nothing has happened.
    pub fn tap(
        &mut self,
        now: Timestamp,
        device: DeviceKey,
        button: ButtonName,
        taps: Taps,
    ) -> Result<Taken, DeviceError> {
        self.reachable(device)?;
        if button == ButtonName::Action
            && let Some(taken) = self.count_taps(now, device, &taps)?
        {
            return Ok(taken);
        }
        self.at_hand(device)?;
        if self.platform_takes(now, device, &button, &taps) {
            return Ok(Taken::Platform);
        }
        let channels = &self.at_hand(device)?.channels;
        if (&button, &taps) == (&ButtonName::Channel, &Taps::Single) {
            let Some(top) = channels.stack().last().and_then(|leg| self.legs.get(*leg)) else {
                return Ok(Taken::Nobody);
            };
            let to = match channels.active() {
                Some(_) => channels.base().clone(),
                None => Channel::Interaction((*top.name).into()),
            };
            self.turn_to(now, device, to)?;
            return Ok(Taken::Platform);
        }
        match channels.active().and_then(|leg| self.legs.get(leg)) {
            Some(leg) if leg.takes(&button, &taps) => {
                let (instance, source) = (leg.instance, leg.urn.clone());
                self.emit(now, instance, event::Button::new(button, taps).source_uri(source));
                Ok(Taken::Workflow(instance))
            }
            None if button == ButtonName::Action && *channels.base() == Channel::Assistant => {
                Ok(self.tap_assistant(now, device, &taps))
            }
            _ => Ok(Taken::Nobody),
        }
    }
}

impl Engine {
    /// What comes before any workflow: a tap on Talk is for the alert that sounds, then for the call that rings; two on
    /// Assistant hang up.
    fn platform_takes(
        &mut self,
        now: Timestamp,
        device: DeviceKey,
        button: &ButtonName,
        taps: &Taps,
    ) -> bool {
        match (button, taps) {
            (ButtonName::Action, Taps::Single | Taps::Double | Taps::Triple) => {
                self.acknowledge(now, device) || self.answer_by_tap(now, device)
            }
            (ButtonName::Channel, Taps::Double) => self.hang_up(now, device),
            (ButtonName::Channel, Taps::Single) => {
                let idle =
                    self.directory.device(device).is_some_and(|device| device.channels.stack().is_empty());
                idle && self.play_inbox(now, device, None)
            }
            _ => false,
        }
    }
}

impl Leg {
    /// Whether a press goes to the workflow. That an empty list means all presses is our conclusion.
    fn takes(&self, button: &ButtonName, taps: &Taps) -> bool {
        let input = match (button, taps) {
            (ButtonName::Action, Taps::Single) => InputType::ActionButtonSingleTap,
            (ButtonName::Action, Taps::Double) => InputType::ActionButtonDoubleTap,
            (ButtonName::Action, Taps::Triple) => InputType::ActionButtonTripleTap,
            (ButtonName::Action, Taps::Long) => InputType::ActionButtonLongPress,
            (ButtonName::Channel, Taps::Double) => InputType::ChannelButtonDoubleTap,
            (ButtonName::Channel, Taps::Triple) => InputType::ChannelButtonTripleTap,
            _ => return false,
        };
        self.inputs.is_empty() || self.inputs.contains(&input)
    }
}
