//! What stands in a certificate, for people.

use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use serde::Serialize;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

/// What stands in a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Described {
    /// Whose it is.
    pub(crate) subject: String,
    /// Who signed it.
    pub(crate) issuer: String,
    /// The hosts that it is for.
    pub(crate) names: Vec<String>,
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
    /// Whether its owner may sign others.
    pub(crate) authority: bool,
    pub(crate) self_signed: bool,
    /// Where the issuer's own certificate can be fetched, which those of public authorities say.
    pub(crate) issuer_url: Option<String>,
}

impl Described {
    /// None if it is no certificate.
    pub(crate) fn read(der: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let (subject, issuer) = (certificate.subject(), certificate.issuer());
        let validity = certificate.validity();
        let mut names = Vec::new();
        if let Ok(Some(alternatives)) = certificate.subject_alternative_name() {
            names.extend(alternatives.value.general_names.iter().filter_map(host));
        }
        Some(Self {
            subject: short(subject),
            issuer: short(issuer),
            names,
            not_before: Timestamp::from_second(validity.not_before.timestamp()).ok()?,
            not_after: Timestamp::from_second(validity.not_after.timestamp()).ok()?,
            authority: certificate.is_ca(),
            self_signed: subject == issuer,
            issuer_url: issuer_url(&certificate),
        })
    }

    /// One line: whose, by whom, for what, until when.
    pub(crate) fn line(&self, now: Timestamp) -> String {
        let mut line = format!("\"{}\"", self.subject);
        if self.self_signed {
            line.push_str(", signed by itself");
        } else {
            let _ = write!(line, ", signed by \"{}\"", self.issuer);
        }
        if self.authority {
            line.push_str("; an authority");
        }
        if !self.names.is_empty() {
            let _ = write!(line, "; for {}", self.names.join(", "));
        }
        let _ = write!(line, "; {} to {} ({})", day(self.not_before), day(self.not_after), self.age(now));
        line
    }

    fn age(&self, now: Timestamp) -> String {
        let days = days_left(self.not_after, now);
        match days {
            _ if now < self.not_before => "not valid yet".into(),
            _ if now > self.not_after => "expired".into(),
            0 => "expires today".into(),
            1 => "1 day left".into(),
            days => format!("{days} days left"),
        }
    }
}

/// Whole days.
pub(crate) fn days_left(until: Timestamp, now: Timestamp) -> i64 {
    (until.as_second() - now.as_second()) / 86_400
}

pub(super) fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

/// The common name if there is one, which is what people call a certificate.
fn short(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().filter_map(|part| part.as_str().ok()).next();
    common.map_or_else(|| name.to_string(), str::to_owned)
}

fn host(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|bytes| Ipv4Addr::from(bytes).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|bytes| Ipv6Addr::from(bytes).to_string()),
        },
        _ => None,
    }
}

fn issuer_url(certificate: &X509Certificate<'_>) -> Option<String> {
    certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityInfoAccess(access) => {
            // 1.3.6.1.5.5.7.48.2 is caIssuers.
            let place = access
                .accessdescs
                .iter()
                .find(|place| place.access_method.to_id_string().ends_with(".48.2"))?;
            match &place.access_location {
                GeneralName::URI(url) => Some((*url).to_owned()),
                _ => None,
            }
        }
        _ => None,
    })
}
