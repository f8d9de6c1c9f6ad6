//! Putting a client together.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Certificate, redirect};
use secrecy::SecretString;

use super::environment::base;
use super::http::Http;
use super::retry::Retry;
use super::tokens::{Access, Exchange, Tokens};
use super::{ApiError, Client, Environment, env};

/// Relay wants to know who calls.
const USER_AGENT: &str = concat!("relay-rust/", env!("CARGO_PKG_VERSION"));

/// A client before it is used. Made by [`Client::builder`]; mistakes are reported by [`build`](Self::build).
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    pub(super) environment: Environment,
    pub(super) host: Option<String>,
    pub(super) auth_host: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) subscriber: Option<String>,
    pub(super) refresh_token: Option<SecretString>,
    pub(super) access_token: Option<SecretString>,
    pub(super) scheme: String,
    authorities: Vec<Vec<u8>>,
    plain_http: bool,
    timeout: Duration,
    connect_timeout: Duration,
    retries: u32,
    user_agent: String,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            environment: Environment::Pro,
            host: None,
            auth_host: None,
            client_id: None,
            subscriber: None,
            refresh_token: None,
            access_token: None,
            scheme: "Bearer".into(),
            authorities: Vec::new(),
            plain_http: false,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retries: 3,
            user_agent: USER_AGENT.into(),
        }
    }
}

impl ClientBuilder {
    /// The account, a UUID. Required.
    pub fn subscriber_id(mut self, id: impl Into<String>) -> Self {
        self.subscriber = Some(id.into());
        self
    }

    /// The token that `relay token generate` prints. By Relay's documentation it does not expire.
    pub fn refresh_token(mut self, token: impl Into<String>) -> Self {
        self.refresh_token = Some(token.into().into());
        self
    }

    /// A token that is sent as it is. With a refresh token as well, it is used until Relay refuses it.
    pub fn access_token(self, token: impl Into<String>) -> Self {
        self.authorization("Bearer", token)
    }

    /// A key for the alerts API, which Relay issues.
    pub fn api_key(self, key: impl Into<String>) -> Self {
        self.authorization("RelayApiKey", key)
    }

    fn authorization(mut self, scheme: &str, token: impl Into<String>) -> Self {
        self.scheme = scheme.into();
        self.access_token = Some(token.into().into());
        self
    }

    /// Which of Relay's installations. Default: [`Environment::Pro`].
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Another server than Relay's, as in `relay.example:8443` or `https://relay.example/prefix`. It is then asked for
    /// everything, tokens and alerts included.
    ///
    /// Plain `http` is taken for this machine only, unless [`allow_plain_http`](Self::allow_plain_http) is set.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Where refresh tokens are exchanged, if that is neither Relay's auth host nor [`host`](Self::host). The path
    /// `/oauth2/token` is appended.
    pub fn auth_host(mut self, host: impl Into<String>) -> Self {
        self.auth_host = Some(host.into());
        self
    }

