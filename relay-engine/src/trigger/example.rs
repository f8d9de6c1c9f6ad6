//! What would start a workflow, for whoever wants to start it without anything having happened.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use core::fmt;

use relay_protocol::codec::JsonMap;
use relay_protocol::session::Timestamp;
use relay_protocol::types::{CallDirection, Trigger, TriggerArgs, TriggerType};

use super::tag::{payload, says};
use super::{Install, Rule};
use crate::directory::Device;
use crate::engine::Engine;
use crate::error::UnknownWorkflow;
use crate::key::{DeviceKey, WorkflowKey};

/// Stands for a tag and for a call that are not there.
const NOT_THERE: &str = "example";

/// A trigger as it would come.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Example {
    /// Where it would happen.
    pub device: Option<DeviceKey>,
    /// What the workflow would be told.
    pub trigger: Trigger,
}

/// Why there is no example.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoExample {
    /// There is no such registration.
    Unknown(UnknownWorkflow),
    /// No device can start it, and none was named.
    NoDevice,
}

impl core::error::Error for NoExample {}

impl fmt::Display for NoExample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(unknown) => fmt::Display::fmt(unknown, f),
            Self::NoDevice => f.write_str("the workflow is installed on no device, and none is named"),
        }
    }
}

impl Engine {
    /// The trigger that would start this workflow at a device, installed there or not. Without one it is the first, by
    /// name, that can start it; over HTTP the first of all if none is installed; for a timer the one that it starts for.
    ///
    /// Nothing happens by this. A tag that fits is taken if there is one. A call has its party and no more: nothing rings.
    ///
    /// # Errors
    ///
    /// [`NoExample`].
    pub fn example(
        &self,
        now: Timestamp,
        workflow: WorkflowKey,
        device: Option<DeviceKey>,
    ) -> Result<Example, NoExample> {
        let entry = self.registered.get(workflow).ok_or(NoExample::Unknown(UnknownWorkflow))?;
        let (rule, install) = (&entry.rule, &entry.install);
        let installed = || self.first_device(|key| self.is_installed(install, key));
        let device = match rule {
            _ if device.is_some() => device,
            Rule::Timer => self.only_device(install),
            Rule::Http => installed().or_else(|| self.first_device(|_| true)),
            _ => Some(installed().ok_or(NoExample::NoDevice)?),
        };
        let (kind, mut args) = self.occasion(now, rule, device);
        if let Some(source) = device.and_then(|key| self.directory.device(key)).and_then(Device::urn) {
            args = args.source_uri(source);
        }
        Ok(Example { device, trigger: Trigger::new(kind).args(args) })
    }

    /// The device of a registration that is installed on a single one.
    pub(super) fn only_device(&self, install: &Install) -> Option<DeviceKey> {
        match install {
            Install::Devices(ids) if ids.len() == 1 => {
                let id = ids.first()?;
                self.directory.device_with_id(id).or_else(|| self.directory.device_used_by(id))
            }
            _ => None,
        }
    }

    fn first_device(&self, is_wanted: impl Fn(DeviceKey) -> bool) -> Option<DeviceKey> {
        let wanted = self.directory.devices().filter(|(key, _)| is_wanted(*key));
        wanted.min_by_key(|(_, device)| device.name().to_lowercase()).map(|(key, _)| key)
    }

    fn occasion(&self, now: Timestamp, rule: &Rule, device: Option<DeviceKey>) -> (TriggerType, TriggerArgs) {
        let args = TriggerArgs::new();
        match rule {
            Rule::Phrases(phrases) => {
                let phrase = phrases.first().map(String::as_str).unwrap_or_default();
                (TriggerType::Phrase, args.phrase(phrase))
            }
            Rule::Button(action) => (TriggerType::Button, args.action(action.clone())),
            Rule::Http => (TriggerType::Http, args.args(JsonMap::new())),
            Rule::Timer => (TriggerType::Calendar, args),
            Rule::Nfc(wanted) => {
                let (uid, content) = self.tag_with(wanted);
                (TriggerType::Nfc, args.uid(uid).nfc_payload(payload(&content)))
            }
            Rule::Battery { charging, level } => {
                (TriggerType::Other, args.battery(u64::from(*level)).charging(*charging))
            }
            Rule::Geofence { id, transition } => {
                (TriggerType::Geofence, args.geofence_id(id.as_str()).transition(transition.clone()))
            }
            Rule::Position { venue, position, transition } => {
                let args = args.venue_id(venue.as_str()).position_id(position.as_str());
                (TriggerType::Other, args.transition(transition.clone()))
            }
            Rule::CallRequest(pattern) => {
                let args = self.with_party(now, args, pattern, device);
                (TriggerType::Telephony, args.direction(CallDirection::Outbound))
            }
            Rule::IncomingCall(pattern) => {
                let args = self.with_party(now, args.call_id(NOT_THERE), pattern, device);
                (TriggerType::Telephony, args.direction(CallDirection::Inbound))
            }
            Rule::Emergency => (TriggerType::Emergency, args),
        }
    }

    /// A tag in which every pair stands; if there is none, what it would say.
    fn tag_with(&self, wanted: &BTreeMap<String, String>) -> (&str, BTreeMap<String, String>) {
        if let Some((uid, content)) = self.tags.iter().find(|(_, content)| says(content, wanted)) {
            return (uid, content.clone());
        }
        let mut content = wanted.clone();
        content.entry("type".into()).or_insert_with(|| "custom".into());
        (NOT_THERE, content)
    }

    /// Somebody who fits the pattern is at the other end of a call.
    fn with_party(
        &self,
        now: Timestamp,
        args: TriggerArgs,
        pattern: &str,
        device: Option<DeviceKey>,
    ) -> TriggerArgs {
        let (party, uri) = if pattern == ".*" {
            let other = self.first_device(|key| Some(key) != device);
            (other, other.and_then(|key| self.urn(key)).map_or_else(String::new, |urn| urn.to_string()))
        } else {
            (self.callee(now, pattern), pattern.to_string())
        };
        self.about(args, party, &uri).start_time_epoch(self.epoch(now))
    }
}
