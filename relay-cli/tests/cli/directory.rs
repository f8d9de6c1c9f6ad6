//! Devices, people, places, tags, sounds, tokens: what the server keeps beside workflows.

use serde_json::{Value, json};
use snapbox::str;

use crate::relay::Relay;
use crate::stub::Stub;

/// A server of one's own, which knows two devices.
fn own() -> Stub {
    let server = Stub::start();
    let device = |id: &str, name: &str, status: &str| {
        json!({
            "id": id, "name": name, "kind": "relay2", "battery": 80, "user": null,
            "now": { "device_status": status, "active_channel": "Home" },
        })
    };
    let devices =
        json!([device("990007560011111", "Alice", "online"), device("990007560022222", "Bob", "offline")]);
    server.says("GET /v1/devices", 200, devices);
    server
}

#[test]
fn devices_are_listed_with_what_the_server_tells_of_them() {
    Relay::of(&own()).run("devices").success().stdout_eq(str![[r#"
ID               Name   Status   Channel
990007560011111  Alice  online   Home
990007560022222  Bob    offline  Home

"#]]);
    // The vendor's cloud tells ids alone.
    Relay::of(&Stub::start()).run("devices").success().stdout_eq(str![[r#"
ID               Name  Status  Channel
990007560011111
990007560022222

"#]]);
    Relay::of(&Stub::start()).run("devices --json").success().stdout_eq(str![[r#"
[
  {
    "id": "990007560011111"
  },
  {
    "id": "990007560022222"
  }
]

"#]]);
}

#[test]
fn a_device_is_shown_by_its_name() {
    let server = own();
    let document = json!({
        "device_id": "990007560011111", "device_label": "Alice", "mode": "", "groups": [{ "group_id": "g1", "name": "All" }],
        "device_details": { "location": null, "device_info": { "battery_level": 80, "tags": ["a", "b"] } },
    });
    server.says("GET /relaypro/api/v1/device/990007560011111", 200, document);
    let relay = Relay::of(&server);
    relay.run("device show Alice").success().stdout_eq(str![[r#"
What                                      Value
device_details.device_info.battery_level  80
device_details.device_info.tags           a
                                          b
device_id                                 990007560011111
device_label                              Alice
groups.0.group_id                         g1
groups.0.name                             All

"#]]);
    relay.run("device show 990007560011111 --json").success();
    relay.run("device show Carol").code(3).stderr_eq(str![[r#"
error: there is no device `Carol`
  next: these are: Alice, Bob

"#]]);
}

#[test]
fn a_virtual_device_is_made_and_deleted() {
    let server = own();
    server.says("POST /v1/devices", 200, json!({ "id": "VIRT1", "name": "Carol" }));
    server.says("DELETE /v1/devices/990007560022222", 200, json!({}));
    let relay = Relay::of(&server);
    relay.run("device create Carol --location").success().stdout_eq(str![[r#"
VIRT1

"#]]);
    relay.run("device delete Bob").code(7).stderr_eq(str![[r#"
error: nobody is here to answer: delete the device 990007560022222?
  next: say --yes to answer with yes

"#]]);
    relay.run("device delete Bob -y").success().stdout_eq(str![[r#"
the device 990007560022222 is deleted

"#]]);
    let bodies: Vec<Value> = server.changes().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies, [json!({ "name": "Carol", "location_enabled": true }), Value::Null]);
}

#[test]
fn people_at_a_device_do_what_people_do() {
    let server = own();
    server.says("POST /v1/devices/", 200, json!({ "taken": "workflow", "instance": "wfi_1" }));
    let relay = Relay::of(&server);
    for (line, verb, body) in [
        ("speak Alice good day --assistant", "speak", json!({ "text": "good day", "assistant": true })),
        ("tap Alice --taps double", "tap", json!({ "button": "action", "taps": "double" })),
        ("tap Alice --button assistant", "tap", json!({ "button": "channel", "taps": "single" })),
        ("move Alice 51.5 -0.12", "move", json!({ "latitude": 51.5, "longitude": -0.12, "address": null })),
        ("position Alice V1 P1", "position", json!({ "venue": "V1", "position": "P1" })),
        ("position Alice", "position", json!({ "venue": null, "position": null })),
        ("scan Alice 04a1b2", "scan", json!({ "uid": "04a1b2" })),
        ("charge Alice 20 --charging", "charge", json!({ "battery": 20, "charging": true })),
        ("call Alice Bob", "call", json!({ "to": "Bob" })),
        ("answer Alice", "answer", json!({})),
        ("hang-up Alice", "hang-up", json!({})),
        ("online Alice", "online", json!({ "online": true })),
        ("offline Alice", "online", json!({ "online": false })),
        ("alarm Alice", "alarm", json!({})),
        ("do-not-disturb Alice off", "do-not-disturb", json!({ "on": false })),
        ("volume Alice 80", "volume", json!({ "percent": 80 })),
    ] {
        relay.run(&format!("device {line}")).success();
        let sent = server.changes().pop().unwrap();
        assert!(sent.line.starts_with(&format!("POST /v1/devices/990007560011111/{verb}?")), "{}", sent.line);
        assert_eq!(sent.body, body, "{line}");
    }
    relay.run("device alarm Alice").success().stdout_eq(str![[r#"
taken by the workflow wfi_1

"#]]);
    relay.run("device alarm Alice --json").success().stdout_eq(str![[r#"
{
  "instance": "wfi_1",
  "taken": "workflow"
}

"#]]);
    relay.run("device charge Alice 101").code(2);
    relay.run("device position Alice V1").code(2);
    let refusal = json!({ "error": "device_offline", "message": "the device is offline" });
    server.says("POST /v1/devices/990007560022222", 409, refusal);
    relay.run("device speak Bob hello").code(1).stderr_eq(str![[r#"
error: the server refuses this
  cause: the device is offline [device_offline]
  cause: POST /v1/devices/990007560022222/speak: HTTP 409

"#]]);
}

#[test]
fn what_only_an_own_server_can_do_says_so() {
    let server = Stub::start();
    server.says("POST /v1/", 404, json!({ "error": "not_supported" }));
    let relay = Relay::of(&server);
    relay.run("device speak 990007560011111 hello").code(3).stderr_eq(str![[r#"
error: there is no such thing on the server
  cause: not_supported
  cause: POST /v1/devices/990007560011111/speak: HTTP 404
  next: the vendor's cloud cannot do this; a Relay server of your own can

"#]]);
}

#[test]
fn groups_are_named_as_install_rules_want_them() {
    let server = Stub::start();
    let folder = json!({ "folder_name": "Cleaning", "resource_folder_id": "g1", "subscriber_id": "S1" });
    server.says(
        "GET /ibot/resource/tags/user",
        200,
        json!({ "results": { "folder": {}, "folders": [folder], "entities": [] } }),
    );
    server.says("POST /v1/groups", 200, json!({ "id": "g2", "name": "Night" }));
    server.says("DELETE /v1/groups/g1", 200, json!({}));
    let relay = Relay::of(&server);
    relay.run("group list").success().stdout_eq(str![[r#"
Group     Install Rule ID
Cleaning  urn:relay-resource:id:tag:g1

"#]]);
    relay.run("group create Night -m 990007560011111 USER1").success().stdout_eq(str![[r#"
urn:relay-resource:id:tag:g2

"#]]);
    assert_eq!(server.changes()[0].body, json!({ "name": "Night", "members": ["990007560011111", "USER1"] }));
    relay.run("group delete urn:relay-resource:id:tag:g1 -y").success();
}

#[test]
fn users_are_listed_made_and_deleted() {
    let server = Stub::start();
    server.says(
        "GET /ibot/user_profile",
        200,
        json!({ "results": [{ "user_profile_id": "USER1", "username": "Bob" }] }),
    );
    server.says("POST /v1/users", 200, json!({ "id": "USER2", "name": "Carol" }));
    let relay = Relay::of(&server);
    relay.run("user list").success().stdout_eq(str![[r#"
User Name  User ID
Bob        USER1

"#]]);
    relay.run("user create Carol").success().stdout_eq(str![[r#"
USER2

"#]]);
    relay.run("user delete USER9 -y").code(3).stderr_eq(str![[r#"
error: there is no user USER9

"#]]);
}

#[test]
fn places_are_listed() {
    let server = Stub::start();
    let venues = json!({ "results": [{ "venue_id": "v2", "venue_name": "Spa" }, { "venue_id": "v1", "venue_name": "Hotel" }] });
    server.says("GET /ibot/indoor_venue", 200, venues);
    let positions = json!({ "results": [
        { "position_id": "p1", "venue_id": "v1", "tags": ["Floor 1", "Lobby"] },
        { "position_id": "p2", "venue_id": "v1", "tags": [] },
        { "position_id": "p3", "venue_id": "v1", "tags": ["Floor 1", "Placeholder12345"] },
    ] });
    server.says("GET /ibot/indoor_position/v1", 200, positions);
    let relay = Relay::of(&server);
    relay.run("venues").success().stdout_eq(str![[r#"
ID  Name
v1  Hotel
v2  Spa

"#]]);
    relay.run("positions -v v1").success().stdout_eq(str![[r#"
ID  Name
p1  Floor 1 > Lobby
p2  Unknown

"#]]);
    relay.run("positions -v v1 -p --csv").success().stdout_eq(str![[r#"
ID,Name
p1,Floor 1 > Lobby
p2,Unknown
p3,Floor 1 > Placeholder12345

"#]]);
}

#[test]
fn geofences_are_somewhere_on_earth() {
    let server = Stub::start();
    let geofence = json!({ "geofence_id": "3kQ2", "label": "Yard", "address": null, "lat": "35.5", "long": "-78.1", "radius": 100.0 });
    server.says("GET /ibot/geofence", 200, json!({ "results": [geofence] }));
    server.says("POST /ibot/geofence", 200, geofence);
    server.says("DELETE /ibot/geofence/3kQ2", 200, json!({}));
    let relay = Relay::of(&server);
    relay.run("geofence list").success().stdout_eq(str![[r#"
ID    Name  Radius  Address  Coordinates
3kQ2  Yard   100.0           35.5, -78.1

"#]]);
    relay.run("geofence create -n Yard -r 100 -t 35.5 -g -178.1").success().stdout_eq(str![[r#"
the geofence 3kQ2 is made

"#]]);
    assert_eq!(
        server.changes()[0].body,
        json!({ "label": "Yard", "radius": 100, "lat": 35.5, "long": -178.1 })
    );
    relay.run("geofence create -n Yard -r 100 -a '1 Main St' -N").success().stdout_eq(str![[r#"
{
  "address": "1 Main St",
  "label": "Yard",
  "radius": 100
}

"#]]);
    relay.run("geofence create -n Yard -r 100 -t 178.1 -g 35.5").code(2).stderr_eq(str![[r#"
error: 178.1, 35.5 is nowhere on Earth
  next: latitude comes first and is at most 90 degrees

"#]]);
    relay.run("geofence create -n Yard -r 100").code(2).stderr_eq(str![[r#"
error: nobody says where its middle is
  next: add --latitude and --longitude, or --address

"#]]);
    relay.run("geofence delete -i 3kQ2 -y").success().stdout_eq(str![[r#"
the geofence 3kQ2 is deleted

"#]]);
}

#[test]
fn tags_say_what_workflows_wait_for() {
    let server = Stub::start();
    let tag = |id: &str, uid: &str, category: &str| {
        let content = json!({ "type": "custom", "category": category, "label": "A", "color": "red" });
        json!({ "tag_id": id, "uid": uid, "counter": 0, "subscriber_id": "S1", "content": content })
    };
    server.says(
        "GET /ibot/relay_nfc_tag",
        200,
        json!({ "results": [tag("t1", "04ab", "door"), tag("t2", "", "room")] }),
    );
    server.says("POST /ibot/relay_nfc_tag", 200, tag("t3", "", "door"));
    server.says("PUT /ibot/relay_nfc_tag/t1", 200, tag("t1", "04ff", "door"));
    let relay = Relay::of(&server);
    relay.run("tag list").success().stdout_eq(str![[r#"
Tag ID  Paired  Category  Label  Content
t1      yes     door      A      color=red
t2      no      room      A      color=red

"#]]);
    relay.run("tag list -x -c door").success().stdout_eq(str![[r#"
Tag ID  Paired  Category  Label  Content    Type    UID
t1      yes     door      A      color=red  custom  04ab

"#]]);
    relay.run("tag create -c door -l A -a color=red").success().stdout_eq(str![[r#"
the tag t3 is made

"#]]);
    let content = json!({ "type": "custom", "category": "door", "label": "A", "color": "red" });
    assert_eq!(server.changes()[0].body, json!({ "content": content }));
    relay.run("tag create -c door -l A -a label=B").code(2).stderr_eq(str![[r#"
error: --arg label=B: use --label

"#]]);
    relay.run("tag update --tag-id t1 -c door -l B").success().stdout_eq(str![[r#"
the tag t1 says something else now

"#]]);
    relay.run("tag pair --tag-id t1 --uid 04ff").success().stdout_eq(str![[r#"
the tag t1 is paired

"#]]);
    assert_eq!(server.changes()[2].body, json!({ "uid": "04ff" }));
    relay.run("tag delete -t t9 -y").code(3).stderr_eq(str![[r#"
error: there is no tag t9

"#]]);
}

#[test]
fn a_sound_is_uploaded_without_the_token() {
    let (server, storage) = (Stub::start(), Stub::start());
    storage.opens("PUT /bucket/9fQ1");
    let sound = json!({ "id": "9fQ1", "subscriber_id": "S1", "short_name": "ding", "audio_format": "wave" });
    server.says("GET /ibot/custom_audio", 200, json!([sound]));
    let url = format!("{}/bucket/9fQ1?signature=x", storage.url());
    server.says("POST /ibot/custom_audio", 200, json!({ "result": sound, "s3_upload_url": url }));
    let relay = Relay::of(&server);
    let wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x80\x3e\0\0\0\0\0\0\0\0\x10\0data\0\0\0\0";
    std::fs::write(relay.path("ding.wav"), wav).unwrap();
    relay
        .run("audio create -n ding -f ding.wav")
        .success()
        .stdout_eq(str![[r#"
9fQ1: workflows play it as relay-static://ding

"#]])
        .stderr_eq(str![[r#"
warning: it has 2 channels, where 1 is wanted

"#]]);
    let put = storage.world().requests[0].clone();
    assert_eq!((put.line.as_str(), put.token.as_str()), ("PUT /bucket/9fQ1?signature=x", ""));
    relay.run("audio list").success().stdout_eq(str![[r#"
ID    Name  Format
9fQ1  ding  wave

"#]]);
    relay.write("ding.txt", "ding");
    relay.run("audio create -n ding -f ding.txt").code(2).stderr_eq(str![[r#"
error: ding.txt is no WAV file
  next: ffmpeg -i FILE -ar 16000 -ac 1 -c:a pcm_s16le out.wav

"#]]);
}

#[test]
fn tokens_are_made_shown_once_and_withdrawn() {
    let server = Stub::start();
    let token = json!({
        "id": "tok_1", "name": "lobby", "subscriber": "S1", "role": "trigger", "created_at": 1_767_323_045_678_i64,
        "last_used_at": null, "revoked_at": null,
    });
    let mut made = token.clone();
    made["token"] = json!("relay_0123");
    server.says("GET /v1/tokens", 200, json!([token]));
    server.says("POST /v1/tokens", 200, made);
    server.says("DELETE /v1/tokens/tok_1", 200, json!({}));
    let relay = Relay::of(&server);
    relay.run("token list -x").success().stdout_eq(str![[r#"
ID     Name   Role     Account  Last used  Revoked  Created
tok_1  lobby  trigger  S1                           2026-01-02 03:04

"#]]);
    relay
        .run("token create lobby")
        .success()
        .stdout_eq(str![[r#"
relay_0123

"#]])
        .stderr_eq(str![[r#"
this is shown once and never again:

"#]]);
    assert_eq!(server.changes()[0].body, json!({ "name": "lobby", "role": "trigger", "subscriber": "S1" }));
    relay.run("token revoke tok_1 -y").success().stdout_eq(str![[r#"
the token tok_1 is deleted

"#]]);
}

#[test]
fn who_was_given_which_device() {
    let server = Stub::start();
    let entry = |id: &str, data: Value| json!({ "audit_id": id, "action": "assigned", "timestamp_action": "2026-01-02T03:04:05Z", "data": data });
    let data = json!({ "id": "USER1", "device_id": "990007560011111" }).to_string();
    let page = json!({ "data": [entry("a1", json!(data)), entry("a2", Value::Null)], "cursor": "c2" });
    server.says("GET /ibot/audit", 200, page);
    let relay = Relay::of(&server);
    relay
        .run("user assignments -i USER1 --oldest 2026-01-01 --limit 2 -x")
        .success()
        .stdout_eq(str![[r#"
User ID  Action    Device ID        Timestamp             Audit ID
USER1    assigned  990007560011111  2026-01-02T03:04:05Z  a1
         assigned                   2026-01-02T03:04:05Z  a2

"#]])
        .stderr_eq(str![[r#"
there is more: --cursor c2

"#]]);
    assert_eq!(
        server.world().requests.last().unwrap().line,
        "GET /ibot/audit?event_type=ibot_user_profile&action=assigned&user_id=USER1&oldest=2026-01-01&limit=2&subscriber_id=S1"
    );
    relay
        .run("user assignments -f relative --columns timestamp --no-header --filter timestamp=ago")
        .success();
    relay.run("user assignments --json").success().stdout_eq(str![[r#"
{
  "cursor": "c2",
  "data": [
    {
      "action": "assigned",
      "audit_id": "a1",
      "data": "{/"device_id/":/"990007560011111/",/"id/":/"USER1/"}",
      "timestamp_action": "2026-01-02T03:04:05Z"
    },
    {
      "action": "assigned",
      "audit_id": "a2",
      "data": null,
      "timestamp_action": "2026-01-02T03:04:05Z"
    }
  ]
}

"#]]);
    server.says("GET /ibot/audit", 200, json!({ "data": [], "cursor": "" }));
    relay.run("user assignments").success().stderr_eq(str![[r#"
nobody was given a device

"#]]);
}

#[test]
fn a_list_comes_in_every_form() {
    let server = own();
    let relay = Relay::of(&server);
    relay.run("devices --output yaml --columns name,status").success().stdout_eq(str![[r#"
- "name": "Alice"
  "status": "online"
- "name": "Bob"
  "status": "offline"

"#]]);
    relay.run("devices --output yaml --filter name=Zoe").success().stdout_eq(str![[r#"
[]

"#]]);
    relay.run("devices --output json --columns name").success().stdout_eq(str![[r#"
[
  {
    "name": "Alice"
  },
  {
    "name": "Bob"
  }
]

"#]]);
    relay.run("devices --output csv --columns name --no-header --sort -name").success().stdout_eq(str![[
        r#"
Bob
Alice

"#
    ]]);
    relay.run("devices --output xml").code(2);
    relay.run("devices --columns name --extended").code(2);
}
