//! Geofences and venues. They cannot go while a workflow waits at them.

use relay_engine::DirectoryError;
use relay_protocol::manifest::TriggerSpec;

use super::{Entry, Registry, RegistryError};
use crate::account::Platform;
use crate::model::{Geofence, SubscriberId, Venue, Workflow};

impl Entry for Geofence {
    const WORD: &'static str = "geofence";

    fn check(&self, _: &Platform<'_>) -> Result<(), RegistryError> {
        let (lat, long) = self.centre;
        if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&long) {
            let why = "a latitude is from -90 to 90 degrees, a longitude from -180 to 180";
            return Err(RegistryError::invalid("invalid_position", why));
        }
        if !(self.radius.is_finite() && self.radius > 0.0) {
            return Err(RegistryError::invalid("invalid_radius", "the radius is in metres, and more than 0"));
        }
        Ok(())
    }

    fn apply(&self, platform: &mut Platform<'_>) -> Result<(), DirectoryError> {
        platform.save_geofence(self);
        Ok(())
    }

    fn remove(&self, platform: &mut Platform<'_>) {
        platform.remove_geofence(&self.id);
    }
}

impl Entry for Venue {
    const WORD: &'static str = "venue";

    fn check(&self, _: &Platform<'_>) -> Result<(), RegistryError> {
        let mut ids: Vec<&str> = self.positions.iter().map(|position| position.id.as_str()).collect();
        ids.sort_unstable();
        match ids.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => {
                let why = format!("the venue has two positions with the id {:?}", pair[0]);
                Err(RegistryError::invalid("invalid_position", why))
            }
            None => Ok(()),
        }
    }

    fn apply(&self, platform: &mut Platform<'_>) -> Result<(), DirectoryError> {
        platform.save_venue(self);
        Ok(())
    }

    fn remove(&self, platform: &mut Platform<'_>) {
        platform.remove_venue(&self.id);
    }
}

impl Registry {
    /// Deletes a geofence.
    ///
    /// # Errors
    ///
    /// [`RegistryError`], also if a workflow waits at it.
    pub async fn delete_geofence(&self, subscriber: &SubscriberId, id: &str) -> Result<(), RegistryError> {
        let waits =
            |on: &TriggerSpec| matches!(on, TriggerSpec::Geofence { geofence_id, .. } if geofence_id == id);
        self.nobody_waits(subscriber, waits).await?;
        self.delete::<Geofence>(subscriber, id).await
    }

    /// Deletes a venue.
    ///
    /// # Errors
    ///
    /// [`RegistryError`], also if a workflow waits in it.
    pub async fn delete_venue(&self, subscriber: &SubscriberId, id: &str) -> Result<(), RegistryError> {
        let waits = |on: &TriggerSpec| matches!(on, TriggerSpec::Position { venue_id, .. } if venue_id == id);
        self.nobody_waits(subscriber, waits).await?;
        self.delete::<Venue>(subscriber, id).await
    }

    async fn nobody_waits(
        &self,
        subscriber: &SubscriberId,
        waits: impl Fn(&TriggerSpec) -> bool,
    ) -> Result<(), RegistryError> {
        let workflows: Vec<Workflow> = self.store.list(subscriber).await?;
        match workflows.iter().find(|workflow| waits(workflow.on())) {
            Some(workflow) => {
                let why =
                    format!("the workflow {} ({}) waits there: delete it first", workflow.name, workflow.id);
                Err(RegistryError::conflict("in_use", why))
            }
            None => Ok(()),
        }
    }
}
