//! What workflows ask about calls.

use alloc::format;
use alloc::string::{String, ToString};
use core::time::Duration;

use relay_protocol::session::Timestamp;
use relay_protocol::urn::DeviceUrn;
use relay_protocol::{request, response};

use super::Address;
use crate::engine::Engine;
use crate::instance::Ask;
use crate::key::CallKey;
use crate::refusal::Refusal;

impl Engine {
    pub(crate) fn call(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        call: request::Call,
    ) -> Result<response::Call, Refusal> {
        let caller = self.one_device(ask)?;
        self.reachable(caller).map_err(Refusal::unavailable)?;
        if self.directory.device(caller).is_some_and(|device| device.call.is_some()) {
            return Err(Refusal::unavailable("the device is in a call; hang up first"));
        }
        let id = self.dial(now, caller, &whom(call)?, Some(ask.instance));
        Ok(response::Call::new(id))
    }

    pub(crate) fn answer(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        answer: &request::Answer,
    ) -> Result<response::Answer, Refusal> {
        let key = self.call_of(ask, &answer.call_id)?;
        let device = self.one_device(ask)?;
        if !self.rings_at(key, device) {
            return Err(Refusal::unavailable(format!(
                "the call {:?} does not ring at this device",
                answer.call_id
            )));
        }
        if let Some(call) = self.calls.get_mut(key) {
            call.acts(device, ask.instance);
        }
        self.connect(now, key);
        Ok(response::Answer::new())
    }

    pub(crate) fn hangup(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        hangup: &request::Hangup,
    ) -> Result<response::Hangup, Refusal> {
        let key = self.call_of(ask, &hangup.call_id)?;
        let device = self.one_device(ask)?;
        if let Some(call) = self.calls.get_mut(key) {
            call.acts(device, ask.instance);
        }
        self.hang_up(now, device);
        Ok(response::Hangup::new())
    }

    /// Makes a device reachable under an address, or no longer. There is no telephone server here to tell of it.
    pub(crate) fn register_address(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        register: request::Register,
    ) -> Result<response::Register, Refusal> {
        let key = self.one_device(ask)?;
        let address = match (register.expires, register.uri.filter(|uri| !uri.is_empty())) {
            (Some(0), _) => None,
            (expires, Some(uri)) => {
                Some(Address { uri, until: expires.map(|expires| now + Duration::from_secs(expires)) })
            }
            (_, None) => return Err(Refusal::invalid_value("register needs a uri, unless expires is 0")),
        };
        if let Some(device) = self.directory.device_mut(key) {
            device.address = address;
        }
        Ok(response::Register::new())
    }

    /// The call of this id, if the target takes part.
    fn call_of(&self, ask: &Ask, id: &str) -> Result<CallKey, Refusal> {
        let device = self.directory.device(self.one_device(ask)?);
        let key = device.and_then(|device| device.call);
        key.filter(|key| self.calls.get(*key).is_some_and(|call| call.id == id))
            .ok_or_else(|| Refusal::not_found(format!("the device is in no call {id:?}")))
    }
}

/// Whom to call, also as it was written before 2022.
fn whom(call: request::Call) -> Result<String, Refusal> {
    let by_id = call.device_id.and_then(|id| DeviceUrn::id(id).ok());
    let by_name = call.device_name.and_then(|name| DeviceUrn::name(name).ok());
    let device = by_id.or(by_name).map(|urn| urn.to_string());
    call.uri
        .filter(|uri| !uri.is_empty())
        .or(device)
        .ok_or_else(|| Refusal::invalid_value("call needs the uri of whom to call"))
}
