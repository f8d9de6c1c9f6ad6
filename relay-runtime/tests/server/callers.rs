//! Who may open sessions.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use relay_protocol::signature::{SigningSecret, sign};
use relay_runtime::server::{Server, ServerError, TlsError};
use rustls::ClientConfig;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::common::certs::{Ca, Leaf, ca_and_leaf};
use crate::common::peer::{connect_tls, dial_tls, exchange, upgrade_request};
use crate::common::serving::{Serving, workflow};

const OURS: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcg==";

/// The client, with this certificate for servers that ask for one.
fn showing(leaf: &Leaf, client: &ClientConfig) -> Arc<ClientConfig> {
    let chain = vec![CertificateDer::from_pem_slice(leaf.certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(leaf.key.as_bytes()).unwrap();
    let certified = CertifiedKey::from_der(chain, key, client.crypto_provider()).unwrap();
    let mut client = client.clone();
    client.client_auth_cert_resolver = Arc::new(SingleCertAndKey::from(certified));
    Arc::new(client)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A request for `path`, with a signature for `signed` of that time.
fn request(path: &str, secret: &str, at: u64, signed: &str) -> String {
    let secret: SigningSecret = secret.parse().unwrap();
    let signature = sign([&secret], "wfi_1", at, signed);
    let headers =
        format!("webhook-id: wfi_1\r\nwebhook-timestamp: {at}\r\nwebhook-signature: {signature}\r\n");
    upgrade_request(path).replace("\r\n\r\n", &format!("\r\n{headers}\r\n"))
}

async fn answer(server: &Serving, request: &str) -> String {
    // A session goes on: enough of it is the head.
    let with_close = [request.as_bytes(), &[0x88, 0x80, 0, 0, 0, 0]].concat();
    exchange(server.addr, with_close).await
}

#[tokio::test]
async fn without_a_demand_whoever_knows_the_uri_is_served() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    for request in [upgrade_request("/hello"), request("/hello", OTHER, 1, "/hello")] {
        assert!(answer(&server, &request).await.starts_with("HTTP/1.1 101 "));
    }
}

#[tokio::test]
async fn only_who_knows_a_secret_is_served_if_one_is_demanded() {
    let builder = Server::builder().workflow(workflow("hello"));
    let server = Serving::start(builder.require_signature(OURS).require_signature(OTHER)).await;
    for secret in [OURS, OTHER] {
        let answer = answer(&server, &request("/hello?site=3", secret, now(), "/hello?site=3")).await;
        assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    }
    let stranger = "whsec_c3RyYW5nZXJzc3RyYW5nZXJzc3RyYW5nZXJz";
    for (request, hint) in [
        (upgrade_request("/hello"), "is not signed: only a Relay server that knows"),
        (request("/hello", stranger, now(), "/hello"), "same signing secret, and let proxies pass the path"),
        (request("/hello?site=4", OURS, now(), "/hello?site=3"), "same signing secret"),
        (request("/hello", OURS, now() - 400, "/hello"), "and may be 300: set the clocks"),
        (request("/hello", OURS, now() + 400, "/hello"), "in the future: set the clocks"),
        (request("/none", stranger, now(), "/none"), "same signing secret"),
    ] {
        let answer = answer(&server, &request).await;
        assert!(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{answer}");
        assert!(answer.contains("\r\nWWW-Authenticate: ") && answer.contains(hint), "{answer}");
    }
    assert_eq!(server.handle.sessions(), 0);
}

#[tokio::test]
async fn what_is_no_secret_stops_the_start_and_is_not_shown() {
    let builder = Server::builder().workflow(workflow("hello")).require_signature("hunter2hunter2");
    let error = builder.listen().await.unwrap_err();
    assert!(matches!(error, ServerError::SigningSecret(_)), "{error}");
    assert!(error.to_string().contains("whsec_") && !error.to_string().contains("hunter2"), "{error}");
}

#[tokio::test]
async fn only_who_has_a_certificate_is_served_if_one_is_demanded() {
    let (ca, leaf) = ca_and_leaf();
    let callers = Ca::named("Our callers");
    let builder = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let server = Serving::start(builder.require_client_certificate_pem(callers.pem())).await;

    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let nobody = ca.client_with(&[version]);
        dial_tls(server.addr, "/hello", showing(&callers.leaf(), &nobody)).await.unwrap();
        // An authority that signs servers does not sign callers.
        for refused in [nobody.clone(), showing(&ca.leaf(), &nobody)] {
            dial_tls(server.addr, "/hello", refused).await.unwrap_err();
        }
    }
    connect_tls(server.addr, Ca::new().client()).await.unwrap_err();
}

#[tokio::test]
async fn client_certificates_are_demanded_by_our_own_tls_or_not_at_all() {
    let (ca, leaf) = ca_and_leaf();
    let config = Arc::new(leaf.server_config());
    let server = || Server::builder().workflow(workflow("hello")).require_client_certificate_pem(ca.pem());
    for builder in [server(), server().tls_config(config)] {
        let error = builder.listen().await.unwrap_err();
        assert!(matches!(error, ServerError::Tls(TlsError::ClientsWithoutTls)), "{error}");
    }
    for (pem, text) in [
        (leaf.key.clone(), "no certificate in client authority PEM: it holds PRIVATE KEY"),
        (String::new(), "client authority PEM is empty"),
    ] {
        let builder =
            Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate.clone(), leaf.key.clone());
        let error = builder.require_client_certificate_pem(pem).listen().await.unwrap_err();
        assert!(error.to_string().starts_with(text), "{error}");
    }
    let none = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let error = none.require_client_certificate("none.pem").listen().await.unwrap_err();
    assert!(error.to_string().starts_with("cannot read client authority file `none.pem`"), "{error}");
}
