//! Where devices can be found: circles on the map, and places in buildings.

use serde::{Deserialize, Serialize};

use super::{GeofenceId, PositionId, Rest, VenueId};

/// A circle on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Geofence {
    /// Never changed.
    pub id: GeofenceId,
    /// For people.
    pub label: String,
    /// The street address of its centre, if that is how it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Latitude and longitude of its centre in degrees.
    pub centre: (f64, f64),
    /// Its radius in metres.
    pub radius: f64,
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A building, with the places in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Venue {
    /// Never changed.
    pub id: VenueId,
    /// For people.
    pub name: String,
    /// The places in it.
    #[serde(default)]
    pub positions: Vec<Position>,
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A place in a building.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Never changed; unique in its building.
    pub id: PositionId,
    /// Its name in parts, from the outermost: `Floor 1`, `Lobby`.
    #[serde(default)]
    pub tags: Vec<String>,
}
