//! The account and who is in it.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::super::app::App;
use super::super::endpoint::Endpoint;
use super::super::error::ApiResult;
use super::super::guard::Scope;
use crate::auth::Caller;
use crate::model::{Device, Group, User};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let account = "the account, if the token is for several";
    vec![
        Endpoint::get("/ibot/authz_context", authz_context)
            .says("Lists the accounts that the token is for.")
            .answer(json!([{"subscriber_id": "S"}])),
        Endpoint::get("/ibot/subscriber_info/{subscriber_id}", subscriber_info)
            .says("Says what the account may do.")
            .answer(json!({"capabilities": {"workflow_sdk": true}})),
        Endpoint::get("/ibot/subscriber/{subscriber_id}/device_ids", device_ids)
            .says("Lists the ids of devices and users.")
            .answer(json!({"devices": ["990007560000001", "USER1"]})),
        Endpoint::get("/ibot/user_profile", user_profiles)
            .says("Lists the users.")
            .query("subscriber_id", account)
            .answer(json!({"results": [{"user_profile_id": "USER1", "username": "Bob"}]})),
        Endpoint::get("/ibot/resource/tags/user", tags)
            .says("Lists the groups as tags of people, for install rules.")
            .query("subscriber_id", account)
            .answer(json!({"results": {
                "folder": {"folder_name": "user", "resource_folder_id": "user", "subscriber_id": "S"},
                "folders": [{"folder_name": "Cleaning", "resource_folder_id": "g1", "parent_id": "user", "subscriber_id": "S"}],
                "entities": [],
            }})),
        Endpoint::get("/ibot/groups", groups)
            .says("Lists the groups with their members.")
            .query("subscriber_id", account)
            .answer(json!([{
                "group_id": "g1", "name": "Cleaning", "owner": "S",
                "subscribers": [{"subscriber_id": "S", "users": ["990007560000001"]}],
            }])),
    ]
}

async fn authz_context(State(app): State<App>, caller: Caller) -> ApiResult<Json<Value>> {
    let all = match caller.subscriber {
        Some(own) => vec![own],
        None => app.store().subscriber_list().await?.into_iter().map(|subscriber| subscriber.id).collect(),
    };
    Ok(Json(all.into_iter().map(|id| json!({ "subscriber_id": id })).collect()))
}

async fn subscriber_info(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<Value>> {
    let scope = Scope::of(&app, caller, Some(&id))?;
    let subscriber = app.store().subscriber_get(&scope.subscriber).await?;
    let capabilities = subscriber.map(|subscriber| subscriber.capabilities).unwrap_or_default();
    Ok(Json(json!({ "capabilities": capabilities })))
}

async fn device_ids(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<Value>> {
    let scope = Scope::of(&app, caller, Some(&id))?;
    let devices: Vec<Device> = app.store().list(&scope.subscriber).await?;
    let users: Vec<User> = app.store().list(&scope.subscriber).await?;
    let devices = devices.into_iter().map(|device| json!(device.id));
    let all: Vec<Value> = devices.chain(users.into_iter().map(|user| json!(user.id))).collect();
    Ok(Json(json!({ "devices": all })))
}

async fn user_profiles(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let users: Vec<User> = app.store().list(&scope.subscriber).await?;
    let profiles = users.into_iter().map(|user| {
        let mut profile = Value::Object(user.rest);
        profile["user_profile_id"] = json!(user.id);
        profile["username"] = user.name.into();
        profile
    });
    Ok(Json(json!({ "results": profiles.collect::<Value>() })))
}

/// The platform has tags of people beside groups of devices; here one is taken for the other.
async fn tags(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let groups: Vec<Group> = app.store().list(&scope.subscriber).await?;
    let folders = groups.iter().map(|group| {
        json!({
            "folder_name": group.name, "resource_folder_id": group.id, "parent_id": "user",
            "subscriber_id": scope.subscriber,
        })
    });
    let entities = groups.iter().flat_map(|group| group.members.iter().map(move |member| (group, member)));
    let entities = entities.map(|(group, member)| {
        json!({
            "resource_entity_id": format!("{}:{member}", group.id), "resource_folder_id": group.id,
            "entity_id": member, "entity_type": "user", "entity_attributes": {"tag_type": "user"},
            "subscriber_id": scope.subscriber,
        })
    });
    Ok(Json(json!({"results": {
        "folder": {"folder_name": "user", "resource_folder_id": "user", "subscriber_id": scope.subscriber},
        "folders": folders.collect::<Value>(),
        "entities": entities.collect::<Value>(),
    }})))
}

async fn groups(State(app): State<App>, scope: Scope) -> ApiResult<Json<Value>> {
    let groups: Vec<Group> = app.store().list(&scope.subscriber).await?;
    let groups = groups.into_iter().map(|group| {
        json!({
            "group_id": group.id, "name": group.name, "owner": scope.subscriber,
            "subscribers": [{"subscriber_id": scope.subscriber, "users": group.members}],
        })
    });
    Ok(Json(groups.collect()))
}
