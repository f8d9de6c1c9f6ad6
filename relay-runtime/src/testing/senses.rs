//! What the person at a device has perceived and the test has not yet asked about.

use std::collections::VecDeque;
use std::mem::take;
use std::sync::Arc;

use relay_engine::{ALERT_TONE, BROADCAST_CHIME, CallStatus, Channel, Light, Perception, Sound};

/// One person.
#[derive(Debug)]
pub(super) struct Senses {
    pub(super) name: Arc<str>,
    /// What workflows said and played for this device alone, and what the platform said by itself.
    pub(super) heard: VecDeque<Heard>,
    pub(super) alerts: VecDeque<String>,
    pub(super) broadcasts: VecDeque<String>,
    /// Sounds of any kind, ever.
    pub(super) sounds: u64,
    /// What the next words belong to.
    announced: Announced,
    pub(super) felt: VecDeque<Vec<u64>>,
    /// What the ring has shown, the present light last. `None` is the device's own.
    pub(super) seen: VecDeque<Option<Light>>,
    /// The channels that the device was on, the present one last.
    pub(super) channels: VecDeque<Channel>,
    pub(super) calls: VecDeque<CallStatus>,
    pub(super) pushed: VecDeque<String>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Announced {
    #[default]
    Nothing,
    Alert,
    Broadcast,
}

impl Senses {
    pub(super) fn new(name: &str, channel: Option<Channel>) -> Self {
        Self {
            name: name.into(),
            heard: VecDeque::new(),
            alerts: VecDeque::new(),
            broadcasts: VecDeque::new(),
            sounds: 0,
            announced: Announced::Nothing,
            felt: VecDeque::new(),
            seen: [None].into(),
            channels: channel.into_iter().collect(),
            calls: VecDeque::new(),
            pushed: VecDeque::new(),
            listening: false,
        }
    }

    pub(super) fn perceive(&mut self, what: &Perception) {
        match what {
            Perception::SoundStarted { sound, .. } => self.hear(sound),
            Perception::SoundStopped => {
                if let Some(last) = self.heard.back_mut() {
                    last.over = true;
                }
            }
            Perception::Ring(light) => self.seen.push_back(light.clone()),
            Perception::Vibration(pattern) => self.felt.push_back(pattern.clone()),
            Perception::Channel(channel) => self.channels.push_back(channel.clone()),
            Perception::Call(status) => self.calls.push_back(status.clone()),
            Perception::Push { text, .. } => self.pushed.push_back(text.clone()),
            Perception::Listening(listening) => self.listening = *listening,
            _ => {}
        }
    }

    /// Alerts come again and again, whatever else is said, and are expected by themselves.
    fn hear(&mut self, sound: &Sound) {
        self.sounds += 1;
        match (sound, take(&mut self.announced)) {
            (Sound::File(name), _) if name == ALERT_TONE => self.announced = Announced::Alert,
            (Sound::File(name), _) if name == BROADCAST_CHIME => self.announced = Announced::Broadcast,
            // A repetition is no news as long as the test has not asked for the first.
            (Sound::Speech { text, .. }, Announced::Alert) if self.alerts.contains(text) => {}
            (Sound::Speech { text, .. }, Announced::Alert) => self.alerts.push_back(text.clone()),
            (Sound::Speech { text, .. }, Announced::Broadcast) => self.broadcasts.push_back(text.clone()),
            _ => self.heard.push_back(Heard { sound: sound.clone(), over: false }),
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
        Perception::Ring(Some(light)) => format!("sees the ring {} {}", light.effect, light.colors[0]),
        Perception::Channel(channel) => format!("is on {}", place(channel)),
        Perception::Call(status) => called(status),
        Perception::Push { text, .. } => format!("sees {text:?} on the screen"),
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

fn place(channel: &Channel) -> String {
    match channel {
        Channel::Talk(name) => format!("the channel {name:?}"),
        Channel::Assistant => "the Assistant's channel".into(),
        Channel::Interaction(name) => format!("the interaction {name:?}"),
        channel => format!("{channel:?}"),
    }
}

fn called(status: &CallStatus) -> String {
    match status {
        CallStatus::Calling { name } => format!("hears it ring at {name}"),
        CallStatus::Ringing { name } => format!("hears the call of {name} ring"),
        CallStatus::Connected { name } => format!("can talk with {name}"),
        CallStatus::Ended { reason } => format!("is not in a call any more: {reason}"),
        status => format!("perceives {status:?}"),
    }
}
