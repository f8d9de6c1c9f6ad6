//! Messages of a transcript as JSON.

use alloc::string::{String, ToString};

use serde_json::Value;

use crate::codec::JsonMap;

/// A message, if it is an object with a type.
pub(super) fn read(text: &str) -> Option<JsonMap> {
    let map: JsonMap = serde_json::from_str(text).ok()?;
    kind(&map).is_some().then_some(map)
}

/// Its type on the wire.
pub(super) fn kind(map: &JsonMap) -> Option<&str> {
    map.get("_type")?.as_str()
}

/// `say` for `wf_api_say_request`, if it is a request.
pub(super) fn requested(map: &JsonMap) -> Option<&str> {
    kind(map)?.strip_prefix("wf_api_")?.strip_suffix("_request")
}

/// Its id.
pub(super) fn id(map: &JsonMap) -> Option<&str> {
    map.get("_id")?.as_str()
}

/// A message in which ids of requests are replaced: in the envelope, and wherever else they are all of a text. One that is no
/// JSON object comes back as it is.
pub fn replace_ids(frame: &str, mut other: impl FnMut(&str) -> Option<String>) -> String {
    let Some(map) = read(frame) else { return frame.into() };
    let mut value = Value::Object(map);
    replace_texts(&mut value, &mut other);
    value.to_string()
}

/// Puts something else in the place of texts, wherever `replace` says so.
pub(super) fn replace_texts(value: &mut Value, replace: &mut impl FnMut(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(other) = replace(text) {
                *text = other;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| replace_texts(value, replace)),
        Value::Object(map) => map.values_mut().for_each(|value| replace_texts(value, replace)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
