//! What logs may show of what people said.

use core::fmt;

use serde_json::Value;

/// Stands for a personal value in `Debug` output: its size, nothing of its content.
pub(crate) struct Redacted(pub(crate) usize);

impl Redacted {
    pub(crate) fn json(value: &Value) -> Self {
        Self(match value {
            Value::String(text) => text.len(),
            Value::Array(list) => list.len(),
            Value::Object(map) => map.len(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        })
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} redacted>", self.0)
    }
}
