//! `relay trigger`: each kind, changed, and at its time.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use snapbox::str;

use crate::real::{story, story_of};
use crate::relay::Relay;
use crate::stub::Stub;

/// A workflow that the server carries out itself, so that it has an end without anybody who serves it.
const SPEAKS: &str = "-u relay-local://broadcast -a text=hi targets=$alice";

#[test]
fn every_kind_is_triggered_and_recorded() {
    let told = story(&format!(
        r#"id() {{ $RELAY devices --csv --no-header --columns id --filter name=$1; }}
         alice=$(id Alice)
         fence=$($RELAY geofence create -n Yard -r 100 -t 35.5 -g -78.1 --json | grep -o '[0-9A-Za-z]\{{22\}}')
         echo '{{"id": "v1", "name": "Hotel", "positions": [{{"id": "p1", "tags": ["Lobby"]}}]}}' > venue.json
         $RELAY api /v1/venues --input venue.json > venue.out
         create() {{ kind=$1 name=$2; shift 2; $RELAY workflow create $kind -n $name -i $alice {SPEAKS} "$@" >created.out 2>&1 || cat created.out; }}
         create phrase spoken --trigger 'Good day'
         create button tapped --trigger double
         create http called
         create nfc touched -c door
         create timer timed --trigger schedule --start 2037-01-01 -z Europe/Berlin
         create battery low --threshold 20
         create geofence there --id $fence
         create position here -v v1 -p p1
         create call calling
         create call ringing --trigger inbound
         create event alarmed
         for name in spoken tapped called touched timed low there here calling ringing alarmed; do
           run=$($RELAY trigger $name) || exit 1
           until $RELAY api /v1/triggers/$run | grep -q '"kind"'; do :; done
           $RELAY api /v1/triggers/$run > run.json
           echo $name: $(sed -n 's/.*"kind": //p; s/^      "type": //p' run.json) $(sed -n '/"args": {{/,/}}/p' run.json | grep -v '[{{}}]' | grep -v _epoch | tr -d '\n ')
         done"#
    ));
    snapbox::assert_data_eq!(
        told,
        str![[r#"
spoken: "completed", "phrase" "phrase":"goodday","source_uri":"urn:relay-resource:name:device:Alice"
tapped: "completed", "button" "action":"action_button_double_tap","source_uri":"urn:relay-resource:name:device:Alice"
called: "completed", "http"
touched: "completed", "nfc" "category":"door","type":"custom"
timed: "completed", "calendar" "source_uri":"urn:relay-resource:name:device:Alice"
low: "completed", "other" "battery":20,"charging":false,"source_uri":"urn:relay-resource:name:device:Alice"
there: "completed", "geofence" "geofence_id":"ID","source_uri":"urn:relay-resource:name:device:Alice","transition":"entry"
here: "completed", "other" "position_id":"p1","source_uri":"urn:relay-resource:name:device:Alice","transition":"entry","venue_id":"v1"
calling: "completed", "telephony" "device_id":"VIRT_ID","device_name":"Bob","direction":"outbound","onnet":true,"source_uri":"urn:relay-resource:name:device:Alice","uri":"urn:relay-resource:name:device:Bob"
ringing: "completed", "telephony" "call_id":"example","device_id":"VIRT_ID","device_name":"Bob","direction":"inbound","onnet":true,"source_uri":"urn:relay-resource:name:device:Alice","uri":"urn:relay-resource:name:device:Bob"
alarmed: "completed", "emergency" "source_uri":"urn:relay-resource:name:device:Alice"

"#]]
    );
}

#[test]
fn what_is_told_can_be_changed() {
    let told = story(&format!(
        "alice=$($RELAY devices --csv --no-header --columns id --filter name=Alice)
         $RELAY workflow create http -n order -A {SPEAKS} > created.out 2>&1
         $RELAY workflow create phrase -n hello --trigger hello -A {SPEAKS} > created.out 2>&1
         $RELAY trigger order --set args.room=231 --set args.urgent=true --set args.who.name='Bob B' --dry-run
         $RELAY trigger hello --device Bob --set spillover=world --dry-run
         run=$($RELAY trigger hello -d bob --set spillover=world); $RELAY api /v1/triggers/$run | grep spillover
         $RELAY trigger hello --set phrase; echo $?
         $RELAY trigger hello -d Zoe; echo $?
         $RELAY trigger hell; echo $?
         $RELAY trigger nobody; echo $?
         $RELAY workflow uninstall -w hello -A > created.out 2>&1
         $RELAY trigger hello; echo $?"
    ));
    snapbox::assert_data_eq!(
        told,
        str![[r#"
{
  "device": "VIRT_ID",
  "trigger": {
    "args": {
      "args": {
        "room": 231,
        "urgent": true,
        "who": {
          "name": "Bob B"
        }
      },
      "source_uri": "urn:relay-resource:name:device:Alice"
    },
    "type": "http"
  }
}
{
  "device": "VIRT_ID",
  "trigger": {
    "args": {
      "phrase": "hello",
      "source_uri": "urn:relay-resource:name:device:Bob",
      "spillover": "world"
    },
    "type": "phrase"
  }
}
        "spillover": "world"
error: --set phrase: it has no `=`
2
error: the server refuses this
  cause: there is no device or user "Zoe" in this account [unknown_device]
  cause: POST /v1/workflows/{id}/simulate: HTTP 400
1
error: there is no workflow `hell`
  next: is `hello` (wf_hello_ID) meant?
3
error: there is no workflow `nobody`
  next: `relay workflow list` shows those that there are
3
error: the server refuses this
  cause: the workflow is installed on no device: install it, or name a device [not_installed]
  cause: POST /v1/workflows/{id}/simulate: HTTP 400
1

"#]]
    );
}

#[test]
fn a_trigger_waits_for_its_time() {
    let told = story_of(
        "--virtual-time",
        &format!(
            "alice=$($RELAY devices --csv --no-header --columns id --filter name=Alice)
             $RELAY workflow create timer -n patrol --trigger schedule --start 2037-01-01 -z Asia/Tokyo -A {SPEAKS} > created.out 2>&1
             $RELAY workflow create phrase -n hello --trigger hello -A {SPEAKS} > created.out 2>&1
             state() {{ $RELAY api /v1/triggers/$1 | sed -n 's/.*\"state\": //p'; }}
             patrol=$($RELAY trigger patrol --at 90m)
             hello=$($RELAY trigger hello --at 2h)
             $RELAY clock advance 89m > clock.out; state $patrol; state $hello
             $RELAY clock advance 1m > clock.out
             until state $patrol | grep ended; do :; done; state $hello
             $RELAY clock advance 30m > clock.out
             until state $hello | grep ended; do :; done
             $RELAY trigger hello --at 2020-01-01; echo $?
             $RELAY trigger hello --at soon; echo $?"
        ),
    );
    snapbox::assert_data_eq!(
        told,
        str![[r#"
`patrol` starts at WHEN
`hello` starts at WHEN
"queued",
"queued",
"ended",
"queued",
"ended",
error: --at 2020-01-01 is over
  cause: by the server's clock it is WHEN
2
error: --at soon is no time
  next: write 2027-01-04T08:00, WHEN, or a time span such as 5m
2

"#]]
    );
}

/// An editor that replaces one word by another.
fn editor(relay: &Relay, script: &str) -> String {
    let path = relay.write("editor", &format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[test]
fn what_is_told_can_be_edited() {
    let server = Stub::start();
    let workflow = json!({ "workflow_id": "wf_hello_1", "name": "hello", "install": [] });
    server.world().workflows.push(workflow);
    let trigger = json!({ "type": "phrase", "args": { "phrase": "hello", "spillover": "x" } });
    let answer = json!({ "id": "wfi_1", "device": "990007560011111", "trigger": trigger });
    server.says("POST /v1/workflows/wf_hello_1/simulate", 200, answer);
    let relay = Relay::of(&server);
    let edit = |editor: String| relay.command("trigger hello --edit").env("EDITOR", editor).assert();

    edit(editor(&relay, "exec /bin/sed -i -e s/hello/goodbye/ -e s/spillover/added/ \"$1\"")).success();
    assert_eq!(
        server.changes().last().unwrap().body,
        json!({ "dry_run": false, "args": { "phrase": "goodbye", "spillover": null, "added": "x" } })
    );
    let before = server.changes().len();
    edit(editor(&relay, "exit 3")).code(1).stderr_eq(str![[r#"
error: the editor did not work
  cause: [CONFIG]/editor: exit status: 3

"#]]);
    edit(editor(&relay, ": > \"$1\"")).code(7).stderr_eq(str![[r#"
error: nothing was triggered: the file is empty

"#]]);
    edit(editor(&relay, "echo '{' > \"$1\"")).code(2).stderr_eq(str![[r#"
error: what you wrote is no JSON
  cause: EOF while parsing an object at line 2 column 0

"#]]);
    edit(editor(&relay, "echo 5 > \"$1\"")).code(2).stderr_eq(str![[r#"
error: what a workflow is told is a JSON object

"#]]);
    relay.run("trigger hello --edit").code(2).stderr_eq(str![[r#"
error: nobody is here to edit
  next: set EDITOR, or use --set PATH=VALUE

"#]]);
    let dry = server.changes().split_off(before);
    assert!(dry.iter().all(|request| request.body["dry_run"] == true), "nothing was triggered");
}

#[test]
fn the_vendors_cloud_is_told_from_a_server_of_ones_own() {
    let server = Stub::start();
    server.world().workflows.push(json!({ "workflow_id": "wf_hello_1", "name": "hello", "install": [] }));
    server.says("POST /v1/workflows/wf_hello_1/simulate", 404, json!(null));
    Relay::of(&server).run("trigger hello").code(3).stderr_eq(str![[r#"
error: there is no such thing on the server
  cause: null
  cause: POST /v1/workflows/{id}/simulate: HTTP 404
  next: the vendor's cloud cannot do this; a Relay server of your own can

"#]]);
}
