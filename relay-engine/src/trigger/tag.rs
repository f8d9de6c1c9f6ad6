//! NFC tags.

use alloc::collections::BTreeMap;
use alloc::string::String;

use relay_protocol::codec::JsonMap;
use relay_protocol::session::Timestamp;
use relay_protocol::types::{TriggerArgs, TriggerType};

use super::Rule;
use crate::button::Taken;
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::key::DeviceKey;

impl Engine {
    /// Makes a tag known: what it says besides its identifier. `type`, `category` and `label` are keys that registrations
    /// ask for; a tag without a type is `custom`. Replaces a tag with the same identifier.
    pub fn add_tag(&mut self, uid: impl Into<String>, mut content: BTreeMap<String, String>) {
        content.entry("type".into()).or_insert_with(|| "custom".into());
        self.tags.insert(uid.into(), content);
    }

    /// Forgets a tag.
    pub fn remove_tag(&mut self, uid: &str) {
        self.tags.remove(uid);
    }

    /// The person holds the device to a tag. Workflows start of whose registration every pair stands in the tag.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: nothing has happened.
    pub fn touch_tag(&mut self, now: Timestamp, device: DeviceKey, uid: &str) -> Result<Taken, DeviceError> {
        self.reachable(device)?;
        let Some(content) = self.tags.get(uid).cloned() else { return Ok(Taken::Nobody) };
        let args = TriggerArgs::new().uid(uid).nfc_payload(payload(&content));
        let run = self.fire(now, device, TriggerType::Nfc, &args, |rule| match rule {
            Rule::Nfc(wanted) => says(&content, wanted),
            _ => false,
        });
        Ok(run.map_or(Taken::Nobody, Taken::Workflow))
    }
}

/// Whether every pair that is wanted stands in a tag.
pub(super) fn says(content: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> bool {
    wanted.iter().all(|(key, value)| content.get(key) == Some(value))
}

/// What a tag says, as workflows are told.
pub(super) fn payload(content: &BTreeMap<String, String>) -> JsonMap {
    content.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect()
}
