//! What a stranger or a slow peer may not do.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use relay_runtime::server::{Limits, Server, ServerBuilder};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::common::certs::Ca;
use crate::common::peer::{dial, ending, exchange, read_to_close, upgrade_request};
use crate::common::serving::{Serving, workflow};

#[tokio::test]
async fn one_session_too_many_is_told_to_come_back_later() {
    let server = Serving::start(hello(|limits| limits.max_sessions = 1)).await;

    let mut first = dial(server.addr, "/hello").await.unwrap();
    let answer = exchange(server.addr, upgrade_request("/hello")).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("\r\nRetry-After: 1\r\n"), "{answer}");

    // The server closes last, once the session is no longer counted.
    first.close(None).await.unwrap();
    ending(&mut first).await;
    while server.handle.sessions() > 0 {
        tokio::task::yield_now().await;
    }
    dial(server.addr, "/hello").await.expect("there is room again");
}

#[tokio::test]
async fn a_handshake_that_does_not_get_on_is_cut() {
    let server = Serving::start(hello(|limits| limits.handshake_timeout = Duration::from_millis(20))).await;

    let mut silent = TcpStream::connect(server.addr).await.unwrap();
    let mut slow = TcpStream::connect(server.addr).await.unwrap();
    slow.write_all(b"GET /hello HTTP/1.1\r\nHost: ").await.unwrap();

    assert_eq!(read_to_close(&mut silent).await, "");
    assert_eq!(read_to_close(&mut slow).await, "");
}

#[tokio::test]
async fn a_tls_handshake_that_does_not_get_on_is_cut() {
    let leaf = Ca::new().leaf();
    let builder = hello(|limits| limits.handshake_timeout = Duration::from_millis(20));
    let server = Serving::start(builder.tls_pem(leaf.certificate, leaf.key)).await;

    let mut silent = TcpStream::connect(server.addr).await.unwrap();
    let mut slow = TcpStream::connect(server.addr).await.unwrap();
    slow.write_all(&[0x16, 0x03, 0x01]).await.unwrap();

    assert_eq!(read_to_close(&mut silent).await, "");
    assert_eq!(read_to_close(&mut slow).await, "");
}

#[tokio::test]
async fn more_handshakes_than_allowed_wait_for_their_turn() {
    let server = Serving::start(hello(|limits| limits.max_handshakes = 1)).await;

    let mut slow = TcpStream::connect(server.addr).await.unwrap();
    let addr = server.addr;
    let waiting = tokio::spawn(async move { dial(addr, "/hello").await });
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.handle.sessions(), 0, "the slow one holds the only place");

    slow.write_all(upgrade_request("/hello").as_bytes()).await.unwrap();
    let _session = waiting.await.unwrap().expect("served once the slow one is through");
    dial(server.addr, "/hello").await.expect("a session does not count as a handshake");
}

#[tokio::test]
async fn a_message_that_is_too_large_ends_its_session_only() {
    let server = Serving::start(hello(|limits| {
        limits.max_message_bytes = 1000;
        limits.close_timeout = Duration::from_millis(20);
    }))
    .await;

    let mut other = dial(server.addr, "/hello").await.unwrap();
    let mut socket = dial(server.addr, "/hello").await.unwrap();
    socket.send(Message::text("x".repeat(1001))).await.unwrap();
    assert_eq!(ending(&mut socket).await.unwrap().code, CloseCode::Size);

    other.send(Message::Ping("still there".into())).await.unwrap();
    assert_eq!(other.next().await.unwrap().unwrap(), Message::Pong("still there".into()));
}

fn hello(set: impl FnOnce(&mut Limits)) -> ServerBuilder {
    let mut limits = Limits::default();
    set(&mut limits);
    Server::builder().workflow(workflow("hello")).limits(limits)
}
