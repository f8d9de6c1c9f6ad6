//! Writes an instance down, line by line.

use std::time::Duration;

use relay_protocol::session::Timestamp;
use relay_protocol::transcript::{Entry, Head, Redactor, Side, What};
use serde_json::Value;

use crate::model::{Line, Outcome, TriggerRow, UnixMs};

/// What is kept of instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptConfig {
    /// Whether anything is. Default: yes.
    pub keep: bool,
    /// Whether what people said, and who they are, is taken out before it is kept. Default: no.
    pub redact: bool,
    /// What is kept of one instance, in bytes; of what comes beyond, only the number. Default: 1 MiB.
    pub max_instance_bytes: usize,
    /// What is kept of all instances, in bytes; the oldest goes first. Default: 1 GiB.
    pub max_bytes: u64,
    /// How long it is kept. Default: 30 days.
    pub max_age: Duration,
}

impl Default for TranscriptConfig {
    fn default() -> Self {
        Self {
            keep: true,
            redact: false,
            max_instance_bytes: 1 << 20,
            max_bytes: 1 << 30,
            max_age: Duration::from_secs(30 * 24 * 60 * 60),
        }
    }
}

/// Writes one instance down. Each line is one of a transcript's, as text.
#[derive(Debug)]
pub(crate) struct Recorder {
    began: Timestamp,
    /// Bytes that are left.
    room: usize,
    lines: u64,
    lost: u64,
    redactor: Option<Box<Redactor>>,
}

impl Recorder {
    /// Begins with the head, if anything is kept.
    pub(crate) fn begin(
        row: &TriggerRow,
        now: Timestamp,
        at: UnixMs,
        config: &TranscriptConfig,
    ) -> (Option<Self>, Option<Line>) {
        if !config.keep {
            return (None, None);
        }
        let path = row.uri.split_once("://").map_or("", |(_, rest)| rest);
        let path = path.find('/').map_or("/", |begin| &path[begin..]);
        let path = path.split('?').next().unwrap_or(path); // a secret may follow
        let mut head = Head::new(row.workflow_name.as_str(), path)
            .sdk(concat!("relay-server ", env!("CARGO_PKG_VERSION")))
            .session(row.id.as_str());
        if let Ok(began) = u64::try_from(at.get()) {
            head = head.began_unix_ms(began);
        }
        let mut redactor = config.redact.then(Box::<Redactor>::default);
        if let Some(redactor) = &mut redactor {
            head = redactor.head(head);
        }
        let mut recorder = Self { began: now, room: config.max_instance_bytes, lines: 0, lost: 0, redactor };
        let line = recorder.line(at, head.to_string());
        (Some(recorder), line)
    }

    /// A message.
    pub(crate) fn frame(&mut self, now: Timestamp, at: UnixMs, from: Side, text: &str) -> Option<Line> {
        // Redacting is work that would be for nothing.
        if text.len() > self.room {
            self.room = 0;
            self.lost += 1;
            return None;
        }
        let entry = Entry::frame(now - self.began, from, text);
        self.entry(at, entry)
    }

    /// The end.
    pub(crate) fn end(&mut self, now: Timestamp, at: UnixMs, outcome: &Outcome) -> Vec<Line> {
        let after = now - self.began;
        self.room = usize::MAX;
        let lost = (self.lost > 0).then(|| Entry::new(after, What::Lost(self.lost)));
        let ended = Entry::new(after, What::Ended(outcome.to_string()));
        lost.into_iter().chain([ended]).filter_map(|entry| self.entry(at, entry)).collect()
    }

    fn entry(&mut self, at: UnixMs, entry: Entry) -> Option<Line> {
        let entry = match &mut self.redactor {
            Some(redactor) => redactor.entry(entry),
            None => entry,
        };
        self.line(at, entry.to_string())
    }

    fn line(&mut self, at: UnixMs, text: String) -> Option<Line> {
        if text.len() > self.room {
            self.room = 0; // what follows would stand without what it follows
            self.lost += 1;
            return None;
        }
        self.room -= text.len();
        self.lines += 1;
        Some(Line { number: self.lines, at, content: Value::String(text) })
    }
}
