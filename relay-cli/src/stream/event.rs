//! One thing that happened, as the server says it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Event {
    /// `instance`, `frame`, `device`, `trigger` or `log`.
    pub(crate) kind: String,
    /// In one word.
    pub(crate) what: String,
    /// In milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) instance: Option<String>,
    pub(crate) device: Option<String>,
    pub(crate) workflow: Option<String>,
    pub(crate) data: Value,
}

impl Event {
    /// A text of its data.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.data.get(key).and_then(Value::as_str)
    }

    pub(crate) fn is(&self, kind: &str, what: &str) -> bool {
        self.kind == kind && self.what == what
    }
}

/// What a reader of the stream gets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Event(Event),
    /// The server is away. It is waited for.
    Lost,
    /// Something may have happened that nobody knows any more: for so many milliseconds nothing was heard.
    Gap(i64),
}

/// Puts together what comes in pieces, as the HTML standard has it for event streams.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rest: Vec<u8>,
    message: Message,
}

/// A message of the stream.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) id: Option<String>,
    pub(super) event: String,
    pub(super) data: String,
}

impl Lines {
    /// The messages that are complete with this piece.
    pub(super) fn push(&mut self, piece: &[u8]) -> Vec<Message> {
        self.rest.extend_from_slice(piece);
        let mut messages = Vec::new();
        let mut from = 0;
        while let Some(length) = self.rest[from..].iter().position(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(&self.rest[from..from + length]).into_owned();
            from += length + 1;
            messages.extend(self.message.line(line.trim_end_matches('\r')));
        }
        self.rest.drain(..from);
        messages
    }
}

impl Message {
    /// An empty line ends it.
    fn line(&mut self, line: &str) -> Option<Self> {
        if line.is_empty() {
            let message = std::mem::take(self);
            return (message != Self::default()).then_some(message);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => self.id = Some(value.to_owned()),
            "event" => value.clone_into(&mut self.event),
            "data" if self.data.is_empty() => value.clone_into(&mut self.data),
            "data" => {
                self.data.push('\n');
                self.data.push_str(value);
            }
            // With an empty name: a comment, which keeps the connection open.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_put_together_from_pieces() {
        let mut lines = Lines::default();
        assert_eq!(lines.push(b": hello\n\nid: 7-1\r\nevent: log\nda"), []);
        let messages = lines.push(b"ta: {}\n\ndata:a\ndata:b\n\n");
        let [first, second] = &messages[..] else { panic!("two messages") };
        assert_eq!((first.id.as_deref(), &*first.event, &*first.data), (Some("7-1"), "log", "{}"));
        assert_eq!((second.id.as_deref(), &*second.data), (None, "a\nb"));
    }
}
