//! Sessions, written down.

mod common;
#[rustfmt::skip]
mod strategies;

use std::time::Duration;

use common::json::object;
use common::message::{Message, any_message};
use proptest::prelude::*;
use relay_protocol::transcript::{Entry, Head, Redactor, Side, Transcript, TranscriptError, What};
use serde_json::Value;
use strategies::FIELDS;

const SAMPLE: &str = include_str!("data/transcript.jsonl");

fn sample() -> Transcript {
    SAMPLE.parse().expect("a transcript")
}

/// The sample with something changed in its text.
fn changed(changes: &[(&str, &str)]) -> Transcript {
    let text = changes.iter().fold(SAMPLE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in it");
        text.replace(from, to)
    });
    text.parse().expect("a transcript")
}

#[test]
fn a_transcript_is_read_as_it_was_written() {
    let transcript = sample();
    assert_eq!(transcript.to_string(), SAMPLE);
    assert_eq!(transcript.head.workflow, "hello");
    assert_eq!(transcript.frames(Side::Workflow).count(), 5);
    assert_eq!(transcript.failures().collect::<Vec<_>>(), [("hello", "out of paper")]);
    assert_eq!(transcript.ended(), Some("stopped (normal)"));
}

#[test]
fn what_is_no_transcript_says_why() {
    let error = |text: &str| text.parse::<Transcript>().expect_err("no transcript").to_string();
    let not = "not a transcript: it does not begin with `relay_transcript`";
    assert_eq!(error(""), not);
    assert_eq!(error("hello"), not);
    assert_eq!(error("{}"), not);
    assert_eq!(
        error(r#"{"relay_transcript":2}"#),
        "a transcript in the format 2, of which this version knows only 1"
    );
    let head = r#"{"relay_transcript":1}"#;
    assert_eq!(error(&format!("{head}\n{{\"lost\":1}}\n")), "line 2 of the transcript: no time, `us`");
    let broken = format!("{head}\n{{\"us\"\n");
    assert!(matches!(broken.parse::<Transcript>(), Err(TranscriptError::Line { number: 2, .. })));
}

#[test]
fn a_transcript_that_was_cut_off_is_read_as_far_as_it_goes() {
    let whole = sample();
    for length in SAMPLE.find('\n').expect("a line")..SAMPLE.len() {
        let cut: Transcript = SAMPLE[..length].parse().expect("a transcript");
        assert!(whole.entries.starts_with(&cut.entries), "{length}");
    }
}

#[test]
fn lines_of_a_later_version_are_passed_over() {
    let text = format!("{SAMPLE}\n{{\"us\":9,\"weather\":\"grey\"}}\n");
    assert_eq!(text.parse::<Transcript>(), Ok(sample()));
}

#[test]
fn messages_that_are_no_json_are_kept() {
    let mut transcript = Transcript::new(Head::default());
    for text in ["not json", "[1]", "{\"a\":", ""] {
        transcript.entries.push(Entry::frame(Duration::ZERO, Side::Engine, text));
    }
    assert_eq!(transcript.to_string().parse::<Transcript>(), Ok(transcript));
}

#[test]
fn a_message_on_several_lines_becomes_one_line() {
    let entry = Entry::frame(Duration::from_micros(5), Side::Engine, "{\r\n\"_type\":\r\n\"x\"}\n");
    assert_eq!(entry.to_string(), r#"{"us":5,"engine":{"_type":"x"}}"#);
}

#[test]
fn a_redacted_transcript_names_nobody_and_quotes_nobody() {
    let redacted = sample().redacted();
    let text = redacted.to_string();
    for secret in ["Alice", "Bob", "Where", "meet", "corner", "Second", "paper", "37.5"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    // What the workflow depends on is still there.
    for kept in [r#""phrase":"hello""#, r#""name":"mood""#, "device%3Adevice-1", "interaction:hello"] {
        assert!(text.contains(kept), "{kept} is not in {text}");
    }
    assert!(redacted.head.redacted);
    assert_eq!(redacted.clone().redacted(), redacted);
}

#[test]
fn a_tidied_transcript_is_the_same_for_every_run() {
    let other = changed(&[("a1f", "77"), ("b2e", "88"), ("relay-runtime 0.1.0", "relay-runtime 9.9.9")]);
    assert_ne!(other, sample());
    assert_eq!(other.tidied(), sample().tidied());
    assert_eq!(other.tidied().tidied(), sample().tidied());
}

#[test]
fn sessions_that_do_the_same_have_no_difference() {
    let other = changed(&[("a1f", "77"), ("\"us\":1305000", "\"us\":1405000")]);
    assert!(sample().diff(&other).is_empty(), "{}", sample().diff(&other));
    assert!(sample().diff(&sample().tidied()).is_empty());
    assert!(sample().redacted().diff(&sample()).is_empty(), "{}", sample().redacted().diff(&sample()));
    let spelled = changed(&[(
        "hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice\"]},\"_type\":\"wf_api_say",
        "hello?device=urn:relay-resource:name:device:Alice\"]},\"_type\":\"wf_api_say",
    )]);
    assert!(sample().diff(&spelled).is_empty(), "{}", sample().diff(&spelled));
}

#[test]
fn what_comes_after_lost_messages_is_not_compared() {
    let gap = |mut transcript: Transcript, keep: usize| {
        transcript.entries.truncate(keep);
        transcript.entries.push(Entry::new(Duration::from_secs(1), What::Lost(9)));
        transcript
    };
    assert!(gap(sample(), 7).diff(&sample()).is_empty());
    assert!(sample().diff(&gap(sample(), 7)).is_empty());
    let other = changed(&[("Where shall", "When shall")]);
    assert_eq!(gap(sample(), 8).diff(&other).count(), 1, "what is missing is known to be");
}

#[test]
fn what_is_made_by_chance_is_no_difference() {
    let named = |name: &str| changed(&[("Second corner", name)]);
    assert!(named("14859e647491c74b").diff(&named("0b3d24dd7123cb53")).is_empty());
    assert_eq!(named("14859e647491c74b").tidied(), named("0b3d24dd7123cb53").tidied());
    assert!(!named("990007560000001").diff(&named("990007560000002")).is_empty());
}

#[test]
fn a_difference_is_shown_where_it_is() {
    let diff = sample().diff(&changed(&[("Where shall", "When shall")]));
    assert_eq!(diff.count(), 2);
    assert_eq!(
        diff.to_string(),
        r#"  0:00:00.000  engine    start trigger={"args":{"phrase":"hello","source_uri":"Alice"},"type":"phrase"}
  0:00:00.001  workflow  start_interaction on Alice name="hello"
  0:00:00.006  engine    interaction_lifecycle source_uri="hello@Alice" type="started"
- 0:00:00.006  workflow  say on hello@Alice lang="en-US" text="Where shall we meet Bob?"
+ 0:00:00.006  workflow  say on hello@Alice lang="en-US" text="When shall we meet Bob?"
  0:00:01.305  engine    prompt source_uri="hello@Alice" type="stopped"
  0:00:01.305  workflow  set_var name="mood" value="Second corner"
  0:00:01.306  workflow  get_device_info on Alice query="latlong" refresh=false
  0:00:01.310  engine    answers get_device_info: latlong=[37.5,1.0]
  0:00:01.311  workflow  FAILS in `hello`: out of paper
  0:00:01.311  workflow  terminate
  0:00:01.312            ... 3 messages could not be written down ...
  0:00:01.313  engine    stop reason="normal"
  ...
"#
    );
}

#[test]
fn what_is_missing_and_what_is_added_is_shown() {
    let mut without = sample();
    without
        .entries
        .retain(|entry| !matches!(&entry.what, What::Frame { text, .. } if text.contains("set_var")));
    let text = sample().diff(&without).to_string();
    assert!(text.contains("\n- 0:00:01.305  workflow  set_var"), "{text}");
    assert_eq!(
        text.matches(['+', '-']).filter(|_| true).count() - text.matches("en-US").count(),
        1,
        "{text}"
    );
    let text = without.diff(&sample()).to_string();
    assert!(text.contains("\n+ 0:00:01.305  workflow  set_var"), "{text}");
}

#[test]
fn handlers_that_act_on_different_targets_at_once_may_do_so_in_any_order() {
    let mut swapped = sample();
    let at =
        swapped.entries.iter().position(|entry| entry.to_string().contains("set_var")).expect("it is there");
    let set_var = swapped.entries.remove(at);
    swapped.entries.insert(at + 2, set_var); // after get_device_info, which has a target
    assert!(sample().diff(&swapped).is_empty(), "{}", sample().diff(&swapped));
}

/// Whether nothing can be read from it.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let named = relay_protocol::Urn::parse(text.as_str()).is_ok() || text.starts_with("device-");
            let shape = |c: char| matches!(c, 'x' | '0') || !c.is_alphanumeric();
            named || matches!(&**text, "true" | "false") || text.chars().all(shape)
        }
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(list) => list.iter().all(says_nothing),
        Value::Object(map) => map.values().all(says_nothing),
        Value::Null | Value::Bool(_) => true,
    }
}

