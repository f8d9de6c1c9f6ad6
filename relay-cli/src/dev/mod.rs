//! `relay dev`: a Relay server, a workflow and its devices, for as long as somebody works on it.
//!
//! ```text
//!  saved file ─► watch ─► build ─► generation 2 ─► register: new sessions go there
//!                                  generation 1 ─► retire: ends with its last session
//!                                        ▲
//!  platform: a Relay server in this process ── dials
//! ```
//!
//! Each process runs behind a [guard], which ends it with us.

mod build;
pub(crate) mod file;
mod generation;
mod guard;
mod manifest;
mod platform;
mod port;
mod process;
mod publish;
mod register;
mod retire;
mod run;
mod signals;
mod source;
mod watch;

pub(crate) use generation::Surroundings;
pub(crate) use guard::Guard;
pub(crate) use platform::{Platform, Wanted};
pub(crate) use register::Registered;
pub(crate) use run::Workshop;
pub(crate) use signals::Signals;
pub(crate) use source::{New, Source};
pub(crate) use watch::Watch;

/// The names of the devices that are made, if none are said.
pub(crate) fn devices(said: &[String]) -> Vec<String> {
    if said.is_empty() { ["Alice", "Bob"].map(str::to_owned).into() } else { said.to_vec() }
}
