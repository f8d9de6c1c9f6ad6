//! An authority for development and a certificate by it, kept in a directory.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::{Described, days_left};
use crate::config::{read, write_private};
use crate::error::{CliError, Result};

/// This machine, as it calls itself.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Days for which a certificate is good. Some systems trust none that is good for longer than 825.
const LEAF_DAYS: i64 = 365;
const AUTHORITY_DAYS: i64 = 3650;

/// A certificate with fewer days than this is replaced.
const RENEW: i64 = 30;

/// The files.
#[derive(Debug)]
pub(crate) struct Development {
    /// The authority's certificate, for everybody who should trust it.
    pub(crate) authority: PathBuf,
    /// Its key, for nobody.
    authority_key: PathBuf,
    /// The certificate with its authority, for the workflow server.
    pub(crate) certificate: PathBuf,
    /// Its key.
    pub(crate) key: PathBuf,
}

/// What was made, as opposed to found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) authority: bool,
    pub(crate) certificate: bool,
}

impl Development {
    pub(crate) fn in_dir(dir: &Path) -> Self {
        Self {
            authority: dir.join("ca.pem"),
            authority_key: dir.join("ca-key.pem"),
            certificate: dir.join("cert.pem"),
            key: dir.join("key.pem"),
        }
    }

    /// Makes what is missing, too old, or not for these names as well as for this machine's own.
    pub(crate) fn provide(&self, names: &[String], renew: bool) -> Result<Made> {
        let mut wanted: Vec<String> = LOCAL.map(str::to_owned).into();
        wanted.extend(names.iter().filter(|name| !LOCAL.contains(&name.as_str())).cloned());
        let now = Timestamp::now();
        let (issuer, made) = match self.issuer(now)? {
            Some(issuer) => (issuer, false),
            None => (self.make_authority(now)?, true),
        };
        let good =
            !made && !renew && self.is_good(&wanted, &read(&self.authority)?.unwrap_or_default(), now)?;
        if !good {
            self.make_certificate(wanted, &issuer, now)?;
        }
        Ok(Made { authority: made, certificate: !good })
    }

    /// The authority that was made before, if it is still good for a while.
    fn issuer(&self, now: Timestamp) -> Result<Option<Issuer<'static, KeyPair>>> {
        let (Some(pem), Some(key)) = (read(&self.authority)?, read(&self.authority_key)?) else {
            return Ok(None);
        };
        let Some(known) = first(&pem).filter(|known| days_left(known.not_after, now) > LEAF_DAYS) else {
            return Ok(None);
        };
        let Ok(key) = KeyPair::from_pem(&key) else { return Ok(None) };
        let params = authority_params(&known.subject, now)?;
        Ok(Some(Issuer::new(params, key)))
    }

    fn make_authority(&self, now: Timestamp) -> Result<Issuer<'static, KeyPair>> {
        // Two authorities of the same name pass for each other until a signature fails, which nobody understands.
        let name = format!("Relay development authority {}", now.strftime("%Y-%m-%d %H:%M:%S"));
        let params = authority_params(&name, now)?;
        let key = KeyPair::generate().map_err(unmade)?;
        let certificate = params.self_signed(&key).map_err(unmade)?;
        write_private(&self.authority_key, &key.serialize_pem())?;
        write_private(&self.authority, &certificate.pem())?;
        Ok(Issuer::new(params, key))
    }

    fn make_certificate(
        &self,
        names: Vec<String>,
        issuer: &Issuer<'_, KeyPair>,
        now: Timestamp,
    ) -> Result<()> {
        let mut params = CertificateParams::new(names)
            .map_err(|error| CliError::usage("a name cannot stand in a certificate").cause(error))?;
        params.distinguished_name.push(DnType::CommonName, "Relay development");
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        good_for(&mut params, now, LEAF_DAYS)?;
        let key = KeyPair::generate().map_err(unmade)?;
        let certificate = params.signed_by(&key, issuer).map_err(unmade)?;
        let authority = fs::read_to_string(&self.authority).unwrap_or_default();
        write_private(&self.key, &key.serialize_pem())?;
        write_private(&self.certificate, &(certificate.pem() + &authority))
    }

    /// Whether the certificate is for these names, by this authority, and for a while.
    fn is_good(&self, names: &[String], authority: &str, now: Timestamp) -> Result<bool> {
        let Some(pem) = read(&self.certificate)?.filter(|pem| pem.ends_with(authority)) else {
            return Ok(false);
        };
        let known = first(&pem).filter(|known| days_left(known.not_after, now) >= RENEW);
        Ok(self.key.exists()
            && known.is_some_and(|known| names.iter().all(|name| known.names.contains(name))))
    }
}

fn authority_params(name: &str, now: Timestamp) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new()).map_err(unmade)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, name);
    good_for(&mut params, now, AUTHORITY_DAYS)?;
    Ok(params)
}

fn first(pem: &str) -> Option<Described> {
    CertificateDer::from_pem_slice(pem.as_bytes()).ok().as_ref().and_then(Described::read)
}

/// The year, month and day, so many days from now.
fn date(now: Timestamp, days: i64) -> Result<(i32, u8, u8)> {
    let date = TimeZone::UTC.to_datetime(now).date().checked_add(days.days());
    let date = date.map_err(|error| CliError::failed("the clock of this machine is wrong").cause(error))?;
    let part = |part: i8| u8::try_from(part).unwrap_or(1);
    Ok((date.year().into(), part(date.month()), part(date.day())))
}

/// Good from yesterday on, so that clocks need not agree.
fn good_for(params: &mut CertificateParams, now: Timestamp, days: i64) -> Result<()> {
    let ((year, month, day), until) = (date(now, -1)?, date(now, days)?);
    params.not_before = date_time_ymd(year, month, day);
    params.not_after = date_time_ymd(until.0, until.1, until.2);
    Ok(())
}

fn unmade(error: rcgen::Error) -> CliError {
    CliError::failed("no certificate can be made").cause(error)
}