/// Personal, but the workflow is registered for it.
const KEPT: [&str; 4] =
    ["trigger.args.phrase", "trigger.args.geofence_id", "trigger.args.venue_id", "trigger.args.position_id"];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_personal_is_left_in_a_redacted_message(message in any_message()) {
        let mut frame = object(&Redactor::new().frame(&message.encode()));
        let kind = frame["_type"].as_str().unwrap_or_default().to_owned();
        let personal = FIELDS.iter().filter(|field| field.message == kind && field.personal);
        for field in personal.filter(|field| !KEPT.contains(&field.path)) {
            if let Some(value) = field.value(&mut frame) {
                prop_assert!(says_nothing(value), "{} is {value}", field.path);
            }
        }
    }

    #[test]
    fn a_redacted_message_is_still_one(message in any_message()) {
        let frame = Redactor::new().frame(&message.encode());
        let redacted = message.decode_like(&frame);
        prop_assert!(redacted.is_ok(), "{frame}: {redacted:?}");
        prop_assert_eq!(kind(&redacted.expect("a message")), kind(&message));
    }

    #[test]
    fn every_message_is_read_as_it_was_written(message in any_message(), us in 0..u64::MAX / 2000, from_engine: bool) {
        let from = if from_engine { Side::Engine } else { Side::Workflow };
        let mut transcript = Transcript::new(Head::new("x", "/\"x\""));
        transcript.entries.push(Entry::frame(Duration::from_micros(us), from, message.encode()));
        let read: Transcript = transcript.to_string().parse().expect("a transcript");
        let (_, text) = read.frames(from).next().expect("a message");
        prop_assert_eq!(message.decode_like(text), Ok(message));
        prop_assert_eq!(&read.entries[0].at, &transcript.entries[0].at);
    }
}

fn kind(message: &Message) -> Value {
    object(&message.encode())["_type"].clone()
}
