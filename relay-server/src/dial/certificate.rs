//! Why a certificate is not believed, in enough detail to mend it.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

/// Why a workflow server's certificate is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Distrust {
    /// It vouches for itself.
    SelfSigned,
    /// No certificate leads from it to an authority that is trusted.
    UnknownIssuer {
        /// Who vouches for the last certificate that the server sent.
        issuer: String,
        /// Whether the server sent that issuer's own certificate, so that nothing is missing but the trust.
        complete: bool,
    },
    /// Its time is over, or that of a certificate that it builds upon.
    Expired {
        /// Whose certificate, if not that of the server itself.
        whose: Option<String>,
        /// The last day, as `2026-11-23`.
        on: String,
    },
    /// Its time has not come.
    NotYetValid {
        /// The first day, as `2026-11-23`.
        from: String,
    },
    /// It is for other names than the one that was dialled.
    WrongName {
        /// The names that it is for.
        names: Vec<String>,
    },
    /// It is not meant for servers.
    NotForServers,
    /// It is that of an authority.
    Authority,
    /// A signature in the chain is not by whom it claims to be.
    BadSignature {
        /// Who seems to vouch for the chain.
        issuer: String,
        /// Whether an authority of that name is trusted, so that this may be another one with the same name.
        trusted: bool,
    },
    /// It cannot be read.
    Malformed,
    /// Any other check that failed, as the TLS library names it.
    Other(String),
}

impl std::error::Error for Distrust {}

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SelfSigned => f.write_str(
                "its certificate is self-signed: use one of a public authority, or of a private one that is added \
                 with --extra-ca",
            ),
            Self::UnknownIssuer { issuer, complete: true } => write!(
                f,
                "its certificate leads to the authority \"{issuer}\", which is not trusted here: if it is yours, add \
                 it with --extra-ca"
            ),
            Self::UnknownIssuer { issuer, .. } => write!(
                f,
                "its certificate was signed by \"{issuer}\", which is not trusted here: if that is an intermediate \
                 authority, let the server send the whole chain (the file is often called fullchain.pem); if it is \
                 your own, add it with --extra-ca"
            ),
            Self::Expired { whose: None, on } => write!(f, "its certificate expired on {on}: renew it"),
            Self::Expired { whose: Some(whose), on } => write!(
                f,
                "the certificate of \"{whose}\", which vouches for it, expired on {on}: let the server send the \
                 present one"
            ),
            Self::NotYetValid { from } => write!(
                f,
                "its certificate is valid only from {from}: wait, or set the clock of this machine if that is wrong"
            ),
            Self::WrongName { names } if names.is_empty() => {
                f.write_str("its certificate is for no host at all: get one with the host in its subjectAltName")
            }
            Self::WrongName { names } => write!(
                f,
                "its certificate is for {}: register the workflow under such a name, or get a certificate for this \
                 one",
                names.join(", ")
            ),
            Self::NotForServers => {
                f.write_str("its certificate is not meant for servers: get one with the usage \"serverAuth\"")
            }
            Self::Authority => f.write_str(
                "its certificate is that of an authority, which must not be used by a server: let the authority sign \
                 one for the server",
            ),
            Self::BadSignature { issuer, trusted: true } => write!(
                f,
                "its certificate was not signed by the authority \"{issuer}\" that is trusted here, although it says \
                 so: if that authority was made anew, pass its present certificate to --extra-ca"
            ),
            Self::BadSignature { issuer, .. } => write!(
                f,
                "its certificate was not signed by \"{issuer}\", although it says so: check that the certificates \
                 which the server sends belong together"
            ),
            Self::Malformed => f.write_str("its certificate cannot be read: X.509 version 3 in DER is needed"),
            Self::Other(what) => write!(f, "its certificate is refused ({what})"),
        }
    }
}

