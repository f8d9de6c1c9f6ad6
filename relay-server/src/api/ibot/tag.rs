//! NFC tags.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use super::super::new_id;
use crate::model::{Rest, SubscriberId, Tag};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    let content = json!({"type": "custom", "category": "door", "label": "A"});
    let tag =
        json!({"tag_id": "5hQ0", "subscriber_id": "S", "uid": "04a1b2c3", "counter": 0, "content": content});
    let body = json!({"content": content, "uid": "04a1b2c3"});
    vec![
        Endpoint::get("/ibot/relay_nfc_tag", list)
            .says("Lists the tags.")
            .query("subscriber_id", account)
            .answer(json!({"results": [tag]})),
        Endpoint::get("/ibot/relay_nfc_tag/{id}", get)
            .says("Shows a tag.")
            .query("subscriber_id", account)
            .answer(tag.clone()),
        Endpoint::post("/ibot/relay_nfc_tag", create)
            .says("Makes a tag. With a `uid` it is paired with that sticker.")
            .query("subscriber_id", account)
            .body(body.clone())
            .answer(tag.clone()),
        Endpoint::put("/ibot/relay_nfc_tag/{id}", update)
            .says("Replaces what a tag says, or pairs it with the sticker of a `uid`.")
            .query("subscriber_id", account)
            .body(body)
            .answer(tag),
        Endpoint::delete("/ibot/relay_nfc_tag/{id}", delete)
            .says("Deletes a tag.")
            .query("subscriber_id", account)
            .answer(json!({})),
    ]
}

async fn list(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let tags: Vec<Tag> = app.store().list(&scope.subscriber).await?;
    let tags = tags.into_iter().map(|tag| official(&scope.subscriber, tag));
    Ok(Json(json!({ "results": tags.collect::<Value>() })))
}

async fn get(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    let tag = find(&app, &scope, &id).await?;
    Ok(Json(official(&scope.subscriber, tag)))
}

async fn create(State(app): State<App>, scope: Scope, Lenient(body): Lenient) -> ApiResult<Json<Value>> {
    let tag = Tag {
        id: new_id().into(),
        uid: String::new(),
        counter: 0,
        content: BTreeMap::new(),
        rest: Rest::new(),
    };
    save(&app, &scope, tag, body).await
}

async fn update(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    Lenient(body): Lenient,
) -> ApiResult<Json<Value>> {
    let tag = find(&app, &scope, &id).await?;
    save(&app, &scope, tag, body).await
}

async fn delete(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    scope.registry(&app).delete::<Tag>(&scope.subscriber, &id).await?;
    Ok(Json(json!({})))
}

async fn find(app: &App, scope: &Scope, id: &str) -> ApiResult<Tag> {
    app.store().get(&scope.subscriber, id).await?.ok_or_else(|| ApiError::not_found("tag", id))
}

async fn save(
    app: &App,
    scope: &Scope,
    mut tag: Tag,
    mut body: Map<String, Value>,
) -> ApiResult<Json<Value>> {
    if let Some(content) = body.remove("content") {
        let Value::Object(content) = content else {
            return Err(ApiError::bad("invalid_content", "`content` must be an object of texts"));
        };
        let text = |value: Value| value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
        tag.content = content.into_iter().map(|(key, value)| (key, text(value))).collect();
    } else if tag.content.is_empty() {
        return Err(ApiError::bad(
            "invalid_content",
            "the tag needs `content`, as in {\"category\": \"door\"}",
        ));
    }
    tag.content.entry("type".into()).or_insert_with(|| "custom".into());
    if let Some(uid) = body.get("uid").and_then(Value::as_str) {
        tag.uid = uid.replace(':', "").to_lowercase();
    }
    // Official stickers sign their URI with a key that only the vendor has. It is kept, and proves nothing.
    if let Some(uri) = body.remove("tag_uri") {
        tag.rest.insert("tag_uri".into(), uri);
    }
    scope.registry(app).save(&scope.subscriber, tag.clone()).await?;
    Ok(Json(official(&scope.subscriber, tag)))
}

fn official(subscriber: &SubscriberId, tag: Tag) -> Value {
    json!({
        "tag_id": tag.id, "subscriber_id": subscriber, "uid": tag.uid, "counter": tag.counter, "content": tag.content,
    })
}
