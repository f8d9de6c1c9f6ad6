//! The Relay workflow protocol, without any I/O.
//!
//! A Relay server dials a workflow server over a WebSocket, one connection for each run of a workflow, and the two
//! exchange JSON messages. This crate knows everything about those messages and nothing about sockets, clocks or
//! threads: it is `#![no_std]`, and both ends of a connection are state machines to be driven.
//!
//! ```text
//!   engine side (Relay server)                         workflow side (SDK)
//!
//!                      ── start event ──────────────►
//!                      ◄───────────── say request ───
//!   EngineSession      ── say response ─────────────►  WorkflowSession
//!                      ── prompt event: stopped ────►
//!                      ◄─────── terminate request ───
//!                      ── stop event ───────────────►
//! ```
//!
//! Neither is called client or server: the workflow is the WebSocket server, and the one who calls.
//!
//! | module | holds |
//! | --- | --- |
//! | [`event`], [`request`], [`response`] | one struct for each message, generated from `schema/` |
//! | [`types`] | the word lists and nested values of messages |
//! | [`codec`] | frames to messages and back: lenient in, exact out |
//! | [`session`] | correlation, deadlines, limits and the close, for either side |
//! | [`urn`] | typed names of devices, groups and interactions |
//! | [`manifest`] | what a workflow is registered for |
//! | [`transcript`] | sessions, written down and compared |
//! | `signature` | who dials: signed upgrade requests (cargo feature `signature`) |
//!
//! Workflows are written with `relay-runtime`, which drives this crate. Use it directly to build a peer, a proxy or a
//! tool. A whole conversation, both sides, with time as a number:
//!
//! ```
//! use relay_protocol::session::{
//!     Asked, EngineSession, RequestOptions, SessionConfig, Timestamp, Transmit, WorkflowSession,
//! };
//! use relay_protocol::types::{StopReason, Trigger, TriggerArgs, TriggerType};
//! use relay_protocol::urn::{DeviceUrn, Urn};
//! use relay_protocol::{event, request, response};
//!
//! let now = Timestamp::ZERO;
//! let mut engine = EngineSession::new(now, SessionConfig::default());
//! let mut workflow = WorkflowSession::new(now, SessionConfig::default(), &mut || 7);
//!
//! // The engine starts the session for a device.
//! let alice = DeviceUrn::name("Alice")?;
//! let args = TriggerArgs::new().source_uri(Urn::from(&alice)).phrase("hello");
//! engine.start(now, event::Start::new(Trigger::new(TriggerType::Phrase).args(args)))?;
//! let Some(Transmit::Text(frame)) = engine.poll_transmit() else { panic!("nothing to send") };
//! workflow.handle_text(now, &frame);
//!
//! // The workflow asks for a variable. The wait is registered before the request can leave.
//! let options = RequestOptions::response_to::<request::GetVar>();
//! let op = workflow.request(now, &[], &request::GetVar::new("greeting"), options).unwrap();
//! let Some(Transmit::Text(frame)) = workflow.poll_transmit() else { panic!("nothing to send") };
//! engine.handle_text(now, &frame);
//!
//! // The engine answers, and the operation completes.
//! let Some(Asked::Request { token, .. }) = engine.poll_asked() else { panic!("nothing asked") };
//! engine.respond(now, token, response::GetVar::new().value("hi there"))?;
//! engine.stop(now, StopReason::Normal)?;
//! while let Some(Transmit::Text(frame)) = engine.poll_transmit() {
//!     workflow.handle_text(now, &frame);
//! }
//! assert!(workflow.take_completed(op).is_some_and(|outcome| outcome.is_ok()));
//! assert!(workflow.ending().is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![no_std]

extern crate alloc;

pub mod codec;
mod generated;
pub mod manifest;
mod message;
pub mod session;
#[cfg(feature = "signature")]
pub mod signature;
pub mod transcript;
pub mod urn;

pub use generated::events::Event;
pub use generated::requests::Request;
pub use generated::responses::Response;
pub use message::{Ends, EventBody, RequestBody, ResponseBody, Targets};
pub use urn::Urn;

/// One struct for each event.
pub mod event {
    pub use crate::generated::events::*;
}

/// One struct for each request.
pub mod request {
    pub use crate::generated::requests::*;
}

/// One struct for each response, named like its request.
pub mod response {
    pub use crate::generated::responses::*;
}

/// The word lists and nested values of the protocol.
pub mod types {
    pub use crate::generated::enums::*;
    pub use crate::generated::objects::*;
}
