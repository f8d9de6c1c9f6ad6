//! Starting a workflow over HTTP.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::super::app::App;
use super::super::body::{self, Lenient};
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::params::Params;
use crate::model::{DeviceId, Idempotency, SubscriberId, TriggerRow, UnixMs, WorkflowId};
use crate::trigger::Invocation;

/// How long a repeated request is known as one.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// Starts a workflow once for each target, or once for whoever the query names.
pub(super) async fn invoke(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    params: Params,
    headers: HeaderMap,
    body: Lenient,
) -> ApiResult<Json<Value>> {
    let invocation = body::Invocation::read(body)?;
    let mut targets = invocation.targets;
    if targets.is_empty() {
        targets.extend(params.get("user_id").map(str::to_owned));
    }
    let start = Start { args: invocation.args, idempotency_key: key(&headers), ..Start::default() };
    let rows = self::start(&app, &scope.subscriber, &id, targets, start).await?;
    let ids: Vec<_> = rows.iter().map(|row| &row.id).collect();
    Ok(Json(json!({"workflow_instance_id": ids.first(), "workflow_instance_ids": ids})))
}

/// What a client may say about a start.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Start {
    pub(in super::super) args: Map<String, Value>,
    pub(in super::super) idempotency_key: Option<String>,
    pub(in super::super) not_before: Option<UnixMs>,
    pub(in super::super) not_after: Option<UnixMs>,
}

/// What the client calls this request, so that it may repeat it.
pub(in super::super) fn key(headers: &HeaderMap) -> Option<String> {
    headers.get("idempotency-key")?.to_str().ok().filter(|key| !key.is_empty()).map(Into::into)
}

/// Accepts a trigger for each of these devices, or one for none. What is accepted is on disk.
pub(in super::super) async fn start(
    app: &App,
    subscriber: &SubscriberId,
    workflow: &str,
    targets: Vec<String>,
    start: Start,
) -> ApiResult<Vec<TriggerRow>> {
    let targets = devices(app, subscriber, targets).await?;
    let devices = if targets.is_empty() { vec![None] } else { targets.into_iter().map(Some).collect() };
    let mut rows = Vec::with_capacity(devices.len());
    for device in devices {
        let invocation = start.of(app.now(), subscriber, workflow, device);
        rows.push(app.runner().invoke(invocation).await?.row().clone());
    }
    Ok(rows)
}

impl Start {
    /// For one device, or for none.
    pub(in super::super) fn of(
        &self,
        now: UnixMs,
        subscriber: &SubscriberId,
        workflow: &str,
        device: Option<DeviceId>,
    ) -> Invocation {
        Invocation {
            subscriber: subscriber.clone(),
            workflow: WorkflowId::from(workflow),
            idempotency: self.idempotency(now, workflow, device.as_ref()),
            device,
            args: self.args.clone(),
            not_before: self.not_before,
            not_after: self.not_after,
        }
    }

    /// One request for several devices is several triggers, each known by the device as well.
    fn idempotency(&self, now: UnixMs, workflow: &str, device: Option<&DeviceId>) -> Option<Idempotency> {
        let key = self.idempotency_key.as_ref()?;
        let device = device.map_or("", DeviceId::as_str);
        let request = json!([workflow, device, self.args, self.not_before, self.not_after]);
        Some(Idempotency {
            key: if device.is_empty() { key.clone() } else { format!("{key} {device}") },
            fingerprint: Sha256::digest(request.to_string()).to_vec(),
            until: now + REMEMBERED,
        })
    }
}

/// The devices that are meant, by id, by name, or by who uses them.
pub(in super::super) async fn devices(
    app: &App,
    subscriber: &SubscriberId,
    targets: Vec<String>,
) -> ApiResult<Vec<DeviceId>> {
    let account = app.account(subscriber)?;
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let found = account.run(move |platform| {
        let directory = platform.engine.directory();
        let find = |target: String| {
            let key = directory.device_with_id(&target).or_else(|| directory.device_used_by(&target));
            let id =
                key.or_else(|| directory.device_named(&target)).and_then(|key| platform.ids.devices.id(key));
            id.cloned().ok_or(target)
        };
        targets.into_iter().map(find).collect::<Result<Vec<_>, String>>()
    });
    found.await?.map_err(|target| {
        let why = format!("there is no device or user {target:?} in this account");
        ApiError::bad("unknown_device", why)
    })
}
