//! JSON for people and programs alike: indented, keys in a stable order.

use serde_json::Value;

pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}")
}
