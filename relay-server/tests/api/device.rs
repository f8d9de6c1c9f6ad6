//! Devices: their records, what is done with them, what comes of it.

use serde_json::json;

use crate::server::Api;

const ALICE: &str = "990007560000001";

#[tokio::test]
async fn a_device_is_made_changed_and_deleted() {
    let api = Api::start().await;
    let made = api.post("/v1/devices", json!({"name": "Alice"})).await.ok();
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with("VIRT"), "{id}");
    assert_eq!(made["now"]["device_status"], "online");
    let taken = api.post("/v1/devices", json!({"name": "ALICE"})).await;
    assert_eq!(taken.code(), (409, "name_taken"));
    assert!(taken.refused().2.contains("in this or another case"));
    assert_eq!(api.post("/v1/devices", json!({"name": "Bob", "id": id})).await.code(), (409, "exists"));
    let mut changed = made.clone();
    changed["name"] = json!("Alice the second");
    changed["serial"] = json!("A1");
    changed["home_channel"] = json!("Lobby");
    let changed = api.put(&format!("/v1/devices/{id}"), changed).await.ok();
    assert_eq!(changed["now"]["device_label"], "Alice the second");
    assert_eq!(changed["now"]["active_channel"], "Lobby", "at once");
    assert_eq!(api.get(&format!("/v1/devices/{id}")).await.ok()["serial"], "A1", "what is not known is kept");
    assert_eq!(api.get("/v1/devices").await.ok().as_array().unwrap().len(), 1);
    assert_eq!(api.delete(&format!("/v1/devices/{id}")).await.status, 204);
    assert_eq!(api.get(&format!("/v1/devices/{id}")).await.code(), (404, "device_not_found"));
    assert_eq!(api.delete(&format!("/v1/devices/{id}")).await.code(), (404, "device_not_found"));
    assert_eq!(api.post("/v1/devices", json!({})).await.code(), (400, "invalid_body"));
    assert_eq!(api.post("/v1/devices", json!({"name": " "})).await.code(), (400, "invalid_name"));
}

#[tokio::test]
async fn two_devices_are_not_used_by_one_person() {
    let api = Api::start().await;
    api.put("/v1/devices/d1", json!({"name": "Alice", "user": "USER1"})).await.ok();
    let refused = api.put("/v1/devices/d2", json!({"name": "Bob", "user": "USER1"})).await;
    assert_eq!(refused.code(), (409, "user_taken"));
    assert!(refused.refused().2.contains("Alice"), "{refused:?}");
}

#[tokio::test]
async fn the_document_is_what_the_sdks_read() {
    let api = Api::start().await;
    let alice = json!({
        "name": "Alice", "location_enabled": true, "battery": 42, "location": {"latlong": [51.5, -0.12], "address": "1 Main St"},
    });
    api.put(&format!("/v1/devices/{ALICE}"), alice).await.ok();
    api.put("/v1/groups/g1", json!({"name": "Cleaning", "members": [ALICE]})).await.ok();
    let path = format!("/relaypro/api/v1/device/{ALICE}");
    let document = api.get(&path).await.ok();
    assert_eq!(document["device_id"], ALICE);
    assert_eq!(document["device_label"], "Alice");
    assert_eq!(document["mode"], "undefined");
    assert_eq!(document["active_channel"], "Home");
    assert_eq!(document["groups"], json!([{"group_id": "g1", "name": "Cleaning"}]));
    let details = &document["device_details"];
    assert_eq!(details["device_info"]["battery_level"], 42);
    assert_eq!(details["device_info"]["imei"], ALICE);
    assert_eq!(details["device_info"]["network_status"]["connection_type"], "wifi");
    assert_eq!(
        (&details["location"]["lat"], &details["location"]["address"]),
        (&json!(51.5), &json!("1 Main St"))
    );
    assert_eq!(api.post(&path, json!({})).await.ok(), document, "an SDK repeats its GET as a POST");
    assert_eq!(api.get(&format!("/ibot/device/{ALICE}?user_id=x")).await.ok(), document);
    assert_eq!(api.get("/ibot/device/none").await.code(), (404, "device_not_found"));
}

#[tokio::test]
async fn everything_can_be_done_with_a_virtual_device() {
    let api = Api::start().await;
    api.put(&format!("/v1/devices/{ALICE}"), json!({"name": "Alice", "location_enabled": true})).await.ok();
    api.device("990007560000002", "Bob").await;
    api.put("/v1/venues/v1", json!({"name": "Hotel", "positions": [{"id": "p1", "tags": ["Lobby"]}]}))
        .await
        .ok();
    let act = async |verb: &str, body| api.post(&format!("/v1/devices/{ALICE}/{verb}"), body).await;
    let verbs = [
        ("speak", json!({"text": "hello", "assistant": true}), "nobody"),
        ("speak", json!({"text": "hello"}), "nobody"),
        ("tap", json!({}), "nobody"),
        ("turn", json!({"talk": "Lobby"}), "platform"),
        ("turn", json!({"assistant": {}}), "platform"),
        ("move", json!({"latitude": 1.5, "longitude": 2.5}), "platform"),
        ("position", json!({"venue": "v1", "position": "p1"}), "platform"),
        ("position", json!({}), "platform"),
        ("scan", json!({"uid": "04a1"}), "nobody"),
        ("charge", json!({"battery": 20, "charging": true}), "platform"),
        ("volume", json!({"percent": 30}), "platform"),
        ("call", json!({"to": "Bob"}), "platform"),
        ("hang-up", json!({}), "platform"),
        ("alarm", json!({}), "nobody"),
        ("do-not-disturb", json!({"on": true}), "platform"),
        ("do-not-disturb", json!({"on": false}), "platform"),
        ("online", json!({"online": false}), "platform"),
    ];
    for (verb, body, taken) in verbs {
        assert_eq!(act(verb, body.clone()).await.ok()["taken"], taken, "{verb} {body}");
    }
    assert_eq!(act("speak", json!({"text": "hello"})).await.code(), (409, "device_offline"));
    act("online", json!({"online": true})).await.ok();
    assert_eq!(act("turn", json!({"interaction": "none"})).await.code(), (409, "no_interaction"));
    assert_eq!(
        act("position", json!({"venue": "v1", "position": "p9"})).await.code(),
        (409, "no_such_position")
    );
    assert_eq!(act("speak", json!({})).await.code(), (400, "invalid_body"));
    assert_eq!(act("charge", json!({"battery": 900})).await.code(), (400, "invalid_body"));
    let nobody = api.post("/v1/devices/none/tap", json!({})).await;
    assert_eq!(nobody.code(), (404, "device_not_found"));
    let now = api.get(&format!("/v1/devices/{ALICE}")).await.ok()["now"].take();
    assert_eq!(now["device_details"]["device_info"]["battery_level"], 20);
    assert_eq!(now["device_details"]["location"]["lat"], 1.5);
}

#[tokio::test]
async fn a_call_is_answered() {
    let api = Api::start().await;
    api.device(ALICE, "Alice").await;
    api.device("990007560000002", "Bob").await;
    api.post(&format!("/v1/devices/{ALICE}/call"), json!({"to": "Bob"})).await.ok();
    let answered = api.post("/v1/devices/990007560000002/answer", json!({})).await.ok();
    assert_eq!(answered["taken"], "platform");
    let again = api.post(&format!("/v1/devices/{ALICE}/call"), json!({"to": "Bob"})).await;
    assert_eq!(again.code(), (409, "in_call"));
}
