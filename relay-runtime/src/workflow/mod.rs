//! Workflows as values: what [`#[workflow]`](macro@crate::workflow) writes, and what can be written without it.
//!
//! A [`Workflow`] is a type with a table of [`Routes`]. Each route has a selector, which says what it is for (a
//! [`Trigger`](trigger::Trigger) for the start of the session, a [`Filter`] for an event), and a [`Handler`], which is
//! an async fn whose parameters implement [`FromEvent`](crate::extract::FromEvent).
//!
//! # Which handler runs
//!
//! Each event goes to one handler: the most specific of those that match. A handler with more conditions is more
//! specific than one with fewer, an event's own handlers are more specific than those of [`Any`], and among equals the
//! one that was declared first wins. An event that no handler matches is ignored. A start event that no trigger matches
//! is an error, for the session then has nothing to do.
//!
//! Handlers of one session run concurrently and start in the order in which their events arrive.
//!
//! # Failures
//!
//! A handler that returns an error is logged and its workflow terminated; [`OnHandlerError`] says what else there is.
//!
//! # State
//!
//! There is one value of the workflow's type for each session, made when the session starts and shared by its handlers
//! as `Arc<W>`.
//!
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicU32, Ordering};
//!
//! use relay_runtime::workflow::{Filter, Routes, Workflow, trigger::{Phrase, Trigger}};
//! use relay_runtime::extract::Start;
//! use relay_runtime::{Context, Result, event};
//!
//! #[derive(Default)]
//! struct Counter {
//!     presses: AtomicU32,
//! }
//!
//! impl Workflow for Counter {
//!     fn routes() -> Routes<Self> {
//!         Routes::new("counter")
//!             .trigger(Trigger::phrase("count"), begin)
//!             .on(Filter::<event::Button>::new(), pressed)
//!     }
//! }
//!
//! async fn begin(cx: Context, start: Start<Phrase>) -> Result<()> {
//!     Ok(())
//! }
//!
//! async fn pressed(this: Arc<Counter>, press: event::Button) {
//!     this.presses.fetch_add(1, Ordering::Relaxed);
//! }
//! ```

mod entry;
mod failure;
mod filter;
#[rustfmt::skip]
mod generated;
mod handler;
mod instance;
mod kind;
mod outcome;
mod routes;
mod story;
mod terms;
#[cfg(test)]
mod tests;
pub mod trigger;

pub use entry::{IntoWorkflow, WorkflowEntry};
pub use failure::{AfterError, HandlerFailed, OnHandlerError};
pub use filter::Filter;
pub use handler::Handler;
pub(crate) use instance::{AnyWorkflow, Incoming, Instance, NoTrigger, Run};
pub use kind::{Any, EventKind, Unknown};
pub use outcome::IntoOutcome;
pub use routes::{Routes, Workflow};
pub use story::{Story, Tale, Told};
pub use terms::OneOf;
