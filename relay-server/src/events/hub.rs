//! The ring that publishers write and watchers read.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::cursor::Cursor;
use super::event::{Event, Published};
use super::watcher::{Filter, Watcher};

/// Recent events, and a bell for those who wait for the next. Clones are the same hub.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    boot: u64,
    ring: Mutex<Ring>,
    /// The sequence of the newest event. Closed when the hub is.
    newest: watch::Sender<u64>,
    max_events: usize,
    max_bytes: usize,
}

#[derive(Default)]
struct Ring {
    events: VecDeque<(Arc<Published>, usize)>,
    bytes: usize,
    /// Of the newest event, whether it is still here or not.
    last: u64,
}

impl Hub {
    /// An empty hub that keeps so many events, and not more than about so many bytes of them. `boot` must differ between
    /// the runs of a server.
    pub fn new(boot: u64, max_events: usize, max_bytes: usize) -> Self {
        let ring = Mutex::new(Ring::default());
        Self(Arc::new(Inner { boot, ring, newest: watch::Sender::new(0), max_events, max_bytes }))
    }

    /// Lets everybody who watches know. Never waits.
    pub fn publish(&self, event: Event) {
        let weight = event.weight();
        let mut ring = self.ring();
        ring.last += 1;
        let last = ring.last;
        let cursor = Cursor { boot: self.0.boot, sequence: last };
        ring.events.push_back((Arc::new(Published { cursor, event }), weight));
        ring.bytes += weight;
        while ring.events.len() > self.0.max_events || ring.bytes > self.0.max_bytes {
            let Some((_, weight)) = ring.events.pop_front() else { break };
            ring.bytes -= weight;
        }
        // Under the lock, so that the bell never goes back.
        self.0.newest.send_replace(last);
    }

    /// Watches what `filter` lets through: all that comes after `after`; from now on if there is no such place.
    pub fn watch(&self, after: Option<Cursor>, filter: Filter) -> Watcher {
        let newest = self.0.newest.subscribe();
        let (next, lost) = match after {
            None => (self.ring().last + 1, false),
            Some(cursor) if cursor.boot != self.0.boot || cursor.sequence > self.ring().last => (1, true),
            Some(cursor) => (cursor.sequence + 1, false),
        };
        Watcher { hub: self.clone(), newest, next, lost, filter }
    }

    /// The place of the newest event.
    pub fn latest(&self) -> Cursor {
        Cursor { boot: self.0.boot, sequence: self.ring().last }
    }

    pub(super) fn boot(&self) -> u64 {
        self.0.boot
    }

    /// The first event from `next` on that is still here and let through. `Err` says how far there is none.
    pub(super) fn find(&self, next: u64, filter: &Filter) -> Found {
        let ring = self.ring();
        let oldest = ring.last + 1 - ring.events.len() as u64;
        if next < oldest {
            return Found::Gap { until: oldest };
        }
        let from = usize::try_from(next - oldest).unwrap_or(usize::MAX);
        let mut there = ring.events.range(from.min(ring.events.len())..);
        match there.find(|(published, _)| filter.lets_through(&published.event)) {
            Some((published, _)) => Found::Event(Arc::clone(published)),
            None => Found::Nothing { until: ring.last + 1 },
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        // Nothing in there panics half-way.
        self.0.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a look into the ring brings.
pub(super) enum Found {
    Event(Arc<Published>),
    /// What was before `until` is gone.
    Gap {
        until: u64,
    },
    /// There is nothing before `until`.
    Nothing {
        until: u64,
    },
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("latest", &self.latest()).finish_non_exhaustive()
    }
}
