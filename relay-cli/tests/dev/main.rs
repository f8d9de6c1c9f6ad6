//! `relay dev` and what belongs to it, as its users see it: processes, a real server, a project that is really built.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod chat;
mod clock;
mod exec;
mod file;
mod guard;
mod logs;
mod programs;
mod project;
mod screen;
mod server;
mod story;
mod transcripts;
mod world;
