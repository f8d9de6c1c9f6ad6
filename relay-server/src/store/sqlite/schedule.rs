//! Where timers are.

use sqlx::SqliteConnection;

use super::Result;
use super::code::unless_dangling;
use super::row::{Columns, signed};
use super::trigger::{end, insert};
use crate::model::{
    Due, Firing, NewTrigger, Outcome, OutcomeKind, Schedule, SubscriberId, TriggerRow, UnixMs, WorkflowId,
};
use crate::store::{Store, StoreError};

impl Store {
    /// Sets where the timer of a workflow is, or that it has none.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] without the workflow.
    pub async fn schedule_set(
        &self,
        subscriber: &SubscriberId,
        workflow: &WorkflowId,
        schedule: Option<Schedule>,
    ) -> Result<()> {
        let (subscriber, workflow) = (subscriber.clone(), workflow.clone());
        let write = async move |tx: &mut SqliteConnection| {
            let Some(schedule) = schedule else {
                let query = sqlx::query("DELETE FROM schedule WHERE subscriber = ? AND workflow = ?");
                query.bind(subscriber.as_str()).bind(workflow.as_str()).execute(tx).await?;
                return Ok(());
            };
            let sql = "INSERT INTO schedule (subscriber, workflow, next_at, past) VALUES (?, ?, ?, ?)
                ON CONFLICT (subscriber, workflow) DO UPDATE SET next_at = excluded.next_at, past = excluded.past";
            let query = sqlx::query(sql).bind(subscriber.as_str()).bind(workflow.as_str());
            let query = query.bind(schedule.next.map(UnixMs::get)).bind(signed(schedule.past));
            let missing = || StoreError::NotFound { what: "workflow", id: workflow.to_string() };
            query.execute(tx).await.map(drop).map_err(|error| unless_dangling(error, missing))
        };
        self.database.writer.write(write).await
    }

    /// Where the timer of a workflow is.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn schedule_get(
        &self,
        subscriber: &SubscriberId,
        workflow: &WorkflowId,
    ) -> Result<Option<Schedule>> {
        let sql = "SELECT next_at, past FROM schedule WHERE subscriber = ? AND workflow = ?";
        let query = sqlx::query(sql).bind(subscriber.as_str()).bind(workflow.as_str());
        let row = query.fetch_optional(&self.database.readers).await?;
        row.map(|row| Ok(Schedule { next: row.maybe_time("next_at")?, past: row.number("past")? }))
            .transpose()
    }

    /// The timers whose time has come, the earliest first. So many at most.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn schedule_due(&self, now: UnixMs, limit: u32) -> Result<Vec<Due>> {
        let sql = "SELECT subscriber, workflow, next_at, past FROM schedule WHERE next_at <= ?
            ORDER BY next_at LIMIT ?";
        let rows = sqlx::query(sql).bind(now.get()).bind(limit).fetch_all(&self.database.readers).await?;
        let due = |row: &sqlx::sqlite::SqliteRow| {
            Ok(Due {
                subscriber: row.text("subscriber")?,
                workflow: row.text("workflow")?,
                at: row.time("next_at")?,
                past: row.number("past")?,
            })
        };
        rows.iter().map(due).collect()
    }

    /// When the next timer fires.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn schedule_next(&self) -> Result<Option<UnixMs>> {
        let sql = "SELECT min(next_at) FROM schedule WHERE next_at IS NOT NULL";
        let next: Option<i64> = sqlx::query_scalar(sql).fetch_one(&self.database.readers).await?;
        Ok(next.map(UnixMs::new))
    }

    /// Fires what was due, and says where the timer is then, in one transaction. The triggers come back that were taken
    /// into the queue. An occurrence that has its trigger already, since somebody set the clock back, is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the timer is no longer where `due` says: it was fired or changed by somebody else.
    pub async fn schedule_fire(
        &self,
        due: Due,
        firings: Vec<Firing>,
        then: Schedule,
    ) -> Result<Vec<TriggerRow>> {
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "UPDATE schedule SET next_at = ?, past = ?
                WHERE subscriber = ? AND workflow = ? AND next_at = ? AND past = ?";
            let query = sqlx::query(sql).bind(then.next.map(UnixMs::get)).bind(signed(then.past));
            let query = query.bind(due.subscriber.as_str()).bind(due.workflow.as_str());
            let moved = query.bind(due.at.get()).bind(signed(due.past)).execute(&mut *tx).await?;
            if moved.rows_affected() == 0 {
                return Err(StoreError::NotFound { what: "due timer", id: due.workflow.to_string() });
            }
            let mut fired = Vec::new();
            for firing in &firings {
                let (Firing::Fire(trigger) | Firing::Miss { trigger, .. }) = firing;
                if has_fired(tx, trigger).await? {
                    continue;
                }
                match firing {
                    Firing::Fire(new) => fired.push(insert(tx, new, None).await?),
                    Firing::Miss { trigger, reason } => {
                        let row = insert(tx, trigger, None).await?;
                        let outcome = Outcome::new(OutcomeKind::Missed, &**reason);
                        end(tx, &row.id, None, trigger.accepted_at, &outcome).await?;
                    }
                }
            }
            Ok(fired)
        };
        self.database.writer.write(write).await
    }
}

async fn has_fired(tx: &mut SqliteConnection, trigger: &NewTrigger) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM trigger WHERE subscriber = ? AND workflow = ? AND fire_at = ?)";
    let query = sqlx::query_scalar(sql).bind(trigger.subscriber.as_str()).bind(trigger.workflow.as_str());
    Ok(query.bind(trigger.fire_at.map(UnixMs::get)).fetch_one(tx).await?)
}
