//! Users, groups, venues, geofences, tags: each a document with an id.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::new_id;
use crate::model::{Geofence, Group, Tag, User, Venue};
use crate::registry::Entry;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let user = json!({"id": "USER1", "name": "Bob"});
    let group = json!({"id": "g1", "name": "Cleaning", "members": ["990007560000001", "USER1"]});
    let venue =
        json!({"id": "v1", "name": "Hotel", "positions": [{"id": "p1", "tags": ["Floor 1", "Lobby"]}]});
    let geofence = json!({"id": "f1", "label": "Yard", "centre": [51.5, -0.12], "radius": 100.0});
    let tag = json!({"id": "t1", "uid": "04a1b2c3", "counter": 0, "content": {"type": "custom", "category": "door"}});
    let mut all = Vec::new();
    all.extend(entries::<User>("/v1/users", "/v1/users/{id}", user));
    all.extend(entries::<Group>("/v1/groups", "/v1/groups/{id}", group));
    all.extend(entries::<Venue>("/v1/venues", "/v1/venues/{id}", venue));
    all.extend(entries::<Geofence>("/v1/geofences", "/v1/geofences/{id}", geofence));
    all.extend(entries::<Tag>("/v1/tags", "/v1/tags/{id}", tag));
    all.push(deleted(Endpoint::delete("/v1/users/{id}", delete::<User>)));
    all.push(deleted(Endpoint::delete("/v1/groups/{id}", delete::<Group>)));
    all.push(deleted(Endpoint::delete("/v1/tags/{id}", delete::<Tag>)));
    all.push(deleted(Endpoint::delete("/v1/venues/{id}", delete_venue)));
    all.push(deleted(Endpoint::delete("/v1/geofences/{id}", delete_geofence)));
    all
}

const ACCOUNT: &str = "the account, if the token is for several";

fn entries<E: Entry>(path: &'static str, path_id: &'static str, example: Value) -> [Endpoint; 4] {
    [
        Endpoint::get(path, list::<E>)
            .says("Lists them.")
            .query("subscriber_id", ACCOUNT)
            .answer(json!([example])),
        Endpoint::post(path, create::<E>)
            .says("Makes one, with a new id unless it has one.")
            .query("subscriber_id", ACCOUNT)
            .body(example.clone())
            .answer(example.clone()),
        Endpoint::get(path_id, get::<E>)
            .says("Shows one.")
            .query("subscriber_id", ACCOUNT)
            .answer(example.clone()),
        Endpoint::put(path_id, put::<E>)
            .says("Makes or replaces one.")
            .query("subscriber_id", ACCOUNT)
            .body(example.clone())
            .answer(example),
    ]
}

fn deleted(endpoint: Endpoint) -> Endpoint {
    endpoint.says("Deletes one. Places where a workflow waits stay.").query("subscriber_id", ACCOUNT)
}

async fn list<E: Entry>(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    Ok(Json(json!(app.store().list::<E>(&scope.subscriber).await?)))
}

async fn get<E: Entry>(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
) -> ApiResult<Json<Value>> {
    let entry: Option<E> = app.store().get(&scope.subscriber, &id).await?;
    entry.map(|entry| Json(json!(entry))).ok_or_else(|| ApiError::not_found(E::WORD, id))
}

async fn create<E: Entry>(
    State(app): State<App>,
    scope: Scope,
    Lenient(body): Lenient,
) -> ApiResult<Json<Value>> {
    let id = match body.get("id").and_then(Value::as_str) {
        Some(id) if app.store().get::<E>(&scope.subscriber, id).await?.is_some() => {
            let why = format!("there is a {} {id} already: use PUT to change it", E::WORD);
            return Err(ApiError::conflict("exists", why));
        }
        Some(id) => id.to_owned(),
        None => E::ID_PREFIX.to_owned() + &new_id(),
    };
    save::<E>(&app, &scope, id, body).await
}

async fn put<E: Entry>(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    Lenient(body): Lenient,
) -> ApiResult<Json<Value>> {
    save::<E>(&app, &scope, id, body).await
}

async fn save<E: Entry>(
    app: &App,
    scope: &Scope,
    id: String,
    mut body: Map<String, Value>,
) -> ApiResult<Json<Value>> {
    body.insert("id".into(), id.into());
    let entry: E = Lenient(body).read()?;
    scope.registry(app).save(&scope.subscriber, entry.clone()).await?;
    Ok(Json(json!(entry)))
}

async fn delete<E: Entry>(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    scope.registry(&app).delete::<E>(&scope.subscriber, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete_venue(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<StatusCode> {
    scope.registry(&app).delete_venue(&scope.subscriber, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete_geofence(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    scope.registry(&app).delete_geofence(&scope.subscriber, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
