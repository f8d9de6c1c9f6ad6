//! `relay dev` and what belongs to it, as its users see it: processes, a real server, a project that is really built.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod guard;
mod server;
mod story;
mod world;
