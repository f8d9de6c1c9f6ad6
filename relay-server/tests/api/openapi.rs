//! The document of the interface.

use relay_server::api::openapi;
use serde_json::Value;

use crate::server::Api;

#[test]
fn the_committed_document_is_what_the_server_is_made_of() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let update = "run `cargo run -p relay-server -- openapi > relay-server/openapi.json`";
    assert!(committed == openapi(), "relay-server/openapi.json is stale: {update}");
}

#[tokio::test]
async fn the_server_shows_it() {
    let api = Api::start().await;
    assert_eq!(api.get("/openapi.json").await.ok(), openapi());
}

#[test]
fn everything_is_described() {
    let document = openapi();
    let mut ids = std::collections::BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(summary.ends_with('.'), "{method} {path} says {summary:?}");
            assert!(
                ids.insert(operation["operationId"].to_string()),
                "{method} {path} has the id of another"
            );
        }
    }
}
