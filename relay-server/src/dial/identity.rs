//! Who we are to workflow servers that ask for a client certificate.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::ResolvesClientCert;
use rustls::crypto::aws_lc_rs;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate to show to workflow servers that ask for one, with its key. Clones are the same.
#[derive(Clone)]
pub struct Identity(Arc<SingleCertAndKey>);

/// Why a certificate and its key cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityError {
    /// The file, or the first of two that do not go together.
    pub file: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

impl Identity {
    /// Reads a certificate chain, our own certificate first, and its key, both in PEM.
    ///
    /// # Errors
    ///
    /// [`IdentityError`], which names the file.
    pub fn load(cert: &Path, key: &Path) -> Result<Self, IdentityError> {
        let failed = |file: &Path, why: String| IdentityError { file: file.into(), why };
        let chain = CertificateDer::pem_file_iter(cert).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let chain = chain.map_err(|error| failed(cert, error.to_string()))?;
        if chain.is_empty() {
            return Err(failed(cert, "there is no certificate in it".into()));
        }
        let private = PrivateKeyDer::from_pem_file(key).map_err(|error| failed(key, error.to_string()))?;
        let certified = CertifiedKey::from_der(chain, private, &aws_lc_rs::default_provider());
        Ok(Self(Arc::new(certified.map_err(|error| failed(cert, error.to_string()))?.into())))
    }

    pub(super) fn resolver(&self) -> Arc<dyn ResolvesClientCert> {
        self.0.clone()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

impl std::error::Error for IdentityError {}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot show {} to workflow servers: {}", self.file.display(), self.why)
    }
}
