//! What the fields of a message are drawn from, one function for each type of the schema.
//!
//! Drawn is everything that can stand in a message and comes back from the wire as it was. What does not is left out
//! here, with the reason, and nowhere else. All are boxed: a message of twenty fields would not fit the stack of a test.

use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use relay_protocol::Urn;
use relay_protocol::codec::{Extra, JsonMap};
use relay_protocol::urn::{DeviceUrn, GroupUrn, InteractionUrn};
use serde_json::Value;

/// Texts that a reader might take for something else.
const LOOK_ALIKES: &[&str] = &[
    "",
    " ",
    "null",
    "true",
    "False",
    "0",
    "-1.5e3",
    "007",
    "NaN",
    "[104,105]",
    "{}",
    "\"",
    "\\u0041",
    "\u{0}",
    "\u{feff}",
    "\u{e4}\r\n\t",
    "\u{10ffff}",
    "2027-01-04T08:00:00Z",
    "urn:relay-resource:name:device:Alice",
    "wf_api_stop_event",
    "_id",
];

pub(crate) fn text() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 ',.!?]{0,16}",
        2 => vec(any::<char>(), 0..12).prop_map(String::from_iter),
        1 => select(LOOK_ALIKES).prop_map(str::to_owned),
    ]
    .boxed()
}

fn some_text() -> BoxedStrategy<String> {
    text().prop_filter("empty", |text| !text.is_empty()).boxed()
}

/// Built ones, and the odd forms of peers.
pub(crate) fn urn() -> BoxedStrategy<Urn> {
    let device = || some_text().prop_map(|name| DeviceUrn::name(name).expect("the name is not empty"));
    let interaction =
        || some_text().prop_map(|name| InteractionUrn::name(name).expect("the name is not empty"));
    let odd = select(vec![
        "urn:relay-resource:all:device",
        "urn:relay-resource:name:server:ibot",
        "urn:relay-resource:id:device:990007560000001",
        "urn:relay-resource:name:device:a:b",
        "urn:relay-resource:name:device:100%",
        "urn:relay-resource:name:venue:Café",
        "urn:relay-resource:name:interaction:x?device=urn:relay-resource:name:device:Al",
    ]);
    prop_oneof![
        3 => device().prop_map(Urn::from),
        3 => (interaction(), device()).prop_map(|(interaction, device)| interaction.on(&device).into()),
        1 => (some_text(), device()).prop_map(|(name, device)| {
            GroupUrn::name(name).expect("the name is not empty").member(&device).into()
        }),
        1 => odd.prop_map(|text| Urn::parse(text).expect("a Relay URN")),
    ]
    .boxed()
}

/// A word of the list, or one that the list does not know.
///
/// Never the empty one, which an official SDK sends for what is not set and which therefore counts as absent.
pub(crate) fn word<T>(all: &'static [T]) -> impl Strategy<Value = T>
where
    T: Clone + Debug + for<'a> From<&'a str> + 'static,
{
    prop_oneof![3 => select(all), 1 => some_text().prop_map(|word| T::from(&word))]
}

pub(crate) fn int() -> BoxedStrategy<i64> {
    prop_oneof![any::<i64>(), -1..100_i64, Just(i64::MIN), Just(i64::MAX)].boxed()
}

pub(crate) fn uint() -> BoxedStrategy<u64> {
    prop_oneof![any::<u64>(), 0..100_u64, Just(u64::MAX)].boxed()
}

/// Up to fifteen digits: the JSON parser rounds the last bit of longer ones as it likes, and JSON has no NaN.
pub(crate) fn float() -> BoxedStrategy<f64> {
    prop_oneof![(-180_000_000..=180_000_000_i32).prop_map(|n| f64::from(n) / 1e6), Just(0.0), Just(-1.0)]
        .boxed()
}

pub(crate) fn bool() -> BoxedStrategy<bool> {
    any::<bool>().boxed()
}

pub(crate) fn list<S: Strategy + 'static>(element: S) -> BoxedStrategy<Vec<S::Value>> {
    vec(element, 0..4).boxed()
}

pub(crate) fn option<S: Strategy + 'static>(value: S) -> BoxedStrategy<Option<S::Value>> {
    proptest::option::of(value).boxed()
}

/// Not null at the top, where it says that the field is absent.
pub(crate) fn json() -> BoxedStrategy<Value> {
    any_json().prop_filter("null", |value| !value.is_null()).boxed()
}

pub(crate) fn any_json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        int().prop_map(Value::from),
        uint().prop_map(Value::from),
        float().prop_map(Value::from),
        text().prop_map(Value::from),
        "[a-z]{1,6}".prop_map(|text| text.bytes().collect()), // a list of code points
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map(text(), inner, 0..3).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
    .boxed()
}

/// Without lists of printable code points: where the schema does not know the values they are read as text.
pub(crate) fn json_map() -> BoxedStrategy<JsonMap> {
    btree_map(text(), any_json(), 0..3)
        .prop_map(|map| {
            let mut map = JsonMap::from_iter(map);
            map.values_mut().for_each(break_spelling);
            map
        })
        .boxed()
}

fn break_spelling(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(break_spelling);
            if list.iter().all(|v| v.as_u64().is_some_and(|n| n < 128)) {
                list.push(Value::Null);
            }
        }
        Value::Object(map) => map.values_mut().for_each(break_spelling),
        _ => {}
    }
}

pub(crate) fn text_map() -> BoxedStrategy<BTreeMap<String, String>> {
    btree_map(text(), text(), 0..3).boxed()
}

/// Fields that the schema does not know. Never null, which is dropped, and never with a leading underscore, which is
/// reserved for the envelope.
pub(crate) fn extra() -> BoxedStrategy<Extra> {
    fields(json().boxed())
}

/// [`extra`] of an object whose unknown fields are data, with the same exception as [`json_map`].
pub(crate) fn data() -> BoxedStrategy<Extra> {
    let value = json().prop_map(|mut value| {
        break_spelling(&mut value);
        value
    });
    fields(value.boxed())
}

fn fields(value: BoxedStrategy<Value>) -> BoxedStrategy<Extra> {
    let some = btree_map("x[a-z\"\\\\é_]{0,4}", value, 1..3).prop_map(|fields| {
        let mut extra = Extra::default();
        fields.into_iter().for_each(|(key, value)| extra.insert(key, value));
        extra
    });
    prop_oneof![3 => Just(Extra::default()), 1 => some].boxed()
}
