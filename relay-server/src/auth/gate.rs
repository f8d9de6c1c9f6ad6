//! From a token to who holds it.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use subtle::ConstantTimeEq;
use tokio::sync::watch;
use tokio::time::Instant;

use super::failures::Failures;
use super::{Secret, hash, header};
use crate::model::{Actor, Role, SubscriberId, Token, TokenHash, TokenId, UnixMs};
use crate::store::{Store, StoreError};

/// The use of a token is written down this often.
const TOUCH: Duration = Duration::from_secs(60);
/// How often it is looked whether those who stay are still welcome.
const RECHECK: Duration = Duration::from_secs(15);
/// Tokens that are remembered as good.
const MAX_KNOWN: usize = 1024;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The token.
    pub token: TokenId,
    /// Its name.
    pub name: String,
    /// The account that it is for; every account if none.
    pub subscriber: Option<SubscriberId>,
    /// What it allows.
    pub role: Role,
    pub(super) hash: TokenHash,
}

impl Caller {
    /// As the audit names them.
    pub fn actor(&self) -> Actor {
        Actor { token: Some(self.token.clone()), name: self.name.clone() }
    }
}

/// Why a token is not taken.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refused {
    /// There is none, or one that is not, or no longer, good.
    Token(&'static str),
    /// The address has sent too many wrong ones.
    TooMany {
        /// How long it has to wait.
        wait: Duration,
    },
    /// Nobody can tell.
    Store(StoreError),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(why) => f.write_str(why),
            Self::TooMany { wait } => {
                write!(f, "too many wrong tokens came from your address: wait {} s", wait.as_secs() + 1)
            }
            Self::Store(error) => write!(f, "the token could not be looked up: {error}"),
        }
    }
}

impl std::error::Error for Refused {}

/// Where tokens are checked.
pub struct Gate {
    store: Store,
    failures: Failures,
    /// Good ones of late, with when their use was written down. Their holders are let in from addresses that fail: behind
    /// a proxy, all have the same address.
    known: Mutex<HashMap<TokenHash, Instant>>,
    /// The token of whoever runs the server in their own process. Never stored.
    own: TokenHash,
    /// Rings when a token was withdrawn here.
    withdrawn: watch::Sender<()>,
}

impl Gate {
    /// A gate that also takes `own`, and up to so many failures a minute from an address.
    pub fn new(store: Store, own: &Secret, max_failures: u32) -> Self {
        let (failures, withdrawn) = (Failures::new(max_failures), watch::Sender::default());
        Self { store, failures, known: Mutex::default(), own: own.hash(), withdrawn }
    }

    /// Who sent these headers.
    ///
    /// # Errors
    ///
    /// [`Refused`] if that is nobody, or nobody can tell.
    pub async fn caller(&self, headers: &HeaderMap, from: IpAddr, now: UnixMs) -> Result<Caller, Refused> {
        match header::token(headers) {
            Some(token) => self.admit(token, from, now).await,
            None => Err(Refused::Token(
                "send a token: Authorization: Bearer <token of `relay-server token create`>",
            )),
        }
    }

    /// Who holds this token, which came from there.
    ///
    /// # Errors
    ///
    /// [`Refused`] if that is nobody, or nobody can tell.
    pub async fn admit(&self, token: &str, from: IpAddr, now: UnixMs) -> Result<Caller, Refused> {
        let hash = hash(header::bare(token));
        if hash.0.ct_eq(&self.own.0).into() {
            let (token, name) = (TokenId::from("own"), "this process".to_owned());
            return Ok(Caller { token, name, subscriber: None, role: Role::Admin, hash });
        }
        let seen = self.known(|known| known.get(&hash).copied());
        if let (None, Some(wait)) = (seen, self.failures.wait(from)) {
            return Err(Refused::TooMany { wait });
        }
        let found = self.store.token_find(hash).await.map_err(Refused::Store)?;
        let Some(token) = found.filter(|token| is_good(token, now)) else {
            self.known(|known| known.remove(&hash));
            self.failures.record(from);
            return Err(Refused::Token("the token is wrong, has expired, or was revoked"));
        };
        if seen.is_none_or(|touched| touched.elapsed() >= TOUCH) {
            self.known(|known| {
                if known.len() >= MAX_KNOWN {
                    known.clear();
                }
                known.insert(hash, Instant::now());
            });
            // That it cannot be written down is no reason to turn anybody away.
            if let Err(error) = self.store.token_touch(&token.id, now).await {
                tracing::warn!(token = %token.id, %error, "the use of a token was not written down");
            }
        }
        let Token { id, name, subscriber, role, .. } = token;
        Ok(Caller { token: id, name, subscriber, role, hash })
    }

    /// Withdraws a token.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if there is none, or it cannot be written down.
    pub async fn withdraw(&self, token: &TokenId, now: UnixMs) -> Result<(), StoreError> {
        self.store.token_revoke(token, now).await?;
        self.recheck();
        Ok(())
    }

    /// Ends when somebody who was let in would not be any more: at once if their token was withdrawn here, and within
    /// a quarter of a minute if it has expired, or was withdrawn by another program. Also if nobody can tell. Cancel safe.
    pub async fn until_void(&self, caller: &Caller, now: impl Fn() -> UnixMs) {
        let mut withdrawn = self.withdrawn.subscribe();
        if caller.hash == self.own {
            return std::future::pending().await;
        }
        while let Ok(Some(token)) = self.store.token_find(caller.hash).await
            && is_good(&token, now())
        {
            let _ = tokio::time::timeout(RECHECK, withdrawn.changed()).await;
        }
    }

    /// Lets those who stay be looked at again.
    pub(super) fn recheck(&self) {
        self.withdrawn.send_replace(());
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    fn known<R>(&self, then: impl FnOnce(&mut HashMap<TokenHash, Instant>) -> R) -> R {
        then(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

fn is_good(token: &Token, now: UnixMs) -> bool {
    token.revoked_at.is_none() && token.expires_at.is_none_or(|end| now < end)
}
