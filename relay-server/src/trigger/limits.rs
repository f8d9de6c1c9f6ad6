//! How much may go on at once.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::model::WorkflowId;

/// How much may go on at once. What is beyond waits, or is refused with the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Instances, those being dialled included. Default: 50,000.
    pub instances: usize,
    /// Instances of one workflow. Default: 10,000.
    pub instances_per_workflow: usize,
    /// Connections being opened. Default: 512.
    pub dials: usize,
    /// Triggers that are accepted and not started yet. Default: 100,000.
    pub queue: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { instances: 50_000, instances_per_workflow: 10_000, dials: 512, queue: 100_000 }
    }
}

/// What goes on, as far as it is limited. Clones are the same.
#[derive(Clone)]
pub(crate) struct Slots(Arc<Inner>);

struct Inner {
    limits: Limits,
    taken: Mutex<Taken>,
    /// Rings when a slot is given back.
    freed: Notify,
}

#[derive(Default)]
struct Taken {
    instances: usize,
    per_workflow: HashMap<WorkflowId, usize>,
}

/// One instance's share. Given back when it is dropped.
pub(crate) struct Slot {
    slots: Slots,
    workflow: WorkflowId,
}

impl Slots {
    pub(crate) fn new(limits: Limits) -> Self {
        Self(Arc::new(Inner { limits, taken: Mutex::default(), freed: Notify::new() }))
    }

    /// Takes a slot, if there is one.
    pub(crate) fn take(&self, workflow: &WorkflowId) -> Option<Slot> {
        let mut taken = self.taken();
        let of_workflow = taken.per_workflow.get(workflow).copied().unwrap_or(0);
        if taken.instances >= self.0.limits.instances || of_workflow >= self.0.limits.instances_per_workflow {
            return None;
        }
        taken.instances += 1;
        *taken.per_workflow.entry(workflow.clone()).or_default() += 1;
        Some(Slot { slots: self.clone(), workflow: workflow.clone() })
    }

    /// How many instances there are.
    pub(crate) fn instances(&self) -> usize {
        self.taken().instances
    }

    /// How many more there may be.
    pub(crate) fn free(&self) -> usize {
        self.0.limits.instances.saturating_sub(self.taken().instances)
    }

    /// The workflows that have all that they may.
    pub(crate) fn full(&self) -> Vec<WorkflowId> {
        let limit = self.0.limits.instances_per_workflow;
        let taken = self.taken();
        taken.per_workflow.iter().filter(|(_, n)| **n >= limit).map(|(id, _)| id.clone()).collect()
    }

    /// Waits until a slot was given back since the last call. Cancel safe.
    pub(crate) async fn freed(&self) {
        self.0.freed.notified().await;
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.taken();
        taken.instances -= 1;
        if let Some(of_workflow) = taken.per_workflow.get_mut(&self.workflow) {
            *of_workflow -= 1;
            if *of_workflow == 0 {
                taken.per_workflow.remove(&self.workflow);
            }
        }
        drop(taken);
        self.slots.0.freed.notify_one();
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.workflow).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let limits = Limits { instances: 3, instances_per_workflow: 2, ..Limits::default() };
        let slots = Slots::new(limits);
        let (a, b) = (WorkflowId::from("a"), WorkflowId::from("b"));
        let first = slots.take(&a).unwrap();
        let _second = slots.take(&a).unwrap();
        assert!(slots.take(&a).is_none(), "two of one workflow");
        assert_eq!(slots.full(), std::slice::from_ref(&a));
        let _third = slots.take(&b).unwrap();
        assert!(slots.take(&b).is_none(), "three in all");
        drop(first);
        assert!(slots.full().is_empty());
        assert!(slots.take(&a).is_some());
    }
}
