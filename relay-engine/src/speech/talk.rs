//! Push to talk: what people say to each other, on channels that no workflow has taken.

use alloc::vec::Vec;

use relay_protocol::session::Timestamp;
use relay_protocol::types::Language;

use super::{Prompt, Sound, Source, Utterance};
use crate::button::Taken;
use crate::channel::Channel;
use crate::directory::{Device, fold};
use crate::engine::Engine;
use crate::inbox::Message;
use crate::key::{DeviceKey, GroupKey};

impl Engine {
    /// Somebody has spoken on a talk channel. On that of a group, those members hear it who are on it as well; on that of
    /// another device, the person there, now or later. Whether anybody was meant.
    pub(super) fn talk(
        &mut self,
        now: Timestamp,
        from: DeviceKey,
        channel: &str,
        utterance: Utterance,
    ) -> Taken {
        let Utterance { text, lang, .. } = utterance;
        let length = self.speaking_time(&text);
        let sound = Sound::Speech { text, lang: lang.unwrap_or(Language::English) };
        let hearing = match self.directory.group_named(channel) {
            Some(group) => self.on_channel(group, from, channel),
            None => match self.directory.device_named(channel).filter(|to| *to != from) {
                Some(to) if self.at_leisure(to) => Vec::from([to]),
                Some(to) => {
                    let name = self.directory.device(from).map(Device::name).unwrap_or_default();
                    let left = self.leave_message(to, Message::new(name, sound, length));
                    return if left.is_ok() { Taken::Platform } else { Taken::Nobody };
                }
                None => Vec::new(),
            },
        };
        for to in &hearing {
            let prompt = Prompt { source: Source::Platform, sound: sound.clone(), length };
            self.play_on(now, *to, prompt);
        }
        if hearing.is_empty() { Taken::Nobody } else { Taken::Platform }
    }

    /// The other members of a group who can hear what is said on its channel.
    fn on_channel(&self, group: GroupKey, from: DeviceKey, channel: &str) -> Vec<DeviceKey> {
        let members = self.directory.group(group).into_iter().flat_map(|group| group.members());
        let here = |key: &DeviceKey| {
            let base = self.directory.device(*key).map(|device| device.channels.base());
            matches!(base, Some(Channel::Talk(name)) if fold(name) == fold(channel))
        };
        members.filter(|key| *key != from && self.at_leisure(*key) && here(key)).collect()
    }

    /// Whether the person can be spoken to: within reach, and with no workflow at the moment.
    fn at_leisure(&self, key: DeviceKey) -> bool {
        let limit = self.config.max_prompts;
        self.at_hand(key)
            .is_ok_and(|device| device.channels.active().is_none() && device.speaker.len() < limit)
    }
}
