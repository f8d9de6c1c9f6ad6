//! Instances: what runs, what ran, what was said.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::params::Params;
use crate::model::{Role, TriggerId};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    let live = json!({
        "id": "wfi_0198…", "workflow": "wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua", "uri": "wss://wf.example.org:8443/greeter",
        "device": "990007560000001", "since": 1_767_323_045_678_i64, "phase": "running",
    });
    vec![
        Endpoint::get("/v1/instances", list)
            .says(
                "Lists the instances that are not over. Those that are stand in `/v1/triggers?state=ended`.",
            )
            .query("subscriber_id", account)
            .answer(json!([live])),
        Endpoint::delete("/v1/instances/{id}", stop)
            .role(Role::Trigger)
            .says("Stops an instance; the workflow is told.")
            .query("subscriber_id", account)
            .query("reason", "what the workflow is told; `stopped` by default"),
        Endpoint::get("/v1/instances/{id}/transcript", transcript)
            .says("Shows what was said in an instance, a thousand lines at a time.")
            .query("subscriber_id", account)
            .query("from", "the number of the first line wanted; 0 by default")
            .answer(json!([{"number": 0, "at": 1_767_323_045_678_i64, "content": {"from": "engine"}}])),
    ]
}

async fn list(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let live = app.runner().live_instances(&scope.subscriber).await;
    Ok(Json(json!(live)))
}

async fn stop(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    params: Params,
) -> ApiResult<StatusCode> {
    let (instance, reason) = (TriggerId::from(id.as_str()), params.get("reason").unwrap_or("stopped"));
    let was_there = app.runner().stop_instance(&scope.subscriber, &instance, reason).await?;
    if !was_there {
        return Err(ApiError::not_found("instance", id));
    }
    scope.note(&app, "instance", "stopped", json!({ "id": instance, "reason": reason })).await;
    Ok(StatusCode::NO_CONTENT)
}

async fn transcript(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    params: Params,
) -> ApiResult<Json<Value>> {
    let id = TriggerId::from(id);
    let row = app.store().trigger_get(&id).await?.filter(|row| row.subscriber == scope.subscriber);
    row.ok_or_else(|| ApiError::not_found("instance", &id))?;
    let from = params.read("from", "a number")?.unwrap_or(0);
    Ok(Json(json!(app.store().transcript_read(&id, from).await?)))
}
