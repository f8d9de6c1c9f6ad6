//! What property tests and fuzzing found in the codec.

use relay_protocol::codec::{self, FromEngine, FromWorkflow, Unrecognised, Why};
use relay_protocol::{Request, request};

fn request(frame: &str) -> Request {
    match codec::from_workflow(frame) {
        FromWorkflow::Request { request, .. } => request,
        FromWorkflow::Unrecognised(unrecognised) => panic!("{unrecognised:?}"),
    }
}

fn unrecognised(frame: &str) -> Unrecognised {
    match codec::from_workflow(frame) {
        FromWorkflow::Unrecognised(unrecognised) => unrecognised,
        other => panic!("recognised: {other:?}"),
    }
}

#[test]
fn unsigned_numbers_have_their_whole_range() {
    let vibrate = request::Vibrate::new().pattern([u64::MAX]);
    assert_eq!(request(&codec::encode_request("a1", &[], &vibrate)), vibrate.into());

    let analytics = request::LogAnalyticsEvent::new(u64::MAX);
    assert_eq!(request(&codec::encode_request("a1", &[], &analytics)), analytics.into());
}

#[test]
fn an_envelope_key_of_a_wrong_kind_is_an_absent_one() {
    for odd in ["true", "1.5", "[true]", "[[]]", "{}", "null"] {
        let frame = format!(r#"{{"_id":{odd},"_type":"wf_api_unset_var_request","name":"count"}}"#);
        assert_eq!(unrecognised(&frame).why, Why::NoId, "{frame}");
        let frame = format!(r#"{{"_id":"a1","_type":{odd},"name":"count"}}"#);
        assert_eq!(unrecognised(&frame).why, Why::NoType, "{frame}");
        assert_eq!(unrecognised(&frame).id.as_deref(), Some("a1"), "{frame}");
    }
}

#[test]
fn what_a_personal_field_holds_is_shown_neither_read_nor_misread() {
    let read = request::LogAnalyticsEvent::new("told in confidence");
    assert!(!format!("{read:?}").contains("confidence"));

    let misread = unrecognised(r#"{"_id":"a1","_type":"wf_api_say_request","text":["told in confidence"]}"#);
    assert!(misread.why.to_string().starts_with("`text`: something other than text"), "{}", misread.why);
}

#[test]
fn a_number_spelled_as_text_is_one_that_json_can_write() {
    for odd in ["NaN", "inf", "-infinity", "1e999"] {
        let frame =
            format!(r#"{{"_id":"a1","_type":"wf_api_get_device_info_response","latlong":["{odd}",0]}}"#);
        assert!(matches!(codec::from_engine(&frame), FromEngine::Unrecognised(_)), "{frame}");
    }
}