/// Verifies as rustls does by default, and explains what is refused while the chain is still at hand. It never accepts
/// what the verifier inside does not.
#[derive(Debug)]
pub(super) struct ExplainingVerifier {
    pub(super) inner: Arc<WebPkiServerVerifier>,
    /// What the trusted authorities call themselves: the inside of a name in DER, without its frame.
    pub(super) roots: Vec<Vec<u8>>,
}

impl ServerCertVerifier for ExplainingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified =
            self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        verified.map_err(|error| match error {
            Error::InvalidCertificate(error) => {
                let distrust = self.explain(error, end_entity, intermediates);
                Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(distrust))))
            }
            other => other,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

impl ExplainingVerifier {
    fn explain(
        &self,
        error: CertificateError,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
    ) -> Distrust {
        use CertificateError as Bad;
        let chain = [leaf].into_iter().chain(intermediates);
        let chain: Vec<X509Certificate<'_>> =
            chain.filter_map(|certificate| Some(X509Certificate::from_der(certificate).ok()?.1)).collect();
        let Some(leaf) = chain.first() else { return Distrust::Malformed };
        let self_signed = leaf.issuer() == leaf.subject();
        let last = last_sent(&chain, leaf);
        let issuer = shown(last.issuer());
        match error {
            Bad::UnknownIssuer if self_signed => Distrust::SelfSigned,
            Bad::UnknownIssuer => {
                Distrust::UnknownIssuer { issuer, complete: last.issuer() == last.subject() }
            }
            Bad::BadSignature => {
                let trusted = self.roots.iter().any(|root| last.issuer().as_raw().ends_with(root));
                Distrust::BadSignature { issuer, trusted }
            }
            Bad::ExpiredContext { not_after, .. } => {
                let ends = |certificate: &&X509Certificate<'_>| {
                    certificate.validity().not_after.timestamp() == seconds(not_after)
                };
                let whose = Some(leaf).into_iter().chain(&chain).find(ends).filter(|found| *found != leaf);
                Distrust::Expired { whose: whose.map(|found| shown(found.subject())), on: day(not_after) }
            }
            Bad::NotValidYetContext { not_before, .. } => Distrust::NotYetValid { from: day(not_before) },
            Bad::NotValidForNameContext { presented, .. } => {
                Distrust::WrongName { names: presented.iter().map(|name| san(name)).collect() }
            }
            Bad::InvalidPurpose | Bad::InvalidPurposeContext { .. } => Distrust::NotForServers,
            Bad::BadEncoding => Distrust::Malformed,
            // The library has no variant of its own for it.
            Bad::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => match self_signed {
                true => Distrust::SelfSigned,
                false => Distrust::Authority,
            },
            other => Distrust::Other(other.to_string()),
        }
    }
}

/// From each certificate to the one that vouches for it, as far as the server has sent them.
fn last_sent<'c, 'a>(
    chain: &'c [X509Certificate<'a>],
    leaf: &'c X509Certificate<'a>,
) -> &'c X509Certificate<'a> {
    let mut last = leaf;
    for _ in chain {
        match chain.iter().find(|next| next.subject() == last.issuer()) {
            Some(next) => last = next,
            None => break,
        }
    }
    last
}

/// Long names come from strangers and end up in logs.
const MAX_SHOWN: usize = 100;

fn shown(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().next().and_then(|name| name.as_str().ok());
    let text = common.map_or_else(|| name.to_string(), str::to_owned);
    text.chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect()
}

/// A name as the TLS library shows it, `DnsName("example.com")` or `IpAddress(10.0.0.1)`, without the wrapping.
fn san(presented: &str) -> String {
    let inside = presented.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    let name = inside.unwrap_or(presented).trim_matches('"');
    name.chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect()
}

fn seconds(time: UnixTime) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

fn day(time: UnixTime) -> String {
    jiff::Timestamp::from_second(seconds(time))
        .map_or_else(|_| "an unknown day".to_owned(), |time| time.strftime("%Y-%m-%d").to_string())
}
