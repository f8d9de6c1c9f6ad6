//! Placing a call, from the wish of a person to the ringing at the other end.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};

use relay_protocol::Urn;
use relay_protocol::event;
use relay_protocol::session::Timestamp;
use relay_protocol::types::{CallDirection, TriggerArgs, TriggerType};

use super::tell::News;
use super::{Call, CallStatus, IN_CALL, Party, State, reason};
use crate::action::Perception;
use crate::button::Taken;
use crate::deadlines::Deadline;
use crate::directory::{Device, fold};
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::key::{CallKey, DeviceKey, InstanceKey};
use crate::led::{Light, RingOwner};
use crate::trigger::Rule;
use crate::workflow::Absorb;

impl Engine {
    /// The person wants to call somebody: by the name of a device, a URN, or an address that a device is registered
    /// under. A run that [absorbs](crate::Workflow::absorb) it is told and places the call itself; else the workflows
    /// registered for calls from this device start and do; if there are none, the platform places it.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: nothing has happened.
    pub fn place_call(&mut self, now: Timestamp, device: DeviceKey, to: &str) -> Result<Taken, DeviceError> {
        if self.at_hand(device)?.call.is_some() {
            return Err(DeviceError::InCall);
        }
        let named = self.directory.device_named(to).and_then(|key| self.urn(key));
        let uri = named.map_or_else(|| to.to_string(), |urn| urn.to_string());
        if let Some(run) = self.absorber(device, Absorb::CallRequest) {
            self.emit(now, run, event::CallStartRequest::new(uri));
            return Ok(Taken::Workflow(run));
        }
        let callee = self.callee(now, &uri);
        let args = self.about(TriggerArgs::new(), callee, &uri).direction(CallDirection::Outbound);
        let args = args.start_time_epoch(self.epoch(now));
        let called = |rule: &Rule| matches!(rule, Rule::CallRequest(pattern) if fits(pattern, &uri));
        if let Some(run) = self.fire(now, device, TriggerType::Telephony, &args, called) {
            return Ok(Taken::Workflow(run));
        }
        self.dial(now, device, &uri, None);
        Ok(Taken::Platform)
    }

    /// Places a call for a device that is free. Its id comes back, whatever becomes of it.
    pub(super) fn dial(
        &mut self,
        now: Timestamp,
        caller: DeviceKey,
        uri: &str,
        by: Option<InstanceKey>,
    ) -> String {
        let id = self.fresh_id("call");
        let caller = Party { device: caller, acting: by.into_iter().collect() };
        match self.free_callee(now, &caller, uri) {
            Ok(callee) => self.ring(now, id.clone(), caller, callee),
            Err(why) => self.tell_failed(now, &id, &caller, uri, why),
        }
        id
    }

    fn free_callee(&self, now: Timestamp, caller: &Party, uri: &str) -> Result<DeviceKey, &'static str> {
        let key = self.callee(now, uri).ok_or(reason::UNKNOWN)?;
        match self.at_hand(key) {
            Err(DeviceError::DoNotDisturb) => Err(reason::DO_NOT_DISTURB),
            Err(_) => Err(reason::OFFLINE),
            Ok(device) if device.call.is_some() || key == caller.device => Err(reason::BUSY),
            Ok(_) => Ok(key),
        }
    }

    fn ring(&mut self, now: Timestamp, id: String, caller: Party, callee: DeviceKey) {
        let (from, to) = (caller.device, callee);
        let callee = Party { device: callee, acting: BTreeSet::new() };
        let key = self.calls.insert_with_key(|key| {
            let over = self.deadlines.set(now + self.config.ringing_timeout, Deadline::Ringing(key));
            Call { id, caller, callee, placed: now, state: State::Ringing { over } }
        });
        for device in [from, to] {
            if let Some(device) = self.directory.device_mut(device) {
                device.call = Some(key);
                device.ring.call = Some(Light::all(RingOwner::Call, IN_CALL));
            }
            self.refresh_ring(device);
        }
        self.perceive(from, Perception::Call(CallStatus::Calling { name: self.called(to) }));
        self.perceive(to, Perception::Call(CallStatus::Ringing { name: self.called(from) }));
        self.tell_call(now, key, CallDirection::Outbound, News::Progressing);
        self.offer(now, key, from, to);
        self.tell_call(now, key, CallDirection::Outbound, News::Ringing);
    }

    /// The runs that have the device hear of it. Unless one of them takes it in, the workflows registered for calls to
    /// this device start.
    fn offer(&mut self, now: Timestamp, key: CallKey, from: DeviceKey, to: DeviceKey) {
        self.tell_call(now, key, CallDirection::Inbound, News::Received);
        if self.absorber(to, Absorb::IncomingCall).is_some() {
            return;
        }
        let (Some(call), Some(uri)) = (self.calls.get(key), self.urn(from)) else { return };
        let args = self.about(TriggerArgs::new().call_id(call.id.as_str()), Some(from), uri.as_str());
        let args = args.direction(CallDirection::Inbound).start_time_epoch(self.epoch(call.placed));
        let calls = |rule: &Rule| matches!(rule, Rule::IncomingCall(pattern) if fits(pattern, uri.as_str()));
        self.fire(now, to, TriggerType::Telephony, &args, calls);
    }

    /// What a trigger tells of the other party.
    pub(crate) fn about(&self, args: TriggerArgs, other: Option<DeviceKey>, uri: &str) -> TriggerArgs {
        let args = args.uri(uri).onnet(other.is_some());
        match other.and_then(|key| self.directory.device(key)) {
            Some(device) => args.device_id(device.info.id.as_str()).device_name(device.name()),
            None => args,
        }
    }

    /// The newest run that has the device and takes in such calls.
    fn absorber(&self, device: DeviceKey, what: Absorb) -> Option<InstanceKey> {
        let absorbs = |key: &InstanceKey| {
            let instance = self.instances.get(*key).filter(|instance| instance.is_running());
            instance.is_some_and(|instance| instance.workflow().absorb.contains(&what))
        };
        self.runs_with(device).into_iter().rfind(absorbs)
    }

    /// The device that can be called so.
    pub(crate) fn callee(&self, now: Timestamp, uri: &str) -> Option<DeviceKey> {
        if let Ok(urn) = Urn::parse(uri) {
            return self.directory.device_of(&urn.device()?);
        }
        let reached = |device: &Device| {
            let address =
                device.address.as_ref().filter(|address| address.until.is_none_or(|until| now < until));
            address.is_some_and(|address| fold(&address.uri) == fold(uri))
        };
        self.directory.devices().find(|(_, device)| reached(device)).map(|(key, _)| key)
    }

    pub(crate) fn urn(&self, device: DeviceKey) -> Option<Urn> {
        self.directory.device(device)?.urn().map(Urn::from)
    }

    pub(super) fn called(&self, device: DeviceKey) -> String {
        self.directory.device(device).map(Device::name).unwrap_or_default().to_string()
    }
}

/// Whether a number fits the pattern of a registration. Nobody is known to register anything but `.*`, so that nothing
/// else of regular expressions is known here.
fn fits(pattern: &str, uri: &str) -> bool {
    pattern == ".*" || fold(pattern) == fold(uri)
}
