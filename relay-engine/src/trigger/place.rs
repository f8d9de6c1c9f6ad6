//! Areas on the map, and positions inside buildings.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use relay_protocol::session::Timestamp;
use relay_protocol::types::{Transition, TriggerArgs, TriggerType};

use super::Rule;
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::key::DeviceKey;

/// The places that the platform knows, by id.
#[derive(Debug, Default)]
pub struct Places {
    geofences: BTreeMap<String, Geofence>,
    /// By venue, the labels of its positions.
    venues: BTreeMap<String, BTreeMap<String, String>>,
}

/// A circle on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geofence {
    /// Latitude and longitude of its centre in degrees.
    pub centre: (f64, f64),
    /// Its radius in metres.
    pub radius: f64,
}

impl Geofence {
    /// Whether the point lies in it. The earth is taken for flat between the two, which is good for some hundred
    /// kilometres.
    pub fn contains(&self, (lat, long): (f64, f64)) -> bool {
        const METRES_PER_DEGREE: f64 = 111_195.0;
        let north = lat - self.centre.0;
        let east = match long - self.centre.1 {
            east if east > 180.0 => east - 360.0,
            east if east < -180.0 => east + 360.0,
            east => east,
        };
        let east = east * cos((lat + self.centre.0) / 2.0);
        let radius = self.radius / METRES_PER_DEGREE;
        north * north + east * east <= radius * radius
    }
}

/// The cosine of a latitude in degrees, to six digits; that of the standard library is not for `no_std`.
fn cos(degrees: f64) -> f64 {
    let x = degrees * (core::f64::consts::PI / 180.0);
    let terms = [132.0, 90.0, 56.0, 30.0, 12.0, 2.0];
    terms.iter().fold(1.0, |sum, term| 1.0 - x * x / term * sum)
}

impl Places {
    /// A geofence.
    pub fn geofence(&self, id: &str) -> Option<&Geofence> {
        self.geofences.get(id)
    }

    /// The label of a position in a venue.
    pub fn position(&self, venue: &str, position: &str) -> Option<&str> {
        Some(self.venues.get(venue)?.get(position)?.as_str())
    }

    /// The geofences that a point lies in.
    fn around(&self, point: (f64, f64)) -> BTreeSet<String> {
        let around = self.geofences.iter().filter(|(_, geofence)| geofence.contains(point));
        around.map(|(id, _)| id.clone()).collect()
    }
}

/// Where a device was found last, for what it enters and leaves.
#[derive(Debug, Default)]
pub(crate) struct Whereabouts {
    geofences: BTreeSet<String>,
    /// Venue and position.
    position: Option<(String, String)>,
}

impl Engine {
    /// The geofences and positions.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Adds a geofence, or replaces it. A device that is there already does not enter it by that.
    pub fn add_geofence(&mut self, id: impl Into<String>, geofence: Geofence) {
        let id = id.into();
        for device in self.directory.devices_mut() {
            if device.position().is_some_and(|point| geofence.contains(point)) {
                device.whereabouts.geofences.insert(id.clone());
            } else {
                device.whereabouts.geofences.remove(&id);
            }
        }
        self.places.geofences.insert(id, geofence);
    }

    /// Forgets a geofence. Nobody leaves it by that.
    pub fn remove_geofence(&mut self, id: &str) {
        for device in self.directory.devices_mut() {
            device.whereabouts.geofences.remove(id);
        }
        self.places.geofences.remove(id);
    }

    /// Adds a position in a venue, with the label that people know it by; or replaces it.
    pub fn add_position(
        &mut self,
        venue: impl Into<String>,
        position: impl Into<String>,
        label: impl Into<String>,
    ) {
        self.places.venues.entry(venue.into()).or_default().insert(position.into(), label.into());
    }

    /// Forgets a venue with all of its positions.
    pub fn remove_venue(&mut self, venue: &str) {
        self.places.venues.remove(venue);
    }

    /// The device is at a position of a venue, or at none. Its indoor location becomes the label of the position.
    ///
    /// # Errors
    ///
    /// [`DeviceError`], also if there is no such place: nothing has changed.
    pub fn set_position(
        &mut self,
        now: Timestamp,
        key: DeviceKey,
        position: Option<(&str, &str)>,
    ) -> Result<(), DeviceError> {
        let label = match position {
            Some((venue, position)) => {
                Some(self.places.position(venue, position).ok_or(DeviceError::NoPlace)?.to_string())
            }
            None => None,
        };
        let device = self.device_mut(key)?;
        device.info.location.indoor = label;
        if !device.info.location_enabled {
            return Ok(()); // it does not tell
        }
        let after = position.map(|(venue, position)| (venue.to_string(), position.to_string()));
        let before = core::mem::replace(&mut device.whereabouts.position, after.clone());
        if before != after {
            for (place, transition) in [(before, Transition::Exit), (after, Transition::Entry)] {
                if let Some((venue, position)) = place {
                    self.at_position(now, key, venue, position, transition);
                }
            }
        }
        Ok(())
    }

    /// The device has told where on the map it is.
    pub(crate) fn moved(&mut self, now: Timestamp, key: DeviceKey) {
        let Some(device) = self.directory.device_mut(key) else { return };
        let Some(point) = device.position() else { return };
        let after = self.places.around(point);
        let before = core::mem::replace(&mut device.whereabouts.geofences, after.clone());
        let left = before.difference(&after).map(|id| (id, Transition::Exit));
        let entered = after.difference(&before).map(|id| (id, Transition::Entry));
        let crossed: Vec<_> = left.chain(entered).collect();
        for (crossed, way) in crossed {
            let args = TriggerArgs::new().geofence_id(crossed.as_str()).transition(way.clone());
            self.fire(now, key, TriggerType::Geofence, &args, |rule| match rule {
                Rule::Geofence { id, transition } => id == crossed && *transition == way,
                _ => false,
            });
        }
    }

    fn at_position(
        &mut self,
        now: Timestamp,
        key: DeviceKey,
        venue_id: String,
        position_id: String,
        way: Transition,
    ) {
        let args = TriggerArgs::new()
            .venue_id(venue_id.as_str())
            .position_id(position_id.as_str())
            .transition(way.clone());
        self.fire(now, key, TriggerType::Other, &args, |rule| match rule {
            Rule::Position { venue, position, transition } => {
                (venue, position, transition) == (&venue_id, &position_id, &way)
            }
            _ => false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_geofence_is_a_circle_wherever_it_lies() {
        let around = |lat, long| Geofence { centre: (lat, long), radius: 1000.0 };
        // A minute of latitude is 1853 m, one of longitude as much as the cosine of the latitude leaves.
        assert!(around(0.0, 0.0).contains((0.5 / 60.0, 0.0)));
        assert!(!around(0.0, 0.0).contains((0.6 / 60.0, 0.0)));
        assert!(around(60.0, 0.0).contains((60.0, 1.0 / 60.0)));
        assert!(!around(60.0, 0.0).contains((60.0, 1.2 / 60.0)));
        assert!(around(-17.0, 180.0).contains((-17.0, -179.995)));
        assert!(around(-17.0, -180.0).contains((-17.0, 179.995)));
    }

    #[test]
    fn the_cosine_is_one() {
        for (degrees, cosine) in [(0.0, 1.0), (60.0, 0.5), (-60.0, 0.5), (90.0, 0.0)] {
            assert!((cos(degrees) - cosine).abs() < 1e-6, "{degrees}");
        }
    }
}
