//! Devices, calls and incidents.

use std::time::Duration;

use relay_protocol::event::PlayInboxMessage;
use relay_protocol::types::{DeviceMode, DeviceType};
use relay_protocol::{Event, response};
use serde_json::{Value, json};

use super::interactions::sends;
use super::{ALICE, BOB, CALL, INCIDENT, alice, bob_urn, device};
use crate::row::Row;

fn on_alice(name: &str, fields: Value) -> Value {
    sends(name, json!([ALICE]), fields)
}

pub(super) fn rows() -> Vec<Row> {
    [asking(), setting(), inbox(), calls(), incidents(), dormant()].into_iter().flatten().collect()
}

fn query(query: &str, refresh: bool) -> Value {
    on_alice("get_device_info", json!({ "query": query, "refresh": refresh }))
}

fn asking() -> Vec<Row> {
    let info = response::GetDeviceInfo::new;
    vec![
        Row::new(|cx| device(cx).name(), query("name", false), info().name("Alice")).brings(r#""Alice""#),
        Row::new(|cx| device(cx).name().refresh(), query("name", true), info().name("Alice"))
            .brings(r#""Alice""#),
        Row::new(|cx| device(cx).id(), query("id", false), info().id("990007560000001"))
            .brings(r#""990007560000001""#),
        Row::new(|cx| device(cx).model(), query("type", false), info().kind(DeviceType::Relay2))
            .brings("Relay2"),
        // The device of an interaction is the device, not the interaction.
        Row::new(|cx| alice(cx).device().battery(), query("battery", false), info().battery(87)).brings("87"),
        Row::new(
            |cx| {
                let urn = "urn:relay-resource:name:interaction:hello?device=\
                           urn%3Arelay-resource%3Aname%3Adevice%3AAlice%2520B";
                cx.interaction(urn.parse().unwrap()).device().battery()
            },
            sends(
                "get_device_info",
                json!(["urn:relay-resource:name:device:Alice%20B"]),
                json!({ "query": "battery", "refresh": false }),
            ),
            info().battery(87),
        )
        .brings("87"),
        Row::new(|cx| device(cx).address(), query("address", false), info().address("1 Main St"))
            .brings(r#"Some("1 Main St")"#),
        Row::new(|cx| device(cx).address(), query("address", false), info()).brings("None"),
        Row::new(|cx| device(cx).coordinates(), query("latlong", false), info().latlong([35.75, -78.5]))
            .brings("Some(Coordinates { latitude: 35.75, longitude: -78.5 })"),
        Row::new(|cx| device(cx).coordinates().refresh(), query("latlong", true), info()).brings("None"),
        Row::new(
            |cx| device(cx).indoor_position(),
            query("indoor_location", false),
            info().indoor_location("Kitchen"),
        )
        .brings(r#"Some("Kitchen")"#),
        Row::new(
            |cx| device(cx).indoor_position(),
            query("indoor_location", false),
            info().indoor_location("location_not_found"),
        )
        .brings("None"),
        Row::new(|cx| device(cx).username(), query("username", false), info().username("alice"))
            .brings(r#"Some("alice")"#),
        Row::new(
            |cx| device(cx).location_enabled(),
            query("location_enabled", false),
            info().location_enabled(false),
        )
        .brings("false"),
    ]
}

fn setting() -> Vec<Row> {
    fn set(field: &str, value: &str) -> Value {
        on_alice("set_device_info", json!({ "field": field, "value": value }))
    }
    let set_info = response::SetDeviceInfo::new;
    vec![
        Row::new(|cx| device(cx).set_name("Lobby"), set("label", "Lobby"), set_info()),
        Row::new(|cx| device(cx).enable_location(), set("location_enabled", "true"), set_info()),
        Row::new(|cx| device(cx).disable_location(), set("location_enabled", "false"), set_info()),
        Row::new(
            |cx| device(cx).set_username("alice"),
            on_alice("set_user_profile", json!({ "username": "alice", "force": false })),
            response::SetUserProfile::new(),
        ),
        Row::new(
            |cx| device(cx).set_username("alice").force(),
            on_alice("set_user_profile", json!({ "username": "alice", "force": true })),
            response::SetUserProfile::new(),
        ),
        Row::new(
            |cx| device(cx).set_channel("Front Desk"),
            on_alice(
                "set_channel",
                json!({ "channel_name": "Front Desk", "suppress_tts": false, "disable_home_channel": false }),
            ),
            response::SetChannel::new(),
        ),
        Row::new(
            |cx| device(cx).set_channel("Front Desk").suppress_tts().disable_home_channel(),
            on_alice(
                "set_channel",
                json!({ "channel_name": "Front Desk", "suppress_tts": true, "disable_home_channel": true }),
            ),
            response::SetChannel::new(),
        ),
        Row::new(
            |cx| device(cx).enable_home_channel(),
            on_alice("set_home_channel_state", json!({ "enabled": true })),
            response::SetHomeChannelState::new(),
        ),
        Row::new(
            |cx| device(cx).disable_home_channel(),
            on_alice("set_home_channel_state", json!({ "enabled": false })),
            response::SetHomeChannelState::new(),
        ),
    ]
}

fn played(_: &str) -> Vec<Event> {
    vec![PlayInboxMessage::new().into()]
}

fn inbox() -> Vec<Row> {
    vec![
        Row::new(
            |cx| device(cx).inbox_count(),
            on_alice("inbox_count", json!({})),
            response::InboxCount::new(3),
        )
        .brings("3"),
        Row::new(
            |cx| device(cx).play_inbox(),
            on_alice("play_inbox_messages", json!({})),
            response::PlayInboxMessages::new(),
        )
        .then(played),
    ]
}

fn calls() -> Vec<Row> {
    const BRINGS: &str =
        r#"Call { id: "call-2", device: Device("urn:relay-resource:name:device:Alice"), .. }"#;
    let call_id = json!({ "call_id": CALL });
    vec![
        Row::new(
            |cx| device(cx).call(bob_urn()),
            on_alice("call", json!({ "uri": BOB })),
            response::Call::new(CALL),
        )
        .brings(BRINGS),
        Row::new(
            |cx| device(cx).call_uri("sip:bob@example.com"),
            on_alice("call", json!({ "uri": "sip:bob@example.com" })),
            response::Call::new(CALL),
        )
        .brings(BRINGS),
        Row::new(|cx| device(cx).answer(CALL), on_alice("answer", call_id.clone()), response::Answer::new())
            .brings(BRINGS),
        Row::new(|cx| device(cx).hang_up(CALL), on_alice("hangup", call_id.clone()), response::Hangup::new()),
        Row::new(
            |cx| device(cx).ongoing_call(CALL).hang_up(),
            on_alice("hangup", call_id),
            response::Hangup::new(),
        ),
        Row::new(
            |cx| device(cx).register_for_calls("sip:alice@example.com", "secret"),
            on_alice("register", json!({ "uri": "sip:alice@example.com", "password": "secret" })),
            response::Register::new(),
        ),
        Row::new(
            |cx| {
                let hour = Duration::from_secs(3600);
                device(cx).register_for_calls("sip:alice@example.com", "secret").expires(hour)
            },
            on_alice(
                "register",
                json!({ "uri": "sip:alice@example.com", "password": "secret", "expires": 3600 }),
            ),
            response::Register::new(),
        ),
        Row::new(
            |cx| device(cx).unregister_for_calls(),
            on_alice("register", json!({ "expires": 0 })),
            response::Register::new(),
        ),
    ]
}

fn incidents() -> Vec<Row> {
    vec![
        Row::new(
            |cx| device(cx).create_incident("spill"),
            sends("create_incident", json!([]), json!({ "type": "spill", "originator_uri": ALICE })),
            response::CreateIncident::new(INCIDENT),
        )
        .brings(r#"Incident("inc-2")"#),
        Row::new(
            |cx| cx.incident(INCIDENT).resolve("cleaned"),
            sends("resolve_incident", json!([]), json!({ "incident_id": INCIDENT, "reason": "cleaned" })),
            response::ResolveIncident::new(),
        ),
    ]
}

fn dormant() -> Vec<Row> {
    vec![
        Row::new(
            |cx| device(cx).danger().set_mode(DeviceMode::Alarm),
            on_alice("set_device_mode", json!({ "mode": "alarm" })),
            response::SetDeviceMode::new(),
        ),
        Row::new(
            |cx| device(cx).danger().power_off(),
            on_alice("device_power_off", json!({ "restart": false })),
            response::DevicePowerOff::new(),
        ),
        Row::new(
            |cx| device(cx).danger().restart(),
            on_alice("device_power_off", json!({ "restart": true })),
            response::DevicePowerOff::new(),
        ),
        Row::new(
            |cx| device(cx).danger().set_channel_field("Front Desk"),
            on_alice("set_device_info", json!({ "field": "channel", "value": "Front Desk" })),
            response::SetDeviceInfo::new(),
        ),
    ]
}
