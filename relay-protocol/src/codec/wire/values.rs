//! Texts, numbers, URNs and lists of them.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::de::{Error, MapAccess, SeqAccess};
use serde::ser::Serializer;

use super::maps::json_object;
use super::{Out, Slot, Wire};
use crate::urn::Urn;

/// The text that a list of code points spells.
pub(super) fn spell<'de, A: SeqAccess<'de>>(mut list: A) -> Result<String, A::Error> {
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

pub(super) fn integral(value: f64) -> Option<i64> {
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

/// What stands where a URN is due.
pub(super) enum MaybeUrn {
    Urn(Urn),
    Other(String),
}

impl Wire for MaybeUrn {
    const EXPECTED: &'static str = Urn::EXPECTED;

    fn from_text(text: &str) -> Result<Option<Self>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        Ok(Some(Urn::parse(text).map_or_else(|_| Self::Other(text.to_owned()), Self::Urn)))
    }

    fn from_int(value: i64) -> Result<Self, ()> {
        String::from_int(value).map(Self::Other)
    }

    fn from_uint(value: u64) -> Result<Self, ()> {
        String::from_uint(value).map(Self::Other)
    }

    fn from_float(value: f64) -> Result<Self, ()> {
        String::from_float(value).map(Self::Other)
    }

    fn from_bool(value: bool) -> Result<Self, ()> {
        String::from_bool(value).map(Self::Other)
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        String::from_map(map).map(Self::Other)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Urn(urn) => urn.write(serializer),
            Self::Other(text) => text.write(serializer),
        }
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
