//! Who may call the interface.

use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::Result;
use super::code::{unless_dangling, unless_unique};
use super::row::{Columns, to_json};
use crate::model::{Token, TokenHash, TokenId, UnixMs};
use crate::store::{Store, StoreError};

/// Signing in gives a token to whoever shows one, so that anybody who has one could fill the table.
const MAX_GIVEN: i64 = 64;

impl Store {
    /// Adds a token. Of those that were given for another one only the newest 64 are kept.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`]; [`StoreError::NotFound`] without its subscriber.
    pub async fn token_create(&self, token: &Token, hash: TokenHash) -> Result<()> {
        let (token, doc) = (token.clone(), to_json(token)?);
        let write = async move |tx: &mut SqliteConnection| {
            let subscriber = token.subscriber.as_ref().map(AsRef::as_ref);
            let sql = "INSERT INTO token (id, hash, subscriber, doc, used_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?)";
            let query =
                sqlx::query(sql).bind(token.id.as_str()).bind(&hash.0[..]).bind(subscriber).bind(&*doc);
            let query =
                query.bind(token.last_used_at.map(UnixMs::get)).bind(token.revoked_at.map(UnixMs::get));
            query.execute(&mut *tx).await.map_err(|error| {
                match unless_unique(error, || StoreError::Exists { what: "token", id: token.id.to_string() })
                {
                    StoreError::Database(error) => unless_dangling(error, || StoreError::NotFound {
                        what: "subscriber",
                        id: subscriber.unwrap_or_default().into(),
                    }),
                    other => other,
                }
            })?;
            if let Some(parent) = &token.parent {
                let sql = "DELETE FROM token WHERE doc ->> 'parent' = ?1 AND id NOT IN \
                           (SELECT id FROM token WHERE doc ->> 'parent' = ?1 \
                           ORDER BY doc ->> 'created_at' DESC, id DESC LIMIT ?2)";
                sqlx::query(sql).bind(parent.as_str()).bind(MAX_GIVEN).execute(tx).await?;
            }
            Ok(())
        };
        self.database.writer.write(write).await
    }

    /// All tokens, also those that were withdrawn, by id.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn token_list(&self) -> Result<Vec<Token>> {
        let sql = "SELECT doc, used_at, revoked_at FROM token ORDER BY id";
        let rows = sqlx::query(sql).fetch_all(&self.database.readers).await?;
        rows.iter().map(read).collect()
    }

    /// The token whose secret has this hash, be it valid or not.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn token_find(&self, hash: TokenHash) -> Result<Option<Token>> {
        let query =
            sqlx::query("SELECT doc, used_at, revoked_at FROM token WHERE hash = ?").bind(&hash.0[..]);
        let row = query.fetch_optional(&self.database.readers).await?;
        row.as_ref().map(read).transpose()
    }

    /// Withdraws a token, and those that were given for it. They stay listed.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`].
    pub async fn token_revoke(&self, id: &TokenId, now: UnixMs) -> Result<()> {
        let id = id.clone();
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "UPDATE token SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?";
            let done = sqlx::query(sql).bind(now.get()).bind(id.as_str()).execute(&mut *tx).await?;
            if done.rows_affected() == 0 {
                return Err(StoreError::NotFound { what: "token", id: id.to_string() });
            }
            let sql = "UPDATE token SET revoked_at = coalesce(revoked_at, ?) WHERE doc ->> 'parent' = ?";
            sqlx::query(sql).bind(now.get()).bind(id.as_str()).execute(tx).await?;
            Ok(())
        };
        self.database.writer.write(write).await
    }

    /// Remembers that a token was used. Once a minute is enough.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub async fn token_touch(&self, id: &TokenId, now: UnixMs) -> Result<()> {
        let id = id.clone();
        let write = async move |tx: &mut SqliteConnection| {
            let sql = "UPDATE token SET used_at = max(coalesce(used_at, 0), ?) WHERE id = ?";
            sqlx::query(sql).bind(now.get()).bind(id.as_str()).execute(tx).await?;
            Ok(())
        };
        self.database.writer.write(write).await
    }
}

/// What changes has columns of its own.
fn read(row: &SqliteRow) -> Result<Token> {
    let token: Token = row.json("doc")?;
    Ok(Token { last_used_at: row.maybe_time("used_at")?, revoked_at: row.maybe_time("revoked_at")?, ..token })
}
