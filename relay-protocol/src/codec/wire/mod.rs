//! How each type of the schema is read from JSON, and written.
//!
//! Reading is lenient in the ways that real engines and SDKs need, always by the type that the schema expects and never
//! by guessing from the value: a list of numbers is text only where text is due.

mod maps;
mod values;

use alloc::borrow::{Cow, ToOwned};
use alloc::string::{String, ToString};
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

pub use maps::JsonMap;
pub(crate) use maps::{empty_object, keep, keep_data};
pub(crate) use values::{Count, from_bytes};

use super::extra::Extra;
use crate::urn::Urn;
use values::{MaybeUrn, integral, spell};

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

/// [`field`] for a URN that may be absent: what is none is kept among the extra fields, and the rest of the message with
/// it.
pub(crate) fn urn_field<'de, A: MapAccess<'de>>(
    slot: &mut Option<Urn>,
    extra: &mut Extra,
    key: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    let mut value = None;
    field(&mut value, key, map)?;
    match value {
        Some(MaybeUrn::Urn(urn)) => *slot = Some(urn),
        Some(MaybeUrn::Other(text)) => extra.insert(key, text),
        None => {}
    }
    Ok(())
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
