//! The REST API of a Relay server.

mod auth;
mod call;
mod connect;
mod failure;
mod patience;
mod tokens;

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Method, Url};
use serde_json::Value;
use tokio::sync::OnceCell;

pub(crate) use auth::{Back, Issuer};
pub(crate) use call::Call;
pub(crate) use failure::Refusal;
pub(crate) use patience::until_answered;

use crate::config::{Dev, Paths, Secrets, Settings, Source};
use crate::error::{CliError, Exit, Result};
use failure::Failure;
use tokens::Tokens;

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Calls one server as one account.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    host: Url,
    source: Source,
    ca: Option<PathBuf>,
    tokens: Tokens,
    headers: HeaderMap,
    given: Option<String>,
    account: OnceCell<String>,
}

impl Client {
    /// Sends nothing yet.
    pub(crate) fn new(settings: Settings) -> Result<Self> {
        Ok(Self {
            http: connect::http(settings.ca.as_deref())?,
            tokens: Tokens::new(&settings)?,
            host: settings.host,
            source: settings.source,
            ca: settings.ca,
            headers: settings.headers,
            given: settings.subscriber_id,
            account: OnceCell::new(),
        })
    }

    pub(crate) fn get(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &[&str], body: Value) -> Call<'_> {
        self.call(Method::POST, path).body(body)
    }

    pub(crate) fn put(&self, path: &[&str], body: Value) -> Call<'_> {
        self.call(Method::PUT, path).body(body)
    }

    pub(crate) fn delete(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// Any call: `path` below the server's URL, each part escaped.
    pub(crate) fn call(&self, method: Method, path: &[&str]) -> Call<'_> {
        let mut url = self.host.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        Call::new(self, method, url)
    }

    /// The account: the one that was named, else the first of the token.
    pub(crate) async fn account(&self) -> Result<&str> {
        if let Some(given) = &self.given {
            return Ok(given);
        }
        let found = self.account.get_or_try_init(|| async {
            let answer = self.get(&["ibot", "authz_context"]).anonymous().send().await?;
            let first = answer.pointer("/0/subscriber_id").and_then(Value::as_str);
            first.map(str::to_owned).ok_or_else(|| {
                CliError::usage("no account is named, and the server does not say which the token belongs to")
                    .next("name it with --subscriber-id or RELAY_SUBSCRIBER_ID")
            })
        });
        Ok(found.await?)
    }

    /// Tokens for a code that a browser brought.
    pub(crate) async fn redeem(
        &self,
        issuer: &Issuer,
        code: &str,
        uri: &str,
        verifier: &str,
    ) -> Result<Secrets> {
        let granted = issuer.redeem(&self.http, code, uri, verifier).await;
        let granted = granted.map_err(|failure| match failure {
            Failure::TokenRefused(status) => CliError::new(Exit::Denied, "the sign-in was not accepted")
                .cause(format_args!("{} gives no token for it (HTTP {status})", self.host))
                .next("begin again: relay login"),
            failure => failure.explained(self, "the token exchange"),
        })?;
        let (token, refresh_token) = (Some(granted.access_token), granted.refresh_token);
        Ok(Secrets { token, refresh_token, browser: true })
    }

    /// Gives tokens back that a browser brought.
    pub(crate) async fn revoke(&self, issuer: &Issuer, secrets: &Secrets) -> Result<()> {
        let Some(token) = secrets.refresh_token.as_ref().or(secrets.token.as_ref()) else { return Ok(()) };
        issuer.revoke(&self.http, token).await.map_err(|failure| match failure {
            Failure::TokenRefused(status) => {
                CliError::failed(format_args!("{} says HTTP {status}", self.host))
            }
            failure => failure.explained(self, "the revocation"),
        })
    }

    /// Puts a file where the server said, without a token: the URL may be anybody's.
    pub(crate) async fn upload(&self, url: &str, kind: &'static str, file: Vec<u8>) -> Result<()> {
        let failed = |why: String| CliError::failed("the file cannot be uploaded").cause(why);
        let url =
            Url::parse(url).map_err(|error| failed(format!("the server names no place for it: {error}")))?;
        let sent = self.http.put(url).header(CONTENT_TYPE, kind).body(file).send().await;
        let response = sent.map_err(|error| failed(error.without_url().to_string()))?;
        match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(failed(format!("HTTP {status}"))),
        }
    }

    /// Whether it is for a running `relay dev`.
    pub(crate) fn is_of_dev(&self) -> bool {
        self.source == Source::Dev
    }

    /// The client of the `relay dev` that runs now, if this is one of a `relay dev`: each has a token, and perhaps a port, of
    /// its own.
    pub(crate) fn renewed(&self) -> Option<Self> {
        let paths = Paths::of_this_user().ok().filter(|_| self.is_of_dev())?;
        Self::new(Settings::of_dev(Dev::read(&paths).ok()??).ok()?).ok()
    }

    pub(crate) fn host(&self) -> &Url {
        &self.host
    }
}
