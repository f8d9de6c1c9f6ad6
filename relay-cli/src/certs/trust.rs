//! Whose certificates are believed: by everybody, and by this machine.

use std::fs;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::{CliError, Result};

/// Two answers to the same question.
#[derive(Debug)]
pub(crate) struct Trust {
    /// The authorities that browsers, and Relay's cloud, come with.
    pub(super) public: RootCertStore,
    /// Those of this machine, and those that the user added.
    pub(super) here: RootCertStore,
}

impl Trust {
    /// With the authorities in the file `ca`.
    pub(crate) fn new(ca: Option<&Path>) -> Result<Self> {
        let public = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let mut here = RootCertStore::empty();
        here.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(file) = ca {
            here.add_parsable_certificates(read(file)?);
        }
        Ok(Self { public, here })
    }
}

/// All certificates in a PEM file.
pub(crate) fn read(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let unusable = |why: &dyn std::fmt::Display| {
        CliError::usage(format_args!("{} is no file with certificates", file.display()))
            .cause(why)
            .next("a PEM file is wanted, with BEGIN CERTIFICATE in it")
    };
    let pem = fs::read(file).map_err(|error| unusable(&error))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let found = found.map_err(|error| unusable(&error))?;
    if found.is_empty() { Err(unusable(&"there is no certificate in it")) } else { Ok(found) }
}
