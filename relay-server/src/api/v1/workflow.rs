//! Workflows: the official ones one by one, and starting them with all that a trigger can have.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::app::App;
use super::super::body::{Lenient, modern};
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::ibot::{self, Start as Request};
use crate::model::{Role, UnixMs, Workflow, WorkflowId};
use crate::registry::Draft;
use crate::trigger::Rehearsal;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    let workflow = json!({"workflow_id": "wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua", "name": "greeter"});
    vec![
        Endpoint::get("/v1/workflows", list)
            .says("Lists the workflows, as `GET /ibot/workflow` does.")
            .query("subscriber_id", account)
            .answer(json!([workflow])),
        Endpoint::post("/v1/workflows", save)
            .says("Makes or replaces a workflow, as `POST /ibot/workflow` does.")
            .query("subscriber_id", account)
            .body(workflow.clone())
            .answer(workflow.clone()),
        Endpoint::get("/v1/workflows/{id}", get)
            .says("Shows a workflow.")
            .query("subscriber_id", account)
            .answer(workflow),
        Endpoint::delete("/v1/workflows/{id}", delete)
            .says("Deletes a workflow. Its instances go on.")
            .query("subscriber_id", account),
        Endpoint::post("/v1/workflows/{id}/trigger", trigger)
            .role(Role::Trigger)
            .says(
                "Starts a workflow that is registered for HTTP. The header `Idempotency-Key` makes it safe to repeat: \
                 for 24 hours the same key has the same answer.",
            )
            .query("subscriber_id", account)
            .body(json!({
                "args": {"room": "231"}, "devices": ["990007560000001"], "not_before": "2026-01-02T03:04:05Z",
                "not_after": "2026-01-02T04:04:05Z",
            }))
            .answer(json!([{"id": "wfi_0198…", "state": "queued"}])),
        Endpoint::post("/v1/workflows/{id}/simulate", simulate)
            .role(Role::Trigger)
            .says(
                "Starts a workflow as if what it is registered for had happened, of whatever kind that is: at the device, or \
                 else at the first that it is installed on. `args` stand in place of what the workflow would be told. It is \
                 recorded as any trigger. A dry run says what would be told.",
            )
            .query("subscriber_id", account)
            .body(json!({
                "device": "990007560000001", "args": {"spillover": "and good night"},
                "not_before": "2026-01-02T03:04:05Z", "not_after": "2026-01-02T04:04:05Z", "dry_run": false,
            }))
            .answer(json!({"dry_run": false, "id": "wfi_0198…", "state": "queued", "device": "990007560000001", "trigger": {
                "type": "phrase", "args": {
                    "source_uri": "urn:relay-resource:name:device:Bob", "phrase": "hello", "spillover": "and good night",
                },
            }})),
    ]
}

async fn list(State(app): State<App>, scope: Scope) -> ApiResult<Json<Vec<Workflow>>> {
    Ok(Json(app.store().list(&scope.subscriber).await?))
}

async fn get(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Workflow>> {
    let workflow = app.store().get(&scope.subscriber, &id).await?;
    workflow.map(Json).ok_or_else(|| ApiError::not_found("workflow", id))
}

async fn save(State(app): State<App>, scope: Scope, Lenient(body): Lenient) -> ApiResult<Json<Workflow>> {
    Ok(Json(scope.registry(&app).save_workflow(&scope.subscriber, Draft::new(modern(body)?)).await?))
}

async fn delete(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<StatusCode> {
    scope.registry(&app).delete_workflow(&scope.subscriber, &WorkflowId::from(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    #[serde(default)]
    args: Map<String, Value>,
    #[serde(default)]
    devices: Vec<String>,
    not_before: Option<String>,
    not_after: Option<String>,
}

async fn trigger(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Lenient,
) -> ApiResult<Json<Value>> {
    let start: Start = body.read()?;
    let request = Request {
        args: start.args,
        idempotency_key: ibot::key(&headers),
        not_before: time("not_before", start.not_before)?,
        not_after: time("not_after", start.not_after)?,
    };
    Ok(Json(json!(ibot::start(&app, &scope.subscriber, &id, start.devices, request).await?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Simulation {
    device: Option<String>,
    #[serde(default)]
    args: Map<String, Value>,
    not_before: Option<String>,
    not_after: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

async fn simulate(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Lenient,
) -> ApiResult<Json<Value>> {
    let wanted: Simulation = body.read()?;
    let request = Request {
        args: wanted.args,
        idempotency_key: ibot::key(&headers),
        not_before: time("not_before", wanted.not_before)?,
        not_after: time("not_after", wanted.not_after)?,
    };
    let device = ibot::devices(&app, &scope.subscriber, wanted.device.into_iter().collect()).await?.pop();
    let invocation = request.of(app.now(), &scope.subscriber, &id, device);
    let mut answer = if wanted.dry_run {
        let Rehearsal { device, trigger } = app.runner().rehearse(&invocation).await?;
        json!({"device": device, "trigger": trigger})
    } else {
        json!(app.runner().simulate(invocation).await?.row())
    };
    answer["dry_run"] = wanted.dry_run.into();
    Ok(Json(answer))
}

/// A moment in ISO 8601.
fn time(name: &'static str, text: Option<String>) -> ApiResult<Option<UnixMs>> {
    let Some(text) = text else { return Ok(None) };
    let read = text.parse::<jiff::Timestamp>().map(|moment| Some(UnixMs::from(moment)));
    read.map_err(|_| {
        let why = format!("`{name}` must be a time with its zone, as in 2026-01-02T03:04:05Z, not {text:?}");
        ApiError::bad("invalid_time", why)
    })
}
