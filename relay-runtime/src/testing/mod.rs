//! Testing workflows without a device, an account, a socket, or waiting.
//!
//! A [`Sim`] is the Relay platform in memory. It dials your workflow as the platform does and runs the very code that
//! serves it in production, over a WebSocket that is not on a network. People are [devices](Device): they speak and tap,
//! and expect to hear something.
//!
//! ```
//! # use relay_runtime::prelude::*;
//! use relay_runtime::testing::{Sim, StopReason};
//!
//! # #[workflow(phrase = "hello")]
//! # async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
//! #     let device = cx.start_interaction(start.source(), "hello").await?;
//! #     device.say("What is your name?").await?;
//! #     let heard = device.listen().timeout(secs(30)).await?;
//! #     device.say(format!("Hello {heard}")).await?;
//! #     Ok(())
//! # }
//! # relay_runtime::testing::run(async {
//! let sim = Sim::new().workflow(hello);
//! let alice = sim.device("Alice");
//! alice.speak_to_assistant("hello").await;
//! alice.expect_say("What is your name?").await;
//! alice.speak("Bob").await;
//! alice.expect_say("Hello Bob").await;
//! sim.expect_stop(StopReason::Normal).await;
//! # });
//! ```
//!
//! # The clock
//!
//! Inside [`#[relay_runtime::test]`](macro@crate::test) or [`run`] there is one clock for the platform, your workflow and
//! tokio. It stands still while anybody has something to do, then jumps to the next moment at which somebody has: a test
//! with a timer of an hour ends in milliseconds, and no test depends on how fast the machine is.
//!
//! # A difficult platform
//!
//! Of all that the protocol leaves open, the platform makes use: keys come in any order, fields and events that nobody knows
//! in between, progress again and again, old spellings. Workflows should not notice, and with this kit they are tested
//! for it. Chance decides, but the same in each run: by the name of the test, or by the variable `RELAY_SEED` in the
//! environment, which is a number, or `off`. A failing expectation tells the seed.
//!
//! # When an expectation fails
//!
//! It panics with what was expected and where, what came instead, who is waiting for what, and all that has happened,
//! with times. An expectation that nothing fulfils gives up after a day of virtual time, so that no test hangs.
//!
//! # Record and replay
//!
//! [`Sim::transcripts`] are the sessions of a simulation, message by message; a server
//! [writes](crate::server::ServerBuilder::transcripts) the same to files. [`Sim::assert_golden`] compares a run with a file,
//! and [`replay`] runs a workflow against what the platform did in one.

mod conversation;
mod device;
mod direct;
mod expect;
mod frames;
mod golden;
mod link;
mod observed;
mod patience;
mod record;
mod registrations;
mod replay;
mod report;
mod runs;
mod runtime;
mod seed;
mod senses;
mod sim;
mod starts;
mod state;
mod watch;
mod world;

pub use device::Device;
pub use direct::Spawned;
pub use expect::Expectation;
pub use golden::transcript;
pub use relay_engine::{Absorb, Config, DeviceInfo, Fault, Geofence, Light, Location, Silence, Workflow};
pub use relay_protocol::transcript::{Diff, Transcript};
pub use replay::{Replay, Replaying, replay};
pub use runtime::run;
pub use sim::Sim;

pub use crate::types::StopReason;

/// Ends the test: the one way in which this kit says that something is not as it should be.
#[track_caller]
fn fail(message: String) -> ! {
    std::panic::panic_any(message)
}
