//! What is wrong with a chain of certificates.

use jiff::Timestamp;
use rustls::RootCertStore;
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use serde::Serialize;

use super::described::day;
use super::{Described, Trust};

/// What is wrong with a chain, whoever looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no certificate, or one that cannot be read.
    Unreadable,
    /// The server shows a certificate of its own making.
    SelfSigned {
        subject: String,
    },
    /// The chain ends in an authority that nobody here trusts.
    PrivateAuthority {
        issuer: String,
    },
    /// The server leaves out what leads from its certificate to a known authority.
    MissingIntermediate {
        issuer: String,
    },
    /// The signer was not sent, and it is unknown.
    UnknownIssuer {
        issuer: String,
    },
    Expired {
        subject: String,
        since: Timestamp,
    },
    NotYetValid {
        subject: String,
        from: Timestamp,
    },
    WrongName {
        wanted: String,
        names: Vec<String>,
    },
    /// What is dialled cannot stand in a certificate.
    NoName {
        wanted: String,
    },
    /// Anything else that rustls finds.
    Other {
        why: String,
    },
}

/// What clients would say.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Verdict {
    /// From the server's own on.
    pub(crate) chain: Vec<Described>,
    #[serde(skip)]
    pub(crate) faults: Vec<Fault>,
    /// Whether an authority that everybody knows vouches for it.
    pub(crate) trusted_by_all: bool,
    /// Whether one that this machine knows does.
    pub(crate) trusted_here: bool,
}

