//! Why a dial failed, in words for whoever runs the workflow: what was tried, what came of it, what to do.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError, Error as RustlsError, InvalidMessage, PeerIncompatible};

use super::Verdict;
use super::certificate::Distrust;
use super::timeline::{Stage, Timeline};
use super::upgrade::Reply;

/// A dial that failed.
#[derive(Debug)]
pub struct DialError {
    /// The host that was dialled.
    pub host: String,
    /// The stage that failed.
    pub stage: Stage,
    /// Why.
    pub failure: Failure,
    /// How long each stage took, the failed one included if it began.
    pub timeline: Timeline,
}

/// Why a stage failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The name leads to no address.
    Dns(io::Error),
    /// The name leads to addresses that must not be dialled.
    NotPermitted {
        /// The addresses.
        addresses: Vec<SocketAddr>,
    },
    /// None of the addresses took the connection.
    Tcp(Vec<(SocketAddr, io::Error)>),
    /// No secure connection.
    Tls(TlsFailure),
    /// The server answered, but not with an upgrade.
    Refused(Reply),
    /// The server accepted an upgrade to something else.
    NotWebSocket,
    /// What came back is not HTTP.
    NotHttp,
    /// The server closed the connection in place of an answer.
    ClosedEarly,
    /// The connection broke.
    Broken(io::Error),
    /// The time for all stages together was over.
    TooSlow {
        /// How much there was.
        budget: Duration,
    },
}

/// Why there is no secure connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum TlsFailure {
    /// The certificate is not believed.
    Certificate(Distrust),
    /// What was dialled cannot be in a certificate.
    NotAName,
    /// The port does not speak TLS.
    NotTls,
    /// The server has no version, cipher or signature in common with this one.
    NothingInCommon(String),
    /// The server does not speak HTTP/1.1, in which WebSockets begin.
    NoHttp1,
    /// The server wants a certificate of the one who dials.
    WantsCertificate,
    /// The server does not believe the certificate that it was shown.
    RefusesCertificate(AlertDescription),
    /// The server serves no such name.
    UnknownName,
    /// The server closed the connection.
    Closed,
    /// Any other violation of TLS.
    Other(RustlsError),
    /// The connection broke.
    Io(io::Error),
}

impl DialError {
    /// What this says of the host: one that answers is alive, whatever it answers.
    pub fn verdict(&self) -> Verdict {
        match &self.failure {
            Failure::Refused(reply) if reply.status < 500 => Verdict::Alive,
            _ => Verdict::Failed,
        }
    }

    /// What the server answered in place of an upgrade.
    pub fn reply(&self) -> Option<&Reply> {
        match &self.failure {
            Failure::Refused(reply) => Some(reply),
            _ => None,
        }
    }
}

impl Failure {
    /// In one word, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Dns(_) => "dns",
            Self::NotPermitted { .. } => "not_permitted",
            Self::Tcp(_) => "tcp",
            Self::Tls(TlsFailure::Certificate(_)) => "certificate",
            Self::Tls(_) => "tls",
            Self::Refused(_) => "refused",
            Self::NotWebSocket => "not_websocket",
            Self::NotHttp => "not_http",
            Self::ClosedEarly | Self::Broken(_) => "broken",
            Self::TooSlow { .. } => "timeout",
        }
    }
}

impl TlsFailure {
    /// Unpacks what tokio-rustls reports as an I/O error.
    pub(super) fn from_io(error: io::Error) -> Self {
        let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<RustlsError>()) else {
            return match error.kind() {
                io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => Self::Closed,
                _ => Self::Io(error),
            };
        };
        match tls {
            RustlsError::InvalidCertificate(CertificateError::Other(other)) => {
                match other.0.downcast_ref::<Distrust>() {
                    Some(distrust) => Self::Certificate(distrust.clone()),
                    None => Self::Certificate(Distrust::Other(other.to_string())),
                }
            }
            RustlsError::InvalidCertificate(other) => Self::Certificate(Distrust::Other(other.to_string())),
            RustlsError::InvalidMessage(InvalidMessage::InvalidContentType) => Self::NotTls,
            RustlsError::PeerIncompatible(PeerIncompatible::ServerRejectedEncryptedClientHello(_)) => {
                Self::Other(tls.clone())
            }
            RustlsError::PeerIncompatible(what) => Self::NothingInCommon(format!("{what:?}")),
            RustlsError::AlertReceived(alert) => match alert {
                AlertDescription::HandshakeFailure
                | AlertDescription::ProtocolVersion
                | AlertDescription::InsufficientSecurity => Self::NothingInCommon(format!("{alert:?}")),
                AlertDescription::NoApplicationProtocol => Self::NoHttp1,
                AlertDescription::CertificateRequired => Self::WantsCertificate,
                AlertDescription::BadCertificate
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA => Self::RefusesCertificate(*alert),
                AlertDescription::UnrecognisedName => Self::UnknownName,
                _ => Self::Other(tls.clone()),
            },
            _ => Self::Other(tls.clone()),
        }
    }
}

