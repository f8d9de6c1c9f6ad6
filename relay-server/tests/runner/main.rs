//! Whole runs: devices and HTTP on one side, workflows behind real TLS on the other.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod calls;
mod devices;
mod ends;
mod failures;
mod hostile;
mod limits;
mod refused;
mod stage;
mod stories;
mod timers;
mod workflows;
