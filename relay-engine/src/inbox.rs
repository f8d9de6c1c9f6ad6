//! Messages that people missed.

use alloc::string::String;
use core::time::Duration;

use relay_protocol::session::Timestamp;
use relay_protocol::types::InboxAction;
use relay_protocol::{event, response};

use crate::engine::Engine;
use crate::error::DeviceError;
use crate::instance::Ask;
use crate::key::{DeviceKey, InstanceKey};
use crate::refusal::Refusal;
use crate::speech::{Prompt, Sound, Source};

/// A message that somebody left on a device.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Message {
    /// Who left it.
    pub from: String,
    /// What is to be heard.
    pub sound: Sound,
    /// How long it takes.
    pub length: Duration,
}

impl Message {
    /// A message from somebody.
    pub fn new(from: impl Into<String>, sound: Sound, length: Duration) -> Self {
        Self { from: from.into(), sound, length }
    }
}

impl Engine {
    /// Somebody leaves a message on a device, for later.
    ///
    /// # Errors
    ///
    /// [`DeviceError`], also if there are too many: nothing has changed.
    pub fn leave_message(&mut self, device: DeviceKey, message: Message) -> Result<(), DeviceError> {
        let limit = self.config.max_messages;
        let inbox = &mut self.device_mut(device)?.inbox;
        if inbox.len() >= limit {
            return Err(DeviceError::InboxFull);
        }
        inbox.push_back(message);
        Ok(())
    }

    /// The messages on a device, the oldest first.
    pub fn messages(&self, device: DeviceKey) -> impl Iterator<Item = &Message> {
        self.directory.device(device).into_iter().flat_map(|device| &device.inbox)
    }

    pub(crate) fn inbox_count(&self, ask: &Ask) -> Result<response::InboxCount, Refusal> {
        let device = self.directory.device(self.one_device(ask)?);
        let count = device.map_or(0, |device| device.inbox.len() as u64);
        Ok(response::InboxCount::new(count))
    }

    pub(crate) fn play_inbox_messages(
        &mut self,
        now: Timestamp,
        ask: &Ask,
    ) -> Result<response::PlayInboxMessages, Refusal> {
        let device = self.one_device(ask)?;
        self.play_inbox(now, device, Some(ask.instance));
        Ok(response::PlayInboxMessages::new())
    }

    /// Plays the messages of a device, for a run or for the person. Whether there is anything to hear.
    pub(crate) fn play_inbox(&mut self, now: Timestamp, key: DeviceKey, run: Option<InstanceKey>) -> bool {
        let messages = match self.at_hand(key) {
            Ok(device) if device.speaker.plays_inbox() => None,
            Ok(device) => Some(device.inbox.clone()),
            Err(_) => None,
        };
        let Some(messages) = messages else {
            self.inbox_played(now, run, InboxAction::Error);
            return false;
        };
        let count = messages.len();
        if count == 0 {
            self.inbox_played(now, run, InboxAction::Complete);
        }
        for (at, Message { sound, length, .. }) in messages.into_iter().enumerate() {
            let source = Source::Inbox { run, last: at + 1 == count };
            self.play_on(now, key, Prompt { source, sound, length });
        }
        count > 0
    }

    /// A message was heard to its end, or could not be.
    pub(crate) fn message_over(
        &mut self,
        now: Timestamp,
        key: DeviceKey,
        run: Option<InstanceKey>,
        heard: bool,
        last: bool,
    ) {
        if let (true, Some(device)) = (heard, self.directory.device_mut(key)) {
            device.inbox.pop_front();
        }
        if last {
            let action = if heard { InboxAction::Complete } else { InboxAction::Error };
            self.inbox_played(now, run, action);
        }
    }

    fn inbox_played(&mut self, now: Timestamp, run: Option<InstanceKey>, action: InboxAction) {
        if let Some(run) = run {
            self.emit(now, run, event::PlayInboxMessage::new().action(action));
        }
    }
}
