//! What workflows ask about a device, and set.

use alloc::format;
use alloc::string::ToString;

use relay_protocol::types::{DeviceInfoField, DeviceInfoQuery};
use relay_protocol::{request, response};

use crate::action::Change;
use crate::directory::DeviceInfo;
use crate::engine::Engine;
use crate::error::DirectoryError;
use crate::instance::Ask;
use crate::refusal::Refusal;

impl Engine {
    pub(crate) fn get_device_info(
        &self,
        ask: &Ask,
        get: request::GetDeviceInfo,
    ) -> Result<response::GetDeviceInfo, Refusal> {
        let key = self.one_device(ask)?;
        let Some(device) = self.directory.device(key) else { return Err(gone()) };
        let info = device.info();
        if get.refresh && !info.online {
            return Err(Refusal::unavailable(format!(
                "{} is offline and cannot be asked; without refresh you get what is known",
                info.name
            )));
        }
        let response = response::GetDeviceInfo::new();
        Ok(match get.query {
            DeviceInfoQuery::Name => response.name(info.name.as_str()),
            DeviceInfoQuery::Id => response.id(info.id.as_str()),
            DeviceInfoQuery::Type => response.kind(info.kind.clone()),
            DeviceInfoQuery::Battery => response.battery(info.battery.into()),
            DeviceInfoQuery::Username => response.username(info.user.as_deref().unwrap_or_default()),
            DeviceInfoQuery::LocationEnabled => response.location_enabled(info.location_enabled),
            DeviceInfoQuery::Address => response.address(located(info, &info.location.address, "address")?),
            DeviceInfoQuery::Location => response.location(located(info, &info.location.address, "address")?),
            DeviceInfoQuery::IndoorLocation => {
                // Official samples compare with these words.
                let nowhere = Some("location_not_found".to_string());
                let place = info.location.indoor.clone().or(nowhere);
                response.indoor_location(located(info, &place, "indoor location")?)
            }
            DeviceInfoQuery::LatLong => {
                let (mut lat, long) = located(info, &info.location.latlong, "position")?;
                // Official SDKs take a list of whole numbers for text. A millionth of a degree is a hand's breadth.
                if !self.config.strict() && lat % 1.0 == 0.0 && long % 1.0 == 0.0 {
                    lat += 0.000_001;
                }
                response.latlong([lat, long])
            }
            DeviceInfoQuery::Unknown(word) => {
                let known = "name, id, type, address, latlong, indoor_location, battery, username and location_enabled";
                return Err(Refusal::invalid_value(format!("{word:?} is no query, which are {known}")));
            }
            _ => return Err(Refusal::not_supported(ask.request)),
        })
    }

    pub(crate) fn set_device_info(
        &mut self,
        ask: &Ask,
        set: request::SetDeviceInfo,
    ) -> Result<response::SetDeviceInfo, Refusal> {
        let key = self.one_device(ask)?;
        match set.field {
            DeviceInfoField::Label => self.directory.rename_device(key, &set.value)?,
            DeviceInfoField::LocationEnabled => {
                let enabled = match set.value.to_lowercase().as_str() {
                    "true" => true,
                    "false" => false,
                    _ => {
                        return Err(Refusal::invalid_value(format!(
                            "location_enabled is true or false, got {:?}",
                            set.value
                        )));
                    }
                };
                self.directory.device_mut(key).ok_or_else(gone)?.info.location_enabled = enabled;
            }
            field => {
                return Err(Refusal::invalid_value(format!(
                    "{field} cannot be set, only label and location_enabled; for the channel there is set_channel"
                )));
            }
        }
        self.changed(Change::Device(key));
        Ok(response::SetDeviceInfo::new())
    }

    pub(crate) fn set_user_profile(
        &mut self,
        ask: &Ask,
        set: request::SetUserProfile,
    ) -> Result<response::SetUserProfile, Refusal> {
        let key = self.one_device(ask)?;
        let other = self.directory.device_used_by(&set.username).filter(|other| *other != key);
        if let Some(other) = other {
            if !set.force {
                let device = self.directory.device(other).map_or("another device", |device| device.name());
                return Err(Refusal::already_exists(format!(
                    "{:?} uses {device}; with force they sign in here and out there",
                    set.username
                )));
            }
            self.directory.set_user(other, None)?;
            self.changed(Change::Device(other));
        }
        let user = (!set.username.is_empty()).then_some(set.username);
        self.directory.set_user(key, user)?;
        self.changed(Change::Device(key));
        Ok(response::SetUserProfile::new())
    }
}

impl From<DirectoryError> for Refusal {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Empty { .. } => Self::invalid_value(error),
            DirectoryError::NameTaken { .. } | DirectoryError::IdTaken { .. } => Self::already_exists(error),
            DirectoryError::Unknown { .. } => Self::not_found(error),
        }
    }
}

fn gone() -> Refusal {
    Refusal::not_found("the device was removed")
}

/// Something about where a device is, if it tells.
fn located<T: Clone>(info: &DeviceInfo, value: &Option<T>, what: &str) -> Result<T, Refusal> {
    let name = &info.name;
    if !info.location_enabled {
        return Err(Refusal::unavailable(format!(
            "the location of {name} is switched off; set_device_info with location_enabled switches it on"
        )));
    }
    value.clone().ok_or_else(|| Refusal::not_found(format!("the {what} of {name} is not known")))
}
