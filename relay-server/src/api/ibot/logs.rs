//! The log of workflows as a stream of lines.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use futures_util::{StreamExt, stream};
use serde_json::json;

use super::super::app::App;
use super::super::error::ApiResult;
use super::super::guard::Scope;
use super::super::params::Params;
use crate::auth::Caller;
use crate::events::{Filter, Item, Kind, Published};
use crate::model::UnixMs;

/// An empty line now and then keeps what lies between from closing the connection.
const PAUSE: Duration = Duration::from_secs(15);

pub(super) async fn stream(
    State(app): State<App>,
    caller: Caller,
    scope: Scope,
    params: Params,
) -> ApiResult {
    let place = app.stream_place()?;
    let filter = Filter {
        kinds: [Kind::Log, Kind::Instance].into(),
        subscriber: Some(scope.subscriber.to_string()),
        workflow: params.get("workflow_id").map(Into::into),
        device: params.get("user_id").map(Into::into),
        ..Filter::default()
    };
    let watcher = app.hub().watch(None, filter);
    let end = app.clone().stream_end(caller);
    let lines = stream::unfold((app, watcher, place), |(app, mut watcher, place)| async move {
        let line = tokio::select! {
            item = watcher.next() => match item {
                Item::Event(published) => line(&published),
                Item::Gap(_) => json!({
                    "level": "error", "timestamp": app.now().to_string(),
                    "message": "lines were lost: they came faster than they were read", "context": {},
                }).to_string(),
            },
            () = tokio::time::sleep(PAUSE) => String::new(),
        };
        Some((Ok::<_, Infallible>(Bytes::from(line + "\n")), (app, watcher, place)))
    });
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines.take_until(end))).into_response())
}

fn line(published: &Published) -> String {
    let event = &published.event;
    let message = match event.data.get("message").and_then(|message| message.as_str()) {
        Some(message) => message.to_owned(),
        None if event.data.is_null() => event.what.to_owned(),
        None => format!("{}: {}", event.what, event.data),
    };
    let level = event.data.get("level").and_then(|level| level.as_str()).unwrap_or("info");
    let context = json!({
        "subscriber_id": event.subscriber, "user_id": event.device, "workflow_id": event.workflow,
        "workflow_instance_id": event.instance,
    });
    let timestamp = UnixMs::new(event.at).to_string();
    json!({"level": level, "timestamp": timestamp, "message": message, "context": context}).to_string()
}
