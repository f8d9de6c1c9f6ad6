//! One thing that happened.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::Value;

use super::Cursor;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// A run of a workflow came further.
    Instance,
    /// A frame went over a connection.
    Frame,
    /// Somebody perceives something on a device, or its record changed.
    Device,
    /// A trigger was accepted, tried, or ended.
    Trigger,
    /// A line for whoever writes workflows or runs the server.
    Log,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Instance, Self::Frame, Self::Device, Self::Trigger, Self::Log];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Frame => "frame",
            Self::Device => "device",
            Self::Trigger => "trigger",
            Self::Log => "log",
        }
    }
}

/// Not a kind of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKind(
    /// What was written instead.
    pub String,
);

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "there is no kind of event {:?}: there are instance, frame, device, trigger and log",
            self.0
        )
    }
}

impl std::error::Error for UnknownKind {}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| UnknownKind(text.into()))
    }
}

/// Something that happened. What it has to do with stands beside the data, so that it can be filtered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// What it is about.
    pub kind: Kind,
    /// What happened, in one word: `started`, `sent`, `perceived`, …
    pub what: &'static str,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The account.
    pub subscriber: String,
    /// The run, `wfi_…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The workflow, `wf_…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
    /// The rest, by kind.
    pub data: Value,
}

impl Event {
    /// An event that has to do with nothing but its account.
    pub fn new(kind: Kind, what: &'static str, at: i64, subscriber: impl Into<String>) -> Self {
        let (instance, device, workflow) = (None, None, None);
        Self { kind, what, at, subscriber: subscriber.into(), instance, device, workflow, data: Value::Null }
    }

    /// Names the run.
    #[must_use]
    pub fn instance(mut self, id: impl Into<String>) -> Self {
        self.instance = Some(id.into());
        self
    }

    /// Names the device.
    #[must_use]
    pub fn device(mut self, id: impl Into<String>) -> Self {
        self.device = Some(id.into());
        self
    }

    /// Names the workflow.
    #[must_use]
    pub fn workflow(mut self, id: impl Into<String>) -> Self {
        self.workflow = Some(id.into());
        self
    }

    /// Adds the rest.
    #[must_use]
    pub fn data(mut self, data: Value) -> Self {
        self.data = data;
        self
    }

    /// About how much memory it takes. Text inside `data` counts, the rest is estimated.
    pub(super) fn weight(&self) -> usize {
        fn weigh(value: &Value) -> usize {
            32 + match value {
                Value::String(text) => text.len(),
                Value::Array(list) => list.iter().map(weigh).sum(),
                Value::Object(map) => map.iter().map(|(key, value)| 48 + key.len() + weigh(value)).sum(),
                _ => 0,
            }
        }
        let ids = [&self.instance, &self.device, &self.workflow];
        let ids: usize = ids.into_iter().flatten().map(String::len).sum();
        size_of::<Self>() + self.subscriber.len() + ids + weigh(&self.data)
    }
}

/// An event with its place in the stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Where it stands. To resume after it, hand this in.
    pub cursor: Cursor,
    /// What happened.
    pub event: Event,
}
