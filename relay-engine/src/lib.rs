//! The Relay platform, without any I/O.
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
mod button;
mod channel;
mod config;
mod deadlines;
mod device;
mod directory;
mod engine;
mod error;
mod instance;
mod interaction;
mod key;
mod led;
mod refusal;
mod speech;
mod target;
#[cfg(test)]
mod tests;
mod timers;
mod variables;
mod vibration;
mod workflow;

pub use action::{Action, Milestone, Observation, Perception};
pub use button::Taken;
pub use channel::Channel;
pub use config::{Config, Mode, Silence};
pub use deadlines::Reason;
pub use directory::{Device, DeviceInfo, Directory, Group, Location};
pub use engine::Engine;
pub use error::{DeviceError, DirectoryError, Resource, UnknownWorkflow};
pub use instance::Instance;
pub use key::{DeviceKey, GroupKey, InstanceKey, WorkflowKey};
pub use led::{LEDS, Light, Rgb, RingOwner};
pub use speech::{MarkOnly, Sound, Translator, Utterance};
pub use workflow::Workflow;
