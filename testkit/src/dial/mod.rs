//! Dialling a workflow server, one step after the other, so that a failure can say which.

mod error;
mod trust;

pub use error::{DialError, Step, TlsTrouble};
pub use trust::Trust;

use std::net::SocketAddr;
use std::time::Duration;

use rustls_pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::http::Uri;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tokio_util::either::Either;

/// A plain or an encrypted connection.
pub type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;
/// An open WebSocket.
pub type Socket = WebSocketStream<Stream>;

/// How long each step may take. Generous: it only keeps a test from hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// Opens a WebSocket to `wss://host:port/path`, verifying the certificate with `trust`, or to `ws://…` without.
///
/// # Errors
///
/// A [`DialError`] that names the step and, where that is known, the cause in plain words.
pub async fn dial(uri: &str, trust: &Trust) -> Result<Socket, DialError> {
    let target = Target::parse(uri).ok_or_else(|| DialError::NotAUri { uri: uri.to_owned() })?;
    let addrs = within(Step::Dns, target.resolve()).await?;
    let tcp = within(Step::Tcp, connect(&addrs)).await?;
    let stream = if target.encrypted {
        Either::Right(Box::new(within(Step::Tls, encrypt(tcp, &target.host, trust)).await?))
    } else {
        Either::Left(tcp)
    };
    within(Step::Upgrade, upgrade(uri, stream)).await
}

async fn within<T>(step: Step, future: impl Future<Output = Result<T, DialError>>) -> Result<T, DialError> {
    timeout(PATIENCE, future).await.unwrap_or(Err(DialError::TooSlow { step, after: PATIENCE }))
}

struct Target {
    encrypted: bool,
    host: String,
    port: u16,
}

impl Target {
    fn parse(uri: &str) -> Option<Self> {
        let uri: Uri = uri.parse().ok()?;
        let (encrypted, default_port) = match uri.scheme_str()? {
            "wss" => (true, 443),
            "ws" => (false, 80),
            _ => return None,
        };
        let host = uri.host()?.trim_matches(['[', ']']).to_owned();
        Some(Self { encrypted, host, port: uri.port_u16().unwrap_or(default_port) })
    }

    async fn resolve(&self) -> Result<Vec<SocketAddr>, DialError> {
        let found = lookup_host((self.host.as_str(), self.port)).await;
        found.map(Iterator::collect).map_err(|source| DialError::Dns { host: self.host.clone(), source })
    }
}

async fn connect(addrs: &[SocketAddr]) -> Result<TcpStream, DialError> {
    let tcp = TcpStream::connect(addrs).await;
    let tcp = tcp.map_err(|source| DialError::Tcp { addrs: addrs.to_vec(), source })?;
    // A response and the events after it are to be seen one by one.
    let _ = tcp.set_nodelay(true);
    Ok(tcp)
}

async fn encrypt(tcp: TcpStream, host: &str, trust: &Trust) -> Result<TlsStream<TcpStream>, DialError> {
    let failed = |trouble| DialError::Tls { host: host.to_owned(), trouble };
    let name = ServerName::try_from(host.to_owned()).map_err(|_| failed(TlsTrouble::NotAName))?;
    let connector = TlsConnector::from(trust.config());
    connector.connect(name, tcp).await.map_err(|error| failed(TlsTrouble::from_io(error)))
}

async fn upgrade(uri: &str, stream: Stream) -> Result<Socket, DialError> {
    // Hundreds of peers in one process should not hold 128 KiB each, the default.
    let config = WebSocketConfig::default().read_buffer_size(4 * 1024);
    let opened = client_async_with_config(uri, stream, Some(config)).await;
    Ok(opened.map_err(DialError::from_upgrade)?.0)
}
