//! The REST API of a Relay server.

mod call;
mod connect;
mod failure;
mod tokens;

use std::path::PathBuf;

use reqwest::{Method, Url};
use tokio::sync::OnceCell;

pub(crate) use call::{Body, Call};
pub(crate) use failure::Refusal;

use crate::config::{Settings, Source};
use crate::error::{CliError, Result};
use tokens::Tokens;

/// Calls one server as one account.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    host: Url,
    source: Source,
    ca: Option<PathBuf>,
    tokens: Tokens,
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
            given: settings.subscriber_id,
            account: OnceCell::new(),
        })
    }

    pub(crate) fn get(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &[&str], body: impl Into<Body>) -> Call<'_> {
        self.call(Method::POST, path).body(body)
    }

    pub(crate) fn put(&self, path: &[&str], body: impl Into<Body>) -> Call<'_> {
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
            let first = answer.pointer("/0/subscriber_id").and_then(serde_json::Value::as_str);
            first.map(str::to_owned).ok_or_else(|| {
                CliError::usage("no account is named, and the server does not say which the token belongs to")
                    .next("name it with --subscriber-id or RELAY_SUBSCRIBER_ID")
            })
        });
        Ok(found.await?)
    }

    pub(crate) fn host(&self) -> &Url {
        &self.host
    }
}
