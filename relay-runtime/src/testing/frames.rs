//! Messages as lines of the conversation, where they are not seen in what people perceive.

use relay_protocol::codec::{FromEngine, from_engine};
use serde_json::{Map, Value};

/// Requests whose effect somebody perceives.
const PERCEIVED_REQUESTS: &[&str] = &[
    "start_interaction",
    "end_interaction",
    "say",
    "play",
    "stop_playback",
    "listen",
    "set_led",
    "vibrate",
    "set_channel",
    "terminate",
];

/// Events that tell what somebody did or perceived, or that the conversation tells in other words.
const PERCEIVED_EVENTS: &[&str] =
    &["start", "stop", "prompt", "interaction_lifecycle", "speech", "button", "progress"];

/// What a workflow asks.
pub(super) fn asked(frame: &str) -> Option<String> {
    let message = read(frame)?;
    let name = kind(&message)?.strip_suffix("_request")?;
    let target = message.get("_target").and_then(|target| target.get("uris"));
    let target = target.map(|uris| format!(" on {uris}")).unwrap_or_default();
    (!PERCEIVED_REQUESTS.contains(&name)).then(|| format!("asks {name}{}{target}", fields(&message)))
}

/// What a workflow is told. What a difficult platform makes up is not worth a line.
pub(super) fn told(frame: &str) -> Option<String> {
    let message = read(frame)?;
    let kind = kind(&message)?;
    if kind == "error_response" {
        let error = message.get("error").and_then(Value::as_str).unwrap_or_default();
        return Some(format!("is refused: {error}"));
    }
    let name = kind.strip_suffix("_event")?;
    let known = matches!(from_engine(frame), FromEngine::Event(_));
    (known && !PERCEIVED_EVENTS.contains(&name)).then(|| format!("is told {name}{}", fields(&message)))
}

fn read(frame: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(frame).ok()
}

fn kind(message: &Map<String, Value>) -> Option<&str> {
    message.get("_type")?.as_str()?.strip_prefix("wf_api_")
}

/// ` name="nap" timeout=20`: what a message says beyond its envelope.
fn fields(message: &Map<String, Value>) -> String {
    let fields = message.iter().filter(|(key, value)| !key.starts_with('_') && !value.is_null());
    fields.map(|(key, value)| format!(" {key}={value}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_nobody_perceives_are_told() {
        let frame = r#"{"_id":"1","_type":"wf_api_clear_timer_request","name":"nap"}"#;
        assert_eq!(asked(frame).unwrap(), r#"asks clear_timer name="nap""#);
        assert_eq!(asked(r#"{"_id":"1","_type":"wf_api_say_request","text":"x"}"#), None);
    }

    #[test]
    fn events_and_refusals_are_told() {
        let frame = r#"{"_type":"wf_api_timer_fired_event","name":"nap"}"#;
        assert_eq!(told(frame).unwrap(), r#"is told timer_fired name="nap""#);
        let frame = r#"{"_id":"1","_type":"wf_api_error_response","error":"not_found: x"}"#;
        assert_eq!(told(frame).unwrap(), "is refused: not_found: x");
        assert_eq!(told(r#"{"_id":"1","_type":"wf_api_say_response","id":"1"}"#), None);
    }
}
