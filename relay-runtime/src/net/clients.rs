//! Whose client certificates are believed.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;

use super::pem::{Pem, PemRole};
use super::tls::TlsError;

/// The authorities, one of which must have issued the certificate of whoever connects.
#[derive(Clone)]
pub(crate) enum ClientAuthority {
    File(PathBuf),
    Bytes(Vec<u8>),
}

impl ClientAuthority {
    /// Believes certificates that lead to one of them, are for clients, and have not expired.
    pub(super) fn verifier(
        &self,
        provider: Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
        let pem = match self {
            Self::File(file) => Pem::from_file(PemRole::ClientAuthority, file.clone())?,
            Self::Bytes(bytes) => Pem::from_bytes(PemRole::ClientAuthority, bytes.clone())?,
        };
        let mut roots = RootCertStore::empty();
        for certificate in pem.chain()? {
            let added = roots.add(certificate);
            added.map_err(|source| TlsError::BadCertificate { pem: pem.source.clone(), source })?;
        }
        // Fails without authorities only, and there is one.
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map(|verifier| verifier as Arc<dyn ClientCertVerifier>)
            .map_err(|error| TlsError::Rustls(rustls::Error::General(error.to_string())))
    }
}

impl fmt::Debug for ClientAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => f.debug_tuple("File").field(file).finish(),
            Self::Bytes(_) => f.write_str("Bytes"),
        }
    }
}
