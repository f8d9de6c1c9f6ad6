//! Relay's REST API: start a workflow from any program, ask about a device, send alerts.
//!
//! Needs the cargo feature `api`. A program that calls this serves no workflows itself, or does so by the way: it may be
//! a shop's back end, a doorbell, a cron job.
//!
//! ```no_run
//! use relay_runtime::api::Client;
//!
//! #[tokio::main]
//! async fn main() -> relay_runtime::Result<()> {
//!     let relay = Client::from_env()?; // RELAY_SUBSCRIBER_ID, and RELAY_REFRESH_TOKEN or RELAY_API_KEY
//!
//!     let bell = relay.fetch_device("990007560011111").await?;
//!     println!("{} is {}", bell.name.unwrap_or_default(), bell.status.unwrap_or_default());
//!
//!     relay
//!         .trigger_workflow("wf_lobbybell_3kQ9")
//!         .user("990007560011111")
//!         .arg("room", 231)
//!         .arg("urgent", true)
//!         .await?;
//!     Ok(())
//! }
//! ```
//!
//! # Credentials
//!
//! | what you have | setting | what is sent |
//! |---|---|---|
//! | the output of `relay token generate` | [`refresh_token`](ClientBuilder::refresh_token) | `Bearer` and the access token that Relay gives for it |
//! | an access token, or a token of a self-hosted server | [`access_token`](ClientBuilder::access_token) | `Bearer` and the token |
//! | a key that Relay issued for its alerts API | [`api_key`](ClientBuilder::api_key) | `RelayApiKey` and the key |
//!
//! A refresh token is exchanged before the first call, again shortly before its access token expires, and once when a
//! call is answered 401; calls that run at the same time share one exchange. Tokens are in no log line, error or
//! `Debug` output.
//!
//! # What is repeated
//!
//! Calls that only ask or cancel are repeated after lost connections, 429 and 503. Triggers and alerts do something, so
//! they are repeated only if Relay certainly did not take them: when there was no connection, and after 429. The waits
//! grow, are jittered, and honour `Retry-After`; see [`retries`](ClientBuilder::retries). Redirects are not followed, for
//! they would carry a token elsewhere.
//!
//! # The way there
//!
//! TLS trusts what the operating system trusts, and what [`ca_pem`](ClientBuilder::ca_pem) adds. The usual variables
//! for proxies are honoured: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`.
//!
//! # Cancel safety
//!
//! Dropping a call before it is done leaves open whether Relay took it. An exchange of tokens goes on in the
//! background, since its answer may replace the refresh token.

mod alerts;
mod analytics;
mod builder;
mod client;
mod device;
mod document;
mod env;
mod environment;
mod error;
mod http;
mod location;
mod retry;
mod tokens;
mod trigger;

pub use alerts::{AlertTask, SendAlert, SendBroadcast};
pub use analytics::{AnalyticsEvent, AnalyticsEvents};
pub use builder::ClientBuilder;
pub use client::Client;
pub use device::{DeviceRecord, Named};
pub use environment::Environment;
pub use error::{ApiError, Reply, RequestLine};
pub use location::{DeviceLocation, GeofenceEvent};
pub use trigger::{TriggerWorkflow, Triggered};
