//! Why a connection did not become a session, in one line that names the likely cause.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError};
use tracing::field::display;
use tracing::{debug, warn};

use super::refusal::Refusal;

/// Why a connection did not become a session.
#[derive(Debug)]
pub(super) enum Failure {
    /// Closed before it sent anything: a port check.
    Silent,
    /// Closed in the middle of its request.
    CutOff,
    TooSlow(Duration),
    Io(io::Error),
    /// The peer ended the TLS handshake with this alert.
    TlsAlert(AlertDescription),
    Tls(rustls::Error),
    NoClientCertificate,
    ClientCertificate(CertificateError),
    /// A TLS client dialled a port without TLS.
    TlsToPlain,
    Refused(Refusal),
}

impl Failure {
    /// Unpacks what tokio-rustls reports as an I/O error.
    pub(super) fn from_tls(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::AlertReceived(alert)) => Self::TlsAlert(*alert),
            Some(rustls::Error::NoCertificatesPresented) => Self::NoClientCertificate,
            Some(rustls::Error::InvalidCertificate(error)) => Self::ClientCertificate(error.clone()),
            Some(error) => Self::Tls(error.clone()),
            None => Self::Io(error),
        }
    }

    /// A port on the internet is scanned all day, so only what points to a wrong setup is a warning.
    pub(super) fn log(&self, peer: Option<SocketAddr>) {
        let peer = peer.map(display);
        let setup_is_wrong = match self {
            Self::TlsAlert(_) | Self::TlsToPlain | Self::ClientCertificate(_) => true,
            Self::Refused(refusal) => refusal.needs_attention(),
            _ => false,
        };
        if setup_is_wrong {
            warn!(peer, "connection refused: {self}");
        } else {
            debug!(peer, "connection refused: {self}");
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent => f.write_str("it closed without sending anything"),
            Self::CutOff => f.write_str("it closed in the middle of its request"),
            Self::TooSlow(limit) => write!(f, "its handshake took longer than {limit:?}"),
            Self::Io(error) => write!(f, "{error}"),
            Self::TlsAlert(AlertDescription::UnknownCA) => f.write_str(
                "it does not trust our certificate (unknown CA): Relay needs a chain that leads to a public CA, with \
                 the intermediate certificates in the certificate file",
            ),
            Self::TlsAlert(AlertDescription::CertificateExpired) => {
                f.write_str("it says that our certificate has expired")
            }
            Self::TlsAlert(AlertDescription::BadCertificate | AlertDescription::CertificateUnknown) => f.write_str(
                "it does not accept our certificate: is it issued for the host name that is dialled, and not expired?",
            ),
            Self::TlsAlert(alert) => write!(f, "it broke off the TLS handshake ({alert:?})"),
            Self::Tls(error) => write!(f, "TLS: {error}"),
            Self::NoClientCertificate => f.write_str("it has no client certificate, which is demanded here"),
            Self::ClientCertificate(CertificateError::UnknownIssuer) => {
                f.write_str("its client certificate is not by an authority that is believed here")
            }
            Self::ClientCertificate(error) => write!(f, "its client certificate is refused ({error})"),
            Self::TlsToPlain => f.write_str(
                "it speaks TLS, but this port serves plain ws: set a certificate, or dial ws:// from the proxy in front",
            ),
            Self::Refused(refusal) => write!(f, "{refusal}"),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
