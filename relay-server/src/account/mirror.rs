//! From the registry to the engine: what people change is applied here, after it was stored.

use std::collections::BTreeSet;
use std::time::Duration;

use relay_engine::{
    Absorb, DeviceError, DeviceInfo, DeviceKey, DirectoryError, Geofence as Circle, GroupKey, Install,
    Location, Registration, RegistrationError, Resource, Workflow as Run,
};
use relay_protocol::Urn;
use serde_json::Value;

use super::platform::Platform;
use crate::model::{
    Audio, Device, DeviceId, Geofence, GeofenceId, Group, GroupId, SubscriberId, Tag, Venue, VenueId,
    Workflow, WorkflowId,
};
use crate::store::{Store, StoreError};

impl Platform<'_> {
    /// Whether a registration could be applied. Ask before storing it.
    ///
    /// # Errors
    ///
    /// [`RegistrationError`] if its trigger could never fire.
    pub fn check_workflow(&mut self, workflow: &Workflow) -> Result<(), RegistrationError> {
        let key = self.engine.register(registration(workflow))?;
        self.engine.remove_workflow(key);
        Ok(())
    }

    /// Registers a workflow, or replaces its registration. Runs go on as they were started.
    ///
    /// # Errors
    ///
    /// [`RegistrationError`] if its trigger could never fire: nothing has changed.
    pub fn save_workflow(&mut self, workflow: &Workflow) -> Result<(), RegistrationError> {
        let registration = registration(workflow);
        let subscriber = &self.state.subscriber;
        self.state.runner.gone().set(subscriber, &workflow.id, workflow.gone_since.is_some());
        match self.ids.workflows.key(&workflow.id) {
            Some(key) => self.engine.update(key, registration),
            None => {
                let key = self.engine.register(registration)?;
                self.ids.workflows.insert(workflow.id.clone(), key);
                Ok(())
            }
        }
    }

    /// Forgets a registration. Its runs go on.
    pub fn remove_workflow(&mut self, id: &WorkflowId) {
        if let Some(key) = self.ids.workflows.remove_id(id) {
            self.engine.remove_workflow(key);
        }
    }

    /// Adds a device, or changes what people decide about it. What it tells itself (battery, volume, location, whether it
    /// may be disturbed) is taken from the record only when it is added.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] if the name or the user is taken: nothing has changed.
    pub fn save_device(&mut self, device: &Device) -> Result<(), DirectoryError> {
        let user = device.user.as_ref().map(ToString::to_string);
        let Some(key) = self.ids.devices.key(&device.id) else {
            let key = self.engine.add_device(info(device))?;
            self.ids.devices.insert(device.id.clone(), key);
            return Ok(());
        };
        let name = self.engine.directory().device(key).map(|known| known.name().to_owned());
        self.engine.rename_device(key, &device.name)?;
        if let Err(error) = self.engine.set_user(key, user) {
            if let Some(name) = name {
                self.engine.rename_device(key, &name)?;
            }
            return Err(error);
        }
        // It is there.
        let _ = self.engine.set_location_enabled(key, device.location_enabled);
        let _ = self.engine.set_kind(key, device.kind.as_str().into());
        let _ = self.engine.set_home_channel(self.now, key, &device.home_channel);
        Ok(())
    }

    /// Removes a device. What runs on it ends there.
    pub fn remove_device(&mut self, id: &DeviceId) {
        if let Some(key) = self.ids.devices.remove_id(id) {
            self.engine.remove_device(self.now, key);
        }
    }

    /// Adds a group, or replaces it.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] if the name is taken: nothing has changed.
    pub fn save_group(&mut self, group: &Group) -> Result<(), DirectoryError> {
        let key = self.named_group(group)?;
        let wanted: Vec<_> = group.members.iter().filter_map(|member| self.device_of(member)).collect();
        let present: Vec<_> =
            self.engine.directory().group(key).into_iter().flat_map(|group| group.members()).collect();
        for device in present.iter().filter(|device| !wanted.contains(device)) {
            self.engine.remove_member(key, *device);
        }
        for device in wanted.iter().filter(|device| !present.contains(device)) {
            self.engine.add_member(key, *device)?;
        }
        Ok(())
    }

    /// The group under its present name. The engine knows no new name for a group, which is nothing but a name and members,
    /// so that one takes the place of the other.
    fn named_group(&mut self, group: &Group) -> Result<GroupKey, DirectoryError> {
        let directory = self.engine.directory();
        let known = self.ids.groups.key(&group.id);
        match directory.group_named(&group.name) {
            Some(key) if Some(key) == known => return Ok(key),
            Some(_) => {
                let (resource, name) = (Resource::Group, group.name.clone());
                return Err(DirectoryError::NameTaken { resource, name });
            }
            None => {}
        }
        if let Some(key) = known {
            self.engine.remove_group(key);
        }
        let key = self.engine.add_group(group.name.as_str(), group.id.as_str())?;
        self.ids.groups.insert(group.id.clone(), key);
        Ok(key)
    }

    /// The device with this id, or that the user with this id uses.
    pub fn device_of(&self, id: &str) -> Option<DeviceKey> {
        let directory = self.engine.directory();
        directory.device_with_id(id).or_else(|| directory.device_used_by(id))
    }

    /// Removes a group. Its members stay.
    pub fn remove_group(&mut self, id: &GroupId) {
        if let Some(key) = self.ids.groups.remove_id(id) {
            self.engine.remove_group(key);
        }
    }

    /// Adds a geofence, or replaces it.
    pub fn save_geofence(&mut self, geofence: &Geofence) {
        let circle = Circle { centre: geofence.centre, radius: geofence.radius };
        self.engine.add_geofence(geofence.id.as_str(), circle);
    }

    /// Forgets a geofence.
    pub fn remove_geofence(&mut self, id: &GeofenceId) {
        self.engine.remove_geofence(id.as_str());
    }

    /// Adds a venue with its positions, or replaces it.
    pub fn save_venue(&mut self, venue: &Venue) {
        self.engine.remove_venue(venue.id.as_str());
        for position in &venue.positions {
            let label = position.tags.last().map_or(position.id.as_str(), String::as_str);
            self.engine.add_position(venue.id.as_str(), position.id.as_str(), label);
        }
    }

    /// Forgets a venue.
    pub fn remove_venue(&mut self, id: &VenueId) {
        self.engine.remove_venue(id.as_str());
    }

    /// Makes known what a tag says, if it is known which sticker it is.
    pub fn save_tag(&mut self, tag: &Tag) {
        if !tag.uid.is_empty() {
            self.engine.add_tag(tag.uid.as_str(), tag.content.clone());
        }
    }

    /// Forgets what a sticker says.
    pub fn remove_tag(&mut self, uid: &str) {
        self.engine.remove_tag(uid);
    }

    /// Makes a sound known, with the time it takes.
    pub fn save_sound(&mut self, name: &str, length: Duration) {
        self.engine.add_sound(name, length);
    }

    /// Forgets a sound.
    pub fn remove_sound(&mut self, name: &str) {
        self.engine.remove_sound(name);
    }

    /// Where the device is, inside and outside.
    ///
    /// # Errors
    ///
    /// [`DeviceError`] if there is no such device or place.
    pub(super) fn restore_place(&mut self, device: &Device) -> Result<(), DeviceError> {
        let Some(key) = self.ids.devices.key(&device.id) else { return Err(DeviceError::Unknown) };
        match &device.location.indoor {
            Some(place) => {
                self.engine.set_position(self.now, key, Some((place.venue.as_str(), place.position.as_str())))
            }
            None => Ok(()),
        }
    }
}

