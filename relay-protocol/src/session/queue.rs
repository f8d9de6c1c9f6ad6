//! Queues of a session.

use alloc::collections::VecDeque;
use alloc::collections::vec_deque;

/// A queue that costs little while little waits in it. There are thousands of sessions, most of them idle, so memory
/// begins with room for one and is given back after a burst.
#[derive(Debug)]
pub(super) struct Queue<T>(VecDeque<T>);

/// Room that is kept when nothing waits.
const KEPT: usize = 4;

impl<T> Queue<T> {
    pub(super) fn new() -> Self {
        Self(VecDeque::new())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> vec_deque::Iter<'_, T> {
        self.0.iter()
    }

    pub(super) fn last(&self) -> Option<&T> {
        self.0.back()
    }

    pub(super) fn push(&mut self, item: T) {
        if self.0.capacity() == 0 {
            self.0.reserve_exact(1);
        }
        self.0.push_back(item);
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        self.remove(0)
    }

    pub(super) fn remove(&mut self, at: usize) -> Option<T> {
        // Nearly always the first; for it there is a cheaper way.
        let item = if at == 0 { self.0.pop_front() } else { self.0.remove(at) };
        self.give_back();
        item
    }

    pub(super) fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.0.retain(keep);
        self.give_back();
    }

    pub(super) fn clear(&mut self) {
        self.0 = VecDeque::new();
    }

    fn give_back(&mut self) {
        if self.0.is_empty() && self.0.capacity() > KEPT {
            self.clear();
        }
    }
}

/// Items that were pushed with ever greater keys, and are found by them.
impl<T> Queue<(u64, T)> {
    pub(super) fn get(&self, key: u64) -> Option<&T> {
        self.position(key).map(|at| &self.0[at].1)
    }

    pub(super) fn get_mut(&mut self, key: u64) -> Option<&mut T> {
        self.position(key).map(|at| &mut self.0[at].1)
    }

    pub(super) fn take(&mut self, key: u64) -> Option<T> {
        let at = self.position(key)?;
        self.remove(at).map(|(_, item)| item)
    }

    fn position(&self, key: u64) -> Option<usize> {
        self.0.binary_search_by_key(&key, |(key, _)| *key).ok()
    }
}

impl<T> IntoIterator for Queue<T> {
    type Item = T;
    type IntoIter = vec_deque::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn memory_grows_from_one_and_shrinks_after_a_burst() {
        let mut queue = Queue::new();
        assert_eq!(queue.0.capacity(), 0);
        queue.push(0);
        assert_eq!(queue.0.capacity(), 1);
        queue.pop();
        assert_eq!(queue.0.capacity(), 1);
        (0..100).for_each(|i| queue.push(i));
        while queue.pop().is_some() {}
        assert_eq!(queue.0.capacity(), 0);
    }

    #[test]
    fn items_are_found_by_their_keys_whichever_are_gone() {
        let mut queue = Queue::new();
        (0..8).for_each(|key| queue.push((key, key * 10)));
        assert_eq!(queue.take(3), Some(30));
        assert_eq!(queue.take(3), None);
        assert_eq!(queue.get(4), Some(&40));
        assert_eq!(queue.get_mut(7), Some(&mut 70));
        assert_eq!(queue.get(8), None);
        assert_eq!(queue.len(), 7);
    }
}
