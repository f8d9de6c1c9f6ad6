//! Saying, playing, and stopping it.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use core::time::Duration;

use relay_protocol::session::Timestamp;
use relay_protocol::types::{Language, PromptType};
use relay_protocol::{request, response};

use super::speaker::Cut;
use super::{Prompt, Sound, Source};
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::instance::Ask;
use crate::key::{DeviceKey, LegKey};
use crate::refusal::Refusal;

impl Engine {
    /// Registers a sound file, which workflows play as `name` or `relay-static://name`, with the time it takes.
    pub fn add_sound(&mut self, name: impl Into<String>, length: Duration) {
        self.sounds.insert(name.into(), length);
    }

    /// Forgets a sound file.
    pub fn remove_sound(&mut self, name: &str) {
        self.sounds.remove(name);
    }

    /// Speaks to the person at a device in the platform's own voice, whatever workflow has the device.
    ///
    /// # Errors
    ///
    /// [`DeviceError`] if the device cannot be reached: nothing is heard, now or later.
    pub fn announce(
        &mut self,
        now: Timestamp,
        device: DeviceKey,
        text: impl Into<String>,
    ) -> Result<(), DeviceError> {
        let limit = self.config.max_prompts;
        if self.reachable(device)?.speaker.len() >= limit {
            return Ok(()); // what waits there is more than anybody listens to
        }
        let text = text.into();
        let length = self.speaking_time(&text);
        let sound = Sound::Speech { text, lang: Language::English };
        self.play_on(now, device, Prompt { source: Source::Platform, sound, length });
        Ok(())
    }

    pub(crate) fn say(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        say: request::Say,
    ) -> Result<response::Say, Refusal> {
        if self.config.strict() {
            if say.text.is_empty() {
                return Err(Refusal::invalid_value("say needs a text, got an empty one"));
            }
            known_language(&say.lang)?;
        }
        let length = self.speaking_time(&say.text);
        self.prompt(now, ask, Sound::Speech { text: say.text, lang: say.lang }, length)?;
        Ok(response::Say::new().id(ask.id.as_str()))
    }

    pub(crate) fn play(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        play: request::Play,
    ) -> Result<response::Play, Refusal> {
        let name = play.filename.strip_prefix("relay-static://").unwrap_or(&play.filename);
        let length = match self.sounds.get(name) {
            Some(length) => *length,
            None if self.config.strict() => {
                return Err(Refusal::not_found(format!("there is no sound named {name:?}")));
            }
            None => self.config.sound_length,
        };
        self.prompt(now, ask, Sound::File(play.filename), length)?;
        Ok(response::Play::new().id(ask.id.as_str()))
    }

    pub(crate) fn stop_playback(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        stop: request::StopPlayback,
    ) -> Result<response::StopPlayback, Refusal> {
        // The official .NET SDK names no target when it stops everything.
        let legs = match (&*ask.target, self.instances.get(ask.instance)) {
            ([], Some(instance)) => instance.interactions.legs().collect(),
            _ => self.legs(ask)?,
        };
        let ids: Option<BTreeSet<String>> = stop.ids.map(|ids| ids.into_iter().collect());
        for key in legs {
            let Some(leg) = self.legs.get(key) else { continue };
            self.cut_off(now, leg.device, Cut::Stopped, |prompt| match &prompt.source {
                Source::Request { leg, id } if *leg == key => ids.as_ref().is_none_or(|ids| ids.contains(id)),
                _ => false,
            });
        }
        Ok(response::StopPlayback::new())
    }

    /// How long a device needs to speak a text.
    pub(crate) fn speaking_time(&self, text: &str) -> Duration {
        let characters = text.chars().count().max(1) as u64;
        Duration::from_millis(characters * 1000 / u64::from(self.config.speaking_rate.max(1)))
    }

    fn prompt(&mut self, now: Timestamp, ask: &Ask, sound: Sound, length: Duration) -> Result<(), Refusal> {
        let legs = self.legs(ask)?;
        if legs.is_empty() {
            // Nothing would follow the response, and the workflow would wait for ever.
            return Err(Refusal::not_found(format!(
                "{}: no device has the status that was asked for",
                ask.request
            )));
        }
        for leg in &legs {
            self.check_active(ask, *leg)?;
            self.check_queue(*leg)?;
        }
        for key in legs {
            let Some(leg) = self.legs.get(key) else { continue };
            let (device, resumed) = (leg.device, leg.resumed);
            let source = Source::Request { leg: key, id: ask.id.clone() };
            let prompt = Prompt { source, sound: sound.clone(), length };
            match resumed {
                true => self.play_on(now, device, prompt),
                // Nobody hears it. Keeping it for later would leave the workflow waiting for as long as the person stays
                // away. What the real platform does is not known.
                false => self.tell_prompt(now, &prompt, PromptType::Failed),
            }
        }
        Ok(())
    }

    /// In strict mode, refuses what a person who is elsewhere would not perceive.
    pub(crate) fn check_active(&self, ask: &Ask, key: LegKey) -> Result<(), Refusal> {
        let suspended = |leg: &&crate::interaction::Leg| self.config.strict() && !leg.resumed;
        let Some(leg) = self.legs.get(key).filter(suspended) else { return Ok(()) };
        let (name, request) = (&leg.name, ask.request);
        Err(Refusal::unavailable(format!(
            "{request} needs an active interaction; {name:?} is suspended: the person is on another channel"
        )))
    }

    fn check_queue(&self, key: LegKey) -> Result<(), Refusal> {
        let limit = self.config.max_prompts;
        match self.legs.get(key).and_then(|leg| self.directory.device(leg.device)) {
            Some(device) if device.speaker.len() >= limit => Err(Refusal::limit_exceeded(format!(
                "{limit} prompts wait to be heard on {}; wait for each to stop",
                device.name()
            ))),
            _ => Ok(()),
        }
    }
}

/// What strict mode does not let pass.
pub(super) fn known_language(lang: &Language) -> Result<(), Refusal> {
    match lang {
        Language::Unknown(word) => {
            Err(Refusal::invalid_value(format!("{:?} is no language that is known", word)))
        }
        _ => Ok(()),
    }
}
