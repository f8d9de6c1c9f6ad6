//! Tokens are nowhere to be read.

use std::error::Error;

use relay_runtime::api::Client;
use serde_json::json;

use crate::server::{Server, told};

const SECRET: &str = "s3cr3t";

#[tokio::test]
async fn no_debug_output_shows_a_token() {
    let builder = Client::builder().subscriber_id("S").refresh_token(SECRET).access_token(SECRET);
    let shown = format!("{builder:?}");
    let relay = builder.build().unwrap();
    let shown = format!("{shown} {relay:?} {:?} {:?}", relay.trigger_workflow("wf_1"), relay.alert("hello"));
    assert!(!shown.contains(SECRET), "{shown}");
}

#[tokio::test]
async fn no_error_shows_a_token() {
    for granted in [
        told(400, json!({ "error": "invalid_grant" })),
        told(200, json!({ "access_token": { "nested": SECRET } })),
        told(200, json!({ "access_token": format!("{SECRET}\n1") })),
        told(200, json!(SECRET)),
    ] {
        let server = Server::telling([granted]).await;
        let relay = server.client().refresh_token(SECRET).build().unwrap();
        let error = relay.fetch_device("990").await.unwrap_err();
        let shown = format!("{error} {error:?} {:?}", error.source());
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_sent_is_not_shown() {
    let error =
        Client::builder().subscriber_id("S").access_token(format!("{SECRET}\n1")).build().unwrap_err();
    assert!(!format!("{error} {error:?}").contains(SECRET));
}
