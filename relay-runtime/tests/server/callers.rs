//! Who may open sessions.

use std::time::{SystemTime, UNIX_EPOCH};

use relay_protocol::signature::{SigningSecret, sign};
use relay_runtime::server::{Server, ServerError};

use crate::common::peer::{exchange, upgrade_request};
use crate::common::serving::{Serving, workflow};

const OURS: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcg==";

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A request for `path`, with a signature for `signed` of that time.
fn request(path: &str, secret: &str, at: u64, signed: &str) -> String {
    let secret: SigningSecret = secret.parse().unwrap();
    let signature = sign([&secret], "wfi_1", at, signed);
    let headers =
        format!("webhook-id: wfi_1\r\nwebhook-timestamp: {at}\r\nwebhook-signature: {signature}\r\n");
    upgrade_request(path).replace("\r\n\r\n", &format!("\r\n{headers}\r\n"))
}

async fn answer(server: &Serving, request: &str) -> String {
    // A session goes on: enough of it is the head.
    let with_close = [request.as_bytes(), &[0x88, 0x80, 0, 0, 0, 0]].concat();
    exchange(server.addr, with_close).await
}

#[tokio::test]
async fn without_a_demand_whoever_knows_the_uri_is_served() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    for request in [upgrade_request("/hello"), request("/hello", OTHER, 1, "/hello")] {
        assert!(answer(&server, &request).await.starts_with("HTTP/1.1 101 "));
    }
}

#[tokio::test]
async fn only_who_knows_a_secret_is_served_if_one_is_demanded() {
    let builder = Server::builder().workflow(workflow("hello"));
    let server = Serving::start(builder.require_signature(OURS).require_signature(OTHER)).await;
    for secret in [OURS, OTHER] {
        let answer = answer(&server, &request("/hello?site=3", secret, now(), "/hello?site=3")).await;
        assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    }
    let stranger = "whsec_c3RyYW5nZXJzc3RyYW5nZXJzc3RyYW5nZXJz";
    for (request, hint) in [
        (upgrade_request("/hello"), "is not signed: only a Relay server that knows"),
        (request("/hello", stranger, now(), "/hello"), "same signing secret, and let proxies pass the path"),
        (request("/hello?site=4", OURS, now(), "/hello?site=3"), "same signing secret"),
        (request("/hello", OURS, now() - 400, "/hello"), "and may be 300: set the clocks"),
        (request("/hello", OURS, now() + 400, "/hello"), "in the future: set the clocks"),
        (request("/none", stranger, now(), "/none"), "same signing secret"),
    ] {
        let answer = answer(&server, &request).await;
        assert!(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{answer}");
        assert!(answer.contains("\r\nWWW-Authenticate: ") && answer.contains(hint), "{answer}");
    }
    assert_eq!(server.handle.sessions(), 0);
}

#[tokio::test]
async fn what_is_no_secret_stops_the_start_and_is_not_shown() {
    let builder = Server::builder().workflow(workflow("hello")).require_signature("hunter2hunter2");
    let error = builder.listen().await.unwrap_err();
    assert!(matches!(error, ServerError::SigningSecret(_)), "{error}");
    assert!(error.to_string().contains("whsec_") && !error.to_string().contains("hunter2"), "{error}");
}