/// Finds everything that is wrong with the chain at once, so that it can be mended at once.
pub(crate) fn judge(
    chain: &[CertificateDer<'_>],
    host: Option<&str>,
    trust: &Trust,
    now: Timestamp,
) -> Verdict {
    let described: Vec<Described> = chain.iter().filter_map(Described::read).collect();
    let mut verdict =
        Verdict { chain: described, faults: Vec::new(), trusted_by_all: false, trusted_here: false };
    let leaf = chain.first().and_then(|leaf| ParsedCertificate::try_from(leaf).ok());
    let (Some(parsed), Some(leaf)) = (leaf, verdict.chain.first().cloned()) else {
        verdict.faults.push(Fault::Unreadable);
        return verdict;
    };
    // Dates are judged apart: an expired certificate should not hide that its issuer is unknown.
    let then = now.clamp(leaf.not_before, leaf.not_after.max(leaf.not_before));
    let by = |roots: &RootCertStore| trusted(&parsed, &chain[1..], roots, then);
    let (public, here) = (by(&trust.public), by(&trust.here));
    (verdict.trusted_by_all, verdict.trusted_here) = (public.is_ok(), here.is_ok() || public.is_ok());
    if let (Err(_), Err(error)) = (public, here) {
        verdict.faults.push(untrusted(&verdict.chain, &error));
    }
    for certificate in &verdict.chain {
        let subject = certificate.subject.clone();
        if now < certificate.not_before {
            verdict.faults.push(Fault::NotYetValid { subject, from: certificate.not_before });
        } else if now > certificate.not_after {
            verdict.faults.push(Fault::Expired { subject, since: certificate.not_after });
        }
    }
    if let Some(wanted) = host {
        let fault = match ServerName::try_from(wanted) {
            Err(_) => Some(Fault::NoName { wanted: wanted.to_owned() }),
            Ok(name) if verify_server_name(&parsed, &name).is_ok() => None,
            Ok(_) => Some(Fault::WrongName { wanted: wanted.to_owned(), names: leaf.names }),
        };
        verdict.faults.extend(fault);
    }
    verdict
}

fn trusted(
    leaf: &ParsedCertificate<'_>,
    rest: &[CertificateDer<'_>],
    roots: &RootCertStore,
    now: Timestamp,
) -> Result<(), rustls::Error> {
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let algorithms = aws_lc_rs::default_provider().signature_verification_algorithms.all;
    verify_server_cert_signed_by_trust_anchor(leaf, roots, rest, now, algorithms)
}

fn untrusted(chain: &[Described], error: &rustls::Error) -> Fault {
    let Some((leaf, last)) = chain.first().zip(chain.last()) else { return Fault::Unreadable };
    let unknown = matches!(error, rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer));
    if leaf.self_signed {
        return Fault::SelfSigned { subject: leaf.subject.clone() };
    }
    let issuer = last.issuer.clone();
    match () {
        () if !unknown => Fault::Other { why: error.to_string() },
        () if last.self_signed => Fault::PrivateAuthority { issuer },
        // Public authorities say where theirs can be fetched; private ones hardly ever do.
        () if last.issuer_url.is_some() => Fault::MissingIntermediate { issuer },
        () => Fault::UnknownIssuer { issuer },
    }
}

impl Fault {
    /// A word for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable-certificate",
            Self::SelfSigned { .. } => "self-signed",
            Self::PrivateAuthority { .. } => "private-authority",
            Self::MissingIntermediate { .. } => "missing-intermediate",
            Self::UnknownIssuer { .. } => "unknown-issuer",
            Self::Expired { .. } => "expired",
            Self::NotYetValid { .. } => "not-yet-valid",
            Self::WrongName { .. } => "wrong-name",
            Self::NoName { .. } => "no-name",
            Self::Other { .. } => "bad-certificate",
        }
    }

    /// What is wrong, and why that matters.
    pub(crate) fn what(&self) -> String {
        match self {
            Self::Unreadable => "the server shows no certificate that can be read".into(),
            Self::SelfSigned { subject } => {
                format!("\"{subject}\" is signed by itself: nobody vouches for it")
            }
            Self::PrivateAuthority { issuer } => {
                format!("it leads to \"{issuer}\", an authority that nobody knows")
            }
            Self::MissingIntermediate { issuer } => {
                format!(
                    "the server does not send the certificate of \"{issuer}\", which signed the last that it sends"
                )
            }
            Self::UnknownIssuer { issuer } => {
                format!("it was signed by \"{issuer}\", which was not sent and which nobody knows")
            }
            Self::Expired { subject, since } => format!("\"{subject}\" expired on {}", day(*since)),
            Self::NotYetValid { subject, from } => {
                format!("\"{subject}\" is valid from {} on only", day(*from))
            }
            Self::WrongName { wanted, names } if names.is_empty() => {
                format!("it is for no host at all, and so not for {wanted}")
            }
            Self::WrongName { wanted, names } => {
                format!("it is not for {wanted}, but for {}", names.join(", "))
            }
            Self::NoName { wanted } => format!("no certificate can be for `{wanted}`"),
            Self::Other { why } => why.clone(),
        }
    }

    /// What to do about it.
    pub(crate) fn next(&self) -> &'static str {
        match self {
            Self::Unreadable => "look at the file that the server was given: relay cert check FILE",
            Self::SelfSigned { .. } => {
                "get one from a public authority such as Let's Encrypt; for your own server, `relay cert dev` makes an \
                 authority that it can trust"
            }
            Self::PrivateAuthority { .. } => {
                "Relay's cloud will never take it; your own server does with --extra-ca FILE, and this command with \
                 --ca FILE"
            }
            Self::MissingIntermediate { .. } => {
                "serve the whole chain: fullchain.pem instead of cert.pem, the server's own certificate first"
            }
            Self::UnknownIssuer { .. } => {
                "if that is an intermediate, serve the whole chain (fullchain.pem); if it is an authority of your own, \
                 add it: --ca FILE here, --extra-ca FILE for the server"
            }
            Self::Expired { .. } => "renew it, and see that the server takes the new one up",
            Self::NotYetValid { .. } => {
                "wait, or correct the clock of the machine that made it, or of this one"
            }
            Self::WrongName { .. } => {
                "get one for this host, or register the workflow under a name that it is for"
            }
            Self::NoName { .. } => "use a host name or an IP address",
            Self::Other { .. } => "look at it: relay cert check FILE",
        }
    }
}
