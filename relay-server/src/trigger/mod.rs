//! The durable queue's runner: from the acceptance of a trigger to the start frame, or to the reason why there was none.
//!
//! ```text
//!  HTTP, timer ─ accept_trigger ─┐                       ┌─► started ─► account::attach ─► the workflow runs
//!  device ─ wanted_by_device ────┴► row, on disk ─ dial ─┤
//!                                    ▲                   └─► failed ─► again later, or its outcome
//!                                    └── claim ◄── pump ◄────────────────┘
//! ```
//!
//! A row of the store is the truth of a trigger. Up to the first frame it is tried at least once, from the first frame on
//! at most once: the row says `started` on disk before the frame leaves.

mod accept;
mod attempt;
mod broadcast;
mod conclude;
mod gone;
mod hand;
mod hosts;
mod limits;
mod pump;
mod retry;
mod runner;
mod simulate;
mod timer;
mod wire;

pub use accept::{AcceptError, Invocation};
pub use limits::Limits;
pub(crate) use limits::Slot;
pub use runner::{Parts, QueueStatus, Runner, RunnerConfig};
pub use simulate::Rehearsal;
pub(crate) use wire::to_value;

use std::time::Duration;

use relay_protocol::types::TriggerType;

use crate::model::Class;

/// How long a trigger of this kind is tried.
pub(crate) fn class_of(kind: &TriggerType) -> Class {
    match kind {
        TriggerType::Phrase
        | TriggerType::Button
        | TriggerType::Nfc
        | TriggerType::Telephony
        | TriggerType::Emergency => Class::Interactive,
        _ => Class::Durable,
    }
}

/// How long a trigger is worth starting that does not say so itself.
pub(crate) fn life(class: Class) -> Duration {
    match class {
        Class::Interactive => retry::INTERACTIVE_LIFE,
        _ => retry::DURABLE_LIFE,
    }
}
