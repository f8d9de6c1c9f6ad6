//! A table of bad certificates, each with the sentence that the user sees.

use std::fmt::Write as _;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, SigningKey, date_time_ymd,
};
use relay_server::dial::Trust;
use rustls::crypto::aws_lc_rs;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::stand::{PATIENCE, Test, dial, serve, serve_tls};

/// What the user reads, case by case. To accept changes, run the test with `RELAY_ACCEPT=1`.
const EXPECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dial/certificates.txt");

type Authority = CertifiedIssuer<'static, KeyPair>;

struct Served {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

fn authority(name: &str) -> Test<Authority> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?)
}

fn intermediate(name: &str, by: &Authority, expired: bool) -> Test<Authority> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    if expired {
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    }
    Ok(CertifiedIssuer::signed_by(params, KeyPair::generate()?, by)?)
}

fn params() -> Test<CertificateParams> {
    Ok(CertificateParams::new(["localhost".to_owned()])?)
}

fn signed<S: SigningKey>(params: CertificateParams, by: &Issuer<'_, S>) -> Test<Served> {
    let key = KeyPair::generate()?;
    Ok(Served { chain: vec![params.signed_by(&key, by)?.der().clone()], key })
}

impl Served {
    fn with(mut self, more: &Authority) -> Self {
        self.chain.push(more.der().clone());
        self
    }

    fn config(self) -> Test<ServerConfig> {
        let key = PrivateKeyDer::try_from(self.key.serialize_der())?;
        Ok(ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(self.chain, key)?)
    }
}

/// Every bad certificate by the name of what is wrong with it.
fn bad_certificates(trusted: &Authority) -> Test<Vec<(&'static str, Served)>> {
    let (other, namesake) = (authority("Other Root")?, authority("Our Root")?);
    let between = intermediate("Our Intermediate", trusted, false)?;
    let old_between = intermediate("Old Intermediate", trusted, true)?;

    let key = KeyPair::generate()?;
    let itself = Served { chain: vec![params()?.self_signed(&key)?.der().clone()], key };

    let mut expired = params()?;
    (expired.not_before, expired.not_after) = (date_time_ymd(2023, 1, 1), date_time_ymd(2024, 2, 29));
    let mut early = params()?;
    (early.not_before, early.not_after) = (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1));
    let mut client = params()?;
    client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let mut ca = params()?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let names = CertificateParams::new(["example.com".to_owned(), "*.example.org".to_owned()])?;
    let address = CertificateParams::new(["127.0.0.9".to_owned()])?;

    let mut forged = signed(params()?, trusted)?;
    let signature = forged.chain[0].len() - 1;
    let mut der = forged.chain[0].to_vec();
    der[signature] ^= 1;
    forged.chain[0] = der.into();

    Ok(vec![
        ("self-signed", itself),
        ("expired", signed(expired, trusted)?),
        ("not yet valid", signed(early, trusted)?),
        ("for other names", signed(names, trusted)?),
        ("for an address", signed(address, trusted)?),
        ("for no name", signed(CertificateParams::new(Vec::new())?, trusted)?),
        ("of another authority, which is not sent", signed(params()?, &other)?),
        ("of another authority, which is sent", signed(params()?, &other)?.with(&other)),
        ("of another authority with the same name", signed(params()?, &namesake)?),
        ("without its intermediate", signed(params()?, &between)?),
        ("with an expired intermediate", signed(params()?, &old_between)?.with(&old_between)),
        ("not for servers", signed(client, trusted)?),
        ("of an authority", signed(ca, trusted)?),
        ("forged", forged),
    ])
}

#[tokio::test]
async fn each_bad_certificate_is_refused_and_explained() -> Test {
    let trusted = authority("Our Root")?;
    let trust = Trust::only(&trusted.pem())?;
    let mut told = String::new();
    let mut tell = |case: &str, uri: &str, error: String| {
        // Ports are free ones.
        let port = uri.rsplit(':').next().unwrap_or_default();
        writeln!(told, "{case}\n    {}\n", error.replace(&format!(":{port}"), ":PORT"))
    };

    for (case, served) in bad_certificates(&trusted)? {
        let address = serve_tls(served.config()?, |_| async {}).await?;
        let uri = format!("wss://localhost:{}", address.port());
        let error = dial(&uri, trust.clone(), PATIENCE).await.expect_err(case);
        assert_eq!(error.stage.as_str(), "tls", "{case}");
        tell(case, &uri, error.to_string())?;
    }

    let good = signed(params()?, &trusted)?.config()?;
    let address = serve_tls(good, |_| async {}).await?;
    let uri = format!("wss://127.0.0.1:{}", address.port());
    let error = dial(&uri, trust.clone(), PATIENCE).await.expect_err("by address");
    tell("dialled by its address, for a name", &uri, error.to_string())?;

    let mut picky = signed(params()?, &trusted)?.config()?;
    picky.alpn_protocols = vec![b"h2".to_vec()];
    let address = serve_tls(picky, |_| async {}).await?;
    let uri = format!("wss://localhost:{}", address.port());
    let error = dial(&uri, trust.clone(), PATIENCE).await.expect_err("no HTTP/1.1");
    tell("a server without HTTP/1.1", &uri, error.to_string())?;

    let mut roots = RootCertStore::empty();
    roots.add(trusted.der().clone())?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()?;
    let Served { chain, key } = signed(params()?, &trusted)?;
    let mutual = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(clients)
        .with_single_cert(chain, PrivateKeyDer::try_from(key.serialize_der())?)?;
    let address = serve_tls(mutual, |_| async {}).await?;
    let uri = format!("wss://localhost:{}", address.port());
    let error = dial(&uri, trust.clone(), PATIENCE).await.expect_err("mutual TLS");
    tell("a server that wants a certificate", &uri, error.to_string())?;

    let address = serve(|mut tcp| async move {
        let _ = tokio::io::AsyncWriteExt::write_all(&mut tcp, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    })
    .await?;
    let uri = format!("wss://localhost:{}", address.port());
    let error = dial(&uri, trust.clone(), PATIENCE).await.expect_err("no TLS");
    tell("a port without TLS", &uri, error.to_string())?;

    if std::env::var_os("RELAY_ACCEPT").is_some() {
        std::fs::write(EXPECTED, &told)?;
    }
    assert_eq!(told, std::fs::read_to_string(EXPECTED)?, "run with RELAY_ACCEPT=1 to accept the change");
    Ok(())
}

#[tokio::test]
async fn a_good_certificate_is_believed_with_its_intermediate() -> Test {
    let trusted = authority("Our Root")?;
    let between = intermediate("Our Intermediate", &trusted, false)?;
    let config = signed(params()?, &between)?.with(&between).config()?;
    let address = serve_tls(config, |tls| async {
        let _ = tokio_tungstenite::accept_async(tls).await;
    })
    .await?;
    dial(&format!("wss://localhost:{}", address.port()), Trust::only(&trusted.pem())?, PATIENCE).await?;
    Ok(())
}
