//! How each type of the schema is read from JSON, and written.
//!
//! Reading is lenient in the ways that real engines and SDKs need, always by the type that the schema expects and never
//! by guessing from the value: a list of numbers is text only where text is due.

use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::extra::Extra;
use crate::urn::Urn;

/// A type of the schema.
pub(crate) trait Wire: Sized {
    /// What the value should have been, for error messages.
    const EXPECTED: &'static str;

    fn from_text(text: &str) -> Result<Option<Self>, String>;

    fn from_int(_: i64) -> Result<Self, ()> {
        Err(())
    }

    /// What `i64` holds takes the same way as negative numbers, unless the type goes further.
    fn from_uint(value: u64) -> Result<Self, ()> {
        i64::try_from(value).map_err(|_| ()).and_then(Self::from_int)
    }

    fn from_float(_: f64) -> Result<Self, ()> {
        Err(())
    }

    fn from_bool(_: bool) -> Result<Self, ()> {
        Err(())
    }

    /// By default a list is the text that its code points spell: old engines send Erlang strings that way.
    fn from_list<'de, A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        Self::from_text(&spell(list)?).map_err(A::Error::custom)
    }

    fn from_map<'de, A: MapAccess<'de>>(_: A) -> Result<Self, A::Error> {
        Err(A::Error::custom(format_args!("an object where {} should be", Self::EXPECTED)))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Reads one value into a slot, which one that counts as absent leaves as it is.
///
/// In place, because an object of the schema is large, and serde hands a value that is returned through many hands.
pub(crate) struct Slot<'s, T>(pub(crate) &'s mut Option<T>);

impl<T: Wire> Slot<'_, T> {
    fn put<E: Error>(self, value: Result<Option<T>, E>) -> Result<(), E> {
        if let Some(value) = value? {
            *self.0 = Some(value);
        }
        Ok(())
    }

    fn put_number<E: Error>(self, value: Result<T, ()>, number: impl fmt::Display) -> Result<(), E> {
        let value = value
            .map_err(|()| E::custom(format_args!("the number {number} where {} should be", T::EXPECTED)))?;
        *self.0 = Some(value);
        Ok(())
    }
}

impl<'de, T: Wire> DeserializeSeed<'de> for Slot<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Wire> Visitor<'de> for Slot<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.put(T::from_text(text).map_err(E::custom))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.put_number(T::from_int(value), value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.put_number(T::from_uint(value), value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        let read = T::from_float(value).or_else(|()| integral(value).ok_or(()).and_then(T::from_int));
        self.put_number(read, value)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        let read = T::from_bool(value);
        self.put(
            read.map(Some).map_err(|()| E::custom(format_args!("{value} where {} should be", T::EXPECTED))),
        )
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.put(T::from_list(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        *self.0 = Some(T::from_map(map)?);
        Ok(())
    }
}

/// Reads the value of the key just read into `slot`. A null leaves the slot as it is, so that of two spellings of a key
/// the one with a value wins. Errors name the key.
pub(crate) fn field<'de, T: Wire, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    key: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    map.next_value_seed(Slot(slot))
        .map_err(|e| A::Error::custom(format_args!("`{key}`: {}", WithoutPosition(&e))))
}

/// [`field`] for what logs must not show: the error says what was due, not what came.
pub(crate) fn personal_field<'de, T: Wire, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    key: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    field(slot, key, map)
        .map_err(|_| A::Error::custom(format_args!("`{key}`: something other than {}", T::EXPECTED)))
}

/// serde_json adds "at line 1 column 7" each time an error is wrapped; frames are one line, so it says nothing.
struct WithoutPosition<'a, E>(&'a E);

impl<E: fmt::Display> fmt::Display for WithoutPosition<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text))
    }
}

pub(crate) fn required<T, E: Error>(slot: Option<T>, key: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(key))
}

/// A struct of the schema: its fields live in a JSON object, together with what the schema does not know.
///
/// Public only in name: nobody outside can reach it, which seals the traits above it.
#[allow(unreachable_pub)]
pub trait Body: Sized {
    /// Takes the fields from an object.
    fn read<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;

    /// Writes the fields into an object.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// Lets serde_json write any [`Wire`] value.
pub(crate) struct Out<'a, T>(pub(crate) &'a T);

impl<T: Wire> Serialize for Out<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// A key of an object, borrowed from the frame unless it holds an escape.
pub(crate) struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// The text that a list of code points spells.
fn spell<'de, A: SeqAccess<'de>>(mut list: A) -> Result<String, A::Error> {
    let mut text = String::new();
    while let Some(point) = list.next_element::<u32>()? {
        text.push(
            char::from_u32(point)
                .ok_or_else(|| A::Error::custom(format_args!("{point} is no code point")))?,
        );
    }
    Ok(from_bytes(text))
}

/// Erlang encodes text as UTF-8 before it becomes a list of bytes; plain code points stay what they are.
pub(crate) fn from_bytes(text: String) -> String {
    if text.chars().any(|c| ('\u{80}'..='\u{ff}').contains(&c)) && text.chars().all(|c| c <= '\u{ff}') {
        let bytes = text.chars().map(|c| c as u8).collect();
        return String::from_utf8(bytes).unwrap_or(text);
    }
    text
}

fn integral(value: f64) -> Option<i64> {
    let int = value as i64;
    (int as f64 == value && int != i64::MAX).then_some(int)
}

impl Wire for String {
    const EXPECTED: &'static str = "text";

