//! The queue of triggers: what waits, what failed and why, and trying again.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::ibot::{page_request, time};
use super::super::params::Params;
use crate::model::{OutcomeKind, TriggerFilter, TriggerId, TriggerState};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    let row = json!({
        "id": "wfi_0198…", "workflow": "wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua", "workflow_name": "greeter",
        "device": "990007560000001", "class": "durable", "state": "ended", "attempts": 3,
        "outcome": {"kind": "not_started", "reason": "tls: the certificate has expired"},
    });
    vec![
        Endpoint::get("/v1/triggers", list)
            .says("Lists triggers, the newest first: what waits, what runs, and how the others ended.")
            .query("subscriber_id", account)
            .query("state", "some of queued, dialing, started, ended, with commas between them")
            .query("outcome", "some of completed, stopped, broken, not_started, expired, server_lost, missed")
            .query("workflow", "of this workflow")
            .query("device", "on behalf of this device")
            .query("oldest", "not before this time")
            .query("latest", "before this time")
            .query("limit", "no more than this on a page; 100 by default")
            .query("cursor", "of the page before")
            .answer(json!({"items": [row], "next": null})),
        Endpoint::get("/v1/triggers/{id}", get)
            .says("Shows a trigger with all of its attempts.")
            .query("subscriber_id", account)
            .answer(json!({"trigger": row, "attempts": [{
                "began_at": 1_767_323_045_678_i64, "failed_at": 1_767_323_045_778_i64, "stage": "tls",
                "code": "certificate_expired", "message": "the certificate has expired: renew it", "http_status": null,
            }]})),
        Endpoint::post("/v1/triggers/retry", retry)
            .says("Tries failed triggers again: those given, or all that fit. A dry run says which.")
            .query("subscriber_id", account)
            .body(json!({"ids": ["wfi_0198…"], "workflow": "wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua", "dry_run": true}))
            .answer(json!({"dry_run": true, "triggers": [row]})),
    ]
}

async fn list(State(app): State<App>, scope: Scope, params: Params) -> ApiResult<Json<Value>> {
    let filter = TriggerFilter {
        states: words(&params, "state")?,
        outcomes: words(&params, "outcome")?,
        ids: Vec::new(),
        workflow: params.get("workflow").map(Into::into),
        device: params.get("device").map(Into::into),
        from: time(&params, "oldest")?,
        to: time(&params, "latest")?,
    };
    let page = app.store().trigger_list(&scope.subscriber, &filter, &page_request(&params)?).await?;
    Ok(Json(json!(page)))
}

/// Words of a list with commas.
fn words<T: std::str::FromStr>(params: &Params, name: &'static str) -> ApiResult<Vec<T>> {
    let all = params.get(name).unwrap_or_default().split(',').filter(|word| !word.is_empty());
    let read = |word: &str| {
        word.trim()
            .parse()
            .map_err(|_| ApiError::bad("invalid_parameter", format!("`{name}` cannot be {word:?}")))
    };
    all.map(read).collect()
}

async fn get(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    let id = TriggerId::from(id);
    let row = app.store().trigger_get(&id).await?.filter(|row| row.subscriber == scope.subscriber);
    let row = row.ok_or_else(|| ApiError::not_found("trigger", &id))?;
    let attempts = app.store().trigger_attempts(&id).await?;
    Ok(Json(json!({"trigger": row, "attempts": attempts})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retry {
    #[serde(default)]
    ids: Vec<TriggerId>,
    workflow: Option<String>,
    device: Option<String>,
    #[serde(default)]
    outcomes: Vec<OutcomeKind>,
    #[serde(default)]
    dry_run: bool,
}

async fn retry(State(app): State<App>, scope: Scope, body: Lenient) -> ApiResult<Json<Value>> {
    let retry: Retry = body.read()?;
    let filter = TriggerFilter {
        states: vec![TriggerState::Ended],
        outcomes: retry.outcomes,
        ids: retry.ids,
        workflow: retry.workflow.map(Into::into),
        device: retry.device.map(Into::into),
        ..TriggerFilter::default()
    };
    let triggers = app.runner().retry(&scope.subscriber, &filter, retry.dry_run).await?;
    Ok(Json(json!({"dry_run": retry.dry_run, "triggers": triggers})))
}
