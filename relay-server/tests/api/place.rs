//! Geofences, venues, groups, users: as the official command line reads them and as people make them.

use serde_json::json;

use crate::server::Api;

#[tokio::test]
async fn geofences() {
    let api = Api::start().await;
    let made = api
        .post("/ibot/geofence", json!({"label": "Yard", "lat": 35.5, "long": "-78.1", "radius": 100}))
        .await
        .ok();
    assert_eq!((&made["lat"], &made["long"]), (&json!("35.5"), &json!("-78.1")));
    assert_eq!(api.get("/ibot/geofence").await.ok(), json!({"results": [made]}));
    let id = made["geofence_id"].as_str().unwrap();
    let address =
        api.post("/ibot/geofence", json!({"label": "Yard", "address": "1 Main St", "radius": 100})).await;
    assert_eq!(address.code(), (400, "geocoding_not_supported"));
    for bad in [
        json!({"label": "Yard", "radius": 1}),
        json!({"lat": 1, "long": 1, "radius": 1}),
        json!({"label": "x", "lat": 1, "long": 1}),
    ] {
        assert_eq!(api.post("/ibot/geofence", bad).await.code(), (400, "invalid_geofence"));
    }
    let beyond = api.post("/ibot/geofence", json!({"label": "x", "lat": 91, "long": 1, "radius": 1})).await;
    assert_eq!(beyond.code(), (400, "invalid_position"));
    let point = api.post("/ibot/geofence", json!({"label": "x", "lat": 9, "long": 1, "radius": 0})).await;
    assert_eq!(point.code(), (400, "invalid_radius"));

    let workflow = json!({"name": "w", "config": {"trigger": {
        "start": {"workflow": {"uri": "wss://a.example/w"}}, "on_geofence": {"geofence_id": id, "transition": "entry"},
    }}});
    let workflow = api.post("/ibot/workflow", workflow).await.ok()[0]["workflow_id"].clone();
    let used = api.delete(&format!("/ibot/geofence/{id}")).await;
    assert_eq!(used.code(), (409, "in_use"));
    assert!(used.refused().2.contains(workflow.as_str().unwrap()), "{used:?}");
    api.delete(&format!("/ibot/workflow/{}", workflow.as_str().unwrap())).await.ok();
    assert_eq!(api.delete(&format!("/ibot/geofence/{id}")).await.ok(), json!({}));
    assert_eq!(api.delete(&format!("/ibot/geofence/{id}")).await.code(), (404, "not_found"));
}

#[tokio::test]
async fn venues_and_positions() {
    let api = Api::start().await;
    let venue = json!({"name": "Hotel", "positions": [{"id": "p1", "tags": ["Floor 1", "Lobby"]}]});
    api.put("/v1/venues/v1", venue).await.ok();
    assert_eq!(
        api.get("/ibot/indoor_venue").await.ok(),
        json!({"results": [{"venue_id": "v1", "venue_name": "Hotel"}]})
    );
    let positions =
        json!({"results": [{"position_id": "p1", "venue_id": "v1", "tags": ["Floor 1", "Lobby"]}]});
    assert_eq!(api.get("/ibot/indoor_position/v1").await.ok(), positions);
    assert_eq!(api.get("/ibot/indoor_position/v9").await.code(), (404, "not_found"));
    let twice = api.put("/v1/venues/v2", json!({"name": "x", "positions": [{"id": "p"}, {"id": "p"}]})).await;
    assert_eq!(twice.code(), (400, "invalid_position"));
    assert_eq!(api.delete("/v1/venues/v1").await.status, 204);
}

