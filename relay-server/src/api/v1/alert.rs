//! Telling groups something without a workflow: the newer public interface, which has the account in its path.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use relay_engine::{AnnounceError, Announcement, DeviceKey, Reactions};
use relay_protocol::Urn;
use relay_protocol::urn::{ResourceId, UrnKind};
use serde_json::{Map, Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::ibot::{analytics_event, page_request, time};
use super::super::new_id;
use super::super::params::Params;
use crate::account::Platform;
use crate::auth::Caller;
use crate::model::{EventFilter, PageRequest, Role};

const SEVEN_DAYS: Duration = Duration::from_secs(7 * 24 * 3600);

pub(super) fn endpoints() -> Vec<Endpoint> {
    let body = json!({"notification": "Spill in aisle 4", "groups": ["Cleaning"]});
    let task = json!({"task_id": "5hQ0"});
    let mut alert = body.clone();
    alert["timeout"] = json!(300);
    (alert["quorum"], alert["on_quorum"]) = (json!(2), json!("It is being seen to"));
    (alert["on_ack"], alert["on_timeout"]) = (json!("Thank you"), json!("Nobody came"));
    vec![
        Endpoint::post("/subscribers/{subscriber_id}/api/v1/alerts", send_alert)
            .role(Role::Trigger)
            .says(
                "Tells groups something again and again, on each device until somebody there taps Talk; or until as many \
                 have as `quorum` says. Who reacted is recorded in the analytics, under the `task_id` as instance. An alert \
                 ends with the process of the server.",
            )
            .body(alert)
            .answer(task.clone()),
        Endpoint::delete("/subscribers/{subscriber_id}/api/v1/alerts/{task_id}", cancel)
            .role(Role::Trigger)
            .says("Ends an alert."),
        Endpoint::post("/subscribers/{subscriber_id}/api/v1/broadcasts", send_broadcast)
            .role(Role::Trigger)
            .says("Tells groups something once. Who is offline misses it.")
            .body(body)
            .answer(task),
        Endpoint::get("/subscribers/{subscriber_id}/api/v1/events", events)
            .says("Lists analytics, of the last seven days by default.")
            .query("oldest", "not before this time")
            .query("limit", "no more than this; 100 by default and at most")
            .answer(json!([{"id": "ev_0198…", "category": "workflow", "content": "…"}])),
    ]
}

async fn send_alert(
    State(app): State<App>,
    caller: Caller,
    Path(subscriber): Path<String>,
    body: Lenient,
) -> ApiResult {
    send(&app, caller, &subscriber, body, true).await
}

async fn send_broadcast(
    State(app): State<App>,
    caller: Caller,
    Path(subscriber): Path<String>,
    body: Lenient,
) -> ApiResult {
    send(&app, caller, &subscriber, body, false).await
}

async fn send(
    app: &App,
    caller: Caller,
    subscriber: &str,
    Lenient(body): Lenient,
    is_alert: bool,
) -> ApiResult {
    let scope = Scope::of(app, caller, Some(subscriber))?;
    let announcement = announcement(&body, is_alert)?;
    let names = body.get("groups").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let names: Vec<String> = names.map(Into::into).collect();
    if names.is_empty() {
        return Err(ApiError::bad("missing_groups", "`groups` must name whom to tell"));
    }
    let account = app.account(&scope.subscriber)?;
    let task = new_id();
    let id = task.clone();
    let sent = account.run(move |platform| {
        let devices = members(platform, &names)?;
        let sent = match is_alert {
            true => platform.alert(&id, None, &devices, announcement).map(Some),
            false => platform.engine.broadcast(platform.now, &devices, announcement).map(|_| None),
        };
        sent.map_err(|error| match error {
            AnnounceError::TooMany { .. } => {
                ApiError::too_many("too_many_notifications", error.to_string(), Duration::from_secs(30))
            }
            _ => ApiError::conflict("not_sent", error.to_string()),
        })
    });
    if let Some(event) = sent.await?? {
        app.store().analytics_append(vec![event]).await?;
    }
    let kind = if is_alert { "alerts" } else { "broadcasts" };
    let location = format!("/subscribers/{subscriber}/api/v1/{kind}/{task}");
    Ok(([(LOCATION, location)], Json(json!({ "task_id": task }))).into_response())
}

/// What is to be said, and what becomes of it. What is not known is refused rather than forgotten.
fn announcement(body: &Map<String, Value>, is_alert: bool) -> ApiResult<Announcement> {
    let text = body.get("notification").and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let text =
        text.ok_or_else(|| ApiError::bad("missing_notification", "`notification` is what is to be said"))?;
    let mut announcement = Announcement::new(text).name(if is_alert { "alerts" } else { "broadcasts" });
    let mut reactions = Reactions::default();
    for (key, value) in body {
        match (key.as_str(), value) {
            ("notification" | "groups", _) => {}
            ("name", Value::String(name)) => announcement = announcement.name(name.as_str()),
            ("on_ack", Value::String(words)) if is_alert => reactions.on_ack = Some(words.clone()),
            ("on_quorum", Value::String(words)) if is_alert => reactions.on_quorum = Some(words.clone()),
            ("on_timeout", Value::String(words)) if is_alert => reactions.on_timeout = Some(words.clone()),
            ("quorum", Value::Number(enough)) if is_alert => {
                let enough =
                    enough.as_u64().and_then(|enough| usize::try_from(enough).ok()).filter(|it| *it > 0);
                let why = "`quorum` is how many have to acknowledge: a whole number from 1";
                reactions.quorum = Some(enough.ok_or_else(|| ApiError::bad("invalid_quorum", why))?);
            }
            ("timeout", Value::Number(seconds)) if is_alert => {
                let seconds = seconds.as_u64().filter(|seconds| (1..=86_400).contains(seconds));
                let why = "`timeout` is in whole seconds, up to a day";
                let seconds = seconds.ok_or_else(|| ApiError::bad("invalid_timeout", why))?;
                announcement = announcement.timeout(Duration::from_secs(seconds));
            }
            _ => {
                let kind = if is_alert { "an alert" } else { "a broadcast" };
                let why = format!("{kind} has no option `{key}` of this kind: write a workflow for it");
                return Err(ApiError::bad("option_not_supported", why));
            }
        }
    }
    Ok(announcement.reactions(reactions))
}

async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path((subscriber, task)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let scope = Scope::of(&app, caller, Some(&subscriber))?;
    let (account, id) = (app.account(&scope.subscriber)?, task.clone());
    if account.run(move |platform| platform.cancel_alert(&id)).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    // One that is over, and be it by a restart, is as good as cancelled.
    let filter = EventFilter { instance: Some(task.as_str().into()), ..EventFilter::default() };
    let known = app.store().analytics_query(&scope.subscriber, &filter, &PageRequest::default()).await?;
    match known.items.is_empty() {
        true => Err(ApiError::not_found("alert", &task)),
        false => Ok(StatusCode::NO_CONTENT),
    }
}

/// The devices in these groups, which are given by name, by id or by URN.
fn members(platform: &Platform<'_>, names: &[String]) -> ApiResult<Vec<DeviceKey>> {
    let directory = platform.engine.directory();
    let mut devices = BTreeSet::new();
    for name in names {
        let urn = Urn::parse(name.as_str()).ok();
        let group = match urn.as_ref().filter(|urn| urn.kind() == UrnKind::Group).and_then(Urn::id) {
            Some(ResourceId::Id(id)) => directory.group_with_id(&id),
            Some(ResourceId::Name(name)) => directory.group_named(&name),
            None => directory.group_named(name).or_else(|| directory.group_with_id(name)),
        };
        let group =
            group.and_then(|key| directory.group(key)).ok_or_else(|| ApiError::not_found("group", name))?;
        devices.extend(group.members());
    }
    Ok(devices.into_iter().collect())
}

async fn events(
    State(app): State<App>,
    caller: Caller,
    Path(subscriber): Path<String>,
    params: Params,
) -> ApiResult<Json<Value>> {
    let scope = Scope::of(&app, caller, Some(&subscriber))?;
    let mut page = page_request(&params)?;
    page.limit = page.limit.min(100);
    let from = time(&params, "oldest")?.unwrap_or(app.now() - SEVEN_DAYS);
    let filter = EventFilter { from: Some(from), ..EventFilter::default() };
    let events = app.store().analytics_query(&scope.subscriber, &filter, &page).await?;
    Ok(Json(events.items.into_iter().map(analytics_event).collect()))
}
