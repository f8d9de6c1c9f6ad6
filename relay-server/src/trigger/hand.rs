//! The triggers that are being started right now.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::model::{Class, DeviceId, NewTrigger, Outcome, TriggerId, TriggerRow, WorkflowId};

/// Triggers that are being started, so that somebody can change their mind; and the lanes that they occupy.
#[derive(Debug, Default)]
pub(super) struct Hands {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    tries: HashMap<TriggerId, Arc<Try>>,
    lanes: HashSet<Lane>,
}

/// Triggers of one device for one workflow start in the order in which they were accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Lane {
    workflow: WorkflowId,
    device: DeviceId,
    class: Class,
}

impl Lane {
    pub(super) fn of(new: &NewTrigger) -> Option<Self> {
        let device = new.device.clone()?;
        Some(Self { workflow: new.workflow.clone(), device, class: new.class })
    }

    fn of_row(row: &TriggerRow) -> Option<Self> {
        let device = row.device.clone()?;
        Some(Self { workflow: row.workflow.clone(), device, class: row.class })
    }
}

/// An attempt that is under way.
#[derive(Debug, Default)]
pub(super) struct Try {
    cancelled: Mutex<Option<Outcome>>,
    bell: Notify,
}

impl Try {
    /// Waits until it is not wanted any more, and says how it ends then. Cancel safe.
    pub(super) async fn cancelled(&self) -> Outcome {
        loop {
            let bell = self.bell.notified();
            if let Some(outcome) = self.outcome() {
                return outcome;
            }
            bell.await;
        }
    }

    /// How it ends, if it is not wanted any more.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn cancel(&self, outcome: Outcome) {
        self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(outcome);
        self.bell.notify_waiters();
    }
}

impl Hands {
    /// Occupies a lane, if it is free.
    pub(super) fn occupy(&self, lane: &Lane) -> bool {
        self.state().lanes.insert(lane.clone())
    }

    /// Gives a lane back.
    pub(super) fn leave(&self, lane: &Lane) {
        self.state().lanes.remove(lane);
    }

    /// An attempt begins.
    pub(super) fn take(&self, row: &TriggerRow) -> Arc<Try> {
        let mut state = self.state();
        state.lanes.extend(Lane::of_row(row));
        Arc::clone(state.tries.entry(row.id.clone()).or_default())
    }

    /// An attempt is over.
    pub(super) fn put_down(&self, row: &TriggerRow) {
        let mut state = self.state();
        state.tries.remove(&row.id);
        if let Some(lane) = Lane::of_row(row) {
            state.lanes.remove(&lane);
        }
    }

    /// Cancels an attempt. False if none is under way.
    pub(super) fn cancel(&self, id: &TriggerId, outcome: &Outcome) -> bool {
        let Some(attempt) = self.state().tries.get(id).cloned() else { return false };
        attempt.cancel(outcome.clone());
        true
    }

    /// How many attempts are under way.
    pub(super) fn len(&self) -> usize {
        self.state().tries.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
