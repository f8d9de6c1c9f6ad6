//! Buttons.

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
    /// [`input_types`](relay_protocol::types::InteractionOptions::input_types) leave the press out. A single tap on
    /// Assistant is the platform's: it leaves the interactions, and comes back to them.
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
        if button == ButtonName::Action && taps != Taps::Long && self.acknowledge(now, device) {
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
