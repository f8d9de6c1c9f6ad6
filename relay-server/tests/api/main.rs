//! The interface, asked over HTTP of a whole server with a database of its own.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod audit;
mod auth;
mod callers;
mod device;
mod events;
mod invoke;
mod oauth;
mod openapi;
mod operations;
mod place;
mod server;
mod simulate;
mod strangers;
mod tag;
mod workflow;
