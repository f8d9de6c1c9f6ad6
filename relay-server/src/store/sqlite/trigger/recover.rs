//! What has to be put right: after a crash, and as time goes by.

use sqlx::SqliteConnection;

use super::super::Result;
use super::{end, read_all};
use crate::model::{NodeId, Outcome, OutcomeKind, Recovered, TriggerId, TriggerRow, UnixMs};
use crate::store::Store;

impl Store {
    /// After a restart of this node: what it was about to start is queued again, due now, since no start frame had left.
    /// What it had started has ended, since the connection died with the server.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub async fn trigger_recover(&self, node: &NodeId, now: UnixMs) -> Result<Recovered> {
        let node = node.clone();
        let write = async move |tx: &mut SqliteConnection| {
            let sql =
                "UPDATE trigger SET state = 'queued', not_before = min(not_before, ?), lease_until = NULL
                WHERE state = 'dialing' AND node = ? RETURNING *";
            let query = sqlx::query(sql).bind(now.get()).bind(node.as_str());
            let requeued = read_all(&query.fetch_all(&mut *tx).await?)?;
            let sql = "SELECT id FROM trigger WHERE state = 'started' AND node = ? ORDER BY seq";
            let outcome = Outcome::new(OutcomeKind::ServerLost, "the server stopped while it ran");
            let lost = sqlx::query_scalar(sql).bind(node.as_str()).fetch_all(&mut *tx).await?;
            Ok(Recovered { requeued, lost: end_all(tx, lost, now, &outcome).await? })
        };
        self.database.writer.write(write).await
    }

    /// Ends queued triggers that are too old to be started, and says which. So many at most.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub async fn trigger_expire(&self, now: UnixMs, limit: u32) -> Result<Vec<TriggerRow>> {
        let write = async move |tx: &mut SqliteConnection| {
            let sql =
                "SELECT id FROM trigger WHERE state = 'queued' AND not_after <= ? ORDER BY not_after LIMIT ?";
            let expired = sqlx::query_scalar(sql).bind(now.get()).bind(limit).fetch_all(&mut *tx).await?;
            let outcome = Outcome::new(OutcomeKind::Expired, "it could not be started in time");
            end_all(tx, expired, now, &outcome).await
        };
        self.database.writer.write(write).await
    }

    /// Forgets triggers that ended before, with their attempts and transcripts, and idempotency keys that have run out by
    /// now. Says how many triggers. So many at most.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub async fn trigger_prune(&self, before: UnixMs, now: UnixMs, limit: u32) -> Result<u64> {
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "DELETE FROM idempotency WHERE until <= ?";
            sqlx::query(sql).bind(now.get()).execute(&mut *tx).await?;
            let sql = "DELETE FROM trigger WHERE seq IN (
                SELECT seq FROM trigger WHERE state = 'ended' AND ended_at < ? ORDER BY ended_at LIMIT ?)";
            Ok(sqlx::query(sql).bind(before.get()).bind(limit).execute(tx).await?.rows_affected())
        };
        self.database.writer.write(write).await
    }
}

async fn end_all(
    tx: &mut SqliteConnection,
    ids: Vec<String>,
    now: UnixMs,
    outcome: &Outcome,
) -> Result<Vec<TriggerRow>> {
    let mut ended = Vec::with_capacity(ids.len());
    for id in ids {
        ended.push(end(tx, &TriggerId::from(id), None, now, outcome).await?);
    }
    Ok(ended)
}
