//! Incidents, which people at a console see to.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use crate::model::Role;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    vec![
        Endpoint::get("/v1/incidents", list)
            .says("Lists the open incidents.")
            .query("subscriber_id", account)
            .answer(json!([{"id": "incident-1", "type": "spill", "device": "990007560000001", "instance": "wfi_0198…"}])),
        Endpoint::post("/v1/incidents/{id}/resolve", resolve)
            .role(Role::Trigger)
            .says("Closes an incident that somebody has dealt with; its workflow is told.")
            .query("subscriber_id", account)
            .body(json!({"reason": "mopped up"})),
        Endpoint::post("/v1/incidents/{id}/cancel", cancel)
            .role(Role::Trigger)
            .says("Closes an incident that was none; its workflow is told.")
            .query("subscriber_id", account)
            .body(json!({"reason": "a false alarm"})),
    ]
}

async fn list(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let account = app.account(&scope.subscriber)?;
    let open = account.run(|platform| {
        let incidents = platform.engine.incidents().map(|(id, incident)| {
            json!({
                "id": id,
                "type": incident.kind,
                "device": platform.ids.devices.id(incident.device),
                "instance": platform.ids.instances.id(incident.instance),
            })
        });
        incidents.collect::<Value>()
    });
    Ok(Json(open.await?))
}

async fn resolve(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    body: Lenient,
) -> ApiResult<StatusCode> {
    close(&app, &scope, id, body, true).await
}

async fn cancel(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    body: Lenient,
) -> ApiResult<StatusCode> {
    close(&app, &scope, id, body, false).await
}

async fn close(
    app: &App,
    scope: &Scope,
    id: String,
    Lenient(body): Lenient,
    done: bool,
) -> ApiResult<StatusCode> {
    let reason = body.get("reason").and_then(Value::as_str).unwrap_or_default().to_owned();
    let missing = ApiError::not_found("open incident", &id);
    let account = app.account(&scope.subscriber)?;
    let closed = account.run(move |platform| match done {
        true => platform.engine.resolve_incident(platform.now, &id, reason),
        false => platform.engine.cancel_incident(platform.now, &id, reason),
    });
    closed.await?.map(|()| StatusCode::NO_CONTENT).map_err(|_| missing)
}
