//! The test kit for workflows, tested.
#![allow(clippy::unwrap_used, reason = "tests")]

mod stories;
