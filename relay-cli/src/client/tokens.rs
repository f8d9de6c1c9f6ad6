//! The token that calls carry.

use std::fmt;

use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::OnceCell;

use super::failure::Failure;
use crate::config::{Cloud, Settings};
use crate::error::{CliError, Result};

/// How the token is had.
pub(super) enum Tokens {
    /// There is none.
    None,
    /// One that is sent as it is.
    Fixed(HeaderValue),
    /// One that is asked for with another, once in the life of the process.
    Exchanged {
        url: Url,
        client_id: &'static str,
        refresh_token: SecretString,
        header: OnceCell<HeaderValue>,
    },
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
}

impl Tokens {
    pub(super) fn new(settings: &Settings) -> Result<Self> {
        if let Some(token) = &settings.token {
            return Ok(Self::Fixed(header(&settings.scheme, token)?));
        }
        let Some(refresh_token) = settings.refresh_token.clone() else { return Ok(Self::None) };
        let cloud = Cloud::of(&settings.host);
        let mut url = match cloud.map(|cloud| Url::parse(cloud.auth())) {
            Some(Ok(url)) => url,
            _ => settings.host.clone(),
        };
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["oauth2", "token"]);
        }
        let client_id = cloud.unwrap_or(Cloud::Pro).client_id();
        Ok(Self::Exchanged { url, client_id, refresh_token, header: OnceCell::new() })
    }

    pub(super) fn is_there(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The header, if there is a token.
    pub(super) async fn header(&self, http: &reqwest::Client) -> Result<Option<HeaderValue>, Failure> {
        match self {
            Self::None => Ok(None),
            Self::Fixed(header) => Ok(Some(header.clone())),
            Self::Exchanged { url, client_id, refresh_token, header } => {
                let exchanged = header.get_or_try_init(|| exchange(http, url, client_id, refresh_token));
                exchanged.await.cloned().map(Some)
            }
        }
    }
}

async fn exchange(
    http: &reqwest::Client,
    url: &Url,
    client_id: &str,
    refresh_token: &SecretString,
) -> Result<HeaderValue, Failure> {
    let mut form = Url::parse("form:").map_err(|_| Failure::BadAnswer("no form".into()))?;
    form.query_pairs_mut()
        .append_pair("grant_type", "refresh_token")
        .append_pair("refresh_token", refresh_token.expose_secret())
        .append_pair("client_id", client_id);
    let request = http.post(url.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let response = request.body(form.query().unwrap_or_default().to_owned()).send().await;
    let response = response.map_err(Failure::from)?;
    let status = response.status();
    let body = response.bytes().await.map_err(Failure::from)?;
    if !status.is_success() {
        return Err(Failure::TokenRefused(status.as_u16()));
    }
    // Not the parser's message, which may quote what it read.
    let bad = |_| Failure::BadAnswer("the token exchange did not bring an `access_token`".into());
    let granted: Granted = serde_json::from_slice(&body).map_err(|error| bad(error.to_string()))?;
    header("Bearer", &granted.access_token).map_err(|error| bad(error.to_string()))
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
        f.write_str(match self {
            Self::None => "None",
            Self::Fixed(_) => "Fixed",
            Self::Exchanged { .. } => "Exchanged",
        })
    }
}
