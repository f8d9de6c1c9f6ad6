//! The stream of events, logs, and alerts.

use std::time::Duration;

use reqwest::Response;
use serde_json::{Value, json};

use crate::server::Api;

const ALICE: &str = "990007560000001";

/// Reads until the text holds all of these, and gives it back.
async fn until(response: &mut Response, parts: &[&str]) -> String {
    let mut text = String::new();
    let read = async {
        while !parts.iter().all(|part| text.contains(part)) {
            text.push_str(&String::from_utf8_lossy(
                &response.chunk().await.unwrap().expect("the stream ended"),
            ));
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(10), read).await;
    assert!(in_time.is_ok(), "{parts:?} are not all in {text}");
    text
}

async fn watch(api: &Api, query: &str) -> Response {
    let response = api.request(reqwest::Method::GET, &format!("/v1/events{query}")).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response
}

#[tokio::test]
async fn what_happens_is_pushed_and_resumed() {
    let api = Api::start().await;
    api.device(ALICE, "Alice").await;
    let mut stream = watch(&api, "?kinds=device").await;
    api.post(&format!("/v1/devices/{ALICE}/turn"), json!({"talk": "Lobby"})).await.ok();
    let text = until(&mut stream, &["\"what\":\"channel\"", "Lobby"]).await;
    let cursor = text.lines().find_map(|line| line.strip_prefix("id:")).unwrap().trim().to_owned();
    drop(stream);
    api.post(&format!("/v1/devices/{ALICE}/turn"), json!({"talk": "Kitchen"})).await.ok();
    for query in [format!("?after={cursor}"), String::new()] {
        let request = api.request(reqwest::Method::GET, &format!("/v1/events{query}"));
        let request = if query.is_empty() { request.header("last-event-id", &cursor) } else { request };
        let mut resumed = request.send().await.unwrap();
        let text = until(&mut resumed, &["Kitchen"]).await;
        assert!(!text.contains("Lobby"), "{text}");
    }
}

#[tokio::test]
async fn a_gap_is_said() {
    let api = Api::start_with(|config| config.events.keep = 1).await;
    api.device(ALICE, "Alice").await;
    let mut other_boot = watch(&api, "?after=1-1").await;
    until(&mut other_boot, &["event: gap"]).await;
}

#[tokio::test]
async fn a_stream_that_makes_no_sense_is_refused() {
    let api = Api::start_with(|config| config.events.max_streams = 1).await;
    assert_eq!(api.get("/v1/events?after=x").await.code(), (400, "invalid_cursor"));
    assert_eq!(api.get("/v1/events?kinds=weather").await.code(), (400, "invalid_kind"));
    let _open = watch(&api, "").await;
    assert_eq!(api.get("/v1/events").await.code(), (429, "too_many_streams"));
}

#[tokio::test]
async fn streams_end_with_their_token() {
    let api = Api::start().await;
    for path in ["/v1/events", "/ibot/workflowdebug"] {
        let made = api.post("/v1/tokens", json!({"name": "lobby", "role": "read"})).await.ok();
        let request = api.anonymous(reqwest::Method::GET, path).bearer_auth(made["token"].as_str().unwrap());
        let mut stream = request.send().await.unwrap();
        assert_eq!(stream.status(), 200);
        api.delete(&format!("/v1/tokens/{}", made["id"].as_str().unwrap())).await;
        let ended = async { while stream.chunk().await.unwrap().is_some() {} };
        let in_time = tokio::time::timeout(Duration::from_secs(10), ended).await;
        assert!(in_time.is_ok(), "{path} goes on");
    }
}

#[tokio::test]
async fn streams_end_with_the_server() {
    let api = Api::start().await;
    let mut stream = watch(&api, "").await;
    api.server.shutdown().await;
    while let Some(chunk) = stream.chunk().await.unwrap() {
        assert!(!chunk.is_empty());
    }
}

#[tokio::test]
async fn logs_are_lines() {
    let api = Api::start().await;
    api.device(ALICE, "Alice").await;
    let workflow = json!({"name": "w", "install_rule": "urn:relay-resource:all:device", "config": {"trigger": {
        "start": {"workflow": {"uri": "wss://127.0.0.1:1/w"}}, "on_phrases": ["hello"],
    }}});
    api.post("/ibot/workflow", workflow).await.ok();
    let path = format!("/ibot/workflowdebug?subscriber_id={}", api.subscriber);
    let mut stream = api.request(reqwest::Method::GET, &path).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "application/x-ndjson");
    api.post(&format!("/v1/devices/{ALICE}/speak"), json!({"text": "hello", "assistant": true})).await.ok();
    let text = until(&mut stream, &["\n"]).await;
    let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    for key in ["level", "timestamp", "message", "context"] {
        assert!(!line[key].is_null(), "{key} is not in {line}");
    }
}

