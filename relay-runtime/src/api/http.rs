//! One request and its answer, with what may go wrong in between.

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response, Url};
use serde::de::DeserializeOwned;

use super::retry::{Retry, retry_after};
use super::{ApiError, Reply, RequestLine};

/// The longest answer that is read: a device document has kilobytes.
const LONGEST_ANSWER: usize = 16 << 20;

#[derive(Debug, Clone)]
pub(super) struct Http {
    pub(super) client: reqwest::Client,
    pub(super) retry: Retry,
    pub(super) timeout: Duration,
}

/// A request without credentials.
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) url: Url,
    /// With its media type.
    pub(super) body: Option<(&'static str, Bytes)>,
    /// Whether it does no harm if Relay takes it twice.
    pub(super) repeatable: bool,
}

impl Outgoing {
    pub(super) fn line(&self) -> RequestLine {
        let mut url = self.url.clone();
        url.set_query(None);
        RequestLine { method: self.method.to_string(), url: url.into() }
    }
}

/// The body of an answer, and what it answers. It may hold tokens, so it has no `Debug`.
pub(super) struct Answer {
    pub(super) request: RequestLine,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn json<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| ApiError::BadAnswer { request: self.request, why: error.to_string() })
    }
}

impl Http {
    /// Sends with these credentials, as often as is sensible, until there is a success.
    pub(super) async fn send(
        &self,
        outgoing: &Outgoing,
        authorization: Option<&HeaderValue>,
    ) -> Result<Answer, ApiError> {
        self.retry.run(outgoing.repeatable, || self.attempt(outgoing, authorization)).await
    }

    async fn attempt(
        &self,
        outgoing: &Outgoing,
        authorization: Option<&HeaderValue>,
    ) -> Result<Answer, ApiError> {
        let line = outgoing.line();
        let mut request = self.client.request(outgoing.method.clone(), outgoing.url.clone());
        if let Some((media_type, body)) = &outgoing.body {
            request = request.header(CONTENT_TYPE, *media_type).body(body.clone());
        }
        if let Some(value) = authorization {
            request = request.header(AUTHORIZATION, value);
        }
        let failed = |error| self.failure(line.clone(), error);
        let mut response = request.send().await.map_err(failed)?;
        let body = read(&mut response, &line).await.map_err(|error| match error {
            Unread::Broken(error) => failed(error),
            Unread::TooLong(error) => error,
        })?;
        judge(&response, body, line)
    }

    fn failure(&self, request: RequestLine, error: reqwest::Error) -> ApiError {
        let error = error.without_url();
        match certificate_error(&error) {
            Some(source) => ApiError::Untrusted { request, source },
            None if error.is_connect() => ApiError::Unreachable { request, source: error.into() },
            None if error.is_timeout() => ApiError::TimedOut { request, after: self.timeout },
            None => ApiError::Interrupted { request, source: error.into() },
        }
    }
}

enum Unread {
    Broken(reqwest::Error),
    TooLong(ApiError),
}

async fn read(response: &mut Response, request: &RequestLine) -> Result<Bytes, Unread> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(Unread::Broken)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            let why = format!("it is longer than {LONGEST_ANSWER} bytes");
            return Err(Unread::TooLong(ApiError::BadAnswer { request: request.clone(), why }));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn judge(response: &Response, body: Bytes, request: RequestLine) -> Result<Answer, ApiError> {
    let status = response.status().as_u16();
    if response.status().is_success() {
        return Ok(Answer { request, body });
    }
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = header.and_then(|value| retry_after(value, SystemTime::now()));
    let reply = Box::new(Reply::read(status, retry_after, &body));
    Err(match status {
        401 => ApiError::Unauthorized { request, reply },
        ..500 => ApiError::Refused { request, reply },
        500.. => ApiError::Failed { request, reply },
    })
}

/// What rustls says about the peer's certificate, from within the wrapping of several libraries.
fn certificate_error(error: &(dyn StdError + 'static)) -> Option<rustls::Error> {
    if let Some(found @ rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
        return Some(found.clone());
    }
    let inner = match error.downcast_ref::<io::Error>() {
        // Its `source` is not what it wraps, but the source of that.
        Some(error) => error.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
        None => error.source(),
    };
    inner.and_then(certificate_error)
}
