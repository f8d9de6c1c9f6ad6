//! Whose certificates are believed.

use std::fmt;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;

/// The authorities that a dial believes.
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

impl Trust {
    /// This authority and nobody else.
    ///
    /// # Errors
    ///
    /// If the certificate cannot be a root.
    pub fn only(authority: CertificateDer<'static>) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        roots.add(authority)?;
        Self::new(roots)
    }

    /// The authorities that this machine believes: what Relay would make of a server's certificate.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up at all. That the machine knows no authority is no error; then nobody is believed.
    pub fn system() -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self::new(roots)
    }

    /// Nobody. Enough for `ws://`.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up at all.
    pub fn nobody() -> Result<Self, rustls::Error> {
        Self::new(RootCertStore::empty())
    }

    fn new(roots: RootCertStore) -> Result<Self, rustls::Error> {
        let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        // Each dial verifies anew.
        config.resumption = Resumption::disabled();
        Ok(Self(Arc::new(config)))
    }

    pub(super) fn config(&self) -> Arc<ClientConfig> {
        self.0.clone()
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trust").finish_non_exhaustive()
    }
}
