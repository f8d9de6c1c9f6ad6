//! The accounts: for each, one task that owns its engine.
//!
//! ```text
//!   api, registry ── run(|platform| …) ──┐
//!   connections ──── frames ─────────────┤      ┌─► outbox ──► connection, a task each
//!   trigger ──────── attach a link ──────┴► task ┼─► events (what there is to see)
//!                                     the engine └─► ledger (what is to be remembered)
//! ```
//!
//! Whoever wants something of the engine hands in a closure, so that there is no list of a hundred commands to keep. The
//! store is the truth and the engine its mirror: people's changes are stored first and then applied, by the methods of
//! [`Platform`]; what workflows change themselves is written behind, in order.

mod alerts;
mod connection;
mod handle;
mod ids;
mod ledger;
mod live;
mod mirror;
mod observe;
mod outbox;
mod platform;
mod show;
mod task;

pub use handle::{Account, AccountGone};
pub use ids::{Ids, Names};
pub use live::{LiveInstance, Phase};
pub(crate) use platform::NotAttached;
pub use platform::Platform;
pub(crate) use task::open;
