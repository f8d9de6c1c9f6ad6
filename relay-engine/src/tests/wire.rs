//! The messages themselves, letter by letter.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use relay_protocol::session::{Timestamp, Transmit};
use relay_protocol::types::{ButtonName, Taps, Trigger, TriggerArgs, TriggerType};

use super::scene::device;
use crate::{Action, Config, DeviceInfo, Engine, InstanceKey, Taken, Workflow};

const INTERACTION: &str =
    "urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice";

/// Everything that is sent until nothing is due any more, INTERACTION for the interaction on Alice.
fn sent(engine: &mut Engine, now: &mut Timestamp) -> Vec<String> {
    let mut frames = Vec::new();
    loop {
        while let Some(action) = engine.poll_action() {
            if let Action::Transmit { transmit: Transmit::Text(frame), .. } = action {
                frames.push(frame.replace(INTERACTION, "INTERACTION"));
            }
        }
        let Some((due, _)) = engine.poll_timeout() else { return frames };
        *now = due;
        engine.handle_timeout(due);
    }
}

fn run() -> (Engine, InstanceKey) {
    let mut config = Config::default();
    config.session.ping_interval = None;
    config.clock_origin = Duration::from_secs(1_660_000_000);
    let mut engine = Engine::new(config, || 1);
    engine.add_device(DeviceInfo::new("Alice", "990007560000001")).unwrap();
    let workflow = engine.add_workflow(Workflow::new("hello", "wss://example.com/"));
    let args = TriggerArgs::new().source_uri(device("Alice")).phrase("hello");
    let trigger = Trigger::new(TriggerType::Phrase).args(args);
    let run = engine.launch(Timestamp::ZERO, workflow, trigger).unwrap();
    engine.handle_connected(Timestamp::ZERO, run);
    (engine, run)
}

#[test]
fn hello_world() {
    let (mut engine, run) = run();
    let mut now = Timestamp::ZERO;
    let device = "urn:relay-resource:name:device:Alice";
    let start = r#"{"_type":"wf_api_start_event","trigger":{"type":"phrase","args":{"source_uri":"DEVICE","phrase":"hello"}}}"#;
    assert_eq!(sent(&mut engine, &mut now), [start.replace("DEVICE", device)]);

    let mut ask = |request: &str, answers: &[&str]| {
        let frame = request.replace("DEVICE", device).replace("INTERACTION", INTERACTION);
        engine.handle_text(now, run, &frame);
        assert_eq!(sent(&mut engine, &mut now), answers);
    };
    ask(
        r#"{"_id":"a1","_type":"wf_api_start_interaction_request","_target":{"uris":["DEVICE"]},"name":"hello"}"#,
        &[
            r#"{"_id":"a1","_type":"wf_api_start_interaction_response"}"#,
            r#"{"_type":"wf_api_interaction_lifecycle_event","type":"started","source_uri":"INTERACTION"}"#,
            r#"{"_type":"wf_api_interaction_lifecycle_event","type":"resumed","source_uri":"INTERACTION"}"#,
        ],
    );
    ask(
        r#"{"_id":"a3","_type":"wf_api_say_request","_target":{"uris":["INTERACTION"]},"text":"hello world"}"#,
        &[
            r#"{"_id":"a3","_type":"wf_api_say_response","id":"a3"}"#,
            r#"{"_type":"wf_api_prompt_event","source_uri":"INTERACTION","type":"started","id":"a3"}"#,
            r#"{"_type":"wf_api_prompt_event","source_uri":"INTERACTION","type":"stopped","id":"a3"}"#,
        ],
    );
    // The body's own request_id is not the one that counts.
    ask(
        r#"{"_id":"b1","_type":"wf_api_listen_request","_target":{"uris":["INTERACTION"]},"phrases":null,"transcribe":true,"timeout":"1","request_id":"request1"}"#,
        &[
            r#"{"_id":"b1","_type":"wf_api_listen_response"}"#,
            r#"{"_type":"wf_api_speech_event","request_id":"b1","source_uri":"INTERACTION","text":"","lang":"en-US"}"#,
        ],
    );
    ask(
        r#"{"_id":"i1","_type":"wf_api_end_interaction_request","_target":{"uris":["urn:relay-resource:id:group:7"]}}"#,
        &[
            r#"{"_id":"i1","_type":"wf_api_error_response","error":"invalid_target: end_interaction needs an interaction URN, got the URN of a group: urn:relay-resource:id:group:7"}"#,
        ],
    );
    ask(
        r#"{"_id":"a4","_type":"wf_api_end_interaction_request","_target":{"uris":["INTERACTION"]}}"#,
        &[
            r#"{"_id":"a4","_type":"wf_api_end_interaction_response"}"#,
            r#"{"_type":"wf_api_interaction_lifecycle_event","type":"ended","source_uri":"INTERACTION"}"#,
        ],
    );
    ask(
        r#"{"_id":"a5","_type":"wf_api_terminate_request"}"#,
        &[r#"{"_type":"wf_api_stop_event","reason":"normal"}"#],
    );
    assert_eq!(engine.instances().len(), 0);
}

/// The official Python SDK closes the connection when a field of a call is missing.
#[test]
fn a_call() {
    let (mut engine, run) = run();
    let bob = engine.add_device(DeviceInfo::new("Bob", "990007560000002")).unwrap();
    let mut now = Timestamp::ZERO;
    sent(&mut engine, &mut now);
    let bobs = "urn:relay-resource:name:device:Bob";
    let ask = |engine: &mut Engine, now: Timestamp| {
        let frame = r#"{"_id":"f1","_type":"wf_api_call_request","_target":{"uris":["urn:relay-resource:name:device:Alice"]},"uri":"BOB"}"#;
        engine.handle_text(now, run, &frame.replace("BOB", bobs));
    };
    let event = |kind: &str, id: u8, more: &str| {
        let event = r#"{"_type":"wf_api_call_KIND_event","call_id":"call-ID","direction":"outbound","device_id":"990007560000002","device_name":"Bob","uri":"BOB","onnet":true,"start_time_epoch":1660000000MORE}"#;
        let id = alloc::format!("{id}");
        event.replace("KIND", kind).replace("ID", &id).replace("BOB", bobs).replace("MORE", more)
    };
    ask(&mut engine, now);
    assert_eq!(
        sent(&mut engine, &mut now),
        [
            r#"{"_id":"f1","_type":"wf_api_call_response","call_id":"call-1"}"#.into(),
            event("progressing", 1, r#","connect_time_epoch":0"#),
            event("ringing", 1, ""),
            event("failed", 1, r#","connect_time_epoch":0,"end_time_epoch":1660000030,"reason":"no_answer""#),
        ]
    );
    ask(&mut engine, now);
    now = now + Duration::from_secs(9);
    engine.handle_timeout(now);
    assert_eq!(engine.tap(now, bob, ButtonName::Action, Taps::Single), Ok(Taken::Platform));
    now = now + Duration::from_secs(22);
    assert_eq!(engine.tap(now, bob, ButtonName::Channel, Taps::Double), Ok(Taken::Platform));
    let frames = sent(&mut engine, &mut now);
    assert_eq!(
        frames[3..],
        [
            event("connected", 1, r#","connect_time_epoch":1660000039"#),
            event(
                "disconnected",
                1,
                r#","connect_time_epoch":1660000039,"end_time_epoch":1660000061,"reason":"normal""#
            ),
        ]
        .map(|event| event.replace("1660000000", "1660000030"))
    );
}
