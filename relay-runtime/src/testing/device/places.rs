//! Where people go.

use relay_engine::{Channel, DeviceError, DeviceKey, Engine, Location, Taken};
use relay_protocol::session::Timestamp;

use super::Device;
use crate::testing::fail;

impl Device {
    /// Goes to another place on the map. What is `None` is not known there.
    ///
    /// A device tells nobody where it is unless its location is switched on; see
    /// [`Sim::device_with`](crate::testing::Sim::device_with).
    pub async fn move_to(&self, location: Location) {
        let what = format!("goes to {}", shown(&location));
        self.go(what, |engine, now, device| engine.set_location(now, device, location)).await;
    }

    /// Goes to the middle of a geofence.
    ///
    /// # Panics
    ///
    /// When neither a workflow is registered for it nor the test has [added](crate::testing::Sim::geofence) it.
    pub async fn enter_geofence(&self, id: &str) {
        let location = self.at_geofence(id, 0.0);
        self.go(format!("enters the geofence {id:?}"), |engine, now, device| {
            engine.set_location(now, device, location)
        })
        .await;
    }

    /// Goes far away from the middle of a geofence.
    ///
    /// # Panics
    ///
    /// When neither a workflow is registered for it nor the test has [added](crate::testing::Sim::geofence) it.
    pub async fn leave_geofence(&self, id: &str) {
        let location = self.at_geofence(id, 1.0);
        self.go(format!("leaves the geofence {id:?}"), |engine, now, device| {
            engine.set_location(now, device, location)
        })
        .await;
    }

    /// Comes to a position in a venue.
    ///
    /// # Panics
    ///
    /// When neither a workflow is registered for it nor the test has [added](crate::testing::Sim::position) it.
    pub async fn enter_position(&self, venue: &str, position: &str) {
        let known = self.world.lock().engine.places().position(venue, position).is_some();
        if !known {
            fail(format!("there is no position {position:?} in a venue {venue:?}"));
        }
        let what = format!("comes to the position {position:?} of the venue {venue:?}");
        self.go(what, |engine, now, device| engine.set_position(now, device, Some((venue, position)))).await;
    }

    /// Leaves whatever position the device is at.
    pub async fn leave_position(&self) {
        self.go("leaves the position", |engine, now, device| engine.set_position(now, device, None)).await;
    }

    /// Turns the device to the channel of a group or of another device.
    pub async fn turn_to(&self, channel: &str) {
        self.turn(format!("turns to the channel {channel:?}"), Channel::Talk(channel.into())).await;
    }

    /// Turns the device to the Assistant's channel, where a tap on Talk may start a workflow.
    pub async fn turn_to_assistant(&self) {
        self.turn("turns to the Assistant".into(), Channel::Assistant).await;
    }

    async fn turn(&self, what: String, channel: Channel) {
        self.act(what, |engine, now, device| engine.turn_to(now, device, channel).map(|()| Taken::Platform))
            .await;
    }

    async fn go(
        &self,
        what: impl Into<String>,
        go: impl FnOnce(&mut Engine, Timestamp, DeviceKey) -> Result<(), DeviceError>,
    ) {
        self.act(what, |engine, now, device| go(engine, now, device).map(|()| Taken::Platform)).await;
        if !self.tells_location() {
            self.note("tells nobody about it: the location of the device is switched off");
        }
    }

    fn tells_location(&self) -> bool {
        let state = self.world.lock();
        state.engine.directory().device(self.key).is_some_and(|device| device.info().location_enabled)
    }

    /// So many degrees north of the middle of a geofence.
    fn at_geofence(&self, id: &str, north: f64) -> Location {
        let geofence = self.world.lock().engine.places().geofence(id).copied();
        let Some(geofence) = geofence else { fail(format!("there is no geofence {id:?}")) };
        let (lat, long) = geofence.centre;
        Location { latlong: Some((lat + north, long)), ..Location::default() }
    }
}

fn shown(location: &Location) -> String {
    let Location { address, latlong, indoor } = location;
    let latlong = latlong.map(|(lat, long)| format!("{lat}, {long}"));
    let parts: Vec<String> = [address.clone(), indoor.clone(), latlong].into_iter().flatten().collect();
    if parts.is_empty() { "where nobody knows".into() } else { parts.join(", ") }
}
