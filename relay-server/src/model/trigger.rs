//! Triggers: why an instance starts, and what became of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::outcome::words;
use super::{
    DeviceId, NodeId, Outcome, OutcomeKind, SubscriberId, TriggerId, UnixMs, UnknownWord, WorkflowId,
};

/// A trigger to be accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTrigger {
    /// See [`TriggerId::generate`].
    pub id: TriggerId,
    /// The account.
    pub subscriber: SubscriberId,
    /// What is to be started.
    pub workflow: WorkflowId,
    /// The name of the workflow now, for the history.
    pub workflow_name: String,
    /// The URI of the workflow now, for the history.
    pub uri: String,
    /// On whose behalf.
    pub device: Option<DeviceId>,
    /// How long to try.
    pub class: Class,
    /// The trigger object of the start event.
    pub trigger: Value,
    /// When it happened.
    pub accepted_at: UnixMs,
    /// Not to be started before.
    pub not_before: UnixMs,
    /// Not to be started from then on.
    pub not_after: UnixMs,
    /// The occurrence of a timer that this is: there is one trigger for each.
    pub fire_at: Option<UnixMs>,
    /// What tells a repeated request from a new one.
    pub idempotency: Option<Idempotency>,
    /// Who starts it at once, so that it need not be claimed.
    pub hold: Option<Hold>,
}

/// What tells a repeated request from a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// What the client sent. Unique in the account.
    pub key: String,
    /// A digest of the request. The same key with another request is refused.
    pub fingerprint: Vec<u8>,
    /// When the key is forgotten.
    pub until: UnixMs,
}

/// A promise to start a trigger soon, or somebody else may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Who.
    pub node: NodeId,
    /// Until when.
    pub until: UnixMs,
}

/// What became of a trigger that was offered.
#[derive(Debug, Clone, PartialEq)]
pub enum Accepted {
    /// It is on disk.
    New(TriggerRow),
    /// It was on disk already, by its idempotency key. This is that one.
    Known(TriggerRow),
}

impl Accepted {
    /// The trigger, be it new or known.
    pub fn row(&self) -> &TriggerRow {
        match self {
            Self::New(row) | Self::Known(row) => row,
        }
    }
}

words! {
    /// How long it is tried to start a trigger.
    Class {
        /// Somebody waits: seconds, then they are told.
        Interactive = "interactive",
        /// Nobody waits: hours.
        Durable = "durable",
    }
}

words! {
    /// Where a trigger is on its way.
    TriggerState {
        /// Waits for its time, or its turn.
        Queued = "queued",
        /// Somebody is about to start it. The start frame has not left.
        Dialing = "dialing",
        /// The start frame may have left: it is never started again.
        Started = "started",
        /// It has its outcome.
        Ended = "ended",
    }
}

/// A trigger with all that became of it: the truth of an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TriggerRow {
    /// Also the id of the instance.
    pub id: TriggerId,
    /// The account.
    pub subscriber: SubscriberId,
    /// What is started.
    pub workflow: WorkflowId,
    /// The name of the workflow when the trigger was accepted.
    pub workflow_name: String,
    /// The URI of the workflow when the trigger was accepted.
    pub uri: String,
    /// On whose behalf.
    pub device: Option<DeviceId>,
    /// How long it is tried.
    pub class: Class,
    /// The trigger object of the start event.
    pub trigger: Value,
    /// Where it is on its way.
    pub state: TriggerState,
    /// Counts the claims. Who writes must know the current one.
    pub epoch: u64,
    /// Who claimed it last.
    pub node: Option<NodeId>,
    /// Until when the claim holds, while it is dialing.
    pub lease_until: Option<UnixMs>,
    /// How many attempts failed.
    pub attempts: u32,
    /// When it happened.
    pub accepted_at: UnixMs,
    /// Not to be started before; after a failed attempt, the time of the next.
    pub not_before: UnixMs,
    /// Not to be started from then on.
    pub not_after: UnixMs,
    /// The occurrence of a timer that it is.
    pub fire_at: Option<UnixMs>,
    /// The trigger that never began, which somebody wanted to be tried again as this one.
    pub retry_of: Option<TriggerId>,
    /// When the start frame was about to leave.
    pub started_at: Option<UnixMs>,
    /// When it ended.
    pub ended_at: Option<UnixMs>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

/// What is claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// For whom.
    pub node: NodeId,
    /// The time.
    pub now: UnixMs,
    /// Until when the claims hold.
    pub until: UnixMs,
    /// How many at most.
    pub limit: u32,
    /// Workflows that may not start more now.
    pub full: Vec<WorkflowId>,
}

/// An attempt that did not lead to a start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub began_at: UnixMs,
    /// When it failed.
    pub failed_at: UnixMs,
    /// How far it came.
    pub stage: Stage,
    /// What happened, in one word for machines.
    pub code: String,
    /// What happened, and what to do, for people.
    pub message: String,
    /// The status of the answer to the upgrade, if there was one.
    pub http_status: Option<u16>,
}

words! {
    /// How far an attempt came.
    Stage {
        /// Nothing was tried: a limit, the breaker, the registration.
        Before = "before",
        /// The name.
        Dns = "dns",
        /// The connection.
        Tcp = "tcp",
        /// The encryption.
        Tls = "tls",
        /// The upgrade to a WebSocket.
        Upgrade = "upgrade",
        /// Everything was ready, but the start frame.
        Start = "start",
    }
}

/// What follows a failed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Another one, not before this time.
    RetryAt(UnixMs),
    /// Nothing.
    Failed(Outcome),
}

/// Which triggers are wanted: those for which everything given holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TriggerFilter {
    /// In one of these states; in any if empty.
    pub states: Vec<TriggerState>,
    /// With one of these outcomes; with any or none if empty.
    pub outcomes: Vec<OutcomeKind>,
    /// One of these ids; any if empty.
    pub ids: Vec<TriggerId>,
    /// Of this workflow.
    pub workflow: Option<WorkflowId>,
    /// On behalf of this device.
    pub device: Option<DeviceId>,
    /// Accepted at or after.
    pub from: Option<UnixMs>,
    /// Accepted before.
    pub to: Option<UnixMs>,
}

/// How many triggers are under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Wait.
    pub queued: u64,
    /// Are about to be started.
    pub dialing: u64,
    /// Run.
    pub started: u64,
}

/// How triggers that never began are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The time.
    pub now: UnixMs,
    /// Not to be started from then on.
    pub not_after: UnixMs,
    /// Only say which they would be.
    pub dry_run: bool,
}

/// What was found after a crash.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recovered {
    /// Were about to be started, and are queued again.
    pub requeued: Vec<TriggerRow>,
    /// Had been started, and have ended with the server: [`OutcomeKind::ServerLost`].
    pub lost: Vec<TriggerRow>,
}
