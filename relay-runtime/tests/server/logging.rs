//! The lines an operator reads: one for each thing that is set up wrongly, with the likely cause.

use relay_runtime::server::{Limits, Server};

use crate::common::certs::{Ca, ca_and_leaf};
use crate::common::logs::Logs;
use crate::common::peer::{connect_tls, dial, exchange, refusal, upgrade_request};
use crate::common::serving::{Serving, workflow};

#[tokio::test]
async fn the_first_lines_say_what_is_served_and_that_tls_is_missing() {
    let logs = Logs::collect();
    let builder = Server::builder().workflow(workflow("hello")).workflow(workflow("checkin"));
    let server = Serving::start(builder.default_workflow(workflow("reception"))).await;

    let line = logs.line("listening").await;
    let expected = format!(" INFO listening on ws://{} · workflows: /, /checkin, /hello", server.addr);
    assert_eq!(line, expected);
    assert!(logs.line("wss only").await.starts_with(" WARN "));
}

#[tokio::test]
async fn the_steps_of_a_shutdown_are_told() {
    let logs = Logs::collect();
    let mut limits = Limits::default();
    limits.close_timeout = std::time::Duration::ZERO;
    let server = Serving::start(Server::builder().workflow(workflow("hello")).limits(limits)).await;
    let _session = dial(server.addr, "/hello").await.unwrap();

    server.handle.shutdown();
    let line = logs.line("shutting down").await;
    assert!(line.contains("1 session may go on for 30s"), "{line}");
    server.handle.close();
    logs.line("closing 1 session with code 1001").await;
    logs.line("aborting 1 session").await;
    logs.line("stopped").await;
}

#[tokio::test]
async fn a_dial_to_an_unknown_path_is_told() {
    let logs = Logs::collect();
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;

    assert_eq!(refusal(dial(server.addr, "/helo%0A").await), 404);

    let line = logs.line("`/helo%0A`").await;
    assert!(line.starts_with(" WARN connection refused: no workflow has the path"), "{line}");
    assert!(line.contains("peer=127.0.0.1:"), "{line}");
}

#[tokio::test]
async fn plain_and_encrypted_mixed_up_is_told_at_either_end() {
    let logs = Logs::collect();
    let (ca, leaf) = ca_and_leaf();
    let plain = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    let builder = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let encrypted = Serving::start(builder).await;

    connect_tls(plain.addr, ca.client()).await.unwrap_err();
    assert!(logs.line("it speaks TLS, but this port serves plain ws").await.starts_with(" WARN "));

    exchange(encrypted.addr, upgrade_request("/hello")).await;
    assert!(logs.line("plain HTTP on a TLS port").await.starts_with(" WARN "));
}

#[tokio::test]
async fn a_certificate_that_the_peer_does_not_trust_is_told() {
    let logs = Logs::collect();
    let (_, leaf) = ca_and_leaf();
    let builder = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let server = Serving::start(builder).await;

    connect_tls(server.addr, Ca::named("somebody else").client()).await.unwrap_err();

    let line = logs.line("certificate").await;
    assert!(line.starts_with(" WARN ") && line.contains("public CA"), "{line}");
}

#[tokio::test]
async fn strangers_who_try_the_port_do_not_fill_the_log() {
    let logs = Logs::collect();
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    logs.line("wss only").await;
    let before = logs.text();

    for request in
        ["GET / HTTP/1.1\r\n\r\n", "POST /wp-login.php HTTP/1.1\r\n\r\n", "\0\0\0", "SSH-2.0-scan\r\n"]
    {
        exchange(server.addr, request).await;
    }
    server.handle.shutdown();
    server.handle.wait().await;

    let after = logs.text();
    assert!(!after[before.len()..].contains("refused: "), "{after}");
}
