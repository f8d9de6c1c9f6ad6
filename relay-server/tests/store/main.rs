//! What the store promises, told against its facade alone: another database has to pass the same stories.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod analytics;
mod audit;
mod fixture;
mod records;
mod schedules;
mod signing;
mod tokens;
mod transcripts;
mod triggers;
