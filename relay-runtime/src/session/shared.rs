//! What a session's driver and its handlers share.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};
use std::time::Duration;

use relay_protocol::codec::JsonMap;
use relay_protocol::session::{
    CloseReason, Incoming, Op, Outcome, Refused, RequestOptions, Timestamp, WorkflowSession,
};
use relay_protocol::{Event, RequestBody, Urn, types::LifecycleType};
use smallvec::SmallVec;
use tokio::time::Instant;

use super::turn::Turn;
use super::watch::Watches;
use crate::metrics::WorkflowMetrics;
use crate::workflow::OnHandlerError;

/// What is known about one session from outside the protocol.
#[derive(Debug, Clone)]
pub(crate) struct SessionInfo {
    /// The name of the workflow.
    pub(crate) workflow: Arc<str>,
    /// The path that was dialled.
    pub(crate) path: Arc<str>,
    /// Counted from 1 in this process; in every log line.
    pub(crate) number: u64,
    /// What the engine side calls the session, if it says so; in every log line too.
    pub(crate) instance: Option<Arc<str>>,
    /// The peer's address, when there is a network.
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) metrics: Arc<WorkflowMetrics>,
    pub(crate) on_error: OnHandlerError,
}

/// The session and who waits for what.
///
/// Behind one lock that is hardly ever contended: handlers run inside the driver's own task, so it is taken and given
/// back by the same thread. It buys what a channel to an actor could not: a request is refused or registered at once,
/// and dropping its future forgets it at once.
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) turn: Turn,
    /// Where the session's clock begins.
    origin: Instant,
    pub(crate) info: SessionInfo,
}

pub(crate) struct State {
    pub(crate) session: WorkflowSession,
    /// Who waits for which operation, in the order of the operations.
    waits: SmallVec<[(Op, Waker); 1]>,
    close_waits: Vec<Waker>,
    /// Interactions that are up, to be ended with the workflow.
    pub(crate) interactions: SmallVec<[Urn; 1]>,
    /// Those who wait for events inside a handler.
    pub(super) watches: Watches,
    /// What goes into every tracked event of this session.
    pub(crate) analytics_defaults: JsonMap,
}

impl Shared {
    pub(crate) fn new(session: impl FnOnce(Timestamp) -> WorkflowSession, info: SessionInfo) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                session: session(Timestamp::ZERO),
                waits: SmallVec::new(),
                close_waits: Vec::new(),
                interactions: SmallVec::new(),
                watches: Watches::default(),
                analytics_defaults: JsonMap::new(),
            }),
            turn: Turn::new(),
            origin: Instant::now(),
            info,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::new(self.origin.elapsed())
    }

    /// The moment on tokio's clock, or far in the future if that clock cannot say it.
    pub(crate) fn instant(&self, at: Timestamp) -> Instant {
        const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);
        self.origin.checked_add(at.elapsed()).unwrap_or_else(|| Instant::now() + FAR)
    }

    /// No code that may panic runs under the lock; if some does, the session ends and its state no longer matters.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What wakes handlers, which live in the driver's task.
impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.turn.call();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.turn.call();
    }
}

impl State {
    /// Sends a request, and wakes `waker` when it has ended.
    pub(crate) fn request<R: RequestBody>(
        &mut self,
        now: Timestamp,
        target: &[Urn],
        body: &R,
        options: RequestOptions,
        waker: &Waker,
    ) -> Result<Op, Refused> {
        let op = self.session.request(now, target, body, options)?;
        self.waits.push((op, waker.clone()));
        Ok(op)
    }

    /// The outcome of an operation if it has ended; else wakes `waker` when it does.
    pub(crate) fn poll_outcome(&mut self, op: Op, waker: &Waker) -> Option<Outcome> {
        let outcome = self.session.take_completed(op);
        if outcome.is_none()
            && let Some(at) = self.waiting(op)
        {
            self.waits[at].1.clone_from(waker);
        }
        outcome
    }

    pub(crate) fn forget(&mut self, op: Op) {
        self.session.forget(op);
        if let Some(at) = self.waiting(op) {
            self.waits.remove(at);
        }
    }

    fn waiting(&self, op: Op) -> Option<usize> {
        self.waits.binary_search_by_key(&op, |(waiting, _)| *waiting).ok()
    }

    /// Why the session is ending, if it is; else wakes `waker` when it does.
    pub(crate) fn poll_closed(&mut self, waker: &Waker) -> Option<CloseReason> {
        if let Some(reason) = self.session.ending() {
            return Some(reason.clone());
        }
        if !self.close_waits.iter().any(|known| known.will_wake(waker)) {
            self.close_waits.push(waker.clone());
        }
        None
    }

    /// Wakes whoever waits for something that has happened.
    pub(crate) fn wake(&mut self) {
        let Self { session, waits, .. } = self;
        for op in session.completed() {
            if let Ok(at) = waits.binary_search_by_key(&op, |(waiting, _)| *waiting) {
                waits.remove(at).1.wake();
            }
        }
        if session.ending().is_some() {
            self.close_waits.drain(..).for_each(Waker::wake);
            self.watches.wake_all();
        }
    }

    /// Gives a text message to the session, and the event in it to those who watch.
    pub(crate) fn handle_text(&mut self, now: Timestamp, text: &str) {
        let before = self.session.backlog_bytes();
        self.session.handle_text(now, text);
        self.show_newest(before);
    }

    /// [`handle_text`](Self::handle_text) for text that came in a binary message.
    pub(crate) fn handle_binary(&mut self, now: Timestamp, bytes: &[u8]) {
        let before = self.session.backlog_bytes();
        self.session.handle_binary(now, bytes);
        self.show_newest(before);
    }

    fn show_newest(&mut self, backlog_before: usize) {
        if self.watches.is_empty() || self.session.backlog_bytes() <= backlog_before {
            return;
        }
        if let Some((Incoming::Event(event), bytes)) = self.session.newest_event() {
            self.watches.show(event, bytes);
        }
    }

    /// Keeps the list of interactions that are up.
    pub(crate) fn note(&mut self, event: &Event) {
        let Event::InteractionLifecycle(lifecycle) = event else { return };
        let urn = &lifecycle.source_uri;
        match lifecycle.kind {
            LifecycleType::Started => self.interactions.push(urn.clone()),
            LifecycleType::Ended | LifecycleType::Failed => self.interactions.retain(|up| up != urn),
            _ => {}
        }
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("info", &self.info).finish_non_exhaustive()
    }
}
