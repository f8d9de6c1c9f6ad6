//! What Relay knows about a device.

use serde::de::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::client::{Client, path_part};
use super::document::Part;
use super::{ApiError, DeviceLocation};

impl Client {
    /// Asks for a device, by its id: an IMEI, or `VIRT…` for an app.
    ///
    /// # Errors
    ///
    /// See [`ApiError`].
    pub async fn fetch_device(&self, id: &str) -> Result<DeviceRecord, ApiError> {
        let id = path_part("fetch_device", id)?;
        let url = self.account_url(&["relaypro", "api", "v1", "device", id]);
        self.get(url).await?.json()
    }
}

/// What Relay knows about a device.
///
/// The names are those of the official JS SDK, which also reads them from a nested document. Relay promises none of
/// them: what is missing or of another type is `None` or empty, and all of it is in [`document`](Self::document).
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct DeviceRecord {
    /// Its immutable id.
    pub id: Option<String>,
    /// The name that it is called by.
    pub name: Option<String>,
    /// `online` or `offline`.
    pub status: Option<String>,
    /// `emergency_sos` or `dnd`; none is the normal case.
    pub mode: Option<String>,
    /// When it was last connected, an ISO 8601 time without zone; presumably UTC.
    pub last_connect_timestamp: Option<String>,
    /// The channel that it is on.
    pub active_channel: Option<String>,
    /// Whether it plays other channels in the background.
    pub background_audio: Option<bool>,
    /// In percent.
    pub battery_level: Option<f64>,
    /// As in `charging`.
    pub battery_status: Option<String>,
    /// The version of its firmware.
    pub rom_version: Option<String>,
    /// The version of its app.
    pub app_version: Option<String>,
    /// The build of its app.
    pub build_id: Option<String>,
    /// The name of the product.
    pub product_name: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Its address in Wi-Fi networks.
    pub wifi_mac: Option<String>,
    /// Its volume, in steps of its own.
    pub volume_level: Option<f64>,
    /// The number of its radio.
    pub imei: Option<String>,
    /// The number of its SIM card.
    pub iccid: Option<String>,
    /// Its number at the US authority for radios.
    pub fcc_id: Option<String>,
    /// Its number at the Canadian authority for radios.
    pub ic_id: Option<String>,
    /// The state of its Bluetooth.
    pub bluetooth_status: Option<String>,
    /// The address of what is connected by Bluetooth.
    pub bluetooth_address: Option<String>,
    /// The name of what is connected by Bluetooth.
    pub bluetooth_name: Option<String>,
    /// `wifi` or `cell`.
    pub connection_type: Option<String>,
    /// In bars.
    pub wifi_signal: Option<f64>,
    /// In bars.
    pub cell_signal: Option<f64>,
    /// Where it is, if it may say so.
    pub location: Option<DeviceLocation>,
    /// The groups that it is in.
    pub groups: Vec<Named>,
    /// The channels that it has.
    pub channels: Vec<Named>,
    /// What is switched on.
    pub features: Map<String, Value>,
    /// What it could do.
    pub capabilities: Map<String, Value>,
    /// About an emergency, in no documented form.
    pub emergency_info: Option<Value>,
    /// Open incidents, in no documented form.
    pub active_incidents: Option<Value>,
    /// The whole answer, with all that has no field here.
    pub document: Map<String, Value>,
}

/// A group or channel.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Named {
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

