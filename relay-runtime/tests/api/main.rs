//! The client of Relay's REST API against a small HTTP server on this machine. Each file is a theme, each test a story.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod alerts;
mod devices;
mod secrets;
mod server;
mod tls;
mod tokens;
mod triggers;
mod troubles;
