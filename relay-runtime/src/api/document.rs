//! Reading a JSON document whose shape nobody promises: what is missing or of another type is none.

use serde_json::{Map, Value};

/// An object in the document, or nothing.
#[derive(Clone, Copy)]
pub(super) struct Part<'a>(Option<&'a Map<String, Value>>);

impl<'a> Part<'a> {
    pub(super) fn of(value: &'a Value) -> Self {
        Self(value.as_object())
    }

    pub(super) fn whole(object: &'a Map<String, Value>) -> Self {
        Self(Some(object))
    }

    pub(super) fn get(self, key: &str) -> Option<&'a Value> {
        self.0?.get(key).filter(|value| !value.is_null())
    }

    pub(super) fn part(self, key: &str) -> Self {
        Self(self.get(key).and_then(Value::as_object))
    }

    pub(super) fn is_there(self) -> bool {
        self.0.is_some()
    }

    pub(super) fn value(self, key: &str) -> Option<Value> {
        self.get(key).cloned()
    }

    /// A text, or a number as text: ids come as either.
    pub(super) fn text(self, key: &str) -> Option<String> {
        self.get(key).and_then(as_text)
    }

    /// A number, or a text that is one.
    pub(super) fn number(self, key: &str) -> Option<f64> {
        self.get(key).and_then(as_number)
    }

    pub(super) fn flag(self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    pub(super) fn object(self, key: &str) -> Map<String, Value> {
        self.part(key).0.cloned().unwrap_or_default()
    }

    /// The objects of a list.
    pub(super) fn list<T>(self, key: &str, read: impl Fn(Part<'a>) -> T) -> Vec<T> {
        let items = self.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().map(Self::of).filter(|part| part.is_there()).map(read).collect()
    }

    /// The texts of a list, or one text without a list.
    pub(super) fn texts(self, key: &str) -> Vec<String> {
        match self.get(key) {
            Some(Value::Array(items)) => items.iter().filter_map(as_text).collect(),
            Some(value) => as_text(value).into_iter().collect(),
            None => Vec::new(),
        }
    }
}

/// A number, or a text that is one.
pub(super) fn as_number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|number| number.is_finite())
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
