//! Asking for devices.

use relay_runtime::api::ApiError;
use serde_json::json;

use crate::server::{Server, told};

#[tokio::test]
async fn a_device_is_asked_for_by_id() {
    let document = json!({ "device_label": "Alice", "device_status": "online", "new": 1 });
    let server = Server::telling([told(200, document)]).await;
    let relay = server.client().access_token("t1").build().unwrap();
    let alice = relay.fetch_device("990 1").await.unwrap();
    assert_eq!((alice.name.as_deref(), alice.status.as_deref()), (Some("Alice"), Some("online")));
    assert_eq!(alice.document["new"], 1);
    assert_eq!(server.lines(), ["GET /relaypro/api/v1/device/990%201?subscriber_id=S+1"]);
    assert_eq!(server.asked()[0].header("content-type"), "", "there is no body");
}

#[tokio::test]
async fn a_prefix_of_the_host_is_kept() {
    let server = Server::telling([told(200, "{}")]).await;
    let host = format!("http://localhost:{}/pro/", server.port());
    let relay = server.client().host(host).access_token("t1").user_agent("bell/1").build().unwrap();
    relay.fetch_device("990").await.unwrap();
    assert_eq!(server.lines(), ["GET /pro/relaypro/api/v1/device/990?subscriber_id=S+1"]);
    assert_eq!(server.asked()[0].header("user-agent"), "bell/1");
}

#[tokio::test]
async fn an_answer_that_is_no_device_is_an_error() {
    for body in ["", "{", "[]", "<html>"] {
        let server = Server::telling([told(200, body)]).await;
        let relay = server.client().access_token("t1").build().unwrap();
        let error = relay.fetch_device("990").await.unwrap_err();
        assert!(matches!(error, ApiError::BadAnswer { .. }), "{body}: {error}");
        assert!(error.to_string().contains("/device/990: not the documented answer: "), "{error}");
    }
}
