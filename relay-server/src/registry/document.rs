//! The whole registry of an account as one document, for people to read, keep and carry elsewhere.

use serde::{Deserialize, Serialize};

use super::{Draft, Registry, RegistryError};
use crate::model::{Device, Geofence, Group, SubscriberId, Tag, User, Venue, Workflow};

/// Everything that people have made in an account, but tokens and the bytes of sounds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Document {
    /// The users.
    pub users: Vec<User>,
    /// The devices.
    pub devices: Vec<Device>,
    /// The groups with their members.
    pub groups: Vec<Group>,
    /// The venues with their positions.
    pub venues: Vec<Venue>,
    /// The geofences.
    pub geofences: Vec<Geofence>,
    /// The NFC tags.
    pub tags: Vec<Tag>,
    /// The workflows.
    pub workflows: Vec<Workflow>,
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Imported {
    /// How many things were made or replaced.
    pub saved: usize,
    /// What was not, and why.
    pub refused: Vec<String>,
}

impl Registry {
    /// Everything of an account.
    ///
    /// # Errors
    ///
    /// [`RegistryError`] if the store cannot be read.
    pub async fn export(&self, subscriber: &SubscriberId) -> Result<Document, RegistryError> {
        Ok(Document {
            users: self.store.list(subscriber).await?,
            devices: self.store.list(subscriber).await?,
            groups: self.store.list(subscriber).await?,
            venues: self.store.list(subscriber).await?,
            geofences: self.store.list(subscriber).await?,
            tags: self.store.list(subscriber).await?,
            workflows: self.store.list(subscriber).await?,
        })
    }

    /// Makes or replaces everything in the document, by its ids; workflows also by their names. What is not in it stays.
    /// What cannot be taken is said, and does not keep the rest from being taken.
    ///
    /// # Errors
    ///
    /// [`RegistryError`] if the store fails.
    pub async fn import(
        &self,
        subscriber: &SubscriberId,
        document: Document,
    ) -> Result<Imported, RegistryError> {
        let mut imported = Imported::default();
        macro_rules! save {
            ($($kind:ident: $word:literal),*) => {$(
                for entry in document.$kind {
                    let id = entry.id.to_string();
                    imported.note($word, &id, self.save(subscriber, entry).await)?;
                }
            )*};
        }
        save!(users: "user", devices: "device", groups: "group", venues: "venue", geofences: "geofence", tags: "tag");
        for workflow in document.workflows {
            let id = workflow.id.to_string();
            imported.note(
                "workflow",
                &id,
                self.save_workflow(subscriber, Draft::from(workflow)).await.map(drop),
            )?;
        }
        Ok(imported)
    }
}

impl Imported {
    fn note(&mut self, what: &str, id: &str, result: Result<(), RegistryError>) -> Result<(), RegistryError> {
        match result {
            Ok(()) => self.saved += 1,
            Err(error @ (RegistryError::Store(_) | RegistryError::Gone)) => return Err(error),
            Err(error) => self.refused.push(format!("{what} {id}: {error}")),
        }
        Ok(())
    }
}
