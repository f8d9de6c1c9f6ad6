//! The engine side of a session over a real socket: what whole-system tests and the demo dial a workflow with.
//!
//! ```no_run
//! use relay_protocol::{request, response};
//! use relay_testkit::{Authority, Device, Peer};
//!
//! # async fn story(uri: &str, authority: &Authority) -> Result<(), Box<dyn std::error::Error>> {
//! let alice = Device::named("Alice")?;
//! let mut peer = Peer::dial(uri, &authority.trust()?).await?;
//! peer.start(alice.start("hello")).await?;
//! let asked = peer.expect::<request::GetVar>().await?;
//! peer.answer(&asked, response::GetVar::new().value("42")).await?;
//! # Ok(()) }
//! ```
//!
//! A [`Peer`] reads and writes only while one of its methods is awaited. One that is left alone is a peer that does not
//! read and answers no ping, which is worth a test, too. Every wait has an end, and every error tells the conversation
//! up to it.

mod certs;
mod device;
mod dial;
mod peer;

pub use certs::{Authority, Certificate, CertificateFiles};
pub use device::Device;
pub use dial::{DialError, Socket, Step, Stream, TlsTrouble, Trust, dial};
pub use peer::{Ask, Ending, Frame, Line, Peer, PeerError, Side, Trouble, Wanted};
