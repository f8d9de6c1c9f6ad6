//! The REST interface: the official one, our own, and the pages of signing in.
//!
//! ```text
//! socket ─ serve: connections, TLS, headers ─ prefix ─ guard: token, role ─ a handler ─► registry, account, trigger, store
//! ```
//!
//! Every endpoint stands in a table with its description; out of it come the router and the OpenAPI document.

mod app;
mod body;
mod endpoint;
mod error;
mod guard;
mod ibot;
mod idle;
mod oauth;
mod openapi;
mod params;
mod prefix;
mod router;
mod serve;
mod uploads;
mod v1;

pub(crate) use app::{App, Parts};
pub use error::ApiError;
pub(crate) use oauth::Codes;
pub use router::openapi;
pub(crate) use router::{metrics_router, router};
pub(crate) use serve::serve;
pub(crate) use uploads::Uploads;

/// An id for something new, as the platform makes them.
fn new_id() -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(22).collect()
}
