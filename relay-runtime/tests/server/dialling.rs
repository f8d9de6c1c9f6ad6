//! Dials that lead to a session.

use futures_util::{SinkExt, StreamExt};
use relay_runtime::server::{Server, ServerError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::common::certs::{Ca, ca_and_leaf};
use crate::common::peer::{connect_tls, dial, dial_tls, refusal, upgrade_request};
use crate::common::serving::{Serving, workflow};

#[tokio::test]
async fn a_verified_dial_becomes_a_session() {
    let (ca, leaf) = ca_and_leaf();
    let builder = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let server = Serving::start(builder).await;

    let mut socket = dial_tls(server.addr, "/hello", ca.client()).await.unwrap();

    assert_eq!(server.handle.sessions(), 1);
    socket.send(Message::Ping("are you there".into())).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::Pong("are you there".into()));
}

#[tokio::test]
async fn both_tls_versions_are_spoken_and_http_1_is_agreed_on() {
    let (ca, leaf) = ca_and_leaf();
    let builder = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let server = Serving::start(builder).await;

    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut client = (*ca.client_with(&[version])).clone();
        client.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let stream = connect_tls(server.addr, client.into()).await.unwrap();
        let (_, tls) = stream.get_ref();
        assert_eq!(tls.protocol_version(), Some(version.version));
        assert_eq!(tls.alpn_protocol(), Some(&b"http/1.1"[..]));
    }
}

#[tokio::test]
async fn a_peer_that_does_not_trust_the_certificate_harms_nobody_else() {
    let (ca, leaf) = ca_and_leaf();
    let builder = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let server = Serving::start(builder).await;

    let error = connect_tls(server.addr, Ca::new().client()).await.unwrap_err();
    assert!(error.to_string().contains("invalid peer certificate"), "{error}");

    dial_tls(server.addr, "/hello", ca.client()).await.unwrap();
}

#[tokio::test]
async fn workflows_come_and_go_while_the_server_runs() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    let mut session = dial(server.addr, "/hello").await.unwrap();

    server.handle.add_workflow(workflow("checkin")).unwrap();
    dial(server.addr, "/checkin").await.unwrap();
    let error = server.handle.add_workflow(workflow("hello")).unwrap_err();
    assert!(matches!(error, ServerError::PathTaken { .. }), "{error}");

    assert!(server.handle.remove_workflow("hello/"));
    assert!(!server.handle.remove_workflow("/hello"));
    assert_eq!(refusal(dial(server.addr, "/hello").await), 404);
    session.send(Message::Ping("still there?".into())).await.unwrap();
    assert_eq!(session.next().await.unwrap().unwrap(), Message::Pong("still there?".into()));
}

#[tokio::test]
async fn one_workflow_answers_to_all_spellings_of_its_path() {
    let builder = Server::builder().workflow(workflow("/floor 1/check-in"));
    let server = Serving::start(builder).await;

    for path in [
        "/floor%201/check-in",
        "/floor%201/check-in/",
        "//floor%201/check-in",
        "/floor%201/check-in?site=3&x=%zz",
        "/fl%6for%201%2Fcheck-in",
    ] {
        assert!(dial(server.addr, path).await.is_ok(), "{path}");
    }
    for path in ["/", "/floor", "/floor%201", "/Floor%201/check-in", "/floor%201/check-in/more"] {
        assert_eq!(refusal(dial(server.addr, path).await), 404, "{path}");
    }
}

#[tokio::test]
async fn the_default_workflow_serves_the_root_and_nothing_else() {
    let builder = Server::builder().default_workflow(workflow("reception")).workflow(workflow("hello"));
    let server = Serving::start(builder).await;

    dial(server.addr, "/").await.unwrap();
    dial(server.addr, "/?from=lobby").await.unwrap();
    dial(server.addr, "").await.unwrap();
    dial(server.addr, "/hello").await.unwrap();
    assert_eq!(refusal(dial(server.addr, "/reception").await), 404);
}

#[tokio::test]
async fn the_upgrade_is_lenient_about_how_headers_are_written() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    let request = "GET ws://elsewhere/hello HTTP/1.1\r\nOrigin: null\r\nX-Odd: \u{e9}\r\nConnection: keep-alive\r\n\
        Connection:Foo ,UPGRADE\r\nUpgrade: h2c, WebSocket\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    let mut tcp = TcpStream::connect(server.addr).await.unwrap();
    tcp.write_all(request.as_bytes()).await.unwrap();

    let answer = read_head(&mut tcp).await;
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    assert!(answer.contains("\r\nServer: relay-rust/"), "{answer}");
    assert!(answer.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{answer}");
    assert!(!answer.contains("Sec-WebSocket-Protocol") && !answer.contains("Extensions"), "{answer}");
}

#[tokio::test]
async fn frames_that_follow_the_request_at_once_are_not_lost() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    let masked_close = [0x88, 0x80, 0, 0, 0, 0];

    let mut tcp = TcpStream::connect(server.addr).await.unwrap();
    let request = [upgrade_request("/hello").as_bytes(), &masked_close].concat();
    tcp.write_all(&request).await.unwrap();

    read_head(&mut tcp).await;
    let mut rest = Vec::new();
    tcp.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, [0x88, 0x00], "the answer to the close frame");
}

async fn read_head(tcp: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(tcp.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}
