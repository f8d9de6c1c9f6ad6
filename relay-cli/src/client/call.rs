//! One call: asked, repeated where that does no harm, answered.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response, Url};
use serde_json::Value;
use tokio::time::sleep;

use super::failure::{Failure, Refusal};
use super::{Client, PATIENCE};
use crate::error::Result;

/// How often a call that changes nothing is made in all.
const TRIES: u32 = 3;

/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A call that is yet to be made.
#[derive(Debug)]
#[must_use = "nothing is sent until `send` is called"]
pub(crate) struct Call<'a> {
    client: &'a Client,
    method: Method,
    url: Url,
    body: Option<Value>,
    account: bool,
}

impl<'a> Call<'a> {
    pub(super) fn new(client: &'a Client, method: Method, url: Url) -> Self {
        Self { client, method, url, body: None, account: true }
    }

    pub(crate) fn query(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.url.query_pairs_mut().append_pair(name, value.as_ref());
        self
    }

    /// Adds the parameter if there is a value for it.
    pub(crate) fn maybe(self, name: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    pub(crate) fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Does not name the account.
    pub(crate) fn anonymous(mut self) -> Self {
        self.account = false;
        self
    }

    /// The answer as JSON, or null if there is none.
    pub(crate) async fn send(self) -> Result<Value> {
        let (client, line) = (self.client, self.line());
        self.attempt().await?.map_err(|failure| failure.explained(client, &line))
    }

    /// As [`send`](Self::send), but a refusal by the server is for the caller to explain.
    pub(crate) async fn try_send(self) -> Result<Result<Value, Refusal>> {
        let (client, line) = (self.client, self.line());
        match self.attempt().await? {
            Ok(answer) => Ok(Ok(answer)),
            Err(Failure::Refused(refusal)) => Ok(Err(refusal)),
            Err(failure) => Err(failure.explained(client, &line)),
        }
    }

    /// An answer that never ends.
    pub(crate) async fn stream(self) -> Result<Response> {
        let this = self.with_account().await?;
        let (client, line) = (this.client, this.line());
        this.once(None).await.map_err(|failure| failure.explained(client, &line))
    }

    async fn attempt(self) -> Result<Result<Value, Failure>> {
        let this = Box::pin(self.with_account()).await?;
        let mut tries = 1;
        loop {
            let failure = match this.document().await {
                Err(failure) if tries < TRIES && this.method == Method::GET => failure,
                done => return Ok(done),
            };
            let Some(wait) = failure.worth_waiting(tries).filter(|wait| *wait <= LONGEST_WAIT) else {
                return Ok(Err(failure));
            };
            sleep(wait).await;
            tries += 1;
        }
    }

    async fn with_account(mut self) -> Result<Self> {
        if self.account {
            let account = self.client.account().await?.to_owned();
            self.url.query_pairs_mut().append_pair("subscriber_id", &account);
        }
        Ok(self)
    }

    async fn document(&self) -> Result<Value, Failure> {
        let body = self.once(Some(PATIENCE)).await?.bytes().await?;
        if body.trim_ascii().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&body).map_err(|error| Failure::BadAnswer(error.to_string()))
    }

    /// With another token, if the first has run out and can be renewed.
    async fn once(&self, patience: Option<Duration>) -> Result<Response, Failure> {
        let Client { http, tokens, .. } = self.client;
        let header = tokens.header(http).await?;
        match (self.with(patience, header.as_ref()).await, header) {
            (Err(Failure::Refused(refusal)), Some(header)) if refusal.status == 401 => {
                match tokens.other(http, &header).await? {
                    Some(other) => self.with(patience, Some(&other)).await,
                    None => Err(Failure::Refused(refusal)),
                }
            }
            (answer, _) => answer,
        }
    }

    async fn with(
        &self,
        patience: Option<Duration>,
        token: Option<&HeaderValue>,
    ) -> Result<Response, Failure> {
        let mut request = self.client.http.request(self.method.clone(), self.url.clone());
        request = request.headers(self.client.headers.clone());
        if let Some(patience) = patience {
            request = request.timeout(patience);
        }
        if let Some(header) = token {
            request = request.header(AUTHORIZATION, header);
        }
        if let Some(body) = &self.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = request.send().await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let status = response.status().as_u16();
        let body = response.bytes().await?;
        Err(Failure::Refused(Refusal::read(status, retry_after.map(Duration::from_secs), &body)))
    }

    /// For messages: without the query, which may hold much.
    fn line(&self) -> String {
        let mut url = self.url.clone();
        url.set_query(None);
        format!("{} {url}", self.method)
    }
}
