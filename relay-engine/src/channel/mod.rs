//! Which channel a device is on: the talk channels below, the interactions stacked on top.

mod home;
mod requests;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use relay_protocol::session::Timestamp;
use relay_protocol::types::{LifecycleType, StopReason};

use crate::action::Perception;
use crate::deadlines::DeadlineKey;
use crate::directory::fold;
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::key::{DeviceKey, LegKey};
use crate::speech::Cut;

/// What a device can be on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Channel {
    /// A group or another device, by name: Talk is a walkie-talkie there.
    Talk(String),
    /// The voice assistant.
    Assistant,
    /// An interaction, by name: the workflow decides what the buttons do.
    Interaction(String),
}

/// Where a device is. The newest interaction is on top; when it ends, the one below comes back.
#[derive(Debug)]
pub(crate) struct Channels {
    /// Where the device is when it is on no interaction.
    base: Channel,
    stack: Vec<LegKey>,
    /// The person went from the interactions to the base.
    away: bool,
    /// What the person saw last.
    shown: Channel,
    /// The interaction that has the device.
    active: Option<LegKey>,
    /// Whether the device may fall back to its home channel.
    pub(crate) home_enabled: bool,
    falls_back: Option<DeadlineKey>,
}

impl Channels {
    pub(crate) fn new(home: &str) -> Self {
        Self {
            base: Channel::Talk(home.to_string()),
            shown: Channel::Talk(home.to_string()),
            stack: Vec::new(),
            away: false,
            active: None,
            home_enabled: true,
            falls_back: None,
        }
    }

    /// The interaction that has the device, if any.
    pub(crate) fn active(&self) -> Option<LegKey> {
        self.active
    }

    pub(crate) fn base(&self) -> &Channel {
        &self.base
    }

    /// The deadline that a removed device leaves behind.
    pub(crate) fn falls_back(&self) -> Option<DeadlineKey> {
        self.falls_back
    }

    /// The open interactions, the newest last.
    pub(crate) fn stack(&self) -> &[LegKey] {
        &self.stack
    }

    /// A new interaction takes the device.
    pub(crate) fn open(&mut self, leg: LegKey) {
        self.stack.push(leg);
        self.away = false;
    }

    pub(crate) fn close(&mut self, leg: LegKey) {
        self.stack.retain(|open| *open != leg);
        if self.stack.is_empty() {
            self.away = false;
        }
    }
}

impl Engine {
    /// The person turns the device to a channel. Leaving an interaction suspends it; if it belongs to a run of this
    /// device that is not [transient](crate::Workflow::transient), the run ends.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: nothing has changed.
    pub fn turn_to(
        &mut self,
        now: Timestamp,
        device: DeviceKey,
        channel: Channel,
    ) -> Result<(), DeviceError> {
        self.reachable(device)?;
        self.turn(now, device, channel)
    }

    fn turn(&mut self, now: Timestamp, device: DeviceKey, channel: Channel) -> Result<(), DeviceError> {
        let left = self.directory.device(device).and_then(|device| device.channels.active());
        self.move_to(device, channel)?;
        self.settle_device(now, device);
        if let Some(left) = left {
            self.left(now, device, left);
        }
        Ok(())
    }

    /// Changes the channel without drawing conclusions.
    pub(crate) fn move_to(&mut self, key: DeviceKey, channel: Channel) -> Result<(), DeviceError> {
        let device = self.directory.device_mut(key).ok_or(DeviceError::Unknown)?;
        let channels = &mut device.channels;
        match channel {
            Channel::Interaction(name) => {
                let legs = &self.legs;
                let named = |leg: &LegKey| legs.get(*leg).is_some_and(|leg| fold(&leg.name) == fold(&name));
                let at = channels.stack.iter().rposition(named).ok_or(DeviceError::NoInteraction)?;
                let leg = channels.stack.remove(at);
                channels.open(leg);
            }
            base => {
                channels.base = base;
                channels.away = !channels.stack.is_empty();
            }
        }
        Ok(())
    }

    /// Draws the conclusions after anything has changed about which interaction has a device: the workflows are told,
    /// the person perceives it.
    pub(crate) fn settle_device(&mut self, now: Timestamp, key: DeviceKey) {
        let Some(device) = self.directory.device_mut(key) else { return };
        let here = device.info.online && !device.channels.away;
        let active = device.channels.stack.last().copied().filter(|_| here);
        let before = core::mem::replace(&mut device.channels.active, active);
        if before != active {
            let cut = if device.info.online { Cut::Left } else { Cut::Lost };
            if let Some(before) = before {
                self.cut_off(now, key, cut, |prompt| prompt.is_of(before));
                self.shift(now, before, LifecycleType::Suspended);
            }
            if let Some(active) = active {
                self.shift(now, active, LifecycleType::Resumed);
            }
        }
        self.show_channel(key);
        self.refresh_ring(key);
        self.refresh_listening(key);
        self.watch_home(now, key);
    }

    /// The channel that a device is on.
    pub fn channel(&self, device: DeviceKey) -> Option<Channel> {
        let channels = &self.directory.device(device)?.channels;
        Some(match channels.active.and_then(|leg| self.legs.get(leg)) {
            Some(leg) => Channel::Interaction(leg.name.to_string()),
            None => channels.base.clone(),
        })
    }

    fn show_channel(&mut self, key: DeviceKey) {
        let Some(channel) = self.channel(key) else { return };
        if let Some(device) = self.directory.device_mut(key)
            && device.channels.shown != channel
        {
            device.channels.shown = channel.clone();
            self.perceive(key, Perception::Channel(channel));
        }
    }

    fn shift(&mut self, now: Timestamp, key: LegKey, kind: LifecycleType) {
        // An ended one is not there any more and is not told.
        let Some(leg) = self.legs.get_mut(key) else { return };
        leg.resumed = kind == LifecycleType::Resumed;
        self.tell(now, key, kind);
    }

    /// Ends the run that must not outlive that the person left.
    fn left(&mut self, now: Timestamp, device: DeviceKey, left: LegKey) {
        let run = |leg| self.legs.get(leg).map(|leg| leg.instance);
        let active = self.directory.device(device).and_then(|device| device.channels.active());
        if let Some(key) = run(left)
            && let Some(instance) = self.instances.get(key)
            && !instance.workflow().transient
            && instance.device() == Some(device)
            && active.and_then(run) != Some(key)
        {
            self.end_instance(now, key, StopReason::from("left_channel"));
        }
    }
}
