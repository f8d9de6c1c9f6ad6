//! What the engine's keys are called outside of it.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

use relay_engine::{DeviceKey, GroupKey, InstanceKey, WorkflowKey};

use crate::model::{DeviceId, GroupId, TriggerId, WorkflowId};

/// The ids of what the engine knows by keys.
#[derive(Debug, Default)]
pub struct Ids {
    /// Registrations.
    pub workflows: Names<WorkflowId, WorkflowKey>,
    /// Devices.
    pub devices: Names<DeviceId, DeviceKey>,
    /// Groups.
    pub groups: Names<GroupId, GroupKey>,
    /// Runs. The id is that of the trigger.
    pub instances: Names<TriggerId, InstanceKey>,
}

/// Ids and keys of one kind, to be looked up either way.
#[derive(Debug)]
pub struct Names<I, K> {
    keys: HashMap<I, K>,
    ids: HashMap<K, I>,
}

impl<I, K> Default for Names<I, K> {
    fn default() -> Self {
        Self { keys: HashMap::new(), ids: HashMap::new() }
    }
}

impl<I: Clone + Eq + Hash, K: Copy + Eq + Hash> Names<I, K> {
    /// The key of an id.
    pub fn key<Q: Eq + Hash + ?Sized>(&self, id: &Q) -> Option<K>
    where
        I: Borrow<Q>,
    {
        self.keys.get(id).copied()
    }

    /// The id of a key.
    pub fn id(&self, key: K) -> Option<&I> {
        self.ids.get(&key)
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&I, K)> {
        self.keys.iter().map(|(id, key)| (id, *key))
    }

    pub(super) fn insert(&mut self, id: I, key: K) {
        self.ids.insert(key, id.clone());
        self.keys.insert(id, key);
    }

    pub(super) fn remove_key(&mut self, key: K) -> Option<I> {
        let id = self.ids.remove(&key)?;
        self.keys.remove(&id);
        Some(id)
    }

    pub(super) fn remove_id(&mut self, id: &I) -> Option<K> {
        let key = self.keys.remove(id)?;
        self.ids.remove(&key);
        Some(key)
    }
}
