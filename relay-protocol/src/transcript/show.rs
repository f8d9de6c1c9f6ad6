//! Entries of a transcript as people read them.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde_json::Value;

use super::frame::{kind, read, replace_texts};
use super::{Entry, Side, What};
use crate::codec::{FromEngine, JsonMap, encode_event, from_engine};
use crate::generated::known::{KNOWN, Known};
use crate::{Event, Urn};

/// Who did what, on one line; none for what goes without saying: that a request is being worked on, or was accepted.
pub(super) fn line(entry: &Entry) -> Option<String> {
    let (who, what) = match &entry.what {
        What::Frame { from, text } => (from.as_str(), frame(*from, text)?),
        What::Failed { handler, why } => (Side::Workflow.as_str(), format!("FAILS in `{handler}`: {why}")),
        What::Lost(messages) => ("", format!("... {messages} messages could not be written down ...")),
        What::Ended(how) => ("", format!("the session is over: {how}")),
    };
    Some(format!("{}  {who:8}  {what}", Clock(entry.at)))
}

fn frame(from: Side, text: &str) -> Option<String> {
    let text = match from_engine(text) {
        FromEngine::Event(event) if from == Side::Engine => Cow::Owned(encode_event(&event)), // well spelled
        _ => Cow::Borrowed(text),
    };
    let Some(map) = read(&text) else { return Some(format!("sends {text:?}")) };
    let kind = kind(&map).unwrap_or_default().to_string();
    let name = kind.strip_prefix("wf_api_").unwrap_or(&kind);
    let target = target(&map);
    let fields = fields(map, &kind);
    let what = match (from, name) {
        (_, "progress_event") => return None,
        (_, "error_response") => "refuses:".to_string(),
        (Side::Engine, name) => match name.strip_suffix("_response") {
            Some(_) if fields.is_empty() => return None,
            Some(answered) => format!("answers {answered}:"),
            None => {
                let name = name.strip_suffix("_event").unwrap_or(name);
                Event::NAMES.contains(&name).then(|| name.to_string())?
            }
        },
        (Side::Workflow, name) => format!("{}{target}", name.strip_suffix("_request").unwrap_or(name)),
    };
    Some(what + &fields)
}

/// ` on hello@Alice`
fn target(map: &JsonMap) -> String {
    let uris = map.get("_target").and_then(|target| target.get("uris")).and_then(Value::as_array);
    let uris: Vec<String> = uris.into_iter().flatten().map(place).collect();
    if uris.is_empty() { String::new() } else { format!(" on {}", uris.join(", ")) }
}

fn place(uri: &Value) -> String {
    uri.as_str().and_then(named).unwrap_or_else(|| uri.to_string())
}

/// What a URN names, shortly.
fn named(text: &str) -> Option<String> {
    let urn = Urn::parse(text).ok()?;
    let device = urn.device().and_then(|device| Some(device.id()?.as_str().to_string()));
    Some(match (urn.interaction_name(), device, urn.id()) {
        (Some(interaction), Some(device), _) => format!("{interaction}@{device}"),
        (None, Some(device), _) => device,
        (_, None, Some(id)) => id.as_str().to_string(),
        _ => urn.to_string(),
    })
}

/// ` name="nap" timeout=20`: what a message says beyond its envelope, as far as the protocol knows it.
fn fields(map: JsonMap, kind: &str) -> String {
    let mut value = Value::Object(map);
    if let Some(known) = KNOWN.iter().find(|known| known.message == kind) {
        forget_unknown(&mut value, known, "");
    }
    let Value::Object(map) = value else { return String::new() };
    let shown = |key: &str| !key.starts_with('_') && !IDS.contains(&(kind, key));
    let fields =
        map.into_iter().filter(|(key, value)| shown(key) && !value.is_null()).map(|(key, mut value)| {
            replace_texts(&mut value, &mut named);
            format!(" {key}={value}")
        });
    fields.collect()
}

/// Ids of requests, which say nothing to people.
const IDS: [(&str, &str); 5] = [
    ("wf_api_say_response", "id"),
    ("wf_api_play_response", "id"),
    ("wf_api_prompt_event", "id"),
    ("wf_api_speech_event", "request_id"),
    ("wf_api_listen_request", "request_id"),
];

/// Leaves out what no version of the protocol that this one knows has. Inside of values that may hold anything, that is
/// nothing.
fn forget_unknown(value: &mut Value, known: &Known, above: &str) {
    let Value::Object(map) = value else { return };
    let paths = || known.shown.iter().chain(known.hidden);
    map.retain(|key, value| {
        let path = format!("{above}{key}");
        if paths().any(|known| *known == path) {
            return true;
        }
        let inside = format!("{path}.");
        forget_unknown(value, known, &inside);
        paths().any(|known| known.starts_with(&inside))
    });
}

/// `0:01:05.250`
struct Clock(Duration);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{h}:{m:02}:{s:02}.{:03}", self.0.subsec_millis())
    }
}
