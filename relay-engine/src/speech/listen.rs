//! Listening to a person.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use relay_protocol::session::Timestamp;
use relay_protocol::types::Language;
use relay_protocol::{event, request, response};

use super::phrase::normalised;
use super::prompt::known_language;
use crate::action::Perception;
use crate::button::Taken;
use crate::channel::Channel;
use crate::config::Silence;
use crate::deadlines::{Deadline, DeadlineKey};
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::instance::Ask;
use crate::key::{DeviceKey, LegKey};
use crate::refusal::Refusal;

/// What a person says while holding Talk.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Utterance {
    /// The words, as they were recognised.
    pub text: String,
    /// The sound, encoded as base64, for workflows that want it instead of the words. Default: empty.
    pub audio: String,
    /// The language that was recognised; the one that the workflow expects if `None`.
    pub lang: Option<Language>,
}

impl From<&str> for Utterance {
    fn from(text: &str) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// A `listen` that waits for its answer.
#[derive(Debug)]
pub(crate) struct Listening {
    /// The id of the request, which the answer carries.
    id: String,
    /// The only phrases to recognise; anything if empty.
    phrases: Vec<String>,
    transcribe: bool,
    lang: Language,
    over: DeadlineKey,
}

impl Listening {
    /// What a recogniser that knows only these phrases hears in `text`.
    fn hears(&self, text: &str) -> Option<String> {
        match &*self.phrases {
            [] => Some(text.into()),
            phrases => phrases.iter().find(|phrase| normalised(phrase) == normalised(text)).cloned(),
        }
    }
}

impl Engine {
    pub(crate) fn listen(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        listen: request::Listen,
    ) -> Result<response::Listen, Refusal> {
        let key = self.one_leg(ask)?;
        self.check_active(ask, key)?;
        let lang = listen.alt_lang.unwrap_or(Language::English);
        if self.config.strict() {
            known_language(&lang)?;
        }
        let limit = self.config.max_prompts;
        let Some(leg) = self.legs.get_mut(key) else { return Ok(response::Listen::new()) };
        if leg.listening.len() >= limit {
            return Err(Refusal::limit_exceeded(format!("{limit} listen requests wait to be answered")));
        }
        let over = self.deadlines.set(now + Duration::from_secs(listen.timeout), Deadline::Listen(key));
        let listening = Listening {
            id: ask.id.clone(),
            phrases: listen.phrases,
            transcribe: listen.transcribe,
            lang,
            over,
        };
        leg.listening.push_back(listening);
        let device = leg.device;
        self.refresh_listening(device);
        Ok(response::Listen::new())
    }

    /// The person holds Talk and speaks. If the workflow of the active interaction listens, it hears it; of several
    /// `listen` requests the oldest that knows the phrase is answered. Speech that nobody listens to is not passed on:
    /// some official SDKs do not survive it.
    ///
    /// On a talk channel, the other people on it hear it; on the Assistant's, the Assistant.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: nothing was heard.
    pub fn speak(
        &mut self,
        now: Timestamp,
        device: DeviceKey,
        utterance: impl Into<Utterance>,
    ) -> Result<Taken, DeviceError> {
        self.device_mut(device)?.presses.spoken();
        let channels = &self.at_hand(device)?.channels;
        let utterance = utterance.into();
        let Some(key) = channels.active() else {
            return Ok(match channels.base() {
                Channel::Assistant => self.hear(now, device, &utterance.text),
                Channel::Talk(channel) => {
                    let channel = channel.clone();
                    self.talk(now, device, &channel, utterance)
                }
                Channel::Interaction(_) => Taken::Nobody,
            });
        };
        let Some(leg) = self.legs.get_mut(key) else { return Ok(Taken::Nobody) };
        let mut found = leg.listening.iter().enumerate();
        let Some((at, heard)) = found.find_map(|(at, open)| Some((at, open.hears(&utterance.text)?))) else {
            return Ok(Taken::Nobody);
        };
        let instance = leg.instance;
        self.answer_listen(now, key, at, Utterance { text: heard, ..utterance });
        Ok(Taken::Workflow(instance))
    }

    pub(crate) fn listen_due(&mut self, now: Timestamp, key: LegKey, over: DeadlineKey) {
        let Some(leg) = self.legs.get(key) else { return };
        if let Some(at) = leg.listening.iter().position(|open| open.over == over) {
            self.answer_listen(now, key, at, Utterance::default());
        }
    }

    /// Ends all listening on a leg that is about to end.
    pub(crate) fn stop_listening(&mut self, now: Timestamp, key: LegKey) {
        while self.legs.get(key).is_some_and(|leg| !leg.listening.is_empty()) {
            self.answer_listen(now, key, 0, Utterance::default());
        }
    }

    /// Tells the person whether the device waits for speech, if that has changed.
    pub(crate) fn refresh_listening(&mut self, key: DeviceKey) {
        let Some(device) = self.directory.device_mut(key) else { return };
        let active = device.channels.active().and_then(|leg| self.legs.get(leg));
        let listening = active.is_some_and(|leg| !leg.listening.is_empty());
        if core::mem::replace(&mut device.listening, listening) != listening {
            self.perceive(key, Perception::Listening(listening));
        }
    }

    /// Answers one `listen`; with an empty utterance if nobody spoke.
    fn answer_listen(&mut self, now: Timestamp, key: LegKey, at: usize, utterance: Utterance) {
        let Some(leg) = self.legs.get_mut(key) else { return };
        let Some(open) = leg.listening.remove(at) else { return };
        self.deadlines.cancel(open.over);
        let (device, instance) = (leg.device, leg.instance);
        let speech = event::Speech::new()
            .request_id(open.id)
            .source_uri(leg.urn.clone())
            .lang(utterance.lang.clone().unwrap_or(open.lang));
        let silent = utterance == Utterance::default();
        let speech = match open.transcribe {
            true => speech.text(utterance.text),
            false => speech.audio(utterance.audio),
        };
        self.refresh_listening(device);
        if !silent || self.config.silence == Silence::EmptySpeech {
            self.emit(now, instance, speech);
        }
    }
}
