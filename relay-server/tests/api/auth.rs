//! Nothing without a token.

use relay_server::api::openapi;
use reqwest::Method;
use serde_json::json;

use crate::server::{Api, answer};

const OPEN: [&str; 11] = [
    "/healthz",
    "/readyz",
    "/oauth2/token",
    "/oauth2/authorization",
    "/oauth2/revoke",
    "/logout",
    "/realms/Relay/protocol/openid-connect/token",
    "/realms/Relay/protocol/openid-connect/auth",
    "/realms/Relay/protocol/openid-connect/logout",
    "/realms/Relay/protocol/openid-connect/revoke",
    "/upload/{subscriber_id}/{id}/{secret}",
];

/// Every operation of the interface: its method, its path with something in the place of its parameters, and the role
/// that it demands.
fn operations() -> Vec<(Method, String, Option<String>)> {
    let document = openapi();
    let mut all = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let role = operation["x-role"].as_str().map(str::to_owned);
            assert_eq!(role.is_none(), OPEN.contains(&path.as_str()), "{method} {path} is open, or is not");
            all.push((method.to_uppercase().parse().unwrap(), path.replace(['{', '}', '*'], ""), role));
        }
    }
    assert!(all.len() > 80, "{}", all.len());
    all
}

#[tokio::test]
async fn every_endpoint_but_a_few_wants_a_token_that_is_good() {
    let api = Api::start_with(|config| config.limits.auth_failures = 10_000).await;
    let made = api.post("/v1/tokens", json!({"name": "lobby"})).await.ok();
    let (id, revoked) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    answer(api.anonymous(Method::GET, "/v1/info").bearer_auth(revoked)).await.ok();
    assert_eq!(api.delete(&format!("/v1/tokens/{id}")).await.status, 204);
    for (method, path, role) in operations() {
        if role.is_none() {
            continue;
        }
        let ask = || api.anonymous(method.clone(), &path);
        for request in [ask(), ask().bearer_auth("relay_wrong"), ask().bearer_auth(revoked)] {
            assert_eq!(answer(request).await.code(), (401, "invalid_token"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn no_endpoint_takes_a_token_that_allows_less() {
    let api = Api::start().await;
    let token = async |role: &str| {
        let made = api.post("/v1/tokens", json!({"name": role, "role": role})).await.ok();
        made["token"].as_str().unwrap().to_owned()
    };
    let (read, trigger) = (token("read").await, token("trigger").await);
    for (method, path, role) in operations() {
        let lesser = match role.as_deref() {
            Some("admin") => vec![&read, &trigger],
            Some("trigger") => vec![&read],
            _ => Vec::new(),
        };
        for token in lesser {
            let refused = answer(api.anonymous(method.clone(), &path).bearer_auth(token)).await;
            assert_eq!(refused.code(), (403, "forbidden"), "{method} {path}");
        }
        // What changes something wants more than a look, but for a GET that one SDK repeats as a POST.
        let looks = method == Method::GET || path == "/relaypro/api/v1/device/id";
        assert!(looks || role.as_deref() != Some("read"), "{method} {path}");
    }
}

/// A token of one account never does anything to another, whichever way the other is named.
#[tokio::test]
async fn no_endpoint_lets_a_token_into_another_account() {
    let api = Api::start().await;
    api.post("/v1/subscribers", json!({"id": "other"})).await.ok();
    let made = api.post("/v1/tokens", json!({"name": "mine", "subscriber": api.subscriber})).await.ok();
    let token = made["token"].as_str().unwrap();
    // They are about the token, or about the server as a whole.
    let without_account = [
        "/openapi.json",
        "/metrics",
        "/oauth2/validate",
        "/ibot/authz_context",
        "/v1/info",
        "/v1/subscribers",
        "/v1/clock",
    ];
    let unsupported = "/relaypro/api/v1/rest";
    for (method, path, role) in operations() {
        let no_account = method == Method::GET && without_account.contains(&path.as_str());
        if role.is_none() || no_account || path == unsupported {
            continue;
        }
        let path = format!("{}?subscriber_id=other", path.replace("subscriber_id", "other"));
        let body = json!({"name": "x", "id": "x"}).to_string();
        let refused = answer(api.anonymous(method.clone(), &path).bearer_auth(token).body(body)).await;
        assert_eq!(refused.code(), (403, "forbidden"), "{method} {path}");
    }
}

#[tokio::test]
async fn a_token_allows_what_its_role_says() {
    let api = Api::start().await;
    let token = async |role: &str| {
        let made =
            api.post("/v1/tokens", json!({"name": role, "subscriber": api.subscriber, "role": role})).await;
        made.ok()["token"].as_str().unwrap().to_owned()
    };
    let (read, trigger, admin) = (token("read").await, token("trigger").await, token("admin").await);
    let with = async |token: &str, method: Method, path: &str, body: &str| {
        answer(api.anonymous(method, path).bearer_auth(token).body(body.to_owned())).await
    };
    with(&read, Method::GET, "/ibot/workflow", "").await.ok();
    let start = "/ibot/workflow/wf_none?user_id=1";
    let invoke = r#"{"action":"invoke"}"#;
    let refused = with(&read, Method::POST, start, invoke).await;
    assert_eq!(refused.code(), (403, "forbidden"));
    assert!(refused.refused().2.contains("start workflows (trigger)"), "{refused:?}");
    assert_eq!(with(&trigger, Method::POST, start, invoke).await.code(), (400, "unknown_device"));
    assert_eq!(
        with(&trigger, Method::POST, "/v1/users", r#"{"name":"Bob"}"#).await.code(),
        (403, "forbidden")
    );
    with(&admin, Method::POST, "/v1/users", r#"{"name":"Bob"}"#).await.ok();
    assert_eq!(
        with(&admin, Method::GET, "/v1/tokens", "").await.code(),
        (403, "forbidden"),
        "not for all accounts"
    );
}

#[tokio::test]
async fn a_revoked_token_is_worth_nothing_at_once() {
    let api = Api::start().await;
    let made = api.post("/v1/tokens", json!({"name": "lobby"})).await.ok();
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert!(token.starts_with("relay_"));
    answer(api.anonymous(Method::GET, "/v1/info").bearer_auth(token)).await.ok();
    assert!(api.get("/v1/tokens").await.ok()[0]["last_used_at"].is_number());
    assert_eq!(api.delete(&format!("/v1/tokens/{id}")).await.status, 204);
    assert_eq!(answer(api.anonymous(Method::GET, "/v1/info").bearer_auth(token)).await.status, 401);
    let kept = std::fs::read(api.folder.path().join("relay.db")).unwrap();
    assert!(!String::from_utf8_lossy(&kept).contains(token), "only its hash is kept");
}

#[tokio::test]
async fn who_guesses_has_to_wait_and_others_do_not() {
    let api = Api::start_with(|config| config.limits.auth_failures = 2).await;
    let good =
        api.post("/v1/tokens", json!({"name": "lobby"})).await.ok()["token"].as_str().unwrap().to_owned();
    let fresh =
        api.post("/v1/tokens", json!({"name": "new"})).await.ok()["token"].as_str().unwrap().to_owned();
    let ask = async |token: &str| answer(api.anonymous(Method::GET, "/v1/info").bearer_auth(token)).await;
    ask(&good).await.ok();
    for _ in 0..2 {
        assert_eq!(ask("relay_guess").await.status, 401);
    }
    let refused = api.anonymous(Method::GET, "/v1/info").bearer_auth("relay_guess").send().await.unwrap();
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(ask(&fresh).await.status, 429, "a token that was not seen before could be a guess");
    ask(&good).await.ok();
}

#[tokio::test]
async fn any_scheme_word_will_do() {
    let api = Api::start().await;
    for scheme in ["Bearer", "bearer", "RelayApiKey", "RELAYAPIKEY"] {
        let header = format!("{scheme} {}", api.server.token());
        answer(api.anonymous(Method::GET, "/v1/info").header("authorization", header)).await.ok();
    }
}

#[tokio::test]
async fn a_token_of_one_account_cannot_see_another() {
    let api = Api::start().await;
    api.post("/v1/subscribers", json!({"id": "other"})).await.ok();
    let made = api.post("/v1/tokens", json!({"name": "lobby", "subscriber": api.subscriber})).await.ok();
    let ask = async |path: &str| {
        answer(api.anonymous(Method::GET, path).bearer_auth(made["token"].as_str().unwrap())).await
    };
    assert_eq!(ask("/ibot/workflow?subscriber_id=other").await.code(), (403, "forbidden"));
    assert_eq!(ask("/ibot/subscriber/other/device_ids").await.code(), (403, "forbidden"));
    assert_eq!(ask("/ibot/authz_context").await.ok(), json!([{"subscriber_id": api.subscriber}]));
    ask("/ibot/workflow").await.ok();
    assert_eq!(api.get("/ibot/workflow").await.code(), (400, "missing_subscriber"), "there are two");
    assert_eq!(api.get("/ibot/workflow?subscriber_id=none").await.code(), (404, "subscriber_not_found"));
}
