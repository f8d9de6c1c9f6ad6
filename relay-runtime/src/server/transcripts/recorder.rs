//! The sessions' end: what they see is handed over, if there is room.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::time::{SystemTime, UNIX_EPOCH};

use relay_protocol::session::{CloseReason, Timestamp};
use relay_protocol::transcript::{Entry, Head, Side, What};
use relay_protocol::types::StopReason;

use crate::session::{HandlerFailure, Observer, Probe, SessionEnd, Shared};

/// What the thread is told of a session, named by its number.
pub(super) struct Note {
    pub(super) session: u64,
    pub(super) what: Noted,
}

pub(super) enum Noted {
    Began(Head),
    Entry(Entry),
    /// The last one. Whether the session ended as it should.
    Ended(Entry, bool),
}

impl Note {
    /// What it takes up while it waits, in bytes.
    pub(super) fn size(&self) -> usize {
        size_of::<Self>()
            + match &self.what {
                Noted::Entry(Entry { what: What::Frame { text, .. }, .. }) => text.len(),
                Noted::Entry(Entry { what: What::Failed { why, .. }, .. }) => why.len(),
                _ => 0,
            }
    }
}

/// The way to the thread.
pub(super) struct Link {
    notes: Sender<Note>,
    waiting: Arc<AtomicUsize>,
    max_waiting: usize,
}

impl Link {
    pub(super) fn new(notes: Sender<Note>, max_waiting: usize) -> Self {
        Self { notes, waiting: Arc::default(), max_waiting }
    }

    /// How many bytes wait. The thread takes off what it has done.
    pub(super) fn waiting(&self) -> Arc<AtomicUsize> {
        self.waiting.clone()
    }

    /// Hands a note over, if there is room. There always is for `urgent` ones, which are few and small.
    fn send(&self, note: Note, urgent: bool) -> bool {
        let size = note.size();
        let before = self.waiting.fetch_add(size, Ordering::Relaxed);
        let sent =
            (urgent || before.saturating_add(size) <= self.max_waiting) && self.notes.send(note).is_ok();
        if !sent {
            self.waiting.fetch_sub(size, Ordering::Relaxed);
        }
        sent
    }
}

/// Sees all sessions of a server.
pub(super) struct Recorder(pub(super) Arc<Link>);

impl Observer for Recorder {
    fn session(&self, shared: &Arc<Shared>) -> Box<dyn Probe> {
        let info = &shared.info;
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let head = Head::new(&*info.workflow, &*info.path)
            .sdk(concat!("relay-runtime ", env!("CARGO_PKG_VERSION")))
            .session(info.number.to_string())
            .began_unix_ms(u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX));
        let pen = Pen { link: self.0.clone(), shared: shared.clone(), lost: 0, ended: false };
        pen.write(Noted::Began(head), true);
        Box::new(pen)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}

/// Sees one of them.
struct Pen {
    link: Arc<Link>,
    shared: Arc<Shared>,
    /// Notes for which there was no room.
    lost: u64,
    ended: bool,
}

impl Pen {
    fn write(&self, what: Noted, urgent: bool) -> bool {
        self.link.send(Note { session: self.shared.info.number, what }, urgent)
    }

    fn note(&mut self, entry: Entry) {
        self.tell_lost(entry.at, false);
        if self.lost > 0 || !self.write(Noted::Entry(entry), false) {
            self.lost += 1;
        }
    }

    fn tell_lost(&mut self, at: std::time::Duration, urgent: bool) {
        if self.lost > 0 && self.write(Noted::Entry(Entry::new(at, What::Lost(self.lost))), urgent) {
            self.lost = 0;
        }
    }

    fn end(&mut self, how: String, well: bool) {
        let at = self.shared.now().elapsed();
        self.tell_lost(at, true);
        self.write(Noted::Ended(Entry::new(at, What::Ended(how)), well), true);
        self.ended = true;
    }
}

impl Probe for Pen {
    fn received(&mut self, now: Timestamp, frame: &str) {
        self.note(Entry::frame(now.elapsed(), Side::Engine, frame));
    }

    fn sent(&mut self, now: Timestamp, frame: &str) {
        self.note(Entry::frame(now.elapsed(), Side::Workflow, frame));
    }

    fn handler_ended(&mut self, handler: &'static str, failure: Option<&HandlerFailure>) {
        if let Some(failure) = failure.filter(|failure| !failure.is_consequence()) {
            let what = What::Failed { handler: handler.into(), why: failure.to_string() };
            self.note(Entry::new(self.shared.now().elapsed(), what));
        }
    }

    fn ended(&mut self, _: Timestamp, end: &SessionEnd) {
        self.end(end.reason.to_string(), end.reason == CloseReason::Stopped(StopReason::Normal));
    }
}

/// A session that was cut off ends without a word.
impl Drop for Pen {
    fn drop(&mut self) {
        if !self.ended {
            self.end("aborted".into(), false);
        }
    }
}
