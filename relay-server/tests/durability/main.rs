//! What is left of the queue when the process is killed, the power fails, or the disk does.
//!
//! The program itself is killed while triggers pour in ([`killed`]); it must answer for every one that it took. Closer to
//! the disk, a process hammers a store ([`hammer`]) and says what it was told is durable. Then it dies, and [`rules`] says
//! what has to hold of what it leaves.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests, helpers included")]

mod faults;
mod hammer;
mod image;
mod journal;
mod killed;
mod pour;
mod powerless;
mod refused;
mod rules;
#[path = "../support/server.rs"]
mod server;
#[path = "../support/workflows.rs"]
mod workflows;
