//! What waits to be written to a workflow, bounded in bytes.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;
use relay_protocol::session::Transmit;

/// What waits to be written to one connection. The account fills it, the connection empties it. Nothing is allocated
/// while it is empty.
#[derive(Clone)]
pub(super) struct Outbox(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    reader: AtomicWaker,
    limit: usize,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Transmit>,
    bytes: usize,
    /// Nothing more is put in.
    released: bool,
}

/// What the connection finds.
pub(super) enum Taken {
    Transmit(Transmit),
    /// All is written, and nothing follows.
    Released,
}

/// So many bytes wait already: the workflow does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overflow;

impl Outbox {
    /// An empty one for `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self(Arc::new(Inner { state: Mutex::default(), reader: AtomicWaker::new(), limit }))
    }

    /// Puts a message in. A single one always fits.
    pub(super) fn put(&self, transmit: Transmit) -> Result<(), Overflow> {
        let bytes = weight(&transmit);
        let mut state = self.state();
        if state.bytes + bytes > self.0.limit && state.bytes > 0 {
            return Err(Overflow);
        }
        state.bytes += bytes;
        state.queue.push_back(transmit);
        drop(state);
        self.0.reader.wake();
        Ok(())
    }

    /// Says that nothing follows.
    pub(super) fn release(&self) {
        self.state().released = true;
        self.0.reader.wake();
    }

    /// Forgets what waits, and says that nothing follows.
    pub(super) fn abandon(&self) {
        let mut state = self.state();
        *state = State { released: true, ..State::default() };
        drop(state);
        self.0.reader.wake();
    }

    /// Whether nothing follows what waits.
    pub(super) fn is_released(&self) -> bool {
        self.state().released
    }

    pub(super) fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Taken> {
        self.0.reader.register(cx.waker());
        let mut state = self.state();
        match state.queue.pop_front() {
            Some(transmit) => {
                state.bytes -= weight(&transmit);
                if state.queue.is_empty() {
                    state.queue = VecDeque::new(); // most of the time a session is silent
                }
                Poll::Ready(Taken::Transmit(transmit))
            }
            None if state.released => Poll::Ready(Taken::Released),
            None => Poll::Pending,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Its text, and a little for itself: empty messages take room too.
fn weight(transmit: &Transmit) -> usize {
    const SELF: usize = 32;
    SELF + match transmit {
        Transmit::Text(text) => text.len(),
        Transmit::Close { reason, .. } => reason.len(),
        _ => 0,
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("bytes", &self.state().bytes).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    fn text(length: usize) -> Transmit {
        Transmit::Text("x".repeat(length))
    }

    fn take(outbox: &Outbox) -> Option<Taken> {
        match outbox.poll_take(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(taken) => Some(taken),
            Poll::Pending => None,
        }
    }

    #[test]
    fn what_is_written_makes_room() {
        let outbox = Outbox::new(1000);
        assert_eq!(outbox.put(text(600)), Ok(()));
        assert_eq!(outbox.put(text(600)), Err(Overflow));
        assert!(matches!(take(&outbox), Some(Taken::Transmit(_))));
        assert_eq!(outbox.put(text(600)), Ok(()));
    }

    #[test]
    fn one_message_always_fits() {
        assert_eq!(Outbox::new(10).put(text(600)), Ok(()));
    }

    #[test]
    fn the_end_comes_after_everything_else() {
        let outbox = Outbox::new(1000);
        outbox.put(text(1)).unwrap();
        outbox.release();
        assert!(matches!(take(&outbox), Some(Taken::Transmit(_))));
        assert!(matches!(take(&outbox), Some(Taken::Released)));
    }
}
