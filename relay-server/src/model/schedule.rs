//! What is kept of a workflow that the clock starts.

use super::{NewTrigger, SubscriberId, UnixMs, WorkflowId};

/// Where a timer is. What it does is in its workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// When it fires next; never again if none.
    pub next: Option<UnixMs>,
    /// How many of its occurrences are over, fired or missed: those that its `count` counts.
    pub past: u64,
}

/// A timer whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The account.
    pub subscriber: SubscriberId,
    /// Its workflow.
    pub workflow: WorkflowId,
    /// The time that has come, and
    pub at: UnixMs,
    /// how many came before.
    pub past: u64,
}

/// What becomes of an occurrence, or several.
#[derive(Debug, Clone, PartialEq)]
pub enum Firing {
    /// It starts the workflow. [`NewTrigger::fire_at`] says which occurrence it is.
    Fire(NewTrigger),
    /// It was too long ago. Kept as a trigger that ended [`Missed`](super::OutcomeKind::Missed), with the reason given.
    Miss {
        /// The last of those missed stands in [`NewTrigger::fire_at`].
        trigger: NewTrigger,
        /// How many there were, and from when to when.
        reason: String,
    },
}
