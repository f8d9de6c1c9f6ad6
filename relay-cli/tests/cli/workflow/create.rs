//! Registrations as they are sent: those of the official command line, but for its mistakes.

use serde_json::{Value, json};
use snapbox::str;

use super::greeter;
use crate::relay::Relay;
use crate::stub::Stub;

/// The trigger of a registration that would be sent.
fn trigger(line: &str) -> Value {
    let sent = Relay::new().stdout(&format!("workflow create {line} -n a -u wss://wf.example/a --dry-run"));
    let sent: Value = serde_json::from_str(&sent).unwrap();
    let mut trigger = sent["config"]["trigger"].clone();
    trigger.as_object_mut().unwrap().remove("start");
    trigger
}

#[test]
fn each_kind_is_sent_as_the_official_command_line_does() {
    for (line, expected) in [
        ("phrase --trigger 'Hello World' hi", json!({ "on_phrases": ["hello world", "hi"] })),
        ("button", json!({ "on_button": "action_button_single_tap" })),
        ("button --trigger double", json!({ "on_button": "action_button_double_tap" })),
        ("http", json!({ "on_http": "POST" })),
        ("event --trigger emergency", json!({ "on_device_event": "emergency" })),
        ("call", json!({ "on_call_request": ".*" })),
        ("call --trigger inbound", json!({ "on_incoming_call": ".*" })),
        ("battery", json!({ "on_battery_discharge": 25 })),
        ("battery --trigger charge --threshold 90", json!({ "on_battery_charge": 90 })),
        ("geofence --id G1", json!({ "on_geofence": { "transition": "entry", "geofence_id": "G1" } })),
        (
            "position --venue_id V1 -p P1 --trigger exit",
            json!({ "on_position": { "venue_id": "V1", "position_id": "P1", "transition": "exit" } }),
        ),
        (
            "nfc -c door -l A -m color=red",
            json!({ "on_nfc": { "color": "red", "type": "custom", "category": "door", "label": "A" } }),
        ),
        ("timer", json!({ "on_timer": { "start_time": "immediately" } })),
        (
            "timer --trigger repeat -z America/New_York --start 2027-01-04T08:00 --count 3",
            json!({ "on_timer": {
                "start_time": "2027-01-04T08:00:00", "timezone": "America/New_York", "frequency": "daily",
                "interval": 1, "count": 3, "byweekday": [1, 2, 3, 4, 5, 6, 7],
            } }),
        ),
    ] {
        assert_eq!(trigger(line), expected, "{line}");
    }
}

