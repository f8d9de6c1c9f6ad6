//! The token that calls carry.

use std::fmt;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use super::auth::{Granted, Issuer};
use super::failure::Failure;
use crate::config::{Keeper, Secrets, Settings};
use crate::error::{CliError, Result};

/// How the token is had.
pub(super) struct Tokens {
    /// What is sent until the server does not take it.
    first: Option<HeaderValue>,
    renewal: Option<Renewal>,
}

/// Where another one comes from, once in the life of the process.
struct Renewal {
    issuer: Issuer,
    refresh_token: SecretString,
    browser: bool,
    keeper: Option<Keeper>,
    renewed: OnceCell<HeaderValue>,
}

impl Tokens {
    pub(super) fn new(settings: &Settings) -> Result<Self> {
        let first = settings.token.as_ref().map(|token| header(&settings.scheme, token)).transpose()?;
        let renewal = settings.refresh_token.clone().map(|refresh_token| Renewal {
            issuer: Issuer::of(settings, settings.browser),
            refresh_token,
            browser: settings.browser,
            keeper: settings.keeper.clone(),
            renewed: OnceCell::new(),
        });
        Ok(Self { first, renewal })
    }

    pub(super) fn is_there(&self) -> bool {
        self.first.is_some() || self.renewal.is_some()
    }

    /// The header, if there is a token.
    pub(super) async fn header(&self, http: &reqwest::Client) -> Result<Option<HeaderValue>, Failure> {
        let renewed = self.renewal.as_ref().and_then(|renewal| renewal.renewed.get());
        match (renewed.or(self.first.as_ref()), &self.renewal) {
            (Some(header), _) => Ok(Some(header.clone())),
            (None, Some(renewal)) => renewal.header(http).await.map(Some),
            (None, None) => Ok(None),
        }
    }

    /// Another header than the one that the server has just refused, if there can be one.
    pub(super) async fn other(
        &self,
        http: &reqwest::Client,
        refused: &HeaderValue,
    ) -> Result<Option<HeaderValue>, Failure> {
        match &self.renewal {
            Some(renewal) => Ok(Some(renewal.header(http).await?).filter(|header| header != refused)),
            None => Ok(None),
        }
    }
}

impl Renewal {
    async fn header(&self, http: &reqwest::Client) -> Result<HeaderValue, Failure> {
        let renewed = self.renewed.get_or_try_init(|| async {
            let granted = self.issuer.renew(http, &self.refresh_token).await?;
            let bad = |error: CliError| Failure::BadAnswer(error.to_string());
            let header = header("Bearer", &granted.access_token).map_err(bad)?;
            self.keep(granted);
            Ok::<_, Failure>(header)
        });
        renewed.await.cloned()
    }

    /// The next process begins with these. If they cannot be stored, it renews them again.
    fn keep(&self, granted: Granted) {
        let Some(keeper) = self.keeper.as_ref().filter(|_| self.browser) else { return };
        let refresh_token = granted.refresh_token.or_else(|| Some(self.refresh_token.clone()));
        let _ = keeper.keep(Secrets { token: Some(granted.access_token), refresh_token, browser: true });
    }
}

fn header(scheme: &str, token: &SecretString) -> Result<HeaderValue> {
    let text = format!("{scheme} {}", token.expose_secret().trim());
    let mut header = HeaderValue::from_str(&text).map_err(|_| {
        CliError::usage("the token has characters that cannot be sent").next("was it copied whole?")
    })?;
    header.set_sensitive(true);
    Ok(header)
}

/// Which kind, and nothing of the token.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("first", &self.first.is_some())
            .field("renewal", &self.renewal.is_some())
            .finish()
    }
}
