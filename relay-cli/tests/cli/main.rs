//! The `relay` command as its users see it: run as a process, against a server over a real socket.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod account;
mod cert;
mod directory;
mod doctor;
mod new;
mod relay;
mod shell;
mod stub;
mod workflow;
