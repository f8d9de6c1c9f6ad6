//! The TLS handshake, and what clients would make of the certificate.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{AlertDescription, ClientConfig, DigitallySignedStruct, Error, InvalidMessage, SignatureScheme};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use super::Visit;
use crate::certs::{Trust, days_left, judge};
use crate::report::{Line, Section};
use crate::uri::WorkflowUri;

/// A plain or an encrypted connection.
pub(super) type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// Days before its end at which a certificate is worth a remark. Those that renew themselves do so earlier.
const SOON: i64 = 14;

const RUNG: &str = "certificate";

/// What to say of a URI without TLS.
pub(super) fn plain(section: &mut Section, uri: &WorkflowUri, tcp: TcpStream) -> Stream {
    section.push(if uri.is_loopback() {
        Line::warn(RUNG, "plain-loopback", "plain ws, without TLS")
            .next("good on this machine only: the server wants --allow-insecure-loopback; elsewhere use wss")
    } else {
        Line::fail(RUNG, "plain-ws", "plain ws, without TLS: everybody on the way can listen")
            .next("serve wss; Relay servers refuse to register ws")
    });
    Either::Left(tcp)
}

/// Shakes hands with whatever certificate, and says what is wrong with it.
pub(super) async fn encrypt(
    section: &mut Section,
    visit: &Visit,
    host: &str,
    tcp: TcpStream,
) -> Option<Stream> {
    let begun = Instant::now();
    let seen = Arc::new(Seen::new());
    let name = match ServerName::try_from(host.to_owned()) {
        Ok(name) => name,
        Err(error) => {
            section.push(
                Line::fail(RUNG, "no-name", format!("no certificate can be for `{host}`"))
                    .cause(error)
                    .next("dial a host name or an IP address"),
            );
            return None;
        }
    };
    let config =
        ClientConfig::builder_with_provider(seen.provider.clone()).with_safe_default_protocol_versions();
    let config = match config {
        Ok(config) => config.dangerous().with_custom_certificate_verifier(seen.clone()).with_no_client_auth(),
        Err(error) => {
            let line = Line::fail(RUNG, "no-tls", "TLS cannot be set up here").cause(error);
            section.push(line.next("install this command anew"));
            return None;
        }
    };
    let shaken = timeout(visit.timeout, TlsConnector::from(Arc::new(config)).connect(name, tcp)).await;
    let chain = seen.chain();
    let failed = |section: &mut Section, line: Line| section.push(line.since(begun));
    match shaken {
        Ok(Ok(stream)) => {
            report(section, &chain, host, &visit.trust, begun);
            Some(Either::Right(Box::new(stream)))
        }
        Ok(Err(error)) => {
            failed(section, explain(error));
            None
        }
        Err(_) => {
            failed(
                section,
                Line::fail(RUNG, "silent-tls", "the server takes connections, but does not shake hands")
                    .cause(format!("no answer in {:?}", visit.timeout))
                    .next("is it hung, or is something else listening on this port?"),
            );
            None
        }
    }
}

fn report(section: &mut Section, chain: &[CertificateDer<'_>], host: &str, trust: &Trust, begun: Instant) {
    let now = Timestamp::now();
    let verdict = judge(chain, Some(host), trust, now);
    let details =
        (1..).zip(&verdict.chain).map(|(number, one)| format!("{number}. {}", one.line(now))).collect();
    let data = serde_json::to_value(&verdict).unwrap_or_default();
    let soon = verdict.chain.iter().map(|one| days_left(one.not_after, now)).min().unwrap_or_default();
    let mut lines: Vec<Line> = match verdict.faults.as_slice() {
        [] if !verdict.trusted_by_all => vec![
            Line::warn(RUNG, "trusted-here-only", "trusted here, but not by the public")
                .next("good for your own server with --extra-ca FILE; Relay's cloud refuses it"),
        ],
        [] if soon < SOON => {
            let what = format!("everybody trusts it, for {soon} more days");
            vec![
                Line::warn(RUNG, "expires-soon", what)
                    .next("renew it; certificates that renew themselves do so earlier"),
            ]
        }
        [] => vec![Line::ok(RUNG, "everybody trusts it")],
        faults => faults
            .iter()
            .map(|fault| Line::fail(RUNG, fault.code(), fault.what()).next(fault.next()))
            .collect(),
    };
    if let Some(first) = lines.first_mut() {
        let line = std::mem::replace(first, Line::ok(RUNG, ""));
        *first = line.details(details, data).since(begun);
    }
    for line in lines {
        section.push(line);
    }
}

fn explain(error: io::Error) -> Line {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match tls {
        Some(Error::InvalidMessage(InvalidMessage::InvalidContentType)) => Line::fail(
            RUNG,
            "not-tls",
            "the port does not speak TLS",
        )
        .next(
            "the workflow server serves plain ws: give it a certificate, or put a proxy with TLS before it",
        ),
        Some(Error::AlertReceived(AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_)) => {
            Line::fail(RUNG, "old-tls", "the server speaks no version of TLS that is still safe")
                .cause(&error)
                .next("switch on TLS 1.2 or 1.3 there, with ciphers of today")
        }
        Some(Error::AlertReceived(AlertDescription::HandshakeFailure)) => {
            Line::fail(RUNG, "no-common-cipher", "the server and this command have no cipher in common")
                .cause(&error)
                .next("switch on the ciphers of TLS 1.3 there")
        }
        Some(Error::AlertReceived(AlertDescription::UnrecognisedName)) => {
            Line::fail(RUNG, "unknown-name", "the server has no certificate for this name")
                .cause(&error)
                .next("give it one, or dial it under a name that it knows")
        }
        Some(_) => Line::fail(RUNG, "tls-failed", "the TLS handshake fails")
            .cause(&error)
            .next("look at the log of the workflow server, or of the proxy before it"),
        None if error.kind() == io::ErrorKind::UnexpectedEof
            || error.kind() == io::ErrorKind::ConnectionReset =>
        {
            Line::fail(RUNG, "tls-closed", "the server hangs up on the TLS handshake").cause(&error).next(
                "its log should say why; perhaps it has no certificate for this name, or does not speak TLS",
            )
        }
        None => Line::fail(RUNG, "tls-failed", "the connection broke in the TLS handshake")
            .cause(&error)
            .next("try again; if it stays so, something on the way cuts it"),
    }
}

/// Accepts every certificate and remembers it. It is safe here, where nothing secret is sent.
#[derive(Debug)]
struct Seen {
    provider: Arc<CryptoProvider>,
    chain: Mutex<Vec<CertificateDer<'static>>>,
}

impl Seen {
    fn new() -> Self {
        Self { provider: Arc::new(aws_lc_rs::default_provider()), chain: Mutex::default() }
    }

    fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.chain.lock().map(|chain| chain.clone()).unwrap_or_default()
    }
}

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Ok(mut chain) = self.chain.lock() {
            chain.extend([leaf].into_iter().chain(intermediates).map(|one| one.clone().into_owned()));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
