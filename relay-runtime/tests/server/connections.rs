//! Connections that did not come in through the server's port.

use relay_runtime::server::{Limits, Server};
use tokio::io::duplex;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::common::certs::ca_and_leaf;
use crate::common::logs::Logs;
use crate::common::peer::{ending, read_to_close, refusal, upgrade};
use crate::common::serving::{Serving, workflow};

#[tokio::test]
async fn one_that_was_handed_over_becomes_a_session_and_ends_with_the_server() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    let (ours, theirs) = duplex(1024);

    assert!(server.handle.serve_connection(theirs, None).await);
    let mut socket = upgrade(ours, "/hello").await.unwrap();
    assert_eq!(server.handle.sessions(), 1);

    server.handle.close();
    assert_eq!(ending(&mut socket).await.unwrap().code, CloseCode::Away);
    server.handle.wait().await;
}

#[tokio::test]
async fn it_is_encrypted_if_the_server_is() {
    let (ca, leaf) = ca_and_leaf();
    let builder = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let server = Serving::start(builder).await;
    let (ours, theirs) = duplex(1024);

    assert!(server.handle.serve_connection(theirs, None).await);
    let tls = TlsConnector::from(ca.client()).connect("localhost".try_into().unwrap(), ours).await.unwrap();
    upgrade(tls, "/hello").await.unwrap();
}

#[tokio::test]
async fn it_is_held_to_the_same_limits() {
    let mut limits = Limits::default();
    limits.max_sessions = 0;
    let server = Serving::start(Server::builder().workflow(workflow("hello")).limits(limits)).await;
    let (ours, theirs) = duplex(1024);

    assert!(server.handle.serve_connection(theirs, None).await);
    assert_eq!(refusal(upgrade(ours, "/hello").await), 503);
}

#[tokio::test]
async fn it_waits_until_the_server_is_served() {
    let listening =
        Server::builder().workflow(workflow("hello")).bind(([127, 0, 0, 1], 0)).listen().await.unwrap();
    let (ours, theirs) = duplex(1024);
    assert!(listening.handle().serve_connection(theirs, None).await);

    let _server = Serving::serve(listening);
    upgrade(ours, "/hello").await.unwrap();
}

#[tokio::test]
async fn a_server_that_has_stopped_takes_none() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    server.handle.shutdown();
    server.handle.wait().await;
    let (mut ours, theirs) = duplex(1024);

    assert!(!server.handle.serve_connection(theirs, None).await);
    assert_eq!(read_to_close(&mut ours).await, "");
}

#[tokio::test]
async fn the_log_names_the_peer_if_there_is_one() {
    let logs = Logs::collect();
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;

    for peer in [None, Some(([10, 0, 0, 7], 4000).into())] {
        let (ours, theirs) = duplex(1024);
        assert!(server.handle.serve_connection(theirs, peer).await);
        assert_eq!(refusal(upgrade(ours, "/helo").await), 404);
    }

    let refused = logs.line("peer=10.0.0.7:4000").await;
    assert!(refused.contains("`/helo`"), "{refused}");
    assert_eq!(logs.text().matches("`/helo`").count(), 2);
}
