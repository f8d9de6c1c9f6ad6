//! Frames to messages and back.

use std::hint::black_box;

use relay_protocol::codec::{encode_request, from_engine};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{Urn, request};

/// The frames that a hello session receives.
pub const FRAMES: [&str; 9] = [
    r#"{"_type":"wf_api_start_event","trigger":{"args":{"phrase":"hello","source_uri":"urn:relay-resource:name:device:Alice"},"type":"phrase"}}"#,
    r#"{"_id":"00000000000000070000000000000000","_type":"wf_api_start_interaction_response"}"#,
    r#"{"_type":"wf_api_interaction_lifecycle_event","source_uri":"urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice","type":"started"}"#,
    r#"{"_id":"00000000000000070000000000000001","_type":"wf_api_say_response","id":"00000000000000070000000000000001"}"#,
    r#"{"_type":"wf_api_prompt_event","id":"00000000000000070000000000000001","source_uri":"urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice","type":"started"}"#,
    r#"{"_type":"wf_api_prompt_event","id":"00000000000000070000000000000001","source_uri":"urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice","type":"stopped"}"#,
    r#"{"_id":"00000000000000070000000000000002","_type":"wf_api_end_interaction_response"}"#,
    r#"{"_type":"wf_api_interaction_lifecycle_event","source_uri":"urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice","type":"ended"}"#,
    r#"{"_type":"wf_api_stop_event","reason":"normal"}"#,
];

/// Reads all frames of a hello session.
pub fn decode(times: u32) {
    for _ in 0..times {
        for frame in FRAMES {
            black_box(from_engine(black_box(frame)));
        }
    }
}

/// Writes all frames of a hello session.
pub fn encode(times: u32) {
    let Ok(device) = DeviceUrn::name("Alice") else { return };
    let Ok(interaction) = InteractionUrn::name("hello").map(|hello| Urn::from(hello.on(&device))) else {
        return;
    };
    let device = Urn::from(device);
    let id = "00000000000000070000000000000000";
    for _ in 0..times {
        black_box(encode_request(id, &[black_box(device.clone())], &request::StartInteraction::new("hello")));
        black_box(encode_request(id, &[black_box(interaction.clone())], &request::Say::new("Hello")));
        black_box(encode_request(id, &[black_box(interaction.clone())], &request::EndInteraction::new()));
        black_box(encode_request(id, &[], &request::Terminate::new()));
    }
}