#[test]
fn a_new_workflow_is_shown() {
    let server = Stub::start();
    Relay::of(&server)
        .run("workflow create phrase -n greeter -u wss://wf.example:8443/greeter --trigger hello -A -a greeting=Hi -r n=2 -b loud=true --absorb on_call_request --hidden")
        .success()
        .stdout_eq(str![[r#"
ID            wf_greeter_0000000000000000000001
Name          greeter
Type          phrases:hello
Uri           wss://wf.example:8443/greeter
Installed on  all devices

"#]])
        .stderr_eq(str![[r#"
`greeter` is registered

"#]]);
    assert_eq!(
        server.changes()[0].body,
        json!({
            "name": "greeter",
            "options": { "transient": true, "hidden": true, "absorb_triggers": ["on_call_request"] },
            "config": { "trigger": {
                "start": { "workflow": { "uri": "wss://wf.example:8443/greeter", "args": { "greeting": "Hi", "n": 2, "loud": true } } },
                "on_phrases": ["hello"],
            } },
            "install_rule": "urn:relay-resource:all:device",
        })
    );
}

#[test]
fn what_will_not_work_as_meant_is_told() {
    let server = greeter(&json!(["990007560011111"]));
    Relay::of(&server)
        .command("workflow create phrase -n other -u ws://localhost:8080/a --no-transient --trigger")
        .args(["I'm here", "hello", "Team5"])
        .assert()
        .success()
        .stderr_eq(str![[r#"
warning: ws:// is dialled by a server on this machine only, with --allow-insecure-loopback
warning: `I'm here` is listened for as `im here`
warning: `hello` starts `greeter`, too
warning: `Team5` is listened for as `team 5`
warning: `team 5` has digits; if people say them as words, add the phrase in words, too
`other` is registered
warning: nobody can trigger it yet: relay workflow install -w wf_other_0000000000000000000002 --install-all

"#]]);
    assert_eq!(server.changes()[0].body["options"]["transient"], false);
}

#[test]
fn whoever_may_trigger_a_workflow_still_may_after_it_is_replaced() {
    let server = greeter(&json!("urn:relay-resource:all:device"));
    Relay::of(&server)
        .run("workflow create button -n greeter -u wss://wf.example/b")
        .success()
        .stdout_eq(str![[r#"
ID            wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua
Name          greeter
Type          button:single
Uri           wss://wf.example/b
Installed on  all devices

"#]])
        .stderr_eq(str![[r#"
`greeter` is replaced

"#]]);
    let sent = server.changes()[0].body.clone();
    assert_eq!(sent["install_rule"], "urn:relay-resource:all:device");
    assert_eq!(sent["config"]["trigger"].get("on_phrases"), None);
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_sent() {
    let server = Stub::start();
    let relay = Relay::of(&server);
    let refused = |line: &str| relay.run(&format!("workflow create {line}")).code(2);
    refused("phrase -n a -u wss://wf.example/a").stderr_eq(str![[r#"
error: the following required arguments were not provided:
  --trigger <TEXT>...

Usage: relay workflow create phrase --name <NAME> --uri <URI> --trigger <TEXT>... --host <HOST>

For more information, try '--help'.

"#]]);
    refused("phrase -n a -u wss://wf.example/a --trigger ?!").stderr_eq(str![[r#"
error: nobody can say the phrase `?!`
  cause: it has neither letters nor digits

"#]]);
    refused("http -n a -u http://wf.example/a").stderr_eq(str![[r#"
error: `http://wf.example/a` is no URI of a workflow
  cause: Relay speaks WebSocket
  next: write ws://wf.example/a

"#]]);
    refused("http -n a -u ws://wf.example/a").stderr_eq(str![[r#"
error: `ws://wf.example/a` is not encrypted
  cause: everybody on the way could listen, and Relay servers refuse it
  next: serve wss: relay cert dev makes a certificate for tests

"#]]);
    refused("http -n a -u notauri").stderr_eq(str![[r#"
error: `notauri` is no URI of a workflow
  cause: relative URL without a base
  next: it looks like wss://host:8443/hello

"#]]);
    refused("battery -n a -u wss://wf.example/a --threshold 101").stderr_eq(str![[r#"
error: invalid value '101' for '--threshold <THRESHOLD>': 101 is not in 1..=100

For more information, try '--help'.

"#]]);
    refused("button -n a -u wss://wf.example/a --trigger triple").stderr_eq(str![[r#"
error: invalid value 'triple' for '--trigger <TRIGGER>'
  [possible values: single, double]

For more information, try '--help'.

"#]]);
    refused("button -n a -u wss://wf.example/a -A -i 990007560011111").stderr_eq(str![[r#"
error: the argument '--install-all' cannot be used with '--install <ID>...'

Usage: relay workflow create button --name <NAME> --uri <URI> --install-all --host <HOST>

For more information, try '--help'.

"#]]);
    refused("timer -n a -u wss://wf.example/a --trigger repeat").stderr_eq(str![[r#"
error: nobody says when it ends
  next: add --count NUMBER or --until TIME

"#]]);
    refused("nfc -n a -u wss://wf.example/a -m color").stderr_eq(str![[r#"
error: --matcher color: NAME=VALUE is wanted

"#]]);
    assert_eq!(server.world().requests, []);
}

#[test]
fn a_refusal_by_the_server_is_explained() {
    let server = Stub::start();
    server.says("POST /ibot/workflow", 400, json!({ "error": "invalid_install_user_id" }));
    Relay::of(&server).run("workflow create button -n a -u wss://wf.example/a -i 1234").code(1).stderr_eq(
        str![[r#"
error: the server refuses this
  cause: invalid_install_user_id
  cause: POST /ibot/workflow: HTTP 400
  next: `relay devices` and `relay user list` show the ids

"#]],
    );
}

#[test]
fn the_help_of_a_kind_has_an_order() {
    Relay::new().run("workflow create timer --help").success().stdout_eq(str![[r#"
Start it at a time, or again and again

Usage: relay workflow create timer [OPTIONS] --name <NAME> --uri <URI>

Options:
  -n, --name <NAME>
          The workflow's name; one of the same name is replaced
  -u, --uri <URI>
          Where it is served, as in wss://host:8443/hello
  -i, --install <ID>...
          Devices or users that may trigger it, by id
  -A, --install-all
          Every device may trigger it
  -G, --install-group <ID>
          The devices of a group may trigger it: the id that `relay group list`
          shows
  -t, --transient
          Goes on when its user leaves its channel [default]
      --no-transient
          Ends when its user leaves its channel
  -e, --hidden
          Its channel is not shown on the device
      --absorb <TRIGGER>...
          Calls go to the run that there is instead of starting another
          [possible values: on_call_request, on_incoming_call]
  -a, --arg <NAME=VALUE>...
          An argument that is text
  -b, --boolean <NAME=BOOL>...
          An argument that is true or false
  -r, --number <NAME=NUMBER>...
          An argument that is a number
  -N, --dry-run
          Show what would be sent
      --trigger <TRIGGER>
          Now, once, or again and again [default: immediately] [possible values:
          immediately, schedule, repeat]
  -z, --timezone <ZONE>
          The zone of all times, as in Europe/Berlin; `local` is that of this
          machine [default: local]
      --start <TIME>
          The first time, as in 2027-01-04T08:00 [default: the next full hour]
  -l, --until <TIME>
          The last possible time
  -c, --count <COUNT>
          How many times in all
  -f, --frequency <FREQUENCY>
          What is repeated [default: daily] [possible values: minutely, hourly,
          daily, weekly, monthly, yearly]
  -I, --interval <INTERVAL>
          Every how many of them [default: 1]
  -d, --day <DAY>...
          Only on these days: MO TU WE TH FR SA SU
  -h, --help
          Print help

For every command:
      --host <HOST>         The Relay server: a host, a URL, or `pro` for the
                            vendor's cloud [RELAY_HOST]
  -s, --subscriber-id <ID>  The account, if not the token's first
                            [RELAY_SUBSCRIBER_ID]
      --profile <NAME>      Which of the stored logins to use [RELAY_PROFILE]
      --ca <FILE>           PEM file with one more authority to trust
                            [RELAY_CA_CERT]
      --json                Print JSON instead of text
  -y, --yes                 Answer every question with yes
      --color <WHEN>        Colour: auto, always or never

Examples:
  relay workflow create timer -n now -u wss://host/now -A
  relay workflow create timer -n rounds -u wss://host/rounds -A /
      --trigger repeat --start 2027-01-04T08:00 -f weekly -c 10

"#]]);
}
