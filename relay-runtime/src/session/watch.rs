//! Events for code that waits inside a handler, besides the handlers themselves.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use relay_protocol::{Event, Urn};

use super::Shared;

/// Events that one watch keeps for its owner, and how large they may be together; the oldest go first. A single event
/// may be larger.
const KEPT_EVENTS: usize = 256;
const KEPT_BYTES: usize = 256 << 10;

/// What a watch is for. Data rather than a closure, because it is asked under the session's lock.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) kind: fn(&Event) -> bool,
    /// Only events from this interaction.
    pub(crate) from: Option<Urn>,
}

impl Wanted {
    fn accepts(&self, event: &Event) -> bool {
        (self.kind)(event)
            && self.from.as_ref().is_none_or(|from| source(event).is_some_and(|s| is_on(from, s)))
    }
}

/// Where an event of an interaction came from.
fn source(event: &Event) -> Option<&Urn> {
    match event {
        Event::InteractionLifecycle(event) => Some(&event.source_uri),
        Event::Prompt(event) => event.source_uri.as_ref(),
        Event::Button(event) => event.source_uri.as_ref(),
        Event::Speech(event) => event.source_uri.as_ref(),
        _ => None,
    }
}

/// Whether `source` is the interaction, or one device's part of it. Some say the device instead.
fn is_on(interaction: &Urn, source: &Urn) -> bool {
    if source == interaction {
        return true;
    }
    let same_name = !source.is_interaction() || source.interaction_name() == interaction.interaction_name();
    let mut devices = interaction.devices().peekable();
    same_name && (devices.peek().is_none() || source.device().is_some_and(|on| devices.any(|d| d == on)))
}

/// What a watch has for its owner.
pub(crate) enum Seen {
    Event(Arc<Event>),
    /// So many were dropped, because the owner did not take them in time.
    Missed(u64),
    /// The session is over.
    End,
}

/// The events of one kind from now on, until it is dropped.
pub(crate) struct Watch {
    shared: Arc<Shared>,
    id: u64,
}

impl Watch {
    pub(crate) fn new(shared: &Arc<Shared>, wanted: Wanted) -> Self {
        Self { id: shared.lock().watches.add(wanted), shared: shared.clone() }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Seen> {
        let mut state = self.shared.lock();
        let over = state.session.ending().is_some();
        let Some(entry) = state.watches.entry(self.id) else { return Poll::Ready(Seen::End) };
        if entry.missed > 0 {
            return Poll::Ready(Seen::Missed(std::mem::take(&mut entry.missed)));
        }
        if let Some((event, bytes)) = entry.kept.pop_front() {
            entry.bytes -= bytes;
            return Poll::Ready(Seen::Event(event));
        }
        if over {
            return Poll::Ready(Seen::End);
        }
        match &mut entry.waker {
            Some(known) => known.clone_from(cx.waker()),
            None => entry.waker = Some(cx.waker().clone()),
        }
        Poll::Pending
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.lock().watches.remove(self.id);
    }
}

/// All watches of a session. Costs nothing while there are none.
#[derive(Default)]
pub(super) struct Watches {
    entries: Vec<Entry>,
    next: u64,
}

struct Entry {
    id: u64,
    wanted: Wanted,
    kept: VecDeque<(Arc<Event>, usize)>,
    bytes: usize,
    missed: u64,
    waker: Option<Waker>,
}

impl Watches {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn add(&mut self, wanted: Wanted) -> u64 {
        let id = self.next;
        self.next += 1;
        self.entries.push(Entry { id, wanted, kept: VecDeque::new(), bytes: 0, missed: 0, waker: None });
        id
    }

    fn entry(&mut self, id: u64) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }

    fn remove(&mut self, id: u64) {
        self.entries.retain(|entry| entry.id != id);
    }

    /// Keeps an event of this size for everybody who wants it. They share one copy.
    pub(super) fn show(&mut self, event: &Event, bytes: usize) {
        let mut copy = None;
        for entry in self.entries.iter_mut().filter(|entry| entry.wanted.accepts(event)) {
            entry.keep(copy.get_or_insert_with(|| Arc::new(event.clone())).clone(), bytes);
        }
    }

    pub(super) fn wake_all(&mut self) {
        self.entries.iter_mut().for_each(Entry::wake);
    }
}

impl Entry {
    fn keep(&mut self, event: Arc<Event>, bytes: usize) {
        while self.kept.len() >= KEPT_EVENTS || (self.bytes + bytes > KEPT_BYTES && !self.kept.is_empty()) {
            if let Some((_, bytes)) = self.kept.pop_front() {
                self.bytes -= bytes;
                self.missed += 1;
            }
        }
        self.kept.push_back((event, bytes));
        self.bytes += bytes;
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use relay_protocol::event::TimerFired;
    use relay_protocol::urn::{DeviceUrn, InteractionUrn};

    use super::*;

    fn watching() -> (Watches, u64) {
        let mut watches = Watches::default();
        let id = watches.add(Wanted { kind: |_| true, from: None });
        (watches, id)
    }

    #[test]
    fn the_oldest_events_go_first_and_are_counted() {
        let (mut watches, id) = watching();
        for n in 0..KEPT_EVENTS + 3 {
            watches.show(&TimerFired::new(n.to_string()).into(), 1);
        }
        let entry = watches.entry(id).unwrap();
        assert_eq!((entry.kept.len(), entry.missed), (KEPT_EVENTS, 3));
        assert_eq!(*entry.kept[0].0, TimerFired::new("3").into());
    }

    #[test]
    fn bytes_are_bounded_too_but_one_event_always_fits() {
        let (mut watches, id) = watching();
        for _ in 0..3 {
            watches.show(&TimerFired::new("nap").into(), KEPT_BYTES);
        }
        watches.show(&TimerFired::new("nap").into(), 2 * KEPT_BYTES);
        let entry = watches.entry(id).unwrap();
        assert_eq!((entry.kept.len(), entry.bytes, entry.missed), (1, 2 * KEPT_BYTES, 3));
    }

    #[test]
    fn an_event_is_on_an_interaction_in_any_of_the_ways_to_say_so() {
        let (alice, bob) = (DeviceUrn::name("Alice").unwrap(), DeviceUrn::name("Bob").unwrap());
        let hello = InteractionUrn::name("hello").unwrap();
        let on_alice = hello.on(&alice);

        assert!(is_on(&on_alice, &on_alice) && is_on(&on_alice, &alice) && is_on(&hello, &on_alice));
        assert!(!is_on(&on_alice, &bob) && !is_on(&on_alice, &hello.on(&bob)));
        assert!(!is_on(&on_alice, &InteractionUrn::name("menu").unwrap().on(&alice)));
    }
}
