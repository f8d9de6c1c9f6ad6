//! Looking at the queue and the history.

use sqlx::{QueryBuilder, Row, Sqlite};

use super::super::row::{Columns, to_json};
use super::super::{Result, page};
use super::read;
use crate::model::{
    Attempt, Counts, Page, PageRequest, SubscriberId, TriggerFilter, TriggerId, TriggerRow, TriggerState,
};
use crate::store::Store;

impl Store {
    /// One, by its id.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn trigger_get(&self, id: &TriggerId) -> Result<Option<TriggerRow>> {
        let query = sqlx::query("SELECT * FROM trigger WHERE id = ?").bind(id.as_str());
        query.fetch_optional(&self.database.readers).await?.as_ref().map(read).transpose()
    }

    /// Those that are wanted, the newest first: the queue, the live instances or the history, by their states.
    ///
    /// # Errors
    ///
    /// [`StoreError::Cursor`](crate::store::StoreError::Cursor).
    pub async fn trigger_list(
        &self,
        subscriber: &SubscriberId,
        filter: &TriggerFilter,
        request: &PageRequest,
    ) -> Result<Page<TriggerRow>> {
        let mut sql = QueryBuilder::new("SELECT * FROM trigger WHERE subscriber = ");
        sql.push_bind(subscriber.as_str());
        conditions(&mut sql, filter)?;
        sql.push(" AND seq < ").push_bind(page::before(request)?);
        sql.push(" ORDER BY seq DESC LIMIT ").push_bind(page::limit(request));
        page::collect(request, sql.build().fetch_all(&self.database.readers).await?, read)
    }

    /// The attempts to start it that failed, in their order.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn trigger_attempts(&self, id: &TriggerId) -> Result<Vec<Attempt>> {
        let query =
            sqlx::query("SELECT doc FROM attempt WHERE trigger = ? ORDER BY number").bind(id.as_str());
        let rows = query.fetch_all(&self.database.readers).await?;
        rows.iter().map(|row| row.json("doc")).collect()
    }

    /// How many are under way, of all subscribers.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn trigger_counts(&self) -> Result<Counts> {
        let sql = "SELECT state, count(*) AS number FROM trigger WHERE state <> 'ended' GROUP BY state";
        let mut counts = Counts::default();
        for row in sqlx::query(sql).fetch_all(&self.database.readers).await? {
            let number = row.number("number")?;
            match row.try_get("state")? {
                "queued" => counts.queued = number,
                "dialing" => counts.dialing = number,
                _ => counts.started = number,
            }
        }
        Ok(counts)
    }
}

/// What a filter asks for.
pub(super) fn conditions(sql: &mut QueryBuilder<Sqlite>, filter: &TriggerFilter) -> Result<()> {
    let sets = [
        ("state", (!filter.states.is_empty()).then(|| to_json(&filter.states))),
        ("outcome", (!filter.outcomes.is_empty()).then(|| to_json(&filter.outcomes))),
        ("id", (!filter.ids.is_empty()).then(|| to_json(&filter.ids))),
    ];
    for (column, words) in sets {
        if let Some(words) = words {
            sql.push(format_args!(" AND {column} IN (SELECT value FROM json_each("));
            sql.push_bind(words?).push("))");
        }
    }
    if !filter.states.is_empty() && !filter.states.contains(&TriggerState::Ended) {
        sql.push(" AND state <> 'ended'"); // said once more, for the index of those
    }
    let words = [
        (" AND workflow = ", filter.workflow.as_ref().map(ToString::to_string)),
        (" AND device = ", filter.device.as_ref().map(ToString::to_string)),
    ];
    for (condition, word) in words {
        if let Some(word) = word {
            sql.push(condition).push_bind(word);
        }
    }
    for (condition, time) in [(" AND accepted_at >= ", filter.from), (" AND accepted_at < ", filter.to)] {
        if let Some(time) = time {
            sql.push(condition).push_bind(time.get());
        }
    }
    Ok(())
}
