//! Sockets and TLS, with no knowledge of HTTP, WebSocket or Relay.

mod clients;
mod listener;
mod pem;
mod stream;
mod tls;

pub(crate) use clients::ClientAuthority;
pub(crate) use listener::Listener;
pub(crate) use pem::TlsSource;
pub use pem::{PemRole, PemSource};
pub(crate) use stream::Stream;
pub use tls::TlsError;
