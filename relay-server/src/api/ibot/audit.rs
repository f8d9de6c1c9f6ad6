//! Who did what.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::endpoint::Endpoint;
use super::super::error::ApiResult;
use super::super::guard::Scope;
use super::super::params::Params;
use super::{page_request, time};
use crate::model::{AuditEntry, AuditFilter};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/ibot/audit", list)
            .says(
                "Lists who did what, the newest first, a page at a time: made, changed and deleted records \
                 (`workflow`, `device`, `group`, …), `installed` and `uninstalled` workflows, `token`, `secret` (`shown`, \
                 `replaced`), `session` (`login`), `instance` (`stopped`), and as `ibot_user_profile` who uses which device since when. A token for all \
                 accounts also sees what concerns them all.",
            )
            .query("subscriber_id", "the account, if the token is for several")
            .query("event_type", "what it was done to")
            .query("action", "what was done")
            .query("user_id", "about this user")
            .query("oldest", "not before this time, in ISO 8601 or milliseconds since 1970")
            .query("latest", "before this time")
            .query("limit", "no more than this on a page; 100 if 0 or absent")
            .query("cursor", "of the page before")
            .answer(json!({"data": [{
                "audit_id": "aud_0198…", "event_type": "ibot_user_profile", "action": "assigned",
                "timestamp_action": "2026-01-02T03:04:05.678Z", "actor": "lobby", "actor_id": "tok_0198…",
                "user_id": "USER1", "data": "{\"device_id\":\"990007560000001\",\"id\":\"USER1\"}",
            }], "cursor": ""})),
    ]
}

async fn list(State(app): State<App>, scope: Scope, params: Params) -> ApiResult<Json<Value>> {
    let text = |key: &str| params.get(key).map(str::to_owned);
    let filter = AuditFilter {
        of_all: scope.caller.subscriber.is_none(),
        event_type: text("event_type"),
        action: text("action"),
        user: text("user_id"),
        from: time(&params, "oldest")?,
        to: time(&params, "latest")?,
    };
    let page = app.store().audit_query(&scope.subscriber, &filter, &page_request(&params)?).await?;
    let cursor = page.next.map(|cursor| cursor.0).unwrap_or_default();
    Ok(Json(json!({"data": page.items.into_iter().map(official).collect::<Value>(), "cursor": cursor})))
}

/// As official clients read it: the data are JSON in a text.
fn official(entry: AuditEntry) -> Value {
    json!({
        "audit_id": entry.id,
        "event_type": entry.event_type,
        "action": entry.action,
        "timestamp_action": entry.at.to_string(),
        "actor": entry.actor.name,
        "actor_id": entry.actor.token,
        "user_id": entry.user,
        "data": entry.data.to_string(),
    })
}
