//! The speaker of a device: one sound at a time, the others in a queue.

use alloc::collections::VecDeque;
use alloc::string::String;
use core::time::Duration;

use relay_protocol::event;
use relay_protocol::session::Timestamp;
use relay_protocol::types::{Language, PromptType};

use crate::action::Perception;
use crate::deadlines::{Deadline, DeadlineKey};
use crate::engine::Engine;
use crate::key::{DeviceKey, InstanceKey, LegKey, NoticeKey};

/// Something that a device can play.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Sound {
    /// A text, spoken.
    Speech {
        /// The words.
        text: String,
        /// Their language.
        lang: Language,
    },
    /// A sound file.
    File(String),
}

/// A sound on its way to a speaker.
#[derive(Debug)]
pub(crate) struct Prompt {
    pub(crate) source: Source,
    pub(crate) sound: Sound,
    pub(crate) length: Duration,
}

/// Who wants a sound to be heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A workflow, through an interaction.
    Request {
        leg: LegKey,
        /// The id of the request, which its events carry.
        id: String,
    },
    /// A message that the person missed, for the run that asked.
    Inbox {
        run: Option<InstanceKey>,
        /// Whether none follows.
        last: bool,
    },
    /// A notification.
    Notice(NoticeKey),
    /// The platform itself.
    Platform,
}

impl Prompt {
    pub(crate) fn is_of(&self, key: LegKey) -> bool {
        matches!(&self.source, Source::Request { leg, .. } if *leg == key)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Speaker {
    playing: Option<Playing>,
    queue: VecDeque<Prompt>,
}

#[derive(Debug)]
struct Playing {
    prompt: Prompt,
    over: DeadlineKey,
    /// Not in do-not-disturb mode: the workflow is none the wiser.
    heard: bool,
}

impl Speaker {
    /// Whether anything of this source is playing or waits.
    pub(crate) fn has(&self, source: &Source) -> bool {
        self.prompts().any(|prompt| prompt.source == *source)
    }

    /// Whether missed messages are being played.
    pub(crate) fn plays_inbox(&self) -> bool {
        self.prompts().any(|prompt| matches!(prompt.source, Source::Inbox { .. }))
    }

    fn prompts(&self) -> impl Iterator<Item = &Prompt> {
        self.playing.iter().map(|playing| &playing.prompt).chain(&self.queue)
    }

    /// What is playing and what waits.
    pub(crate) fn len(&self) -> usize {
        self.queue.len() + usize::from(self.playing.is_some())
    }
}

/// How prompts end that are cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Somebody wanted silence: all have stopped.
    Stopped,
    /// The person is gone: what was playing has stopped, what waited was never heard.
    Left,
    /// The device is gone: nothing more is heard.
    Lost,
}

impl Engine {
    /// Plays a sound when the speaker is free. The platform comes before the workflows.
    pub(crate) fn play_on(&mut self, now: Timestamp, key: DeviceKey, prompt: Prompt) {
        let Some(device) = self.directory.device_mut(key) else { return };
        let queue = &mut device.speaker.queue;
        let requested = |prompt: &Prompt| matches!(prompt.source, Source::Request { .. });
        let first = if requested(&prompt) { None } else { queue.iter().position(requested) };
        queue.insert(first.unwrap_or(queue.len()), prompt);
        self.play_next(now, key);
    }

    /// Cuts off the prompts of a device that `which` chooses.
    pub(crate) fn cut_off(
        &mut self,
        now: Timestamp,
        key: DeviceKey,
        cut: Cut,
        which: impl Fn(&Prompt) -> bool,
    ) {
        let Some(device) = self.directory.device_mut(key) else { return };
        let waited: VecDeque<Prompt>;
        (waited, device.speaker.queue) =
            core::mem::take(&mut device.speaker.queue).into_iter().partition(|prompt| which(prompt));
        if let Some(playing) = device.speaker.playing.take_if(|playing| which(&playing.prompt)) {
            self.deadlines.cancel(playing.over);
            let how = if cut == Cut::Lost { PromptType::Failed } else { PromptType::Stopped };
            self.silent(now, key, playing, how);
        }
        for prompt in waited {
            let how = if cut == Cut::Stopped { PromptType::Stopped } else { PromptType::Failed };
            self.over(now, key, &prompt, how);
        }
        self.play_next(now, key);
    }

    pub(crate) fn prompt_due(&mut self, now: Timestamp, key: DeviceKey) {
        let Some(device) = self.directory.device_mut(key) else { return };
        if let Some(playing) = device.speaker.playing.take() {
            self.silent(now, key, playing, PromptType::Stopped);
        }
        self.play_next(now, key);
    }

    /// Tells the workflow about one of its prompts. Prompts that it did not ask for are not told: official SDKs take
    /// them for their own, or break.
    pub(crate) fn tell_prompt(&mut self, now: Timestamp, prompt: &Prompt, how: PromptType) {
        let Source::Request { leg, id } = &prompt.source else { return };
        let Some(leg) = self.legs.get(*leg) else { return };
        let event = event::Prompt::new(how).source_uri(leg.urn.clone()).id(id.as_str());
        self.emit(now, leg.instance, event);
    }

    fn play_next(&mut self, now: Timestamp, key: DeviceKey) {
        let Some(device) = self.directory.device_mut(key) else { return };
        if device.speaker.playing.is_some() {
            return;
        }
        let Some(prompt) = device.speaker.queue.pop_front() else { return };
        let heard = !device.info.do_not_disturb;
        if heard {
            let by = self.asked_by(&prompt);
            self.perceive(key, Perception::SoundStarted { sound: prompt.sound.clone(), by });
        }
        self.tell_prompt(now, &prompt, PromptType::Started);
        let over = self.deadlines.set(now + prompt.length, Deadline::Prompt(key));
        if let Some(device) = self.directory.device_mut(key) {
            device.speaker.playing = Some(Playing { prompt, over, heard });
        }
    }

    fn silent(&mut self, now: Timestamp, key: DeviceKey, playing: Playing, how: PromptType) {
        if playing.heard {
            self.perceive(key, Perception::SoundStopped);
        }
        self.over(now, key, &playing.prompt, how);
    }

    fn over(&mut self, now: Timestamp, key: DeviceKey, prompt: &Prompt, how: PromptType) {
        match prompt.source {
            Source::Inbox { run, last } => self.message_over(now, key, run, how == PromptType::Stopped, last),
            _ => self.tell_prompt(now, prompt, how),
        }
    }

    fn asked_by(&self, prompt: &Prompt) -> Option<InstanceKey> {
        match &prompt.source {
            Source::Request { leg, .. } => Some(self.legs.get(*leg)?.instance),
            Source::Inbox { run, .. } => *run,
            Source::Notice(_) | Source::Platform => None,
        }
    }
}
