//! Saying something on devices.

use serde_json::json;
use snapbox::str;

use crate::relay::Relay;
use crate::stub::Stub;

const ALICE: &str = "990007560011111";
const BOB: &str = "990007560022222";

fn stage() -> (Stub, Relay) {
    let server = Stub::start();
    server.says("GET /ibot/subscriber/S1/device_ids", 200, json!({ "devices": [ALICE, BOB, "USER1"] }));
    server.says(
        "GET /v1/devices",
        200,
        json!([{ "id": ALICE, "name": "Alice" }, { "id": BOB, "name": "Bob" }]),
    );
    let group = |name: &str, owner: &str, users: &[&str]| {
        let subscribers =
            json!([{ "subscriber_id": "S1", "users": users }, { "subscriber_id": "S2", "users": ["x"] }]);
        json!({ "group_id": format!("g{name}"), "name": name, "owner": owner, "subscribers": subscribers })
    };
    let groups =
        json!([group("Night", "S1", &[BOB]), group("Theirs", "S2", &[ALICE]), group("Empty", "S1", &[])]);
    // Some servers send it as a text.
    server.says("GET /ibot/groups", 200, json!(groups.to_string()));
    let relay = Relay::of(&server);
    (server, relay)
}

#[test]
fn a_broadcast_is_a_workflow_that_the_server_carries_out() {
    let (server, relay) = stage();
    relay.run("broadcast --everyone -t 'lunch is ready'").code(7).stderr_eq(str![[r#"
error: nobody is here to answer: say `lunch is ready` on 2 devices?
  next: say --yes to answer with yes

"#]]);
    assert_eq!(server.changes(), []);
    relay.run("broadcast --everyone -t 'lunch is ready' -y").success().stdout_eq(str![[r#"
`broadcast-[..]` is for 2 devices

"#]]);
    let mut sent = server.changes().remove(0).body;
    assert!(sent["name"].take().as_str().unwrap().starts_with("broadcast-"));
    assert_eq!(
        sent,
        json!({
            "name": null, "options": { "transient": false, "hidden": true }, "install": [ALICE, BOB],
            "config": { "trigger": {
                "start": { "workflow": { "uri": "relay-local://broadcast", "args": {
                    "targets": format!("{ALICE} {BOB}"), "confirmation_required": false, "text": "lunch is ready",
                } } },
                "on_timer": { "start_time": "immediately" },
            } },
        })
    );
}

#[test]
fn whom_it_is_for_and_when() {
    let (server, relay) = stage();
    let told = |line: &str| {
        relay.run(&format!("broadcast -y -t x {line}")).success();
        let trigger = server.changes().pop().unwrap().body["config"]["trigger"].take();
        let args = &trigger["start"]["workflow"]["args"];
        (args["targets"].clone(), args["confirmation_required"] == true, trigger["on_timer"].clone())
    };
    let now = json!({ "start_time": "immediately" });
    assert_eq!(told("--device Alice"), (json!(ALICE), false, now.clone()));
    assert_eq!(
        told("--device 990007560011111 -g night -a"),
        (json!(format!("{ALICE} {BOB}")), true, now.clone())
    );
    assert_eq!(told("-g gNight -a --no-acknowledgement"), (json!(BOB), false, now));
    let daily = "--device Bob --trigger repeat -z Europe/Berlin --start 2037-01-05T08:00 -c 2 -d mo";
    let times = json!({
        "start_time": "2037-01-05T08:00:00", "timezone": "Europe/Berlin", "frequency": "daily", "interval": 1, "count": 2,
        "byweekday": [1],
    });
    assert_eq!(told(daily), (json!(BOB), false, times));
}

#[test]
fn what_nobody_would_hear_is_refused() {
    let (server, relay) = stage();
    relay.run("broadcast -t x").code(2);
    relay.run("broadcast --everyone").code(2);
    relay.run("broadcast --everyone -t ''").code(2);
    relay.run("broadcast --everyone -t x --start 2037-01-01").code(2);
    relay.run("broadcast -t x --device Carol -y").code(3).stderr_eq(str![[r#"
error: there is no device `Carol`
  next: these are: Alice, Bob

"#]]);
    relay.run("broadcast -t x -g Theirs -y").code(3).stderr_eq(str![[r#"
error: there is no group `Theirs`
  next: these are: Night, Empty

"#]]);
    relay.run("broadcast -t x -g Empty -y").code(3).stderr_eq(str![[r#"
error: nobody would hear it: there is no device in there

"#]]);
    assert_eq!(server.changes(), []);
    relay.run("broadcast -t x --device Bob -N").success();
    assert_eq!(server.changes(), [], "only shown");
}
