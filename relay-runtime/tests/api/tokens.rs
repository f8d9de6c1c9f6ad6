//! Refresh tokens, and when they are exchanged.

use std::sync::atomic::{AtomicU32, Ordering};

use relay_runtime::api::ApiError;
use serde_json::json;
use tokio::sync::mpsc;

use crate::server::{Asked, Server, Told, told};

const EXCHANGE: &str = "POST /oauth2/token";
const DEVICE: &str = "GET /relaypro/api/v1/device/990?subscriber_id=S+1";

/// Grants `a1`, `a2` …, each with this life, and accepts the token that `accepts` does.
async fn granting(expires_in: u64, accepts: impl Fn(&str) -> bool + Send + Sync + 'static) -> Server {
    let granted = AtomicU32::new(0);
    Server::with(move |asked: &Asked| -> Told {
        if asked.is_exchange() {
            let number = granted.fetch_add(1, Ordering::Relaxed) + 1;
            let (access, refresh) = (format!("a{number}"), format!("r{number}"));
            return told(
                200,
                json!({ "access_token": access, "refresh_token": refresh, "expires_in": expires_in }),
            );
        }
        let token = asked.header("authorization").trim_start_matches("Bearer ");
        if accepts(token) { told(200, "{}") } else { told(401, r#"{"error":"unauthorized"}"#) }
    })
    .await
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_once_for_many_calls() {
    let server = granting(3600, |token| token == "a1").await;
    let relay = server.client().refresh_token("r&0").client_id("c1").build().unwrap();
    relay.fetch_device("990").await.unwrap();
    relay.clone().fetch_device("990").await.unwrap();
    assert_eq!(server.lines(), [EXCHANGE, DEVICE, DEVICE]);
    let asked = server.asked().remove(0);
    assert_eq!(asked.body, "grant_type=refresh_token&refresh_token=r%260&client_id=c1");
    assert_eq!(asked.header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(asked.header("authorization"), "");
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_call_repeated() {
    let server = granting(3600, |token| token == "a1").await;
    let relay = server.client().refresh_token("r0").access_token("old").build().unwrap();
    relay.fetch_device("990").await.unwrap();
    assert_eq!(server.lines(), [DEVICE, EXCHANGE, DEVICE]);
}

#[tokio::test]
async fn a_trigger_is_repeated_too_since_it_was_refused_at_the_door() {
    let server = granting(3600, |token| token == "a1").await;
    let relay = server.client().refresh_token("r0").access_token("old").build().unwrap();
    relay.trigger_workflow("wf_1").user("990").await.unwrap();
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    assert_eq!(asked[0].body, asked[2].body);
    assert_eq!(asked[2].header("authorization"), "Bearer a1");
}

#[tokio::test]
async fn what_is_refused_for_good_is_asked_twice_and_no_more() {
    let server = granting(3600, |_| false).await;
    let relay = server.client().refresh_token("r0").build().unwrap();
    let error = relay.fetch_device("990").await.unwrap_err();
    assert!(matches!(error, ApiError::Unauthorized { .. }), "{error}");
    assert_eq!(server.lines(), [EXCHANGE, DEVICE, EXCHANGE, DEVICE]);
    assert!(server.asked()[2].body.contains("refresh_token=r1&"), "the replaced refresh token is used");
}

#[tokio::test]
async fn an_expired_token_is_replaced_before_it_is_refused() {
    let server = granting(0, |_| true).await;
    let relay = server.client().refresh_token("r0").build().unwrap();
    relay.fetch_device("990").await.unwrap();
    relay.fetch_device("990").await.unwrap();
    assert_eq!(server.lines(), [EXCHANGE, DEVICE, EXCHANGE, DEVICE]);
}

#[tokio::test]
async fn calls_at_the_same_time_share_one_exchange() {
    let server = granting(3600, |token| token == "a1").await;
    for relay in [
        server.client().refresh_token("r0").build().unwrap(),
        server.client().refresh_token("r0").access_token("old").build().unwrap(),
    ] {
        let before = server.asked().len();
        let calls = (0..10).map(|_| {
            let relay = relay.clone();
            tokio::spawn(async move { relay.fetch_device("990").await })
        });
        for call in calls.collect::<Vec<_>>() {
            // The second client is granted `a2`, which this server refuses: only the number of exchanges counts.
            _ = call.await.unwrap();
        }
        let exchanges = server.asked()[before..].iter().filter(|asked| asked.is_exchange()).count();
        assert_eq!(exchanges, 1);
    }
}

#[tokio::test]
async fn a_dropped_call_does_not_drop_the_exchange() {
    let (exchanging, mut exchanges) = mpsc::unbounded_channel();
    let server = Server::with(move |asked| {
        if !asked.is_exchange() {
            return told(200, "{}");
        }
        exchanging.send(()).unwrap();
        told(200, json!({ "access_token": "a1", "refresh_token": "r1" }))
    })
    .await;
    let relay = server.client().refresh_token("r0").build().unwrap();
    let dropped = tokio::spawn({
        let relay = relay.clone();
        async move { relay.fetch_device("990").await }
    });
    exchanges.recv().await.unwrap();
    dropped.abort();
    relay.fetch_device("990").await.unwrap();
    assert_eq!(server.asked().iter().filter(|asked| asked.is_exchange()).count(), 1);
}

#[tokio::test]
async fn a_refused_refresh_token_is_about_the_credentials() {
    let server =
        Server::telling([told(400, r#"{"error":"invalid_grant","error_description":"revoked"}"#)]).await;
    let relay = server.client().refresh_token("r0").build().unwrap();
    let error = relay.fetch_device("990").await.unwrap_err();
    assert!(matches!(error, ApiError::Unauthorized { .. }));
    assert_eq!(
        error.to_string(),
        format!(
            "POST http://127.0.0.1:{}/oauth2/token: the credentials are refused: status 400, invalid_grant, revoked",
            server.port()
        )
    );
    assert_eq!(server.lines(), [EXCHANGE]);
}

#[tokio::test]
async fn a_fixed_token_that_is_refused_is_an_error_at_once() {
    let server = Server::telling([told(401, "")]).await;
    let relay = server.client().access_token("t1").build().unwrap();
    assert_eq!(relay.fetch_device("990").await.unwrap_err().status(), Some(401));
    assert_eq!(server.lines(), [DEVICE]);
}

#[tokio::test]
async fn another_auth_host_can_be_named() {
    let (server, auth) = (granting(3600, |token| token == "a1").await, granting(3600, |_| false).await);
    let auth_host = format!("http://127.0.0.1:{}", auth.port());
    let relay = server.client().auth_host(auth_host).refresh_token("r0").build().unwrap();
    relay.fetch_device("990").await.unwrap();
    assert_eq!((server.lines(), auth.lines()), (vec![DEVICE.to_owned()], vec![EXCHANGE.to_owned()]));
}
