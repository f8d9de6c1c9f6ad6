//! From PEM to a rustls configuration. The only file that picks a crypto provider or a TLS version.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::server::NoServerSessionStorage;
use rustls::{CipherSuite, ServerConfig};
use rustls_pki_types::pem;

use super::clients::ClientAuthority;
use super::pem::{Pem, PemRole, PemSource, TlsSource};

impl TlsSource {
    /// Reads and checks everything, so that a wrong certificate stops the start instead of every dial. With `clients`, whoever
    /// connects must have a certificate as well.
    pub(crate) fn load(&self, clients: Option<&ClientAuthority>) -> Result<Arc<ServerConfig>, TlsError> {
        let (certificate, key) = match self {
            Self::Config(_) if clients.is_some() => return Err(TlsError::ClientsWithoutTls),
            Self::Config(config) => return Ok(config.clone()),
            Self::Files { certificate, key } => (
                Pem::from_file(PemRole::Certificate, certificate.clone())?,
                Pem::from_file(PemRole::Key, key.clone())?,
            ),
            Self::Bytes { certificate, key } => (
                Pem::from_bytes(PemRole::Certificate, certificate.clone())?,
                Pem::from_bytes(PemRole::Key, key.clone())?,
            ),
        };
        server_config(certificate, key, clients).map(Arc::new)
    }
}

/// Taken before all others. The suites with AES-256 hash with SHA-384, which few processors have instructions for: that
/// alone would be a tenth of what a session costs, for keys that are no safer in practice.
const PREFERRED: [CipherSuite; 3] = [
    CipherSuite::TLS13_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
];

fn provider() -> CryptoProvider {
    let mut provider = aws_lc_rs::default_provider();
    provider.cipher_suites.sort_by_key(|suite| !PREFERRED.contains(&suite.suite()));
    provider
}

fn server_config(
    certificate: Pem,
    key: Pem,
    clients: Option<&ClientAuthority>,
) -> Result<ServerConfig, TlsError> {
    let (chain, private_key) = (certificate.chain()?, key.key()?);
    let provider = Arc::new(provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(TlsError::Rustls)?;
    let builder = match clients {
        Some(authority) => builder.with_client_cert_verifier(authority.verifier(provider)?),
        None => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, private_key).map_err(|source| match source {
        rustls::Error::InconsistentKeys(_) => {
            TlsError::KeyMismatch { certificate: certificate.source, key: key.source }
        }
        rustls::Error::InvalidCertificate(_) => TlsError::BadCertificate { pem: certificate.source, source },
        _ => TlsError::BadKey { pem: key.source, source },
    })?;

    // Of what both know, the first of our list. Most clients begin with AES-256.
    config.ignore_client_order = true;
    // No resumption. The peer is one Relay server that dials rarely and verifies the chain on each dial; a ticket or
    // a cached session would cost every connection memory that stays for the whole session, to save the few dials
    // that could use it one signature.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    // A client that offers only HTTP/2 hears so here and not through a broken upgrade; one without ALPN is served.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Why a certificate and key cannot be served.
#[derive(Debug)]
#[non_exhaustive]
pub enum TlsError {
    /// The file cannot be read: it is missing, a directory, or not ours to read.
    Unreadable {
        /// The file.
        pem: PemSource,
        /// What the operating system said.
        source: io::Error,
    },
    /// There is nothing in it.
    Empty {
        /// The empty file or bytes.
        pem: PemSource,
    },
    /// There is no `-----BEGIN …-----` line in it; DER and PKCS#12 files look like that.
    NotPem {
        /// The file or bytes.
        pem: PemSource,
    },
    /// It begins like PEM, but is cut off or damaged.
    Malformed {
        /// The file or bytes.
        pem: PemSource,
        /// What is damaged.
        source: pem::Error,
    },
    /// PEM, but without a certificate.
    NoCertificate {
        /// The file or bytes.
        pem: PemSource,
        /// What it holds instead, such as `PRIVATE KEY`.
        found: Vec<String>,
    },
    /// PEM, but without a private key.
    NoKey {
        /// The file or bytes.
        pem: PemSource,
        /// What it holds instead, such as `CERTIFICATE`.
        found: Vec<String>,
    },
    /// The key is protected by a passphrase.
    EncryptedKey {
        /// The file or bytes.
        pem: PemSource,
    },
    /// The certificate is not a valid X.509 certificate.
    BadCertificate {
        /// The file or bytes.
        pem: PemSource,
        /// What is wrong with it.
        source: rustls::Error,
    },
    /// The key is not valid, or of a kind that TLS servers cannot use.
    BadKey {
        /// The file or bytes.
        pem: PemSource,
        /// What is wrong with it.
        source: rustls::Error,
    },
    /// The key belongs to another certificate than the first one of the chain.
    KeyMismatch {
        /// The certificate chain.
        certificate: PemSource,
        /// The key.
        key: PemSource,
    },
    /// Client certificates are demanded of a server that does no TLS, or with a configuration of its own.
    ClientsWithoutTls,
    /// The TLS library cannot be set up at all.
    Rustls(rustls::Error),
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { pem, source } => write!(f, "cannot read {pem}: {}", source.kind()),
            Self::Empty { pem } => write!(f, "{pem} is empty"),
            Self::NotPem { pem } => {
                write!(
                    f,
                    "{pem} is not PEM: it has no `-----BEGIN` line (convert DER or PKCS#12 with `openssl`)"
                )
            }
            Self::Malformed { pem, .. } => write!(f, "{pem} is damaged or cut off"),
            Self::NoCertificate { pem, found } => {
                write!(
                    f,
                    "no certificate in {pem}: it holds {}{}",
                    found.join(", "),
                    swapped(found, "PRIVATE KEY")
                )
            }
            Self::NoKey { pem, found } => {
                write!(
                    f,
                    "no private key in {pem}: it holds {}{}",
                    found.join(", "),
                    swapped(found, "CERTIFICATE")
                )
            }
            Self::EncryptedKey { pem } => {
                write!(f, "the key in {pem} is encrypted: decrypt it with `openssl pkey -in … -out …`")
            }
            Self::BadCertificate { pem, .. } => write!(f, "the certificate in {pem} is not valid"),
            Self::BadKey { pem, .. } => write!(f, "the key in {pem} is not valid or of an unsupported kind"),
            Self::KeyMismatch { certificate, key } => {
                write!(f, "the key in {key} does not belong to the first certificate in {certificate}")
            }
            Self::ClientsWithoutTls => f.write_str(
                "client certificates are demanded, and no TLS: give the server a certificate of its own, or demand them in \
                 the configuration that it was given, or in the proxy",
            ),
            Self::Rustls(_) => f.write_str("cannot set up TLS"),
        }
    }
}

/// The usual reason why a file lacks what it should hold.
fn swapped(found: &[String], other: &str) -> &'static str {
    if found.iter().any(|label| label.ends_with(other)) { " (are certificate and key swapped?)" } else { "" }
}

impl Error for TlsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            Self::Malformed { source, .. } => Some(source),
            Self::BadCertificate { source, .. } | Self::BadKey { source, .. } | Self::Rustls(source) => {
                Some(source)
            }
            _ => None,
        }
    }
}
