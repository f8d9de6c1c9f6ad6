//! What is written down.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

/// A session, written down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Transcript {
    /// What ran.
    pub head: Head,
    /// What happened, in order.
    pub entries: Vec<Entry>,
}

impl Transcript {
    /// Nothing has happened yet.
    pub fn new(head: Head) -> Self {
        Self { head, entries: Vec::new() }
    }

    /// The messages of one side: when each was sent, and the message.
    pub fn frames(&self, side: Side) -> impl Iterator<Item = (Duration, &str)> {
        self.entries.iter().filter_map(move |entry| match &entry.what {
            What::Frame { from, text } if *from == side => Some((entry.at, &**text)),
            _ => None,
        })
    }

    /// How the session ended, in words; none if the transcript does not go so far.
    pub fn ended(&self) -> Option<&str> {
        self.entries.iter().rev().find_map(|entry| match &entry.what {
            What::Ended(how) => Some(&**how),
            _ => None,
        })
    }

    /// The handlers that failed, and why.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().filter_map(|entry| match &entry.what {
            What::Failed { handler, why } => Some((&**handler, &**why)),
            _ => None,
        })
    }
}

/// What ran. Texts that are not known are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Head {
    /// The name of the workflow.
    pub workflow: String,
    /// The path that was dialled.
    pub path: String,
    /// Name and version of who wrote it down.
    pub sdk: String,
    /// What the session is called in the logs of who wrote it down.
    pub session: String,
    /// When the session began: milliseconds since 1970 in UTC. None in virtual time.
    pub began_unix_ms: Option<u64>,
    /// Whether a [`Redactor`](super::Redactor) has been over it.
    pub redacted: bool,
}

impl Head {
    /// What is known of every session.
    pub fn new(workflow: impl Into<String>, path: impl Into<String>) -> Self {
        Self { workflow: workflow.into(), path: path.into(), ..Self::default() }
    }

    /// Who writes it down: name and version.
    #[must_use]
    pub fn sdk(mut self, sdk: impl Into<String>) -> Self {
        self.sdk = sdk.into();
        self
    }

    /// What the session is called in logs.
    #[must_use]
    pub fn session(mut self, session: impl Into<String>) -> Self {
        self.session = session.into();
        self
    }

    /// When it began, in milliseconds since 1970.
    #[must_use]
    pub fn began_unix_ms(mut self, began: u64) -> Self {
        self.began_unix_ms = Some(began);
        self
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// How long after the session's beginning. Written in whole microseconds.
    pub at: Duration,
    /// What.
    pub what: What,
}

impl Entry {
    /// Something that happened.
    pub fn new(at: Duration, what: What) -> Self {
        Self { at, what }
    }

    /// A message.
    pub fn frame(at: Duration, from: Side, text: impl Into<String>) -> Self {
        Self::new(at, What::Frame { from, text: text.into() })
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// A message.
    Frame {
        /// Who sent it.
        from: Side,
        /// The message, mostly JSON.
        text: String,
    },
    /// A handler of the workflow failed.
    Failed {
        /// Which.
        handler: String,
        /// In words.
        why: String,
    },
    /// So many messages should stand here, but could not be written down.
    Lost(u64),
    /// The session is over; how it ended, in words.
    Ended(String),
}

/// One side of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The Relay server, or whatever plays it.
    Engine,
    /// The customer's code.
    Workflow,
}

impl Side {
    /// `engine` or `workflow`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Workflow => "workflow",
        }
    }
}
