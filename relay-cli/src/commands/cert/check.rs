//! `relay cert check`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use serde_json::Value;

use crate::certs::{Trust, days_left, judge};
use crate::commands::Cx;
use crate::error::{CliError, Exit, Result};
use crate::report::{Line, Report, Section};

/// Look at a file with certificates, as a workflow server would serve it.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// PEM file: the certificate, then its intermediates
    file: PathBuf,
    /// PEM file with its private key, to see whether they belong together
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The host that will be dialled
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

impl Check {
    pub(crate) fn run(self, cx: &Cx) -> Result<()> {
        let mut section = Section::new(&self.file.display().to_string());
        let pem = read(&self.file)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let damaged = chain.is_err();
        let chain = chain.unwrap_or_default();
        if damaged {
            section.push(broken());
        } else if chain.is_empty() {
            section.push(nothing(&pem));
        } else {
            let ca = cx.global.ca.clone().map(PathBuf::from);
            certificates(&mut section, &chain, self.name.as_deref(), &Trust::new(ca.as_deref())?);
            // A key in the same file is worth a look, too.
            let own = PrivateKeyDer::from_pem_slice(&pem).is_ok().then(|| self.file.clone());
            if let Some(file) = self.key.or(own) {
                section.push(key(&file, &chain)?);
            }
        }
        let report = Report { sections: vec![section] };
        let whole = serde_json::to_value(&report).unwrap_or(Value::Null);
        cx.out.result(report.text(cx.out.width()), &whole)?;
        report.verdict()
    }
}

fn certificates(section: &mut Section, chain: &[CertificateDer<'_>], name: Option<&str>, trust: &Trust) {
    let now = Timestamp::now();
    let verdict = judge(chain, name, trust, now);
    let details: Vec<String> =
        (1..).zip(&verdict.chain).map(|(number, one)| format!("{number}. {}", one.line(now))).collect();
    let data = serde_json::to_value(&verdict).unwrap_or_default();
    let what = match chain.len() {
        1 => "1 certificate".to_owned(),
        count => format!("{count} certificates"),
    };
    section.push(Line::ok("file", what).details(details, data));
    let order = verdict.chain.windows(2).all(|pair| pair[0].issuer == pair[1].subject);
    if !order {
        section.push(
            Line::fail("order", "wrong-order", "the certificates do not follow from one another")
                .next("the server's own comes first, then the one that signed it, and so on"),
        );
    } else if verdict.chain.first().is_some_and(|first| first.authority) {
        section.push(
            Line::fail("order", "authority", "the first is that of an authority, not of a server")
                .next("serve with a certificate that the authority has signed: relay cert dev"),
        );
    }
    for fault in &verdict.faults {
        section.push(Line::fail("trust", fault.code(), fault.what()).next(fault.next()));
    }
    if verdict.faults.is_empty() {
        let soon = verdict.chain.iter().map(|one| days_left(one.not_after, now)).min().unwrap_or_default();
        section.push(match verdict.trusted_by_all {
            true if soon < 14 => {
                Line::warn("trust", "expires-soon", format!("everybody trusts it, for {soon} more days"))
                    .next("renew it")
            }
            true => Line::ok("trust", "everybody trusts it"),
            false => Line::warn("trust", "trusted-here-only", "trusted here, but not by the public")
                .next("good for your own server with --extra-ca FILE; Relay's cloud refuses it"),
        });
    }
}

fn key(file: &Path, chain: &[CertificateDer<'_>]) -> Result<Line> {
    let pem = read(file)?;
    let text = String::from_utf8_lossy(&pem);
    if text.contains("ENCRYPTED") {
        return Ok(Line::fail(
            "key",
            "encrypted-key",
            "the key has a passphrase, which nobody can type at a server",
        )
        .next(format!("take it off: openssl pkey -in {} -out key.pem", file.display())));
    }
    let Ok(key) = PrivateKeyDer::from_pem_slice(&pem) else {
        return Ok(Line::fail("key", "no-key", format!("there is no private key in {}", file.display()))
            .next("name the file that begins with BEGIN PRIVATE KEY"));
    };
    let key = match aws_lc_rs::sign::any_supported_type(&key) {
        Ok(key) => key,
        Err(error) => {
            return Ok(Line::fail("key", "unknown-key", "the key is of no kind that is known")
                .cause(error)
                .next("use an ECDSA key on P-256, an Ed25519 key, or RSA with 2048 bits or more"));
        }
    };
    let chain = chain.iter().map(|one| one.clone().into_owned()).collect();
    let pair = CertifiedKey::new(chain, Arc::clone(&key));
    Ok(match pair.keys_match() {
        Ok(()) => Line::ok("key", "it belongs to the certificate"),
        Err(_) => Line::fail("key", "other-key", "the key belongs to another certificate").next(
            "take the key that was made with this certificate, or have the certificate made for this key",
        ),
    })
}

fn broken() -> Line {
    Line::fail("file", "damaged", "what stands between BEGIN and END is no certificate")
        .next("copy it once more, whole, as text, with the lines that begin and end it")
}

/// What the file is instead.
fn nothing(pem: &[u8]) -> Line {
    let text = String::from_utf8_lossy(pem);
    let line = |code, what: &str| Line::fail("file", code, what);
    if text.contains("CERTIFICATE REQUEST") {
        return line("request", "a request for a certificate, not a certificate")
            .next("send it to the authority, which answers with the certificate");
    }
    if text.contains("PRIVATE KEY") {
        return line("swapped", "a private key, not a certificate").next("were the two files swapped?");
    }
    if pem.starts_with(&[0x30]) {
        return line("der", "a certificate in DER, it seems, and not in PEM")
            .next("openssl x509 -inform der -in FILE -out cert.pem");
    }
    line("empty", "there is no certificate in it").next("a PEM file is wanted, with BEGIN CERTIFICATE in it")
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).map_err(|error| {
        CliError::new(Exit::NotFound, format_args!("cannot read {}", file.display())).cause(error)
    })
}
