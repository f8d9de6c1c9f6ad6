//! What the person at a device has perceived and the test has not yet asked about.

use std::collections::VecDeque;
use std::sync::Arc;

use relay_engine::{Channel, Light, Perception, Sound};

/// One person.
#[derive(Debug)]
pub(super) struct Senses {
    pub(super) name: Arc<str>,
    pub(super) heard: VecDeque<Heard>,
    pub(super) felt: VecDeque<Vec<u64>>,
    /// What the ring has shown, the present light last. `None` is the device's own.
    pub(super) seen: VecDeque<Option<Light>>,
    /// The channels that the device was on, the present one last.
    pub(super) channels: VecDeque<Channel>,
    /// Whether the device waits for speech.
    pub(super) listening: bool,
}

/// A sound.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) sound: Sound,
    /// Whether it is over.
    pub(super) over: bool,
}

impl Senses {
    pub(super) fn new(name: &str, channel: Option<Channel>) -> Self {
        Self {
            name: name.into(),
            heard: VecDeque::new(),
            felt: VecDeque::new(),
            seen: [None].into(),
            channels: channel.into_iter().collect(),
            listening: false,
        }
    }

    pub(super) fn perceive(&mut self, what: &Perception) {
        match what {
            Perception::SoundStarted { sound, .. } => {
                self.heard.push_back(Heard { sound: sound.clone(), over: false })
            }
            Perception::SoundStopped => {
                if let Some(last) = self.heard.back_mut() {
                    last.over = true;
                }
            }
            Perception::Ring(light) => self.seen.push_back(light.clone()),
            Perception::Vibration(pattern) => self.felt.push_back(pattern.clone()),
            Perception::Channel(channel) => self.channels.push_back(channel.clone()),
            Perception::Listening(listening) => self.listening = *listening,
            _ => {}
        }
    }
}

/// A perception in words: `hears "Hello"`.
pub(super) fn told(what: &Perception) -> String {
    match what {
        Perception::SoundStarted { sound, .. } => format!("hears {}", named(sound)),
        Perception::SoundStopped => "hears no more".into(),
        Perception::Listening(true) => "may speak".into(),
        Perception::Listening(false) => "may not speak any more".into(),
        Perception::Vibration(pattern) => format!("feels a vibration {pattern:?}"),
        Perception::Ring(None) => "sees the ring go back to its own light".into(),
        Perception::Ring(Some(light)) => format!("sees the ring {}", shown(light)),
        Perception::Channel(channel) => format!("is on {}", place(channel)),
        what => format!("perceives {what:?}"),
    }
}

pub(super) fn named(sound: &Sound) -> String {
    match sound {
        Sound::Speech { text, .. } => format!("{text:?}"),
        Sound::File(name) => format!("the file {name:?}"),
        sound => format!("{sound:?}"),
    }
}

pub(super) fn shown(light: &Light) -> String {
    format!("{} {}", light.effect, light.colors[0])
}

pub(super) fn place(channel: &Channel) -> String {
    match channel {
        Channel::Talk(name) => format!("the channel {name:?}"),
        Channel::Assistant => "the Assistant channel".into(),
        Channel::Interaction(name) => format!("the interaction {name:?}"),
        channel => format!("{channel:?}"),
    }
}
