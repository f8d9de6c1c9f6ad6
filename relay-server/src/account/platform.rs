//! What a closure gets to see of an account.

use relay_engine::{DeviceError, Engine};
use relay_protocol::session::Timestamp;
use relay_protocol::types::{StopReason, Trigger};

use super::ids::Ids;
use super::live::LiveInstance;
use super::task::State;
use crate::dial::Link;
use crate::model::{DeviceId, Outcome, OutcomeKind, TriggerId, TriggerRow, WorkflowId};
use crate::trigger::Slot;

/// The engine of an account, and what belongs to it, for the time of one call.
pub struct Platform<'a> {
    /// The engine.
    pub engine: &'a mut Engine,
    /// The time on the engine's clock.
    pub now: Timestamp,
    /// What the engine's keys are called outside of it.
    pub ids: &'a mut Ids,
    pub(super) state: &'a mut State,
}

/// Why a connection was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NotAttached {
    /// Somebody stopped the instance while it was dialled.
    Cancelled(Outcome),
    /// The workflow is not registered any more.
    NoWorkflow,
}

impl Platform<'_> {
    /// The instances that are not over, in no order.
    pub fn live(&self) -> Vec<LiveInstance> {
        self.state.live.values().map(|live| live.show()).collect()
    }

    /// Ends a run, for a reason that the workflow is told and that is recorded. False if it is not live.
    pub fn stop(&mut self, id: &TriggerId, reason: &str) -> bool {
        let Some(key) = self.ids.instances.key(id) else { return false };
        if let Some(live) = self.state.live.get_mut(&key) {
            live.outcome.get_or_insert(Outcome::new(OutcomeKind::Stopped, reason));
        }
        self.engine.stop(self.now, key, StopReason::from(reason));
        true
    }

    /// Ends all runs.
    pub(crate) fn stop_all(&mut self, reason: &str) {
        let ids: Vec<TriggerId> = self.ids.instances.iter().map(|(id, _)| id.clone()).collect();
        for id in ids {
            self.stop(&id, reason);
        }
    }

    /// The URI that a workflow is dialled at now.
    pub(crate) fn uri(&self, workflow: &WorkflowId) -> Option<String> {
        let key = self.ids.workflows.key(workflow)?;
        Some(self.engine.workflow(key)?.uri.clone())
    }

    /// Takes over an open connection for a trigger: its start frame leaves.
    pub(crate) fn attach(
        &mut self,
        row: TriggerRow,
        trigger: Trigger,
        link: Link,
        slot: Slot,
    ) -> Result<(), NotAttached> {
        let key = match self.ids.instances.key(&row.id) {
            Some(key) => key,
            None => {
                let workflow = self.ids.workflows.key(&row.workflow).ok_or(NotAttached::NoWorkflow)?;
                let launched = self.engine.launch(self.now, workflow, trigger);
                let key = launched.map_err(|_| NotAttached::NoWorkflow)?;
                self.ids.instances.insert(row.id.clone(), key);
                key
            }
        };
        self.state.begin(self.now, key, row, link, slot);
        self.engine.handle_connected(self.now, key);
        Ok(())
    }

    /// Takes an instance that cannot be started from the device that wanted it, and tells the person there.
    pub(crate) fn give_up(&mut self, id: &TriggerId, why: &str, tell: Option<&DeviceId>, workflow: &str) {
        if let Some(key) = self.ids.instances.key(id) {
            self.engine.handle_dial_failed(self.now, key, why);
        }
        if let Some(device) = tell {
            // Nobody is there to be told if the device is offline.
            let _ = self.announce(device.as_str(), &format!("{workflow} cannot be reached."));
        }
    }

    /// Speaks to the person at a device, or to the user of this id.
    ///
    /// # Errors
    ///
    /// [`DeviceError`] if there is no such device or it is offline.
    pub fn announce(&mut self, to: &str, text: &str) -> Result<(), DeviceError> {
        let key = self.device_of(to).ok_or(DeviceError::Unknown)?;
        self.engine.announce(self.now, key, text)
    }
}

impl std::fmt::Debug for Platform<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform")
            .field("engine", &self.engine)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}
