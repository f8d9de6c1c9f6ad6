//! Objects without a schema, and what is beyond it.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::de::{Error, MapAccess, SeqAccess};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::super::extra::Extra;
use super::{Key, Slot, Wire};

impl Wire for BTreeMap<String, String> {
    const EXPECTED: &'static str = "an object";

    fn from_text(text: &str) -> Result<Option<Self>, String> {
        not_an_object(text)
    }

    fn from_list<'de, A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        empty_object(list)
    }

    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut all = Self::new();
        while let Some(key) = map.next_key_seed(Key)? {
            let mut value = None;
            map.next_value_seed(Slot(&mut value))?;
            all.extend(value.map(|value| (key.into_owned(), value)));
        }
        Ok(all)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

/// A JSON object whose keys the protocol does not define.
pub type JsonMap = serde_json::Map<String, Value>;

impl Wire for JsonMap {
    const EXPECTED: &'static str = "an object";

    fn from_text(text: &str) -> Result<Option<Self>, String> {
        not_an_object(text)
    }

    fn from_list<'de, A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        empty_object(list)
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let mut map = json_object(map)?;
        map.values_mut().for_each(spell_printable);
        Ok(map)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl Wire for Value {
    const EXPECTED: &'static str = "any value";

    fn from_text(text: &str) -> Result<Option<Self>, String> {
        Ok(Some(Self::String(text.to_owned())))
    }

    fn from_int(value: i64) -> Result<Self, ()> {
        Ok(value.into())
    }

    fn from_uint(value: u64) -> Result<Self, ()> {
        Ok(value.into())
    }

    fn from_float(value: f64) -> Result<Self, ()> {
        Ok(value.into())
    }

    fn from_bool(value: bool) -> Result<Self, ()> {
        Ok(Self::Bool(value))
    }

    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = list.next_element()? {
            all.push(one);
        }
        Ok(Some(Self::Array(all)))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        json_object(map).map(Self::Object)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

pub(super) fn json_object<'de, A: MapAccess<'de>>(mut map: A) -> Result<JsonMap, A::Error> {
    let mut all = JsonMap::new();
    while let Some((key, value)) = map.next_entry()? {
        all.insert(key, value);
    }
    Ok(all)
}

fn not_an_object<T>(text: &str) -> Result<Option<T>, String> {
    match text {
        "" => Ok(None),
        _ => Err("text where an object should be".to_owned()),
    }
}

/// Erlang writes an empty property list as `[]`.
pub(crate) fn empty_object<'de, T, A: SeqAccess<'de>>(mut list: A) -> Result<Option<T>, A::Error> {
    match list.next_element::<serde::de::IgnoredAny>()? {
        None => Ok(None),
        Some(_) => Err(A::Error::custom("a list where an object should be")),
    }
}

/// In maps without a schema a list becomes text only when nothing else can be meant: all printable ASCII.
fn spell_printable(value: &mut Value) {
    match value {
        Value::Array(list) => {
            let text: Option<String> = (list.iter())
                .map(|v| v.as_u64().and_then(|n| u8::try_from(n).ok()))
                .map(|b| b.filter(|b| matches!(b, b' '..=b'~' | b'\t' | b'\n' | b'\r')).map(char::from))
                .collect();
            match text {
                Some(text) if !text.is_empty() => *value = Value::String(text),
                _ => list.iter_mut().for_each(spell_printable),
            }
        }
        Value::Object(map) => map.values_mut().for_each(spell_printable),
        _ => {}
    }
}
/// Keeps a key that the schema does not know. Nulls say nothing and are dropped.
pub(crate) fn keep<'de, A: MapAccess<'de>>(
    extra: &mut Extra,
    key: &str,
    map: &mut A,
) -> Result<(), A::Error> {
    let value: Value = map.next_value()?;
    if !value.is_null() {
        extra.insert(key, value);
    }
    Ok(())
}

/// [`keep`] in an object whose unknown keys are data: old engines may have spelled it as lists.
pub(crate) fn keep_data<'de, A: MapAccess<'de>>(
    extra: &mut Extra,
    key: &str,
    map: &mut A,
) -> Result<(), A::Error> {
    let mut value: Value = map.next_value()?;
    if !value.is_null() {
        spell_printable(&mut value);
        extra.insert(key, value);
    }
    Ok(())
}
