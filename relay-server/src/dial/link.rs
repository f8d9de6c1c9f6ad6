//! An open WebSocket, as frames.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::{Sink, Stream as _};
use relay_protocol::session::Transmit;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error as WsError, Message, Utf8Bytes};

/// What is read at once. Messages are small, and the library's default of 128 KiB would be most of what a session costs.
const READ_BUFFER: usize = 1 << 10;

/// An open connection to a workflow.
pub struct Link {
    socket: WebSocketStream<Stream>,
}

/// What came from a workflow.
#[derive(Debug)]
pub enum Received {
    /// A text message.
    Text(Utf8Bytes),
    /// A binary message.
    Binary(Bytes),
    /// A ping or a pong. Pings are answered with the next flush.
    Alive,
    /// A message above the limit, which was not read.
    Oversized {
        /// Its size in bytes, as announced.
        bytes: usize,
    },
    /// Something that is no WebSocket.
    Invalid {
        /// The WebSocket close code to answer with.
        code: u16,
        /// What is wrong.
        why: String,
    },
    /// A close frame; nothing comes after it.
    Close(Option<u16>),
    /// The connection is gone without a close frame.
    Broken,
}

impl Link {
    pub(super) async fn new(stream: Stream, early: Vec<u8>, max_message_bytes: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(max_message_bytes))
            .max_frame_size(Some(max_message_bytes));
        let socket = WebSocketStream::from_partially_read(stream, early, Role::Client, Some(config)).await;
        Self { socket }
    }

    /// The next thing that comes. Not to be called again after `Close` and `Broken`.
    pub fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Received> {
        let received = match ready!(Pin::new(&mut self.socket).poll_next(cx)) {
            Some(Ok(Message::Text(text))) => Received::Text(text),
            Some(Ok(Message::Binary(bytes))) => Received::Binary(bytes),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Received::Alive,
            Some(Ok(Message::Close(frame))) => Received::Close(frame.map(|frame| frame.code.into())),
            Some(Err(WsError::Capacity(CapacityError::MessageTooLong { size, .. }))) => {
                Received::Oversized { bytes: size }
            }
            Some(Err(WsError::Utf8(_))) => {
                Received::Invalid { code: 1007, why: "text that is not UTF-8".to_owned() }
            }
            Some(Err(WsError::Protocol(error))) if error != ProtocolError::ResetWithoutClosingHandshake => {
                Received::Invalid { code: 1002, why: error.to_string() }
            }
            Some(Err(_)) | None => Received::Broken,
        };
        Poll::Ready(received)
    }

    /// Reads on without looking, until the other end has closed: unread bytes would make the kernel reset the connection,
    /// and the other end would never see why it was closed.
    pub fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; 4096];
        loop {
            let mut scratch = ReadBuf::new(&mut scratch);
            match ready!(Pin::new(self.socket.get_mut()).poll_read(cx, &mut scratch)) {
                Ok(()) if !scratch.filled().is_empty() => {}
                _ => return Poll::Ready(()),
            }
        }
    }

    /// Whether a message can be taken.
    ///
    /// # Errors
    ///
    /// If the connection is gone, as in all of these.
    pub fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), LinkGone>> {
        Pin::new(&mut self.socket).poll_ready(cx).map_err(LinkGone::from)
    }

    /// Takes a message, once [`poll_ready`](Self::poll_ready) says so.
    pub fn send(&mut self, transmit: Transmit) -> Result<(), LinkGone> {
        let message = match transmit {
            Transmit::Text(text) => Message::Text(text.into()),
            Transmit::Ping => Message::Ping(Bytes::new()),
            Transmit::Close { code, reason } => {
                Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))
            }
            _ => return Ok(()),
        };
        Ok(Pin::new(&mut self.socket).start_send(message)?)
    }

    /// Writes out what was taken.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), LinkGone>> {
        Pin::new(&mut self.socket).poll_flush(cx).map_err(LinkGone::from)
    }

    /// Says to the layers below that nothing follows.
    pub fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(self.socket.get_mut()).poll_shutdown(cx).map(|_| ())
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").finish_non_exhaustive()
    }
}

/// The connection is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkGone;

impl From<WsError> for LinkGone {
    fn from(_: WsError) -> Self {
        Self
    }
}

/// A plain or an encrypted connection. The encrypted one is boxed, as it holds the state of TLS inline.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_read(cx, buffer),
            Self::Tls(tls) => Pin::new(tls).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Self::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Self::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}
