//! Registrations by file and by manifest: the difference first.

use serde_json::json;
use snapbox::str;

use super::several;
use crate::relay::Relay;
use crate::stub::Stub;

const FILE: &str = r#"
base = "wss://wf.example:8443"

[workflows.greeter]
path = "/greeter"
on_phrases = ["Hello", "good day"]
install = "all"
args = { greeting = "Hi", loud = true, times = 3 }

[workflows.bell]
path = "/bell"
on_http = "POST"

[workflows.night]
uri = "wss://other.example/night"
on_timer = { start_time = "2027-01-04T22:00:00", timezone = "Europe/Berlin" }
hidden = true
"#;

#[test]
fn the_difference_is_shown_and_nothing_changes_without_a_yes() {
    let server = several();
    let relay = Relay::of(&server);
    relay.write("workflows.toml", FILE);
    relay
        .run("workflow apply workflows.toml")
        .code(7)
        .stdout_eq(str![[r#"
= bell
~ greeter
    trigger       phrases:hello,hi
               →  phrases:hello,good day
    args          {"greeting":"Hi","loud":true,"times":2}
               →  {"greeting":"Hi","loud":true,"times":3}
    installed on  990007560011111, 990007560022222
               →  all devices
+ night
    uri           wss://other.example/night
    trigger       timer:2027-01-04T22:00:00 Europe/Berlin
    installed on  nobody

"#]])
        .stderr_eq(str![[r#"
error: nobody is here to answer: make these 2 changes?
  next: say --yes to answer with yes

"#]]);
    relay
        .run("workflow apply workflows.toml -N --prune")
        .success()
        .stdout_eq(str![[r#"
= bell
~ greeter
    trigger       phrases:hello,hi
               →  phrases:hello,good day
    args          {"greeting":"Hi","loud":true,"times":2}
               →  {"greeting":"Hi","loud":true,"times":3}
    installed on  990007560011111, 990007560022222
               →  all devices
+ night
    uri           wss://other.example/night
    trigger       timer:2027-01-04T22:00:00 Europe/Berlin
    installed on  nobody
- door
- rounds
- later

"#]])
        .stderr_eq(str![[r#"
nothing was changed

"#]]);
    assert_eq!(server.changes(), []);
}

#[test]
fn what_is_applied_is_the_same_afterwards() {
    let server = several();
    let relay = Relay::of(&server);
    relay.write("workflows.toml", FILE);
    relay.run("workflow apply workflows.toml --prune -y").success();
    assert_eq!(server.world().workflows.len(), 3);
    relay
        .run("workflow apply workflows.toml --prune -y")
        .success()
        .stdout_eq(str![[r#"
= bell
= greeter
= night

"#]])
        .stderr_eq(str![[r#"
nothing to do

"#]]);
    let greeter = server.world().workflows[0].clone();
    assert_eq!(greeter["extra"], json!({ "kept": true }));
    assert_eq!(greeter["config"]["trigger"]["on_phrases"], json!(["hello", "good day"]));
    relay.run("workflow apply workflows.toml --json").success().stdout_eq(str![[r#"
[
  {
    "action": "nothing",
    "changes": [],
    "name": "bell"
  },
  {
    "action": "nothing",
    "changes": [],
    "name": "greeter"
  },
  {
    "action": "nothing",
    "changes": [],
    "name": "night"
  }
]

"#]]);
}

#[test]
fn a_file_with_a_mistake_changes_nothing() {
    let server = Stub::start();
    let relay = Relay::of(&server);
    let refused = |text: &str| {
        relay.write("w.toml", text);
        relay.run("workflow apply w.toml -y").code(2)
    };
    refused("[workflows.a]\nuri = 'wss://a/b'").stderr_eq(str![[r#"
error: workflow `a`: it has no trigger
  next: add one, such as on_phrases = ["hello"]

"#]]);
    refused("[workflows.a]\nuri = 'wss://a/b'\non_http = 'POST'\non_phrases = ['a']").stderr_eq(str![[r#"
error: workflow `a`: it has more than one trigger
  next: register it twice, under two names

"#]]);
    refused("[workflows.a]\nuri = 'wss://a/b'\non_htp = 'POST'").stderr_eq(str![[r#"
error: workflow `a`: on_htp: unknown variant `on_htp`, expected one of `on_phrase`, `on_phrases`, `on_button`, `on_http`, `on_nfc`, `on_timer`, `on_battery_discharge`, `on_battery_charge`, `on_geofence`, `on_position`, `on_call_request`, `on_incoming_call`, `on_device_event`

"#]]);
    refused("[workflows.a]\nuri = 'wss://a/b'\non_http = 'POST'\nuir = 1").stderr_eq(str![[r#"
error: workflow `a`: `uir` is not known here

"#]]);
    refused("[workflows.a]\npath = '/b'\non_http = 'POST'").stderr_eq(str![[r#"
error: workflow `a`: it has a path, and the file has no `base`

"#]]);
    refused("[workflows.a]\nuri = 'http://a/b'\non_http = 'POST'").stderr_eq(str![[r#"
error: `http://a/b` is no URI of a workflow
  cause: Relay speaks WebSocket
  next: write ws://a/b

"#]]);
    refused("workflow = 1").stderr_eq(str![[r#"
error: w.toml is no list of workflows
  cause: TOML parse error at line 1, column 1
  |
1 | workflow = 1
  | ^^^^^^^^
unknown field `workflow`, expected `base` or `workflows`

"#]]);
    relay.run("workflow apply gone.toml").code(3);
    assert_eq!(server.changes(), []);
}

#[test]
fn a_manifest_registers_itself() {
    let server = Stub::start();
    let relay = Relay::of(&server);
    let manifest = json!({ "workflows": [
        { "name": "hello", "path": "/hello", "triggers": [{ "on_phrases": ["Hello"] }, { "on_button": "action_button_single_tap" }] },
        { "name": "silent", "path": "/silent" },
    ] });
    relay.write("manifest.json", &manifest.to_string());
    relay
        .run("workflow sync --uri wss://wf.example:8443/ --manifest manifest.json -A -y")
        .success()
        .stdout_eq(str![[r#"
+ hello
    uri           wss://wf.example:8443/hello
    trigger       phrases:hello
    installed on  all devices
+ hello-2
    uri           wss://wf.example:8443/hello
    trigger       button:single
    installed on  all devices

"#]])
        .stderr_eq(str![[r#"
warning: `silent` declares no trigger: nothing would start it
2 changes are made

"#]]);
    let world = server.world();
    let uris: Vec<_> =
        world.workflows.iter().map(|one| &one["config"]["trigger"]["start"]["workflow"]["uri"]).collect();
    assert_eq!(uris, ["wss://wf.example:8443/hello", "wss://wf.example:8443/hello"]);
}

#[test]
fn a_manifest_is_asked_for_with_its_token() {
    let (server, admin) = (Stub::start(), Stub::start());
    admin.says(
        "GET /manifest",
        200,
        json!({ "workflows": [{ "name": "hello", "path": "/hello", "triggers": [{ "on_http": "POST" }] }] }),
    );
    let relay = Relay::of(&server);
    let sync = |token: &str| {
        relay
            .command("workflow sync -N --uri wss://wf.example --admin")
            .arg(admin.url())
            .env("RELAY_ADMIN_TOKEN", token)
            .assert()
    };
    sync("t0ken").success().stdout_eq(str![[r#"
+ hello
    uri           wss://wf.example/hello
    trigger       http:POST
    installed on  nobody

"#]]);
    sync("wrong").code(4);
    relay.command("workflow sync -N --uri wss://wf.example --admin").arg(Stub::gone().url()).assert().code(5);
    relay.run("workflow sync --uri wss://wf.example").code(2);
}
