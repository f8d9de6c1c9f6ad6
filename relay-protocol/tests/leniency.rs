//! What peers send instead of the plain form, and that it is read like the plain form.

mod common;
#[rustfmt::skip]
mod strategies;

use common::message::Message;
use relay_protocol::codec::Unrecognised;
use relay_protocol::{Event, Request, Response, event};

/// Why it comes, how it comes, and the plain form of it.
type Row = (&'static str, &'static str, &'static str);

fn check(rows: &[Row], read: fn(&str) -> Result<Message, Unrecognised>) {
    for (why, odd, plain) in rows {
        let message = |frame: &str| read(frame).unwrap_or_else(|e| panic!("{why}: {frame}: {}", e.why));
        assert_eq!(message(odd), message(plain), "{why}");
    }
}

#[test]
fn of_workflows() {
    check(ENVELOPES_OF_WORKFLOWS, Message::from_workflow);
    check(TARGETS, Message::from_workflow);
    check(REQUESTS, Message::from_workflow);
}

#[test]
fn of_engines() {
    check(TEXTS_OF_ENGINES, Message::from_engine);
    check(EVENTS, Message::from_engine);
    check(RESPONSES, Message::from_engine);
}

/// What only older or other SDKs send stays readable, so that they can be answered.
#[test]
fn forms_that_we_never_send() {
    let frames = [
        r#"{"_id":"a1","_type":"wf_api_list_group_members_request","group_name":"Cleaning"}"#,
        r#"{"_id":"a1","_type":"wf_api_call_request","device_id":"990007560000001"}"#,
        r#"{"_id":"a1","_type":"wf_api_call_request","device_name":"Bob"}"#,
        r#"{"_id":"a1","_type":"wf_api_end_interaction_request","name":"hello"}"#,
        r#"{"_id":"a1","_type":"wf_api_get_device_info_request","query":"location","refresh":false}"#,
        r#"{"_id":"a1","_type":"wf_api_get_var_request","name":"x","value":"a default"}"#,
        r#"{"_id":"a1","_type":"wf_api_listen_request","phrases":[],"request_id":"request1"}"#,
        r#"{"_id":"a1","_type":"wf_api_set_user_profile_request","username":"alice"}"#,
        r#"{"_id":"a1","_type":"wf_api_set_device_mode_request","mode":"panic"}"#,
        r#"{"_id":"a1","_type":"wf_api_device_power_off_request","restart":true}"#,
    ];
    for frame in frames {
        let read = Message::from_workflow(frame).unwrap_or_else(|e| panic!("{frame}: {}", e.why));
        assert!(matches!(&read, Message::Request { id, .. } if id == "a1"), "{read:?}");
    }
}

/// Where an event is good without it. A handler for it should run.
#[test]
fn what_is_no_urn_is_kept_and_the_rest_is_read() {
    for odd in [r#""Alice""#, "7", "true", r#"{"name":"Alice"}"#, "[65,108,105,99,101]"] {
        let frame = format!(
            r#"{{"_type":"wf_api_button_event","button":"action","taps":"single","source_uri":{odd}}}"#
        );
        let read = Message::from_engine(&frame).unwrap_or_else(|e| panic!("{frame}: {}", e.why));
        let Message::Event(Event::Button(press)) = read else { panic!("{read:?}") };
        assert_eq!(press.source_uri, None);
        assert!(press.extra.get("source_uri").is_some());
    }
    let start = r#"{"_type":"wf_api_start_event","trigger":{"type":"http","args":{"source_uri":"Alice"}}}"#;
    assert!(matches!(Message::from_engine(start), Ok(Message::Event(Event::Start(_)))));
    // Whoever asks should hear of it.
    let asked =
        r#"{"_id":"a1","_type":"wf_api_create_incident_request","type":"x","originator_uri":"Alice"}"#;
    assert!(Message::from_workflow(asked).is_err());
}

/// Before 2022 the recipient of a notification was a name, under another key.
#[test]
fn a_name_that_is_no_urn_does_not_cost_the_event() {
    let frame = r#"{"_type":"wf_api_notification_event","name":"x","event":"ack_event","source":"Bob"}"#;
    let read = Message::from_engine(frame).unwrap_or_else(|e| panic!("{}", e.why));
    let Message::Event(Event::Notification(read)) = read else { panic!("{read:?}") };
    assert_eq!(read.source_uri, None);
    assert_eq!(read.extra.get("source"), Some(&"Bob".into()));
}

/// Both look like text in code points, and neither is.
#[test]
fn lists_of_numbers_stay_what_they_are() {
    let vibrate = r#"{"_id":"a1","_type":"wf_api_vibrate_request","pattern":[100,50]}"#;
    let vibrate = Message::from_workflow(vibrate);
    assert!(matches!(
        &vibrate,
        Ok(Message::Request { request: Request::Vibrate(vibrate), .. }) if vibrate.pattern == [100, 50]
    ));
    let place = r#"{"_id":"a1","_type":"wf_api_get_device_info_response","latlong":[36,78]}"#;
    let Ok(Message::Response { response: Response::GetDeviceInfo(place), .. }) = Message::from_engine(place)
    else {
        panic!("no response")
    };
    assert_eq!(place.latlong, Some(vec![36.0, 78.0]));
}

#[test]
fn words_that_nobody_knows_are_kept() {
    let frame = r#"{"_type":"wf_api_stop_event","reason":"out_of_coffee"}"#;
    let read = Message::from_engine(frame);
    assert_eq!(read, Ok(Message::Event(event::Stop::new().reason("out_of_coffee").into())));
    let Ok(read) = read else { panic!("no event") };
    assert_eq!(read.encode(), frame);
}

const ENVELOPES_OF_WORKFLOWS: &[Row] = &[
    (
        "the Go SDK ends each frame with a newline",
        "{\"_id\":\"a1\",\"_type\":\"wf_api_terminate_request\"}\n",
        r#"{"_id":"a1","_type":"wf_api_terminate_request"}"#,
    ),
    (
        "the .NET SDK leaks a key into terminate",
        r#"{"_Type":null,"_id":"a1","_type":"wf_api_terminate_request"}"#,
        r#"{"_id":"a1","_type":"wf_api_terminate_request"}"#,
    ),
    (
        "keys with an underscore belong to the envelope, known or not",
        r#"{"_id":"a1","_type":"wf_api_get_var_request","_trace":{"span":[1]},"name":"x"}"#,
        r#"{"_id":"a1","_type":"wf_api_get_var_request","name":"x"}"#,
    ),
    (
        "an order of keys that is not ours",
        r#"{"name":"x","_type":"wf_api_get_var_request","_id":"a1"}"#,
        r#"{"_id":"a1","_type":"wf_api_get_var_request","name":"x"}"#,
    ),
    (
        "white space",
        "\r\n{ \"_id\" : \"a1\" ,\t\"_type\" : \"wf_api_get_var_request\", \"name\" : \"x\" } ",
        r#"{"_id":"a1","_type":"wf_api_get_var_request","name":"x"}"#,
    ),
    (
        "escapes, also in keys: the Python and .NET SDKs send ASCII only, Go and Java escape HTML",
        r#"{"_id":"a1","_type":"wf_api_say_request","t\u0065xt":"\u003cb\u003e caf\u00e9 \ud83d\udece"}"#,
        r#"{"_id":"a1","_type":"wf_api_say_request","text":"<b> café 🛎"}"#,
    ),
    (
        "an id that is a number",
        r#"{"_id":17,"_type":"wf_api_get_var_request","name":"x"}"#,
        r#"{"_id":"17","_type":"wf_api_get_var_request","name":"x"}"#,
    ),
];

const TARGETS: &[Row] = &[
    (
        "no target, written as null",
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":null}"#,
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request"}"#,
    ),
    (
        "no target, written as an empty list by the JS SDK",
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":{"uris":[]}}"#,
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request"}"#,
    ),
    (
        "a bare URN",
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":"urn:relay-resource:name:device:Al"}"#,
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":{"uris":["urn:relay-resource:name:device:Al"]}}"#,
    ),
    (
        "a bare list",
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":["urn:relay-resource:name:device:Al"]}"#,
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":{"uris":["urn:relay-resource:name:device:Al"]}}"#,
    ),
    (
        "`uri`, from a helper of the .NET SDK",
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":{"uri":"urn:relay-resource:name:device:Al"}}"#,
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":{"uris":["urn:relay-resource:name:device:Al"]}}"#,
    ),
    (
        "`target` as an object",
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","target":{"uris":["urn:relay-resource:name:device:Al"]}}"#,
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":{"uris":["urn:relay-resource:name:device:Al"]}}"#,
    ),
    (
        "`target` as a list",
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","target":["urn:relay-resource:name:device:Al"]}"#,
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":{"uris":["urn:relay-resource:name:device:Al"]}}"#,
    ),
    (
        "`target` as text, before the type is known",
        r#"{"target":"urn:relay-resource:name:device:Al","_id":"a1","_type":"wf_api_inbox_count_request"}"#,
        r#"{"_id":"a1","_type":"wf_api_inbox_count_request","_target":{"uris":["urn:relay-resource:name:device:Al"]}}"#,
    ),
    (
        "names as the target, which were meant before 2022 and are nobody's URN",
        r#"{"_id":"a1","_type":"wf_api_set_channel_request","channel_name":"x","target":["Al"]}"#,
        r#"{"_id":"a1","_type":"wf_api_set_channel_request","channel_name":"x"}"#,
    ),
    (
        "both spellings: Python, Go and Java repeat the target of a notification",
        r#"{"_id":"a1","_type":"wf_api_notification_request","_target":{"uris":["urn:relay-resource:name:group:A"]},"target":{"uris":["urn:relay-resource:name:group:B"]},"type":"cancel","name":"x","push_opts":{}}"#,
        r#"{"_id":"a1","_type":"wf_api_notification_request","_target":{"uris":["urn:relay-resource:name:group:A"]},"type":"cancel","name":"x","push_opts":{}}"#,
    ),
];

const REQUESTS: &[Row] = &[
    (
        "numbers as text: JS samples pass variables",
        r#"{"_id":"a1","_type":"wf_api_start_timer_request","timeout":" 60 "}"#,
        r#"{"_id":"a1","_type":"wf_api_start_timer_request","timeout":60}"#,
    ),
    (
        "an integer with a fraction of nothing",
        r#"{"_id":"a1","_type":"wf_api_start_timer_request","timeout":60.0}"#,
        r#"{"_id":"a1","_type":"wf_api_start_timer_request","timeout":60}"#,
    ),
    (
        "a truth as text",
        r#"{"_id":"a1","_type":"wf_api_set_home_channel_state_request","enabled":"True"}"#,
        r#"{"_id":"a1","_type":"wf_api_set_home_channel_state_request","enabled":true}"#,
    ),
    (
        "a truth where text is due",
        r#"{"_id":"a1","_type":"wf_api_set_device_info_request","field":"location_enabled","value":true}"#,
        r#"{"_id":"a1","_type":"wf_api_set_device_info_request","field":"location_enabled","value":"true"}"#,
    ),
    (
        "no unit of the time, in an early Python SDK",
        r#"{"_id":"a1","_type":"wf_api_set_timer_request","type":"timeout","name":"x","timeout":5}"#,
        r#"{"_id":"a1","_type":"wf_api_set_timer_request","type":"timeout","name":"x","timeout":5,"timeout_type":"secs"}"#,
    ),
    (
        "null for an empty list, in the Go SDK",
        r#"{"_id":"a1","_type":"wf_api_listen_request","phrases":null,"transcribe":true,"timeout":30,"alt_lang":""}"#,
        r#"{"_id":"a1","_type":"wf_api_listen_request","phrases":[],"transcribe":true,"timeout":30}"#,
    ),
    (
        "null for an empty pattern, in the Go SDK",
        r#"{"_id":"a1","_type":"wf_api_vibrate_request","pattern":null}"#,
        r#"{"_id":"a1","_type":"wf_api_vibrate_request","pattern":[]}"#,
    ),
    (
        "null for everything, in the Go SDK",
        r#"{"_id":"a1","_type":"wf_api_stop_playback_request","ids":null}"#,
        r#"{"_id":"a1","_type":"wf_api_stop_playback_request"}"#,
    ),
    (
        "the push options of the Go SDK",
        r#"{"_id":"a1","_type":"wf_api_notification_request","type":"alert","name":"x","push_opts":{"Priority":"high","Title":"t","Body":"b","Sound":""}}"#,
        r#"{"_id":"a1","_type":"wf_api_notification_request","type":"alert","name":"x","push_opts":{"priority":"high","title":"t","body":"b"}}"#,
    ),
    (
        "no push options, in the Python SDK, and no originator, in the Go SDK",
        r#"{"_id":"a1","_type":"wf_api_notification_request","type":"cancel","name":"x","originator":""}"#,
        r#"{"_id":"a1","_type":"wf_api_notification_request","type":"cancel","name":"x","push_opts":{}}"#,
    ),
    (
        "what alerts and broadcasts were called in 2020",
        r#"{"_id":"a1","_type":"wf_api_notification_request","type":"foreground","name":"x"}"#,
        r#"{"_id":"a1","_type":"wf_api_notification_request","type":"alert","name":"x"}"#,
    ),
    (
        "an LED effect without details",
        r#"{"_id":"a1","_type":"wf_api_set_led_request","effect":"off"}"#,
        r#"{"_id":"a1","_type":"wf_api_set_led_request","effect":"off","args":{}}"#,
    ),
    (
        "empty options of an interaction, in the Java and .NET SDKs",
        r#"{"_id":"a1","_type":"wf_api_start_interaction_request","name":"x","options":{}}"#,
        r#"{"_id":"a1","_type":"wf_api_start_interaction_request","name":"x","options":{"input_types":[]}}"#,
    ),
    (
        "the device of an analytics event in the Go SDK, and in an early Python SDK",
        r#"{"_id":"a1","_type":"wf_api_log_analytics_event_request","category":"x","content":"y","DeviceUri":"","device_url":"urn:relay-resource:name:device:Al"}"#,
        r#"{"_id":"a1","_type":"wf_api_log_analytics_event_request","category":"x","content":"y","device_uri":"urn:relay-resource:name:device:Al"}"#,
    ),
    (
        "the content of an analytics event in the JS SDK",
        r#"{"_id":"a1","_type":"wf_api_log_analytics_event_request","category":"x","analytics_content":{"a":1}}"#,
        r#"{"_id":"a1","_type":"wf_api_log_analytics_event_request","category":"x","content":{"a":1}}"#,
    ),
    (
        "the name of a device, as it was set before 2021",
        r#"{"_id":"a1","_type":"wf_api_set_device_info_request","field":"name","value":"x"}"#,
        r#"{"_id":"a1","_type":"wf_api_set_device_info_request","field":"label","value":"x"}"#,
    ),
    (
        "a language in another case",
        r#"{"_id":"a1","_type":"wf_api_say_request","text":"x","lang":"fr-Fr"}"#,
        r#"{"_id":"a1","_type":"wf_api_say_request","text":"x","lang":"fr-FR"}"#,
    ),
    (
        "the right tag of Polish",
        r#"{"_id":"a1","_type":"wf_api_say_request","text":"x","lang":"pl-PL"}"#,
        r#"{"_id":"a1","_type":"wf_api_say_request","text":"x","lang":"pl-PK"}"#,
    ),
    (
        "no language",
        r#"{"_id":"a1","_type":"wf_api_say_request","text":"x"}"#,
        r#"{"_id":"a1","_type":"wf_api_say_request","text":"x","lang":"en-US"}"#,
    ),
];

const TEXTS_OF_ENGINES: &[Row] = &[
    (
        "code points",
        r#"{"_type":"wf_api_timer_fired_event","name":[110,97,112,32,128718]}"#,
        r#"{"_type":"wf_api_timer_fired_event","name":"nap 🛎"}"#,
    ),
    (
        "bytes",
        r#"{"_type":"wf_api_timer_fired_event","name":[99,97,102,195,169]}"#,
        r#"{"_type":"wf_api_timer_fired_event","name":"café"}"#,
    ),
    (
        "code points that are bytes of nothing",
        r#"{"_type":"wf_api_timer_fired_event","name":[99,97,102,233]}"#,
        r#"{"_type":"wf_api_timer_fired_event","name":"café"}"#,
    ),
    (
        "an empty text is an empty list too",
        r#"{"_type":"wf_api_timer_fired_event","name":[]}"#,
        r#"{"_type":"wf_api_timer_fired_event","name":""}"#,
    ),
    (
        "code points in a map that the schema leaves open",
        r#"{"_type":"wf_api_start_event","trigger":{"type":"http","args":{"args":{"room":[50,49,51],"point":[36,1078]}}}}"#,
        r#"{"_type":"wf_api_start_event","trigger":{"type":"http","args":{"args":{"room":"213","point":[36,1078]}}}}"#,
    ),
    (
        "code points under a key of a trigger that nobody knows",
        r#"{"_type":"wf_api_start_event","trigger":{"type":"other","args":{"zone":[104,105],"none":[]}}}"#,
        r#"{"_type":"wf_api_start_event","trigger":{"type":"other","args":{"zone":"hi","none":[]}}}"#,
    ),
    (
        "code points for the words of a list, and of an enum",
        r#"{"_type":"wf_api_notification_event","name":"x","event":[97,99,107,95,101,118,101,110,116],"notification_state":{"created":[[66,111,98]]}}"#,
        r#"{"_type":"wf_api_notification_event","name":"x","event":"ack_event","notification_state":{"created":["Bob"]}}"#,
    ),
];

const EVENTS: &[Row] = &[
    (
        "an empty property list of Erlang",
        r#"{"_type":"wf_api_start_event","trigger":{"type":"http","args":[]}}"#,
        r#"{"_type":"wf_api_start_event","trigger":{"type":"http","args":{}}}"#,
    ),
    (
        "a start on nobody's behalf",
        r#"{"_type":"wf_api_start_event","trigger":{"type":"http","args":{"source_uri":""}}}"#,
        r#"{"_type":"wf_api_start_event","trigger":{"type":"http"}}"#,
    ),
    (
        "a foreign prompt",
        r#"{"_type":"wf_api_prompt_event","type":"started","id":null}"#,
        r#"{"_type":"wf_api_prompt_event","type":"started"}"#,
    ),
    (
        "a stop that says nothing",
        r#"{"_type":"wf_api_stop_event"}"#,
        r#"{"_type":"wf_api_stop_event","reason":"normal"}"#,
    ),
    (
        "empty text for an empty list, as two official SDKs make of it",
        r#"{"_type":"wf_api_notification_event","name":"x","event":"ack_event","notification_state":{"acknowledged":"","created":null}}"#,
        r#"{"_type":"wf_api_notification_event","name":"x","event":"ack_event","notification_state":{"acknowledged":[],"created":[]}}"#,
    ),
    (
        "an id of an incident, as an early Python SDK knew it",
        r#"{"_type":"wf_api_incident_event","type":"resolved","id":"inc-1"}"#,
        r#"{"_type":"wf_api_incident_event","type":"resolved","incident_id":"inc-1","reason":""}"#,
    ),
    (
        "a truth and times as text, as the Java and Go SDKs declare them",
        r#"{"_type":"wf_api_call_received_event","call_id":"c","direction":"inbound","onnet":"True","start_time_epoch":"1660000000"}"#,
        r#"{"_type":"wf_api_call_received_event","call_id":"c","direction":"inbound","onnet":true,"start_time_epoch":1660000000}"#,
    ),
    (
        "the name of the inbox event in the Java SDK",
        r#"{"_type":"wf_api_play_inbox_messages_event","action":"error"}"#,
        r#"{"_type":"wf_api_play_inbox_message_event","action":"error"}"#,
    ),
    (
        "an event with an id, which only progress may have",
        r#"{"_id":"a1","_type":"wf_api_timer_event"}"#,
        r#"{"_type":"wf_api_timer_event"}"#,
    ),
];

const RESPONSES: &[Row] = &[
    (
        "a count as a number",
        r#"{"_id":"a1","_type":"wf_api_inbox_count_response","count":3}"#,
        r#"{"_id":"a1","_type":"wf_api_inbox_count_response","count":"3"}"#,
    ),
    (
        "a variable that is a number, from an argument of the registration",
        r#"{"_id":"a1","_type":"wf_api_get_var_response","value":17}"#,
        r#"{"_id":"a1","_type":"wf_api_get_var_response","value":"17"}"#,
    ),
    (
        "a variable that is a truth, from an argument of the registration",
        r#"{"_id":"a1","_type":"wf_api_get_var_response","value":false}"#,
        r#"{"_id":"a1","_type":"wf_api_get_var_response","value":"false"}"#,
    ),
    (
        "a variable that was never set",
        r#"{"_id":"a1","_type":"wf_api_get_var_response","value":null}"#,
        r#"{"_id":"a1","_type":"wf_api_get_var_response"}"#,
    ),
    (
        "the members of a group, for some months of 2022",
        r#"{"_id":"a1","_type":"wf_api_list_group_members_response","device_uris":["Al"]}"#,
        r#"{"_id":"a1","_type":"wf_api_list_group_members_response","device_names":["Al"]}"#,
    ),
    (
        "an error without words",
        r#"{"_id":"a1","_type":"wf_api_error_response","error":null}"#,
        r#"{"_id":"a1","_type":"wf_api_error_response","error":"unknown error"}"#,
    ),
    (
        "an error that is no text",
        r#"{"_id":"a1","_type":"wf_api_error_response","error":{"code":7}}"#,
        r#"{"_id":"a1","_type":"wf_api_error_response","error":"{\"code\":7}"}"#,
    ),
];
