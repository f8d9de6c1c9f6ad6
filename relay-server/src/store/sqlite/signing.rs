//! What proves to workflow servers who dials.

use relay_protocol::signature::SigningSecret;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::Result;
use super::code::unless_dangling;
use super::row::Columns;
use crate::model::{Retiring, Signing, SubscriberId, UnixMs};
use crate::store::{Store, StoreError};

const SELECT: &str = "SELECT secret, previous, previous_until FROM signing WHERE subscriber = ?";

impl Store {
    /// What the dials of an account are signed with, if it has secrets yet.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn signing_get(&self, subscriber: &SubscriberId) -> Result<Option<Signing>> {
        let query = sqlx::query(SELECT).bind(subscriber.as_str());
        query.fetch_optional(&self.database.readers).await?.as_ref().map(read).transpose()
    }

    /// Gives an account its first secret, and says what it has: this one, unless somebody was quicker.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] without the account.
    pub async fn signing_begin(&self, subscriber: &SubscriberId, first: &SigningSecret) -> Result<Signing> {
        let (subscriber, first) = (subscriber.clone(), first.reveal());
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "INSERT INTO signing (subscriber, secret) VALUES (?, ?) ON CONFLICT DO NOTHING";
            let begun = sqlx::query(sql).bind(subscriber.as_str()).bind(&*first).execute(&mut *tx).await;
            begun.map_err(|error| unless_dangling(error, || no_account(&subscriber)))?;
            read(&sqlx::query(SELECT).bind(subscriber.as_str()).fetch_one(tx).await?)
        };
        self.database.writer.write(write).await
    }

    /// Replaces the secret of an account, which signs as well `until` then.
    ///
    /// # Errors
    ///
    /// [`StoreError::Replaced`] while the one before it still signs: a third would leave out workflow servers that know only
    /// that one. [`StoreError::NotFound`] without a secret.
    pub async fn signing_replace(
        &self,
        subscriber: &SubscriberId,
        new: &SigningSecret,
        now: UnixMs,
        until: UnixMs,
    ) -> Result<Signing> {
        let (subscriber, new) = (subscriber.clone(), new.reveal());
        let write = async move |tx: &mut SqliteConnection| {
            let found = sqlx::query(SELECT).bind(subscriber.as_str()).fetch_optional(&mut *tx).await?;
            let found = found.as_ref().map(read).transpose()?.ok_or_else(|| no_account(&subscriber))?;
            if let Some(previous) = found.previous.filter(|previous| now < previous.until) {
                return Err(StoreError::Replaced { until: previous.until });
            }
            let sql =
                "UPDATE signing SET previous = secret, previous_until = ?, secret = ? WHERE subscriber = ?";
            let replace = sqlx::query(sql).bind(until.get()).bind(&*new).bind(subscriber.as_str());
            replace.execute(&mut *tx).await?;
            read(&sqlx::query(SELECT).bind(subscriber.as_str()).fetch_one(tx).await?)
        };
        self.database.writer.write(write).await
    }
}

fn no_account(subscriber: &SubscriberId) -> StoreError {
    StoreError::NotFound { what: "subscriber", id: subscriber.to_string() }
}

fn read(row: &SqliteRow) -> Result<Signing> {
    let previous = row.maybe_text::<String>("previous")?.zip(row.maybe_time("previous_until")?);
    let previous =
        previous.map(|(text, until)| Ok::<_, StoreError>(Retiring { secret: parse(&text)?, until }));
    Ok(Signing { current: parse(&row.text::<String>("secret")?)?, previous: previous.transpose()? })
}

fn parse(text: &str) -> Result<SigningSecret> {
    text.parse().map_err(|error| StoreError::Damaged(format!("a signing secret cannot be read: {error}")))
}