#[tokio::test]
async fn groups_are_told_something() {
    let api = Api::start().await;
    api.device(ALICE, "Alice").await;
    api.put("/v1/groups/g1", json!({"name": "Cleaning", "members": [ALICE]})).await.ok();
    let mut stream = watch(&api, &format!("?device={ALICE}")).await;
    let base = format!("/subscribers/{}/api/v1", api.subscriber);
    for group in ["Cleaning", "g1", "urn:relay-resource:name:group:Cleaning"] {
        let body = json!({"notification": "Lunch", "groups": [group]});
        let told = api.post(&format!("{base}/broadcasts"), body).await.ok();
        assert!(told["task_id"].is_string());
    }
    until(&mut stream, &["relay-local://chime"]).await;
    let body = json!({"notification": "Spill", "groups": ["Cleaning"], "timeout": 60, "name": "spill"});
    let task = api.post(&format!("{base}/alerts"), body).await.ok()["task_id"].as_str().unwrap().to_owned();
    until(&mut stream, &["\"what\":\"ring\""]).await;
    assert_eq!(api.delete(&format!("{base}/alerts/{task}")).await.status, 204);
    assert_eq!(api.delete(&format!("{base}/alerts/{task}")).await.status, 204, "it is over");
    assert_eq!(api.delete(&format!("{base}/alerts/none")).await.code(), (404, "not_found"));
    let alerts = format!("{base}/alerts");
    let refused = [
        (json!({"groups": ["Cleaning"]}), (400, "missing_notification")),
        (json!({"notification": "x"}), (400, "missing_groups")),
        (json!({"notification": "x", "groups": ["None"]}), (404, "not_found")),
        (json!({"notification": "x", "groups": ["Cleaning"], "quorum": 0}), (400, "invalid_quorum")),
        (json!({"notification": "x", "groups": ["Cleaning"], "on_ack": 1}), (400, "option_not_supported")),
        (json!({"notification": "x", "groups": ["Cleaning"], "urgent": true}), (400, "option_not_supported")),
        (json!({"notification": "x", "groups": ["Cleaning"], "timeout": 0}), (400, "invalid_timeout")),
    ];
    for (body, code) in refused {
        assert_eq!(api.post(&alerts, body.clone()).await.code(), code, "{body}");
    }
    let broadcast = json!({"notification": "x", "groups": ["Cleaning"], "quorum": 1});
    let broadcast = api.post(&format!("{base}/broadcasts"), broadcast).await;
    assert_eq!(broadcast.code(), (400, "option_not_supported"));
}

/// What became of an alert, the oldest first, once there is so much to tell.
async fn story(api: &Api, task: &str, length: usize) -> Vec<Value> {
    loop {
        let path = format!("/ibot/workflow_analytics_events?workflow_instance_id={task}");
        let page = api.get(&path).await.ok();
        let told = page["data"].as_array().unwrap();
        if told.len() >= length {
            let event = |event: &Value| {
                let content: Value = serde_json::from_str(event["content"].as_str().unwrap()).unwrap();
                json!([event["category"], content["event"], event["user_id"]])
            };
            return told.iter().rev().map(event).collect();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_alert_is_over_when_enough_people_have_reacted() {
    let api = Api::start().await;
    let people = [ALICE, "990007560000002", "990007560000003"];
    for (id, name) in people.iter().zip(["Alice", "Bob", "Carol"]) {
        api.device(id, name).await;
    }
    api.put("/v1/groups/g1", json!({"name": "Cleaning", "members": people})).await.ok();
    let mut stream = watch(&api, "?kind=device").await;
    let base = format!("/subscribers/{}/api/v1", api.subscriber);
    let body = json!({
        "notification": "Spill", "groups": ["Cleaning"], "name": "spill",
        "quorum": 2, "on_ack": "Thank you", "on_quorum": "It is being seen to", "on_timeout": "Nobody came",
    });
    let task = api.post(&format!("{base}/alerts"), body).await.ok()["task_id"].as_str().unwrap().to_owned();
    until(&mut stream, &["\"what\":\"ring\""]).await;
    for device in &people[..2] {
        api.post(&format!("/v1/devices/{device}/tap"), json!({})).await.ok();
    }
    until(&mut stream, &["Thank you"]).await;
    until(&mut stream, &["It is being seen to"]).await;
    let told = story(&api, &task, 4).await;
    let expected = [
        json!(["spill", "sent", null]),
        json!(["spill", "acknowledged", people[0]]),
        json!(["spill", "acknowledged", people[1]]),
        json!(["spill", "cancelled", people[2]]),
    ];
    assert_eq!(told, expected);
    assert_eq!(api.get(&format!("{base}/events?limit=5")).await.ok().as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn an_alert_is_known_after_a_restart() {
    let api = Api::start().await;
    api.put("/v1/groups/g1", json!({"name": "Cleaning", "members": []})).await.ok();
    let base = format!("/subscribers/{}/api/v1", api.subscriber);
    let body = json!({"notification": "Spill", "groups": ["Cleaning"]});
    let task = api.post(&format!("{base}/alerts"), body).await.ok()["task_id"].as_str().unwrap().to_owned();
    let api = api.restart().await;
    assert_eq!(api.delete(&format!("{base}/alerts/{task}")).await.status, 204);
    assert_eq!(story(&api, &task, 1).await, [json!(["alerts", "sent", null])]);
}
