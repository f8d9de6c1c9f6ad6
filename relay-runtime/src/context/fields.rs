//! Texts by name, read into a struct: which names its fields have, and its value.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::{Error, MapDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// The names of a struct's fields, as serde knows them. `None` if `T` is no struct with named fields.
pub(super) fn names<T: DeserializeOwned>() -> Option<&'static [&'static str]> {
    let mut names = None;
    // It always fails: there are no values yet.
    let _ = T::deserialize(Names(&mut names));
    names
}

/// The struct with these values. A field that is not there has its default or is an error, as for every format.
pub(super) fn read<T: DeserializeOwned>(texts: BTreeMap<String, String>) -> Result<T, Error> {
    let fields = texts.into_iter().map(|(name, text)| (name.clone(), Text { name, text }));
    T::deserialize(MapDeserializer::new(fields))
}

struct Names<'a>(&'a mut Option<&'static [&'static str]>);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("not a struct"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0 = Some(fields);
        Err(Error::custom("no values"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// A text that is read as what the field wants: a number or truth value as it is written, a list or a struct as JSON.
struct Text {
    name: String,
    text: String,
}

impl Text {
    fn wrong(&self, error: impl fmt::Display) -> Error {
        Error::custom(format_args!("`{}`: {error}", self.name))
    }

    fn json<'de, V: Visitor<'de>>(
        self,
        read: impl FnOnce(serde_json::Value, V) -> Result<V::Value, serde_json::Error>,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let value = serde_json::from_str(&self.text).map_err(|error| self.wrong(error))?;
        read(value, visitor).map_err(|error| self.wrong(error))
    }
}

impl IntoDeserializer<'_, Error> for Text {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($deserialize:ident $visit:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.text.trim().parse() {
                Ok(value) => visitor.$visit(value),
                Err(error) => Err(self.wrong(error)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Text {
    type Error = Error;

    parsed! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32 deserialize_i64 visit_i64
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32 deserialize_u64 visit_u64
        deserialize_f32 visit_f32 deserialize_f64 visit_f64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.text)
    }

    /// It is there, so it is something; one that is not set does not come here.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// One of several words.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.text.into_deserializer())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.json(|value, visitor| value.deserialize_seq(visitor), visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.json(|value, visitor| value.deserialize_map(visitor), visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.json(|value, visitor| value.deserialize_struct(name, fields, visitor), visitor)
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "kebab-case")]
    struct Site {
        site_name: String,
        floors: u8,
        open: bool,
        kind: Kind,
        rooms: Vec<u32>,
        note: Option<String>,
        limit: Option<f64>,
        #[serde(default)]
        retries: u32,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Hotel,
    }

    fn site(change: &[(&str, &str)]) -> Result<Site, String> {
        let all = [
            ("site-name", "42"),
            ("floors", "3"),
            ("open", "true"),
            ("kind", "hotel"),
            ("rooms", "[1,2]"),
            ("limit", "1.5"),
        ];
        let texts = all.iter().chain(change).map(|(name, text)| ((*name).into(), (*text).into()));
        read(texts.collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn texts_become_what_the_fields_want() {
        let read = site(&[]).unwrap();
        let expected = Site {
            site_name: "42".into(),
            floors: 3,
            open: true,
            kind: Kind::Hotel,
            rooms: vec![1, 2],
            note: None,
            limit: Some(1.5),
            retries: 0,
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn a_wrong_text_is_named() {
        let error = site(&[("floors", "many")]).unwrap_err();
        assert!(error.starts_with("`floors`: invalid digit"), "{error}");
        let error = site(&[("rooms", "1,2")]).unwrap_err();
        assert!(error.starts_with("`rooms`: "), "{error}");
        assert_eq!(read::<Site>(BTreeMap::new()).unwrap_err().to_string(), "missing field `site-name`");
    }

    #[test]
    fn names_are_those_that_serde_knows() {
        let names = names::<Site>().unwrap();
        assert_eq!((names[0], names.len()), ("site-name", 8));
        assert_eq!(super::names::<Vec<u8>>(), None);
    }
}
