//! The workflow server: the Relay server dials it, one connection for each run of a workflow.
//!
//! ```no_run
//! use relay_runtime::server::Server;
//!
//! # async fn run<M>(hello: impl relay_runtime::workflow::IntoWorkflow<M>) -> relay_runtime::Result {
//! Server::builder()
//!     .workflow(hello)
//!     .tls_pem_files("fullchain.pem", "privkey.pem")
//!     .bind(([0, 0, 0, 0], 8443))
//!     .serve()
//!     .await
//! # }
//! ```
//!
//! # Paths
//!
//! The path of the dialled URI picks the workflow. Slashes at either end do not count, a query is ignored, and percent
//! escapes are decoded, so `wss://host/hello`, `wss://host/hello/?site=3` and `wss://host/h%65llo` all reach the
//! workflow registered as `hello` or `/hello`. A path that nobody registered is refused with HTTP 404. A [`ServerHandle`]
//! adds workflows, and takes them away, while the server runs.
//!
//! # Admin
//!
//! [`ServerBuilder::admin`] opens a second port, for those who run the server. It speaks plain HTTP, so it belongs on
//! loopback or a private network.
//!
//! | path | answer |
//! | --- | --- |
//! | `/healthz` | 200: the process answers |
//! | `/readyz` | 200 while sessions are taken, 503 from the beginning of the shutdown on |
//! | `/metrics` | the [metrics](crate::metrics) for Prometheus, if given a handle (cargo feature `prometheus`) |
//! | `/manifest` | what all workflows say about themselves, as JSON; only with a token, as `Authorization: Bearer` |
//!
//! # Transcripts
//!
//! [`ServerBuilder::transcripts`] writes sessions to files, message by message: to see what happened, and to
//! run it again in a test.
//!
//! # Shutdown
//!
//! The first Ctrl-C or SIGTERM drains: new sessions are refused with HTTP 503 and running ones go on for at most
//! [`Limits::drain_timeout`]. Then they are closed with code 1001 and get [`Limits::close_timeout`]; then they are
//! aborted. Each further signal skips to the next [`Phase`].

mod accept;
mod admin;
mod builder;
mod callers;
mod connection;
mod env;
mod error;
mod failure;
mod handle;
mod lifecycle;
mod limits;
mod listening;
mod paths;
mod refusal;
mod signals;
mod transcripts;
mod upgrade;

pub use builder::{Server, ServerBuilder};
pub use error::ServerError;
pub use handle::ServerHandle;
pub use lifecycle::Phase;
pub use limits::Limits;
pub use listening::Listening;
pub use transcripts::Transcripts;

pub use crate::net::{PemRole, PemSource, TlsError};
