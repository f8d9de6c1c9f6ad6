//! Devices: their records, and how they are now.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::{ibot, new_id};
use crate::account::Platform;
use crate::model::Device;
use crate::registry::Entry;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    let record = json!({
        "id": "990007560000001", "name": "Alice", "kind": "relay2", "user": "USER1", "location_enabled": true,
        "battery": 100, "home_channel": "Home",
    });
    let mut now = record.clone();
    now["now"] = json!({"device_status": "online", "active_channel": "Home"});
    vec![
        Endpoint::get("/v1/devices", list)
            .says("Lists the devices, each with how it is now.")
            .query("subscriber_id", account)
            .answer(json!([now])),
        Endpoint::post("/v1/devices", create)
            .says("Makes a device; a virtual one if it has no `id`. All but the name has defaults.")
            .query("subscriber_id", account)
            .body(json!({"name": "Alice", "location_enabled": true}))
            .answer(now.clone()),
        Endpoint::get("/v1/devices/{id}", get)
            .says("Shows a device, with how it is now.")
            .query("subscriber_id", account)
            .answer(now.clone()),
        Endpoint::put("/v1/devices/{id}", put)
            .says("Makes or replaces the record of a device.")
            .query("subscriber_id", account)
            .body(record)
            .answer(now),
        Endpoint::delete("/v1/devices/{id}", delete)
            .says("Deletes a device. What runs on it ends there.")
            .query("subscriber_id", account),
    ]
}

async fn list(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let devices: Vec<Device> = app.store().list(&scope.subscriber).await?;
    let account = app.account(&scope.subscriber)?;
    let shown =
        account.run(move |platform| devices.iter().map(|device| show(platform, device)).collect::<Value>());
    Ok(Json(shown.await?))
}

async fn get(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    let device: Option<Device> = app.store().get(&scope.subscriber, &id).await?;
    let device = device.ok_or_else(|| ApiError::not_found("device", id))?;
    let account = app.account(&scope.subscriber)?;
    Ok(Json(account.run(move |platform| show(platform, &device)).await?))
}

async fn create(State(app): State<App>, scope: Scope, Lenient(mut body): Lenient) -> ApiResult<Json<Value>> {
    let id = match body.get("id").and_then(Value::as_str) {
        Some(id) if app.store().get::<Device>(&scope.subscriber, id).await?.is_some() => {
            return Err(ApiError::conflict(
                "exists",
                format!("there is a device {id} already: use PUT to change it"),
            ));
        }
        Some(id) => id.to_owned(),
        None => Device::ID_PREFIX.to_owned() + &new_id(),
    };
    body.insert("id".into(), id.as_str().into());
    save(&app, &scope, &id, body).await
}

async fn put(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    Lenient(body): Lenient,
) -> ApiResult<Json<Value>> {
    save(&app, &scope, &id, body).await
}

async fn save(app: &App, scope: &Scope, id: &str, mut body: Map<String, Value>) -> ApiResult<Json<Value>> {
    body.insert("id".into(), id.into());
    body.remove("now"); // clients send back what they were given
    let device: Device = Lenient(body).read()?;
    scope.registry(app).save(&scope.subscriber, device.clone()).await?;
    let account = app.account(&scope.subscriber)?;
    Ok(Json(account.run(move |platform| show(platform, &device)).await?))
}

async fn delete(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<StatusCode> {
    scope.registry(&app).delete::<Device>(&scope.subscriber, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The record, and beside it how the device is now.
pub(super) fn show(platform: &Platform<'_>, device: &Device) -> Value {
    let mut shown = json!(device);
    shown["now"] = ibot::document(platform, device);
    shown
}
