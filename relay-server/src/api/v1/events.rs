//! The stream of events, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::{Event as Sse, KeepAlive, Sse as Stream};
use futures_util::{StreamExt, stream};
use serde_json::json;

use super::super::app::App;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::params::Params;
use crate::auth::Caller;
use crate::events::{BadCursor, Cursor, Filter, Item, Kind, UnknownKind};

const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/v1/events", events)
            .streams()
            .says(
                "Everything that happens, as server-sent events. The `id` of each is a cursor; a stream that is resumed \
                 with it goes on after it. What was missed in between and is not known any more is told by an event \
                 `gap`.",
            )
            .query("subscriber_id", "the account, if the token is for several")
            .query("after", "a cursor, as the header `Last-Event-ID`; from now on by default")
            .query("kinds", "some of instance, frame, device, trigger and log, with commas between them")
            .query("instance", "of this instance only")
            .query("device", "about this device only")
            .query("workflow", "of this workflow only")
            .content_type("text/event-stream"),
    ]
}

async fn events(
    State(app): State<App>,
    caller: Caller,
    scope: Scope,
    params: Params,
    headers: HeaderMap,
) -> ApiResult {
    let place = app.stream_place()?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).filter(|id| !id.is_empty());
    let after: Option<Cursor> = last
        .or_else(|| params.get("after"))
        .map(str::parse)
        .transpose()
        .map_err(|error: BadCursor| ApiError::bad("invalid_cursor", error.to_string()))?;
    let kinds = params.get("kinds").unwrap_or_default().split(',').filter(|kind| !kind.is_empty());
    let filter = Filter {
        kinds: kinds
            .map(|kind| kind.trim().parse::<Kind>())
            .collect::<Result<_, UnknownKind>>()
            .map_err(|error| ApiError::bad("invalid_kind", error.to_string()))?,
        subscriber: Some(scope.subscriber.to_string()),
        instance: params.get("instance").map(Into::into),
        device: params.get("device").map(Into::into),
        workflow: params.get("workflow").map(Into::into),
    };
    let watcher = app.hub().watch(after, filter);
    let events = stream::unfold((watcher, place), |(mut watcher, place)| async move {
        Some((Ok::<_, Infallible>(sse(&watcher.next().await)), (watcher, place)))
    });
    let events = events.take_until(app.stream_end(caller));
    let events = Stream::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // Some proxies hold back what is not long enough for them.
    Ok(([("x-accel-buffering", "no")], events).into_response())
}

fn sse(item: &Item) -> Sse {
    match item {
        Item::Event(published) => {
            let data = json!(published.event).to_string();
            Sse::default().id(published.cursor.to_string()).event(published.event.kind.as_str()).data(data)
        }
        Item::Gap(cursor) => Sse::default().id(cursor.to_string()).event("gap").data("{}"),
    }
}
