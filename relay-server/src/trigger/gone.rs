//! Workflows whose server says that there is nothing at their path.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::{SubscriberId, WorkflowId};

/// Answers in a row after which a registration counts as gone.
const ENOUGH: u32 = 3;

type Name = (SubscriberId, WorkflowId);

/// How often in a row each workflow was not found. One that counts as gone is tried once per trigger, not again and again;
/// the first success clears it.
#[derive(Debug, Default)]
pub(crate) struct Gone(Mutex<HashMap<Name, u32>>);

/// What the last answer changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It counts as gone from now on.
    Gone,
    /// It is there again.
    Back,
}

impl Gone {
    /// Takes over what is on disk.
    pub(crate) fn set(&self, subscriber: &SubscriberId, workflow: &WorkflowId, gone: bool) {
        let name = (subscriber.clone(), workflow.clone());
        match gone {
            true => self.misses().insert(name, ENOUGH),
            false => self.misses().remove(&name),
        };
    }

    pub(super) fn is_gone(&self, subscriber: &SubscriberId, workflow: &WorkflowId) -> bool {
        let name = (subscriber.clone(), workflow.clone());
        self.misses().get(&name).is_some_and(|misses| *misses >= ENOUGH)
    }

    /// The server answered that there is nothing.
    pub(super) fn missed(&self, subscriber: &SubscriberId, workflow: &WorkflowId) -> Option<Turn> {
        let mut misses = self.misses();
        let misses = misses.entry((subscriber.clone(), workflow.clone())).or_default();
        *misses = misses.saturating_add(1);
        (*misses == ENOUGH).then_some(Turn::Gone)
    }

    /// The workflow was reached.
    pub(super) fn found(&self, subscriber: &SubscriberId, workflow: &WorkflowId) -> Option<Turn> {
        let mut misses = self.misses();
        if misses.is_empty() {
            return None; // nearly always
        }
        let misses = misses.remove(&(subscriber.clone(), workflow.clone()))?;
        (misses >= ENOUGH).then_some(Turn::Back)
    }

    fn misses(&self) -> MutexGuard<'_, HashMap<Name, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_in_a_row_are_enough() {
        let (gone, sub, wf) = (Gone::default(), SubscriberId::from("s"), WorkflowId::from("w"));
        assert_eq!(gone.missed(&sub, &wf), None);
        assert_eq!(gone.missed(&sub, &wf), None);
        assert_eq!(gone.found(&sub, &wf), None);
        assert_eq!([gone.missed(&sub, &wf), gone.missed(&sub, &wf)], [None, None]);
        assert!(!gone.is_gone(&sub, &wf));
        assert_eq!(gone.missed(&sub, &wf), Some(Turn::Gone));
        assert_eq!(gone.missed(&sub, &wf), None, "said once");
        assert!(gone.is_gone(&sub, &wf));
        assert_eq!(gone.found(&sub, &wf), Some(Turn::Back));
    }
}
