//! What is known about a device.

use axum::Json;
use axum::extract::{Path, State};
use relay_engine::{Channel, DeviceInfo};
use relay_protocol::types::DeviceMode;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use crate::account::Platform;
use crate::model::Device;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let example = json!({
        "device_id": "990007560000001", "device_label": "Alice", "device_status": "online", "mode": "undefined",
        "active_channel": "Home", "background_audio": false, "groups": [{"group_id": "g1", "name": "Cleaning"}],
        "channels": [], "features": {}, "capabilities": {},
        "device_details": {
            "device_info": {"battery_level": 87, "network_status": {"connection_type": "wifi", "wifi_bars": 4, "cell_bars": 0}},
            "location": {"lat": 51.5, "long": -0.12, "accuracy": 10},
        },
    });
    let describe = |endpoint: Endpoint| {
        endpoint
            .role(crate::model::Role::Read)
            .says("What is known about a device, as the SDKs read it.")
            .query("subscriber_id", "the account, if the token is for several")
            .answer(example.clone())
    };
    // An SDK repeats its GET as a POST after it has exchanged its token.
    vec![
        describe(Endpoint::get("/relaypro/api/v1/device/{id}", get)),
        describe(Endpoint::post("/relaypro/api/v1/device/{id}", get)),
        describe(Endpoint::get("/ibot/device/{id}", get)),
    ]
}

async fn get(State(app): State<App>, scope: Scope, Path(id): Path<String>) -> ApiResult<Json<Value>> {
    let record: Option<Device> = app.store().get(&scope.subscriber, &id).await?;
    let record = record.ok_or_else(|| ApiError::not_found("device", &id))?;
    let account = app.account(&scope.subscriber)?;
    let document = account.run(move |platform| document(platform, &record)).await?;
    Ok(Json(document))
}

/// The document of a device: what was registered, and how it is now.
pub(in super::super) fn document(platform: &Platform<'_>, record: &Device) -> Value {
    let mut document = Value::Object(record.rest.clone());
    document["device_id"] = json!(record.id);
    document["device_label"] = json!(record.name);
    document["device_type"] = json!(record.kind);
    let engine = &platform.engine;
    let live =
        platform.ids.devices.key(&record.id).and_then(|key| Some((key, engine.directory().device(key)?)));
    let Some((key, device)) = live else { return document };
    let info = device.info();
    document["device_label"] = json!(info.name);
    document["device_status"] = json!(if info.online { "online" } else { "offline" });
    document["user_profile_id"] = json!(info.user);
    document["do_not_disturb"] = json!(info.do_not_disturb);
    // The platform writes the text where it means none.
    document["mode"] = match &info.mode {
        _ if info.do_not_disturb => json!("dnd"),
        DeviceMode::Normal => json!("undefined"),
        _ => json!("emergency_sos"),
    };
    document["active_channel"] = match engine.channel(key) {
        Some(Channel::Talk(name) | Channel::Interaction(name)) => json!(name),
        Some(_) => json!("Assistant"),
        None => Value::Null,
    };
    document["background_audio"] = json!(false);
    for name in ["features", "capabilities"] {
        if document[name].is_null() {
            document[name] = json!({});
        }
    }
    document["channels"] = json!([]);
    let groups = device.groups().filter_map(|key| engine.directory().group(key));
    document["groups"] = groups.map(|group| json!({"group_id": group.id(), "name": group.name()})).collect();
    let is_imei = info.id.len() == 15 && info.id.bytes().all(|b| b.is_ascii_digit());
    document["device_details"] = json!({
        "device_info": {
            "battery_level": info.battery,
            "battery_status": if info.charging { "charging" } else { "discharging" },
            "volume_level": info.volume,
            "product_name": record.kind,
            "model": record.kind,
            "imei": is_imei.then_some(&info.id),
            "bluetooth_status": "off",
            "bluetooth_info": {"address": null, "name": null},
            // Virtual devices have the best of networks.
            "network_status": {"connection_type": "wifi", "wifi_bars": 4, "cell_bars": 0},
        },
        "location": location(info),
    });
    document
}

fn location(info: &DeviceInfo) -> Value {
    let location = &info.location;
    let Some((lat, long)) = location.latlong.filter(|_| info.location_enabled) else { return Value::Null };
    let best = location.indoor.as_ref().map(|label| json!({"best": label, "best_match": [label]}));
    json!({
        "lat": lat, "long": long, "accuracy": 10, "address": location.address,
        "indoor_position": best, "geofence_state": null, "geofence_id": [], "geofence_events": [],
    })
}
