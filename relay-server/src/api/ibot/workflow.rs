//! Registrations.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::super::app::App;
use super::super::body::{Lenient, modern};
use super::super::endpoint::Endpoint;
use super::super::error::ApiResult;
use super::super::guard::Scope;
use super::{invoke, logs};
use crate::model::{Role, Workflow, WorkflowId};
use crate::registry::Draft;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let workflow = json!({
        "workflow_id": "wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua", "name": "greeter",
        "options": {"transient": true, "hidden": false},
        "config": {"trigger": {
            "start": {"workflow": {"uri": "wss://wf.example.org:8443/greeter", "args": {"greeting": "hi", "n": 2}}},
            "on_phrases": ["say hello"],
        }},
        "install": [], "install_rule": "urn:relay-resource:all:device",
    });
    let account = "the account, if the token is for several";
    vec![
        Endpoint::get("/ibot/workflow", list)
            .says("Lists the workflows.")
            .query("subscriber_id", account)
            .answer(json!({"results": [workflow]})),
        Endpoint::post("/ibot/workflow", save)
            .says("Makes a workflow, or replaces the one with the id or the name.")
            .query("subscriber_id", account)
            .body(workflow.clone())
            .answer(json!([workflow])),
        Endpoint::post("/relaypro/api/v1/workflow", save)
            .says("The same, for one hidden command.")
            .query("subscriber_id", account)
            .body(workflow.clone())
            .answer(json!([workflow])),
        Endpoint::delete("/ibot/workflow/{id}", delete)
            .says("Deletes a workflow. Its instances go on.")
            .query("subscriber_id", account)
            .answer(json!({})),
        Endpoint::post("/ibot/workflow/{id}", invoke::invoke)
            .role(Role::Trigger)
            .says("Starts a workflow that is registered for HTTP. What is accepted is on disk.")
            .query("subscriber_id", account)
            .query("user_id", "the device or user on whose behalf")
            .body(json!({"action": "invoke", "action_args": {"room": "231"}, "target_device_ids": ["990007560000001"]}))
            .answer(json!({"workflow_instance_id": "wfi_0198…", "workflow_instance_ids": ["wfi_0198…"]})),
        Endpoint::get("/ibot/workflowdebug", logs::stream)
            .streams()
            .says("What is logged about workflows, as it happens: a JSON object a line.")
            .query("subscriber_id", account)
            .query("workflow_id", "of this workflow only")
            .query("user_id", "about this device only")
            .content_type("application/x-ndjson"),
    ]
}

async fn list(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let workflows: Vec<Workflow> = app.store().list(&scope.subscriber).await?;
    Ok(Json(json!({ "results": workflows })))
}

async fn save(State(app): State<App>, scope: Scope, Lenient(body): Lenient) -> ApiResult<Json<Value>> {
    let workflow = scope.registry(&app).save_workflow(&scope.subscriber, Draft::new(modern(body)?)).await?;
    Ok(Json(json!([workflow])))
}

async fn delete(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    scope.registry(&app).delete_workflow(&scope.subscriber, &WorkflowId::from(id)).await?;
    Ok(Json(json!({})))
}
