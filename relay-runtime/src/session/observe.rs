//! Watching sessions from outside.

use std::fmt;
use std::sync::Arc;

use relay_protocol::session::Timestamp;

use super::{HandlerFailure, SessionEnd, Shared};

/// Wants to see sessions.
pub(crate) trait Observer: fmt::Debug + Send + Sync {
    /// A session begins. What comes back sees it to its end.
    fn session(&self, shared: &Arc<Shared>) -> Box<dyn Probe>;
}

/// Sees one session. It is called inside the session's task and must not block it.
pub(crate) trait Probe: Send {
    /// A message came in.
    fn received(&mut self, now: Timestamp, frame: &str) {
        let _ = (now, frame);
    }

    /// A message goes out.
    fn sent(&mut self, now: Timestamp, frame: &str) {
        let _ = (now, frame);
    }

    /// A handler begins to run.
    fn handler_started(&mut self, handler: &'static str) {
        let _ = handler;
    }

    /// A handler is done.
    fn handler_ended(&mut self, handler: &'static str, failure: Option<&HandlerFailure>) {
        let _ = (handler, failure);
    }

    /// The session is over.
    fn ended(&mut self, now: Timestamp, end: &SessionEnd) {
        let _ = (now, end);
    }
}

/// Those who watch one session, mostly nobody.
#[derive(Default)]
pub(super) struct Probes(Vec<Box<dyn Probe>>);

impl Probes {
    pub(super) fn new(observers: &[Arc<dyn Observer>], shared: &Arc<Shared>) -> Self {
        Self(observers.iter().map(|observer| observer.session(shared)).collect())
    }

    pub(super) fn each(&mut self, mut tell: impl FnMut(&mut dyn Probe)) {
        self.0.iter_mut().for_each(|probe| tell(&mut **probe));
    }
}
