//! What holds for every message and every frame.

mod common;
#[rustfmt::skip]
mod strategies;

use common::field::Field;
use common::json::{keys, moved_last, object, shuffled};
use common::leaves::{any_json, list, option, text, urn};
use common::message::{Message, any_engine_message, any_message};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use relay_protocol::codec::{Unrecognised, Why};
use serde_json::{Map, Value};
use strategies::FIELDS;

/// There are a hundred kinds of message. `PROPTEST_CASES=100000` looks harder.
fn many() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    ProptestConfig { cases: 4 * config.cases, ..config }
}

/// The fields of the message in this frame.
fn fields_of(frame: &Map<String, Value>) -> impl Iterator<Item = &'static Field> + use<> {
    let kind = frame["_type"].as_str().unwrap_or_default().to_owned();
    FIELDS.iter().filter(move |field| field.message == kind)
}

fn write(frame: Map<String, Value>) -> String {
    Value::Object(frame).to_string()
}

/// What came instead of a message.
fn refused(like: &Message, frame: &str) -> Result<Unrecognised, TestCaseError> {
    match like.decode_like(frame) {
        Ok(message) => Err(TestCaseError::fail(format!("{frame} was read as {message:?}"))),
        Err(unrecognised) => Ok(unrecognised),
    }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn what_is_written_is_read(message in any_message()) {
        prop_assert_eq!(message.decode_like(&message.encode()), Ok(message));
    }

    #[test]
    fn the_order_of_keys_says_nothing(
        (message, frame) in any_message().prop_flat_map(|m| { let frame = m.encode(); (Just(m), shuffled(&frame)) })
    ) {
        prop_assert_eq!(message.decode_like(&frame), Ok(message));
    }

    #[test]
    fn the_envelope_may_come_last(message in any_message()) {
        let frame = message.encode();
        prop_assert_eq!(message.decode_like(&moved_last(&frame, |key| key == "_type")), Ok(message.clone()));
        prop_assert_eq!(message.decode_like(&moved_last(&frame, |key| key.starts_with('_'))), Ok(message));
    }

    #[test]
    fn a_frame_is_one_line_with_the_envelope_first_and_no_nulls(message in any_message()) {
        let frame = message.encode();
        prop_assert!(!frame.contains('\n'));
        let envelope: &[&str] = match &message {
            Message::Event(_) => &["_type"],
            Message::Request { target, .. } if !target.is_empty() => &["_id", "_type", "_target"],
            _ => &["_id", "_type"],
        };
        let keys = keys(&frame);
        prop_assert!(keys.iter().take(envelope.len()).eq(envelope));
        prop_assert!(!keys[envelope.len()..].iter().any(|key| key.starts_with('_')));
        let mut object = object(&frame);
        for field in fields_of(&object) {
            let value = field.value(&mut object);
            prop_assert!(!value.is_some_and(|value| value.is_null()), "{} is null", field.path);
        }
    }

    #[test]
    fn null_is_absent(message in any_message(), picks: Vec<Index>) {
        let frame = object(&message.encode());
        let (mut absent, mut null) = (frame.clone(), frame.clone());
        let optional: Vec<_> = fields_of(&frame).filter(|field| !field.required).collect();
        for field in picks.iter().filter(|_| !optional.is_empty()).map(|pick| pick.get(&optional)) {
            if let (Some(absent), Some(null)) = (field.parent(&mut absent), field.parent(&mut null)) {
                absent.remove(field.key());
                null.insert(field.key().to_owned(), Value::Null);
            }
        }
        let absent = message.decode_like(&write(absent));
        prop_assert!(absent.is_ok());
        prop_assert_eq!(absent, message.decode_like(&write(null)));
    }

    #[test]
    fn what_is_required_is_missed(message in any_message(), pick: Index) {
        let frame = object(&message.encode());
        let required: Vec<_> = fields_of(&frame).filter(|f| f.required && !f.path.contains('.')).collect();
        if required.is_empty() {
            return Ok(());
        }
        let field = pick.get(&required);
        let mut without = frame;
        without.remove(field.key());
        let unrecognised = refused(&message, &write(without))?;
        prop_assert_eq!(unrecognised.kind.as_deref(), Some(field.message));
        prop_assert!(unrecognised.why.to_string().contains(&format!("`{}`", field.path)), "{}", unrecognised.why);
    }

    #[test]
    fn a_list_of_code_points_is_text_where_text_is_due(message in any_engine_message(), bytes: bool) {
        let mut frame = object(&message.encode());
        for field in fields_of(&frame) {
            let Some(value) = field.value(&mut frame) else { continue };
            match (field.ty, value) {
                ("text" | "urn" | "word", value) => spell(value, bytes),
                ("list<text>" | "list<urn>" | "list<word>", Value::Array(list)) => {
                    list.iter_mut().for_each(|value| spell(value, bytes));
                }
                ("map<text>", Value::Object(map)) => map.values_mut().for_each(|value| spell(value, bytes)),
                _ => {}
            }
        }
        prop_assert_eq!(message.decode_like(&write(frame)), Ok(message));
    }

    #[test]
    fn a_cut_frame_is_not_recognised(message in any_message(), at: Index) {
        let frame = message.encode();
        let mut end = at.index(frame.len());
        while !frame.is_char_boundary(end) {
            end -= 1;
        }
        let cut = &frame[..end];
        let unrecognised = refused(&message, cut)?;
        prop_assert!(matches!(unrecognised.why, Why::NotJson(_)), "{:?}", unrecognised.why);
        prop_assert!(!unrecognised.why.to_string().is_empty());
        prop_assert_eq!(unrecognised.frame, cut);
    }

    #[test]
    fn any_text_is_answered(frame in prop_oneof![any::<String>(), text(), r#"[\[\]{}":,_tyepid0-9\\ ]{0,40}"#]) {
        for read in [Message::from_engine(&frame), Message::from_workflow(&frame)] {
            if let Err(unrecognised) = read {
                prop_assert_eq!(unrecognised.frame, frame.as_str());
            }
        }
    }

    #[test]
    fn any_object_is_answered_and_what_is_understood_can_be_sent_on(frame in any_frame()) {
        let frame = write(frame);
        for read in [Message::from_engine(&frame), Message::from_workflow(&frame)] {
            match read {
                Ok(message) => prop_assert_eq!(message.decode_like(&message.encode()), Ok(message)),
                Err(unrecognised) => {
                    prop_assert!(!matches!(unrecognised.why, Why::NotJson(_)), "{}", unrecognised.why);
                }
            }
        }
    }

    #[test]
    fn debug_output_keeps_personal_values_to_itself(message in any_message(), wrong: bool) {
        let mut frame = object(&message.encode());
        for field in fields_of(&frame).filter(|field| field.personal) {
            if let Some(value) = field.value(&mut frame) {
                mark(value, wrong);
            }
        }
        let shown = match message.decode_like(&write(frame)) {
            Ok(message) => format!("{message:?}"),
            Err(unrecognised) => format!("{unrecognised:?} {}", unrecognised.why),
        };
        prop_assert!(!shown.contains(MARK) && !shown.contains("47.11"), "{}", shown);
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = "[".repeat(10_000);
    for frame in [
        deep.clone(),
        format!(r#"{{"_type":{deep}"#),
        format!(r#"{{"_id":"a1","_target":{deep}"#),
        format!(r#"{{"_id":"a1","_type":"wf_api_say_request","text":{deep}"#),
        format!(r#"{{"_id":"a1","_type":"wf_api_log_analytics_event_request","content":{deep}"#),
        format!(r#"{{"_type":"wf_api_start_event","trigger":{{"args":{deep}"#),
        format!(r#"{{"_type":"wf_api_sms_event","unknown":{deep}"#),
        r#"{"_type":"wf_api_sms_event","event":"#.repeat(10_000),
    ] {
        let whole = format!("{frame}{}", frame.chars().rev().filter_map(closing).collect::<String>());
        for frame in [frame, whole] {
            assert!(Message::from_engine(&frame).is_err());
            assert!(Message::from_workflow(&frame).is_err());
        }
    }
}

fn closing(opening: char) -> Option<char> {
    match opening {
        '[' => Some(']'),
        '{' => Some('}'),
        _ => None,
    }
}

const MARK: &str = "told in confidence";

/// Puts a mark wherever the value can hold one. `wrong`: as a type that the schema may not expect there.
fn mark(value: &mut Value, wrong: bool) {
    *value = match value {
        Value::Array(list) if list.iter().all(Value::is_number) => match wrong {
            true => MARK.into(),
            false => vec![47.11, 47.11].into(),
        },
        Value::Object(map) => {
            map.values_mut().for_each(|value| *value = MARK.into());
            map.insert(MARK.into(), MARK.into());
            return;
        }
        _ if wrong => vec![MARK].into(),
        _ => MARK.into(),
    };
}

/// Spells a text as old engines do: its bytes, or its code points.
fn spell(value: &mut Value, bytes: bool) {
    let Some(text) = value.as_str() else { return };
    // A text of few code points that are the bytes of another text is taken for that one.
    let ambiguous = text.chars().map(|c| u8::try_from(c).ok()).collect::<Option<Vec<_>>>();
    *value = match bytes || ambiguous.is_some_and(|bytes| std::str::from_utf8(&bytes).is_ok()) {
        true => text.bytes().collect(),
        false => text.chars().map(u32::from).collect(),
    };
}

/// An object with the name of a message and the keys of its fields, and any values.
fn any_frame() -> impl Strategy<Value = Map<String, Value>> {
    let names: Vec<_> = FIELDS.iter().map(|field| field.message).collect();
    let id = prop_oneof![text().prop_map(Value::from), any_json()];
    let target =
        prop_oneof![list(urn().prop_map(|urn| Value::from(urn.as_str()))).prop_map(Value::from), any_json()];
    (select(names), option(id), option(target), vec((any::<Index>(), any_json()), 0..6)).prop_map(
        |(name, id, target, values)| {
            let mut frame = Map::from_iter([("_type".to_owned(), Value::from(name))]);
            frame.extend(id.map(|id| ("_id".to_owned(), id)));
            frame.extend(target.map(|target| ("_target".to_owned(), target)));
            let fields: Vec<_> = FIELDS.iter().filter(|field| field.message == name).collect();
            for (index, value) in values {
                let field = index.get(&fields);
                if let Some(parent) = field.parent(&mut frame) {
                    parent.insert(field.key().to_owned(), value);
                }
            }
            frame
        },
    )
}
