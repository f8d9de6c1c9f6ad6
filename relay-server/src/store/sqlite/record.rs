//! What people change: documents.

use sqlx::SqliteConnection;

use super::Result;
use super::code::{unless_dangling, unless_unique};
use super::row::to_json;
use crate::model::{Record, SubscriberId};
use crate::store::{Store, StoreError};

impl Store {
    /// All of a kind, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn list<R: Record>(&self, subscriber: &SubscriberId) -> Result<Vec<R>> {
        let sql = "SELECT doc FROM record WHERE subscriber = ? AND kind = ? ORDER BY seq";
        let query = sqlx::query_scalar(sql).bind(subscriber.as_str()).bind(R::KIND.as_str());
        let docs: Vec<String> = query.fetch_all(&self.database.readers).await?;
        docs.iter().map(|doc| parse(doc)).collect()
    }

    /// One, by its id.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn get<R: Record>(&self, subscriber: &SubscriberId, id: &str) -> Result<Option<R>> {
        let sql = "SELECT doc FROM record WHERE subscriber = ? AND kind = ? AND id = ?";
        let query = sqlx::query_scalar(sql).bind(subscriber.as_str()).bind(R::KIND.as_str()).bind(id);
        let doc: Option<String> = query.fetch_optional(&self.database.readers).await?;
        doc.map(|doc| parse(&doc)).transpose()
    }

    /// Adds it, or replaces the one with its id.
    ///
    /// # Errors
    ///
    /// [`StoreError::NameTaken`]; [`StoreError::NotFound`] without the subscriber.
    pub async fn save<R: Record>(&self, subscriber: &SubscriberId, record: &R) -> Result<()> {
        let (subscriber, id) = (subscriber.clone(), record.id().to_owned());
        let (name, doc) = (record.unique_name().map(str::to_owned), to_json(record)?);
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "INSERT INTO record (subscriber, kind, id, name, doc) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (subscriber, kind, id) DO UPDATE SET name = excluded.name, doc = excluded.doc";
            let query = sqlx::query(sql).bind(subscriber.as_str()).bind(R::KIND.as_str()).bind(&*id);
            let saved = query.bind(name.as_deref()).bind(&*doc).execute(tx).await;
            saved.map(drop).map_err(|error| {
                let taken =
                    || StoreError::NameTaken { kind: R::KIND, name: name.clone().unwrap_or_default() };
                match unless_unique(error, taken) {
                    StoreError::Database(error) => unless_dangling(error, || StoreError::NotFound {
                        what: "subscriber",
                        id: subscriber.to_string(),
                    }),
                    other => other,
                }
            })
        };
        self.database.writer.write(write).await
    }

    /// Removes it, with what is kept beside it: the schedule of a workflow, the content of a sound. Says whether it was
    /// there.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub async fn delete<R: Record>(&self, subscriber: &SubscriberId, id: &str) -> Result<bool> {
        let (subscriber, id) = (subscriber.clone(), id.to_owned());
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "DELETE FROM record WHERE subscriber = ? AND kind = ? AND id = ?";
            let query = sqlx::query(sql).bind(subscriber.as_str()).bind(R::KIND.as_str()).bind(&*id);
            Ok(query.execute(tx).await?.rows_affected() > 0)
        };
        self.database.writer.write(write).await
    }
}

fn parse<R: Record>(doc: &str) -> Result<R> {
    let damaged = |error| StoreError::Damaged(format!("a {} cannot be read: {error}", R::KIND.as_str()));
    serde_json::from_str(doc).map_err(damaged)
}
