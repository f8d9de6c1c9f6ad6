//! Entries of a transcript as people read them.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde_json::Value;

use super::frame::{kind, read, replace_texts};
use super::{Entry, Side, What};
use crate::Urn;
use crate::codec::JsonMap;

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
    let Some(map) = read(text) else { return Some(format!("sends {text:?}")) };
    let name = kind(&map).map(|kind| kind.strip_prefix("wf_api_").unwrap_or(kind)).unwrap_or_default();
    let accepts = map.keys().all(|key| key.starts_with('_') || key == "id");
    let what = match (from, name) {
        (_, "progress_event") => return None,
        (_, "error_response") => "refuses:".to_string(),
        (Side::Engine, name) => match name.strip_suffix("_response") {
            Some(_) if accepts => return None,
            Some(answered) => format!("answers {answered}:"),
            None => name.strip_suffix("_event").unwrap_or(name).to_string(),
        },
        (Side::Workflow, name) => {
            format!("{}{}", name.strip_suffix("_request").unwrap_or(name), target(&map))
        }
    };
    Some(what + &fields(map))
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

/// ` name="nap" timeout=20`: what a message says beyond its envelope.
fn fields(mut map: JsonMap) -> String {
    map.retain(|key, value| !key.starts_with('_') && !value.is_null());
    let fields = map.into_iter().map(|(key, mut value)| {
        replace_texts(&mut value, &mut named);
        format!(" {key}={value}")
    });
    fields.collect()
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
