//! Frames as JSON that can be taken apart and written in any order.

use proptest::prelude::*;
use serde_json::{Map, Value};

pub(crate) fn object(frame: &str) -> Map<String, Value> {
    match serde_json::from_str(frame) {
        Ok(Value::Object(map)) => map,
        other => panic!("no JSON object: {other:?}"),
    }
}

/// The top-level keys in the order of the frame.
pub(crate) fn keys(frame: &str) -> Vec<String> {
    pairs(frame).into_iter().map(|(key, _)| key).collect()
}

/// The frame with the keys of its top level in another order.
pub(crate) fn shuffled(frame: &str) -> impl Strategy<Value = String> + use<> {
    Just(pairs(frame)).prop_shuffle().prop_map(|pairs| write(&pairs))
}

/// The frame with the keys that `last` picks after all others.
pub(crate) fn moved_last(frame: &str, last: impl Fn(&str) -> bool) -> String {
    let (late, early): (Vec<_>, Vec<_>) = pairs(frame).into_iter().partition(|(key, _)| last(key));
    write(&[early, late].concat())
}

/// serde_json's own map would sort the keys.
fn pairs(frame: &str) -> Vec<(String, Value)> {
    struct Pairs(Vec<(String, Value)>);
    impl<'de> serde::Deserialize<'de> for Pairs {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = Pairs;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                    let mut pairs = Vec::new();
                    while let Some(pair) = map.next_entry()? {
                        pairs.push(pair);
                    }
                    Ok(Pairs(pairs))
                }
            }
            deserializer.deserialize_map(Visitor)
        }
    }
    serde_json::from_str::<Pairs>(frame).expect("a JSON object").0
}

fn write(pairs: &[(String, Value)]) -> String {
    let fields: Vec<_> =
        pairs.iter().map(|(key, value)| format!("{}: {value}", Value::from(key.as_str()))).collect();
    format!("{{ {} }}", fields.join(" , "))
}
