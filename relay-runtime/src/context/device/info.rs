//! What can be asked about a device.

use std::time::Duration;

use relay_protocol::request::GetDeviceInfo;
use relay_protocol::response;
use relay_protocol::types::{DeviceInfoQuery, DeviceType};

use super::Device;
use crate::context::Action;
use crate::error::Cause;

/// How long a device may take to answer for itself, as in official SDKs.
const REFRESH: Duration = Duration::from_secs(45);

/// A place on earth.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Coordinates {
    /// Degrees north of the equator.
    pub latitude: f64,
    /// Degrees east of Greenwich.
    pub longitude: f64,
}

/// What Relay knows about the device. With [`refresh`](Action::refresh) the device itself is asked.
impl Device {
    /// Its display name.
    pub fn name(&self) -> Action<GetDeviceInfo, String> {
        self.ask(DeviceInfoQuery::Name, |info| info.name.ok_or("name"))
    }

    /// Its id, which never changes: 15 digits for hardware.
    pub fn id(&self) -> Action<GetDeviceInfo, String> {
        self.ask(DeviceInfoQuery::Id, |info| info.id.ok_or("id"))
    }

    /// Its model.
    pub fn model(&self) -> Action<GetDeviceInfo, DeviceType> {
        self.ask(DeviceInfoQuery::Type, |info| info.kind.ok_or("type"))
    }

    /// The charge of its battery, in percent.
    pub fn battery(&self) -> Action<GetDeviceInfo, u64> {
        self.ask(DeviceInfoQuery::Battery, |info| info.battery.ok_or("battery"))
    }

    /// The street address nearest to it. Relay refuses if the device does not report its location.
    pub fn address(&self) -> Action<GetDeviceInfo, Option<String>> {
        self.ask(DeviceInfoQuery::Address, |info| Ok(known(info.address.or(info.location))))
    }

    /// Its coordinates. Relay refuses if the device does not report its location.
    pub fn coordinates(&self) -> Action<GetDeviceInfo, Option<Coordinates>> {
        self.ask(DeviceInfoQuery::LatLong, |info| match info.latlong.unwrap_or_default()[..] {
            [] => Ok(None),
            [latitude, longitude] => Ok(Some(Coordinates { latitude, longitude })),
            _ => Err("pair of coordinates"),
        })
    }

    /// Its place inside a building, which takes beacons. None where there are none, or none is near: the text
    /// `location_not_found` of old platforms means the same.
    pub fn indoor_position(&self) -> Action<GetDeviceInfo, Option<String>> {
        self.ask(DeviceInfoQuery::IndoorLocation, |info| {
            Ok(known(info.indoor_location).filter(|place| place != "location_not_found"))
        })
    }

    /// Who uses it. [`set_username`](Self::set_username) sets that.
    pub fn username(&self) -> Action<GetDeviceInfo, Option<String>> {
        self.ask(DeviceInfoQuery::Username, |info| Ok(known(info.username)))
    }

    /// Whether it reports its location.
    pub fn location_enabled(&self) -> Action<GetDeviceInfo, bool> {
        self.ask(DeviceInfoQuery::LocationEnabled, |info| info.location_enabled.ok_or("location_enabled"))
    }

    /// An answer holds what was asked for under its own name; `read` says how it is called if it is missing.
    fn ask<T: 'static>(
        &self,
        query: DeviceInfoQuery,
        read: fn(response::GetDeviceInfo) -> Result<T, &'static str>,
    ) -> Action<GetDeviceInfo, T> {
        let action = self.action(GetDeviceInfo::new(query));
        action.finish(move |done| read(done.response()?).map_err(Cause::BadAnswer))
    }
}

/// An empty text says as little as none.
fn known(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// Options of all questions about a [`Device`].
impl<T> Action<GetDeviceInfo, T> {
    /// Asks the device itself instead of answering what is known. That takes some seconds: waits 45 s. Relay refuses
    /// if the device cannot be reached.
    pub fn refresh(self) -> Self {
        self.set(|body| body.refresh = true).within(REFRESH)
    }
}
