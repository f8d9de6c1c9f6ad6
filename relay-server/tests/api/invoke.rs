//! Starting workflows over HTTP, and what becomes of it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::server::Api;

const ALICE: &str = "990007560000001";

async fn stage() -> (Api, String) {
    let api = Api::start().await;
    api.put(&format!("/v1/devices/{ALICE}"), json!({"name": "Alice", "user": "USER1"})).await.ok();
    // Nobody listens there: what is accepted waits for somebody.
    let workflow = json!({"name": "bell", "config": {"trigger": {
        "start": {"workflow": {"uri": "wss://127.0.0.1:1/bell"}}, "on_http": "POST",
    }}});
    let id = api.post("/ibot/workflow", workflow).await.ok()[0]["workflow_id"].as_str().unwrap().to_owned();
    (api, id)
}

#[tokio::test]
async fn what_is_accepted_stands_in_the_queue() {
    let (api, id) = stage().await;
    let path = format!("/ibot/workflow/{id}?user_id={ALICE}");
    let invoke = json!({"action": "invoke", "action_args": {"room": "231"}, "target_device_ids": [ALICE]});
    let started = api.post(&path, invoke).await.ok();
    let instance = started["workflow_instance_id"].as_str().unwrap();
    let trigger = api.get(&format!("/v1/triggers/{instance}")).await.ok();
    assert_eq!(trigger["trigger"]["device"], ALICE);
    assert_eq!(trigger["trigger"]["trigger"]["type"], "http");
    let args = &trigger["trigger"]["trigger"]["args"];
    assert_eq!(args["args"], json!({"room": "231"}));
    assert_eq!(args["source_uri"], "urn:relay-resource:name:device:Alice");
    let listed = api.get(&format!("/v1/triggers?workflow={id}&state=queued,dialing")).await.ok();
    assert_eq!(listed["items"][0]["id"], instance);
    assert_eq!(
        api.get(&format!("/v1/triggers?device={ALICE}&outcome=completed")).await.ok()["items"],
        json!([])
    );
}

#[tokio::test]
async fn targets_are_named_in_many_ways() {
    let (api, id) = stage().await;
    let started = async |query: &str, targets: Value| {
        let mut invoke = json!({"action": "invoke"});
        if !targets.is_null() {
            invoke["target_device_ids"] = targets;
        }
        let started = api.post(&format!("/ibot/workflow/{id}{query}"), invoke).await.ok();
        let instance = started["workflow_instance_id"].as_str().unwrap().to_owned();
        api.get(&format!("/v1/triggers/{instance}")).await.ok()["trigger"]["device"].clone()
    };
    for targets in [
        json!([ALICE]),
        json!(["USER1"]),
        json!(["urn:relay-resource:name:device:Alice"]),
        json!(format!("['urn:relay-resource:id:device:{ALICE}']")),
        json!(format!("[urn:relay-resource:id:device:{ALICE}]")),
    ] {
        assert_eq!(started("", targets.clone()).await, ALICE, "{targets}");
    }
    assert_eq!(started(&format!("?user_id={ALICE}"), json!("System.String[]")).await, ALICE);
    assert_eq!(
        started(&format!("?&subscriber_id={}&user_id=USER1", api.subscriber), Value::Null).await,
        ALICE
    );
    assert_eq!(started("", Value::Null).await, Value::Null, "a workflow can do without a device");
}

#[tokio::test]
async fn what_cannot_be_started_says_why() {
    let (api, id) = stage().await;
    let invoke = json!({"action": "invoke"});
    assert_eq!(api.post("/ibot/workflow/wf_none", invoke.clone()).await.code(), (404, "workflow_not_found"));
    let nobody = api.post(&format!("/ibot/workflow/{id}?user_id=none"), invoke.clone()).await;
    assert_eq!(nobody.code(), (400, "unknown_device"));
    assert_eq!(api.post(&format!("/ibot/workflow/{id}"), json!({})).await.code(), (400, "missing_action"));
    assert_eq!(
        api.post(&format!("/ibot/workflow/{id}"), json!({"action": "stop"})).await.code(),
        (400, "unknown_action")
    );
    let spoken = json!({"name": "spoken", "config": {"trigger": {
        "start": {"workflow": {"uri": "wss://127.0.0.1:1/x"}}, "on_phrases": ["x"],
    }}});
    let spoken = api.post("/ibot/workflow", spoken).await.ok()[0]["workflow_id"].as_str().unwrap().to_owned();
    let other = api.post(&format!("/ibot/workflow/{spoken}"), invoke).await;
    assert_eq!(other.code(), (400, "not_an_http_workflow"));
    let request = api.request(reqwest::Method::POST, &format!("/ibot/workflow/{id}")).body("no json");
    assert_eq!(crate::server::answer(request).await.code(), (400, "invalid_json"));
}

