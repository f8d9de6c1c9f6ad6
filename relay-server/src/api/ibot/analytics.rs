//! What workflows, and the server about them, have recorded.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::params::Params;
use crate::model::{Cursor, Event, EventFilter, EventSource, PageRequest, UnixMs};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/ibot/workflow_analytics_events", list)
            .says("Lists analytics, the newest first, a page at a time.")
            .query("subscriber_id", "the account, if the token is for several")
            .query("workflow_id", "of this workflow")
            .query("workflow_instance_id", "of this instance")
            .query("user_id", "about this device or user")
            .query("source_type", "`system` or `user`")
            .query("category", "with this heading")
            .query("oldest", "not before this time, in ISO 8601 or milliseconds since 1970")
            .query("latest", "before this time")
            .query("limit", "no more than this on a page; 100 if 0 or absent")
            .query("cursor", "of the page before")
            .answer(json!({"data": [{
                "id": "ev_0198…", "sub_id": "S", "timestamp": "2026-01-02T03:04:05.678Z",
                "workflow_id": "wf_greeter_0hN2k8Qe5mTzYw1RbVx7Ua", "workflow_instance_id": "wfi_0198…",
                "user_id": "990007560000001", "source_type": "system", "category": "workflow",
                "content_type": "application/json", "content": "{\"command\":\"terminate\"}",
            }], "cursor": ""})),
    ]
}

async fn list(State(app): State<App>, scope: Scope, params: Params) -> ApiResult<Json<Value>> {
    let source = match params.get("source_type") {
        None => None,
        Some("system") => Some(EventSource::System),
        Some("user") => Some(EventSource::User),
        Some(_) => return Err(ApiError::bad("invalid_parameter", "`source_type` must be system or user")),
    };
    let filter = EventFilter {
        workflow: params.get("workflow_id").map(Into::into),
        instance: params.get("workflow_instance_id").map(Into::into),
        user: params.get("user_id").map(Into::into),
        source,
        category: params.get("category").map(Into::into),
        from: time(&params, "oldest")?,
        to: time(&params, "latest")?,
    };
    let page = app.store().analytics_query(&scope.subscriber, &filter, &page_request(&params)?).await?;
    let cursor = page.next.map(|cursor| cursor.0).unwrap_or_default();
    Ok(Json(json!({"data": page.items.into_iter().map(event).collect::<Value>(), "cursor": cursor})))
}

/// A record as official clients read it.
pub(in super::super) fn event(event: Event) -> Value {
    json!({
        "id": event.id,
        "sub_id": event.subscriber,
        "timestamp": event.at.to_string(),
        "workflow_id": event.workflow,
        "workflow_instance_id": event.instance,
        "user_id": event.user,
        "source_type": event.source,
        "category": event.category,
        "content_type": event.content_type,
        "content": event.content,
    })
}

/// A time of the query, in ISO 8601 or in milliseconds since 1970.
pub(in super::super) fn time(params: &Params, name: &'static str) -> ApiResult<Option<UnixMs>> {
    let Some(text) = params.get(name) else { return Ok(None) };
    let millis = text.parse().ok().map(UnixMs::new);
    let read = millis.or_else(|| text.parse::<jiff::Timestamp>().ok().map(UnixMs::from));
    let why = || format!("`{name}` must be a time, as in 2026-01-02T03:04:05Z, not {text:?}");
    read.map(Some).ok_or_else(|| ApiError::bad("invalid_parameter", why()))
}

/// The page that the query asks for.
pub(in super::super) fn page_request(params: &Params) -> ApiResult<PageRequest> {
    let limit = params.read::<u32>("limit", "a number")?.filter(|limit| *limit > 0).unwrap_or(100);
    let after = params.get("cursor").map(|cursor| Cursor(cursor.into()));
    Ok(PageRequest { limit: limit.min(1000), after })
}
