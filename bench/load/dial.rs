//! Dials a workflow server, as the Relay server does.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;
use carrier::Carrier;
use rustls::HandshakeKind;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::tls::Certificate;

pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

pub type Stream = Box<dyn Io>;

/// How sessions are reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    Ws,
    /// With a full handshake each time.
    Wss,
    /// With a client that resumes TLS sessions, and a server that lets it.
    WssResumed,
}

pub struct Dialler {
    addr: SocketAddr,
    transport: Transport,
    /// None for plain ws. They take turns.
    tls: Vec<TlsConnector>,
    dials: AtomicU32,
    resumed: AtomicU32,
    /// Connections that carry the streams; none if each stream has a connection of its own.
    carriers: Vec<Carrier>,
}

impl Dialler {
    pub fn new(addr: SocketAddr, transport: Transport, certificate: &Certificate) -> Result<Self> {
        let tls = match transport {
            Transport::Ws => Vec::new(),
            Transport::Wss => vec![certificate.connector(false)?],
            // Several, as one keeps eight tickets only and throws the others away.
            Transport::WssResumed => (0..64).map(|_| certificate.connector(true)).collect::<Result<_>>()?,
        };
        let (dials, resumed, carriers) = (AtomicU32::new(0), AtomicU32::new(0), Vec::new());
        Ok(Self { addr, transport, tls, dials, resumed, carriers })
    }

    /// From now on all streams share so many connections.
    pub async fn carried(mut self, connections: usize) -> Result<Self> {
        for _ in 0..connections {
            self.carriers.push(Carrier::new(TcpStream::connect(self.addr).await?));
        }
        Ok(self)
    }

    pub async fn dial(&self, path: &str) -> Result<WebSocketStream<Stream>> {
        let dial = self.dials.fetch_add(1, Ordering::Relaxed) as usize;
        let stream = self.stream(dial).await?;
        let (scheme, stream) = match self.tls.len() {
            0 => ("ws", stream),
            connectors => ("wss", self.encrypt(&self.tls[dial % connectors], stream).await?),
        };
        let uri = format!("{scheme}://localhost:{}{path}", self.addr.port());
        let config = WebSocketConfig::default().read_buffer_size(2048).write_buffer_size(2048);
        let (socket, _) = Box::pin(client_async_with_config(uri, stream, Some(config))).await?;
        Ok(socket)
    }

    /// A stream to the server, on which nothing has been said; for the dial of this number.
    pub async fn stream(&self, dial: usize) -> Result<Stream> {
        if !self.carriers.is_empty() {
            return Ok(Box::new(self.carriers[dial % self.carriers.len()].open()));
        }
        let socket = TcpSocket::new_v4()?;
        // One address has ports for some 28,000 connections, and keeps those of past ones for a while.
        let [.., last] = (dial % 250 + 1).to_be_bytes();
        socket.bind((Ipv4Addr::new(127, 0, 0, last), 0).into())?;
        let tcp = socket.connect(self.addr).await?;
        tcp.set_nodelay(true)?;
        Ok(Box::new(tcp))
    }

    async fn encrypt(&self, tls: &TlsConnector, stream: Stream) -> Result<Stream> {
        let stream = tls.connect(ServerName::try_from("localhost")?, stream).await?;
        if stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed) {
            self.resumed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(Box::new(stream))
    }

    /// Percent of the dials that resumed a TLS session, if they try.
    pub fn resumed(&self) -> Option<f64> {
        let [resumed, dials] =
            [&self.resumed, &self.dials].map(|count| f64::from(count.load(Ordering::Relaxed)));
        (self.transport == Transport::WssResumed).then(|| resumed / dials * 100.0)
    }
}
