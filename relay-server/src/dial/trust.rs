//! Whose certificates are believed.

use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::certificate::ExplainingVerifier;

/// Where the authorities come from that are believed without being named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Roots {
    /// Those of this machine. Where it has none, as in small containers, those of Mozilla. The default.
    #[default]
    System,
    /// Those of Mozilla, as of the day on which this server was built.
    Mozilla,
    /// None: only the authorities that are added.
    Nobody,
}

/// The authorities that a dial believes.
#[derive(Clone)]
pub struct Trust {
    config: Arc<ClientConfig>,
    authorities: usize,
}

/// Why the trusted authorities cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum TrustError {
    /// The file cannot be read.
    Unreadable {
        /// Its path.
        file: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file holds no certificate, or something broken.
    NoCertificate {
        /// Its path.
        file: PathBuf,
    },
    /// A certificate in the file cannot be that of an authority.
    NotAnAuthority {
        /// Its path.
        file: PathBuf,
        /// What is wrong with it.
        source: rustls::Error,
    },
    /// There is nobody left to trust.
    Nobody,
    /// TLS cannot be set up at all.
    Tls(rustls::Error),
}

impl Trust {
    /// Trust in `roots`, and in the authorities whose certificates stand in the PEM files `extra`.
    ///
    /// # Errors
    ///
    /// [`TrustError`], which names the file.
    pub fn load(roots: Roots, extra: &[PathBuf]) -> Result<Self, TrustError> {
        let mut store = RootCertStore::empty();
        if roots == Roots::System {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        if roots == Roots::Mozilla || (roots == Roots::System && store.is_empty()) {
            store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        for file in extra {
            add_file(&mut store, file)?;
        }
        Self::new(store)
    }

    /// Trust in nobody but this authority: for tests and the development server.
    ///
    /// # Errors
    ///
    /// [`TrustError`] if `pem` is no certificate of an authority.
    pub fn only(pem: &str) -> Result<Self, TrustError> {
        let mut store = RootCertStore::empty();
        add_pem(&mut store, PathBuf::from("(in memory)"), pem.as_bytes())?;
        Self::new(store)
    }

    fn new(store: RootCertStore) -> Result<Self, TrustError> {
        if store.is_empty() {
            return Err(TrustError::Nobody);
        }
        let authorities = store.len();
        let roots = store.roots.iter().map(|root| root.subject.to_vec()).collect();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
            .build()
            .map_err(|_| TrustError::Nobody)?;
        // "Dangerous" is to verify by oneself; this one passes on what the regular verifier decides.
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(TrustError::Tls)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(ExplainingVerifier { inner, roots }))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), authorities })
    }

    /// How many authorities are believed.
    pub fn authorities(&self) -> usize {
        self.authorities
    }

    pub(super) fn config(&self) -> Arc<ClientConfig> {
        self.config.clone()
    }
}

fn add_file(store: &mut RootCertStore, file: &PathBuf) -> Result<(), TrustError> {
    let pem = fs::read(file).map_err(|source| TrustError::Unreadable { file: file.clone(), source })?;
    add_pem(store, file.clone(), &pem)
}

fn add_pem(store: &mut RootCertStore, file: PathBuf, pem: &[u8]) -> Result<(), TrustError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = match certificates {
        Ok(certificates) if !certificates.is_empty() => certificates,
        _ => return Err(TrustError::NoCertificate { file }),
    };
    for certificate in certificates {
        store.add(certificate).map_err(|source| TrustError::NotAnAuthority { file: file.clone(), source })?;
    }
    Ok(())
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trust").field("authorities", &self.authorities).finish_non_exhaustive()
    }
}

impl std::error::Error for TrustError {}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, source } => write!(f, "cannot read `{}`: {source}", file.display()),
            Self::NoCertificate { file } => {
                write!(f, "`{}` holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", file.display())
            }
            Self::NotAnAuthority { file, source } => {
                write!(f, "a certificate in `{}` cannot be that of an authority: {source}", file.display())
            }
            Self::Nobody => f.write_str("no authority is trusted, so that no workflow could be dialled"),
            Self::Tls(source) => write!(f, "TLS cannot be set up: {source}"),
        }
    }
}
