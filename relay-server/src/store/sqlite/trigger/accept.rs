//! Into the queue.

use sqlx::{Row, SqliteConnection};

use super::super::Result;
use super::super::code::{unless_dangling, unless_unique};
use super::super::row::to_json;
use super::find;
use crate::model::{Accepted, Idempotency, NewTrigger, TriggerId, TriggerRow, TriggerState};
use crate::store::{Store, StoreError};

impl Store {
    /// Takes a trigger into the queue. It is on disk when this returns.
    ///
    /// With a hold it is `dialing` in its first epoch, for its holder to start at once.
    ///
    /// # Errors
    ///
    /// [`StoreError::KeyReused`]; [`StoreError::Exists`] for a known id, or an occurrence of a timer that has its trigger;
    /// [`StoreError::NotFound`] without the subscriber.
    pub async fn trigger_accept(&self, new: NewTrigger) -> Result<Accepted> {
        let write = async move |tx: &mut SqliteConnection| {
            if let Some(idempotency) = &new.idempotency
                && let Some(known) = known(tx, &new, idempotency).await?
            {
                return Ok(Accepted::Known(known));
            }
            let row = insert(tx, &new, None).await?;
            if let Some(idempotency) = &new.idempotency {
                remember(tx, &new, idempotency).await?;
            }
            Ok(Accepted::New(row))
        };
        self.database.writer.write(write).await
    }
}

/// The trigger that was accepted under this key.
async fn known(
    tx: &mut SqliteConnection,
    new: &NewTrigger,
    idempotency: &Idempotency,
) -> Result<Option<TriggerRow>> {
    let sql = "SELECT fingerprint, trigger FROM idempotency WHERE subscriber = ? AND key = ? AND until > ?";
    let query = sqlx::query(sql).bind(new.subscriber.as_str()).bind(&*idempotency.key);
    let Some(row) = query.bind(new.accepted_at.get()).fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    if row.try_get::<&[u8], _>("fingerprint")? != idempotency.fingerprint {
        return Err(StoreError::KeyReused);
    }
    find(tx, &row.try_get::<String, _>("trigger")?.into()).await
}

async fn remember(tx: &mut SqliteConnection, new: &NewTrigger, idempotency: &Idempotency) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO idempotency (subscriber, key, fingerprint, trigger, until)
        VALUES (?, ?, ?, ?, ?)";
    let query = sqlx::query(sql).bind(new.subscriber.as_str()).bind(&*idempotency.key);
    let query = query.bind(&*idempotency.fingerprint).bind(new.id.as_str()).bind(idempotency.until.get());
    query.execute(tx).await?;
    Ok(())
}

/// The row that it becomes.
pub(in super::super) async fn insert(
    tx: &mut SqliteConnection,
    new: &NewTrigger,
    retry_of: Option<&TriggerId>,
) -> Result<TriggerRow> {
    let row = row(new, retry_of);
    let sql =
        "INSERT INTO trigger (id, subscriber, workflow, workflow_name, uri, device, class, trigger, state,
            epoch, node, lease_until, accepted_at, not_before, not_after, fire_at, retry_of)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let query = sqlx::query(sql)
        .bind(row.id.as_str())
        .bind(row.subscriber.as_str())
        .bind(row.workflow.as_str())
        .bind(&*row.workflow_name)
        .bind(&*row.uri)
        .bind(row.device.as_ref().map(AsRef::as_ref))
        .bind(row.class.as_str())
        .bind(to_json(&row.trigger)?)
        .bind(row.state.as_str())
        .bind(i64::from(row.epoch > 0))
        .bind(row.node.as_ref().map(AsRef::as_ref))
        .bind(row.lease_until.map(|time| time.get()))
        .bind(row.accepted_at.get())
        .bind(row.not_before.get())
        .bind(row.not_after.get())
        .bind(row.fire_at.map(|time| time.get()))
        .bind(row.retry_of.as_ref().map(AsRef::as_ref));
    match query.execute(tx).await {
        Ok(_) => Ok(row),
        Err(error) => {
            let known = || StoreError::Exists { what: "trigger", id: row.id.to_string() };
            Err(match unless_unique(error, known) {
                StoreError::Database(error) => unless_dangling(error, || StoreError::NotFound {
                    what: "subscriber",
                    id: row.subscriber.to_string(),
                }),
                other => other,
            })
        }
    }
}

fn row(new: &NewTrigger, retry_of: Option<&TriggerId>) -> TriggerRow {
    let new = new.clone();
    let (state, epoch) =
        if new.hold.is_some() { (TriggerState::Dialing, 1) } else { (TriggerState::Queued, 0) };
    let (node, lease_until) = new.hold.map(|hold| (hold.node, hold.until)).unzip();
    TriggerRow {
        id: new.id,
        subscriber: new.subscriber,
        workflow: new.workflow,
        workflow_name: new.workflow_name,
        uri: new.uri,
        device: new.device,
        class: new.class,
        trigger: new.trigger,
        state,
        epoch,
        node,
        lease_until,
        attempts: 0,
        accepted_at: new.accepted_at,
        not_before: new.not_before,
        not_after: new.not_after,
        fire_at: new.fire_at,
        retry_of: retry_of.cloned(),
        started_at: None,
        ended_at: None,
        outcome: None,
    }
}
