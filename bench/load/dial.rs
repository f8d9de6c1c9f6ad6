//! Dials a workflow server, as the Relay server does.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;
use rustls_pki_types::ServerName;
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tokio_util::either::Either;

use crate::tls::Certificate;

pub type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// How sessions are reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    Ws,
    /// With a full handshake each time.
    Wss,
    /// With a client that resumes TLS sessions, if the server lets it.
    WssResumed,
}

pub struct Dialler {
    addr: SocketAddr,
    tls: Option<TlsConnector>,
    dials: AtomicU32,
}

impl Dialler {
    pub fn new(addr: SocketAddr, transport: Transport, certificate: &Certificate) -> Result<Self> {
        let tls = match transport {
            Transport::Ws => None,
            Transport::Wss => Some(certificate.connector(false)?),
            Transport::WssResumed => Some(certificate.connector(true)?),
        };
        Ok(Self { addr, tls, dials: AtomicU32::new(0) })
    }

    pub async fn dial(&self, path: &str) -> Result<WebSocketStream<Stream>> {
        let socket = TcpSocket::new_v4()?;
        // One address has ports for some 28,000 connections, and keeps those of past ones for a while.
        let [.., last] = (self.dials.fetch_add(1, Ordering::Relaxed) % 250 + 1).to_be_bytes();
        socket.bind((Ipv4Addr::new(127, 0, 0, last), 0).into())?;
        let tcp = socket.connect(self.addr).await?;
        tcp.set_nodelay(true)?;
        let (scheme, stream) = match &self.tls {
            None => ("ws", Either::Left(tcp)),
            Some(tls) => {
                let name = ServerName::try_from("localhost")?;
                ("wss", Either::Right(Box::new(tls.connect(name, tcp).await?)))
            }
        };
        let uri = format!("{scheme}://localhost:{}{path}", self.addr.port());
        let config = WebSocketConfig::default().read_buffer_size(2048).write_buffer_size(2048);
        let (socket, _) = Box::pin(client_async_with_config(uri, stream, Some(config))).await?;
        Ok(socket)
    }
}
