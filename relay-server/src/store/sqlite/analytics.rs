//! The records of workflows, and of the server about them.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::row::Columns;
use super::{Result, page};
use crate::model::{Event, EventFilter, EventSource, Page, PageRequest, SubscriberId, UnixMs};
use crate::store::{Store, StoreError};

impl Store {
    /// Adds records. One whose id is known already is left out. (The end of each instance is recorded with it, by
    /// [`trigger_ended`](Self::trigger_ended).)
    ///
    /// # Errors
    ///
    /// If the database cannot be written, or an account does not exist.
    pub async fn analytics_append(&self, events: Vec<Event>) -> Result<()> {
        let write = async move |tx: &mut SqliteConnection| {
            for event in &events {
                append(tx, event).await?;
            }
            Ok(())
        };
        self.database.writer.write(write).await
    }

    /// The records that are wanted, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Cursor`].
    pub async fn analytics_query(
        &self,
        subscriber: &SubscriberId,
        filter: &EventFilter,
        request: &PageRequest,
    ) -> Result<Page<Event>> {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT * FROM analytics WHERE subscriber = ");
        sql.push_bind(subscriber.as_str()).push(" AND seq < ").push_bind(page::before(request)?);
        let words = [
            (" AND workflow = ", filter.workflow.as_ref().map(AsRef::as_ref)),
            (" AND instance = ", filter.instance.as_ref().map(AsRef::as_ref)),
            (" AND user = ", filter.user.as_deref()),
            (" AND source = ", filter.source.map(EventSource::as_str)),
            (" AND category = ", filter.category.as_deref()),
        ];
        for (condition, word) in words {
            if let Some(word) = word {
                sql.push(condition).push_bind(word);
            }
        }
        for (condition, time) in [(" AND at >= ", filter.from), (" AND at < ", filter.to)] {
            if let Some(time) = time {
                sql.push(condition).push_bind(time.get());
            }
        }
        sql.push(" ORDER BY seq DESC LIMIT ").push_bind(page::limit(request));
        let rows = sql.build().fetch_all(&self.database.readers).await?;
        page::collect(request, rows, read)
    }

    /// Forgets records that are older. Says how many.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub async fn analytics_prune(&self, before: UnixMs) -> Result<u64> {
        let write = async move |tx: &mut SqliteConnection| {
            let query = sqlx::query("DELETE FROM analytics WHERE at < ?").bind(before.get());
            Ok(query.execute(tx).await?.rows_affected())
        };
        self.database.writer.write(write).await
    }
}

pub(super) async fn append(tx: &mut SqliteConnection, event: &Event) -> Result<()> {
    let sql = "INSERT INTO analytics
        (id, subscriber, at, workflow, instance, user, source, category, content_type, content)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    sqlx::query(sql)
        .bind(event.id.as_str())
        .bind(event.subscriber.as_str())
        .bind(event.at.get())
        .bind(event.workflow.as_ref().map(AsRef::as_ref))
        .bind(event.instance.as_ref().map(AsRef::as_ref))
        .bind(event.user.as_deref())
        .bind(event.source.as_str())
        .bind(&*event.category)
        .bind(&*event.content_type)
        .bind(&*event.content)
        .execute(tx)
        .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Event> {
    let source = match row.text::<String>("source")?.as_str() {
        "system" => EventSource::System,
        "user" => EventSource::User,
        other => return Err(StoreError::Damaged(format!("source is {other:?}"))),
    };
    Ok(Event {
        id: row.text("id")?,
        subscriber: row.text("subscriber")?,
        at: row.time("at")?,
        workflow: row.maybe_text("workflow")?,
        instance: row.maybe_text("instance")?,
        user: row.maybe_text("user")?,
        source,
        category: row.text("category")?,
        content_type: row.text("content_type")?,
        content: row.text("content")?,
    })
}
