//! Sessions of tests, written down.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use relay_protocol::session::Timestamp;
use relay_protocol::transcript::{Entry, Head, Side, Transcript, What};

use crate::session::{HandlerFailure, Observer, Probe, SessionEnd, Shared};

/// Writes down the sessions of one simulation.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    tapes: Mutex<Vec<Tape>>,
}

impl Recorder {
    /// What there is so far, in the order in which the sessions began.
    pub(super) fn transcripts(&self) -> Vec<Transcript> {
        lock(&self.tapes).iter().map(|tape| lock(&tape.0).clone()).collect()
    }
}

impl Observer for Recorder {
    fn session(&self, shared: &Arc<Shared>) -> Box<dyn Probe> {
        let info = &shared.info;
        let head = Head::new(&*info.workflow, &*info.path)
            .sdk(concat!("relay-runtime ", env!("CARGO_PKG_VERSION")))
            .session(info.number.to_string());
        let tape = Tape(Arc::new(Mutex::new(Transcript::new(head))));
        lock(&self.tapes).push(tape.clone());
        Box::new(Taping { tape, shared: shared.clone() })
    }
}

#[derive(Debug, Clone)]
struct Tape(Arc<Mutex<Transcript>>);

impl Tape {
    fn add(&self, entry: Entry) {
        lock(&self.0).entries.push(entry);
    }
}

/// Sees one session.
struct Taping {
    tape: Tape,
    shared: Arc<Shared>,
}

impl Taping {
    fn now(&self) -> Duration {
        self.shared.now().elapsed()
    }
}

impl Probe for Taping {
    fn received(&mut self, now: Timestamp, frame: &str) {
        self.tape.add(Entry::frame(now.elapsed(), Side::Engine, frame));
    }

    fn sent(&mut self, now: Timestamp, frame: &str) {
        self.tape.add(Entry::frame(now.elapsed(), Side::Workflow, frame));
    }

    fn handler_ended(&mut self, handler: &'static str, failure: Option<&HandlerFailure>) {
        if let Some(failure) = failure.filter(|failure| !failure.is_consequence()) {
            let what = What::Failed { handler: handler.into(), why: failure.to_string() };
            self.tape.add(Entry::new(self.now(), what));
        }
    }

    fn ended(&mut self, now: Timestamp, end: &SessionEnd) {
        self.tape.add(Entry::new(now.elapsed(), What::Ended(end.reason.to_string())));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
