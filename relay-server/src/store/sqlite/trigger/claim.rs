//! Out of the queue.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::super::Result;
use super::super::row::to_json;
use super::read_all;
use crate::model::{Claim, Class, TriggerRow, UnixMs};
use crate::store::Store;

impl Store {
    /// Gives triggers to a node: those that are due, and those whose holder has not done anything for as long as it
    /// promised. Interactive ones come first, then the ones that wait longest.
    ///
    /// Of those with the same workflow, device and class, only the one that was accepted first: the next comes when that
    /// one was started or has ended. Whoever wants to be started later stands in nobody's way until then.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub async fn trigger_claim(&self, claim: Claim) -> Result<Vec<TriggerRow>> {
        let write = async move |tx: &mut SqliteConnection| {
            let full = to_json(&claim.full)?;
            let mut rows = abandoned(tx, &claim, &full).await?;
            for class in [Class::Interactive, Class::Durable] {
                let room = i64::from(claim.limit) - rows.len() as i64;
                if room > 0 {
                    rows.extend(due(tx, &claim, class, &full, room).await?);
                }
            }
            read_all(&rows)
        };
        self.database.writer.write(write).await
    }

    /// When something becomes due, or a claim runs out, after this time. What is due already and could not be claimed
    /// waits for others to be started or to end.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn trigger_next_due(&self, after: UnixMs) -> Result<Option<UnixMs>> {
        // One index each: the smallest of each is found at once.
        let sql = "SELECT min(at) FROM (
            SELECT min(not_before) AS at FROM trigger
                WHERE state = 'queued' AND class = 'interactive' AND not_before > ?1
            UNION ALL SELECT min(not_before) FROM trigger
                WHERE state = 'queued' AND class = 'durable' AND not_before > ?1
            UNION ALL SELECT min(not_after) FROM trigger WHERE state = 'queued' AND not_after > ?1
            UNION ALL SELECT min(lease_until) FROM trigger WHERE state = 'dialing' AND lease_until > ?1)";
        let next: Option<i64> =
            sqlx::query_scalar(sql).bind(after.get()).fetch_one(&self.database.readers).await?;
        Ok(next.map(UnixMs::new))
    }
}

async fn abandoned(tx: &mut SqliteConnection, claim: &Claim, full: &str) -> Result<Vec<SqliteRow>> {
    let sql = "UPDATE trigger SET node = ?, lease_until = ?, epoch = epoch + 1 WHERE seq IN (
            SELECT seq FROM trigger WHERE state = 'dialing' AND lease_until <= ?
                AND workflow NOT IN (SELECT value FROM json_each(?))
            ORDER BY lease_until LIMIT ?)
        RETURNING *";
    let query = sqlx::query(sql).bind(claim.node.as_str()).bind(claim.until.get()).bind(claim.now.get());
    sorted(query.bind(full).bind(claim.limit).fetch_all(tx).await?)
}

async fn due(
    tx: &mut SqliteConnection,
    claim: &Claim,
    class: Class,
    full: &str,
    room: i64,
) -> Result<Vec<SqliteRow>> {
    let sql = "UPDATE trigger SET state = 'dialing', node = ?, lease_until = ?, epoch = epoch + 1 WHERE seq IN (
            SELECT seq FROM trigger AS it WHERE state = 'queued' AND class = ? AND not_before <= ?
                AND workflow NOT IN (SELECT value FROM json_each(?))
                AND (device IS NULL OR NOT EXISTS (
                    SELECT 1 FROM trigger AS other WHERE other.workflow = it.workflow AND other.device = it.device
                        AND other.class = it.class AND other.seq < it.seq AND other.device IS NOT NULL
                        AND other.state IN ('queued', 'dialing') AND (other.epoch > 0 OR other.not_before <= ?)))
            ORDER BY not_before, seq LIMIT ?)
        RETURNING *";
    let query = sqlx::query(sql).bind(claim.node.as_str()).bind(claim.until.get()).bind(class.as_str());
    let query = query.bind(claim.now.get()).bind(full).bind(claim.now.get());
    sorted(query.bind(room).fetch_all(tx).await?)
}

/// `RETURNING` promises no order.
fn sorted(mut rows: Vec<SqliteRow>) -> Result<Vec<SqliteRow>> {
    let key = |row: &SqliteRow| (row.get::<i64, _>("not_before"), row.get::<i64, _>("seq"));
    rows.sort_by_key(key);
    Ok(rows)
}
