//! Write Relay workflows as async Rust and serve them over TLS WebSockets.

extern crate self as relay_runtime; // what `#[workflow]` writes names this crate, also in its own tests

mod context;
mod error;
pub mod extract;
mod net;
pub mod prelude;
pub mod server;
mod session;
pub mod workflow;

pub use context::{
    Context, Heard, Interaction, Listen, Play, Say, SetTimer, StartingInteraction, Timers, Variables,
};
pub use error::{Cause, Error, RequestError, Result};
pub use relay_protocol::session::CloseReason;
pub use relay_protocol::{Event, event, types, urn};
pub use server::Server;
