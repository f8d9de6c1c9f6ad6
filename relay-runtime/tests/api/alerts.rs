//! Alerts, broadcasts and what was logged about them.

use std::time::Duration;

use relay_runtime::api::{ApiError, Client, Environment};
use serde_json::json;

use crate::server::{Server, told};

#[tokio::test]
async fn an_alert_is_sent_with_its_options_and_cancelled() {
    let server = Server::telling([told(200, r#"{"task_id":"t 1"}"#)]).await;
    let relay = server.client().api_key("k1").build().unwrap();
    let task = relay
        .alert("Spill in aisle 4")
        .groups(["Cleaning"])
        .on_ack("thank you")
        .quorum(1)
        .on_quorum("it is seen to")
        .timeout(Duration::from_secs(60))
        .on_timeout("too late")
        .name("spills")
        .await
        .unwrap();
    relay.cancel_alert(&task.task_id).await.unwrap();

    assert_eq!(
        server.lines(),
        ["POST /subscribers/S%201/api/v1/alerts", "DELETE /subscribers/S%201/api/v1/alerts/t%201"]
    );
    let asked = server.asked();
    assert_eq!(asked[0].header("authorization"), "RelayApiKey k1");
    assert_eq!(
        asked[0].json(),
        json!({
            "notification": "Spill in aisle 4", "groups": ["Cleaning"], "on_ack": "thank you", "quorum": 1,
            "on_quorum": "it is seen to", "timeout": 60, "on_timeout": "too late", "name": "spills",
        })
    );
}

#[tokio::test]
async fn a_broadcast_needs_somebody_to_hear_it() {
    let server = Server::telling([told(200, r#"{"task_id":"t1"}"#)]).await;
    let relay = server.client().api_key("k1").build().unwrap();
    let error = relay.broadcast("Closing time").await.unwrap_err();
    assert_eq!(error.to_string(), "not sent: bad `groups`: there is nobody to tell");
    relay.broadcast("Closing time").groups(["Everybody"]).await.unwrap();
    assert_eq!(server.lines(), ["POST /subscribers/S%201/api/v1/broadcasts"]);
    assert_eq!(server.asked()[0].json(), json!({ "notification": "Closing time", "groups": ["Everybody"] }));
}

#[tokio::test]
async fn events_are_read_leniently() {
    let server =
        Server::telling([told(200, json!([{ "id": 7, "category": "alerts", "content": {}, "task": 1 }]))])
            .await;
    let relay = server.client().api_key("k1").build().unwrap();
    let events = relay.analytics_events().oldest("2026-01-01T00:00:00Z").limit(5).await.unwrap();
    assert_eq!((events[0].id.as_deref(), events[0].category.as_deref()), (Some("7"), Some("alerts")));
    assert_eq!(events[0].document["task"], 1);
    assert_eq!(
        server.lines(),
        ["GET /subscribers/S%201/api/v1/events?oldest=2026-01-01T00%3A00%3A00Z&limit=5"]
    );
}

#[tokio::test]
async fn no_host_is_guessed() {
    let relay =
        Client::builder().environment(Environment::Qa).subscriber_id("S").api_key("k1").build().unwrap();
    let error = relay.alert("hello").groups(["Everybody"]).await.unwrap_err();
    assert!(matches!(error, ApiError::Setting { name: "host", .. }), "{error}");
}
