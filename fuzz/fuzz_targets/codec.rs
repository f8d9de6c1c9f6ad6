//! Any text as a frame, read as either side does: what is understood can be sent on and is understood the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use relay_protocol::codec::{self, FromEngine, FromWorkflow, Unrecognised, Why};

fuzz_target!(|frame: &str| {
    match codec::from_engine(frame) {
        FromEngine::Unrecognised(unrecognised) => check(frame, &unrecognised),
        read => assert_eq!(codec::from_engine(&of_engine(&read)), read),
    }
    match codec::from_workflow(frame) {
        FromWorkflow::Unrecognised(unrecognised) => check(frame, &unrecognised),
        read => assert_eq!(codec::from_workflow(&of_workflow(&read)), read),
    }
});

fn of_engine(read: &FromEngine<'_>) -> String {
    match read {
        FromEngine::Event(event) => codec::encode_event(event),
        FromEngine::Response { id, response } => codec::encode_response(id, response),
        FromEngine::Refused { id, error } => codec::encode_error(id, error),
        FromEngine::Progress { id } => codec::encode_progress(id),
        FromEngine::Unrecognised(_) => unreachable!(),
    }
}

fn of_workflow(read: &FromWorkflow<'_>) -> String {
    match read {
        FromWorkflow::Request { id, target, request } => codec::encode_any_request(id, target, request),
        FromWorkflow::Unrecognised(_) => unreachable!(),
    }
}

fn check(frame: &str, unrecognised: &Unrecognised) {
    assert_eq!(unrecognised.frame, frame);
    let _ = (format!("{unrecognised:?}"), unrecognised.why.to_string());
    if matches!(unrecognised.why, Why::NotJson(_)) {
        let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(frame);
        assert!(object.is_err(), "an object was taken for something else: {}", unrecognised.why);
    }
}
