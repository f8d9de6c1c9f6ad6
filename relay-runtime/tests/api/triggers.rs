//! Starting workflows.

use relay_runtime::api::ApiError;
use relay_runtime::urn::DeviceUrn;
use serde::Serialize;
use serde_json::json;

use crate::server::{Server, told};

#[tokio::test]
async fn a_trigger_is_sent_as_real_json() {
    #[derive(Serialize)]
    struct Order {
        room: u32,
        extras: Vec<&'static str>,
    }

    let server = Server::telling([told(200, r#"{"workflow_instance_id":"wfi_1"}"#)]).await;
    let relay = server.client().access_token("t1").build().unwrap();
    let triggered = relay
        .trigger_workflow("wf_a/b")
        .user("990007560011111")
        .args(Order { room: 231, extras: vec!["milk"] })
        .arg("urgent", true)
        .devices([DeviceUrn::name("Alice B").unwrap()])
        .await
        .unwrap();

    assert_eq!(triggered.instance_id.as_deref(), Some("wfi_1"));
    let asked = server.asked().remove(0);
    assert_eq!(asked.line, "POST /ibot/workflow/wf_a%2Fb?subscriber_id=S+1&user_id=990007560011111");
    assert_eq!(asked.header("authorization"), "Bearer t1");
    assert_eq!(asked.header("content-type"), "application/json");
    assert_eq!(asked.header("user-agent"), concat!("relay-rust/", env!("CARGO_PKG_VERSION")));
    assert_eq!(
        asked.json(),
        json!({
            "action": "invoke",
            "action_args": { "room": 231, "extras": ["milk"], "urgent": true },
            "target_device_ids": ["urn:relay-resource:name:device:Alice%20B"],
        })
    );
}

#[tokio::test]
async fn the_user_is_the_device_unless_told_otherwise() {
    let server = Server::telling([told(200, "accepted")]).await;
    let relay = server.client().access_token("t1").build().unwrap();
    let triggered = relay.trigger_workflow("wf_1").user("990").await.unwrap();
    assert_eq!(triggered.instance_id, None, "the body is not relied on");
    assert_eq!(
        server.asked()[0].json(),
        json!({ "action": "invoke", "action_args": {}, "target_device_ids": ["990"] })
    );
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_sent() {
    let server = Server::telling([told(200, "")]).await;
    let relay = server.client().access_token("t1").build().unwrap();
    for (trigger, text) in [
        (
            relay.trigger_workflow("wf_1"),
            "not sent: bad `user`: every trigger has a device or user that it is for",
        ),
        (relay.trigger_workflow(" ").user("990"), "not sent: bad `trigger_workflow`: it is empty"),
        (relay.trigger_workflow("..").user("990"), "not sent: bad `trigger_workflow`: `..` is no id"),
        (
            relay.trigger_workflow("wf_1").user("990").args([1, 2]).arg("a", 1),
            "not sent: bad `args`: it is not a struct or map with names",
        ),
    ] {
        let error = trigger.await.unwrap_err();
        assert!(matches!(error, ApiError::Argument { .. }));
        assert_eq!(error.to_string(), text);
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_refusal_says_what_relay_says() {
    let server =
        Server::telling([told(404, r#"{"error":"workflow_not_found","message":"no workflow wf_1"}"#)]).await;
    let relay = server.client().access_token("t1").build().unwrap();
    let error = relay.trigger_workflow("wf_1").user("990").await.unwrap_err();
    assert!(matches!(error, ApiError::Refused { .. }));
    assert_eq!(error.status(), Some(404));
    assert_eq!(error.reply().unwrap().code.as_deref(), Some("workflow_not_found"));
    assert_eq!(
        error.to_string(),
        format!(
            "POST http://127.0.0.1:{}/ibot/workflow/wf_1: refused: status 404, workflow_not_found, no workflow wf_1",
            server.port()
        )
    );
}
