//! Answers to requests that do not become a session.

use std::fmt;
use std::io;
use std::time::Duration;

use relay_protocol::signature::BadSignature;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::failure::Failure;
use super::upgrade::SERVER;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Plain HTTP on a TLS port.
    NotTls,
    /// Not an HTTP/1.1 request.
    Malformed,
    /// More, or longer, headers than a WebSocket request can have.
    TooLarge,
    /// `HEAD` is told apart because its answer has no body.
    Method { head: bool },
    /// A request for a page instead of a WebSocket.
    NotAnUpgrade,
    /// Another WebSocket version than 13, the only one there is.
    Version,
    /// No `Sec-WebSocket-Key`.
    NoKey,
    /// Whoever dials does not prove to be a Relay server that is known here.
    Unproven(BadSignature),
    /// Nobody registered this path.
    UnknownPath(String),
    /// The server shuts down.
    Draining,
    /// As many sessions as allowed.
    Full,
}

/// How long, and for how many bytes, an answered peer may go on sending. Closing a socket with unread input resets
/// the connection, and the peer might lose the answer.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 64 * 1024;

/// Seconds after which a busy server is worth another try. Short, because somebody at a device is waiting.
const RETRY_AFTER: &str = "Retry-After: 1\r\n";

/// RFC 9110, 11.6.1: 401 comes with what would have been taken.
const CHALLENGE: &str = "WWW-Authenticate: Standard-Webhooks\r\n";

impl Refusal {
    /// Whether somebody set something up wrongly, as opposed to a stranger who tries ports and paths.
    pub(super) fn needs_attention(&self) -> bool {
        match self {
            // A stranger sends no signature at all.
            Self::Unproven(why) => *why != BadSignature::Missing,
            Self::NotTls | Self::UnknownPath(_) | Self::Full => true,
            _ => false,
        }
    }

    /// Answers, closes, and becomes the failure to report.
    pub(super) async fn send<S: AsyncRead + AsyncWrite + Unpin>(self, mut stream: S) -> Failure {
        match self.write(&mut stream).await {
            Ok(()) => Failure::Refused(self),
            Err(error) => Failure::Io(error),
        }
    }

    async fn write<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut S) -> io::Result<()> {
        stream.write_all(self.response().as_bytes()).await?;
        stream.shutdown().await?;
        let drained = async {
            let (mut scratch, mut read) = ([0; 512], 0);
            while read < LINGER_BYTES {
                match stream.read(&mut scratch).await {
                    Ok(0) | Err(_) => break,
                    Ok(length) => read += length,
                }
            }
        };
        // Answered is answered, even if the peer does not close.
        let _ = timeout(LINGER, drained).await;
        Ok(())
    }

    fn response(&self) -> String {
        let (status, headers) = match self {
            Self::NotTls | Self::Malformed | Self::NoKey => ("400 Bad Request", ""),
            Self::Unproven(_) => ("401 Unauthorized", CHALLENGE),
            Self::UnknownPath(_) => ("404 Not Found", ""),
            Self::Method { .. } => ("405 Method Not Allowed", "Allow: GET\r\n"),
            Self::NotAnUpgrade => ("426 Upgrade Required", "Upgrade: websocket\r\n"),
            Self::Version => ("426 Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"),
            Self::TooLarge => ("431 Request Header Fields Too Large", ""),
            Self::Draining | Self::Full => ("503 Service Unavailable", RETRY_AFTER),
        };
        // RFC 9110, 7.8: whoever sends `Upgrade` names it in `Connection`.
        let connection = if headers.starts_with("Upgrade") { "upgrade, close" } else { "close" };
        let body = format!("{self}\n");
        let length = body.len();
        let body = if matches!(self, Self::Method { head: true }) { "" } else { &body };
        format!(
            "HTTP/1.1 {status}\r\nServer: {SERVER}\r\nConnection: {connection}\r\n{headers}\
             Content-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    }
}

/// The body of the answer, and the text in the log: for the person who set the dialling side up.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTls => f.write_str("plain HTTP on a TLS port: dial wss:// (or https://) instead of ws://"),
            Self::Malformed => f.write_str("not an HTTP/1.1 request"),
            Self::TooLarge => f.write_str("the request head is too large"),
            Self::Method { .. } => f.write_str("only GET with a WebSocket upgrade is served here"),
            Self::NotAnUpgrade => f.write_str(
                "this is a Relay workflow server: it serves WebSockets, which the Relay server opens when a workflow is \
                 triggered (behind a proxy, check that it passes the Upgrade and Connection headers on)",
            ),
            Self::Version => f.write_str("only WebSocket version 13 is served here (Sec-WebSocket-Version)"),
            Self::NoKey => f.write_str("the header Sec-WebSocket-Key is missing"),
            Self::Unproven(why) => {
                write!(f, "{why}: ")?;
                f.write_str(match why {
                    BadSignature::Time { .. } => "set the clocks of both machines",
                    BadSignature::Wrong => {
                        "give both sides the same signing secret, and let proxies pass the path on unchanged"
                    }
                    _ => "only a Relay server that knows the signing secret may open sessions here",
                })
            }
            Self::UnknownPath(path) => write!(
                f,
                "no workflow has the path `{path}`: check the path of the wss:// URI in the workflow's registration, and \
                 that a proxy in front passes the path on unchanged"
            ),
            Self::Draining => f.write_str("the server is shutting down"),
            Self::Full => f.write_str("the server has as many sessions as it may have"),
        }
    }
}
