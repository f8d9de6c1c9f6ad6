//! Starting and ending interactions.

use alloc::collections::VecDeque;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use relay_protocol::session::Timestamp;
use relay_protocol::types::{HomeChannel, InputType, InteractionOptions, LifecycleType};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{RequestBody, Urn, event, request, response};

use super::{Leg, Seat};
use crate::engine::Engine;
use crate::instance::Ask;
use crate::key::{DeviceKey, InstanceKey, LegKey};
use crate::led::{Light, Rgb, RingOwner};
use crate::refusal::Refusal;
use crate::speech::Cut;

impl Engine {
    pub(crate) fn start_interaction(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        start: request::StartInteraction,
    ) -> Result<response::StartInteraction, Refusal> {
        let name = start.name.as_str();
        let urn = InteractionUrn::name(name)
            .map_err(|_| Refusal::invalid_value("start_interaction needs a name, got an empty one"))?;
        let options = start.options.unwrap_or_default();
        if self.config.strict() {
            check(&options)?;
        }
        let devices = self.devices(ask, request::StartInteraction::TARGETS)?;
        if devices.is_empty() {
            return Err(Refusal::not_found(
                "there is no device among the targets, so that nothing can be started",
            ));
        }
        self.check_room(ask.instance, name, &devices)?;
        for device in devices {
            self.open_leg(now, ask.instance, name, &urn, device, &options);
        }
        Ok(response::StartInteraction::new())
    }

    pub(crate) fn end_interaction(
        &mut self,
        now: Timestamp,
        ask: &Ask,
    ) -> Result<response::EndInteraction, Refusal> {
        for leg in self.legs(ask)? {
            self.close_leg(now, leg);
        }
        Ok(response::EndInteraction::new())
    }

    /// Ends all interactions of an instance.
    pub(crate) fn end_interactions(&mut self, now: Timestamp, key: InstanceKey) {
        let Some(instance) = self.instances.get(key) else { return };
        let legs: Vec<LegKey> = instance.interactions.legs().collect();
        for leg in legs {
            self.close_leg(now, leg);
        }
    }

    /// All or nothing: nothing is started if anything stands against one of the devices.
    fn check_room(&mut self, key: InstanceKey, name: &str, devices: &[DeviceKey]) -> Result<(), Refusal> {
        let limit = self.config.max_interactions;
        let Some(instance) = self.instances.get_mut(key) else { return Ok(()) };
        if !instance.interactions.make_room(name, limit) {
            return Err(Refusal::limit_exceeded(format!("{limit} interactions are open in this run")));
        }
        let Some(interaction) = instance.interactions.named(name) else { return Ok(()) };
        for device in devices {
            if let Some(Seat::Live(_)) = interaction.seats.get(device) {
                let device = self.directory.device(*device).map_or("this device", |device| device.name());
                return Err(Refusal::already_exists(format!(
                    "the interaction {name:?} is open on {device} already; end it first or choose another name"
                )));
            }
        }
        Ok(())
    }

    fn open_leg(
        &mut self,
        now: Timestamp,
        key: InstanceKey,
        name: &str,
        urn: &InteractionUrn,
        device_key: DeviceKey,
        options: &InteractionOptions,
    ) {
        let Some(device) = self.directory.device(device_key) else { return };
        let Some(instance) = self.instances.get_mut(key) else { return };
        let called = |device_urn: DeviceUrn| Urn::from(urn.on(&device_urn));
        // A device that was renamed goes on by its old name in this run; another that has it now goes by its id.
        let by_name = device.urn().map(called).filter(|urn| instance.interactions.with_urn(urn).is_none());
        let by_id = || DeviceUrn::id(&device.info.id).ok().map(called);
        let Some(urn) = by_name.or_else(by_id) else { return };
        if !device.info.online {
            instance.interactions.seat(name, device_key, Seat::Failed);
            let failed =
                event::InteractionLifecycle::new(LifecycleType::Failed, urn).reason("device_offline");
            return self.emit(now, key, failed);
        }
        let leg = self.legs.insert(Leg {
            instance: key,
            device: device_key,
            name: Arc::from(name),
            urn: urn.clone(),
            resumed: false,
            inputs: options.input_types.clone(),
            home_channel: options.home_channel.clone().unwrap_or(HomeChannel::Suspend),
            light: color(options, self.config.strict())
                .map(|color| Light::all(RingOwner::Interaction, color)),
            listening: VecDeque::new(),
        });
        instance.interactions.open(name, device_key, urn, leg);
        self.tell(now, leg, LifecycleType::Started);
        if let Some(device) = self.directory.device_mut(device_key) {
            device.channels.open(leg);
        }
        self.settle_device(now, device_key);
    }

    /// Ends an interaction on one device.
    pub(crate) fn close_leg(&mut self, now: Timestamp, key: LegKey) {
        let Some(leg) = self.legs.get(key) else { return };
        let device_key = leg.device;
        if let Some(device) = self.directory.device_mut(device_key) {
            device.channels.close(key);
        }
        self.cut_off(now, device_key, Cut::Left, |prompt| prompt.is_of(key));
        self.stop_listening(now, key);
        self.tell(now, key, LifecycleType::Ended);
        if let Some(leg) = self.legs.remove(key)
            && let Some(instance) = self.instances.get_mut(leg.instance)
        {
            instance.interactions.close(&leg);
        }
        self.settle_device(now, device_key);
    }

    /// Tells the workflow where an interaction is now.
    pub(crate) fn tell(&mut self, now: Timestamp, leg: LegKey, kind: LifecycleType) {
        let Some(leg) = self.legs.get(leg) else { return };
        let lifecycle = event::InteractionLifecycle::new(kind, leg.urn.clone());
        self.emit(now, leg.instance, lifecycle);
    }
}

/// The colour of the ring while the interaction is active.
fn color(options: &InteractionOptions, strict: bool) -> Option<Rgb> {
    Rgb::read(options.color.as_deref()?, strict)
}

/// What strict mode does not let pass.
fn check(options: &InteractionOptions) -> Result<(), Refusal> {
    if let (Some(text), None) = (&options.color, color(options, true)) {
        return Err(Refusal::invalid_value(format!("colours are written RRGGBB, got {text:?}")));
    }
    for input in &options.input_types {
        if let InputType::Unknown(word) = input {
            return Err(Refusal::invalid_value(format!("{word:?} is no input type")));
        }
    }
    match &options.home_channel {
        Some(HomeChannel::Unknown(word)) => {
            Err(Refusal::invalid_value(format!("home_channel is suspend or normal, got {word:?}")))
        }
        _ => Ok(()),
    }
}
