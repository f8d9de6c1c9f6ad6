//! Queues of a session.

use alloc::collections::{VecDeque, vec_deque};
use core::iter::Chain;
use core::option;

/// A queue that costs little while little waits in it: the first item has its place inside, so that a conversation of
/// one question at a time allocates nothing. There are thousands of sessions, most of them idle, so memory is given back
/// after a burst.
#[derive(Debug)]
pub(super) struct Queue<T> {
    /// `None` only if all is empty.
    first: Option<T>,
    rest: VecDeque<T>,
}

/// Room that is kept when nothing waits.
const KEPT: usize = 4;

impl<T> Queue<T> {
    pub(super) fn new() -> Self {
        Self { first: None, rest: VecDeque::new() }
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    pub(super) fn iter(&self) -> Iter<'_, T> {
        Iter(self.first.iter().chain(&self.rest))
    }

    pub(super) fn last(&self) -> Option<&T> {
        self.rest.back().or(self.first.as_ref())
    }

    pub(super) fn push(&mut self, item: T) {
        match self.first {
            None => self.first = Some(item),
            Some(_) => self.rest.push_back(item),
        }
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        self.first.as_ref()?; // to take what is not there would copy its whole room
        let item = self.first.take();
        self.advance();
        item
    }

    /// The next item becomes the first.
    fn advance(&mut self) {
        self.first = None;
        if !self.rest.is_empty() {
            self.first = self.rest.pop_front();
            self.give_back();
        }
    }

    pub(super) fn remove(&mut self, at: usize) -> Option<T> {
        // Nearly always the first.
        let Some(at) = at.checked_sub(1) else { return self.pop() };
        let item = self.rest.remove(at);
        self.give_back();
        item
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.rest.retain(&mut keep);
        if self.first.as_ref().is_some_and(|first| !keep(first)) {
            self.pop();
        }
        self.give_back();
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new();
    }

    fn give_back(&mut self) {
        if self.rest.is_empty() && self.rest.capacity() > KEPT {
            self.rest = VecDeque::new();
        }
    }
}

/// Items that were pushed with ever greater keys, and are found by them.
impl<T> Queue<(u64, T)> {
    pub(super) fn get(&self, key: u64) -> Option<&T> {
        match &self.first {
            Some((first, item)) if *first == key => Some(item),
            _ => self.position(key).map(|at| &self.rest[at].1),
        }
    }

    pub(super) fn get_mut(&mut self, key: u64) -> Option<&mut T> {
        match &mut self.first {
            Some((first, item)) if *first == key => Some(item),
            _ => self.rest.binary_search_by_key(&key, |(key, _)| *key).ok().map(|at| &mut self.rest[at].1),
        }
    }

    pub(super) fn take(&mut self, key: u64) -> Option<T> {
        let at = if self.is_first(key) { 0 } else { self.position(key)? + 1 };
        self.remove(at).map(|(_, item)| item)
    }

    /// [`take`](Self::take) without looking at the item, which is then not moved. Whether there was one.
    pub(super) fn discard(&mut self, key: u64) -> bool {
        if !self.is_first(key) {
            return self.take(key).is_some();
        }
        self.advance();
        true
    }

    fn is_first(&self, key: u64) -> bool {
        self.first.as_ref().is_some_and(|(first, _)| *first == key)
    }

    /// In `rest`.
    fn position(&self, key: u64) -> Option<usize> {
        self.rest.binary_search_by_key(&key, |(key, _)| *key).ok()
    }
}

impl<T> IntoIterator for Queue<T> {
    type Item = T;
    type IntoIter = Chain<option::IntoIter<T>, vec_deque::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.rest)
    }
}

/// The items in their order.
pub(super) struct Iter<'a, T>(Chain<option::Iter<'a, T>, vec_deque::Iter<'a, T>>);

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint() // exact, as those of both parts are
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::Queue;

    #[test]
    fn one_item_takes_no_memory_and_a_burst_gives_it_back() {
        let mut queue = Queue::new();
        for i in 0..10 {
            queue.push(i);
            assert_eq!((queue.pop(), queue.rest.capacity()), (Some(i), 0));
        }
        (0..100).for_each(|i| queue.push(i));
        assert!((0..100).all(|i| queue.pop() == Some(i)));
        assert_eq!((queue.pop(), queue.rest.capacity()), (None, 0));
    }

    #[test]
    fn items_keep_their_order_whichever_go() {
        let mut queue = Queue::new();
        (0..8).for_each(|i| queue.push(i));
        queue.retain(|i| i % 4 != 0);
        assert_eq!(queue.remove(2), Some(3));
        assert_eq!((queue.iter().len(), queue.last()), (5, Some(&7)));
        queue.push(8);
        assert_eq!(queue.into_iter().collect::<Vec<_>>(), [1, 2, 5, 6, 7, 8]);
    }

    #[test]
    fn items_are_found_by_their_keys_whichever_are_gone() {
        let mut queue = Queue::new();
        (0..8).for_each(|key| queue.push((key, key * 10)));
        assert_eq!(queue.take(3), Some(30));
        assert!(queue.take(3).is_none() && !queue.discard(3));
        assert_eq!(queue.get(4), Some(&40));
        assert_eq!(queue.get_mut(7), Some(&mut 70));
        assert_eq!(queue.get(8), None);
        assert!(queue.discard(0) && queue.discard(2));
        assert_eq!((queue.get(1), queue.len()), (Some(&10), 5));
    }
}
