//! The bytes of sounds. What is known about them is a record.

use sqlx::SqliteConnection;

use super::Result;
use super::code::unless_dangling;
use crate::model::{AudioId, SubscriberId};
use crate::store::{Store, StoreError};

impl Store {
    /// Keeps the bytes of a sound, in place of those it had.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] without its record.
    pub async fn audio_put_content(
        &self,
        subscriber: &SubscriberId,
        id: &AudioId,
        content: Vec<u8>,
    ) -> Result<()> {
        let (subscriber, id) = (subscriber.clone(), id.clone());
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "INSERT INTO audio_content (subscriber, audio, content) VALUES (?, ?, ?)
                ON CONFLICT (subscriber, audio) DO UPDATE SET content = excluded.content";
            let query = sqlx::query(sql).bind(subscriber.as_str()).bind(id.as_str()).bind(&*content);
            let missing = || StoreError::NotFound { what: "audio", id: id.to_string() };
            query.execute(tx).await.map(drop).map_err(|error| unless_dangling(error, missing))
        };
        self.database.writer.write(write).await
    }

    /// The bytes of a sound, once they were uploaded.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn audio_content(&self, subscriber: &SubscriberId, id: &AudioId) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT content FROM audio_content WHERE subscriber = ? AND audio = ?";
        let query = sqlx::query_scalar(sql).bind(subscriber.as_str()).bind(id.as_str());
        Ok(query.fetch_optional(&self.database.readers).await?)
    }
}
