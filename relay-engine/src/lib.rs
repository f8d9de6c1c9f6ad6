//! The Relay platform, without any I/O.
//!
//! Relay is a platform of push-to-talk devices. When somebody speaks a phrase to one, or taps a button, the platform dials
//! the workflow that is registered for it, and carries out what the workflow asks: speak here, listen there, light the
//! ring. This crate is that platform as one state machine, `#![no_std]` and deterministic. A server drives it with sockets
//! and a clock; a test drives it in memory, where an hour passes in microseconds.
//!
//! ```text
//!     the workflows' connections                                     the driver's work
//!     handle_connected, handle_text, ──┐                   ┌──► poll_action    dial, transmit, release, observed
//!     handle_disconnect, …             │                   │
//!     the clock                        ├──►  Engine  ──────┤
//!     handle_timeout ──────────────────┤   devices, runs,  │
//!     people and whoever runs it       │   deadlines       │
//!     launch, tap, speak, turn_to, … ──┘                   └──► poll_timeout   when to call handle_timeout, and why
//! ```
//!
//! Methods come in four kinds: getters; `handle_*` for what came from the network or the clock; verbs for what people, the
//! hardware and the operator do; `poll_*` for what the driver must now do. Any number of inputs may come before the polls.
//! Time is a parameter and must not go back; ids come from an [`IdSource`](relay_protocol::session::IdSource). Given the
//! same inputs, an engine gives the same outputs.
//!
//! An [`Instance`] is one run of a workflow: one trigger, one connection, one
//! [`EngineSession`](relay_protocol::session::EngineSession). It is known by its key, as devices, groups and workflows are;
//! a key is never used again. What there is to see (what a person hears, how a run ends) comes out as [`Observation`]s,
//! in order with everything else.
//!
//! | subject | what it holds | the verbs of people, hardware and operator |
//! | --- | --- | --- |
//! | directory | devices, groups, users | `add_device`, `add_group`, `rename_device`, … |
//! | channel, button | where a device is, what its buttons do | `turn_to`, `tap`, or `button_down` and `button_up`, `set_online`, `set_do_not_disturb` |
//! | interaction, speech, led, vibration | what workflows do with a device | `speak` |
//! | trigger | registrations, tags, geofences, positions | `register`, `ask_assistant`, `invoke`, `fire_schedule`, `touch_tag`, `set_battery`, `set_location`, `set_position`, `raise_alarm` |
//! | notification | broadcasts, alerts | `alert`, `broadcast`, `take_back`; a `tap` on Talk acknowledges |
//! | call | calls between devices | `place_call`; a `tap` answers, two hang up |
//! | inbox | missed messages | `leave_message` |
//! | incident, analytics, sms | what is handed on to people and systems | `resolve_incident`, `cancel_incident`, `report_sms`; `report` for what nobody knows more about |
//! | timers, variables | what belongs to a run | |
//! | hostile, fault | trouble on purpose, for tests of workflow sides | [`Config::hostile`], `inject` |
//!
//! A whole run, with a workflow that says one word. The driver here is ten lines: it joins the two ends in memory and lets
//! the clock jump to the next deadline.
//!
//! ```
//! use relay_engine::{Action, Config, DeviceInfo, Engine, Observation, Perception, Sound, Workflow};
//! use relay_protocol::session::{Incoming, RequestOptions, SessionConfig, Timestamp, Transmit, WorkflowSession};
//! use relay_protocol::types::{LifecycleType, Trigger, TriggerArgs, TriggerType};
//! use relay_protocol::urn::DeviceUrn;
//! use relay_protocol::{Event, Urn, request};
//!
//! let mut next = 0;
//! let mut engine = Engine::new(Config::default(), move || { next += 1; next });
//! let alice = engine.add_device(DeviceInfo::new("Alice", "990007560000001"))?;
//! let hello = engine.add_workflow(Workflow::new("hello", "wss://example.com/hello"));
//! let source = Urn::from(DeviceUrn::name("Alice")?);
//!
//! let mut now = Timestamp::ZERO;
//! let args = TriggerArgs::new().source_uri(source.clone()).phrase("hello");
//! engine.launch(now, hello, Trigger::new(TriggerType::Phrase).args(args))?;
//!
//! let mut workflow = WorkflowSession::new(now, SessionConfig::default(), &mut || 7);
//! let mut heard = Vec::new();
//! loop {
//!     match engine.poll_action() {
//!         Some(Action::Dial { instance, .. }) => engine.handle_connected(now, instance),
//!         Some(Action::Transmit { transmit: Transmit::Text(frame), .. }) => workflow.handle_text(now, &frame),
//!         Some(Action::Transmit { instance, .. }) => engine.handle_disconnect(now, instance, None),
//!         Some(Action::Observed(Observation::Device { device, what })) => heard.push((device, what)),
//!         Some(Action::Release { .. }) => break,
//!         Some(_) => {}
//!         None => {
//!             now = engine.poll_timeout().expect("the run goes on").0;
//!             engine.handle_timeout(now);
//!         }
//!     }
//!
//!     // The workflow: an interaction, one word, the end.
//!     while let Some(Incoming::Event(event)) = workflow.poll_event() {
//!         let options = RequestOptions::response_to::<request::Say>();
//!         let source = source.clone();
//!         match event {
//!             Event::Start(_) => {
//!                 workflow.request(now, &[source], &request::StartInteraction::new("hi"), options).ok();
//!             }
//!             Event::InteractionLifecycle(event) if event.kind == LifecycleType::Started => {
//!                 workflow.request(now, &[event.source_uri], &request::Say::new("Hello"), options).ok();
//!                 workflow.request(now, &[], &request::Terminate::new(), options).ok();
//!             }
//!             _ => {}
//!         }
//!     }
//!     let instance = engine.instances().next().map(|(key, _)| key);
//!     while let (Some(instance), Some(Transmit::Text(frame))) = (instance, workflow.poll_transmit()) {
//!         engine.handle_text(now, instance, &frame);
//!     }
//! }
//!
//! let said = |(device, what): &(_, _)| {
//!     let hello = |sound: &Sound| matches!(sound, Sound::Speech { text, .. } if text == "Hello");
//!     *device == alice && matches!(what, Perception::SoundStarted { sound, .. } if hello(sound))
//! };
//! assert!(heard.iter().any(said));
//! assert_eq!(engine.poll_timeout(), None, "nothing is left of the run");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How a subject is added
//!
//! A subject (interactions, speech, …) is a file or folder with its state, an `impl Engine` block that carries out its
//! requests, its device inputs and its timers, and a file of stories in `tests/`. Outside of it, it adds
//!
//! - its requests to the table in `instance/request.rs`; a method there takes the `Ask` and gives back the response or a
//!   `Refusal`, which is how each request is answered exactly once. Events that it emits on the way leave after the
//!   response by themselves;
//! - its state, as one field of `Instance`, `Leg`, `Device` or `Engine`;
//! - its deadlines to `Deadline` and `Reason` in `deadlines.rs`, and to `Engine::handle_timeout`;
//! - its cleaning up to `Engine::end_instance` or `Engine::close_leg`;
//! - what people perceive to `Perception` in `action.rs`.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod action;
mod analytics;
mod button;
mod call;
mod channel;
mod config;
mod deadlines;
mod device;
mod directory;
mod engine;
mod error;
mod fault;
mod groups;
mod hostile;
mod inbox;
mod incident;
mod instance;
mod interaction;
mod key;
mod led;
mod notification;
mod refusal;
mod sms;
mod speech;
mod target;
#[cfg(test)]
mod tests;
mod timers;
mod trigger;
mod variables;
mod vibration;
mod workflow;

pub use action::{Action, Change, Milestone, Observation, Perception};
pub use analytics::{MAX_CATEGORY, MAX_CONTENT, Record};
pub use button::Taken;
pub use call::CallStatus;
pub use channel::Channel;
pub use config::{Config, Mode, Silence};
pub use deadlines::Reason;
pub use directory::{Device, DeviceInfo, Directory, Group, Location};
pub use engine::{Engine, Load};
pub use error::{AnnounceError, DeviceError, DirectoryError, Resource, UnknownIncident, UnknownWorkflow};
pub use fault::Fault;
pub use inbox::Message;
pub use incident::{Incident, IncidentChange};
pub use instance::Instance;
pub use key::{DeviceKey, GroupKey, InstanceKey, NoticeKey, WorkflowKey};
pub use led::{LEDS, Light, Rgb, RingOwner};
pub use notification::{ALERT_TONE, Announcement, BROADCAST_CHIME, NotificationChange, Reactions};
pub use sms::Sms;
pub use speech::{MarkOnly, Sound, Translator, Utterance, normalised};
pub use trigger::{
    Example, Geofence, Install, InvokeError, NoExample, Places, Registration, RegistrationError,
};
pub use workflow::{Absorb, Workflow};
