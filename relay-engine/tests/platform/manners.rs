//! What a platform that is not difficult on purpose never does, because some official SDK does not survive it.

use relay_protocol::codec::{FromEngine, from_engine};
use serde_json::Value;

/// Some read no more into their buffer.
const SMALL: usize = 4096;

pub(crate) fn check(frame: &str) {
    let message: Value = serde_json::from_str(frame).expect("JSON");
    let kind = message["_type"].as_str().expect("every message has a type");
    let recognised = !matches!(from_engine(frame), FromEngine::Unrecognised(_));
    assert!(recognised, "an unknown type ends some processes: {frame}");
    assert!(frame.len() < SMALL, "too large: {frame}");
    assert!(!any_null(&message), "null is not absent everywhere: {frame}");
    let id = message.get("_id");
    match kind {
        "wf_api_progress_event" => assert!(id.is_some_and(Value::is_string), "progress of what? {frame}"),
        _ if kind.ends_with("_event") => assert_eq!(id, None, "an event with an id is dropped: {frame}"),
        _ => assert!(id.is_some_and(Value::is_string), "an answer to what? {frame}"),
    }
    if message.as_object().is_some_and(|fields| fields.values().any(is_code_points)) {
        return; // a fault wants it so
    }
    let text = |field: &str| assert!(message[field].is_string(), "some need {field:?} as text: {frame}");
    match kind {
        "wf_api_start_event" => {
            assert!(message["trigger"]["type"].is_string() && message["trigger"]["args"].is_object());
        }
        "wf_api_say_response" | "wf_api_play_response" => assert_eq!(message.get("id"), id, "{frame}"),
        "wf_api_set_var_response" => text("value"),
        "wf_api_call_response" => text("call_id"),
        "wf_api_create_incident_response" => text("incident_id"),
        "wf_api_inbox_count_response" => text("count"),
        "wf_api_stop_event" => text("reason"),
        _ => {}
    }
}

fn is_code_points(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_u64))
}

fn any_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.iter().any(any_null),
        Value::Object(map) => map.values().any(any_null),
        _ => false,
    }
}
