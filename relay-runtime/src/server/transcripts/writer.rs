//! The thread's end: notes become lines, lines become files.

use std::collections::HashMap;
use std::fmt::Write;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use relay_protocol::transcript::{Entry, Head, Redactor, What};
use tracing::warn;

use super::Transcripts;
use super::folder::{Folder, Page};
use super::recorder::{Note, Noted};

/// How often what has gathered is written. No file stays open in between: there may be as many sessions as the process
/// may open files.
const TICK: Duration = Duration::from_secs(2);

/// What gathers of a session before it is written, in bytes.
const GATHERED: usize = 4 * 1024;

/// How often the log may be told that something cannot be written.
const COMPLAINTS: Duration = Duration::from_secs(60);

pub(super) struct Writer {
    settings: Transcripts,
    folder: Folder,
    waiting: Arc<AtomicUsize>,
    drafts: HashMap<u64, Draft>,
    complained: Option<Instant>,
}

/// The transcript of a session that is running.
struct Draft {
    page: Page,
    redactor: Option<Redactor>,
    /// Lines that are not written yet.
    gathered: String,
    /// Of all lines so far.
    bytes: usize,
    /// Entries that were too much.
    lost: u64,
    failed: bool,
    /// It cannot be written.
    broken: bool,
}

impl Writer {
    pub(super) fn new(settings: Transcripts, folder: Folder, waiting: Arc<AtomicUsize>) -> Self {
        Self { settings, folder, waiting, drafts: HashMap::new(), complained: None }
    }

    /// Writes until nobody is left who could send anything.
    pub(super) fn run(&mut self, notes: &Receiver<Note>) {
        let mut ticked = Instant::now();
        loop {
            match notes.recv_timeout(TICK.saturating_sub(ticked.elapsed())) {
                Ok(note) => {
                    let size = note.size();
                    self.take(note);
                    self.waiting.fetch_sub(size, Ordering::Relaxed);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if ticked.elapsed() >= TICK {
                self.tick();
                ticked = Instant::now();
            }
        }
        self.tick();
    }

    fn tick(&mut self) {
        let mut sessions: Vec<u64> = Vec::new();
        // What may turn out to be of no interest can wait.
        if !self.settings.only_failed {
            let gathered = self.drafts.iter().filter(|(_, draft)| !draft.gathered.is_empty());
            sessions.extend(gathered.map(|(session, _)| session));
        }
        for session in sessions {
            self.write(session);
        }
        self.folder.forget_old();
    }

    fn take(&mut self, Note { session, what }: Note) {
        match what {
            Noted::Began(head) => self.begin(session, head),
            Noted::Entry(entry) => {
                self.add(session, entry);
                if self.drafts.get(&session).is_some_and(|draft| draft.gathered.len() >= GATHERED) {
                    self.write(session);
                }
            }
            Noted::Ended(entry, well) => self.end(session, entry, well),
        }
    }

    fn begin(&mut self, session: u64, head: Head) {
        let page = self.folder.page(&head);
        let mut redactor = self.settings.redacted.then(Redactor::new);
        let head = match &mut redactor {
            Some(redactor) => redactor.head(head),
            None => head,
        };
        let gathered = format!("{head}\n");
        let bytes = gathered.len();
        let draft = Draft { page, redactor, gathered, bytes, lost: 0, failed: false, broken: false };
        self.drafts.insert(session, draft);
    }

    fn add(&mut self, session: u64, entry: Entry) {
        let Some(draft) = self.drafts.get_mut(&session) else { return };
        draft.failed |= matches!(entry.what, What::Failed { .. });
        if draft.lost > 0 {
            draft.lost += 1;
        } else if !draft.broken {
            draft.add(entry, self.settings.max_file_bytes);
        }
    }

    fn end(&mut self, session: u64, entry: Entry, well: bool) {
        let Some(draft) = self.drafts.get_mut(&session) else { return };
        if self.settings.only_failed && well && !draft.failed {
            draft.page.discard();
            self.drafts.remove(&session);
            return;
        }
        let lost = std::mem::take(&mut draft.lost);
        if lost > 0 {
            draft.add(Entry::new(entry.at, What::Lost(lost)), usize::MAX);
        }
        draft.add(entry, usize::MAX);
        self.write(session);
        if let Some(draft) = self.drafts.remove(&session) {
            self.folder.keep(draft.page);
        }
    }

    fn write(&mut self, session: u64) {
        let Some(draft) = self.drafts.get_mut(&session) else { return };
        if draft.broken {
            return;
        }
        if let Err(error) = draft.page.append(&draft.gathered) {
            draft.broken = true;
            draft.gathered = String::new();
            self.complain(session, &error);
        } else {
            draft.gathered = String::new(); // most sessions are idle, and there are many
        }
    }

    fn complain(&mut self, session: u64, error: &io::Error) {
        if self.complained.is_none_or(|at| at.elapsed() >= COMPLAINTS) {
            warn!(session, %error, "a transcript cannot be written; neither may be others in the next minute");
            self.complained = Some(Instant::now());
        }
    }
}

impl Draft {
    fn add(&mut self, entry: Entry, max_bytes: usize) {
        let entry = match &mut self.redactor {
            Some(redactor) => redactor.entry(entry),
            None => entry,
        };
        let before = self.gathered.len();
        let _ = writeln!(self.gathered, "{entry}"); // a String takes everything
        let bytes = self.bytes + self.gathered.len() - before;
        if bytes > max_bytes {
            self.gathered.truncate(before);
            self.lost = 1;
        } else {
            self.bytes = bytes;
        }
    }
}
