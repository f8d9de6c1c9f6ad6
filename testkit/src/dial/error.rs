//! Why a dial failed: the step, and the cause in plain words.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rustls::{CertificateError, InvalidMessage};
use tokio_tungstenite::tungstenite::Error as WsError;

/// The steps of a dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// From a name to addresses.
    Dns,
    /// The TCP connection.
    Tcp,
    /// The TLS handshake, in which the certificate is verified.
    Tls,
    /// From HTTP to WebSocket.
    Upgrade,
}

/// Why a dial failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum DialError {
    /// Not `ws://…` or `wss://…`.
    NotAUri {
        /// What was given.
        uri: String,
    },
    /// The host has no address.
    Dns {
        /// The host.
        host: String,
        /// What the resolver said.
        source: io::Error,
    },
    /// No connection to any of the addresses.
    Tcp {
        /// The addresses of the host.
        addrs: Vec<SocketAddr>,
        /// What the operating system said of the last.
        source: io::Error,
    },
    /// No secure connection.
    Tls {
        /// The host.
        host: String,
        /// Why not.
        trouble: TlsTrouble,
    },
    /// The server answered the upgrade, but not with 101.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The text that came with it.
        body: String,
    },
    /// What the server answered to the upgrade makes no sense.
    Upgrade(Box<WsError>),
    /// A step took too long.
    TooSlow {
        /// Which.
        step: Step,
        /// How long it was given.
        after: Duration,
    },
}

/// Why there is no secure connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum TlsTrouble {
    /// The certificate leads to no authority that is trusted.
    UnknownIssuer,
    /// The certificate is out of date.
    Expired,
    /// The certificate is for other names than the one that was dialled.
    WrongName,
    /// What was dialled can be in no certificate.
    NotAName,
    /// The port does not speak TLS.
    NotTls,
    /// Any other violation of TLS.
    Protocol(rustls::Error),
    /// The connection broke.
    Io(io::Error),
}

impl DialError {
    /// The step that failed; `None` if it did not come to the first.
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::NotAUri { .. } => None,
            Self::Dns { .. } => Some(Step::Dns),
            Self::Tcp { .. } => Some(Step::Tcp),
            Self::Tls { .. } => Some(Step::Tls),
            Self::Refused { .. } | Self::Upgrade(_) => Some(Step::Upgrade),
            Self::TooSlow { step, .. } => Some(*step),
        }
    }

    pub(super) fn from_upgrade(error: WsError) -> Self {
        match error {
            WsError::Http(response) => {
                let (head, body) = response.into_parts();
                let body = String::from_utf8_lossy(&body.unwrap_or_default()).trim().to_owned();
                Self::Refused { status: head.status.as_u16(), body }
            }
            other => Self::Upgrade(Box::new(other)),
        }
    }
}

impl TlsTrouble {
    /// Unpacks what tokio-rustls reports as an I/O error.
    pub(super) fn from_io(error: io::Error) -> Self {
        use CertificateError as Bad;
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(bad)) => match bad {
                Bad::UnknownIssuer => Self::UnknownIssuer,
                Bad::Expired | Bad::ExpiredContext { .. } => Self::Expired,
                Bad::NotValidForName | Bad::NotValidForNameContext { .. } => Self::WrongName,
                bad => Self::Protocol(rustls::Error::InvalidCertificate(bad.clone())),
            },
            Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => Self::NotTls,
            Some(other) => Self::Protocol(other.clone()),
            None => Self::Io(error),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "finding the host",
            Self::Tcp => "connecting",
            Self::Tls => "the TLS handshake",
            Self::Upgrade => "the WebSocket upgrade",
        })
    }
}

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAUri { uri } => write!(f, "`{uri}` is no ws:// or wss:// URI"),
            Self::Dns { host, source } => write!(f, "cannot find the host {host}: {source}"),
            Self::Tcp { addrs, source } => {
                let addrs: Vec<_> = addrs.iter().map(ToString::to_string).collect();
                write!(f, "cannot connect to {}: {source}", addrs.join(" or "))
            }
            Self::Tls { host, trouble } => write!(f, "no secure connection to {host}: {trouble}"),
            Self::Refused { status, body } => write!(f, "the upgrade was refused with HTTP {status}: {body}"),
            Self::Upgrade(error) => write!(f, "the upgrade failed: {error}"),
            Self::TooSlow { step, after } => write!(f, "{step} took longer than {after:?}"),
        }
    }
}

impl fmt::Display for TlsTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownIssuer => {
                f.write_str("its certificate is from an authority that is not trusted here")
            }
            Self::Expired => f.write_str("its certificate has expired"),
            Self::WrongName => f.write_str("its certificate is for another name"),
            Self::NotAName => f.write_str("no certificate can be for such a name"),
            Self::NotTls => f.write_str("the port does not speak TLS"),
            Self::Protocol(error) => write!(f, "{error}"),
            Self::Io(error) => write!(f, "the connection broke ({error})"),
        }
    }
}

/// No `source`: the text says it all.
impl Error for DialError {}
