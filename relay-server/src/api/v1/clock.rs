//! The clock, where it is virtual.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::for_all_accounts;
use crate::auth::Caller;
use crate::config::Span;

/// Nobody waits for years.
const MOST: Duration = Duration::from_secs(366 * 24 * 3600);

pub(super) fn endpoints() -> Vec<Endpoint> {
    let now = json!({"now": "2026-01-02T03:04:05.678Z", "virtual": true, "next": "2026-01-02T03:04:07.5Z"});
    vec![
        Endpoint::get("/v1/clock", get).says("Says what time it is here, and on a virtual clock when somebody has something to do next.").answer(now.clone()),
        Endpoint::post("/v1/clock/advance", advance)
            .says("Lets time pass, if the server runs on a virtual clock. For tokens of all accounts. Answers when all that was due is under way.")
            .body(json!({"by": "30s"}))
            .answer(now),
    ]
}

async fn get(State(app): State<App>) -> Json<Value> {
    Json(show(&app))
}

async fn advance(State(app): State<App>, caller: Caller, Lenient(body): Lenient) -> ApiResult<Json<Value>> {
    // There is one clock, and its schedules are everybody's.
    for_all_accounts(&caller)?;
    let by = match body.get("by") {
        Some(Value::Number(seconds)) => seconds.as_f64().and_then(|it| Duration::try_from_secs_f64(it).ok()),
        Some(Value::String(text)) => Span::parse(text).map(|span| span.0),
        _ => None,
    };
    let by = by.filter(|by| *by <= MOST).ok_or_else(|| {
        ApiError::bad(
            "invalid_duration",
            "`by` must be a time span up to a year, as in \"30s\", or a number of seconds",
        )
    })?;
    app.clock().advance(by).await.map_err(|error| ApiError::conflict("clock_is_real", error.to_string()))?;
    Ok(Json(show(&app)))
}

fn show(app: &App) -> Value {
    let waiting = app.clock().waiting().unwrap_or_default();
    let next = waiting.iter().map(|waiting| waiting.until).min();
    let next = next.map(|next| next.to_string());
    json!({"now": app.now().to_string(), "virtual": app.clock().is_virtual(), "next": next})
}
