//! The test kit of the SDK, as far as the examples use it, over the server: the same words, played by a server with a
//! database whose devices are virtual, and by workflows behind real TLS.

mod device;
mod expected;
mod run;
mod senses;
mod setup;
mod sim;
mod stage;

pub(crate) use relay_engine::Location;
pub(crate) use run::run;
pub(crate) use sdk::testing::StopReason;
pub(crate) use sim::Sim;
pub(crate) use stage::{AUTHORITY, CERTIFICATE};
