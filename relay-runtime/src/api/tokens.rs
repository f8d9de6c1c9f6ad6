//! The token that a call carries, and where a fresh one comes from.

use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::HeaderValue;
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::ApiError;
use super::document::as_number;
use super::http::{Http, Outgoing};

/// A token is replaced this long before it expires, or after half its life if that is shorter.
const EARLY: Duration = Duration::from_secs(30);

/// How access tokens are had.
#[derive(Debug)]
pub(super) enum Tokens {
    /// One for good.
    Fixed(Access),
    /// By exchange, when there is need.
    Refreshed(Arc<Refresher>),
}

/// A token as it is sent. The header is marked as sensitive, so that nothing prints it.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) header: HeaderValue,
    /// Which exchange it comes from.
    number: u64,
    stale_from: Option<Instant>,
}

/// Exchanges a refresh token, by one call for all.
#[derive(Debug)]
pub(super) struct Refresher {
    exchange: Exchange,
    state: Mutex<State>,
}

/// The endpoint and who asks there.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) http: Http,
    pub(super) url: Url,
    pub(super) client_id: String,
}

#[derive(Debug)]
struct State {
    refresh_token: SecretString,
    access: Option<Access>,
    /// Counts exchanges.
    number: u64,
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
    /// In seconds.
    expires_in: Option<Value>,
}

impl Access {
    pub(super) fn new(scheme: &str, token: &SecretString) -> Option<Self> {
        let mut header = HeaderValue::from_str(&format!("{scheme} {}", token.expose_secret().trim())).ok()?;
        header.set_sensitive(true);
        Some(Self { header, number: 0, stale_from: None })
    }

    fn is_fresh(&self) -> bool {
        self.stale_from.is_none_or(|stale| Instant::now() < stale)
    }
}

impl Tokens {
    /// `access` is used first, if there is one.
    pub(super) fn refreshed(exchange: Exchange, refresh_token: SecretString, access: Option<Access>) -> Self {
        let state = Mutex::new(State { refresh_token, access, number: 0 });
        Self::Refreshed(Arc::new(Refresher { exchange, state }))
    }

    /// A token to send.
    pub(super) async fn current(&self) -> Result<Access, ApiError> {
        match self {
            Self::Fixed(access) => Ok(access.clone()),
            Self::Refreshed(refresher) => {
                let known = refresher.state.lock().await.usable(None);
                match known {
                    Some(access) => Ok(access),
                    None => refresher.renewed(None).await,
                }
            }
        }
    }

    /// Another token than this one, which Relay does not take; none if there is no way to get one.
    pub(super) async fn instead_of(&self, rejected: &Access) -> Option<Result<Access, ApiError>> {
        match self {
            Self::Fixed(_) => None,
            Self::Refreshed(refresher) => Some(refresher.renewed(Some(rejected.number)).await),
        }
    }
}

impl State {
    fn usable(&self, rejected: Option<u64>) -> Option<Access> {
        let usable = |access: &&Access| access.is_fresh() && rejected != Some(access.number);
        self.access.as_ref().filter(usable).cloned()
    }
}

impl Refresher {
    /// In a task of its own: whoever drops a call must not drop the answer with it, which may hold the only refresh
    /// token that is still valid.
    async fn renewed(self: &Arc<Self>, rejected: Option<u64>) -> Result<Access, ApiError> {
        let this = self.clone();
        let task = tokio::spawn(async move { this.renew(rejected).await });
        task.await.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is being shut down.
            Err(error) => {
                let request = self.exchange.request("").line();
                Err(ApiError::Interrupted { request, source: error.into() })
            }
        })
    }

    async fn renew(&self, rejected: Option<u64>) -> Result<Access, ApiError> {
        // Held during the exchange: the others wait for its result.
        let mut state = self.state.lock().await;
        if let Some(access) = state.usable(rejected) {
            return Ok(access);
        }
        let (granted, mut access) = self.exchange.run(&state.refresh_token).await?;
        state.number += 1;
        access.number = state.number;
        if let Some(refresh_token) = granted.refresh_token {
            state.refresh_token = refresh_token;
        }
        state.access = Some(access.clone());
        Ok(access)
    }
}

impl Exchange {
    fn request(&self, refresh_token: &str) -> Outgoing {
        let escape = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let form = format!(
            "grant_type=refresh_token&refresh_token={}&client_id={}",
            escape(refresh_token),
            escape(&self.client_id)
        );
        Outgoing {
            method: Method::POST,
            url: self.url.clone(),
            body: Some(("application/x-www-form-urlencoded", form.into())),
            // Where refresh tokens are replaced by use, a second use revokes them.
            repeatable: false,
        }
    }

    async fn run(&self, refresh_token: &SecretString) -> Result<(Granted, Access), ApiError> {
        let outgoing = self.request(refresh_token.expose_secret());
        let asked = Instant::now();
        let answer = self.http.send(&outgoing, None).await.map_err(blame)?;
        let request = answer.request.clone();
        // Not the parser's message, which may quote what it read.
        let bad = |why: &str| ApiError::BadAnswer { request: request.clone(), why: why.to_owned() };
        let granted: Granted =
            serde_json::from_slice(&answer.body).map_err(|_| bad("no JSON object with an `access_token`"))?;
        let mut access = Access::new("Bearer", &granted.access_token)
            .ok_or_else(|| bad("the `access_token` cannot be sent in a header"))?;
        access.stale_from = granted.expires_in.as_ref().and_then(as_number).map(|seconds| {
            let life = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            let stale = life - EARLY.min(life / 2);
            // Beyond what an instant can hold is never.
            asked.checked_add(stale).unwrap_or_else(|| asked + Duration::from_secs(86_400))
        });
        Ok((granted, access))
    }
}

/// OAuth answers 400 when a refresh token is not valid: that is about the credentials, not about the request.
fn blame(error: ApiError) -> ApiError {
    match error {
        ApiError::Refused { request, reply } if matches!(reply.status, 400 | 403) => {
            ApiError::Unauthorized { request, reply }
        }
        error => error,
    }
}
