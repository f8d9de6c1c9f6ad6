//! Who did what.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::row::{Columns, to_json};
use super::{Result, page};
use crate::model::{Actor, AuditEntry, AuditFilter, Page, PageRequest, SubscriberId, UnixMs};
use crate::store::Store;

impl Store {
    /// Adds an entry.
    ///
    /// # Errors
    ///
    /// If the database cannot be written, or the account does not exist.
    pub async fn audit_append(&self, entry: AuditEntry) -> Result<()> {
        let data = to_json(&entry.data)?;
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "INSERT INTO audit (id, subscriber, at, actor, token, event_type, action, user, data)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
            sqlx::query(sql)
                .bind(entry.id.as_str())
                .bind(entry.subscriber.as_ref().map(AsRef::as_ref))
                .bind(entry.at.get())
                .bind(&*entry.actor.name)
                .bind(entry.actor.token.as_ref().map(AsRef::as_ref))
                .bind(&*entry.event_type)
                .bind(&*entry.action)
                .bind(entry.user.as_deref())
                .bind(&*data)
                .execute(tx)
                .await?;
            Ok(())
        };
        self.database.writer.write(write).await
    }

    /// The entries that are wanted, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Cursor`](crate::store::StoreError::Cursor).
    pub async fn audit_query(
        &self,
        subscriber: &SubscriberId,
        filter: &AuditFilter,
        request: &PageRequest,
    ) -> Result<Page<AuditEntry>> {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT * FROM audit WHERE (subscriber = ");
        sql.push_bind(subscriber.as_str());
        sql.push(if filter.of_all { " OR subscriber IS NULL)" } else { ")" });
        sql.push(" AND seq < ").push_bind(page::before(request)?);
        let words = [
            (" AND event_type = ", &filter.event_type),
            (" AND action = ", &filter.action),
            (" AND user = ", &filter.user),
        ];
        for (condition, word) in words {
            if let Some(word) = word {
                sql.push(condition).push_bind(word.as_str());
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

    /// Forgets entries that are older, and the oldest of more than `most`. Says how many.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub async fn audit_prune(&self, before: UnixMs, most: u32) -> Result<u64> {
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "DELETE FROM audit WHERE at < ? OR seq <= (SELECT max(seq) FROM audit) - ?";
            let query = sqlx::query(sql).bind(before.get()).bind(i64::from(most));
            Ok(query.execute(tx).await?.rows_affected())
        };
        self.database.writer.write(write).await
    }
}

fn read(row: &SqliteRow) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.text("id")?,
        subscriber: row.maybe_text("subscriber")?,
        at: row.time("at")?,
        actor: Actor { token: row.maybe_text("token")?, name: row.text("actor")? },
        event_type: row.text("event_type")?,
        action: row.text("action")?,
        user: row.maybe_text("user")?,
        data: row.json("data")?,
    })
}
