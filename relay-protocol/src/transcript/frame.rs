//! Messages of a transcript as JSON.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::{Side, Transcript};
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

/// The requests of a transcript in order: the id and what is requested.
pub(super) fn requests(transcript: &Transcript) -> Vec<(String, String)> {
    let frames = transcript.frames(Side::Workflow).filter_map(|(_, text)| read(text));
    frames.filter_map(|map| Some((id(&map)?.into(), requested(&map)?.into()))).collect()
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
