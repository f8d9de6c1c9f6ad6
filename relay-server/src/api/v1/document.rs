//! The whole registry of an account at once.

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::ApiResult;
use super::super::guard::Scope;
use crate::registry::{Document, Imported};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    let example = json!({
        "users": [], "devices": [{"id": "990007560000001", "name": "Alice"}], "groups": [], "venues": [],
        "geofences": [], "tags": [], "workflows": [],
    });
    vec![
        Endpoint::get("/v1/registry", export)
            .says("Gives all that people have made in an account, but tokens and the bytes of sounds.")
            .query("subscriber_id", account)
            .answer(example.clone()),
        Endpoint::post("/v1/registry", import)
            .says("Makes or replaces all that is in the document. What is not in it stays.")
            .query("subscriber_id", account)
            .body(example)
            .answer(json!({"saved": 12, "refused": ["workflow wf_1: there is no place \"f1\""]})),
    ]
}

async fn export(State(app): State<App>, scope: Scope) -> ApiResult<Json<Document>> {
    Ok(Json(app.registry().export(&scope.subscriber).await?))
}

async fn import(State(app): State<App>, scope: Scope, body: Lenient) -> ApiResult<Json<Imported>> {
    Ok(Json(scope.registry(&app).import(&scope.subscriber, body.read()?).await?))
}
