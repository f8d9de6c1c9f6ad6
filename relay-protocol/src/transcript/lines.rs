//! Transcripts as JSON lines.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{Entry, Head, Side, Transcript, TranscriptError, What};
use crate::codec::JsonMap;

const VERSION: u64 = 1;

/// The first line, without its end.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { workflow, path, sdk, session, began_unix_ms, redacted } = self;
        write!(f, r#"{{"relay_transcript":{VERSION}"#)?;
        for (key, text) in [("workflow", workflow), ("path", path), ("sdk", sdk), ("session", session)] {
            if !text.is_empty() {
                write!(f, r#","{key}":{}"#, quoted(text))?;
            }
        }
        if let Some(began) = began_unix_ms {
            write!(f, r#","began_unix_ms":{began}"#)?;
        }
        f.write_str(if *redacted { r#","redacted":true}"# } else { "}" })
    }
}

/// Its line, without its end.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, r#"{{"us":{},"#, self.at.as_micros())?;
        match &self.what {
            What::Frame { from, text } => write!(f, r#""{}":{}"#, from.as_str(), embedded(text)),
            What::Failed { handler, why } => {
                write!(f, r#""failed":{},"why":{}"#, quoted(handler), quoted(why))
            }
            What::Lost(messages) => write!(f, r#""lost":{messages}"#),
            What::Ended(how) => write!(f, r#""ended":{}"#, quoted(how)),
        }?;
        f.write_str("}")
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.head)?;
        self.entries.iter().try_for_each(|entry| writeln!(f, "{entry}"))
    }
}

fn quoted(text: &str) -> Value {
    Value::from(text)
}

/// A message as it came, if it is a JSON object on one line; as an object on one line, if it is one on several; else as
/// text.
fn embedded(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let one_line = !text.contains(['\n', '\r']);
    if one_line && text.starts_with('{') && serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return Cow::Borrowed(text);
    }
    match serde_json::from_str::<JsonMap>(text) {
        Ok(map) => Cow::Owned(Value::Object(map).to_string()),
        Err(_) => Cow::Owned(quoted(text).to_string()),
    }
}

impl FromStr for Transcript {
    type Err = TranscriptError;

    fn from_str(text: &str) -> Result<Self, TranscriptError> {
        let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let head = head(lines.next().map_or("", |(_, line)| line))?;
        let mut entries = Vec::new();
        let mut lines = lines.peekable();
        while let Some((number, line)) = lines.next() {
            match entry(line) {
                Ok(known) => entries.extend(known),
                // Whoever wrote it did not come further.
                Err(_) if lines.peek().is_none() && !text.ends_with('\n') => {}
                Err(why) => return Err(TranscriptError::Line { number, why }),
            }
        }
        Ok(Self { head, entries })
    }
}

fn head(line: &str) -> Result<Head, TranscriptError> {
    let mut map: JsonMap = serde_json::from_str(line).map_err(|_| TranscriptError::NoTranscript)?;
    match map.get("relay_transcript").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(found) => return Err(TranscriptError::Version { found }),
        None => return Err(TranscriptError::NoTranscript),
    }
    let began_unix_ms = map.get("began_unix_ms").and_then(Value::as_u64);
    let redacted = map.get("redacted").and_then(Value::as_bool).unwrap_or_default();
    let mut text = |key| match map.remove(key) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    };
    Ok(Head {
        workflow: text("workflow"),
        path: text("path"),
        sdk: text("sdk"),
        session: text("session"),
        began_unix_ms,
        redacted,
    })
}

/// None for a line that says what this version does not know.
fn entry(line: &str) -> Result<Option<Entry>, String> {
    let mut map: JsonMap = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let at = map.get("us").and_then(Value::as_u64).ok_or("no time, `us`")?;
    let mut taken = |key| map.remove(key);
    let what = if let Some(frame) = taken("engine") {
        What::Frame { from: Side::Engine, text: text(frame) }
    } else if let Some(frame) = taken("workflow") {
        What::Frame { from: Side::Workflow, text: text(frame) }
    } else if let Some(handler) = taken("failed") {
        What::Failed { handler: text(handler), why: taken("why").map(text).unwrap_or_default() }
    } else if let Some(lost) = taken("lost") {
        What::Lost(lost.as_u64().ok_or("`lost` is a number")?)
    } else if let Some(how) = taken("ended") {
        What::Ended(text(how))
    } else {
        return Ok(None);
    };
    Ok(Some(Entry { at: Duration::from_micros(at), what }))
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
