//! The interface, asked over HTTP of a whole server with a database of its own.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod auth;

mod server;

mod workflow;