    fn from_text(text: &str) -> Result<Option<Self>, String> {
        Ok(Some(text.to_owned()))
    }

    fn from_int(value: i64) -> Result<Self, ()> {
        Ok(value.to_string())
    }

    fn from_uint(value: u64) -> Result<Self, ()> {
        Ok(value.to_string())
    }

    fn from_float(value: f64) -> Result<Self, ()> {
        Ok(value.to_string())
    }

    fn from_bool(value: bool) -> Result<Self, ()> {
        Ok(value.to_string())
    }

    /// One official SDK sends JSON where the text of that JSON is due.
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        serde_json::to_string(&json_object(map)?).map_err(A::Error::custom)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl Wire for Urn {
    const EXPECTED: &'static str = "a Relay URN";

    fn from_text(text: &str) -> Result<Option<Self>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        Self::parse(text).map(Some).map_err(|e| e.to_string())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

macro_rules! number {
    ($($type:ty, $expected:literal, $write:ident;)*) => {$(
        impl Wire for $type {
            const EXPECTED: &'static str = $expected;

            fn from_text(text: &str) -> Result<Option<Self>, String> {
                let text = text.trim();
                if text.is_empty() {
                    return Ok(None);
                }
                text.parse().map(Some).map_err(|_| alloc::format!("{text:?} where {} should be", Self::EXPECTED))
            }

            fn from_int(value: i64) -> Result<Self, ()> {
                value.try_into().map_err(|_| ())
            }

            fn from_uint(value: u64) -> Result<Self, ()> {
                value.try_into().map_err(|_| ())
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.$write(*self)
            }
        }
    )*};
}

number! {
    i64, "a whole number", serialize_i64;
    u64, "a whole number, not negative", serialize_u64;
}

impl Wire for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_text(text: &str) -> Result<Option<Self>, String> {
        match text.trim() {
            "" => Ok(None),
            // Rust also reads `NaN` and `inf`, which JSON cannot write.
            text => (text.parse().ok().filter(|number: &Self| number.is_finite()))
                .map(Some)
                .ok_or_else(|| alloc::format!("{text:?} where a number should be")),
        }
    }

    fn from_int(value: i64) -> Result<Self, ()> {
        Ok(value as Self)
    }

    fn from_float(value: f64) -> Result<Self, ()> {
        Ok(value)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(*self)
    }
}

impl Wire for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_text(text: &str) -> Result<Option<Self>, String> {
        match text {
            "" => Ok(None),
            t if t.eq_ignore_ascii_case("true") => Ok(Some(true)),
            t if t.eq_ignore_ascii_case("false") => Ok(Some(false)),
            t => Err(alloc::format!("{t:?} where true or false should be")),
        }
    }

    fn from_bool(value: bool) -> Result<Self, ()> {
        Ok(value)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }
}

/// A number that travels as a string of digits.
pub(crate) struct Count(pub(crate) u64);

impl Wire for Count {
    const EXPECTED: &'static str = "a count";

    fn from_text(text: &str) -> Result<Option<Self>, String> {
        u64::from_text(text).map(|n| n.map(Self))
    }

    fn from_int(value: i64) -> Result<Self, ()> {
        u64::from_int(value).map(Self)
    }

    fn from_uint(value: u64) -> Result<Self, ()> {
        Ok(Self(value))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<T: Wire> Wire for Vec<T> {
    const EXPECTED: &'static str = "a list";

    /// One SDK turns empty lists into empty text; a bare value stands for a list of one.
    fn from_text(text: &str) -> Result<Option<Self>, String> {
        if text.is_empty() {
            return Ok(Some(Self::new()));
        }
        Ok(T::from_text(text)?.map(|one| alloc::vec![one]))
    }

    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut all = Self::new();
        let mut one = None;
        while list.next_element_seed(Slot(&mut one))?.is_some() {
            all.extend(one.take());
        }
        Ok(Some(all))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Out))
    }
}

impl<T: Wire> Wire for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_text(text: &str) -> Result<Option<Self>, String> {
        Ok(T::from_text(text)?.map(Self::new))
    }

    fn from_list<'de, A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        Ok(T::from_list(list)?.map(Self::new))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        T::from_map(map).map(Self::new)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).write(serializer)
    }
}

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

fn json_object<'de, A: MapAccess<'de>>(mut map: A) -> Result<JsonMap, A::Error> {
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

/// [`Wire`] for an open enum: any text is one of its values.
macro_rules! wire_enum {
    ($($type:ident)*) => {$(
        impl $crate::codec::wire::Wire for $type {
            const EXPECTED: &'static str = "text";

            fn from_text(text: &str) -> Result<Option<Self>, alloc::string::String> {
                Ok((!text.is_empty()).then(|| Self::from(text)))
            }

            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    )*};
}

/// [`Wire`] for a struct of the schema.
macro_rules! wire_object {
    ($($type:ident)*) => {$(
        impl $crate::codec::wire::Wire for $type {
            const EXPECTED: &'static str = "an object";

            fn from_text(text: &str) -> Result<Option<Self>, alloc::string::String> {
                match text {
                    "" => Ok(None),
                    _ => Err("text where an object should be".into()),
                }
            }

            fn from_list<'de, A: serde::de::SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
                $crate::codec::wire::empty_object(list)
            }

            fn from_map<'de, A: serde::de::MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
                $crate::codec::wire::Body::read(map)
            }

            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                $crate::codec::wire::Body::write(self, &mut map)?;
                map.end()
            }
        }
    )*};
}

pub(crate) use {wire_enum, wire_object};

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
