//! Certificates that are made on the spot and thrown away.

use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, Error, IsCa, KeyPair, date_time_ymd,
};
use tempfile::TempDir;

use crate::Trust;

/// The names of this machine to itself.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A certificate authority that nobody knows.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    /// A new one. Two authorities never pass for each other, whatever their names.
    ///
    /// # Errors
    ///
    /// If no key can be made, as in all of these.
    pub fn new(name: &str) -> Result<Self, Error> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Ok(Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate()?)? })
    }

    /// The authority's own certificate, as PEM.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Trust in this authority and nobody else.
    ///
    /// # Errors
    ///
    /// If its certificate cannot be a root.
    pub fn trust(&self) -> Result<Trust, rustls::Error> {
        Trust::only(self.issuer.der().clone())
    }

    /// A certificate for `localhost`, `127.0.0.1` and `::1`.
    pub fn certificate(&self) -> Result<Certificate, Error> {
        self.sign(CertificateParams::new(LOCAL.map(str::to_owned))?)
    }

    /// As [`certificate`](Self::certificate), but it expired long ago.
    pub fn expired_certificate(&self) -> Result<Certificate, Error> {
        let mut params = CertificateParams::new(LOCAL.map(str::to_owned))?;
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
        self.sign(params)
    }

    /// A certificate for another host.
    pub fn certificate_for(&self, name: &str) -> Result<Certificate, Error> {
        self.sign(CertificateParams::new([name.to_owned()])?)
    }

    fn sign(&self, params: CertificateParams) -> Result<Certificate, Error> {
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Certificate { certificate: certificate.pem(), key: key.serialize_pem() })
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

/// A certificate and its key, both as PEM.
#[derive(Clone)]
pub struct Certificate {
    /// The certificate.
    pub certificate: String,
    /// Its unencrypted private key.
    pub key: String,
}

impl Certificate {
    /// Writes both to files in a directory of their own, which only this user can enter.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    pub fn to_files(&self) -> io::Result<CertificateFiles> {
        let directory = TempDir::with_prefix("relay-")?;
        let files = CertificateFiles {
            certificate: directory.path().join("certificate.pem"),
            key: directory.path().join("key.pem"),
            _directory: directory,
        };
        fs::write(&files.certificate, &self.certificate)?;
        fs::write(&files.key, &self.key)?;
        Ok(files)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").finish_non_exhaustive()
    }
}

/// A certificate and its key as files, gone when this is dropped.
#[derive(Debug)]
pub struct CertificateFiles {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    _directory: TempDir,
}
