//! A device as the registry knows it.

use serde::{Deserialize, Serialize};

use super::{DeviceId, PositionId, Rest, UserId, VenueId};

/// A device as the registry knows it, with what it told last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Never changed.
    pub id: DeviceId,
    /// Unique in the account: workflows know devices by it.
    pub name: String,
    /// Its model, as workflows are told it. Default: `relay2`.
    #[serde(default = "relay2")]
    pub kind: String,
    /// Who uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Whether it reports its location. Default: false, as on the real platform.
    #[serde(default)]
    pub location_enabled: bool,
    /// Where it was last.
    #[serde(default)]
    pub location: LastLocation,
    /// The charge of its battery in percent. Default: 100.
    #[serde(default = "full")]
    pub battery: u8,
    /// Whether its battery is being charged. Default: false.
    #[serde(default)]
    pub charging: bool,
    /// How loud it is, in percent. Default: 50.
    #[serde(default = "half")]
    pub volume: u8,
    /// Whether the person wants to be left alone. Default: false.
    #[serde(default)]
    pub do_not_disturb: bool,
    /// The channel that it falls back to. Default: `Home`.
    #[serde(default = "home")]
    pub home_channel: String,
    /// What else is known, such as serial numbers; told to clients as it is.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Device {
    /// A device with everything at its default.
    pub fn new(id: impl Into<DeviceId>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            kind: relay2(),
            user: None,
            location_enabled: false,
            location: LastLocation::default(),
            battery: full(),
            charging: false,
            volume: half(),
            do_not_disturb: false,
            home_channel: home(),
            rest: Rest::new(),
        }
    }
}

fn relay2() -> String {
    "relay2".into()
}

fn full() -> u8 {
    100
}

fn half() -> u8 {
    50
}

fn home() -> String {
    "Home".into()
}

/// Where a device was last, as far as that is known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LastLocation {
    /// The nearest street address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Latitude and longitude in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latlong: Option<(f64, f64)>,
    /// The place inside a building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indoor: Option<IndoorPlace>,
}

/// A place inside a building.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndoorPlace {
    /// The building.
    pub venue: VenueId,
    /// The place in it.
    pub position: PositionId,
}
