//! The test kit for workflows, tested.
#![allow(clippy::unwrap_used, reason = "tests")]

mod direct;
mod failures;
mod people;
mod replay;
mod speed;
mod stories;
mod time;
mod whole_api;
mod workflows;
