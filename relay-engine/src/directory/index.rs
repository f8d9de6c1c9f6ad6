//! Names and ids to keys.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;

use relay_protocol::urn::ResourceId;

use crate::error::{DirectoryError, Resource};

/// A name as it is compared: by our conclusion the platform does not mind the case.
pub(crate) fn fold(name: &str) -> String {
    name.to_lowercase()
}

// Ordered maps and not hashed ones: nothing can come out in an order that differs from run to run.
#[derive(Debug)]
pub(super) struct Index<K> {
    by_name: BTreeMap<String, K>,
    by_id: BTreeMap<String, K>,
}

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self { by_name: BTreeMap::new(), by_id: BTreeMap::new() }
    }
}

impl<K: Copy + PartialEq> Index<K> {
    pub(super) fn named(&self, name: &str) -> Option<K> {
        self.by_name.get(&fold(name)).copied()
    }

    pub(super) fn with_id(&self, id: &str) -> Option<K> {
        self.by_id.get(id).copied()
    }

    pub(super) fn get(&self, id: &ResourceId<'_>) -> Option<K> {
        match id {
            ResourceId::Name(name) => self.named(name),
            ResourceId::Id(id) => self.with_id(id),
        }
    }

    /// Whether both can be given to something new.
    pub(super) fn free(&self, resource: Resource, name: &str, id: &str) -> Result<(), DirectoryError> {
        if name.is_empty() || id.is_empty() {
            return Err(DirectoryError::Empty { resource });
        }
        if self.named(name).is_some() {
            return Err(DirectoryError::NameTaken { resource, name: name.to_owned() });
        }
        if self.with_id(id).is_some() {
            return Err(DirectoryError::IdTaken { resource, id: id.to_owned() });
        }
        Ok(())
    }

    pub(super) fn insert(&mut self, name: &str, id: &str, key: K) {
        self.by_name.insert(fold(name), key);
        self.by_id.insert(id.to_owned(), key);
    }

    pub(super) fn remove(&mut self, name: &str, id: &str) {
        self.by_name.remove(&fold(name));
        self.by_id.remove(id);
    }

    pub(super) fn rename(
        &mut self,
        resource: Resource,
        old: &str,
        new: &str,
        key: K,
    ) -> Result<(), DirectoryError> {
        if new.is_empty() {
            return Err(DirectoryError::Empty { resource });
        }
        if self.named(new).is_some_and(|taken| taken != key) {
            return Err(DirectoryError::NameTaken { resource, name: new.to_owned() });
        }
        self.by_name.remove(&fold(old));
        self.by_name.insert(fold(new), key);
        Ok(())
    }
}