#[tokio::test]
async fn users_and_groups() {
    let api = Api::start().await;
    let user = api.post("/v1/users", json!({"name": "Bob", "phone": "555"})).await.ok();
    let user = user["id"].as_str().unwrap();
    assert!(user.starts_with("USER"), "{user}");
    api.device("990007560000001", "Alice").await;
    let profiles = api.get("/ibot/user_profile").await.ok();
    assert_eq!(profiles, json!({"results": [{"user_profile_id": user, "username": "Bob", "phone": "555"}]}));
    api.put("/v1/groups/g1", json!({"name": "Cleaning", "members": ["990007560000001", user]})).await.ok();
    let groups = api.get("/ibot/groups").await.ok();
    assert_eq!(groups[0]["owner"], api.subscriber.as_str());
    assert_eq!(groups[0]["subscribers"][0]["users"], json!(["990007560000001", user]));
    let tags = api.get("/ibot/resource/tags/user").await.ok();
    assert_eq!(tags["results"]["folders"][0]["resource_folder_id"], "g1");
    assert_eq!(tags["results"]["entities"].as_array().unwrap().len(), 2);
    let devices = api.get(&format!("/ibot/subscriber/{}/device_ids", api.subscriber)).await.ok();
    assert_eq!(devices, json!({"devices": ["990007560000001", user]}));
    assert_eq!(api.post("/v1/groups", json!({"name": "cleaning"})).await.code(), (409, "name_taken"));
    assert_eq!(api.post("/v1/groups", json!({"id": "g1", "name": "x"})).await.code(), (409, "exists"));
    for path in ["/v1/groups/g1", &format!("/v1/users/{user}")] {
        assert_eq!(api.get(path).await.status, 200);
        assert_eq!(api.delete(path).await.status, 204);
        assert_eq!(api.get(path).await.status, 404);
    }
}

#[tokio::test]
async fn the_account() {
    let api = Api::start().await;
    let info = api.get(&format!("/ibot/subscriber_info/{}", api.subscriber)).await.ok();
    assert_eq!(info, json!({"capabilities": {"workflow_sdk": true}}));
    assert_eq!(api.get("/ibot/authz_context").await.ok(), json!([{"subscriber_id": api.subscriber}]));
    assert_eq!(api.get("/ibot/audit").await.ok(), json!({"data": [], "cursor": ""}));
    assert_eq!(api.get("/ibot/subscriber_info/none").await.code(), (404, "subscriber_not_found"));
    let task = api.get("/relaypro/api/v1/task?subscriber_id=x").await;
    assert_eq!(task.code(), (404, "not_supported"));
    assert_eq!(
        api.post("/relaypro/api/v1/task_event//_alice/x.done", json!({})).await.code(),
        (404, "not_supported")
    );
    let made = api.post("/v1/subscribers", json!({"id": "S2", "name": "Other"})).await.ok();
    assert_eq!(made["id"], "S2");
    assert_eq!(api.post("/v1/subscribers", json!({"id": "S2"})).await.code(), (409, "exists"));
    assert_eq!(api.get("/v1/subscribers").await.ok().as_array().unwrap().len(), 2);
    assert_eq!(api.get("/ibot/workflow?subscriber_id=S2").await.ok(), json!({"results": []}));
}

#[tokio::test]
async fn a_registry_is_carried_elsewhere() {
    let api = Api::start().await;
    api.device("990007560000001", "Alice").await;
    api.put("/v1/groups/g1", json!({"name": "Cleaning", "members": ["990007560000001"]})).await.ok();
    api.put("/v1/geofences/f1", json!({"label": "Yard", "centre": [1.0, 2.0], "radius": 50.0})).await.ok();
    let workflow = json!({"name": "w", "install": ["990007560000001"], "config": {"trigger": {
        "start": {"workflow": {"uri": "wss://a.example/w"}}, "on_geofence": {"geofence_id": "f1", "transition": "entry"},
    }}});
    let id = api.post("/ibot/workflow", workflow).await.ok()[0]["workflow_id"].clone();
    let document = api.get("/v1/registry").await.ok();

    let other = Api::start().await;
    assert_eq!(other.post("/v1/registry", document.clone()).await.ok(), json!({"saved": 4, "refused": []}));
    assert_eq!(other.get("/v1/registry").await.ok(), document);
    assert_eq!(other.get("/ibot/workflow").await.ok()["results"][0]["workflow_id"], id);
    let mut broken = document;
    broken["geofences"] = json!([]);
    broken["workflows"][0]["workflow_id"] = json!("wf_other_1");
    broken["workflows"][0]["name"] = json!("other");
    broken["workflows"][0]["config"]["trigger"]["on_geofence"]["geofence_id"] = json!("f9");
    let partly = other.post("/v1/registry", broken).await.ok();
    assert_eq!(partly["saved"], 2);
    assert!(partly["refused"][0].as_str().unwrap().starts_with("workflow wf_other_1: "), "{partly}");
    assert_eq!(other.post("/v1/registry", json!({"devcies": []})).await.code(), (400, "invalid_body"));
}
