//! The server itself, and its accounts.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::ApiResult;
use super::super::guard::for_all_accounts;
use crate::auth::Caller;
use crate::model::Subscriber;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/v1/info", info).says("Says which server this is, and how it is.").answer(json!({
            "name": "relay-server", "version": "0.1.0", "now": "2026-01-02T03:04:05.678Z", "virtual_clock": false,
            "subscribers": [{"subscriber_id": "S", "instances": 3, "devices": 12, "workflows": 4}],
            "triggers": {"queued": 0, "dialing": 1, "started": 3}, "event_cursor": "18c3f2a9e01-42",
            "store": {"bytes": 81920, "writes": 120, "commits": 31, "waiting": 0},
            "token": {"name": "lobby", "role": "admin"},
        })),
        Endpoint::get("/v1/subscribers", subscribers)
            .says("Lists the accounts that the token is for.")
            .answer(json!([{"id": "S", "name": "Hotel", "capabilities": {"workflow_sdk": true}}])),
        Endpoint::post("/v1/subscribers", create)
            .says("Makes an account. For tokens of all accounts.")
            .body(json!({"id": "S", "name": "Hotel"}))
            .answer(json!({"id": "S", "name": "Hotel", "capabilities": {"workflow_sdk": true}})),
    ]
}

async fn info(State(app): State<App>, caller: Caller) -> ApiResult<Json<Value>> {
    let mut subscribers = Vec::new();
    for subscriber in visible(&app, &caller).await? {
        let account = app.account(&subscriber.id)?;
        let load = account.run(|platform| {
            (
                platform.engine.load().instances,
                platform.ids.devices.iter().len(),
                platform.ids.workflows.iter().len(),
            )
        });
        let (instances, devices, workflows) = load.await?;
        subscribers.push(json!({
            "subscriber_id": subscriber.id, "instances": instances, "devices": devices, "workflows": workflows,
        }));
    }
    let (store, counts) = (app.store().metrics().await?, app.store().trigger_counts().await?);
    Ok(Json(json!({
        "name": "relay-server",
        "version": env!("CARGO_PKG_VERSION"),
        "now": app.now().to_string(),
        "virtual_clock": app.config().clock.is_virtual,
        "subscribers": subscribers,
        "triggers": {"queued": counts.queued, "dialing": counts.dialing, "started": counts.started},
        "event_cursor": app.hub().latest().to_string(),
        "store": {
            "bytes": store.bytes, "writes": store.writes, "commits": store.commits, "waiting": store.waiting,
        },
        "token": {"name": caller.name, "role": caller.role},
    })))
}

async fn subscribers(State(app): State<App>, caller: Caller) -> ApiResult<Json<Value>> {
    Ok(Json(json!(visible(&app, &caller).await?)))
}

async fn create(
    State(app): State<App>,
    caller: Caller,
    Lenient(mut body): Lenient,
) -> ApiResult<Json<Subscriber>> {
    for_all_accounts(&caller)?;
    let id = body.remove("id").and_then(|id| id.as_str().map(str::to_owned));
    let mut subscriber = Subscriber::new(id.unwrap_or_else(|| uuid::Uuid::now_v7().to_string()));
    if let Some(name) = body.remove("name").and_then(|name| name.as_str().map(str::to_owned)) {
        subscriber.name = name;
    }
    app.registry().by(caller.actor()).create_subscriber(&subscriber).await?;
    Ok(Json(subscriber))
}

/// The accounts that a caller may see.
async fn visible(app: &App, caller: &Caller) -> ApiResult<Vec<Subscriber>> {
    let mut all = app.store().subscriber_list().await?;
    all.retain(|subscriber| caller.subscriber.as_ref().is_none_or(|own| *own == subscriber.id));
    Ok(all)
}
