//! A certificate chain and its key from PEM, with errors that say which file is wrong and how.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls_pki_types::pem::{PemObject, SectionKind};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::tls::TlsError;

/// Where the certificate comes from.
#[derive(Clone)]
pub(crate) enum TlsSource {
    Files { certificate: PathBuf, key: PathBuf },
    Bytes { certificate: Vec<u8>, key: Vec<u8> },
    Config(Arc<ServerConfig>),
}

impl fmt::Debug for TlsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files { certificate, key } => {
                f.debug_struct("Files").field("certificate", certificate).field("key", key).finish()
            }
            // Never print a private key.
            Self::Bytes { .. } => f.write_str("Bytes"),
            Self::Config(_) => f.write_str("Config"),
        }
    }
}

/// What a piece of PEM was meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PemRole {
    /// The certificate chain, the server's own certificate first.
    Certificate,
    /// The private key of the first certificate.
    Key,
    /// The certificates of authorities that issue client certificates.
    ClientAuthority,
}

/// A piece of PEM, as errors name it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PemSource {
    /// What it was meant to hold.
    pub role: PemRole,
    /// The file it was read from; `None` if it was given as bytes.
    pub file: Option<PathBuf>,
}

impl fmt::Display for PemSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = match self.role {
            PemRole::Certificate => "certificate",
            PemRole::Key => "key",
            PemRole::ClientAuthority => "client authority",
        };
        match &self.file {
            Some(file) => write!(f, "{role} file `{}`", file.display()),
            None => write!(f, "{role} PEM"),
        }
    }
}

/// PEM text together with the name that errors use for it.
pub(super) struct Pem {
    pub(super) source: PemSource,
    text: Vec<u8>,
}

impl Pem {
    pub(super) fn from_file(role: PemRole, file: PathBuf) -> Result<Self, TlsError> {
        let source = PemSource { role, file: Some(file.clone()) };
        match fs::read(file) {
            Ok(text) => Self::new(source, text),
            Err(error) => Err(TlsError::Unreadable { pem: source, source: error }),
        }
    }

    pub(super) fn from_bytes(role: PemRole, text: Vec<u8>) -> Result<Self, TlsError> {
        Self::new(PemSource { role, file: None }, text)
    }

    fn new(source: PemSource, text: Vec<u8>) -> Result<Self, TlsError> {
        if text.trim_ascii().is_empty() {
            return Err(TlsError::Empty { pem: source });
        }
        let pem = Self { source, text };
        if pem.labels().is_empty() {
            return Err(TlsError::NotPem { pem: pem.source });
        }
        Ok(pem)
    }

    /// All certificates, in the order of the file.
    pub(super) fn chain(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.text)
            .collect::<Result<_, _>>()
            .map_err(|source| TlsError::Malformed { pem: self.source.clone(), source })?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate { pem: self.source.clone(), found: self.labels() });
        }
        Ok(chain)
    }

    /// The first private key: PKCS#8, PKCS#1 (RSA) or SEC1 (EC).
    pub(super) fn key(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        // Before parsing: an encrypted PKCS#1 key has headers inside that are not base64, and an encrypted PKCS#8 key
        // is a section that the parser passes over; neither should be reported as broken or missing.
        if self.is_encrypted() {
            return Err(TlsError::EncryptedKey { pem: self.source.clone() });
        }
        let sections = <(SectionKind, Vec<u8>)>::pem_slice_iter(&self.text);
        for section in sections {
            let (kind, der) =
                section.map_err(|source| TlsError::Malformed { pem: self.source.clone(), source })?;
            if let Some(key) = PrivateKeyDer::from_pem(kind, der) {
                return Ok(key);
            }
        }
        Err(TlsError::NoKey { pem: self.source.clone(), found: self.labels() })
    }

    fn is_encrypted(&self) -> bool {
        self.labels().iter().any(|label| label == "ENCRYPTED PRIVATE KEY")
            || self.lines().any(|line| line.starts_with(b"Proc-Type:") && line.ends_with(b"ENCRYPTED"))
    }

    /// What the sections are called, such as `CERTIFICATE`; each name once.
    fn labels(&self) -> Vec<String> {
        let mut labels: Vec<String> = self
            .lines()
            .filter_map(|line| line.strip_prefix(b"-----BEGIN ")?.strip_suffix(b"-----"))
            .map(|label| String::from_utf8_lossy(label).into_owned())
            .collect();
        labels.dedup();
        labels
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.text.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii)
    }
}
