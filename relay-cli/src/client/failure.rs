//! Why a call failed, and what that means to whoever called.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use serde_json::Value;

use super::Client;
use crate::config::Source;
use crate::error::{CliError, Exit};

/// Why there is no answer that is of use.
#[derive(Debug)]
pub(super) enum Failure {
    /// The network or TLS.
    Http(reqwest::Error),
    /// A status that is no success.
    Refused(Refusal),
    /// The refresh token is not taken.
    TokenRefused(u16),
    /// A success with something else than JSON.
    BadAnswer(String),
}

/// What the server said when it did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// For programs.
    pub(crate) code: Option<String>,
    /// For people.
    pub(crate) message: Option<String>,
    retry_after: Option<Duration>,
}

impl Refusal {
    pub(super) fn read(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let document: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |key: &str| document.get(key).and_then(Value::as_str).map(str::to_owned);
        let plain = || {
            let text = String::from_utf8_lossy(body);
            let line = text.lines().next().unwrap_or_default().trim();
            (!line.is_empty() && line.len() < 200 && !line.starts_with(['<', '{', '[']))
                .then(|| line.to_owned())
        };
        Self { status, code: text("error"), message: text("message").or_else(plain), retry_after }
    }

    /// In the server's own words, if it has any.
    fn said(&self) -> Option<String> {
        match (&self.message, &self.code) {
            (Some(message), Some(code)) => Some(format!("{message} [{code}]")),
            (message, code) => message.clone().or_else(|| code.clone()),
        }
    }

    /// With the status and what the server said of it.
    pub(crate) fn explained(&self, line: &str) -> CliError {
        let (exit, what) = match self.status {
            404 => (Exit::NotFound, "there is no such thing on the server"),
            403 => (Exit::Denied, "the token does not allow this"),
            400..500 => (Exit::Failed, "the server refuses this"),
            _ => (Exit::Failed, "the server failed"),
        };
        self.told(CliError::new(exit, what)).cause(format_args!("{line}: HTTP {}", self.status))
    }

    fn told(&self, error: CliError) -> CliError {
        match self.said() {
            Some(said) => error.cause(said),
            None => error,
        }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error.without_url())
    }
}

impl Failure {
    /// How long to wait before a call that changes nothing is made again; none if it would fail again.
    pub(super) fn worth_waiting(&self, tries: u32) -> Option<Duration> {
        let own = Duration::from_millis(200) * tries;
        match self {
            // Refused at the door, which a person wants to know at once.
            Self::Http(error) if error.is_connect() || error.is_timeout() => None,
            Self::Http(_) => Some(own),
            Self::Refused(refusal) if matches!(refusal.status, 429 | 503) => {
                Some(refusal.retry_after.unwrap_or(own))
            }
            _ => None,
        }
    }

    pub(super) fn explained(self, client: &Client, line: &str) -> CliError {
        match self {
            Self::Refused(refusal) if refusal.status == 401 => refusal.told(denied(client)),
            Self::Refused(refusal) => refusal.explained(line),
            Self::TokenRefused(status) => {
                denied(client).cause(format_args!("the refresh token is not valid (HTTP {status})"))
            }
            Self::BadAnswer(why) => CliError::failed("the answer is not what a Relay server says")
                .cause(why)
                .cause(line)
                .next(format_args!("is {} a Relay server? `relay doctor` looks at it", client.host)),
            Self::Http(error) => unreachable(client, error, line),
        }
    }
}

fn denied(client: &Client) -> CliError {
    if client.tokens.is_there() {
        return CliError::new(Exit::Denied, format_args!("{} does not take the token", client.host))
            .next("log in again: relay login; or correct RELAY_API_KEY");
    }
    let next = match std::env::var_os("RELAY_API_TOKEN") {
        Some(_) => "RELAY_API_TOKEN is not read: is RELAY_API_KEY meant?",
        None => "log in: relay login; or set RELAY_API_KEY",
    };
    CliError::new(Exit::Denied, format_args!("{} wants a token, and there is none", client.host)).next(next)
}

fn unreachable(client: &Client, error: reqwest::Error, line: &str) -> CliError {
    let host = &client.host;
    if error.is_timeout() {
        return CliError::new(Exit::Unreachable, format_args!("{host} does not answer"))
            .cause(line)
            .next("`relay doctor` says how far the way is open");
    }
    if let Some(found) = certificate_error(&error) {
        let next = match client.ca {
            Some(_) => "`relay doctor` shows the certificates, and what is wrong with them",
            None => "trust its authority with --ca FILE; `relay doctor` shows what is wrong",
        };
        return CliError::new(Exit::Unreachable, format_args!("the certificate of {host} is not trusted"))
            .cause(found)
            .next(next);
    }
    let next = match client.source {
        Source::Dev => "`relay dev` has ended, it seems: start it again, or name another server with --host",
        _ => "is it running? `relay doctor` says how far the way is open",
    };
    with_sources(CliError::new(Exit::Unreachable, format_args!("there is no connection to {host}")), &error)
        .next(next)
}

/// Adds what libraries wrapped into one another, but not what they merely repeat.
pub(super) fn with_sources(mut error: CliError, source: &dyn StdError) -> CliError {
    let mut deepest = source;
    while let Some(inner) = deepest.source() {
        deepest = inner;
    }
    error = error.cause(deepest);
    error
}

/// What rustls says about the peer's certificate, from within the wrapping of several libraries.
fn certificate_error(error: &(dyn StdError + 'static)) -> Option<String> {
    if let Some(found @ rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
        return Some(found.to_string());
    }
    let inner = match error.downcast_ref::<io::Error>() {
        // Its `source` is not what it wraps, but the source of that.
        Some(error) => error.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
        None => error.source(),
    };
    inner.and_then(certificate_error)
}
