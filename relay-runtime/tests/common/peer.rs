//! The dialling side: what the Relay server does, and what a stranger might do.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::StreamExt;
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Dials `ws://addr/path`.
pub(crate) async fn dial(addr: SocketAddr, path: &str) -> Result<WebSocketStream<TcpStream>, Error> {
    let tcp = TcpStream::connect(addr).await?;
    upgrade(tcp, path).await
}

/// Dials `wss://localhost/path`.
pub(crate) async fn dial_tls(
    addr: SocketAddr,
    path: &str,
    client: Arc<ClientConfig>,
) -> Result<WebSocketStream<TlsStream<TcpStream>>, Error> {
    upgrade(connect_tls(addr, client).await?, path).await
}

pub(crate) async fn connect_tls(
    addr: SocketAddr,
    client: Arc<ClientConfig>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let tcp = TcpStream::connect(addr).await?;
    TlsConnector::from(client).connect("localhost".try_into().unwrap(), tcp).await
}

pub(crate) async fn upgrade<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    path: &str,
) -> Result<WebSocketStream<S>, Error> {
    let url = format!("ws://localhost{path}");
    let (socket, _response) = tokio_tungstenite::client_async(url, stream).await?;
    Ok(socket)
}

/// The status of the answer to a dial that must fail during the upgrade.
pub(crate) fn refusal<S>(dialled: Result<WebSocketStream<S>, Error>) -> StatusCode {
    match dialled {
        Ok(_) => panic!("the dial should have been refused"),
        Err(Error::Http(response)) => response.status(),
        Err(error) => panic!("the dial should have been refused by HTTP, but: {error}"),
    }
}

/// Sends bytes as they are and returns all that comes back before the server closes.
pub(crate) async fn exchange(addr: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let mut tcp = TcpStream::connect(addr).await.unwrap();
    tcp.write_all(request.as_ref()).await.unwrap();
    read_to_close(&mut tcp).await
}

/// All that comes before the other side closes or resets.
pub(crate) async fn read_to_close(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// A complete upgrade request for `path`.
pub(crate) fn upgrade_request(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

/// Reads until the end of the session: the close frame, if the server sent one.
pub(crate) async fn ending<S>(socket: &mut WebSocketStream<S>) -> Option<CloseFrame>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut frame = None;
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Close(close) = message {
            frame = close;
        }
    }
    frame
}
