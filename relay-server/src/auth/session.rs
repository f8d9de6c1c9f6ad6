//! Signing in and out: whoever shows a token is given another one, for this client only.

use super::gate::{Caller, Gate};
use super::{Secret, hash, header};
use crate::model::{Token, TokenId, UnixMs};
use crate::store::StoreError;

impl Gate {
    /// A token of its own for a client that somebody signs in with this `token`. It allows as much and ends with that one,
    /// or when 64 others were given since. None for the token of this process, which nobody can withdraw.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it cannot be written down.
    pub async fn sign_in(
        &self,
        token: &str,
        secret: Secret,
        now: UnixMs,
    ) -> Result<Option<Secret>, StoreError> {
        let Some(shown) = self.store().token_find(hash(header::bare(token))).await? else { return Ok(None) };
        let own = Token {
            id: TokenId::from(format!("tok_{}", uuid::Uuid::now_v7().simple())),
            name: format!("{}, signed in", shown.name.trim_end_matches(", signed in")),
            created_at: now,
            last_used_at: None,
            parent: Some(shown.parent.unwrap_or(shown.id)),
            ..shown
        };
        self.store().token_create(&own, secret.hash()).await?;
        self.recheck();
        Ok(Some(secret))
    }

    /// Withdraws a token that was given when somebody signed in. Others are for whoever made them to withdraw. Whether it
    /// was one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it cannot be written down.
    pub async fn sign_out(&self, caller: &Caller, now: UnixMs) -> Result<bool, StoreError> {
        match self.store().token_find(caller.hash).await? {
            Some(Token { parent: Some(_), id, .. }) => self.withdraw(&id, now).await.map(|()| true),
            _ => Ok(false),
        }
    }
}
