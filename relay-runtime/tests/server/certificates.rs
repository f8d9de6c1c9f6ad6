//! Certificates that cannot be served, and what the operator reads about them.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use relay_runtime::server::{PemRole, Server, ServerError, TlsError};

use crate::common::certs::{Ca, Leaf};
use crate::common::peer::dial_tls;
use crate::common::serving::{Serving, workflow};

#[tokio::test]
async fn each_wrong_pem_is_told_apart() {
    let (leaf, other) = (Ca::new().leaf(), Ca::new().leaf());
    let encrypted = leaf.key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let legacy_encrypted = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n\
        AAAA\n-----END RSA PRIVATE KEY-----\n";
    let not_a_key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let not_a_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let cut_off = &leaf.certificate[..leaf.certificate.len() / 2];
    let (cert, key) = (leaf.certificate.as_str(), leaf.key.as_str());

    for (cert, key, text) in [
        ("", key, "certificate PEM is empty"),
        (cert, " \n", "key PEM is empty"),
        ("\u{30}\u{2}\u{1}", key, "certificate PEM is not PEM"),
        (cert, "secret", "key PEM is not PEM"),
        (cut_off, key, "certificate PEM is damaged or cut off"),
        (
            key,
            key,
            "no certificate in certificate PEM: it holds PRIVATE KEY (are certificate and key swapped?)",
        ),
        (cert, cert, "no private key in key PEM: it holds CERTIFICATE (are certificate and key swapped?)"),
        (cert, &encrypted, "the key in key PEM is encrypted"),
        (cert, legacy_encrypted, "the key in key PEM is encrypted"),
        (cert, not_a_key, "the key in key PEM is not valid"),
        (not_a_certificate, key, "the certificate in certificate PEM is not valid"),
        (cert, &other.key, "the key in key PEM does not belong to the first certificate in certificate PEM"),
    ] {
        let error =
            Server::builder().workflow(workflow("hello")).tls_pem(cert, key).listen().await.unwrap_err();
        assert!(error.to_string().starts_with(text), "expected `{text}`, got `{error}`");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_named_with_the_reason() {
    let leaf = Ca::new().leaf();
    let files = Files::write(&leaf);

    for (certificate, key, role, reason) in [
        (files.dir().join("none.pem"), files.key.clone(), PemRole::Certificate, "entity not found"),
        (files.certificate.clone(), files.dir().to_owned(), PemRole::Key, "is a directory"),
    ] {
        let builder = Server::builder().workflow(workflow("hello")).tls_pem_files(&certificate, &key);
        let error = builder.listen().await.unwrap_err();
        assert!(error.to_string().ends_with(reason), "{error}");
        assert!(error.source().is_some());
        let ServerError::Tls(TlsError::Unreadable { pem, .. }) = error else { panic!("{error}") };
        let file = if role == PemRole::Key { key } else { certificate };
        assert_eq!((pem.role, pem.file), (role, Some(file)));
    }
}

#[tokio::test]
async fn certificate_and_key_are_read_from_files() {
    let ca = Ca::new();
    let files = Files::write(&ca.leaf());
    let builder = Server::builder().workflow(workflow("hello")).tls_pem_files(&files.certificate, &files.key);
    let server = Serving::start(builder).await;
    dial_tls(server.addr, "/hello", ca.client()).await.unwrap();
}

#[tokio::test]
async fn certificate_and_key_may_share_one_file() {
    let ca = Ca::new();
    let leaf = ca.leaf();
    let both = format!("Bag Attributes\n{}{}", leaf.key, leaf.certificate);
    let server =
        Serving::start(Server::builder().workflow(workflow("hello")).tls_pem(both.clone(), both)).await;
    dial_tls(server.addr, "/hello", ca.client()).await.unwrap();
}

#[tokio::test]
async fn a_configuration_of_ones_own_is_served_as_it_is() {
    let ca = Ca::new();
    let config = ca.leaf().server_config();
    let builder = Server::builder().workflow(workflow("hello")).tls_config(Arc::new(config));
    let server = Serving::start(builder).await;
    dial_tls(server.addr, "/hello", ca.client()).await.unwrap();
}

#[test]
fn a_key_is_never_printed() {
    let leaf = Ca::new().leaf();
    let secret = leaf.key.lines().nth(1).unwrap().to_owned();
    let builder = Server::builder().tls_pem(leaf.certificate, leaf.key);
    assert!(!format!("{builder:?}").contains(&secret));
}

struct Files {
    dir: tempfile::TempDir,
    certificate: PathBuf,
    key: PathBuf,
}

impl Files {
    fn write(leaf: &Leaf) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (certificate, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
        fs::write(&certificate, &leaf.certificate).unwrap();
        fs::write(&key, &leaf.key).unwrap();
        Self { dir, certificate, key }
    }

    fn dir(&self) -> &Path {
        self.dir.path()
    }
}
