//! A network and a server that fail, and what is tried again.

use std::time::Duration;

use relay_runtime::api::{ApiError, Client};
use tokio::net::TcpListener;

use crate::server::{Server, hang_up, told};

fn busy() -> crate::server::Told {
    told(429, r#"{"error":"slow_down"}"#).retry_after("0")
}

#[tokio::test]
async fn too_many_requests_are_tried_again() {
    let server = Server::telling([busy(), told(200, "{}")]).await;
    let relay = server.client().access_token("t1").build().unwrap();
    relay.trigger_workflow("wf_1").user("990").await.unwrap();
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn an_end_of_patience_is_told() {
    let server = Server::telling([busy().retry_after("3600")]).await;
    let relay = server.client().access_token("t1").build().unwrap();
    let error = relay.fetch_device("990").await.unwrap_err();
    assert_eq!(error.reply().unwrap().retry_after, Some(Duration::from_secs(3600)));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn what_may_have_been_done_is_not_done_twice() {
    for trouble in [told(503, "").retry_after("0"), hang_up()] {
        let server = Server::telling([trouble.clone(), told(200, "{}")]).await;
        let relay = server.client().access_token("t1").build().unwrap();
        relay.fetch_device("990").await.unwrap();
        assert_eq!(server.asked().len(), 2, "asking does no harm");

        let server = Server::telling([trouble, told(200, "{}")]).await;
        let relay = server.client().access_token("t1").build().unwrap();
        let error = relay.trigger_workflow("wf_1").user("990").await.unwrap_err();
        assert!(matches!(error, ApiError::Failed { .. } | ApiError::Interrupted { .. }), "{error}");
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn nobody_there_is_told() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let relay =
        Client::builder().host(format!("http://{free}")).subscriber_id("S").access_token("t1").retries(0);
    let error = relay.build().unwrap().fetch_device("990").await.unwrap_err();
    assert!(matches!(error, ApiError::Unreachable { .. }));
    assert_eq!(error.to_string(), format!("GET http://{free}/relaypro/api/v1/device/990: cannot connect"));
}

#[tokio::test]
async fn silence_has_an_end() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = format!("http://{}", silent.local_addr().unwrap());
    let patience = Duration::from_millis(20);
    let relay = Client::builder().host(host).subscriber_id("S").access_token("t1").timeout(patience);
    let error = relay.build().unwrap().fetch_device("990").await.unwrap_err();
    assert!(matches!(error, ApiError::TimedOut { after, .. } if after == patience), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server = Server::telling([told(307, "")]).await;
    let relay = server.client().access_token("t1").build().unwrap();
    assert_eq!(relay.fetch_device("990").await.unwrap_err().status(), Some(307));
}

#[test]
fn what_is_missing_is_named() {
    for (builder, text) in [
        (
            Client::builder().access_token("t1"),
            "bad `subscriber_id`: the account is required (RELAY_SUBSCRIBER_ID)",
        ),
        (
            Client::builder().subscriber_id("S"),
            "bad `refresh_token`: a token or key is required (RELAY_REFRESH_TOKEN or RELAY_API_KEY)",
        ),
        (
            Client::builder().subscriber_id("S").access_token("a\nb"),
            "bad `access_token`: it has characters that a header cannot carry",
        ),
        (
            Client::builder().subscriber_id("S").access_token("t1").ca_pem("secret"),
            "bad `ca_pem`: it holds no PEM certificate, or a damaged one",
        ),
    ] {
        assert_eq!(builder.build().unwrap_err().to_string(), text);
    }
}
