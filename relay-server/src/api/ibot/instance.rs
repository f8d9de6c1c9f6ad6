//! Running instances.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::super::app::App;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use crate::model::{TriggerId, Workflow};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/ibot/workflow_instances", list)
            .says("Lists the running instances of workflows that still exist.")
            .query("subscriber_id", "the account, if the token is for several")
            .answer(json!([{
                "instance_id": "wfi_0198…", "subscriber_id": "S", "triggering_user_id": "990007560000001",
                "workflow_id": "wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua", "workflow_uri": "wss://wf.example.org:8443/greeter",
            }])),
        Endpoint::delete("/ibot/workflow_instances/{id}", stop)
            .says("Stops an instance. The analytics then have its `terminate` event.")
            .query("subscriber_id", "the account, if the token is for several")
            .answer(json!({})),
    ]
}

async fn list(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let live = app.runner().live_instances(&scope.subscriber).await;
    // The official command line does not survive an instance whose workflow is not listed.
    let workflows: Vec<Workflow> = app.store().list(&scope.subscriber).await?;
    let listed: BTreeSet<_> = workflows.into_iter().map(|workflow| workflow.id).collect();
    let live = live.into_iter().filter(|instance| listed.contains(&instance.workflow)).map(|instance| {
        json!({
            "instance_id": instance.id,
            "subscriber_id": scope.subscriber,
            "triggering_user_id": instance.device,
            "workflow_id": instance.workflow,
            "workflow_uri": instance.uri,
        })
    });
    Ok(Json(live.collect()))
}

async fn stop(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    let instance = TriggerId::from(id.as_str());
    let was_there = app.runner().stop_instance(&scope.subscriber, &instance, "stopped").await?;
    if !was_there {
        return Err(ApiError::not_found("instance", id));
    }
    scope.note(&app, "instance", "stopped", json!({ "id": instance, "reason": "stopped" })).await;
    Ok(Json(json!({})))
}
