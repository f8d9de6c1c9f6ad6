//! The notifications that are not over, found by key or by name: there may be ten thousand.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

use slotmap::SlotMap;

use super::Notice;
use crate::key::NoticeKey;

#[derive(Debug, Default)]
pub(crate) struct Notices {
    by_key: SlotMap<NoticeKey, Notice>,
    by_name: BTreeMap<String, BTreeSet<NoticeKey>>,
}

impl Notices {
    pub(crate) fn len(&self) -> usize {
        self.by_key.len()
    }

    pub(super) fn insert(&mut self, notice: Notice) -> NoticeKey {
        let name = notice.name.clone();
        let key = self.by_key.insert(notice);
        self.by_name.entry(name).or_default().insert(key);
        key
    }

    pub(super) fn remove(&mut self, key: NoticeKey) -> Option<Notice> {
        let notice = self.by_key.remove(key)?;
        if let Some(named) = self.by_name.get_mut(&notice.name) {
            named.remove(&key);
            if named.is_empty() {
                self.by_name.remove(&notice.name);
            }
        }
        Some(notice)
    }

    pub(super) fn get(&self, key: NoticeKey) -> Option<&Notice> {
        self.by_key.get(key)
    }

    /// Its name must not be changed.
    pub(super) fn get_mut(&mut self, key: NoticeKey) -> Option<&mut Notice> {
        self.by_key.get_mut(key)
    }

    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = (NoticeKey, &Notice)> {
        let keys = self.by_name.get(name).into_iter().flatten();
        keys.filter_map(|key| Some((*key, self.by_key.get(*key)?)))
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = NoticeKey> {
        self.by_key.keys()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Notice> {
        self.by_key.values_mut()
    }
}
