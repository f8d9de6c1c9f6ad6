//! Servers with certificates of private authorities.

use std::error::Error;
use std::sync::Arc;

use relay_runtime::api::{ApiError, Client, ClientBuilder};
use relay_testkit::{Authority, Certificate};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::server::{Server, told};

async fn serving(certificate: &Certificate) -> Server {
    let chain = CertificateDer::from_pem_slice(certificate.certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(certificate.key.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .unwrap();
    Server::listen(Some(TlsAcceptor::from(Arc::new(config))), |_| told(200, "{}")).await
}

fn client(server: &Server, trusted: &Authority) -> ClientBuilder {
    let host = format!("localhost:{}", server.port());
    Client::builder().host(host).subscriber_id("S").access_token("t1").ca_pem(trusted.pem())
}

#[tokio::test]
async fn a_private_authority_can_be_trusted() {
    let authority = Authority::new("ours").unwrap();
    let server = serving(&authority.certificate().unwrap()).await;
    client(&server, &authority).build().unwrap().fetch_device("990").await.unwrap();
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_wrong_certificate_is_told_readably_and_not_tried_again() {
    let (ours, theirs) = (Authority::new("ours").unwrap(), Authority::new("theirs").unwrap());
    for (certificate, text) in [
        (theirs.certificate().unwrap(), "UnknownIssuer"),
        (ours.expired_certificate().unwrap(), "expired"),
        (ours.certificate_for("relay.example").unwrap(), "not valid for"),
    ] {
        let server = serving(&certificate).await;
        let relay = client(&server, &ours).build().unwrap();
        let error = relay.trigger_workflow("wf_1").user("990").await.unwrap_err();
        assert!(matches!(error, ApiError::Untrusted { .. }), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!(
                "POST https://localhost:{}/ibot/workflow/wf_1: not sent, the server's certificate is not trusted",
                server.port()
            )
        );
        let cause = error.source().unwrap().to_string();
        assert!(cause.contains(text), "{cause}");
        assert!(server.asked().is_empty());
    }
}
