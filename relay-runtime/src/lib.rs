//! Write Relay workflows as async Rust and serve them over TLS WebSockets.
//!
//! Relay devices are push-to-talk radios for people at work. A *workflow* is what should happen when somebody says a
//! phrase, presses a button, taps a tag: this crate runs it on your machine. The Relay server dials it when a trigger
//! fires; code and credentials stay with you.
//!
//! ```text
//!   device ⇄ Relay server ── dials wss://you/hello ──► Server ──► one session, one task
//!                                                                  ├─ protocol state (relay-protocol)
//!                                                                  └─ your handlers, as many as run
//! ```
//!
//! ```no_run
#![doc = include_str!("../../examples/hello_world.rs")]
//! ```
//!
//! # How a workflow is written
//!
//! As one async fn with [`#[workflow]`](macro@workflow), which is told as a story from start to end; or as a type whose
//! methods are handlers of triggers and events. Both become [`Routes`](workflow::Routes), which can also be built by
//! hand. Handlers ask for what they need by the types of their parameters ([`extract`]), in any order, and talk to
//! Relay through [`Context`].
//!
//! # What is promised
//!
//! - An action is done when it has really happened: [`say`](Interaction::say) when the words have been spoken,
//!   [`listen`](Interaction::listen) when somebody spoke or the time was over. No fixed ceiling cuts long texts.
//! - Every action ends: with its result, or a [`RequestError`] that names the action, its target and the cause. When
//!   the connection is gone, all that waits fails at once.
//! - One session's trouble stays there: a panic, a slow peer or garbage ends that session alone. A handler that fails
//!   is logged and its workflow terminated, so that no device stays captured, unless you
//!   [say otherwise](workflow::OnHandlerError).
//! - Memory is bounded for everything that a stranger can make grow: see [`server::Limits`].
//! - Shutting down [drains](server#shutdown): running conversations end by themselves first.
//!
//! # Logging
//!
//! Through [`tracing`](https://docs.rs/tracing), one span for each session with its number and workflow. What people
//! said is not in it: messages show the length of personal texts only. Within it, each run of a handler and each action
//! has a span of its own. What can be counted and timed is in [`metrics`].
//!
//! # Features
//!
//! All are off by default.
//!
//! - `api`: the module `api`, a client of Relay's REST API, with which any program triggers a workflow. It brings an
//!   HTTP client.
//! - `prometheus`: what is counted, as a page of the admin port. See [`metrics`].
//! - `testing`: the module `testing`, which runs workflows against the platform in memory. For dev-dependencies.

extern crate self as relay_runtime; // what `#[workflow]` writes names this crate, also in its own tests

#[doc(hidden)]
pub mod __private;
#[cfg(feature = "api")]
pub mod api;
mod attributes;
mod context;
mod error;
pub mod extract;
pub mod metrics;
mod net;
pub mod prelude;
pub mod server;
mod session;
#[cfg(feature = "testing")]
pub mod testing;
pub mod workflow;

#[cfg(feature = "testing")]
pub use attributes::test;
pub use attributes::{on, trigger, workflow};
pub use context::{
    Action, Alert, Analytics, Ask, Call, CallEvent, Color, Confirm, Context, Coordinates, Danger, Device,
    Events, First, Group, Heard, Incident, Interaction, Interactions, IntoTarget, Lagged, LedIndex,
    LedIndexError, Leds, Menu, Next, OfInteraction, ParseColorError, PlayInbox, Playback, Quorum, Signals,
    StartInteractions, Subscription, Target, Timers, ToDevice, Variables, Vibration,
};
pub use error::{Cause, Error, RequestError, Result};
pub use relay_protocol::session::CloseReason;
pub use relay_protocol::{Event, event, request, response, types, urn};
pub use server::Server;
