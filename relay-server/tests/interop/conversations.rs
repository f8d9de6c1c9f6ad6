//! A workflow each, and what people perceive of it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{ALICE, BOB, Stage};

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn hello() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("hello", json!({})).await;
    stage.hears(ALICE, "What is your name?").await;
    stage.listens(ALICE).await;
    stage.act(ALICE, "speak", json!({"text": "Bob"})).await;
    stage.hears(ALICE, "Hello Bob").await;
    stage.ends_well().await;
    let history = stage.recorded("/v1/triggers?state=ended", "items").await;
    assert_eq!(history[0]["outcome"]["kind"], "completed", "{history}");
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn listen_for_phrases() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("listen", json!({})).await;
    stage.hears(ALICE, "Tea or coffee?").await;
    stage.listens(ALICE).await;
    stage.act(ALICE, "speak", json!({"text": "Coffee"})).await;
    stage
        .perceives(ALICE, "sound_started", |data| {
            data["text"].as_str().is_some_and(|text| text.eq_ignore_ascii_case("one coffee"))
        })
        .await;
    stage.ends_well().await;
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn buttons() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("buttons", json!({})).await;
    stage.hears(ALICE, "Tap").await;
    stage.act(ALICE, "tap", json!({})).await;
    stage.hears(ALICE, "action 1").await;
    stage.act(ALICE, "tap", json!({})).await;
    stage.hears(ALICE, "action 2").await;
    stage.act(ALICE, "tap", json!({"taps": "double"})).await;
    stage.ends_well().await;
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn an_alert_until_somebody_acknowledges_it() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("alert", json!({})).await;
    stage.hears(BOB, "Spill in aisle 4").await;
    stage.act(BOB, "tap", json!({})).await;
    stage.ends_well().await;
    stage.hears(ALICE, "Bob sees to it").await; // a broadcast outlives who sent it
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn timers() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("timers", json!({})).await;
    stage.hears(ALICE, "tick 1").await;
    stage.hears(ALICE, "tick 2").await;
    stage.ends_well().await;
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn leds_and_vibration() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("leds", json!({})).await;
    let effect = |effect: &'static str| move |data: &Value| data["effect"] == effect;
    let ring = stage.perceives(ALICE, "ring", effect("static")).await;
    assert_eq!(ring["data"]["colors"][0], "ff0000", "{ring}");
    stage.perceives(ALICE, "ring", effect("flash")).await;
    let ring = stage.perceives(ALICE, "ring", effect("rainbow")).await;
    assert_eq!(ring["data"]["times"], 3, "{ring}");
    let vibration = stage.perceives(ALICE, "vibration", |_| true).await;
    assert_eq!(vibration["data"]["pattern"], json!([100, 500, 500]));
    stage.hears(ALICE, "shown").await;
    stage.ends_well().await;
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn what_is_known_of_a_device() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("device", json!({})).await;
    stage.hears(ALICE, &format!("Alice; {ALICE}; relay2; 87; true; 51.5,-0.12; USER1")).await;
    stage.hears(ALICE, "renamed").await;
    stage.ends_well().await;
    let device = stage.get(&format!("/relaypro/api/v1/device/{ALICE}")).await;
    assert_eq!(device["device_label"], "Alice the second");
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn variables() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("variables", json!({"greeting": "good morning", "count": 41})).await;
    stage.hears(ALICE, "good morning 42").await;
    stage.ends_well().await;
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn groups() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("groups", json!({})).await;
    stage.hears(ALICE, "Alice and Bob; true").await;
    stage.ends_well().await;
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn an_incident_that_somebody_resolves() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("incident", json!({})).await;
    stage.hears(ALICE, "reported").await;
    let open = stage.get("/v1/incidents").await;
    assert_eq!(open[0]["type"], "spill", "{open}");
    let path = format!("/v1/incidents/{}/resolve", open[0]["id"].as_str().unwrap());
    stage.call(Method::POST, &path, json!({"reason": "mopped up"})).await;
    stage.hears(ALICE, "resolved: mopped up").await;
    stage.ends_well().await;
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn analytics() {
    let mut stage = Stage::set().await;
    stage.told_by_alice("analytics", json!({})).await;
    stage.hears(ALICE, "logged").await;
    stage.ends_well().await;
    let ended = stage.recorded("/ibot/workflow_analytics_events?category=workflow", "data").await;
    assert!(ended[0]["content"].as_str().unwrap().contains("terminate"), "{ended}");
    let events = stage.recorded("/ibot/workflow_analytics_events?source_type=user", "data").await;
    let contents: Vec<(&str, &str)> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["category"].as_str().unwrap(), event["content"].as_str().unwrap()))
        .collect();
    assert!(contents.contains(&("notes", "a message")), "{contents:?}");
    assert_eq!(contents.iter().filter(|(category, _)| *category == "visits").count(), 2, "{contents:?}");
}

#[tokio::test]
#[ignore = "needs the official SDK: cargo xtask interop"]
async fn a_call_over_http() {
    let mut stage = Stage::set().await;
    let id = stage.register("http", json!({"on_http": "POST"}), json!({})).await;
    let invoke = json!({"action": "invoke", "action_args": {"room": 231}, "target_device_ids": [ALICE]});
    let started = stage.call(Method::POST, &format!("/ibot/workflow/{id}?user_id={ALICE}"), invoke).await;
    assert!(started["workflow_instance_id"].as_str().unwrap().starts_with("wfi_"));
    stage.ends_well().await;
    stage.hears(ALICE, "http: room 231").await; // a broadcast outlives who sent it
}