impl DeviceRecord {
    /// Flattens a device document.
    pub fn from_document(document: Map<String, Value>) -> Self {
        let device = Part::whole(&document);
        let details = device.part("device_details");
        let info = details.part("device_info");
        let (network, bluetooth) = (info.part("network_status"), info.part("bluetooth_info"));
        let named = |id| move |part: Part<'_>| Named { id: part.text(id), name: part.text("name") };
        Self {
            id: device.text("device_id"),
            name: device.text("device_label"),
            status: device.text("device_status"),
            // Relay writes the text where it means none.
            mode: device.text("mode").filter(|mode| mode != "undefined"),
            last_connect_timestamp: device.text("last_connect_timestamp"),
            active_channel: device.text("active_channel"),
            background_audio: device.flag("background_audio"),
            battery_level: info.number("battery_level"),
            battery_status: info.text("battery_status"),
            rom_version: info.text("rom_version"),
            app_version: info.text("app_version"),
            build_id: info.text("build_id"),
            product_name: info.text("product_name"),
            model: info.text("model"),
            wifi_mac: info.text("wifi_mac"),
            volume_level: info.number("volume_level"),
            imei: info.text("imei"),
            iccid: info.text("iccid"),
            fcc_id: info.text("fcc_id"),
            ic_id: info.text("ic_id"),
            bluetooth_status: info.text("bluetooth_status"),
            bluetooth_address: bluetooth.text("address"),
            bluetooth_name: bluetooth.text("name"),
            connection_type: network.text("connection_type"),
            wifi_signal: network.number("wifi_bars"),
            cell_signal: network.number("cell_bars"),
            location: DeviceLocation::read(details.part("location")),
            groups: device.list("groups", named("group_id")),
            channels: device.list("channels", named("channel_id")),
            features: device.object("features"),
            capabilities: device.object("capabilities"),
            emergency_info: device.value("emergency_info"),
            active_incidents: device.value("active_incidents"),
            document,
        }
    }
}

impl<'de> Deserialize<'de> for DeviceRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from_document)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(document: Value) -> DeviceRecord {
        serde_json::from_value(document).unwrap()
    }

    #[test]
    fn a_nested_document_becomes_flat() {
        let alice = record(json!({
            "device_id": "990007560011111", "device_label": "Alice", "device_status": "online", "mode": "dnd",
            "background_audio": false, "groups": [{ "group_id": "g1", "name": "Cleaning" }],
            "channels": [{ "channel_id": 7, "name": "Lobby", "color": "red" }],
            "features": { "dnd": true },
            "device_details": {
                "device_info": {
                    "battery_level": 87, "imei": 990_007_560_011_111_u64,
                    "network_status": { "connection_type": "wifi", "wifi_bars": "3", "cell_bars": 0 },
                    "bluetooth_info": { "address": "aa:bb", "name": "Headset" },
                },
                "location": {
                    "lat": 51.5, "long": -0.12, "accuracy": 10, "address": null,
                    "timestamp": "2026-01-02T03:04:05", "geofence_id": "f1",
                    "geofence_events": [{ "timestamp_z": "2026-01-02T03:00:00Z", "type": "entry", "label": "Home" }],
                },
            },
        }));
        assert_eq!(alice.name.as_deref(), Some("Alice"));
        assert_eq!(alice.mode.as_deref(), Some("dnd"));
        assert_eq!(alice.background_audio, Some(false));
        assert_eq!(alice.battery_level, Some(87.0));
        assert_eq!(alice.imei.as_deref(), Some("990007560011111"));
        assert_eq!((alice.wifi_signal, alice.cell_signal), (Some(3.0), Some(0.0)));
        assert_eq!(alice.bluetooth_name.as_deref(), Some("Headset"));
        assert_eq!(alice.groups[0].id.as_deref(), Some("g1"));
        assert_eq!(alice.channels[0].id.as_deref(), Some("7"));
        assert_eq!(alice.document["channels"][0]["color"], "red");
        let location = alice.location.unwrap();
        assert_eq!((location.latitude, location.longitude), (Some(51.5), Some(-0.12)));
        assert_eq!(location.timestamp.as_deref(), Some("2026-01-02T03:04:05Z"));
        assert_eq!(location.geofence_ids, ["f1"]);
        assert_eq!(location.geofence_events[0].kind.as_deref(), Some("entry"));
    }

    #[test]
    fn nothing_is_expected_and_nothing_lost() {
        assert_eq!(record(json!({})), DeviceRecord::default());
        let odd = record(json!({
            "device_label": ["no"], "mode": "undefined", "device_details": 1, "groups": [1, {}], "channels": {},
            "new_field": { "a": 1 },
        }));
        assert_eq!((&odd.name, &odd.mode, &odd.location), (&None, &None, &None));
        assert_eq!(odd.groups, [Named::default()]);
        assert_eq!(odd.document["new_field"]["a"], 1);
    }
}
