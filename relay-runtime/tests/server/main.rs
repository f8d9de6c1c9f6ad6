//! The workflow server over real sockets: what the Relay server, an operator and a stranger see of it.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

#[path = "../common/mod.rs"]
mod common;

mod admin;
mod callers;
mod certificates;
mod connections;
mod dialling;
mod limits;
mod logging;
mod refusals;
mod shutdown;
mod starting;
mod transcripts;
