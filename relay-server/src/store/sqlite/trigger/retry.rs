//! Once more, because somebody wants it.

use sqlx::{QueryBuilder, SqliteConnection};

use super::super::Result;
use super::list::conditions;
use super::{insert, read_all};
use crate::model::{NewTrigger, Retry, SubscriberId, TriggerFilter, TriggerId, TriggerRow};
use crate::store::Store;

/// Triggers tried again at once.
const MOST: u32 = 1000;

impl Store {
    /// Tries triggers again that ended without having been started, each as a new one that knows which it repeats; or
    /// says which they would be. One that was tried again already is left out. 1,000 at most, the oldest first.
    ///
    /// What had its outcome keeps it, and what had been started is never started again.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub async fn trigger_retry(
        &self,
        subscriber: &SubscriberId,
        filter: &TriggerFilter,
        retry: Retry,
    ) -> Result<Vec<TriggerRow>> {
        let (subscriber, filter) = (subscriber.clone(), filter.clone());
        let write = async move |tx: &mut SqliteConnection| {
            let mut sql = QueryBuilder::new(
                "SELECT * FROM trigger AS it WHERE state = 'ended' AND started_at IS NULL AND outcome <> 'stopped'
                    AND NOT EXISTS (SELECT 1 FROM trigger AS other WHERE other.retry_of = it.id) AND subscriber = ",
            );
            sql.push_bind(subscriber.as_str());
            conditions(&mut sql, &filter)?;
            sql.push(" ORDER BY seq LIMIT ").push_bind(MOST);
            let failed = read_all(&sql.build().fetch_all(&mut *tx).await?)?;
            if retry.dry_run {
                return Ok(failed);
            }
            let mut again = Vec::with_capacity(failed.len());
            for row in failed {
                let (new, old) = repeat(row, retry);
                again.push(insert(tx, &new, Some(&old)).await?);
            }
            Ok(again)
        };
        self.database.writer.write(write).await
    }
}

fn repeat(row: TriggerRow, retry: Retry) -> (NewTrigger, TriggerId) {
    let new = NewTrigger {
        id: TriggerId::generate(retry.now),
        subscriber: row.subscriber,
        workflow: row.workflow,
        workflow_name: row.workflow_name,
        uri: row.uri,
        device: row.device,
        class: row.class,
        trigger: row.trigger,
        accepted_at: retry.now,
        not_before: retry.now,
        not_after: retry.not_after,
        fire_at: None, // the occurrence has its trigger
        idempotency: None,
        hold: None,
    };
    (new, row.id)
}
