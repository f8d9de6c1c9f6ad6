//! Workflows that move a device to another channel.

use relay_protocol::session::Timestamp;
use relay_protocol::types::Language;
use relay_protocol::{RequestBody, request, response};

use super::Channel;
use crate::engine::Engine;
use crate::instance::Ask;
use crate::refusal::Refusal;
use crate::speech::{Prompt, Sound, Source};

impl Engine {
    pub(crate) fn set_channel(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        set: request::SetChannel,
    ) -> Result<response::SetChannel, Refusal> {
        if set.channel_name.is_empty() {
            return Err(Refusal::invalid_value("set_channel needs the name of a channel, got an empty one"));
        }
        let key = self.one_device(ask)?;
        let channel = Channel::Talk(set.channel_name.clone());
        self.move_to(key, channel).map_err(Refusal::unavailable)?;
        if let Some(device) = self.directory.device_mut(key)
            && set.disable_home_channel
        {
            device.channels.home_enabled = false;
        }
        self.settle_device(now, key);
        if !set.suppress_tts && self.reachable(key).is_ok() {
            let length = self.speaking_time(&set.channel_name);
            let sound = Sound::Speech { text: set.channel_name, lang: Language::English };
            self.play_on(now, key, Prompt { source: Source::Platform, sound, length });
        }
        Ok(response::SetChannel::new())
    }

    pub(crate) fn set_home_channel_state(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        set: request::SetHomeChannelState,
    ) -> Result<response::SetHomeChannelState, Refusal> {
        for key in self.devices(ask, request::SetHomeChannelState::TARGETS)? {
            if let Some(device) = self.directory.device_mut(key) {
                device.channels.home_enabled = set.enabled;
            }
            self.watch_home(now, key);
        }
        Ok(response::SetHomeChannelState::new())
    }
}
