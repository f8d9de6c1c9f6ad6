//! What people change: workflows, devices and whatever else an account has.
//!
//! Every change takes the same way, one at a time for each account: it is checked, stored, then applied to the engine. So
//! what is stored can be applied, and what an answer says is done is on disk.
//!
//! ```text
//! request ──► check (what is wrong, and what to do) ──► Store ──► Account: the engine
//! ```

mod audio;
mod audit;
mod document;
mod entry;
mod error;
mod place;
mod schedule;
mod workflow;

pub use document::{Document, Imported};
pub use entry::Entry;
pub use error::RegistryError;
pub use workflow::Draft;

use serde_json::json;

use crate::account::Account;
use crate::model::{Actor, Subscriber, SubscriberId};
use crate::store::Store;
use crate::trigger::Runner;

/// Changes of the registry. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Registry {
    store: Store,
    runner: Runner,
    /// Who changes it.
    actor: Actor,
}

impl Registry {
    /// The registry of what this runner runs.
    pub fn new(runner: Runner) -> Self {
        Self { store: runner.store().clone(), runner, actor: Actor::named("the server") }
    }

    /// Adds an account.
    ///
    /// # Errors
    ///
    /// [`RegistryError`] if there is one with this id.
    pub async fn create_subscriber(&self, subscriber: &Subscriber) -> Result<(), RegistryError> {
        if subscriber.id.as_str().trim().is_empty() {
            return Err(RegistryError::invalid("invalid_id", "an account needs an id, as a UUID"));
        }
        self.store.subscriber_create(subscriber).await?;
        self.runner.open_account(&subscriber.id).await?;
        let data = json!({ "id": subscriber.id, "name": subscriber.name });
        self.note_of(&subscriber.id, "account", "created", data).await;
        Ok(())
    }

    fn account(&self, subscriber: &SubscriberId) -> Result<Account, RegistryError> {
        self.runner.account(subscriber).ok_or_else(|| RegistryError::not_found("account", subscriber))
    }
}
