//! What a peer sent beyond the schema.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use serde::ser::SerializeMap;
use serde_json::Value;

use super::wire::JsonMap;

/// The fields of a message that the schema does not know, kept and sent on as they came.
///
/// One word when empty, which it nearly always is. `Debug` shows the keys alone: the values may be anything.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(Option<Box<JsonMap>>);

impl Extra {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|map| map.is_empty())
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.as_ref()?.get(key)
    }

    /// All of them, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().flat_map(|map| map.iter()).map(|(k, v)| (k.as_str(), v))
    }

    /// Adds a field, or replaces it.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.0.get_or_insert_default().insert(key.into(), value.into());
    }

    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(key, _)| key)).finish()
    }
}
