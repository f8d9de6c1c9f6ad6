//! The keys around every payload: `_id`, `_type`, `_target`.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::wire::{Key, Slot, from_bytes};
use crate::urn::Urn;

/// What was read of the envelope. Borrows from the frame.
#[derive(Debug, Default)]
pub(super) struct Envelope<'de> {
    pub(super) id: Option<Cow<'de, str>>,
    pub(super) kind: Option<Cow<'de, str>>,
    pub(super) target: Vec<Urn>,
    /// `target`, the older name; some SDKs send both.
    pub(super) legacy_target: Vec<Urn>,
}

impl<'de> Envelope<'de> {
    /// Takes the key if it belongs to the envelope. Keys with an underscore are reserved, so unknown ones are dropped.
    pub(super) fn take<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "_id" => self.id = map.next_value_seed(Word)?.or(self.id.take()),
            "_type" => self.kind = map.next_value_seed(Word)?.or(self.kind.take()),
            "_target" => self.target = map.next_value_seed(Target { strict: true })?,
            key if key.starts_with('_') => _ = map.next_value::<IgnoredAny>()?,
            "target" if self.kind.as_deref().is_some_and(|k| k.ends_with("_request")) => {
                // Older requests named devices here, not URNs; what is no URN is none of our targets.
                self.legacy_target = map.next_value_seed(Target { strict: false })?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn into_target(self) -> Vec<Urn> {
        if self.target.is_empty() { self.legacy_target } else { self.target }
    }

    /// Reads the envelope alone, wherever its keys stand.
    pub(super) fn scan(frame: &'de str) -> Result<Self, serde_json::Error> {
        struct Scan;
        impl<'de> Visitor<'de> for Scan {
            type Value = Envelope<'de>;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut envelope = Envelope::default();
                while let Some(key) = map.next_key_seed(Key)? {
                    match &*key {
                        "_id" => envelope.id = map.next_value_seed(Word)?.or(envelope.id),
                        "_type" => envelope.kind = map.next_value_seed(Word)?.or(envelope.kind),
                        _ => _ = map.next_value::<IgnoredAny>()?,
                    }
                }
                Ok(envelope)
            }
        }
        let mut deserializer = serde_json::Deserializer::from_str(frame);
        let envelope = Deserializer::deserialize_map(&mut deserializer, Scan)?;
        deserializer.end()?;
        Ok(envelope)
    }
}

/// Text of the envelope, borrowed when it can be. Anything that is no text or list of code points is absent.
struct Word;

impl<'de> DeserializeSeed<'de> for Word {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Word {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("text")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.into())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(alloc::format!("{number}"))))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(alloc::format!("{number}"))))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut points = Vec::new();
        while let Some(point) = list.next_element::<Value>()? {
            points.push(point.as_u64().and_then(|n| u32::try_from(n).ok()).and_then(char::from_u32));
        }
        let text = points.into_iter().collect::<Option<String>>();
        Ok(text.map(|text| Cow::Owned(from_bytes(text))))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// `{"uris":[..]}`, and the tolerated forms: a bare URN, a bare list, `uri` for a single one.
///
/// Strict: text that is no URN is an error that names it. Otherwise it is passed over.
#[derive(Clone, Copy)]
struct Target {
    strict: bool,
}

impl Target {
    fn add<E: Error>(self, text: &str, all: &mut Vec<Urn>) -> Result<(), E> {
        match Urn::parse(text) {
            Ok(urn) => all.push(urn),
            Err(e) if self.strict => return Err(E::custom(format_args!("`_target`: {e}"))),
            Err(_) => {}
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Target {
    type Value = Vec<Urn>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Target {
    type Value = Vec<Urn>;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a target")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let mut all = Vec::new();
        self.add(text, &mut all)?;
        Ok(all)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        let mut text: Option<String> = None;
        while list.next_element_seed(Slot(&mut text))?.is_some() {
            if let Some(text) = text.take() {
                self.add(&text, &mut all)?;
            }
        }
        Ok(all)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            match &*key {
                "uris" | "uri" => all.extend(map.next_value_seed(self)?),
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(all)
    }
}
