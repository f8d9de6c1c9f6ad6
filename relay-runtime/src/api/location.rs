//! Where a device is.

use serde_json::Value;

use super::document::Part;

/// Where a device was last seen.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct DeviceLocation {
    /// In degrees.
    pub latitude: Option<f64>,
    /// In degrees.
    pub longitude: Option<f64>,
    /// In metres, presumably.
    pub accuracy: Option<f64>,
    /// The postal address.
    pub address: Option<String>,
    /// When, in ISO 8601. Relay leaves the zone out; the `Z` is added here, as the official JS SDK does.
    pub timestamp: Option<String>,
    /// Where in a building, in no documented form.
    pub indoor_position: Option<Value>,
    /// `inside` or `outside`.
    pub geofence_state: Option<String>,
    /// The geofences that it is in.
    pub geofence_ids: Vec<String>,
    /// Entries and exits.
    pub geofence_events: Vec<GeofenceEvent>,
}

/// A device crossed the border of a geofence.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct GeofenceEvent {
    /// `entry` or `exit`.
    pub kind: Option<String>,
    /// The geofence.
    pub geofence_id: Option<String>,
    /// Its name.
    pub label: Option<String>,
    /// When, in ISO 8601 with zone.
    pub timestamp: Option<String>,
}

impl DeviceLocation {
    pub(super) fn read(location: Part<'_>) -> Option<Self> {
        location.is_there().then(|| Self {
            latitude: location.number("lat"),
            longitude: location.number("long"),
            accuracy: location.number("accuracy"),
            address: location.text("address"),
            timestamp: location.text("timestamp").map(zoned),
            indoor_position: location.value("indoor_position"),
            geofence_state: location.text("geofence_state"),
            geofence_ids: location.texts("geofence_id"),
            geofence_events: location.list("geofence_events", |event| GeofenceEvent {
                kind: event.text("type"),
                geofence_id: event.text("geofence_id"),
                label: event.text("label"),
                timestamp: event.text("timestamp_z"),
            }),
        })
    }
}

fn zoned(timestamp: String) -> String {
    let time = timestamp.split_once('T').map_or("", |(_, time)| time);
    if time.is_empty() || time.contains(['Z', 'z', '+', '-']) { timestamp } else { timestamp + "Z" }
}
