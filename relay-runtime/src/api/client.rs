//! The client: calls that carry a token.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::{Method, Url};
use serde_json::Value;

use super::http::{Answer, Http, Outgoing};
use super::tokens::Tokens;
use super::{ApiError, ClientBuilder};

/// What the builders of calls become when they are awaited.
pub(super) type Pending<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send>>;

/// A client of Relay's REST API for one account. Clones share connections and tokens.
#[derive(Clone)]
pub struct Client {
    pub(super) http: Http,
    pub(super) api: Url,
    pub(super) alerts: Option<Url>,
    pub(super) subscriber: Arc<str>,
    pub(super) tokens: Arc<Tokens>,
}

impl Client {
    /// A client for Relay's `pro` environment, without account and credentials.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client that is set up by the environment, see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// [`ApiError::Setting`] with the variable that is wrong or missing.
    pub fn from_env() -> Result<Self, ApiError> {
        Self::builder().from_env()?.build()
    }

    /// The account.
    pub fn subscriber_id(&self) -> &str {
        &self.subscriber
    }

    /// `path` below `base`, each part escaped, with the account in the query.
    pub(super) fn url(&self, base: &Url, path: &[&str]) -> Url {
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    /// As [`url`](Self::url), on the older API, which wants the account in the query.
    pub(super) fn account_url(&self, path: &[&str]) -> Url {
        let mut url = self.url(&self.api, path);
        url.query_pairs_mut().append_pair("subscriber_id", &self.subscriber);
        url
    }

    /// The newer API for alerts, which has the account in its path.
    pub(super) fn alerts_url(&self, path: &[&str]) -> Result<Url, ApiError> {
        let base = self.alerts.as_ref().ok_or_else(|| ApiError::Setting {
            name: "host",
            why: "no host of the alerts API is known in this environment: set one".into(),
        })?;
        let path = [&["subscribers", &*self.subscriber, "api", "v1"], path].concat();
        Ok(self.url(base, &path))
    }

    /// Asks, which may be repeated.
    pub(super) async fn get(&self, url: Url) -> Result<Answer, ApiError> {
        self.call(Outgoing { method: Method::GET, url, body: None, repeatable: true }).await
    }

    /// Has something done, which must not happen twice.
    pub(super) async fn post(&self, url: Url, body: &Value) -> Result<Answer, ApiError> {
        let body = Some(("application/json", body.to_string().into()));
        self.call(Outgoing { method: Method::POST, url, body, repeatable: false }).await
    }

    /// Takes something away, which may be repeated.
    pub(super) async fn delete(&self, url: Url) -> Result<Answer, ApiError> {
        self.call(Outgoing { method: Method::DELETE, url, body: None, repeatable: true }).await
    }

    /// A refused token is replaced once: whatever is refused after that is not the token's age.
    async fn call(&self, outgoing: Outgoing) -> Result<Answer, ApiError> {
        let access = self.tokens.current().await?;
        let answer = self.http.send(&outgoing, Some(&access.header)).await;
        if !matches!(answer, Err(ApiError::Unauthorized { .. })) {
            return answer;
        }
        match self.tokens.instead_of(&access).await {
            Some(access) => self.http.send(&outgoing, Some(&access?.header)).await,
            None => answer,
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.api.as_str())
            .field("subscriber", &self.subscriber)
            .finish_non_exhaustive()
    }
}

/// A part of a path. `.` and `..` would not be one, but change the path.
pub(super) fn path_part<'a>(argument: &'static str, id: &'a str) -> Result<&'a str, ApiError> {
    match id.trim() {
        "" => Err(ApiError::Argument { argument, why: "it is empty".into() }),
        "." | ".." => Err(ApiError::Argument { argument, why: format!("`{id}` is no id") }),
        id => Ok(id),
    }
}
