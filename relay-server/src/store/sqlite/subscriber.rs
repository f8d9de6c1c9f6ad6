//! Accounts.

use sqlx::SqliteConnection;

use super::Result;
use super::code::unless_unique;
use super::row::{Columns, to_json};
use crate::model::{Subscriber, SubscriberId};
use crate::store::{Store, StoreError};

impl Store {
    /// All accounts, by id.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn subscriber_list(&self) -> Result<Vec<Subscriber>> {
        let rows =
            sqlx::query("SELECT doc FROM subscriber ORDER BY id").fetch_all(&self.database.readers).await?;
        rows.iter().map(|row| row.json("doc")).collect()
    }

    /// One, by its id.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn subscriber_get(&self, id: &SubscriberId) -> Result<Option<Subscriber>> {
        let query = sqlx::query("SELECT doc FROM subscriber WHERE id = ?").bind(id.as_str());
        let row = query.fetch_optional(&self.database.readers).await?;
        row.map(|row| row.json("doc")).transpose()
    }

    /// Adds an account.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`].
    pub async fn subscriber_create(&self, subscriber: &Subscriber) -> Result<()> {
        let (id, doc) = (subscriber.id.clone(), to_json(subscriber)?);
        let write = async move |tx: &mut SqliteConnection| {
            let query =
                sqlx::query("INSERT INTO subscriber (id, doc) VALUES (?, ?)").bind(id.as_str()).bind(&*doc);
            let taken = || StoreError::Exists { what: "subscriber", id: id.to_string() };
            query.execute(tx).await.map(drop).map_err(|error| unless_unique(error, taken))
        };
        self.database.writer.write(write).await
    }
}
