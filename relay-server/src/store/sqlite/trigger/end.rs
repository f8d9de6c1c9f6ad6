//! The end of a trigger, of which there is exactly one.

use sqlx::SqliteConnection;

use super::super::row::signed;
use super::super::{Result, analytics};
use super::{read, refusal};
use crate::model::{Event, Outcome, TriggerId, TriggerRow, UnixMs};

/// Ends it, if it has not ended and this is its epoch; without an epoch, whatever its epoch is.
pub(in super::super) async fn end(
    tx: &mut SqliteConnection,
    id: &TriggerId,
    epoch: Option<u64>,
    now: UnixMs,
    outcome: &Outcome,
) -> Result<TriggerRow> {
    let sql = "UPDATE trigger SET state = 'ended', ended_at = ?, outcome = ?, reason = ?, lease_until = NULL
        WHERE id = ? AND epoch = coalesce(?, epoch) AND state <> 'ended' RETURNING *";
    let query = sqlx::query(sql)
        .bind(now.get())
        .bind(outcome.kind.as_str())
        .bind(&*outcome.reason)
        .bind(id.as_str())
        .bind(epoch.map(signed));
    let Some(row) = query.fetch_optional(&mut *tx).await? else { return Err(refusal(tx, id).await) };
    let row = read(&row)?;
    analytics::append(tx, &Event::terminate(&row, outcome, now)).await?;
    Ok(row)
}