fn registration(workflow: &Workflow) -> Registration {
    let target = workflow.target();
    let mut run = Run::new(workflow.name.as_str(), target.uri.as_str())
        .transient(workflow.options.transient)
        .hidden(workflow.options.hidden);
    for (name, value) in &target.args {
        run = run.arg(name.as_str(), variable(value));
    }
    for word in &workflow.options.absorb_triggers {
        run = match word.as_str() {
            "on_call_request" => run.absorb(Absorb::CallRequest),
            "on_incoming_call" => run.absorb(Absorb::IncomingCall),
            _ => run,
        };
    }
    let install = match workflow.install_rule.as_deref().map(Urn::parse) {
        Some(Ok(rule)) => Install::Rule(rule),
        Some(Err(_)) => Install::Devices(BTreeSet::new()), // names nobody
        None => Install::Devices(workflow.install.iter().cloned().collect()),
    };
    Registration { workflow: run, trigger: workflow.on().clone(), install }
}

/// Variables are text; what else stands in a registration is written as JSON.
fn variable(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn info(device: &Device) -> DeviceInfo {
    let mut info = DeviceInfo::new(device.name.as_str(), device.id.as_str());
    info.kind = device.kind.as_str().into();
    info.user = device.user.as_ref().map(ToString::to_string);
    info.battery = device.battery;
    info.charging = device.charging;
    info.volume = device.volume;
    info.location_enabled = device.location_enabled;
    info.location = Location {
        address: device.location.address.clone(),
        latlong: device.location.latlong,
        indoor: None, // named by its place, which may be known only later
    };
    info.do_not_disturb = device.do_not_disturb;
    info.home_channel = device.home_channel.clone();
    info
}

/// Everything of the registry, for the start.
#[derive(Debug, Default)]
pub(super) struct Everything {
    pub(super) devices: Vec<Device>,
    pub(super) groups: Vec<Group>,
    pub(super) geofences: Vec<Geofence>,
    pub(super) venues: Vec<Venue>,
    pub(super) tags: Vec<Tag>,
    pub(super) sounds: Vec<Audio>,
    pub(super) workflows: Vec<Workflow>,
}

impl Everything {
    pub(super) async fn read(store: &Store, subscriber: &SubscriberId) -> Result<Self, StoreError> {
        Ok(Self {
            devices: store.list(subscriber).await?,
            groups: store.list(subscriber).await?,
            geofences: store.list(subscriber).await?,
            venues: store.list(subscriber).await?,
            tags: store.list(subscriber).await?,
            sounds: store.list(subscriber).await?,
            workflows: store.list(subscriber).await?,
        })
    }
}

impl Platform<'_> {
    /// Applies a whole registry, in an order in which nothing refers to what comes later. What cannot be applied is
    /// told: it is stored, so that a person can mend it.
    pub(super) fn load(&mut self, everything: &Everything) -> Vec<String> {
        let mut troubles = Vec::new();
        everything.venues.iter().for_each(|venue| self.save_venue(venue));
        everything.tags.iter().for_each(|tag| self.save_tag(tag));
        for sound in &everything.sounds {
            if let Some(length) = sound.length() {
                self.save_sound(&sound.name, length);
            }
        }
        for device in &everything.devices {
            if let Err(error) = self.save_device(device) {
                troubles.push(format!("device {}: {error}", device.id));
            } else if let Err(error) = self.restore_place(device) {
                troubles.push(format!("device {}: {error}", device.id));
            }
        }
        // Nobody enters by that where they are already.
        everything.geofences.iter().for_each(|geofence| self.save_geofence(geofence));
        for group in &everything.groups {
            if let Err(error) = self.save_group(group) {
                troubles.push(format!("group {}: {error}", group.id));
            }
        }
        for workflow in &everything.workflows {
            if let Err(error) = self.save_workflow(workflow) {
                troubles.push(format!("workflow {}: {error}", workflow.id));
            }
        }
        troubles
    }
}
