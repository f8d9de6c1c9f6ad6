//! The queue of triggers, which is also the history of instances.

mod accept;
mod claim;
mod end;
mod list;
mod progress;
mod recover;
mod retry;

use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

pub(super) use accept::insert;
pub(super) use end::end;

use super::Result;
use super::row::Columns;
use crate::model::{Outcome, TriggerId, TriggerRow};
use crate::store::StoreError;

fn read(row: &SqliteRow) -> Result<TriggerRow> {
    let outcome = match row.maybe_text::<String>("outcome")? {
        None => None,
        Some(_) => Some(Outcome { kind: row.word("outcome")?, reason: row.text("reason")? }),
    };
    Ok(TriggerRow {
        id: row.text("id")?,
        subscriber: row.text("subscriber")?,
        workflow: row.text("workflow")?,
        workflow_name: row.text("workflow_name")?,
        uri: row.text("uri")?,
        device: row.maybe_text("device")?,
        class: row.word("class")?,
        trigger: row.json("trigger")?,
        state: row.word("state")?,
        epoch: row.number("epoch")?,
        node: row.maybe_text("node")?,
        lease_until: row.maybe_time("lease_until")?,
        attempts: u32::try_from(row.number("attempts")?).unwrap_or(u32::MAX),
        accepted_at: row.time("accepted_at")?,
        not_before: row.time("not_before")?,
        not_after: row.time("not_after")?,
        fire_at: row.maybe_time("fire_at")?,
        retry_of: row.maybe_text("retry_of")?,
        started_at: row.maybe_time("started_at")?,
        ended_at: row.maybe_time("ended_at")?,
        outcome,
    })
}

fn read_all(rows: &[SqliteRow]) -> Result<Vec<TriggerRow>> {
    rows.iter().map(read).collect()
}

async fn find(tx: &mut SqliteConnection, id: &TriggerId) -> Result<Option<TriggerRow>> {
    let query = sqlx::query("SELECT * FROM trigger WHERE id = ?").bind(id.as_str());
    query.fetch_optional(tx).await?.as_ref().map(read).transpose()
}

/// Why a write that names an epoch changed nothing.
async fn refusal(tx: &mut SqliteConnection, id: &TriggerId) -> StoreError {
    match find(tx, id).await {
        Ok(Some(_)) => StoreError::Fenced(id.clone()),
        Ok(None) => StoreError::NotFound { what: "trigger", id: id.to_string() },
        Err(error) => error,
    }
}
