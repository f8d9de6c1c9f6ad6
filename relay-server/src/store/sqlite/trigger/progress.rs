//! On the way from the queue to the start.

use sqlx::SqliteConnection;

use super::super::Result;
use super::super::row::{signed, to_json};
use super::{end, refusal};
use crate::model::{Attempt, Next, Outcome, TriggerId, UnixMs};
use crate::store::Store;

impl Store {
    /// The start frame is about to leave. When this has returned, it may; from now on the trigger is never started again.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`](crate::store::StoreError::Fenced) if it is not `dialing` in this epoch: do not start it.
    pub async fn trigger_started(&self, id: &TriggerId, epoch: u64, now: UnixMs) -> Result<()> {
        let id = id.clone();
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "UPDATE trigger SET state = 'started', started_at = ?, lease_until = NULL
                WHERE id = ? AND epoch = ? AND state = 'dialing'";
            change(tx, sql, now, &id, epoch).await
        };
        self.database.writer.write(write).await
    }

    /// The holder needs longer.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`](crate::store::StoreError::Fenced) if it is not `dialing` in this epoch.
    pub async fn trigger_extend(&self, id: &TriggerId, epoch: u64, until: UnixMs) -> Result<()> {
        let id = id.clone();
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "UPDATE trigger SET lease_until = ? WHERE id = ? AND epoch = ? AND state = 'dialing'";
            change(tx, sql, until, &id, epoch).await
        };
        self.database.writer.write(write).await
    }

    /// Puts it back without an attempt, to be due at this time.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`](crate::store::StoreError::Fenced) if it is not `dialing` in this epoch.
    pub async fn trigger_release(&self, id: &TriggerId, epoch: u64, at: UnixMs) -> Result<()> {
        let id = id.clone();
        let write = async move |tx: &mut SqliteConnection| release(tx, &id, epoch, at).await;
        self.database.writer.write(write).await
    }

    /// An attempt to start it has failed. It is due again later, or has ended.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`](crate::store::StoreError::Fenced) if it is not `dialing` in this epoch.
    pub async fn trigger_attempt_failed(
        &self,
        id: &TriggerId,
        epoch: u64,
        attempt: Attempt,
        next: Next,
    ) -> Result<()> {
        let id = id.clone();
        let write = async move |tx: &mut SqliteConnection| {
            let sql =
                "UPDATE trigger SET attempts = attempts + 1 WHERE id = ? AND epoch = ? AND state = 'dialing'
                RETURNING attempts";
            let query = sqlx::query_scalar(sql).bind(id.as_str()).bind(signed(epoch));
            let Some(number): Option<i64> = query.fetch_optional(&mut *tx).await? else {
                return Err(refusal(tx, &id).await);
            };
            let query = sqlx::query("INSERT INTO attempt (trigger, number, doc) VALUES (?, ?, ?)");
            query.bind(id.as_str()).bind(number).bind(to_json(&attempt)?).execute(&mut *tx).await?;
            match &next {
                Next::RetryAt(at) => release(tx, &id, epoch, *at).await,
                Next::Failed(outcome) => {
                    end(tx, &id, Some(epoch), attempt.failed_at, outcome).await.map(drop)
                }
            }
        };
        self.database.writer.write(write).await
    }

    /// It has ended, whether it had been started or not. Its record for the analytics is written with it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fenced`](crate::store::StoreError::Fenced) if this is not its epoch, or it had ended already.
    pub async fn trigger_ended(
        &self,
        id: &TriggerId,
        epoch: u64,
        now: UnixMs,
        outcome: Outcome,
    ) -> Result<()> {
        let id = id.clone();
        let write =
            async move |tx: &mut SqliteConnection| end(tx, &id, Some(epoch), now, &outcome).await.map(drop);
        self.database.writer.write(write).await
    }
}

async fn release(tx: &mut SqliteConnection, id: &TriggerId, epoch: u64, at: UnixMs) -> Result<()> {
    let sql = "UPDATE trigger SET state = 'queued', not_before = ?, lease_until = NULL
        WHERE id = ? AND epoch = ? AND state = 'dialing'";
    change(tx, sql, at, id, epoch).await
}

async fn change(
    tx: &mut SqliteConnection,
    sql: &'static str,
    time: UnixMs,
    id: &TriggerId,
    epoch: u64,
) -> Result<()> {
    let query = sqlx::query(sql).bind(time.get()).bind(id.as_str()).bind(signed(epoch));
    if query.execute(&mut *tx).await?.rows_affected() > 0 { Ok(()) } else { Err(refusal(tx, id).await) }
}
