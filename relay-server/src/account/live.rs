//! The table of live instances.

use relay_protocol::types::StopReason;
use serde::Serialize;

use super::outbox::Outbox;
use crate::model::{DeviceId, Outcome, OutcomeKind, TriggerId, TriggerRow, UnixMs, WorkflowId};
use crate::transcript::Recorder;
use crate::trigger::Slot;

/// An instance that is not over, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LiveInstance {
    /// Also the id of its trigger.
    pub id: TriggerId,
    /// What runs.
    pub workflow: WorkflowId,
    /// Where.
    pub uri: String,
    /// On whose behalf.
    pub device: Option<DeviceId>,
    /// Since when, counted from its trigger.
    pub since: UnixMs,
    /// How far it is.
    pub phase: Phase,
}

/// How far an instance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// A device wants it, and the workflow is being dialled.
    Dialing,
    /// The workflow is at work.
    Running,
}

/// What is known of an instance besides what the engine knows.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) id: TriggerId,
    pub(super) workflow: WorkflowId,
    uri: String,
    pub(super) device: Option<DeviceId>,
    since: UnixMs,
    epoch: u64,
    /// Once it was started.
    pub(super) running: Option<Running>,
    /// How it ends, once that is decided.
    pub(super) outcome: Option<Outcome>,
    /// What was said last about it, which explains an end that nobody asked for.
    pub(super) note: String,
}

#[derive(Debug)]
pub(super) struct Running {
    pub(super) outbox: Outbox,
    /// None if nothing is kept.
    pub(super) recorder: Option<Recorder>,
    /// Comes back when the instance is over.
    pub(super) _slot: Slot,
}

impl Live {
    /// One that a device wants.
    pub(super) fn dialing(
        id: TriggerId,
        workflow: WorkflowId,
        uri: String,
        device: Option<DeviceId>,
        since: UnixMs,
    ) -> Self {
        Self { id, workflow, uri, device, since, epoch: 0, running: None, outcome: None, note: String::new() }
    }

    /// One whose connection is open.
    pub(super) fn running(row: TriggerRow, running: Running) -> Self {
        Self {
            epoch: row.epoch,
            running: Some(running),
            ..Self::dialing(row.id, row.workflow, row.uri, row.device, row.accepted_at)
        }
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(super) fn show(&self) -> LiveInstance {
        LiveInstance {
            id: self.id.clone(),
            workflow: self.workflow.clone(),
            uri: self.uri.clone(),
            device: self.device.clone(),
            since: self.since,
            phase: if self.running.is_some() { Phase::Running } else { Phase::Dialing },
        }
    }

    /// The engine has ended it.
    pub(super) fn ended(&mut self, reason: &StopReason) {
        let outcome = match reason {
            StopReason::Normal => Outcome::new(OutcomeKind::Completed, ""),
            StopReason::Error => Outcome::new(OutcomeKind::Broken, std::mem::take(&mut self.note)),
            other => Outcome::new(OutcomeKind::Stopped, other.to_string()),
        };
        self.outcome.get_or_insert(outcome);
    }
}
