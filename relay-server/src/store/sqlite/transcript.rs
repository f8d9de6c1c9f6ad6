//! What was said in instances.

use sqlx::SqliteConnection;

use super::Result;
use super::code::unless_dangling;
use super::row::{Columns, signed, to_json};
use crate::model::{Line, TriggerId, UnixMs};
use crate::store::{Store, StoreError};

impl Store {
    /// Adds lines. One with the number of another replaces it.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] without the instance.
    pub async fn transcript_append(&self, instance: &TriggerId, lines: Vec<Line>) -> Result<()> {
        let instance = instance.clone();
        let lines: Vec<_> =
            lines.iter().map(|line| (line.number, line.at.get(), line.content.to_string())).collect();
        let lines = to_json(&lines)?;
        let write = async move |tx: &mut SqliteConnection| {
            // One statement for all of them: each is a way to the thread of the database and back.
            let sql = "INSERT OR REPLACE INTO transcript (trigger, number, at, content)
                SELECT ?, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)";
            let missing = || StoreError::NotFound { what: "instance", id: instance.to_string() };
            let query = sqlx::query(sql).bind(instance.as_str()).bind(&*lines);
            query.execute(tx).await.map_err(|error| unless_dangling(error, missing))?;
            Ok(())
        };
        self.database.writer.write(write).await
    }

    /// The lines from this number on, 1,000 at most.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn transcript_read(&self, instance: &TriggerId, from: u64) -> Result<Vec<Line>> {
        let sql = "SELECT number, at, content FROM transcript WHERE trigger = ? AND number >= ?
            ORDER BY number LIMIT 1000";
        let query = sqlx::query(sql).bind(instance.as_str()).bind(signed(from));
        let rows = query.fetch_all(&self.database.readers).await?;
        let line = |row: &_| {
            let row: &sqlx::sqlite::SqliteRow = row;
            Ok(Line { number: row.number("number")?, at: row.time("at")?, content: row.json("content")? })
        };
        rows.iter().map(line).collect()
    }

    /// Forgets lines that are older, and then the oldest until the rest has at most so many bytes. Says how many.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub async fn transcript_prune(&self, before: UnixMs, max_bytes: u64) -> Result<u64> {
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "DELETE FROM transcript WHERE at < ?";
            let old = sqlx::query(sql).bind(before.get()).execute(&mut *tx).await?.rows_affected();
            // The running sum from the newest down says where the room ends.
            let sql = "DELETE FROM transcript WHERE (trigger, number) IN (SELECT trigger, number FROM (
                SELECT trigger, number,
                    sum(length(content)) OVER (ORDER BY at DESC, trigger DESC, number DESC) AS bytes
                FROM transcript) WHERE bytes > ?)";
            let beyond = sqlx::query(sql).bind(signed(max_bytes)).execute(tx).await?.rows_affected();
            Ok(old + beyond)
        };
        self.database.writer.write(write).await
    }
}
