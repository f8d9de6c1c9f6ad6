//! A certificate for `localhost`, and clients that trust it and nothing else.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio_rustls::TlsConnector;

pub struct Certificate {
    pub chain: PathBuf,
    pub key: PathBuf,
    roots: Arc<RootCertStore>,
    _folder: TempDir,
}

impl Certificate {
    pub fn generate() -> Result<Self> {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()])?;
        let folder = tempfile::tempdir()?;
        let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
        fs::write(&chain, cert.pem())?;
        fs::write(&key, signing_key.serialize_pem())?;
        let mut roots = RootCertStore::empty();
        roots.add(cert.der().clone())?;
        Ok(Self { chain, key, roots: Arc::new(roots), _folder: folder })
    }

    pub fn connector(&self, resume: bool) -> Result<TlsConnector> {
        let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth();
        config.resumption =
            if resume { Resumption::in_memory_sessions(4096) } else { Resumption::disabled() };
        Ok(Arc::new(config).into())
    }
}