/// No `source`: the text says it all.
impl std::error::Error for DialError {}

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = &self.host;
        match &self.failure {
            Failure::Dns(error) => write!(
                f,
                "cannot find the host {host} ({error}): check the name, and that this machine can look it up"
            ),
            Failure::NotPermitted { addresses } => write!(
                f,
                "the host {host} is at {}, which this server does not dial: it is set up for public addresses and those of \
                 `dial.networks`",
                list(addresses.iter().map(SocketAddr::ip))
            ),
            Failure::Tcp(failed) => write!(
                f,
                "cannot connect to {host} at {}: check that the workflow server runs, listens on that port, and that \
                 no firewall is in between",
                list(failed.iter().map(|(address, error)| format!("{address} ({})", plain(error))))
            ),
            Failure::Tls(failure) => write!(f, "no secure connection to {host}: {failure}"),
            Failure::Refused(reply) => write!(f, "{host} refused with {reply}: {}", advice(reply.status)),
            Failure::NotWebSocket => {
                write!(f, "{host} accepted the upgrade, but not to a WebSocket: check what serves that path")
            }
            Failure::NotHttp => {
                write!(
                    f,
                    "{host} answered with something that is not HTTP: check that the port is the workflow's"
                )
            }
            Failure::ClosedEarly => {
                write!(f, "{host} closed the connection without an answer: its log may tell why")
            }
            Failure::Broken(error) => write!(f, "the connection to {host} broke ({})", plain(error)),
            Failure::TooSlow { budget } => {
                let what = match self.stage {
                    Stage::Dns => "finding the host",
                    Stage::Tcp => "connecting",
                    Stage::Tls => "the TLS handshake",
                    Stage::Upgrade => "the WebSocket upgrade",
                };
                write!(f, "dialling {host} took longer than {budget:?}, the last of it for {what}")
            }
        }
    }
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(distrust) => distrust.fmt(f),
            Self::NotAName => f.write_str("no certificate can be for such a name"),
            Self::NotTls => f.write_str(
                "the port answers, but without TLS: give the workflow server a certificate, or put a proxy with one \
                 before it",
            ),
            Self::NothingInCommon(what) => write!(
                f,
                "it has no version or cipher in common with this server, which speaks TLS 1.2 (ECDHE with AES-GCM or \
                 ChaCha20) and 1.3 ({what})"
            ),
            Self::NoHttp1 => f.write_str(
                "it does not offer HTTP/1.1, in which WebSockets begin: add `http/1.1` to its ALPN protocols",
            ),
            Self::WantsCertificate => f.write_str(
                "it asks for a certificate of the one who dials: set `dial.client_cert` and `dial.client_key`",
            ),
            Self::RefusesCertificate(alert) => write!(
                f,
                "it does not believe the certificate of `dial.client_cert` ({alert:?}): let it trust the authority \
                 that issued it"
            ),
            Self::UnknownName => f.write_str("it does not serve that name: check the host in the URI"),
            Self::Closed => f.write_str("it closed the connection in the TLS handshake: its log may tell why"),
            Self::Other(error) => write!(f, "{error}"),
            Self::Io(error) => write!(f, "the connection broke ({})", plain(error)),
        }
    }
}

fn advice(status: u16) -> &'static str {
    match status {
        401 => "it wants proof of who dials; give it the secret that `relay-server secret show` prints",
        403 => "it wants a secret, which belongs into the path or the query of the URI",
        404 | 410 => "no workflow is there; check the path of the URI",
        426 => "it wants another protocol; check that the path is a workflow's",
        429 | 503 => "it is overloaded or shutting down; it will be tried again",
        502 | 504 => "a proxy answers, but not the workflow server behind it",
        500.. => "it failed; its log may tell why",
        300..=399 => "redirects are not followed; register the URI that it leads to",
        _ => "check that a workflow is at that path",
    }
}

/// What happened, without the number of the operating system.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

fn list<T: ToString>(items: impl Iterator<Item = T>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
