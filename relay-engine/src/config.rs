//! How an engine behaves.

use alloc::sync::Arc;
use core::time::Duration;

use relay_protocol::session::SessionConfig;

use crate::speech::{MarkOnly, Translator};

/// How strict an engine is with what workflows ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Mode {
    /// Makes the best of what can be understood: for workflows on any official SDK.
    #[default]
    Compatible,
    /// Refuses what the documentation does not allow, with errors that teach: for tests.
    Strict,
}

/// What a `listen` brings when nobody speaks in time. What the real platform does is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Silence {
    /// A `speech` event with empty text, so that the workflow needs no clock of its own.
    #[default]
    EmptySpeech,
    /// Nothing.
    Nothing,
}

/// Settings of an [`Engine`](crate::Engine).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// How strict the engine is. Default: [`Mode::Compatible`].
    pub mode: Mode,
    /// For tests of workflow sides: makes use of all that the protocol leaves open, as this seed decides. Keys come in any
    /// order, unknown fields, events and sounds in between, progress again and again and too late, null for what is
    /// absent, old encodings and the other spellings of what official peers spell differently. Default: none of that.
    pub hostile: Option<u64>,
    /// Limits and pings of each connection. What waits to be written is the driver's to bound: it is handed over at once.
    pub session: SessionConfig,
    /// The least time between a response and the events that follow it. Some official SDKs lose an event that arrives
    /// in one read with the response before it. Default: 5 ms; zero for peers that have no such fault.
    pub response_gap: Duration,
    /// How fast devices speak, in characters a second; taken as 1 if 0. Default: 15.
    pub speaking_rate: u32,
    /// How long a sound lasts that was not registered with [`Engine::add_sound`](crate::Engine::add_sound). In
    /// [`Mode::Strict`] such a sound is refused. Default: 2 s.
    pub sound_length: Duration,
    /// What a `listen` brings when nobody speaks. Default: [`Silence::EmptySpeech`].
    pub silence: Silence,
    /// How long after the last activity a device falls back to its home channel; `None` for never. Default: `None`.
    pub home_channel_timeout: Option<Duration>,
    /// How long a call rings. Default: 30 s.
    pub ringing_timeout: Duration,
    /// The Unix time at [`Timestamp::ZERO`](relay_protocol::session::Timestamp::ZERO), for the events that tell times of
    /// day. Default: 0.
    pub clock_origin: Duration,
    /// How long a device is away that a workflow restarts. Default: 20 s.
    pub restart_time: Duration,
    /// How often an alert is repeated that nobody has acknowledged. Default: 30 s, as documented for alerts over HTTP.
    pub alert_repeat: Duration,
    /// How long an alert can be acknowledged. Default: 300 s, as documented for alerts over HTTP.
    pub alert_timeout: Duration,
    /// How many recipients of a notification are served at once; taken as 1 if 0. Default: 50.
    pub delivery_batch: usize,
    /// How long it takes to serve more of them, before which the workflow is told to be patient. Default: 1 s.
    pub delivery_time: Duration,
    /// The shortest period of a workflow's timer; shorter ones are lengthened to it. Default: 10 ms.
    pub min_timer: Duration,
    /// Named timers that one instance may have. Default: 1,000.
    pub max_timers: usize,
    /// Names and values of the variables of one instance, in bytes. Default: 1,000,000, as documented.
    pub max_variable_bytes: usize,
    /// Interactions that one instance may know of, ended ones included. Default: 1,000.
    pub max_interactions: usize,
    /// What may wait to be said or played on one device. Default: 1,000.
    pub max_prompts: usize,
    /// Notifications that may be unfinished at once: in delivery, or alerts to be acknowledged. Default: 10,000.
    pub max_notifications: usize,
    /// Missed messages that may wait on one device. Default: 1,000.
    pub max_messages: usize,
    /// Groups on the account up to which workflows may create some. Default: 10,000.
    pub max_groups: usize,
    /// Incidents that may be open at once. Default: 10,000.
    pub max_incidents: usize,
    /// Answers `translate`. Default: [`MarkOnly`].
    pub translator: Arc<dyn Translator>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            hostile: None,
            session: SessionConfig::default(),
            response_gap: Duration::from_millis(5),
            speaking_rate: 15,
            sound_length: Duration::from_secs(2),
            silence: Silence::default(),
            home_channel_timeout: None,
            ringing_timeout: Duration::from_secs(30),
            clock_origin: Duration::ZERO,
            restart_time: Duration::from_secs(20),
            alert_repeat: Duration::from_secs(30),
            alert_timeout: Duration::from_secs(300),
            delivery_batch: 50,
            delivery_time: Duration::from_secs(1),
            min_timer: Duration::from_millis(10),
            max_timers: 1000,
            max_variable_bytes: 1_000_000,
            max_interactions: 1000,
            max_prompts: 1000,
            max_notifications: 10_000,
            max_messages: 1000,
            max_groups: 10_000,
            max_incidents: 10_000,
            translator: Arc::new(MarkOnly),
        }
    }
}

impl Config {
    pub(crate) fn strict(&self) -> bool {
        self.mode == Mode::Strict
    }
}
