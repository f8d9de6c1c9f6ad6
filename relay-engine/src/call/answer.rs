//! Answering a call, and ending it.

use relay_protocol::session::Timestamp;
use relay_protocol::types::CallDirection;

use super::tell::News;
use super::{Call, CallStatus, State, reason};
use crate::action::Perception;
use crate::engine::Engine;
use crate::key::{CallKey, DeviceKey};

const BOTH: [CallDirection; 2] = [CallDirection::Outbound, CallDirection::Inbound];

impl Engine {
    /// A tap on Talk answers the call that rings. Whether there was one.
    pub(crate) fn answer_by_tap(&mut self, now: Timestamp, device: DeviceKey) -> bool {
        let call = self.directory.device(device).and_then(|device| device.call);
        let Some(key) = call.filter(|key| self.rings_at(*key, device)) else { return false };
        self.connect(now, key);
        true
    }

    /// A device leaves the call that it is in, which ends it for both. Whether there was one.
    pub(crate) fn hang_up(&mut self, now: Timestamp, device: DeviceKey) -> bool {
        let Some(key) = self.directory.device(device).and_then(|device| device.call) else { return false };
        let why = match self.calls.get(key) {
            Some(Call { state: State::Connected { .. }, .. }) => reason::NORMAL,
            Some(call) if call.caller.device == device => reason::CANCELLED,
            _ => reason::REJECTED,
        };
        self.end_call(now, key, why);
        true
    }

    /// The device is out of reach, and so of its call.
    pub(crate) fn lose_call(&mut self, now: Timestamp, device: DeviceKey) {
        if let Some(key) = self.directory.device(device).and_then(|device| device.call) {
            self.end_call(now, key, reason::OFFLINE);
        }
    }

    pub(crate) fn ringing_due(&mut self, now: Timestamp, key: CallKey) {
        self.end_call(now, key, reason::NO_ANSWER);
    }

    /// Whether a call waits to be answered at this device.
    pub(super) fn rings_at(&self, key: CallKey, device: DeviceKey) -> bool {
        let ringing =
            |call: &Call| matches!(call.state, State::Ringing { .. }) && call.callee.device == device;
        self.calls.get(key).is_some_and(ringing)
    }

    pub(super) fn connect(&mut self, now: Timestamp, key: CallKey) {
        let Some(call) = self.calls.get_mut(key) else { return };
        let before = core::mem::replace(&mut call.state, State::Connected { since: now });
        if let State::Ringing { over } = before {
            self.deadlines.cancel(over);
        }
        let (from, to) = (call.caller.device, call.callee.device);
        for (device, other) in [(from, to), (to, from)] {
            let name = self.called(other);
            self.perceive(device, Perception::Call(CallStatus::Connected { name }));
        }
        for side in BOTH {
            self.tell_call(now, key, side, News::Connected { at: now });
        }
    }

    fn end_call(&mut self, now: Timestamp, key: CallKey, reason: &'static str) {
        let Some(call) = self.calls.get(key) else { return };
        let (devices, state) = ([call.caller.device, call.callee.device], call.state);
        let news = match state {
            State::Connected { since } => News::Disconnected { since, reason },
            State::Ringing { .. } => News::Failed { reason },
        };
        for device in devices {
            if let Some(device) = self.directory.device_mut(device) {
                device.call = None;
                device.ring.call = None;
            }
            self.perceive(device, Perception::Call(CallStatus::Ended { reason }));
            self.refresh_ring(device);
        }
        for side in BOTH {
            self.tell_call(now, key, side, news);
        }
        self.calls.remove(key);
        if let State::Ringing { over } = state {
            self.deadlines.cancel(over);
        }
    }
}
