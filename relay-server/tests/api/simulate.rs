//! Starting workflows as if what they are registered for had happened.

use serde_json::{Value, json};

use crate::server::{Answer, Api};

const ALICE: &str = "990007560000001";
const BOB: &str = "990007560000002";

async fn stage() -> Api {
    let api = Api::start().await;
    api.device(ALICE, "Alice").await;
    api.device(BOB, "Bob").await;
    api.put("/v1/geofences/yard", json!({"label": "Yard", "centre": [51.5, -0.12], "radius": 100.0}))
        .await
        .ok();
    let venue = json!({"name": "Hotel", "positions": [{"id": "p1", "tags": ["Lobby"]}]});
    api.put("/v1/venues/v1", venue).await.ok();
    api
}

/// A workflow that nobody serves: what is accepted waits for somebody.
async fn workflow(api: &Api, name: &str, trigger: Value, install: Value) -> String {
    let mut trigger = trigger;
    trigger["start"] = json!({"workflow": {"uri": "wss://127.0.0.1:1/x"}});
    let workflow = json!({"name": name, "install": install, "config": {"trigger": trigger}});
    let saved = api.post("/ibot/workflow", workflow).await.ok();
    saved[0]["workflow_id"].as_str().unwrap().to_owned()
}

async fn simulate(api: &Api, id: &str, body: Value) -> Answer {
    api.post(&format!("/v1/workflows/{id}/simulate"), body).await
}

#[tokio::test]
async fn every_kind_of_trigger_is_told_as_it_would_be() {
    let api = stage().await;
    let kinds = [
        (json!({"on_phrases": ["Good day"]}), "phrase", json!({"phrase": "good day"})),
        (
            json!({"on_button": "action_button_double_tap"}),
            "button",
            json!({"action": "action_button_double_tap"}),
        ),
        (json!({"on_http": "POST"}), "http", json!({"args": {}})),
        (
            json!({"on_nfc": {"category": "door"}}),
            "nfc",
            json!({"nfc_payload": {"category": "door", "type": "custom"}}),
        ),
        (
            json!({"on_timer": {"start_time": "2037-01-01T00:00:00", "timezone": "UTC", "count": 1}}),
            "calendar",
            json!({}),
        ),
        (json!({"on_battery_discharge": 25}), "other", json!({"battery": 25, "charging": false})),
        (json!({"on_battery_charge": 90}), "other", json!({"battery": 90, "charging": true})),
        (
            json!({"on_geofence": {"geofence_id": "yard", "transition": "exit"}}),
            "geofence",
            json!({"geofence_id": "yard", "transition": "exit"}),
        ),
        (
            json!({"on_position": {"venue_id": "v1", "position_id": "p1", "transition": "entry"}}),
            "other",
            json!({"venue_id": "v1", "position_id": "p1", "transition": "entry"}),
        ),
        (json!({"on_call_request": ".*"}), "telephony", json!({"direction": "outbound", "device_id": BOB})),
        (
            json!({"on_incoming_call": ".*"}),
            "telephony",
            json!({"direction": "inbound", "device_name": "Bob"}),
        ),
        (json!({"on_device_event": "emergency"}), "emergency", json!({})),
    ];
    for (at, (trigger, kind, told)) in kinds.into_iter().enumerate() {
        let id = workflow(&api, &format!("w{at}"), trigger, json!([ALICE])).await;
        let run = simulate(&api, &id, json!({"args": {"mood": "good"}})).await.ok();
        assert_eq!((&run["device"], &run["dry_run"]), (&json!(ALICE), &json!(false)), "{run}");
        let run = run["id"].as_str().unwrap();
        let recorded = api.get(&format!("/v1/triggers/{run}")).await.ok()["trigger"]["trigger"].take();
        assert_eq!(recorded["type"], kind);
        let args = recorded["args"].as_object().unwrap();
        assert_eq!(args["source_uri"], "urn:relay-resource:name:device:Alice");
        assert_eq!(args["mood"], "good", "what is added is told, too");
        for (name, value) in told.as_object().unwrap() {
            assert_eq!(args[name], *value, "{recorded}");
        }
    }
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_told_and_nothing_else() {
    let api = stage().await;
    let id = workflow(&api, "w", json!({"on_phrases": ["hello"]}), json!([ALICE])).await;
    let other = json!({"device": "bob", "args": {"spillover": "world"}, "dry_run": true});
    assert_eq!(
        simulate(&api, &id, other).await.ok(),
        json!({"dry_run": true, "device": BOB, "trigger": {"type": "phrase", "args": {
            "source_uri": "urn:relay-resource:name:device:Bob", "phrase": "hello", "spillover": "world",
        }}})
    );
    assert_eq!(api.get("/v1/triggers").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn what_comes_later_waits_for_its_time_and_nobody_waits_for_it() {
    let api = stage().await;
    let id = workflow(&api, "w", json!({"on_phrases": ["hello"]}), json!([ALICE])).await;
    let now = simulate(&api, &id, json!({})).await.ok();
    assert_eq!(now["class"], "interactive");
    let later = simulate(&api, &id, json!({"not_before": "2037-01-01T00:00:00Z"})).await.ok();
    assert_eq!((&later["class"], &later["state"]), (&json!("durable"), &json!("queued")));
}

#[tokio::test]
async fn what_cannot_be_simulated_says_why() {
    let api = stage().await;
    let id = workflow(&api, "w", json!({"on_phrases": ["hello"]}), json!([])).await;
    assert_eq!(simulate(&api, &id, json!({})).await.code(), (400, "not_installed"));
    assert_eq!(simulate(&api, &id, json!({"device": "Zoe"})).await.code(), (400, "unknown_device"));
    let odd = json!({"device": ALICE, "args": {"battery": {"is": "low"}}});
    assert_eq!(simulate(&api, &id, odd).await.code(), (400, "invalid_trigger"));
    assert_eq!(simulate(&api, &id, json!({"at": "noon"})).await.code(), (400, "invalid_body"));
    assert_eq!(simulate(&api, "wf_none", json!({})).await.code(), (404, "workflow_not_found"));
}
