//! Every action of the public API against a scripted engine: what goes over the wire, and what comes back.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

#[path = "../common/mod.rs"]
mod common;

mod alerts;
mod arguments;
mod calls;
mod deadlines;
mod endings;
mod engine;
mod events;
mod five_ways;
mod incidents;
mod matrix;
mod on_sim;
mod row;
mod several;
mod signals;
mod speech;
mod tables;
mod talk;
mod variables;
