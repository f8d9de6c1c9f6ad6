//! Geofences, venues and positions.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::new_id;
use crate::model::{Geofence, Rest, Venue};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    let geofence = json!({
        "geofence_id": "3kQ2", "label": "Yard", "address": null, "lat": "35.5", "long": "-78.1", "radius": 100.0,
    });
    vec![
        Endpoint::get("/ibot/geofence", geofences)
            .says("Lists the geofences.")
            .query("subscriber_id", account)
            .answer(json!({"results": [geofence]})),
        Endpoint::post("/ibot/geofence", create)
            .says("Makes a geofence. A street address alone is not enough: nothing here knows where it is.")
            .query("subscriber_id", account)
            .body(json!({"label": "Yard", "lat": 35.5, "long": -78.1, "radius": 100}))
            .answer(geofence),
        Endpoint::delete("/ibot/geofence/{id}", delete)
            .says("Deletes a geofence that no workflow waits at.")
            .query("subscriber_id", account)
            .answer(json!({})),
        Endpoint::get("/ibot/indoor_venue", venues)
            .says("Lists the venues.")
            .query("subscriber_id", account)
            .answer(json!({"results": [{"venue_id": "v1", "venue_name": "Hotel"}]})),
        Endpoint::get("/ibot/indoor_position/{venue_id}", positions)
            .says("Lists the positions in a venue.")
            .query("subscriber_id", account)
            .answer(
                json!({"results": [{"position_id": "p1", "venue_id": "v1", "tags": ["Floor 1", "Lobby"]}]}),
            ),
    ]
}

async fn geofences(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let geofences: Vec<Geofence> = app.store().list(&scope.subscriber).await?;
    Ok(Json(json!({ "results": geofences.into_iter().map(official).collect::<Value>() })))
}

async fn create(State(app): State<App>, scope: Scope, Lenient(body): Lenient) -> ApiResult<Json<Value>> {
    let missing = |what| ApiError::bad("invalid_geofence", format!("the geofence needs {what}"));
    let label = body.get("label").and_then(Value::as_str).filter(|label| !label.trim().is_empty());
    let (lat, long) = (number(&body, "lat"), number(&body, "long"));
    let address = body.get("address").and_then(Value::as_str).map(str::to_owned);
    let centre = match (lat, long, &address) {
        (Some(lat), Some(long), _) => (lat, long),
        (_, _, Some(_)) => {
            let why = "this server does not know where addresses are: send `lat` and `long` in degrees";
            return Err(ApiError::bad("geocoding_not_supported", why));
        }
        _ => return Err(missing("`lat` and `long` in degrees")),
    };
    let geofence = Geofence {
        id: new_id().into(),
        label: label.ok_or_else(|| missing("a `label`"))?.into(),
        address,
        centre,
        radius: number(&body, "radius").ok_or_else(|| missing("a `radius` in metres"))?,
        rest: Rest::new(),
    };
    scope.registry(&app).save(&scope.subscriber, geofence.clone()).await?;
    Ok(Json(official(geofence)))
}

async fn delete(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    scope.registry(&app).delete_geofence(&scope.subscriber, &id).await?;
    Ok(Json(json!({})))
}

async fn venues(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let venues: Vec<Venue> = app.store().list(&scope.subscriber).await?;
    let venues = venues.into_iter().map(|venue| json!({"venue_id": venue.id, "venue_name": venue.name}));
    Ok(Json(json!({ "results": venues.collect::<Value>() })))
}

async fn positions(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    let venue: Option<Venue> = app.store().get(&scope.subscriber, &id).await?;
    let venue = venue.ok_or_else(|| ApiError::not_found("venue", &id))?;
    let positions = venue.positions.into_iter();
    let positions = positions.map(|at| json!({"position_id": at.id, "venue_id": id, "tags": at.tags}));
    Ok(Json(json!({ "results": positions.collect::<Value>() })))
}

/// A number, or a text that is one.
fn number(body: &Map<String, Value>, key: &str) -> Option<f64> {
    let value = body.get(key)?;
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Coordinates are texts here, as the official command line expects them.
fn official(geofence: Geofence) -> Value {
    json!({
        "geofence_id": geofence.id, "label": geofence.label, "address": geofence.address,
        "lat": geofence.centre.0.to_string(), "long": geofence.centre.1.to_string(), "radius": geofence.radius,
    })
}