#[tokio::test]
async fn a_repeated_request_has_the_same_answer() {
    let (api, id) = stage().await;
    let start = async |key: &str, body: Value| {
        let request = api.request(reqwest::Method::POST, &format!("/v1/workflows/{id}/trigger"));
        crate::server::answer(request.header("idempotency-key", key).body(body.to_string())).await
    };
    let first = start("k1", json!({"args": {"n": 1}, "devices": [ALICE]})).await.ok();
    let again = start("k1", json!({"args": {"n": 1}, "devices": [ALICE]})).await.ok();
    assert_eq!(first[0]["id"], again[0]["id"]);
    let other = start("k2", json!({"args": {"n": 1}, "devices": [ALICE]})).await.ok();
    assert_ne!(first[0]["id"], other[0]["id"]);
    let reused = start("k1", json!({"args": {"n": 2}, "devices": [ALICE]})).await;
    assert_eq!(reused.code(), (409, "idempotency_key_reused"));
}

#[tokio::test]
async fn a_trigger_may_wait_and_be_withdrawn() {
    let (api, id) = stage().await;
    let path = format!("/v1/workflows/{id}/trigger");
    let later = json!({"not_before": "2036-01-02T03:04:05Z", "not_after": "2036-01-02T04:04:05Z"});
    let row = api.post(&path, later).await.ok()[0].clone();
    assert_eq!(row["state"], "queued");
    assert!(row["not_before"].as_i64() < row["not_after"].as_i64(), "{row}");
    let instance = row["id"].as_str().unwrap();
    assert_eq!(api.delete(&format!("/v1/instances/{instance}?reason=changed_my_mind")).await.status, 204);
    let trigger = api.get(&format!("/v1/triggers/{instance}")).await.ok()["trigger"].take();
    assert_eq!(trigger["outcome"]["kind"], "stopped");
    assert_eq!(api.delete(&format!("/v1/instances/{instance}")).await.code(), (404, "instance_not_found"));
    assert_eq!(api.post(&path, json!({"not_before": "tomorrow"})).await.code(), (400, "invalid_time"));
    assert_eq!(api.post(&path, json!({"argz": {}})).await.code(), (400, "invalid_body"));
}

#[tokio::test]
async fn what_failed_is_tried_again_dry_run_first() {
    let (api, id) = stage().await;
    let soon = jiff::Timestamp::now() + Duration::from_millis(50);
    let row =
        api.post(&format!("/v1/workflows/{id}/trigger"), json!({"not_after": soon.to_string()})).await.ok();
    let instance = row[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/triggers/{instance}");
    while api.get(&path).await.ok()["trigger"]["state"] != "ended" {
        tokio::task::yield_now().await;
    }
    let ended = api.get(&path).await.ok();
    assert!(!ended["attempts"].as_array().unwrap().is_empty(), "{ended}");
    let dry = api.post("/v1/triggers/retry", json!({"workflow": id, "dry_run": true})).await.ok();
    assert_eq!((&dry["dry_run"], &dry["triggers"][0]["id"]), (&json!(true), &json!(instance)));
    assert_eq!(api.get(&path).await.ok()["trigger"]["state"], "ended");
    let again = api.post("/v1/triggers/retry", json!({"ids": [instance]})).await.ok();
    let again = again["triggers"][0]["id"].as_str().unwrap();
    assert_ne!(again, instance, "what has an outcome keeps it");
    assert_ne!(api.get(&format!("/v1/triggers/{again}")).await.ok()["trigger"]["state"], "ended");
    assert_eq!(api.get("/v1/triggers/wfi_none").await.code(), (404, "trigger_not_found"));
    assert_eq!(api.get("/v1/triggers?state=lost").await.code(), (400, "invalid_parameter"));
    assert_eq!(api.post("/v1/triggers/retry", json!({"all": true})).await.code(), (400, "invalid_body"));
}

#[tokio::test]
async fn instances_that_are_not_there() {
    let (api, _) = stage().await;
    assert_eq!(api.get("/ibot/workflow_instances").await.ok(), json!([]));
    assert_eq!(api.get("/v1/instances").await.ok(), json!([]));
    assert_eq!(api.delete("/ibot/workflow_instances/wfi_none").await.code(), (404, "instance_not_found"));
    assert_eq!(api.get("/v1/instances/wfi_none/transcript").await.code(), (404, "instance_not_found"));
    assert_eq!(api.get("/ibot/workflow_analytics_events").await.ok(), json!({"data": [], "cursor": ""}));
    let odd = api.get("/ibot/workflow_analytics_events?source_type=x").await;
    assert_eq!(odd.code(), (400, "invalid_parameter"));
    assert_eq!(api.get("/v1/incidents").await.ok(), json!([]));
    let incident = api.post("/v1/incidents/none/resolve", json!({"reason": "x"})).await;
    assert_eq!(incident.code(), (404, "not_found"));
}