    /// The OAuth client that the refresh token was issued to. Default: that of `relay token generate`.
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.client_id = Some(id.into());
        self
    }

    /// Trusts these PEM certificates of authorities, beside those that the operating system trusts. Can be called
    /// several times.
    pub fn ca_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.authorities.push(pem.into());
        self
    }

    /// Sends tokens over plain `http` to other machines, where everybody on the way can read them.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// How long each try may take, with the answer. Default: 30 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take, TLS included. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How often a call is repeated, where that is sensible. Default: 3, after 0.25 s, 0.5 s and 1 s at most, or after
    /// what Relay asks for up to a minute.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// The `User-Agent`. Default: `relay-rust/` and the version of this crate.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Takes settings from the environment; they win over what was set before. An empty variable counts as not set.
    /// All but `RELAY_REFRESH_TOKEN`, `RELAY_AUTH_HOST` and `RELAY_CA_CERT` mean the same to the official command line.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `RELAY_SUBSCRIBER_ID` | [`subscriber_id`](Self::subscriber_id) |
    /// | `RELAY_REFRESH_TOKEN` | [`refresh_token`](Self::refresh_token) |
    /// | `RELAY_API_KEY` | [`access_token`](Self::access_token): sent as it is, never exchanged |
    /// | `RELAY_AUTH_METHOD` | the word before `RELAY_API_KEY` in the header, as in `RelayApiKey`; default `Bearer` |
    /// | `RELAY_ENV` | `pro` or `qa` |
    /// | `RELAY_HOST` | [`host`](Self::host), which need not contain `pro` or `qa` |
    /// | `RELAY_AUTH_HOST` | [`auth_host`](Self::auth_host) |
    /// | `RELAY_AUTH_SDK_CLIENT_ID` | [`client_id`](Self::client_id) |
    /// | `RELAY_CA_CERT` | a file for [`ca_pem`](Self::ca_pem) |
    ///
    /// # Errors
    ///
    /// [`ApiError::Setting`] with the variable that is wrong.
    pub fn from_env(self) -> Result<Self, ApiError> {
        env::apply(self, |name| std::env::var_os(name))
    }

    /// Checks everything and makes the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ApiError::Setting`] with what is wrong or missing.
    pub fn build(self) -> Result<Client, ApiError> {
        let wrong = |name, why: &str| ApiError::Setting { name, why: why.into() };
        let subscriber = self.subscriber.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let subscriber = subscriber
            .ok_or_else(|| wrong("subscriber_id", "the account is required (RELAY_SUBSCRIBER_ID)"))?;
        let http =
            Http { client: self.transport()?, retry: Retry { retries: self.retries }, timeout: self.timeout };

        let official = self.environment;
        let host = |name, own: Option<&str>, relay| base(name, own.unwrap_or(relay), self.plain_http);
        let api = host("host", self.host.as_deref(), official.api())?;
        let auth = self.auth_host.as_deref().or(self.host.as_deref());
        let mut token_url = host("auth_host", auth, official.auth())?;
        if let Ok(mut path) = token_url.path_segments_mut() {
            path.pop_if_empty().extend(["oauth2", "token"]);
        }
        let alerts = if self.host.is_some() {
            Some(api.clone())
        } else {
            official.alerts().map(|relay| host("host", None, relay)).transpose()?
        };

        let access = self.access_token.as_ref().map(|token| {
            Access::new(&self.scheme, token)
                .ok_or_else(|| wrong("access_token", "it has characters that a header cannot carry"))
        });
        let tokens = match (self.refresh_token, access.transpose()?) {
            (Some(refresh_token), access) => {
                let client_id = self.client_id.unwrap_or_else(|| official.client_id().into());
                Tokens::refreshed(
                    Exchange { http: http.clone(), url: token_url, client_id },
                    refresh_token,
                    access,
                )
            }
            (None, Some(access)) => Tokens::Fixed(access),
            (None, None) => {
                return Err(wrong(
                    "refresh_token",
                    "a token or key is required (RELAY_REFRESH_TOKEN or RELAY_API_KEY)",
                ));
            }
        };
        Ok(Client { http, api, alerts, subscriber: subscriber.into(), tokens: Arc::new(tokens) })
    }

    fn transport(&self) -> Result<reqwest::Client, ApiError> {
        let mut authorities = Vec::new();
        for pem in &self.authorities {
            let found = Certificate::from_pem_bundle(pem).ok().filter(|found| !found.is_empty());
            authorities.extend(found.ok_or_else(|| ApiError::Setting {
                name: "ca_pem",
                why: "it holds no PEM certificate, or a damaged one".into(),
            })?);
        }
        let client = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never()) // what may be repeated is for us to say
            .tls_certs_merge(authorities)
            .build();
        client.map_err(|error| {
            let mut why = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                why = format!("{why}: {error}");
                cause = error.source();
            }
            ApiError::Setting { name: "build", why }
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("environment", &self.environment)
            .field("host", &self.host)
            .field("subscriber", &self.subscriber)
            .finish_non_exhaustive()
    }
}
